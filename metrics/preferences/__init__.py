"""Metrics of published policies."""
