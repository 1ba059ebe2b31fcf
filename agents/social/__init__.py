"""Planners who train AI aggregators, and people who choose whom to rely on."""
