"""Traces: what was played, its file formats, and the check of its rewards."""
