"""Submissions of benchmarked agents, and their verification without running any of the submitter's code."""
