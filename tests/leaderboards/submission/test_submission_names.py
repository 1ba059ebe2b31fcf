"""Names and authors: what is shown is what is there, and one author is counted as one however it is written."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.board.reserved_author import AUTHOR
from palaestra.leaderboards.submission.display_name import author_key, check_display_name
from palaestra.leaderboards.submission.log import attempts, read_log, register
from palaestra.leaderboards.submission.verify import Refused, verify
from palaestra.tests.support.tiny_submissions import edit, submitted, tiny_world

UNSEEN = (
    *range(0xAD, 0xAE),
    *range(0x34F, 0x350),
    *range(0x115F, 0x1161),
    *range(0x17B4, 0x17B6),
    *range(0x180B, 0x1810),
    *range(0x200B, 0x2010),
    *range(0x2028, 0x202F),
    *range(0x2060, 0x2070),
    *range(0x2800, 0x2801),
    *range(0x3164, 0x3165),
    *range(0xE000, 0xE002),
    *range(0xFE00, 0xFE10),
    *range(0xFEFF, 0xFF00),
    *range(0xFFA0, 0xFFA1),
    *range(0xFFF0, 0xFFFC),
    *range(0x1BCA0, 0x1BCA4),
    *range(0x1D173, 0x1D17B),
    *range(0xE0000, 0xE1000, 37),
)
"""Code points that show nothing, of every class of them."""


def test_a_name_of_any_code_point_that_shows_nothing_is_refused_alone_and_within_a_word() -> None:
    for point in UNSEEN:
        for text in (chr(point), f"He{chr(point)}dge", f"Hedge{chr(point)}"):
            with pytest.raises(PalaestraError, match=f"is not shown: U\\+{point:04X}"):
                check_display_name(text)


@pytest.mark.parametrize("space", ["\u00a0", "\u1680", "\u2002", "\u2009", "\u202f", "\u3000", "\t", "\n", "\x85"])
def test_a_space_is_a_plain_one(space: str) -> None:
    with pytest.raises(PalaestraError, match="is not shown"):
        check_display_name(f"A.{space}Author")


@pytest.mark.parametrize("text", [" Hedge", "Hedge ", "A.  Author", "A.   Author"])
def test_spaces_are_single_and_between_words(text: str) -> None:
    with pytest.raises(PalaestraError, match="two in a row"):
        check_display_name(text)


@pytest.mark.parametrize(
    "text",
    [
        *("a" + mark * count for mark in ("\u0489", "\u20dd", "\u0338", "\u0327") for count in (3, 150)),
        "a" + "\u0903" * 7,  # a mark that stands beside its letter
        "q\u0323\u0307\u0302",
    ],
)
def test_heaps_of_marks_are_refused_enclosing_ones_too(text: str) -> None:
    with pytest.raises(PalaestraError, match=r"puts more than [26] marks"):
        check_display_name(text)


@pytest.mark.parametrize("text", ["\u0338Hedge", "A \u20dd"])
def test_a_mark_has_a_letter(text: str) -> None:
    with pytest.raises(PalaestraError, match="mark without a letter"):
        check_display_name(text)


@pytest.mark.parametrize(
    "text", ["𝐇edge", "𝓗edge", "𝟏st", "Ｈedge", "Ⓗedge", "🄷edge", "ⅼinux", "ﬁne", "ｈedge", "ﾈﾑ", "㎏", "¹ᵃ"]
)
def test_styled_letters_are_refused_with_the_plain_ones(text: str) -> None:
    with pytest.raises(PalaestraError, match=r"is a styled form of .*: write '"):
        check_display_name(text)


@pytest.mark.parametrize(
    "text", ["p\u0430y", "\u0422he", "\u0391lice", "Hed\u13aae", "\ua4d0lice", "scrip\U00010428", "h\u0585me"]
)
def test_a_word_that_mixes_scripts_whose_letters_look_alike_is_refused(text: str) -> None:
    with pytest.raises(PalaestraError, match="mixes letters that look alike"):
        check_display_name(text)


@pytest.mark.parametrize(
    "text",
    [
        *("Hedge", "Füchse & Söhne (v2)", "Хедж", "日本のエージェント", "naïve Ångström", "R² agent", "H₂O", "O'Brien"),
        *("ครูคำ", "မြန်မာ့လျှော့", "हिन्दी", "தமிழ்", "עִבְרִית", "العَرَبِيَّة", "한국어", "ភាសាខ្មែរ", "Tiếng Việt", "🤖 agent"),
    ],
)
def test_names_of_all_languages_are_taken(text: str) -> None:
    assert check_display_name(text) == text


SPELLINGS = (
    "Alice Smith",
    "alice smith",
    "Alice  Smith",
    "ALICE SMITH",
    "Alice-Smith",
    "Ａｌｉｃｅ Ｓｍｉｔｈ",
    "𝐀lice Smith",
)


def test_one_author_has_one_key_however_it_is_written() -> None:
    assert {author_key(one) for one in SPELLINGS} == {"alicesmith"}
    assert author_key("Тһе palaestra authors") == author_key(AUTHOR), "Cyrillic letters that look like Latin ones"
    assert author_key("Алиса") != author_key("Борис") and author_key("李") != author_key("王")
    for like in ("The palaestra authors\u02bc", "The palaestra authors\u00b9", "The p\u0251laestra authors"):
        assert author_key(like) == author_key(AUTHOR) or not _is_taken(like)
    assert author_key("A. Author\u02bc") == author_key("A. Author")
    assert author_key("\u0930\u093e\u092e") != author_key("\u0930\u094b\u092e"), "vowels of Devanagari are marks"
    assert author_key("\u0e01\u0e34\u0e19") != author_key("\u0e01\u0e31\u0e19"), "and those of Thai"
    assert author_key("☃") != author_key("☀"), "without letters the text itself is the key"


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    assert author_key(author_key(text)) == author_key(text)


def test_attempts_of_one_author_under_several_spellings_are_counted_together(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    taken = [one for one in SPELLINGS if _is_taken(one)]
    for number, author in enumerate(taken):
        register(log, "t-v0", f"agent {number}", author, f"{number}" * 64)
    assert len(taken) == 4 and attempts(read_log(log)) == {("t-v0", "alicesmith"): 4}


def _is_taken(text: str) -> bool:
    try:
        return bool(check_display_name(text))
    except PalaestraError:
        return False


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with tiny_world(tmp_path_factory.mktemp("names")) as world:
        yield submitted(world)


KEY = "\x1b]0;own\x07\n::notice::all holds"


@pytest.mark.parametrize(
    "place",
    [
        lambda m: m,
        lambda m: m["agent"],
        lambda m: m["agent"]["needs"],
        lambda m: m["agent"]["privileges"],
        lambda m: m["agent"]["files"],
        lambda m: m["scenarios"],
        lambda m: m["scenarios"]["drawn"]["scores"],
        lambda m: m["environment"]["versions"],
        lambda m: m["weights"],
    ],
)
def test_a_key_that_a_terminal_or_a_workflow_would_obey_is_told_in_one_harmless_line(
    honest: Path, tmp_path: Path, place: Callable[[Any], Any]
) -> None:
    copy = Path(shutil.copytree(honest, tmp_path / "copy"))
    edit(copy, lambda m: place(m).update({KEY: 1}))
    with pytest.raises(Refused) as told:
        verify(copy)
    reason = str(told.value)
    assert reason.isprintable() and "::" not in reason and "\\x1b]0;own" in reason


def test_a_refusal_is_one_harmless_line_whoever_raises_it() -> None:
    assert str(Refused(f"entry {KEY}")) == r"entry \x1b]0;own\x07\n:\x3anotice:\x3aall holds"
