"""Every block of code of every page runs, as a reader would run it: in order, in one folder, commands as they stand.

Commands run on small tracks (two scenarios at demo size, two lanes, two reference agents), and as `REPLACED` says.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from palaestra.__main__ import main
from palaestra.leaderboards import tracks
from palaestra.leaderboards.track import Track
from palaestra.tests.pages import MEMBERS, PAGES, blocks, name_of

NOT_CODE = {"text", "json", "toml"}
"""Output, and formats."""

NOT_RUN = {
    "make": "the targets of the Makefile are what runs these tests",
    "pip": "an installation is not tried inside of another",
    "python": "benchmarks measure speed: tests/test_benchmarks.py sees that they run",
    "pytest": "a test does not run tests",
}
"""Commands of others that stand on pages and are not run, with the reason."""

REPLACED = {" --engine ray": ""}
"""What a command has here for what it has on its page: that Ray gives the same rows has tests of its own."""

OPTIONAL = {"use_axelrod.md": "axelrod"}
"""Pages on a library that is in no extra, and is not installed with the tests' own."""

FILES = {"prompts.csv": "prompt,red,green,blue\n" + "".join(f"question {k},0.{k},0.5,0.{9 - k}\n" for k in range(10))}
"""What readers bring along."""


def small(track: Track) -> Track:
    """A track whose benchmarks take seconds."""
    scenarios = {name: {**options, **track.demo} for name, options in [*track.scenarios.items()][:2]}
    opponents = {name: seats for name, seats in track.opponents.items() if name in scenarios}
    return replace(
        track, scenarios=scenarios, opponents=opponents, seeds=2, demo_seeds=2, references=track.references[-2:]
    )


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of a reader's; modules that are imported from it are forgotten after."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    yield tmp_path
    for name, loaded in [*sys.modules.items()]:
        if str(getattr(loaded, "__file__", None) or "").startswith(str(tmp_path)):
            del sys.modules[name]


def commands(text: str) -> list[str]:
    """The lines of a shell block, those that go on with a backslash put together."""
    return [line for line in text.replace("\\\n", " ").splitlines() if shlex.split(line, comments=True)]


def run(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command as it stands: ours in this process and on small tracks, others not at all."""
    for text, instead in REPLACED.items():
        line = line.replace(text, instead)
    program, *words = shlex.split(line, comments=True)
    if program != "palaestra":
        assert program in NOT_RUN, f"{line!r}: say in NOT_RUN why it is not run, or write it as `text`"
        return
    with monkeypatch.context() as while_it_runs, pytest.raises(SystemExit) as end:
        for member in tracks.values():
            while_it_runs.setattr(import_module(member.module), member.attribute, small(member.load()))
        while_it_runs.setattr(sys, "argv", ["palaestra", *words])
        main()
    assert end.value.code in (0, None), line


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_block_of_a_page_runs(page: Path, reader: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python blocks share their names; one after "in `file.py`:" is a file too. Members' files have their own tests."""
    names: dict[str, Any] = {"__name__": page.stem}
    if page.name in OPTIONAL:
        pytest.importorskip(OPTIONAL[page.name], reason=f"{OPTIONAL[page.name]} is not installed: {page.name} says how")
    for block in blocks(page):
        if block.file:
            (reader / block.file).write_text(block.text)
        if block.language == "python" and page not in MEMBERS:
            exec(compile(block.text, str(page), "exec"), names)
        elif block.language == "sh":
            for line in commands(block.text):
                run(line, monkeypatch)
        else:
            assert block.language in NOT_CODE | {"python"}, f"a block of {block.language!r}: python, sh or text?"


def test_a_block_that_fails_is_noticed(reader: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AssertionError):
        run("palaestra bench no-such-track-v0", monkeypatch)
    with pytest.raises(AssertionError, match="NOT_RUN"):
        run("curl example.org", monkeypatch)
    assert re.fullmatch(r"palaestra list +--json", commands("# all\npalaestra list \\\n  --json\n")[0])
