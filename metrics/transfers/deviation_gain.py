"""Deviation gain: the most that one player could have gained by a deviation in the last round of a transfer game.

The metrics of this family differ in the deviations that count:

- `base_deviation_gain`: the most that one player gains in the last round by another action, without transfers. 0 means
  that the joint action was a Nash equilibrium of the base game, so that no transfers were needed.
- `agent_normal_form_gain`: the most that one player gains in the last round by withholding promises or by another
  action. Its two stages count as two agents, and one agent deviates at a time. The players from whom it withholds then
  play a best response in the base game (the canonical threat). 0 means that the last round was an equilibrium of the
  agent normal form.
- `augmented_gain`: the most that one player gains in the last round by withholding promises and another action at once.
  The player controls both of its stages and plays the best action against the threats that follow. 0 means that the
  last round was an equilibrium of the whole two-stage game.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError, UnknownName
from ...core.metric import Example, Metric, Witness, trace_of
from ...core.traces.trace import Trace
from ...theory.games import Game, NormalFormGame, deviation
from ...theory.games.strategies import best_actions, legal_actions, pure_strategies
from ...theory.games.transfer_contract import TransferContract
from ..one_lane import one_lane
from .deviation_witness import deviation_witness


def deviation_gain(game: Literal["base", "agent_normal_form", "augmented"] = "augmented") -> Metric:
    """A metric of the family.

    Args:
        game: The game in which a player deviates: the base game, the agent normal form of the game with transfers, or
            the game with transfers itself ("augmented").
    """
    if game not in _GAMES:
        raise UnknownName("game of deviation_gain", game, _GAMES)
    return Metric(
        "deviation_gain",
        _GAMES[game].gain,
        better="lower",
        unit="payoff",
        meaning=_GAMES[game].meaning,
        optimum=0.0,
        witness=_GAMES[game].witness,
        examples=_GAMES[game].examples,
    )


def played_contract(trace: Trace) -> tuple[Game, TransferContract]:
    """Read the contract of the last round in every lane.

    The profile is the joint action that was played. The prices are the promises: an amount and a target action make a
    price on that action only. A trace does not say what others would have done had a promise been withheld, so the
    threats are the canonical ones: a best response in the base game to the others' play (the lowest index among ties).
    Where players mix, this judges the actions that were drawn, not the mixture.

    Args:
        trace: Of `TransferGame-v0`, whole (see `palaestra.replay`).

    Returns:
        The lanes' base games and the contract.

    Raises:
        PalaestraError: A trace of another game, or one without its instance.
    """
    if trace.instance is None or not all(
        isinstance(a, dict) and {"amounts", "play"} <= a.keys() for a in trace.actions
    ):
        raise PalaestraError(
            "This is no whole trace of a transfer game: its instance, `amounts` and `play` are needed."
        )
    game: Game = trace.instance
    n, most = game.num_players, game.most_actions
    play = np.stack([action["play"][-1] for action in trace.actions], axis=1)
    prices = np.stack([np.asarray(action["amounts"][-2], np.float64) for action in trace.actions], axis=1)
    if "targets" in trace.actions[0]:
        targets = np.stack([action["targets"][-2] for action in trace.actions], axis=1)
        prices = prices[..., None] * (targets[..., None] == np.arange(most))
    prices = prices * ~np.eye(n, dtype=bool)[:, :, None]
    profile = pure_strategies(play, most)
    threats = best_actions(game.action_values(profile), legal_actions(game))
    return game, TransferContract(profile, prices, threats)


def _base(trace: Trace) -> Array:
    game, contract = played_contract(trace)
    return deviation.base_deviation_gain(game, contract.profile)


def _base_witness(trace: Trace, lane: int) -> Witness:
    """The best deviation of one player, looked up in the base game's table."""
    game, contract = played_contract(one_lane(trace, lane))
    play = list(contract.profile.argmax(-1).T)
    payoffs, best = game.payoffs_at(play), Witness("no player gains by another action alone", 0.0)
    for player, count in enumerate(game.num_actions):
        for action in range(count):
            deviated = [*play[:player], np.array([action]), *play[player + 1 :]]
            gain = float(game.payoffs_at(deviated)[player][0] - payoffs[player][0])
            if gain > best.value + 1e-12:
                best = Witness(f"player_{player} gains {gain:.4g} by action {action}", gain)
    return best


def _agent_normal_form(trace: Trace) -> Array:
    return deviation.agent_normal_form_gain(*played_contract(trace))


def _agent_normal_form_witness(trace: Trace, lane: int) -> Witness:
    return deviation_witness(*played_contract(one_lane(trace, lane)), at_once=False)


def _augmented(trace: Trace) -> Array:
    return deviation.augmented_gain(*played_contract(trace))


def _augmented_witness(trace: Trace, lane: int) -> Witness:
    return deviation_witness(*played_contract(one_lane(trace, lane)), at_once=True)


def _dilemma(promised_by_0: float, promised_by_1: float) -> Trace:
    """Both cooperate in the prisoner's dilemma (3, 0, 5, 1) after promises to pay for cooperation."""
    game = NormalFormGame.of([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    targets, play = np.zeros((2, 1, 2), int), np.array([[0], [0]])
    first = {"amounts": np.array([[[0.0, promised_by_0]], [[0.0, 0.0]]]), "targets": targets, "play": play}
    second = {"amounts": np.array([[[promised_by_1, 0.0]], [[0.0, 0.0]]]), "targets": targets, "play": play}
    return trace_of((first, second), instance=game)


def _withholding() -> Trace:
    """Player_1 promises 1 for action 0, and both play it."""
    game = NormalFormGame.of([[[0, 0], [1, -1]], [[3, 2.5], [1, 2.9]]])
    targets, play = np.zeros((2, 1, 2), int), np.array([[0], [0]])
    first = {"amounts": np.zeros((2, 1, 2)), "targets": targets, "play": play}
    second = first | {"amounts": np.array([[[1.0, 0.0]], [[0.0, 0.0]]])}
    return trace_of((first, second), instance=game)


class _Deviation(NamedTuple):
    """What one game counts as a deviation."""

    gain: Callable[[Trace], Array]
    witness: Callable[[Trace, int], Witness]
    meaning: str
    examples: tuple[Example, ...]


_GAMES = {
    "base": _Deviation(
        _base,
        _base_witness,
        "The most that one player could have gained in the last round by another action, without transfers.",
        # A defector would earn 5 instead of 3, whatever was promised.
        (Example(lambda: _dilemma(0.0, 0.0), [2.0]), Example(lambda: _dilemma(0.0, 2.0), [2.0])),
    ),
    "agent_normal_form": _Deviation(
        _agent_normal_form,
        _agent_normal_form_witness,
        "The most that one player could have gained in the last round by withholding promises or by another action.",
        # A defector gains 2. Promises of 2 make it indifferent; 3.5 is more than the other's cooperation is worth.
        (
            Example(lambda: _dilemma(0.0, 0.0), [2.0]),
            Example(lambda: _dilemma(2.0, 2.0), [0.0]),
            Example(lambda: _dilemma(3.5, 3.5), [0.5]),
        ),
    ),
    "augmented": _Deviation(
        _augmented,
        _augmented_witness,
        "The most that one player could have gained in the last round by withholding promises and another action at "
        "once.",
        # Player_1 earns 3 - 1 = 2, and 2.9 when it withholds its promise and plays action 1 against action 1.
        (Example(_withholding, [2.9 - 2.0]),),
    ),
}
