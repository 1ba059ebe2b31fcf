"""Submissions: what a benchmarked agent hands in, and how it is verified without running any of its code."""
