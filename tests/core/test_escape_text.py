"""What strangers wrote is shown in messages, and never obeyed by a terminal or a workflow."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from palaestra.core.escape_text import escape_text


@given(st.text())
def test_any_text_becomes_one_line_without_escapes_and_without_commands_of_a_workflow(text: str) -> None:
    shown = escape_text(text)
    assert "::" not in shown and all(letter.isprintable() for letter in shown)
    if "::" not in text and all(letter.isprintable() for letter in text):
        assert shown == text


def test_what_is_escaped_can_still_be_read() -> None:
    assert escape_text("\x1b[2J\n::notice::all holds") == r"\x1b[2J\n:\x3anotice:\x3aall holds"
