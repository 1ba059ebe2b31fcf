"""In CI a test is skipped for a known reason or fails; elsewhere it is skipped."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from palaestra.tests.support.pages import ROOT
from palaestra.tests.support.skips import ABSENT, ALLOWED, SYSTEM, complaint

FILES = {
    "marked": 'import pytest\n\n@pytest.mark.skipif(True, reason="{reason}")\ndef test_it(): ...\n',
    "inside": 'import pytest\n\ndef test_it():\n    pytest.skip("{reason}")\n',
    "whole": 'import pytest\n\npytest.skip("{reason}", allow_module_level=True)\n',
    "expected": 'import pytest\n\n@pytest.mark.xfail(reason="{reason}")\ndef test_it():\n    assert False\n',
}


@pytest.mark.parametrize(
    ("reason", "in_ci", "wrong"),
    [
        ("Sphinx is not installed", True, {"marked", "inside", "whole"}),
        ("Sphinx is not installed", False, set()),
        ("axelrod is not installed: its page says how", True, set()),
    ],
)
def test_an_unknown_skip_fails_in_ci_and_only_there(tmp_path: Path, reason: str, in_ci: bool, wrong: set[str]) -> None:
    for name, text in FILES.items():
        (tmp_path / f"test_{name}.py").write_text(text.format(reason=reason))
    environment = {key: value for key, value in os.environ.items() if key not in ("CI", ABSENT)}
    plugin = ["-p", "palaestra.tests.support.skips"]
    command = [sys.executable, "-m", "pytest", "-rEf", "--continue-on-collection-errors", *plugin]
    run = subprocess.run(
        command,
        cwd=tmp_path,
        env=environment | ({"CI": "true"} if in_ci else {}),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert set(re.findall(r"^(?:ERROR|FAILED) test_(\w+)\.py", run.stdout, re.M)) == wrong, run.stdout
    assert run.returncode == (1 if wrong else 0)
    assert ("tests/support/skips.py" in run.stdout and reason in run.stdout) or not wrong


@pytest.mark.parametrize("package", SYSTEM)
def test_what_the_system_could_not_get_may_be_skipped(package: str) -> None:
    reason = f"Skipped: {package.capitalize()} is not installed"
    assert "Install it" in complaint(reason, {"CI": "true"})
    assert "Install it" in complaint(reason, {"CI": "true", ABSENT: "something-else"})
    assert not complaint(reason, {"CI": "true", ABSENT: f"something-else {package}"})
    assert not complaint(reason, {})


def test_every_allowed_reason_is_one_that_a_test_gives() -> None:
    """So that the list does not outlive what it is for."""
    texts = [
        file.read_text("utf-8")
        for file in (ROOT / "tests").rglob("*.py")
        if file.name not in ("skips.py", "test_skips.py")
    ]
    for pattern in ALLOWED:
        assert any(re.search(pattern, text) for text in texts), f"no test is skipped for {pattern!r}"


def test_the_checks_say_what_could_not_be_installed() -> None:
    """.ci/run hands on the names that .ci/system prints, in the variable that is read here."""
    assert f"export CI=true NO_COLOR=1 {ABSENT}" in (ROOT / ".ci" / "run").read_text()
    for name in SYSTEM:
        assert f"absent+=({name})" in (ROOT / ".ci" / "system").read_text()
