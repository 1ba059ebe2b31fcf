"""Hypothesis for all tests: the same examples in every run, and no deadline, since no test asserts a time.

What may be skipped in CI is judged by the hooks of `skips`.
"""

from hypothesis import settings
from palaestra.tests.support.skips import pytest_make_collect_report, pytest_runtest_makereport

__all__ = ["pytest_make_collect_report", "pytest_runtest_makereport"]

settings.register_profile("house", deadline=None, derandomize=True, database=None)
settings.load_profile("house")
