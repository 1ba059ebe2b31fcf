"""Clauses on `Rules.facts`: the declared facts are true."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from ..arrays import Array, backend, ordered_sum, to_numpy
from ..randomness import Draw, LaneKeys, as_seeds, episode_keys, lane_keys
from .case import Case
from .compare import first_difference
from .episode import copies, leaves
from .report import broken


def players_are_named_as_declared(case: Case) -> None:
    """Seats are named like player_0, each once, each with its spaces; a single-learner game has one seat."""
    rules, facts = case.rules, case.rules.facts
    for player in facts.players:
        if not re.fullmatch("[a-z]+_[0-9]+", player):
            raise broken("the seat's name is not allowed.", "name seats like player_0.", player=player)
    if len(set(facts.players)) != len(facts.players) or not facts.players:
        raise broken("a seat is named twice, or there are no seats.", "name every seat once.", got=facts.players)
    for what, given in (("observation", rules.observation_spaces), ("action", rules.action_spaces)):
        if len(given) != len(facts.players):
            raise broken(f"{len(given)} {what} spaces for {len(facts.players)} seats.", "give one per seat, in order.")
    if rules.single and len(facts.players) != 1:
        raise broken("single is True with several seats.", "set single = False, or keep one seat.", got=facts.players)
    if unknown := facts.partners.keys() - set(facts.players):
        raise broken(f"partners names seats that do not exist: {sorted(unknown)}.", f"use {facts.players}.")
    if facts.horizon < 1:
        raise broken("the horizon is not allowed.", "declare 1 step or more.", got=facts.horizon, expected=">= 1")
    if facts.optimum not in ("exact", "bound", "none"):
        allowed = "'exact', 'bound' or 'none'"
        raise broken("the optimum is not allowed.", f"say {allowed}.", got=repr(facts.optimum), expected=allowed)
    if not facts.exact_replay and not facts.replay_note:
        raise broken("exact_replay is False without a replay_note.", "say in it why a replay is not exact.")


def payoff_range_is_true(case: Case) -> None:
    """Every reward lies in facts.payoff_range (to 1e-9 of its size, for rounding)."""
    low, high = case.rules.facts.payoff_range
    slack = 1e-9 * max(1.0, abs(low), abs(high))
    for one in case.first.of("reward"):
        wrong = ~((one.values >= low - slack) & (one.values <= high + slack))
        if wrong.any():
            lane = int(np.flatnonzero(wrong)[0])
            raise broken(
                "the reward is outside facts.payoff_range.",
                "declare the least and the greatest reward of one step.",
                player=one.player,
                lane=lane,
                step=one.step,
                got=float(one.values[lane]),
                expected=f"a number from {low} to {high}",
            )


def zero_sum_is_true(case: Case) -> None:
    """If zero_sum is declared, the rewards of a step add up to 0 (to 1e-9 of their size, for rounding)."""
    if not case.rules.facts.zero_sum:
        return
    rewards: dict[int, list[Array]] = {}
    for one in case.first.of("reward"):
        rewards.setdefault(one.step, []).append(one.values)
    for step, values in rewards.items():
        total = ordered_sum(np.stack(values), 0)
        wrong = np.abs(total) > 1e-9 * max(1.0, float(np.abs(values).max()))
        if wrong.any():
            lane = int(np.flatnonzero(wrong)[0])
            raise broken(
                "the rewards do not add up to zero.",
                "declare zero_sum=False, or make each player's gain another player's loss.",
                lane=lane,
                step=step,
                got=float(total[lane]),
                expected="0",
            )


def lanes_end_when_declared(case: Case) -> str | None:
    """With facts.lockstep no lane ends before facts.horizon; without it, some lane does. All have ended by then."""
    facts = case.rules.facts
    seen, ends, ended_early = _walk(case), False, False
    for step, ended in seen:
        if facts.lockstep and ended is not None:
            expected = step + 1 == facts.horizon
            wrong = to_numpy(ended) != expected
            if wrong.any():
                raise broken(
                    "step says that the lane has ended or not, against facts.horizon and facts.lockstep.",
                    "return ended=None if all lanes end at the horizon; otherwise declare lockstep=False, and a "
                    "horizon that no lane exceeds.",
                    lane=int(np.flatnonzero(wrong)[0]),
                    step=step,
                    got=not expected,
                    expected=expected,
                )
        ends = ends or ended is not None
        ended_early = ended_early or (ended is not None and bool(ended.any()) and step + 1 < facts.horizon)
    if facts.lockstep or ended_early:
        return None
    if not ends:
        raise broken(
            "lockstep is declared False, but step never says which lanes ended.",
            "return Outcome(..., ended=mask), or declare lockstep=True.",
        )
    return "no lane ended before the horizon under random play"


def stochastic_is_true(case: Case) -> None:
    """Other random numbers change a step (same state, same actions) only where stochastic is declared."""
    declared = case.rules.facts.stochastic
    differs, drew = _steps_differ(case)
    if differs is not None and not declared:
        step, what, lane = differs
        raise broken(
            f"{what} depends on the numbers drawn in this step, though facts.stochastic is False.",
            "declare stochastic=True, or draw at the start only.",
            lane=lane,
            step=step,
        )
    if declared and differs is None and not drew:
        raise broken(
            "facts.stochastic is True, but no step draws a number.",
            "declare stochastic=False, or draw from the Draw given to step.",
        )


class _Noted(Draw):
    """A draw that notes whether anything was drawn."""

    __slots__ = ("used",)

    def numbers(self, law: str, stream: str, shape: tuple[int, ...], *bounds: float) -> Array:
        """As of a plain draw."""
        self.used = True
        return super().numbers(law, stream, shape, *bounds)


def _steps_differ(case: Case) -> tuple[tuple[int, str, int] | None, bool]:
    """Where another draw changed a step's outcome (step, what, lane), and whether any number was drawn."""
    drew = False
    rules, keys, other = case.make().placed(), *(_keys(case, episode) for episode in (0, 77))
    act, where = case.actions(), backend()
    state = rules.start(Draw(keys, -1, where))
    for step in range(rules.facts.horizon):
        at: Any = step if rules.facts.lockstep else np.full(len(keys), step)
        noted = _Noted(keys, at, where)
        noted.used = False
        following, outcome = rules.step(state, act(step), at, noted)
        drew = drew or noted.used
        anew = rules.step(state, act(step), at, Draw(other, at, where))
        got, expected = copies(tuple(anew)), leaves((following, outcome))
        for path, value in expected.items():
            lane = first_difference(got[path], to_numpy(value))
            if lane is not None:
                return (step, path, lane), drew
        state = following
        if outcome.ended is not None and to_numpy(outcome.ended).any():
            break
    return None, drew


def _keys(case: Case, episode: int) -> LaneKeys:
    return episode_keys(lane_keys(as_seeds(case.seeds), backend()), episode)


def _walk(case: Case) -> list[tuple[int, Any]]:
    """(step, ended) of one episode without autoreset, while no lane has ended."""
    rules, keys, act = case.make().placed(), _keys(case, 0), case.actions()
    state, found = rules.start(Draw(keys, -1, backend())), []
    for step in range(rules.facts.horizon):
        at: Any = step if rules.facts.lockstep else np.full(len(keys), step)
        state, outcome = rules.step(state, act(step), at, Draw(keys, at, backend()))
        found.append((step, outcome.ended))
        if outcome.ended is not None and to_numpy(outcome.ended).any():
            break
    return found


def private_state_is_declared(case: Case) -> str | None:
    """facts.private names fields of the state and who may see each; it is empty where information is public."""
    facts = case.rules.facts
    state = case.rules.start(Draw(_keys(case, 0), -1, backend()))
    fields = leaves(state)
    for name, viewer in facts.private.items():
        if not any(path == name or path.startswith(f"{name}.") for path in fields):
            raise broken(
                f"facts.private names {name!r}, which the state does not have.", f"name one of {sorted(fields)}."
            )
        if viewer not in ("own", "nobody") and viewer not in range(len(facts.players)):
            raise broken(
                f"facts.private[{name!r}] = {viewer!r} is not allowed.",
                "say who may see it: a seat's index, 'own' or 'nobody'.",
            )
    if facts.information == "public" and facts.private:
        raise broken(
            f"information is declared public, but {sorted(facts.private)} is private.",
            "declare information='private', or name no private fields.",
        )
    if facts.information == "private" and not facts.private:
        return "information is private, but no field of the state is named as private: nothing could be tested"
    return None
