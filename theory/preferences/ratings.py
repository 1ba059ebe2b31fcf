"""Reading a table of ratings in the layout of MovieLens as a profile of rankings."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np

from ...core.errors import PalaestraError
from .profile import Profile

COLUMNS = ("userId", "movieId", "rating")


def read_ratings(
    path: str | Path, options: int = 20, least: int | None = None, missing: Literal["last", "mean"] = "last"
) -> Profile:
    """A profile of the evaluators who rated enough of the most rated items.

    Layout: ratings.csv of MovieLens (Harper and Konstan, ACM TiiS 5(4), 2015): `userId,movieId,rating`; other columns
    are ignored. arXiv 2506.05619 does not state which release and filter gave its 1,297 evaluators and 20 movies; this
    is our choice:

    1. The options are the items with most ratings; ties go to the one that the file names first.
    2. The evaluators are those who rated at least `least` of them; each ranks by rating. Equal ratings are ties.
    3. An option that an evaluator did not rate comes after all that they rated, level with the others they did not
       rate ("last"), or where the mean of its ratings by all would put it ("mean").

    Args:
        path: A .csv file.
        options: M, at least 2.
        least: How many of the options an evaluator must have rated, from 1 to M; default: all.
        missing: See step 3.

    Raises:
        PalaestraError: Missing columns, a rating that is not a number, an item rated twice by the same evaluator, too
            few items, or no evaluator who rated enough; names the line and the offending text.
    """
    path = Path(path)
    needed = options if least is None else least
    if options < 2 or not 1 <= needed <= options:
        raise PalaestraError(
            f"options={options!r}, least={least!r} is not allowed: 2 <= options, 1 <= least <= options."
        )
    if missing not in ("last", "mean"):
        raise PalaestraError(f"missing={missing!r} is not allowed. Allowed: 'last', 'mean'.")
    given: dict[str, dict[str, float]] = defaultdict(dict)
    lines: dict[tuple[str, str], int] = {}
    for at, user, item, rating in _rows(path):
        if (user, item) in lines:
            raise PalaestraError(
                f"{path.name}, line {at}: the user {user!r} rated {item!r} in line {lines[user, item]} already."
            )
        lines[user, item] = at
        given[item][user] = rating
    if len(given) < options:
        raise PalaestraError(f"{path.name} has ratings of {len(given)} items; options={options} needs as many.")
    items = sorted(given, key=lambda item: -len(given[item]))[:options]
    rated = Counter(user for item in items for user in given[item])
    users = [user for user, count in rated.items() if count >= needed]
    if not users:
        raise PalaestraError(
            f"{path.name}: nobody rated {needed} of the {options} items that are rated most; at most "
            f"{max(rated.values())} were. Lower `least` or `options`."
        )
    score = np.array([[given[item].get(user, np.nan) for item in items] for user in users])
    mean = [np.mean([given[item][user] for user in sorted(given[item])]) for item in items]
    filled = np.where(np.isnan(score), -np.inf if missing == "last" else np.array(mean), score)
    # Rank of an option: how many are better; equal ratings have equal ranks.
    ranks = (filled[:, None, :] > filled[:, :, None]).sum(-1)
    kinds, counts = np.unique(ranks, axis=0, return_counts=True)
    return Profile(path.name, tuple(items), kinds.astype(np.int64), counts.astype(np.int64))


def _rows(path: Path) -> Iterator[tuple[int, str, str, float]]:
    """(line, user, item, rating)."""
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file)
            header = [name.strip() for name in next(reader, [])]
            absent = [name for name in COLUMNS if name not in header]
            if absent:
                raise PalaestraError(
                    f"{path.name}, line 1: the column {absent[0]!r} is missing; the columns are "
                    f"{', '.join(header) or 'none'}. A table of ratings needs {', '.join(COLUMNS)}."
                )
            user, item, rating = (header.index(name) for name in COLUMNS)
            for row in reader:
                if not row:
                    continue
                if len(row) != len(header):
                    raise PalaestraError(
                        f"{path.name}, line {reader.line_num}: {len(row)} values for {len(header)} columns."
                    )
                yield (
                    reader.line_num,
                    _name(path, reader.line_num, row[user]),
                    row[item].strip(),
                    _number(path, reader.line_num, row[rating]),
                )
    except FileNotFoundError as error:
        raise PalaestraError(f"There are no ratings at {str(path)!r}.") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise PalaestraError(f"{path.name} cannot be read: {error}.") from error


def _name(path: Path, at: int, text: str) -> str:
    if not text.strip():
        raise PalaestraError(f"{path.name}, line {at}: the userId is empty.")
    return text.strip()


def _number(path: Path, at: int, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise PalaestraError(f"{path.name}, line {at}: the rating {text!r} is not a number.")
    return value
