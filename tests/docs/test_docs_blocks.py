"""Every block of code of every page runs, as a reader would run it: in order, in one folder, commands as they stand.

Commands run on small tracks (two scenarios at demo size, two lanes, two reference agents). What is not run is listed
here with its reason: commands in `NOT_RUN`, blocks that are no code in `NO_CODE`. What is on neither list fails.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from palaestra.agents import agents
from palaestra.command_line.app import main
from palaestra.core.plugins import VARIABLE
from palaestra.leaderboards.tracks import tracks
from palaestra.leaderboards.tracks.track import Track
from palaestra.tests.support.pages import DOCS, MEMBERS, PAGES, ROOT, Block, blocks, name_of
from palaestra.tests.support.ray_nodes import set_environment

NOT_RUN = {
    r"make \w+": "the targets of the Makefile are what runs these tests",
    r"pip install |python3 -m venv |\. \.venv/bin/activate": "an installation is not tried inside of another one",
    r"python benchmarks/": "benchmarks measure speed: tests/house/test_benchmarks.py sees that they run",
    r"pytest ": "a test does not run tests",
    r"ray start |palaestra bench .*--address ": (
        "needs several machines: tests/leaderboards/sweeps/test_ray_engine.py has two nodes on one"
    ),
    r"palaestra serve ": (
        "serves until it is stopped: tests/leaderboards/server/test_server_commands.py starts and stops it"
    ),
    r"curl ": "asks a service that runs: tests/leaderboards/server/test_server_api.py sends such requests",
    r"createdb ": "needs a database server: tests/support/postgres.py starts one for the tests of the service",
    r"sqlite3 ": "copies the database of a service that runs",
}
"""Commands that are not run, each as a pattern of how it begins, with the reason."""

NO_CODE = {
    r"palaestra = the repository's root\n": "a drawing",
    r"To do: \d+ jobs": "what a command prints",
    r" {6,}\S": "what a command prints: a table with its head in the middle",
    r"# nginx\n": "the configuration of another program",
    r"\[project\.entry-points": "a part of pyproject.toml: tests/plugins/test_example_package.py installs one",
}
"""Blocks that nothing could run, each as a pattern of how it begins, with the reason."""

GENERATED = [page for page in DOCS if page.parent.name == "reference"]
"""Their blocks are signatures, usages and examples, made from the code and the help of commands, which have tests."""

OPTIONAL = {"use_axelrod.md": "axelrod", "cluster.md": "ray"}
"""Pages that need a library; in CI a test may be skipped for the reasons in `skips` alone."""

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
    """A folder of a reader's; modules that are imported from it, and what they register, are forgotten after."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, "")
    before = {*agents}
    monkeypatch.syspath_prepend(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    yield tmp_path
    for name, loaded in [*sys.modules.items()]:
        if str(getattr(loaded, "__file__", None) or "").startswith(str(tmp_path)):
            del sys.modules[name]
    for name in {*agents} - before:
        agents.forget(name)


def commands(text: str) -> list[str]:
    """The lines of a shell block, those that go on with a backslash put together."""
    return [line for line in text.replace("\\\n", " ").splitlines() if shlex.split(line, comments=True)]


def why_not(text: str, reasons: dict[str, str]) -> str:
    """The reason why what begins like this is not run; empty where there is none."""
    return next((why for pattern, why in reasons.items() if re.match(pattern, text)), "")


def run(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command as it stands: ours in this process and on small tracks, those in `NOT_RUN` not at all."""
    if why_not(line, NOT_RUN):
        return
    program, *words = shlex.split(line, comments=True)
    assert program == "palaestra", f"{line!r}: say in NOT_RUN why it is not run"
    if "ray" in words:
        set_environment()
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
    library = OPTIONAL.get(page.name)
    if library and find_spec(library) is None:
        pytest.skip(f"{library} is not installed: {page.name} says how")
    for block in blocks(page):
        if block.file:
            (reader / block.file).write_text(block.text)
        if block.language == "python" and page not in MEMBERS:
            exec(compile(block.text, str(page), "exec"), names)
        elif block.language == "sh":
            for line in commands(block.text):
                run(line, monkeypatch)


def not_run() -> Iterator[tuple[Path, Block]]:
    """The blocks that are neither `python` nor `sh`."""
    for page in (page for page in PAGES if page not in GENERATED):
        yield from ((page, block) for block in blocks(page) if block.language not in ("python", "sh"))


def test_every_block_that_is_not_run_has_a_reason() -> None:
    for page, block in not_run():
        assert why_not(block.text, NO_CODE | NOT_RUN), (
            f"{page.name}: nothing runs the block that begins {block.text[:60]!r}: write it as `python` or `sh`, "
            "or say why not in NO_CODE"
        )


def test_every_reason_is_needed() -> None:
    """So that no entry goes on excusing what it was not written for."""
    beginnings = [block.text for _, block in not_run()]
    for page in PAGES:
        beginnings += [line for block in blocks(page) if block.language == "sh" for line in commands(block.text)]
    for pattern, reason in (NO_CODE | NOT_RUN).items():
        assert any(re.match(pattern, text) for text in beginnings), f"nothing begins {pattern!r}: delete it"
        for file in re.findall(r"tests/[\w/]+\.py", reason):
            assert (ROOT / file).exists(), f"{pattern!r} refers to {file}"


def test_a_block_that_fails_is_noticed(reader: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AssertionError):
        run("palaestra bench no-such-track-v0", monkeypatch)
    with pytest.raises(AssertionError, match="NOT_RUN"):
        run("wget example.org", monkeypatch)
    assert why_not("ray start --head", NOT_RUN) and not why_not("palaestra list", NO_CODE | NOT_RUN)
    assert re.fullmatch(r"palaestra list +--json", commands("# all\npalaestra list \\\n  --json\n")[0])
