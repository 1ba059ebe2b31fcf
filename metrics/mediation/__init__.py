"""Metrics of binding offers."""
