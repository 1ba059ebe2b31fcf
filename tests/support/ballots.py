"""Ballots counted by hand, in fractions: what tests of preference aggregation compare the package with."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from palaestra.theory.preferences.profile import Profile

Ranking = tuple[int, ...]
Votes = dict[Ranking, Fraction]
"""A profile: ranking, best first -> share of the evaluators."""

HALF = Fraction(1, 2)


def votes_of(**shares: Fraction | str) -> Votes:
    """`votes_of(abc="1/2", cba="1/2")`."""
    return {tuple("abcdefgh".index(letter) for letter in word): Fraction(share) for word, share in shares.items()}


def duels(votes: Votes) -> Any:
    """P in fractions, counted ballot by ballot."""
    size = len(next(iter(votes)))
    counted = np.array([[HALF if i == j else Fraction(0) for j in range(size)] for i in range(size)], dtype=object)
    for ranking, share in votes.items():
        for at, better in enumerate(ranking):
            for worse in ranking[at + 1 :]:
                counted[better, worse] += share
    return counted


def tops(votes: Votes) -> list[Fraction]:
    size = len(next(iter(votes)))
    return [sum((s for r, s in votes.items() if r[0] == k), Fraction(0)) for k in range(size)]


def bounds(duel: Any) -> list[Fraction]:
    """u_i = min over the others of P(i > j)."""
    return [min(duel[i][j] for j in range(len(duel)) if j != i) for i in range(len(duel))]


def level(policy: Any, shares: list[Any]) -> Any:
    return min(policy[k] / shares[k] for k in range(len(shares)) if shares[k] > 0)


def random_votes(size: int, ballots: int, draw: random.Random) -> Votes:
    votes: Votes = {}
    for _ in range(ballots):
        ranking = tuple(draw.sample(range(size), size))
        votes[ranking] = votes.get(ranking, Fraction(0)) + draw.randint(1, 9)
    whole = sum(votes.values())
    return {ranking: share / whole for ranking, share in votes.items()}


def profiles(count: int = 60) -> Iterator[Votes]:
    draw = random.Random(20)
    for _ in range(count):
        yield random_votes(draw.randint(2, 6), draw.randint(1, 9), draw)


def misreported(votes: Votes, group: int, report: Ranking) -> Votes:
    told: Votes = {}
    for ranking, share in votes.items():
        said = report if ranking[0] == group else ranking
        told[said] = told.get(said, Fraction(0)) + share
    return told


def ballots(profile: Profile) -> list[tuple[int, ...]]:
    """One strict ranking an evaluator, best first."""
    return [
        tuple(sorted(range(len(ranks)), key=lambda i, own=ranks: own[i]))  # type: ignore[misc]
        for ranks, count in zip(profile.ranks.tolist(), profile.counts.tolist(), strict=True)
        for _ in range(count)
    ]


def random_profiles(count: int, most: int = 4, seed: int = 0) -> list[Profile]:
    draw, found = random.Random(seed), []
    for _ in range(count):
        size = draw.randint(2, most)
        rankings = list({tuple(draw.sample(range(size), size)) for _ in range(draw.randint(1, 5))})
        found.append(Profile.of(rankings, [draw.randint(1, 4) for _ in rankings]))
    return found
