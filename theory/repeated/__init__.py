"""Repeated games: memories, interaction of maps of finite memory, and comparators for regret."""
