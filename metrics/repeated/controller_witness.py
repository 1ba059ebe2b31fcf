"""The witness of a regret against comparators that change their map: when they change it, and to which map."""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.metric import Witness
from ...core.traces.trace import Trace
from ...theory.repeated.interaction import Interaction
from ..one_lane import one_lane
from .map_witness import strategy_name
from .repeated_trace import problem_of


class Controller(NamedTuple):
    """When to change the map, and to which map.

    Attributes:
        taken: int64 (rounds, lanes, changes left, states): the map to change to, if the map is changed here.
        takes: Boolean (rounds, lanes, changes left, maps, states): whether it is changed; a change leaves one fewer.
    """

    taken: Array
    takes: Array


def controller_witness(trace: Trace, lane: int, switches: int | None, block: int, words: str) -> Witness:
    """The regret against the best controller of a lane, found by backward induction and then played forwards.

    Args:
        trace: Of a repeated game whose maps are known.
        lane: Which lane.
        switches: The most changes, at any time; None: one at the start of every block.
        block: Rounds of a block.
        words: The text, with {first} for the first map, {print} for the controller's fingerprint, and {value}.
    """
    problem, own, others = problem_of(one_lane(trace, lane))
    maps = problem.pure_maps()
    controller = _best(problem, others, maps, switches, block)
    opening = maps[controller.taken[0, 0, -1, problem.memory.start]].argmax(-1)
    digest = blake2b(controller.taken.tobytes() + controller.takes.tobytes(), digest_size=6)
    earned = ordered_sum(problem.payoffs_of(own, others), 0)
    value = float((_played(problem, others, maps, controller) - earned)[0]) / trace.steps
    name = strategy_name(opening, problem.memory)
    return Witness(words.format(first=name, print=f"#{digest.hexdigest()}", value=f"{value:.4g}"), value)


def _best(problem: Interaction, others: Array, maps: Array, switches: int | None, block: int) -> Controller:
    """Dynamic programming over (changes left, current map, history), as in `theory.repeated.comparators`.

    Unlike there, the decisions are kept.
    """
    rounds, lanes, states = others.shape[:3]
    left = 1 if switches is None else switches + 1
    taken = np.zeros((rounds, lanes, left, states), np.int64)
    takes = np.zeros((rounds, lanes, left, len(maps), states), bool)
    value = np.zeros((lanes, left, len(maps), states))
    for t in reversed(range(rounds)):
        now = ordered_sum(maps * problem.stage(others[t])[:, None])
        chances = problem.chances(maps, others[t, :, None])
        value = now[:, None] + ordered_sum(chances[:, None] * problem.following(value))
        chosen, best = value.argmax(2), value.max(2, keepdims=True)
        if t == 0 or (switches is None and t % block == 0):
            taken[t], takes[t] = chosen, True
            value = np.broadcast_to(best, value.shape).copy()
        elif switches is not None:
            # With k changes left, a change leads to the best map with k - 1 left.
            taken[t, :, 1:], takes[t, :, 1:] = chosen[:, :-1], value[:, 1:] < best[:, :-1]
            value[:, 1:] = np.maximum(value[:, 1:], best[:, :-1])
    return Controller(taken, takes)


def _played(problem: Interaction, others: Array, maps: Array, controller: Controller) -> Array:
    """A controller's total payoff, from the distribution over (changes left, current map, history): (lanes,)."""
    rounds, lanes, left, states = controller.taken.shape
    law = np.zeros((lanes, left, len(maps), states))
    law[:, -1, 0] = problem.start(lanes)
    total = np.zeros(lanes)
    costs_one = left > 1
    for t in range(rounds):
        going = np.where(controller.takes[t], law, 0.0)
        moved = ordered_sum(np.moveaxis(going, 2, -1))
        law = law - going
        here = controller.taken[t][:, :, None] == np.arange(len(maps))[:, None]
        arriving = np.where(here, moved[:, :, None], 0.0)
        if costs_one and t > 0:
            law[:, :-1] += arriving[:, 1:]
        else:
            law = law + arriving
        now = ordered_sum(maps * problem.stage(others[t])[:, None])
        total = total + ordered_sum((law * now[:, None]).reshape(lanes, -1))
        law = problem.advance(law, problem.chances(maps, others[t, :, None])[:, None])
    return total
