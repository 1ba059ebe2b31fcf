"""Check names that are shown on a page next to others: one line that looks like what it is."""

from __future__ import annotations

import re
from unicodedata import category, combining, decomposition, is_normalized, name, normalize

from ...core.errors import PalaestraError

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_IGNORABLE = (
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)
"""Unicode's property Default_Ignorable_Code_Point (DerivedCoreProperties.txt, 15.1), which Python does not have."""
_BLANK = {0x2800, 0x303F, 0xFFFC, 0x16FE4, 0x1D159}
"""Symbols that are drawn as nothing: an empty Braille cell, fillers, an absent object, a note without a head."""

_ALIKE = {
    *("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "CANADIAN", "DESERET", "GOTHIC", "OLD"),
}
"""First words of the names of scripts with letters that look like each other's."""
_STYLED = ("<font>", "<wide>", "<narrow>", "<circle>", "<square>")
"""Kinds of compatibility decompositions of letters and digits that are styled forms of others."""

_MOST_STACKED = 2
_MOST_MARKS = 6
"""Burmese syllables have five signs that are marks to Unicode; they stand beside the letter and do not stack."""


def check_display_name(text: str) -> str:
    """The text, if everybody sees in it what it holds.

    Refused are control characters, characters that show nothing or turn the direction of writing, spaces at an end or
    two in a row, text that is not in Unicode's normal form C, styled forms of letters and digits (mathematical, of
    full width, in circles, Roman numerals), marks without a letter or in heaps, and words that mix scripts whose
    letters look alike ("Неdge" with two Cyrillic letters). A word all in one script is taken as it is: who is behind
    a name is said by the author, the digest and the log, never by the name alone.

    Raises:
        PalaestraError: Text that is none; names the first character that is in the way.
    """
    for place, letter in enumerate(text):
        if category(letter) in _HIDDEN or _shows_nothing(letter) or (letter.isspace() and letter != " "):
            raise PalaestraError(f"character {place + 1} of {text!a} is not shown: U+{ord(letter):04X}.")
    if text != text.strip() or "  " in text:
        raise PalaestraError(f"{text!a} begins or ends with a space, or has two in a row.")
    if not is_normalized("NFC", text):
        raise PalaestraError(f"{text!a} is not in Unicode's normal form C.")
    for place, letter in enumerate(text):
        if _is_styled(letter):
            plain = normalize("NFKC", letter)
            raise PalaestraError(f"character {place + 1} of {text!a} is a styled form of {plain!a}: write {plain!a}.")
    _check_marks(text)
    for word in re.findall(r"\w+", text):
        scripts = {name(letter, "?").partition(" ")[0] for letter in word if letter.isalpha()} & _ALIKE
        if len(scripts) > 1:
            raise PalaestraError(f"the word {word!a} mixes letters that look alike: {sorted(scripts)}.")
    return text


def _shows_nothing(letter: str) -> bool:
    point = ord(letter)
    return point in _BLANK or any(low <= point <= high for low, high in _IGNORABLE)


def _is_styled(letter: str) -> bool:
    """It is another letter or digit to everybody's eye, as its compatibility decomposition says."""
    plain = normalize("NFKC", letter)
    if plain == letter:
        return False
    latin = any(one.isalpha() and name(one, "?").partition(" ")[0] in _ALIKE for one in plain)
    return latin or decomposition(letter).startswith(_STYLED)


def _check_marks(text: str) -> None:
    """Refuse marks that stand alone, or in heaps that reach into other lines."""
    kinds = "".join(map(_kind, text))
    if re.search("(^| )[sm]", kinds):
        raise PalaestraError(f"{text!a} has a mark without a letter.")
    for kind, most in (("s", _MOST_STACKED), ("[sm]", _MOST_MARKS)):
        if re.search(kind * (most + 1), kinds):
            raise PalaestraError(f"{text!a} puts more than {most} marks on a letter.")


def _kind(letter: str) -> str:
    """A letter for a mark that stacks, another for one that stands beside, a space for a space, a dot for the rest."""
    kind = category(letter)
    if combining(letter) or kind == "Me":
        return "s"
    return "m" if kind[0] == "M" else " " if letter == " " else "."


_LIKE_LATIN = str.maketrans(
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
    folded = normalize("NFKC", normalize("NFKC", level).casefold()).translate(_LIKE_LATIN)
    return "".join(letter for place, letter in enumerate(folded) if _stays(folded, place)) or folded


def _stays(text: str, place: int) -> bool:
    letter = text[place]
    if category(letter) in ("Mn", "Mc"):
        before = next((one for one in reversed(text[:place]) if category(one)[0] != "M" and not _is_modifier(one)), "")
        return before.isalpha() and name(before, "?").partition(" ")[0] not in _MARKED_BY_LETTERS
    return letter.isalnum() and not _is_modifier(letter)


def _is_modifier(letter: str) -> bool:
    return name(letter, "?").startswith("MODIFIER LETTER")
