"""Skipped tests in a check of a change (CI=true): each has a reason on the list below, and any other one fails.

Elsewhere a test that needs what is not installed is skipped and says so. In CI everything that the extra `test` and
`.ci/system` bring must be there, so a missing Sphinx, Chromium or PostgreSQL is an error and no silent gap.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Mapping
from typing import Any

import pytest

ALLOWED = {
    r"axelrod is not installed": "brings a torch and a dask of its own, so it is in no extra",
    r"pygambit \(GPL\) is not installed": "its licence keeps it out of every extra",
    r"pref_voting is not installed": "needs an older numpy, in an environment of its own",
    r"TorchRL is not installed": "in no extra: it follows versions of torch closely",
    r"the real tables are not here": "data that may not be copied; made-up tables are tested everywhere",
    r"this kernel has no Landlock": "a property of the machine",
}
"""What the reason of a skipped test may say, and why that is no error."""

SYSTEM = {"chromium": r"chromium", "postgresql": r"postgresql"}
"""Packages of the system, and what the reason of a test says that needs one: it may be skipped if it is in ABSENT."""

ABSENT = "PALAESTRA_CI_ABSENT"
"""The variable in which .ci/run says which of them .ci/system could not install."""


def complaint(reason: str, environment: Mapping[str, str]) -> str:
    """Why a test must not be skipped for this reason in this environment; empty where it may.

    Args:
        reason: The reason that pytest reports.
        environment: Variables, as in `os.environ`.
    """
    if environment.get("CI") != "true" or any(re.search(pattern, reason) for pattern in ALLOWED):
        return ""
    absent = environment.get(ABSENT, "").split()
    if any(name in absent and re.search(pattern, reason, re.I) for name, pattern in SYSTEM.items()):
        return ""
    said = f"Skipped in CI, where nothing may be missing: {reason}"
    return f"{said}\nInstall it, or add the reason to tests/support/skips.py."


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """Fail a test that is skipped and must not be."""
    return _judged((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    """Fail a file that is skipped as a whole and must not be."""
    return _judged((yield))


def _judged(report: Any) -> Any:
    if report.skipped and not hasattr(report, "wasxfail"):
        words = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        said = complaint(words, os.environ)
        if said:
            report.outcome, report.longrepr = "failed", said
    return report
