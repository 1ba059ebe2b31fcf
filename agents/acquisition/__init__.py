"""Buyers of data."""
