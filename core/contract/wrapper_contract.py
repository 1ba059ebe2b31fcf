"""The contract of a wrapper: its neutral setting changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import ordered_sum
from ..rules import Rules
from .case import Case
from .compare import first_difference, same
from .environment_contract import CLAUSES as OF_AN_ENVIRONMENT
from .episode import Episode, play, random_actions
from .report import Clause, Report, broken, judge

NEUTRAL = "let the neutral setting pass everything through unchanged."
ActionsOfStage = Callable[[tuple[Any, ...], int], tuple[Any, ...]]


@dataclass
class Pair:
    """A game, and the same game in a wrapper at its neutral setting."""

    plain: Callable[[], Rules[Any]]
    wrapped: Callable[[], Rules[Any]]
    actions: ActionsOfStage | None
    stages: int
    seeds: tuple[int, ...]

    def episodes(self) -> tuple[Episode, Episode]:
        """Both, under the same random actions."""
        rules = self.plain()
        act, steps = random_actions(rules, self.seeds), rules.facts.horizon
        translate = self.actions or (lambda actions, stage: actions)
        one = play(rules, self.seeds, steps, actions=act)
        other = play(
            self.wrapped(),
            self.seeds,
            steps * self.stages,
            actions=lambda step: translate(act(step // self.stages), step % self.stages),
        )
        return one, other


def neutral_setting_changes_nothing(case: Pair) -> None:
    """Under the same actions the wrapped game pays (and shows, step for step) what the plain game does."""
    plain, wrapped = case.episodes()
    if case.actions is None and case.stages == 1:
        same(wrapped, plain, NEUTRAL)
        return
    paid: dict[tuple[int, str], list[Any]] = {}
    for one in wrapped.of("reward"):
        paid.setdefault((one.step // case.stages, one.player), []).append(one.values)
    for one in plain.of("reward"):
        got = ordered_sum(np.stack(paid.get((one.step, one.player), [np.full_like(one.values, np.nan)])), 0)
        lane = first_difference(got, one.values)
        if lane is not None:
            raise broken(
                "the wrapped game pays different rewards.",
                NEUTRAL,
                player=one.player,
                lane=lane,
                step=one.step,
                got=float(got[lane]),
                expected=float(one.values[lane]),
            )


def the_wrapped_game_keeps_the_contract_of_an_environment(case: Pair) -> str | None:
    """The wrapped game is an environment like any other."""
    report = judge("the wrapped game", OF_AN_ENVIRONMENT, Case(case.wrapped, case.seeds))
    return "; ".join(report.notes) or None


CLAUSES: tuple[Clause[Pair], ...] = (
    neutral_setting_changes_nothing,
    the_wrapped_game_keeps_the_contract_of_an_environment,
)


def check_wrapper(
    make_plain: Callable[[], Rules[Any]],
    make_wrapped: Callable[[], Rules[Any]],
    *,
    actions: ActionsOfStage | None = None,
    stages: int = 1,
    name: str = "the wrapper",
    seeds: Sequence[int] = (3, 4, 1_000_003, 5),
) -> Report:
    """Whether a wrapper at its neutral setting changes nothing, and makes an environment that keeps its contract.

    Args:
        make_plain: Makes the game.
        make_wrapped: Makes the game in the wrapper at its neutral setting.
        actions: (plain actions of all players, stage) -> actions of the wrapped game; None: they are the same.
        stages: Steps of the wrapped game for one of the plain game; their rewards add up.
        name: For the messages.
        seeds: The lanes.

    Raises:
        ContractBroken: The first clause that does not hold.
    """
    return judge(name, CLAUSES, Pair(make_plain, make_wrapped, actions, stages, tuple(seeds)))
