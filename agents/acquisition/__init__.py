"""Agents that buy measurements."""
