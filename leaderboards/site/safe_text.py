"""Untrusted text for a page: it cannot hide, change direction, or affect the text around it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from markupsafe import Markup, escape

_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
"""Categories of characters that are not seen, or that move what is: overrides of direction, joiners, private use."""

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=_)(?=[A-Za-z0-9])")
"""Where a word of a name begins."""

_CODE = re.compile(r"`+([^`]+)`+")


@lru_cache(maxsize=4096)
def plain_text(text: str, most: int = 0) -> str:
    """Text whose unseen characters are written out as ⟨U+202E⟩.

    Args:
        text: Anything.
        most: Characters at most, the last an ellipsis; 0: all.
    """
    seen = "".join(f"⟨U+{ord(one):04X}⟩" if unicodedata.category(one) in _UNSEEN else one for one in text)
    return seen if not most or len(seen) <= most else seen[: most - 1].rstrip() + "…"


@lru_cache(maxsize=4096)
def safe_text(text: str, most: int = 0) -> Markup:
    """The same as markup: escaped, and isolated, so that it cannot turn the text around it from right to left."""
    return Markup("<bdi>{}</bdi>").format(plain_text(text, most))


def coded_text(text: str) -> Markup:
    """Text whose words in backticks are code, as in a docstring; everything is escaped."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


@lru_cache(maxsize=4096)
def wrappable_name(name: str, most: int = 0) -> Markup:
    """A name as markup that a narrow column may break before a capital and behind an underscore, as words begin there.

    Args:
        name: Anything.
        most: As in `plain_text`.
    """
    pieces = _WORDS.split(plain_text(name, most))
    return Markup("<bdi>{}</bdi>").format(Markup("<wbr>").join(pieces))
