"""A table that shows itself: as text in a terminal, as HTML in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from ...core.escape_text import escape_text


@dataclass(frozen=True)
class PlainTable:
    """Rows of text under headings.

    Attributes:
        title: Above it.
        headings: One per column.
        rows: Texts, one per column each.
        notes: Lines below it.
    """

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()

    @property
    def text(self) -> str:
        """Columns side by side, padded."""
        rows = [[escape_text(cell) for cell in row] for row in self.rows]
        whole = [list(self.headings), *rows]
        widths = [max(len(row[k]) for row in whole) for k in range(len(self.headings))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in whole]
        lines = [line.rstrip() for line in lines]
        return "\n".join([self.title, *(lines if rows else ()), *self.notes])

    @property
    def html(self) -> str:
        """A table element with its title as caption; names that strangers chose are escaped."""
        head = Markup("").join(Markup("<th>{}</th>").format(heading) for heading in self.headings)
        lines = [Markup("").join(Markup("<td>{}</td>").format(cell) for cell in row) for row in self.rows]
        body = Markup("").join(Markup("<tr>{}</tr>").format(line) for line in lines)
        notes = Markup("").join(Markup("<p>{}</p>").format(note) for note in self.notes)
        caption = Markup("<caption>{}</caption>").format(escape(self.title))
        return str(
            Markup("<table>{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table>{}").format(caption, head, body, notes)
        )
