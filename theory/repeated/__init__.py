"""Repeated games: memories, interaction with maps of finite memory, and comparators for regret."""
