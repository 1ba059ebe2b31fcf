"""Learners and scripted opponents of repeated games."""
