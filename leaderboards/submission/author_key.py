"""Under which key an author is counted: one for all spellings that readers take for the same name."""

from __future__ import annotations

from unicodedata import category, decomposition, name, normalize

_ALIKE = str.maketrans(
    "аеорсухіјѕһԁԛԝтвмнкӏαβεζηικμνορτυχɑɡı",
    "aeopcyxijshdqwtbmhklabezhikmnoptyxagi",
)
"""Cyrillic, Greek and phonetic letters, capitals folded, and the Latin letters that they look like."""
_MARKED_BY_LETTERS = {"LATIN", "CYRILLIC", "GREEK"}
"""Scripts whose letters have their marks in them; in others a mark may be a vowel."""


def author_key(author: str) -> str:
    """The key of an author: plain letters and digits alone, in one case, look-alikes as the Latin letter.

    1. Raised and lowered characters go. Unicode's normal form KC: full width, mathematical and other letters become
       plain ones.
    2. Cases are folded, and normal form KC is taken again.
    3. Cyrillic, Greek and phonetic letters that look like Latin ones become these.
    4. Only letters and digits stay, and behind letters of scripts that write vowels as marks these marks; modifier
       letters, which look like apostrophes, go. Where nothing is left, the text stays as it was after step 3.

    "Alice Smith", "alice smith", "Alice  Smith" and "Alice-Smith" are one author. The key is compared, never shown.

    Args:
        author: As a manifest or the log writes it.
    """
    level = "".join(one for one in author if not decomposition(one).startswith(("<super>", "<sub>")))
    folded = normalize("NFKC", normalize("NFKC", level).casefold()).translate(_ALIKE)
    return "".join(letter for place, letter in enumerate(folded) if _stays(folded, place)) or folded


def _stays(text: str, place: int) -> bool:
    letter = text[place]
    if category(letter) in ("Mn", "Mc"):
        before = next((one for one in reversed(text[:place]) if category(one)[0] != "M" and not _is_modifier(one)), "")
        return before.isalpha() and name(before, "?").partition(" ")[0] not in _MARKED_BY_LETTERS
    return letter.isalnum() and not _is_modifier(letter)


def _is_modifier(letter: str) -> bool:
    return name(letter, "?").startswith("MODIFIER LETTER")
