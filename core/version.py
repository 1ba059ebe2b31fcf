"""The version. The package, its traces and its metadata read it here."""

VERSION = "0.1.0"
