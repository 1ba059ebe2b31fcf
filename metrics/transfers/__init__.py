"""Metrics of contracts."""
