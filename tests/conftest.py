"""Hypothesis for all tests: the same examples in every run, and no deadline, since no test asserts a time.

Packages with members that happen to be installed are not seen; tests of plug-ins bring their own.

What may be skipped in CI is judged by the hooks of `skips`.
"""

import os

from hypothesis import settings
from palaestra.core.plugins import DISABLED, VARIABLE
from palaestra.tests.support.skips import pytest_make_collect_report, pytest_runtest_makereport

__all__ = ["pytest_make_collect_report", "pytest_runtest_makereport"]

settings.register_profile("house", deadline=None, derandomize=True, database=None)
settings.load_profile("house")

os.environ[DISABLED] = "1"
os.environ.pop(VARIABLE, None)
