"""Metrics of beliefs."""
