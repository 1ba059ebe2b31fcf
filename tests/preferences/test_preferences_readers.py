"""Reading preference profiles: PrefLib files and tables of ratings, and files that are neither."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from palaestra.core.errors import PalaestraError
from palaestra.tests.support.ballots import HALF, ballots
from palaestra.theory.preferences.preflib import read_preflib
from palaestra.theory.preferences.ratings import read_ratings

HEADER = """# FILE NAME: 00000-00000001.toc
# TITLE: Small
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 6
# NUMBER UNIQUE ORDERS: 3
# ALTERNATIVE NAME 1: apples
# ALTERNATIVE NAME 2: pears
# ALTERNATIVE NAME 3: plums
"""
STRICT = HEADER + "3: 1,2,3\n2: 3,1,2\n1: 2,3,1\n"
TIED = HEADER + "3: {1,2},3\n2: 3,{1,2}\n1: {1,2,3}\n"


def written(folder: Path, text: str, name: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# --- PrefLib


def test_a_strict_complete_file_is_read(tmp_path: Path) -> None:
    profile = read_preflib(written(tmp_path, STRICT, "small.soc"))
    assert profile.options == ("apples", "pears", "plums") and profile.strict
    assert Counter(ballots(profile)) == {(0, 1, 2): 3, (2, 0, 1): 2, (1, 2, 0): 1}
    assert list(profile.shares(exact=True)) == [HALF, Fraction(1, 6), Fraction(1, 3)]


def test_ties_and_orders_that_stop_early_are_read_where_the_ending_allows_them(tmp_path: Path) -> None:
    tied = read_preflib(written(tmp_path, TIED, "small.toc"))
    assert tied.ranks.tolist() == [[0, 0, 1], [1, 1, 0], [0, 0, 0]]
    short = read_preflib(written(tmp_path, HEADER + "3: 2\n2: 3,1\n1: 1,2,3\n", "small.soi"))
    assert [np.argsort(np.argsort(r, kind="stable"))[k] for r, k in zip(short.ranks, (1, 2, 0), strict=True)] == [0] * 3
    assert short.preference(exact=True)[0, 2] == Fraction(1, 6) + Fraction(3, 6) / 2
    both = read_preflib(written(tmp_path, HEADER + "3: {1,2}\n2: 3,1\n1: 1,2,3\n", "small.toi"))
    assert both.shares(exact=True)[0] == Fraction(3, 12) + Fraction(1, 6)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.soc", STRICT.replace("2: 3,1,2", "2: 3,1,4"), r"a\.soc, line 10: unknown alternative '4'; they are 1 to 3"),
        ("a.soc", STRICT.replace("2: 3,1,2", "2: 3,1,x"), r"line 10: unknown alternative 'x'"),
        ("a.soc", STRICT.replace("2: 3,1,2", "2: 3,{1,2}"), r"line 10: the tie \{1,2\} is not allowed.*\.toc"),
        ("a.soc", STRICT.replace("2: 3,1,2", "2: 3,1"), r"line 10: the order does not rank the alternative 2.*\.soi"),
        ("a.soc", STRICT.replace("2: 3,1,2", "2: 3,1,1"), r"line 10: the alternative 1 is ranked twice"),
        ("a.soc", STRICT.replace("2: 3,1,2", "2: 3,,2"), r"line 10: ',2' is no alternative"),
        ("a.soc", STRICT.replace("2: 3,1,2", "2; 3,1,2"), r"line 10: '2; 3,1,2' is not `COUNT: ORDER`"),
        ("a.soc", STRICT.replace("2: 3,1,2", "0: 3,1,2"), r"line 10: .* whole count from 1"),
        ("a.soc", STRICT.replace("2: 3,1,2", "2: 1,2,3"), r"line 10: the order '1,2,3' stands in line 9 already"),
        ("a.soc", STRICT.replace("VOTERS: 6", "VOTERS: 7"), r"line 4: NUMBER VOTERS is 7, but the orders below are 6"),
        ("a.soc", STRICT.replace("ORDERS: 3", "ORDERS: 4"), r"line 5: NUMBER UNIQUE ORDERS is 4, but .* are 3"),
        ("a.soc", STRICT.replace("VOTERS: 6", "VOTERS: six"), r"line 4: NUMBER VOTERS is 'six'"),
        ("a.soc", STRICT.replace("# NUMBER VOTERS: 6\n", ""), r"no line `# NUMBER VOTERS"),
        ("a.soc", STRICT.replace("NAME 3", "NAME 4"), r"line 8: ALTERNATIVE NAME 4, but there are 3"),
        ("a.soc", STRICT.replace("# ALTERNATIVE NAME 3: plums\n", ""), r"line 3: 3 alternatives, but 2 names"),
        ("a.soc", STRICT.replace("NAME 3: plums", "NAME 2: plums"), r"line 8: ALTERNATIVE NAME 2 was given in line 7"),
        ("a.soc", "3\n1,apples\n", r"layout before 2022"),
        ("a.txt", STRICT, r"a\.txt is no PrefLib file.*\.soc, \.soi, \.toc, \.toi"),
    ],
)
def test_a_file_that_is_not_so_is_refused_with_line_and_offender(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    with pytest.raises(PalaestraError, match=message):
        read_preflib(written(tmp_path, text, name))


def test_a_file_that_is_missing_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PalaestraError, match="There is no profile"):
        read_preflib(tmp_path / "nothing.soc")
    (tmp_path / "bytes.soc").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PalaestraError, match=r"bytes\.soc cannot be read"):
        read_preflib(tmp_path / "bytes.soc")


# --- ratings

TABLE = """userId,movieId,rating,timestamp
1,10,5,0
1,20,3,0
1,30,3,0
2,10,2,0
2,20,4.5,0
3,20,1,0
3,10,4,0
3,40,5,0
3,30,4,0
"""


def test_ratings_become_rankings_of_what_is_rated_most_by_those_who_rated_enough(tmp_path: Path) -> None:
    path = written(tmp_path, TABLE, "ratings.csv")
    two = read_ratings(path, options=2)
    assert two.options == ("10", "20") and two.evaluators == 3
    assert two.preference(exact=True)[0, 1] == Fraction(2, 3)
    three = read_ratings(path, options=3)
    assert three.options == ("10", "20", "30") and three.evaluators == 2  # user 2 did not rate 30
    assert three.preference(exact=True)[1, 2] == Fraction(1, 4)  # a tie of user 1, and user 3
    assert three.preference(exact=True)[0, 2] == Fraction(3, 4)


def test_what_was_not_rated_comes_last_or_at_its_mean_as_asked(tmp_path: Path) -> None:
    path = written(tmp_path, TABLE, "ratings.csv")
    last, mean = (read_ratings(path, 3, least=2, missing=how) for how in ("last", "mean"))
    assert last.evaluators == mean.evaluators == 3
    # User 2 rated 10 with 2 and 20 with 4.5; 30 has the mean 3.5.
    assert last.preference(exact=True)[0, 2] - mean.preference(exact=True)[0, 2] == Fraction(1, 3)
    assert last.preference(exact=True)[1, 2] == mean.preference(exact=True)[1, 2] == HALF


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("userId,movieId,stars\n1,2,3\n", 2, r"line 1: the column 'rating' is missing; .*userId, movieId, stars"),
        ("", 2, r"line 1: the column 'userId' is missing; the columns are none"),
        (TABLE.replace("2,10,2,0", "2,10,good,0"), 2, r"line 5: the rating 'good' is not a number"),
        (TABLE.replace("2,10,2,0", "2,10,nan,0"), 2, r"line 5: the rating 'nan'"),
        (TABLE.replace("2,10,2,0", "2,10,2"), 2, r"line 5: 3 values for 4 columns"),
        (TABLE.replace("2,10,2,0", ",10,2,0"), 2, r"line 5: the userId is empty"),
        (TABLE.replace("1,20,3,0", "1,10,3,0"), 2, r"line 3: the user '1' rated '10' in line 2 already"),
        (TABLE, 5, r"ratings of 4 items; options=5"),
        ("userId,movieId,rating\n1,10,1\n2,20,1\n", 2, r"nobody rated 2 of the 2"),
        (TABLE, 1, r"options=1, least=None is not allowed"),
    ],
)
def test_a_table_that_is_no_table_of_ratings_is_refused_with_line_and_offender(
    tmp_path: Path, text: str, options: int, message: str
) -> None:
    with pytest.raises(PalaestraError, match=message):
        read_ratings(written(tmp_path, text, "ratings.csv"), options)
