"""Planners that train AI aggregators, and agents that choose whom to rely on."""
