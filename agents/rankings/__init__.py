"""Learners from rankings, duelling bandits, and oracles that see utilities."""
