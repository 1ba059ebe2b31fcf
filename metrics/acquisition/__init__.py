"""Metrics of data and decisions."""
