"""Every test that cites a statement, file by file."""

from __future__ import annotations

import ast
from itertools import groupby

from palaestra.docs.generator.citations import ROOT, citations, first_paragraph
from palaestra.docs.generator.markdown import table

TEXT = """# Tests that cite a statement

Which test tests what, in the words of its docstring. The same by paper: [the theorem map](../explanation/theorems.md).
The sheets that they cite: [transfers](../explanation/transfers.md),
[adaptive opponents](../explanation/repeated.md), [ranking feedback](../explanation/rankings.md),
[social learning](../explanation/social.md), [preferences](../explanation/preferences.md) and
[informative data](../explanation/acquisition.md). DESIGN is [the design](../explanation/design.md).
"""


def cited_tests_page() -> str:
    """A table a file."""
    parts = [TEXT]
    for file, group in groupby(citations(), key=lambda cited: cited.file):
        rows = [(one.words, f"`{one.test}`") for one in group]
        about = first_paragraph(ast.parse((ROOT / "tests" / file).read_text("utf-8")))
        parts.append(f"## {file}\n\n[{file}](../../tests/{file}): {about}\n\n" + table(("statement", "test"), rows))
    return "\n".join(parts)
