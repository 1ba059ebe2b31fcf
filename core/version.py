"""The version, in one place: the package, its traces and its metadata read it here."""

VERSION = "0.1.0"
