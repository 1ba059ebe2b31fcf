"""Our rules against those of pref_voting, which lives in an environment of its own because it moves numpy back.

`make isolated` makes that environment from tests/isolated/pref_voting.txt, names its Python in PREF_VOTING_PYTHON, and
runs this file.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from palaestra.theory.preferences.pairwise import condorcet_winner
from palaestra.theory.preferences.profile import Profile
from palaestra.theory.preferences.voting_rules import borda_policy, copeland_policy, maximal_lottery, minimax_policy

PYTHON = os.environ.get("PREF_VOTING_PYTHON", sys.executable)

PROGRAM = """
import json, sys
from pref_voting.margin_based_methods import minimax
from pref_voting.c1_methods import copeland
from pref_voting.probabilistic_methods import maximal_lottery, random_dictator
from pref_voting.profiles import Profile
from pref_voting.scoring_methods import borda

told = []
for rankings, counts in json.load(sys.stdin):
    profile, options = Profile(rankings, counts), range(len(rankings[0]))
    told.append({
        "support": [[int(profile.support(i, j)) if i != j else 0 for j in options] for i in options],
        "borda": [int(i) for i in borda(profile)],
        "copeland": [int(i) for i in copeland(profile)],
        "minimax": [int(i) for i in minimax(profile)],
        "condorcet": -1 if profile.condorcet_winner() is None else int(profile.condorcet_winner()),
        "lottery": [float(maximal_lottery(profile)[i]) for i in options],
        "dictator": [float(random_dictator(profile)[i]) for i in options],
    })
print(json.dumps(told))
"""


def _has_pref_voting() -> bool:
    ask = "import sys, importlib.util; sys.exit(importlib.util.find_spec('pref_voting') is None)"
    try:
        return subprocess.run([PYTHON, "-c", ask], capture_output=True, timeout=60).returncode == 0
    except OSError:
        return False


@pytest.fixture(scope="module")
def compared() -> list[tuple[Profile, dict[str, Any]]]:
    """Forty profiles with odd numbers of evaluators (the maximal lottery is unique), and what is said of them."""
    if not _has_pref_voting():
        pytest.skip("pref_voting is not installed: name a Python that has it in PREF_VOTING_PYTHON")
    draw, votes = random.Random(1), []
    for _ in range(40):
        size = draw.randint(2, 6)
        rankings = list({tuple(draw.sample(range(size), size)) for _ in range(draw.randint(1, 7))})
        counts = [draw.randint(1, 6) for _ in rankings]
        counts[0] += 1 - sum(counts) % 2
        votes.append((rankings, counts))
    done = subprocess.run([PYTHON, "-c", PROGRAM], input=json.dumps(votes), capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr
    return [(Profile.of(*one), told) for one, told in zip(votes, json.loads(done.stdout), strict=True)]


def test_duels_and_shares_are_those_of_pref_voting(compared: list[tuple[Profile, dict[str, Any]]]) -> None:
    for profile, told in compared:
        support = np.array(told["support"]) / profile.evaluators + np.eye(len(profile.options)) / 2
        assert np.allclose(profile.preference(), support, atol=1e-15)
        assert np.allclose(profile.shares(), told["dictator"], atol=1e-12)


@pytest.mark.parametrize(
    ("name", "rule"), [("borda", borda_policy), ("copeland", copeland_policy), ("minimax", minimax_policy)]
)
def test_winners_are_those_of_pref_voting(name: str, rule: Any, compared: list[tuple[Profile, dict[str, Any]]]) -> None:
    for profile, told in compared:
        assert np.flatnonzero(rule(profile.preference(exact=True))).tolist() == told[name]


def test_condorcet_winners_and_maximal_lotteries_are_those_of_pref_voting(
    compared: list[tuple[Profile, dict[str, Any]]],
) -> None:
    """With an odd number of strict rankings the maximal lottery is unique (Laffond, Laslier and Le Breton 1997)."""
    for profile, told in compared:
        assert condorcet_winner(profile.preference()) == told["condorcet"]
        assert np.allclose(maximal_lottery(profile.preference()), told["lottery"], atol=1e-6)
