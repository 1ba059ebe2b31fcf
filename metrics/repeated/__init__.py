"""Regret against opponents who remember, with its witnesses."""
