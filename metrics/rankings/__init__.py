"""Regret and equilibrium gaps of learners from rankings."""
