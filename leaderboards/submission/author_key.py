"""Under which key an author is counted: one for all spellings that readers take for the same name."""

from __future__ import annotations

from unicodedata import normalize

_ALIKE = str.maketrans(
    "аеорсухіјѕһԁԛԝтвмнкαβεζηικμνορτυχ",
    "aeopcyxijshdqwtbmhkabezhikmnoptyx",
)
"""Cyrillic and Greek letters, capitals folded, and the Latin letters that they look like."""


def author_key(author: str) -> str:
    """The key of an author: plain letters and digits alone, in one case, look-alikes as the Latin letter.

    1. Unicode's normal form KC: full width, mathematical and other letters become plain ones.
    2. Cases are folded, and normal form KC is taken again.
    3. Cyrillic and Greek letters that look like Latin ones become these.
    4. Only letters and digits stay. Where there is none, the text stays as it was after step 3.

    "Alice Smith", "alice smith", "Alice  Smith" and "Alice-Smith" are one author. The key is compared, never shown.

    Args:
        author: As a manifest or the log writes it.
    """
    folded = normalize("NFKC", normalize("NFKC", author).casefold()).translate(_ALIKE)
    return "".join(letter for letter in folded if letter.isalnum()) or folded
