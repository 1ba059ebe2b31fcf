"""The theorem map: every statement of the papers' sheets with the tests that cite it, or the reason that none does."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from palaestra.docs.generator.citations import Citation


@dataclass(frozen=True)
class Statement:
    """One statement.

    Attributes:
        sheet: Key of its sheet.
        name: What it is called.
        says: What it says.
        tests: The tests that cite it.
        open: Why no test does; empty where one does.
        ours: Whether it is our reconstruction.
    """

    sheet: str
    name: str
    says: str
    tests: tuple[Citation, ...]
    open: str
    ours: bool


def catalogue() -> dict[str, Any]:
    """The file that says what is stated, as written: its sheets and statements."""
    return tomllib.loads((Path(__file__).parent / "statements.toml").read_text("utf-8"))


def statements(written: Mapping[str, Any], cited: Iterable[Citation]) -> Iterator[Statement]:
    """Every statement of a catalogue with the tests that cite it."""
    by_sheet = _by_sheet(written["sheet"], cited)
    for one in written["statement"]:
        pattern = one.get("cites")
        tests = tuple(test for test in by_sheet[one["sheet"]] if pattern and re.search(pattern, test.words))
        yield Statement(one["sheet"], one["name"], one["says"], tests, one.get("open", ""), one.get("ours", False))


def contradictions(found: Iterable[Statement]) -> list[str]:
    """What cannot be: a statement that is tested and open, or neither."""
    said = []
    for one in found:
        if one.tests and one.open:
            said.append(f"{one.sheet}, {one.name}: open, but {one.tests[0].test} cites it: delete `open`.")
        if not one.tests and not one.open:
            said.append(f"{one.sheet}, {one.name}: no test cites it: write one, or say in `open` why there is none.")
    return said


def _by_sheet(sheets: list[dict[str, Any]], cited: Iterable[Citation]) -> dict[str, list[Citation]]:
    """A test belongs to the sheets that it names, else to those whose files it lies in."""
    found: dict[str, list[Citation]] = {sheet["key"]: [] for sheet in sheets}
    for test in cited:
        named = [sheet["key"] for sheet in sheets if re.search(sheet["named"], test.words)]
        own = [sheet["key"] for sheet in sheets if any(fnmatch(test.file, pattern) for pattern in sheet["files"])]
        for key in named or own:
            found[key].append(test)
    return found
