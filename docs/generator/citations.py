"""Tests that cite a statement: found in their docstrings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORDS = r"\b([Ss]heet|[Tt]heorem|[Ll]emma|[Pp]roposition|[Cc]orollary|[Rr]emark|[Aa]lgorithm|[Ss]ection)\b"
CITES = re.compile(rf"§|^\d[a-e]\b|{WORDS}")


@dataclass(frozen=True)
class Citation:
    """One test.

    Attributes:
        file: Its file, from the folder of tests.
        test: Its own name.
        words: The first paragraph of its docstring, in one line.
    """

    file: str
    test: str
    words: str


def citations() -> Iterator[Citation]:
    """Every test whose docstring cites a statement."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                words = first_paragraph(node)
                if CITES.search(words):
                    yield Citation(path.relative_to(ROOT / "tests").as_posix(), node.name, words)


def first_paragraph(node: ast.FunctionDef | ast.Module) -> str:
    """Of a docstring, in one line."""
    return " ".join((ast.get_docstring(node) or "").partition("\n\n")[0].split())
