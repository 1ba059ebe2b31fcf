"""What `make isolated` compares with: pinned, of other versions where that is the point, and part of the checks.

The comparisons themselves need environments of their own, so they are no tests of this suite.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from palaestra.leaderboards.tracks import tracks
from palaestra.tests.isolated.other_numpy import AGENTS
from palaestra.tests.support.pages import ROOT

ENVIRONMENTS = sorted((ROOT / "tests" / "isolated").glob("*.txt"))


def pins(text: str) -> dict[str, str]:
    """Names and versions of `name==version` lines."""
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)$", text, re.M))


@pytest.mark.parametrize("file", ENVIRONMENTS, ids=[file.stem for file in ENVIRONMENTS])
def test_every_environment_is_pinned_and_made_by_the_makefile(file: Path) -> None:
    for line in file.read_text("utf-8").splitlines():
        assert line.startswith(("#", "--")) or pins(line), f"{line!r} is not pinned"
    assert f"$(APART)/{file.stem}.stamp" in (ROOT / "Makefile").read_text("utf-8")


def test_the_other_numpy_is_of_another_minor_version() -> None:
    ours = pins((ROOT / "constraints.txt").read_text("utf-8"))["numpy"]
    other = pins((ROOT / "tests" / "isolated" / "numpy.txt").read_text("utf-8"))["numpy"]
    assert ours.split(".")[:2] != other.split(".")[:2]


def test_an_agent_is_submitted_to_every_track() -> None:
    assert set(AGENTS) == set(tracks)
    for name, agent in AGENTS.items():
        assert agent in tracks[name].load().references


def test_the_checks_of_a_change_run_them() -> None:
    assert "- run: make isolated" in (ROOT / ".github" / "workflows" / "checks.yml").read_text("utf-8")
