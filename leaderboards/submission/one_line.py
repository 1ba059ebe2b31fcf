"""Text that may stand on a page among others' names: one line that looks like what it is."""

from __future__ import annotations

import re
from unicodedata import category, combining, is_normalized, name

from ...core.errors import PalaestraError

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_ALIKE = {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"}
"""Scripts with letters that look like each other's."""

_MOST_MARKS = 2


def one_line(text: str) -> str:
    """The text, if everybody sees in it what it holds.

    Refused are control characters, characters that show nothing or turn the direction of writing, spaces at an end,
    text that is not in Unicode's normal form C, more than two marks on a letter, and words that mix scripts whose
    letters look alike ("Неdge" with two Cyrillic letters). A word all in one script is taken as it is: who is behind
    a name is said by the author, the digest and the log, never by the name alone.

    Raises:
        PalaestraError: Text that is none; names the first character that is in the way.
    """
    for place, letter in enumerate(text):
        if category(letter) in _HIDDEN or (letter.isspace() and letter != " "):
            raise PalaestraError(f"character {place + 1} of {text!a} is not shown: U+{ord(letter):04X}.")
    if text != text.strip():
        raise PalaestraError(f"{text!a} begins or ends with a space.")
    if not is_normalized("NFC", text):
        raise PalaestraError(f"{text!a} is not in Unicode's normal form C.")
    if re.search("m" * (_MOST_MARKS + 1), "".join("m" if combining(letter) else "." for letter in text)):
        raise PalaestraError(f"{text!a} heaps more than {_MOST_MARKS} marks on a letter.")
    for word in re.findall(r"\w+", text):
        scripts = {name(letter, "?").partition(" ")[0] for letter in word if letter.isalpha()} & _ALIKE
        if len(scripts) > 1:
            raise PalaestraError(f"the word {word!a} mixes letters that look alike: {sorted(scripts)}.")
    return text
