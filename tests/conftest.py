"""Hypothesis for all tests: the same examples in every run, and no deadline, since no test asserts a time."""

from hypothesis import settings

settings.register_profile("house", deadline=None, derandomize=True, database=None)
settings.load_profile("house")
