"""Preference aggregation at the size of the paper's experiment: 1,297 evaluators who rank 20 options.

Each turn starts from rankings: the profile is counted, every rule makes its policy, and the proportionality level, the
win rate and the Condorcet winner are computed from the exact shares and duels. F* is done in fractions as well. Apart
from that, the search for the best misreport of one group, and how many answers the environment gives a second.

Run: python benchmarks/preference_aggregation.py [--quick] [--cpu-time] [--json | --markdown]
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter, process_time
from typing import Any

import palaestra
from palaestra.benchmarks.report import Report, Row, Settings, command
from palaestra.core.arrays import backend
from palaestra.core.randomness import Draw, lane_keys
from palaestra.theory.preferences.best_misreport import best_misreport
from palaestra.theory.preferences.bradley_terry_rewards import bradley_terry_rewards
from palaestra.theory.preferences.cultures import plackett_luce_mixture
from palaestra.theory.preferences.pairwise import condorcet_winner, proportionality, win_rate
from palaestra.theory.preferences.profile import Profile
from palaestra.theory.preferences.voting_rules import (
    borda_policy,
    copeland_policy,
    level_best,
    maximal_lottery,
    minimax_policy,
    proportional_policy,
)

RULES: dict[str, Callable[[Any], Any]] = {
    "F*": proportional_policy,
    "F^1": partial(proportional_policy, beta=1.0),
    "F^10": partial(proportional_policy, beta=10.0),
    "Borda": borda_policy,
    "Bradley-Terry": lambda preference: level_best(bradley_terry_rewards(preference)),
    "maximal lottery": maximal_lottery,
    "minimax": minimax_policy,
    "Copeland": copeland_policy,
}


def drawn_profile(evaluators: int, options: int, seed: int) -> Profile:
    """A Plackett-Luce mixture of six types."""
    draw = Draw(lane_keys([seed], backend()), -1, backend())
    ranks = plackett_luce_mixture(options, evaluators, 6, 2.0, draw)[0]
    return Profile("drawn", tuple(map(str, range(options))), ranks, ranks[:, 0] * 0 + 1)


def judge_all(profile: Profile) -> list[Any]:
    """All rules with exact metrics, and F* with both metrics in fractions."""
    fresh = Profile(profile.name, profile.options, profile.ranks, profile.counts)  # nothing counted yet
    duels, shares = fresh.preference(), fresh.shares()
    policies = [rule(duels) for rule in RULES.values()]
    found: list[Any] = [(proportionality(policy, shares), win_rate(policy, duels)) for policy in policies]
    duels, shares = fresh.preference(exact=True), fresh.shares(exact=True)
    policy = proportional_policy(duels)
    return [*found, proportionality(policy, shares), win_rate(policy, duels), condorcet_winner(duels)]


def measure(settings: Settings) -> list[Report]:
    """The table of preference aggregation."""
    evaluators, options = (97, 6) if settings.quick else (1297, 20)
    lanes, rounds = (20, 10) if settings.quick else (1000, 50)
    clock = process_time if settings.cpu_time else perf_counter
    profile = drawn_profile(evaluators, options, 0)

    def seconds(work: Callable[[], Any], turns: int) -> float:
        taken = []
        for _ in range(turns):
            started = clock()
            work()
            taken.append(clock() - started)
        return median(taken)

    whole = seconds(lambda: judge_all(profile), settings.turns)
    group = int(profile.shares().argmax())
    turns = min(settings.turns, 3)
    search = {name: seconds(partial(best_misreport, RULES[name], profile, group), turns) for name in ("F*", "Borda")}
    played = seconds(
        lambda: palaestra.run("PreferenceAggregation-v0", "FStar", range(lanes), options={"horizon": rounds}), turns
    )
    rows = (
        Row(f"all {len(RULES)} rules with exact metrics, from rankings", whole, "s", 1.0, "lower"),
        Row("best misreport of the largest group, F*", search["F*"], "s", None, "lower"),
        Row("best misreport of the largest group, Borda", search["Borda"], "s", None, "lower"),
        Row("answers to F* in the environment", lanes * rounds * 10 / played, "1/s"),
    )
    title = f"Preference aggregation: {evaluators:,} evaluators, {options} options"
    return [Report(title, rows, f"A Plackett-Luce mixture; the environment with {lanes:,} lanes of 6 options.")]


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    command(measure, __doc__ or "", arguments)


if __name__ == "__main__":
    main()
