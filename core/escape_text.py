"""Escape untrusted text in messages, so that it is one line that no terminal or workflow interprets."""

from __future__ import annotations


def escape_text(text: str) -> str:
    r"""The text with every character that is not printable written as an escape, and "::" as ":\x3a".

    Terminals obey escape characters, and a workflow of GitHub obeys a line that begins with "::". Messages name what
    strangers wrote, so they go through here before they are printed.

    Args:
        text: Any text; line ends become "\n".
    """
    shown = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)
    return shown.replace("::", ":\\x3a")
