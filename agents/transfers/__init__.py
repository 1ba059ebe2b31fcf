"""Agents of the transfer game."""
