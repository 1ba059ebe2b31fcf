"""`docs/explanation/attacks.md` lists every attack that is tested, and no other."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
PAGE = TESTS.parent / "docs" / "explanation" / "attacks.md"
LISTED = {
    "test_submission_claims": ("CLAIMS", "TEXTS"),
    "test_submission_traces": ("ATTACKS", "FILES"),
    "test_hostile_parquet": ("FILES",),
    "test_submission_files": ("ATTACKS",),
    "test_submission_zip": ("ATTACKS",),
    "test_submission_weights": ("DISGUISED", "HEADERS"),
    "test_submission_log": ("TAMPERED",),
}


@pytest.mark.parametrize("module", LISTED)
def test_every_tested_attack_has_its_line_with_what_is_said(module: str) -> None:
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if f"`{module}.py`" in line]
    told = {line.split(" | ")[0].removeprefix("| "): line.split(" | ")[1] for line in lines}
    for name in LISTED[module]:
        for attack, (_, reason) in getattr(import_module(f"palaestra.tests.{module}"), name).items():
            assert attack in told, f"{attack!r} of {module}.{name} has no line in {PAGE.name}"
            first = re.sub(r"\\(.)", r"\1", reason.split("|")[0])
            assert told[attack][:12] == first[:12] or "\\d" in reason, (attack, told[attack], reason)


def test_every_line_names_a_file_of_tests_that_is_there() -> None:
    lines = re.findall(r"^\| .* \| `(\w+\.py)` \|$", PAGE.read_text("utf-8"), re.M)
    assert len(lines) > 100
    for name in lines:
        assert (TESTS / name).is_file(), name
