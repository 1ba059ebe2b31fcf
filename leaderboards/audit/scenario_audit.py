"""The trivial agents of one scenario."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from .action_table import flat_names
from .audit_setting import AuditSetting
from .best_open_loop import best_open_loop
from .best_reactive_rule import best_reactive_rule
from .constant_actions import constant_actions
from .open_loop import OpenLoop
from .random_play import RandomPlay
from .reactive_rule import ReactiveRule, Rule

WATCHED = 60
"""Steps of random play in which observations are looked at before rules are cut."""


@dataclass(frozen=True)
class Size:
    """How much an audit plays.

    Attributes:
        seeds: Lanes of each scenario on which every agent is measured.
        search_seeds: Other lanes, on which what is to be measured is chosen.
        generations: Of each search, after the first.
        children: Members of each generation.
    """

    seeds: int = 48
    search_seeds: int = 32
    generations: int = 4
    children: int = 32

    def __post_init__(self) -> None:
        if self.seeds < 2 or self.search_seeds < 1 or self.generations < 0 or self.children < 1:
            raise PalaestraError(
                f"{self}: an audit needs at least 2 seeds (an interval is of several), a search seed and a child, and "
                "no negative number of generations."
            )


class Played(NamedTuple):
    """An agent and what it scored.

    Attributes:
        agent: In words.
        scores: (seeds,).
    """

    agent: str
    scores: Array


def audit_scenario(setting: AuditSetting, size: Size, sign: float, tell: Callable[[str], None]) -> dict[str, Played]:
    """Kind -> what was played, and its scores on the test seeds.

    Args:
        setting: The scenario; where the learner takes several seats, the same agent sits in all of them, and actions
            are numbered by the space of the first.
        size: How much.
        sign: 1 where a higher metric is better, else -1.
        tell: Called with what runs now.
    """
    from ... import rules

    made = rules(setting.env_id, **setting.options)
    seat = made.facts.players.index(setting.learners[0])
    constants = constant_actions(made.action_spaces[seat])
    found, test = setting.seeds("search", size.search_seeds), setting.seeds("test", size.seeds)

    def sequences(members: Sequence[tuple[int, ...]]) -> Array:
        return sign * setting.score_each(OpenLoop, members, found)

    def rulings(members: Sequence[Rule]) -> Array:
        return sign * setting.score_each(ReactiveRule, members, found)

    tell(f"random play in {setting.scenario}")
    played = {"random": Played("uniform over the space", setting.score(RandomPlay(), test))}
    tell(f"{len(constants)} constant actions in {setting.scenario}")
    single = [(k,) for k in range(len(constants))]
    known, fresh = sequences(single).mean(axis=1), setting.score_each(OpenLoop, single, test)
    worst, best = int(np.argmin(known)), int(np.argmax(known))
    played["constant, worst"] = Played(constants[worst].label, fresh[worst])
    played["constant, best"] = Played(constants[best].label, fresh[best])
    hindsight = (sign * fresh).max(axis=0)
    played["best fixed"] = Played(f"the best of {len(constants)} for each lane", sign * hindsight)
    tell(f"blind search in {setting.scenario}")
    sequence = best_open_loop(sequences, len(constants), made.facts.horizon, size.generations, size.children)
    played["blind"] = Played(_steps(sequence, constants), setting.score(OpenLoop([sequence]), test))
    tell(f"memoryless search in {setting.scenario}")
    seen = _watched(setting, found)
    rule = best_reactive_rule(rulings, seen, len(constants), size.generations, size.children)
    names = flat_names(made.observation_spaces[seat])
    played["memoryless"] = Played(_ruled(rule, names, constants), setting.score(ReactiveRule([rule]), test))
    return played


def _watched(setting: AuditSetting, seeds: Sequence[int]) -> Array:
    """What the first learner sees while everybody plays at random."""
    from ... import run

    watcher = RandomPlay(keep=WATCHED)
    seats = {seat: watcher if k == 0 else RandomPlay() for k, seat in enumerate(setting.learners)}
    run(setting.env_id, {**setting.seats, **seats}, seeds, options=setting.options)
    return np.stack(watcher.seen)


def _steps(sequence: Sequence[int], constants: Sequence[tuple[str, object]]) -> str:
    return " then ".join(constants[k][0] for k in sequence)


def _ruled(rule: Rule, names: Sequence[str], constants: Sequence[tuple[str, object]]) -> str:
    if not rule.edges:
        return f"always {constants[rule.choices[0]][0]}"
    ends = [f"up to {edge:.3g}" for edge in rule.edges] + ["above"]
    cells = ", ".join(f"{end}: {constants[k][0]}" for end, k in zip(ends, rule.choices, strict=True))
    return f"by {names[rule.number]}: {cells}"
