"""The documentation's pages as tests read them: their blocks of code, in the order of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from palaestra.core.rooms import PACKAGE

ROOT = PACKAGE
DOCS = [path for path in sorted((ROOT / "docs").rglob("*.md")) if not {"_build", "examples"} & set(path.parts)]
PAGES = [*sorted(ROOT.glob("*.md")), *DOCS, ROOT / "benchmarks" / "README.md"]
MEMBERS = [
    ROOT / "docs" / "how_to" / f"add_{kind}.md"
    for kind in ("an_environment", "a_metric", "an_agent", "a_wrapper", "a_track")
]
"""Pages whose blocks are files of one example, in the order in which it is put together."""


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        language: What stands behind the fence.
        text: What is in it.
        file: The file it is, where the line before it ends in "`name`:"; else empty.
    """

    language: str
    text: str
    file: str


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page."""
    words, language = "", ""
    inside: list[str] | None = None
    for line in page.read_text("utf-8").splitlines():
        if not line.startswith("```"):
            if inside is not None:
                inside.append(line)
            elif line:
                words = line
        elif inside is None:
            inside, language = [], line.removeprefix("```")
        else:
            named = re.search(r"`([\w./]+\.\w+)`:$", words)
            yield Block(language, "".join(f"{one}\n" for one in inside), named[1] if named else "")
            inside, words = None, ""


def name_of(page: Path) -> str:
    """A page in the names of tests."""
    return page.relative_to(ROOT).as_posix()
