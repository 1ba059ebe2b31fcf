"""The theorem map, sheet by sheet: what is stated, which tests check it, and what remains open."""

from __future__ import annotations

from typing import Any

from palaestra.docs.generator.citations import Citation, citations
from palaestra.docs.generator.markdown import table
from palaestra.docs.generator.statements import Statement, catalogue, statements

TEXT = """# The theorem map

A statement is tested as it stands, with code that does not import the solver under test; the test's docstring cites it,
and this page is made from those docstrings. Untested statements are listed under their paper, with the reason.
A star marks our reconstruction: what is tested then is what we state, not words of the paper.
[Every citing test](../reference/cited_tests.md), file by file, is in the reference.
"""


def theorems_page() -> str:
    """A section a paper."""
    written = catalogue()
    found = list(statements(written, citations()))
    checked = sum(bool(one.tests) for one in found)
    count = f"{len(found)} statements: {checked} are checked by tests, {len(found) - checked} remain open.\n"
    sections = [_section(sheet, [one for one in found if one.sheet == sheet["key"]]) for sheet in written["sheet"]]
    return "\n".join([TEXT, count, *sections])


def _section(sheet: dict[str, Any], found: list[Statement]) -> str:
    parts = [f"## {sheet['title']}\n\n{sheet['source']}"]
    if "page" in sheet:
        parts[0] += f" What is stated, in full: [the sheet]({sheet['page']})."
    tested = [(_name(one), one.says, "<br>".join(map(_linked, one.tests))) for one in found if one.tests]
    left = [(_name(one), one.says, one.open) for one in found if one.open]
    if tested:
        parts.append(table(("statement", "what it says", "checked by"), tested))
    if left:
        parts.append(f"Open:\n\n{table(('statement', 'what it says', 'why no test checks it'), left)}")
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _name(one: Statement) -> str:
    return f"{one.name} \\*" if one.ours else one.name


def _linked(test: Citation) -> str:
    return f"[{test.test.removeprefix('test_').replace('_', ' ')}](../../tests/{test.file})"
