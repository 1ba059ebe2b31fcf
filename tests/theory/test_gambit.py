"""Gambit's strategic games, both formats, exactly; and text that is no game."""

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from palaestra.core.errors import PalaestraError
from palaestra.theory.games import NormalFormGame
from palaestra.theory.games.gambit import parse_nfg, read_nfg
from palaestra.theory.games.gambit_text import nfg_text

HEAD = 'NFG 1 R "x" { "a" "b" }'


def test_the_first_players_strategy_varies_fastest() -> None:
    """Gambit documentation, the payoff version's own example: 3 x 2, profiles 11, 21, 31, 12, 22, 32."""
    game = parse_nfg(
        'NFG 1 R "Selten (IJGT, 75), Figure 2, normal form"\n'
        '{ "Player 1" "Player 2" } { 3 2 }\n\n1 1 0 2 0 2 1 1 0 3 2 0\n'
    )
    assert game.name == "Selten (IJGT, 75), Figure 2, normal form"
    assert game.num_actions == (3, 2)
    assert game.payoffs[0, 0].tolist() == [[1, 1], [0, 0], [0, 2]]
    assert game.payoffs[0, 1].tolist() == [[1, 1], [2, 3], [2, 0]]


def test_outcomes_are_looked_up_by_number_and_zero_is_nothing() -> None:
    """Gambit documentation, the outcome version: names, a comment, a table, one number a profile."""
    game = parse_nfg(
        'NFG 1 R "o" { "Player 1" "Player 2" }\n{\n{ "1" "2" "3" }\n{ "1" "2" }\n}\n"a comment"\n'
        '{\n{ "" 1, 1 }\n{ "two" 0 2 }\n{ "three" 5 1/2 }\n}\n1 2 2 0 3 1\n'
    )
    assert game.payoffs[0, 0].tolist() == [[1, 0], [0, 5], [0, 1]]
    assert game.payoffs[0, 1].tolist() == [[1, 0], [2, 0.5], [2, 1]]


def test_three_players_with_unequal_strategies_are_in_gambits_order() -> None:
    counts = (2, 3, 2)
    listed = [profile[::-1] for profile in product(*(range(count) for count in reversed(counts)))]
    numbers = " ".join(f"{100 * a + 10 * b + c} {-a} {b}" for a, b, c in listed)
    game = parse_nfg('NFG 1 R "" { "a" "b" "c" } { 2 3 2 } ' + numbers)
    for a, b, c in product(*map(range, counts)):
        assert game.payoffs[0, :, a, b, c].tolist() == [100 * a + 10 * b + c, -a, b]


def test_lists_of_strategy_names_may_stand_before_payoffs() -> None:
    game = parse_nfg('NFG 1 R "" { "a" "b" } { { "up" "down" } { "left" } } "" 1 2 3 4')
    assert game.payoffs[0].tolist() == [[[1], [3]], [[2], [4]]]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1/3", Fraction(1, 3)),
        ("-7/21", Fraction(-1, 3)),
        ("0.1", Fraction(1, 10)),
        ("-.5", Fraction(-1, 2)),
        ("3.", Fraction(3)),
        ("+2", Fraction(2)),
        ("1.5e-3", Fraction(3, 2000)),
        ("123456789012345678901", Fraction(123456789012345678901)),
    ],
)
def test_numbers_are_read_as_written(written: Any, value: Any) -> None:
    exact = parse_nfg(f"{HEAD} {{ 1 1 }} {written} 0", exact=True).payoffs[0, 0, 0, 0]
    assert exact == value and isinstance(exact, Fraction)
    assert parse_nfg(f"{HEAD} {{ 1 1 }} {written} 0").payoffs[0, 0, 0, 0] == float(value)


def test_strings_keep_escapes_braces_and_line_breaks() -> None:
    game = parse_nfg('NFG 1 R "say \\"hi\\" {\n2}" { "a\\\\" "b" } { 1 1 } 3 4')
    assert game.name == 'say "hi" {\n2}' and game.payoffs[0].ravel().tolist() == [3, 4]


@settings(max_examples=40, deadline=None)
@given(
    counts=st.lists(st.integers(1, 3), min_size=1, max_size=4), seed=st.integers(0, 2**32), title=st.text(max_size=9)
)
def test_what_is_written_is_read_back_exactly(counts: Any, seed: Any, title: Any) -> None:
    rng = np.random.default_rng(seed)
    floats = NormalFormGame(rng.normal(size=(1, len(counts), *counts)), title)
    back = parse_nfg(nfg_text(floats))
    assert (back.payoffs == floats.payoffs).all() and back.name == title
    exact = parse_nfg(nfg_text(floats), exact=True)
    thirds = NormalFormGame(exact.payoffs / 3, title)
    assert (parse_nfg(nfg_text(thirds), exact=True).payoffs == thirds.payoffs).all()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: a strategic game starts with NFG 1 R"),
        ('EFG 2 R "x" { "a" }', "'EFG' stands in place of NFG"),
        ('NFG 2 R "x" { "a" } { 1 } 1', "'2' stands in place of 1"),
        ('NFG 1 Q "x" { "a" } { 1 } 1', "R or D, not 'Q'"),
        ('NFG 1 R { "a" } { 1 } 1', "the title: a text in double quotes"),
        ('NFG 1 R "x { "a" } { 1 } 1 "', "does not belong|does not end|is needed"),
        ('NFG 1 R "x', "line 1: a text in quotes does not end"),
        ('NFG 1 R "x" { }  { } 1', "0 players"),
        ('NFG 1 R "x" { "a" 2 } { 1 1 } 1 1', "players' names: '2'"),
        ('NFG 1 R "x" {' + ' "p"' * 40 + " } {" + " 1" * 40 + " }", "40 players"),
        (HEAD + " { 2 2 2 } 1", "2 players, but strategies of 3"),
        (HEAD + " { 2 0 } 1", "at least one strategy"),
        (HEAD + " { 2 -1 } 1", "whole number .* not '-1'"),
        (HEAD + " { 2 1.5 } 1", "whole number .* not '1.5'"),
        (HEAD + " { 2 2 ", "the end of the file"),
        (HEAD + "\n{ 2 2 }\n1 2 3 4\n5 6 7", "line 4: 2 x 2 strategies of 2 players need 8 payoffs, but 7 follow"),
        (HEAD + " { 2 2 } 1 2 3 4 5 6 7 8 9", "need 8 payoffs, but 9 follow"),
        (HEAD + " { 900000000000 900000000000 } 1 2", "payoffs, but 2 follow"),
        (HEAD + " { 1 1 }\n1 x", "line 2: a payoff is a number .* not 'x'"),
        (HEAD + " { 1 1 } 1 nan", "not 'nan'"),
        (HEAD + " { 1 1 } 1 inf", "not 'inf'"),
        (HEAD + " { 1 1 } 1 1/0", "not '1/0'"),
        (HEAD + " { 1 1 } 1 1e999999999", "a payoff is a number"),
        (HEAD + " { 1 1 } 1 " + "9" * 5000, "a payoff is a number"),
        (HEAD + ' { 1 1 } 1 "2"', "a payoff is a number"),
        (HEAD + ' { { "" } { "" } } { { "" 1 } } 1', "outcome of 2 players has 1 payoffs"),
        (HEAD + ' { { "" } { "" } } { { "" 1 1 } } 2', "outcome's number is a whole number of at most 1, not '2'"),
        (HEAD + ' { { "" } { "" } } { { "" 1 1 } } 1 1', "need 1 outcome numbers, but 2 follow"),
        (HEAD + ' { { "" } { "" } } { { 1 1 } } 1', "an outcome's name"),
        (HEAD + ' { { "" } { "" } } { { "" 1 1 }', "the outcomes: } is needed, not the end"),
    ],
)
@pytest.mark.parametrize("exact", [False, True])
def test_text_that_is_no_game_is_refused_with_its_line(text: Any, words: Any, exact: Any) -> None:
    with pytest.raises(PalaestraError, match=words):
        parse_nfg(text, exact)


def test_what_a_float_cannot_hold_is_refused_or_read_exactly() -> None:
    with pytest.raises(PalaestraError, match="not '1e999'"):
        parse_nfg(HEAD + " { 1 1 } 1 1e999")
    assert parse_nfg(HEAD + " { 1 1 } 1 1e999", exact=True).payoffs[0, 1, 0, 0] == 10**999


def test_every_truncation_of_a_game_is_refused() -> None:
    whole = nfg_text(NormalFormGame.of(np.arange(1, 13).reshape(2, 3, 2) / 7, "t")).rstrip()
    assert parse_nfg(whole).num_actions == (3, 2)
    last_number = whole.rindex(" ") + 1
    for end in range(last_number):
        with pytest.raises(PalaestraError):
            parse_nfg(whole[:end])


def test_a_file_is_named_in_its_faults(tmp_path: Any) -> None:
    (tmp_path / "broken.nfg").write_text(HEAD + " { 2 2 } 1")
    (tmp_path / "binary.nfg").write_bytes(b"NFG 1 R \xff\xfe")
    with pytest.raises(PalaestraError, match=r"broken\.nfg: line 1: 2 x 2"):
        read_nfg(tmp_path / "broken.nfg")
    with pytest.raises(PalaestraError, match=r"binary\.nfg is not text"):
        read_nfg(tmp_path / "binary.nfg")
    with pytest.raises(PalaestraError, match="no game at"):
        read_nfg(tmp_path / "absent.nfg")


def test_pygambit_reads_the_same_payoffs(tmp_path: Any) -> None:
    pygambit = pytest.importorskip("pygambit", reason="pygambit (GPL) is not installed")
    game = NormalFormGame.of(np.random.default_rng(0).integers(-9, 9, (3, 2, 3, 2)), "three")
    (tmp_path / "three.nfg").write_text(nfg_text(game))
    theirs = pygambit.read_nfg(str(tmp_path / "three.nfg"))
    for profile in game.profiles():
        outcome = theirs[profile]
        assert [float(outcome[player]) for player in theirs.players] == game.payoffs[
            (0, slice(None), *profile)
        ].tolist()
