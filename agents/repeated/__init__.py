"""Learners and opponents of repeated games."""
