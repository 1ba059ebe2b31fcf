"""Replaying a trace: its actions are played again, and whatever it claims beside them is compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .agent import Agent, Task, Transition
from .arena import play_episode, rounded
from .arrays import Array, to_numpy
from .errors import IllegalAction, ReplayMismatch
from .recorded_agent import RecordedAgent
from .recorder import Recorder
from .rules import Action, Observation, Rules
from .traces.flat_actions import flat
from .traces.reward_check import differs
from .traces.trace import Trace


def replay(
    rules: Rules[Any],
    trace: Trace,
    tolerance: float = 0.0,
    partners: Mapping[int, Agent] | None = None,
    action_bits: int = 0,
) -> Trace:
    """Play a trace's actions through the rules again.

    Args:
        rules: The game the trace names, freshly built.
        trace: Seeds and actions; rewards are compared where it has them.
        tolerance: Greatest difference of a reward or of a partner's action that is let pass, as a share of the number
            or of 1, whichever is greater (0: to the bit).
        partners: Seat -> agent, freshly made: who sat there and plays along, so that the trace's actions of that seat
            must be its own.
        action_bits: As in `play`, for the partners' actions.

    Returns:
        The trace with rewards and scoring, all recomputed.

    Raises:
        ReplayMismatch: A reward, a length or a partner's action that is not as recomputed; names player, lane and step.
        IllegalAction: An action outside its space.
    """
    if len(trace.actions) != len(rules.facts.players) or not 0 < trace.steps <= rules.facts.horizon:
        raise ReplayMismatch(
            f"The trace has {len(trace.actions)} players and {trace.steps} steps; {trace.env_id} has "
            f"{len(rules.facts.players)} and at most {rules.facts.horizon}."
        )
    # Who sits where: the trace's own actions in every seat, and beside them the partners that are to be compared.
    recorder = Recorder(trace.lanes, trace.steps)
    agents: list[Agent] = [RecordedAgent(actions) for actions in trace.actions]
    for i, partner in (partners or {}).items():
        agents[i] = _PlaysAlong(partner, RecordedAgent(trace.actions[i]), tolerance, action_bits)

    # The same loop as in `play`. Where no partner looks, rules may leave out what only players would see.
    rules.watched = bool(partners)
    try:
        instance = play_episode(rules, agents, trace.seeds, recorder, env_id=trace.env_id)
    except IllegalAction as error:
        _same_rewards(trace, recorder.columns, recorder.steps, tolerance)
        raise IllegalAction(f"Step {recorder.steps}: {error}") from error
    finally:
        rules.watched = True

    # What the trace claims: its steps, its rewards, and how long its lanes last.
    if recorder.steps < trace.steps:
        raise ReplayMismatch(f"The trace goes on after step {recorder.steps - 1}, where every lane has ended.")
    _same_rewards(trace, recorder.columns, trace.steps, tolerance)
    _same_lengths(trace, recorder)
    return recorder.filled(trace, rules, instance)


class _PlaysAlong(Agent):
    """A partner beside its recorded actions: those are played, and they must be the ones that the partner takes.

    Args:
        partner: The agent that is said to have played them, freshly made.
        recorded: The actions.
        tolerance: As in `replay`.
        action_bits: As in `replay`.
    """

    def __init__(self, partner: Agent, recorded: RecordedAgent, tolerance: float, action_bits: int) -> None:
        self.partner, self.recorded = partner, recorded
        self.tolerance, self.action_bits = tolerance, action_bits

    def reset(self, task: Task, lanes: int, seed: Any) -> None:
        """Begin both anew."""
        self.player, self.step, self.over = task.player, 0, np.zeros(lanes, bool)
        self.recorded.reset(task, lanes, seed)
        self.partner.reset(task, lanes, seed)

    def act(self, observation: Observation) -> Action:
        """The recorded actions, once the partner has taken the same."""
        claimed = self.recorded.act(observation)
        self.own = rounded(self.partner.act(observation), self.action_bits)
        _same_action(self.player, self.own, claimed, self.step, self.tolerance, self.over)
        return claimed

    def learn(self, transition: Transition) -> None:
        """The partner learns from the action that it took itself."""
        self.step, self.over = transition.step + 1, transition.terminated.copy()
        self.partner.learn(transition._replace(action=self.own))


def _same_lengths(trace: Trace, recorder: Recorder) -> None:
    """Refuse a lane that has not ended, or not when the trace says."""
    lengths, over = recorder.lengths, recorder.over
    if not over.all() or not (lengths == trace.lengths).all():
        lane = int(np.flatnonzero(~over | (lengths != trace.lengths))[0])
        raise ReplayMismatch(
            f"Lane {lane} lasts {lengths[lane]} steps and has{'' if over[lane] else ' not'} ended; "
            f"the trace says that it ended after {trace.lengths[lane]}."
        )


def _same_action(player: int, own: Any, claimed: Any, step: int, tolerance: float, over: Array) -> None:
    """Refuse a partner's action that the partner does not take, in lanes that have not ended."""
    given, said = flat((own,)), flat((claimed,))
    if given.keys() != said.keys():
        raise ReplayMismatch(f"player_{player}, step {step}: the trace has {sorted(said)}, not {sorted(given)}.")
    for key, value in given.items():
        true, claim = to_numpy(value), said[key]
        if true.shape != claim.shape:
            raise ReplayMismatch(
                f"player_{player}, step {step}: the trace has {claim.shape} numbers, not {true.shape}."
            )
        near = np.abs(claim - true) <= tolerance * np.maximum(1.0, np.abs(true))
        wrong = ~(near.reshape(len(near), -1).all(axis=1) | over)
        if wrong.any():
            lane = int(np.flatnonzero(wrong)[0])
            raise ReplayMismatch(
                f"player_{player}, lane {lane}, step {step}: the trace claims the action {claim[lane]!s}, but the "
                f"partner that sits there plays {true[lane]!s}."
            )


def _same_rewards(trace: Trace, recorded: Mapping[str, Array], steps: int, tolerance: float) -> None:
    """Refuse the first reward, by step, that the rules do not give."""
    found = []
    if trace.check is not None and trace.rewards is None:
        own = [recorded[f"reward:{i}"][:steps] for i in range(len(trace.actions)) if f"reward:{i}" in recorded]
        wrong = differs(trace.check[:steps], own) if own else np.zeros(1, bool)
        if wrong.any():
            step, lane = divmod(int(np.argmax(wrong)), trace.lanes)
            raise ReplayMismatch(
                f"lane {lane}, step {step}: the rules give the rewards {[float(one[step, lane]) for one in own]}, of "
                "which the trace's check is another."
            )
    for i, claim in enumerate(trace.rewards or ()):
        true = recorded.get(f"reward:{i}", claim)[:steps]
        wrong = ~(np.abs(claim[:steps] - true) <= tolerance * np.maximum(1.0, np.abs(true)))
        if wrong.any():
            step, lane = divmod(int(np.argmax(wrong)), trace.lanes)
            found.append((step, i, lane, claim[step][lane], true[step][lane]))
    if found:
        step, i, lane, claimed, given = min(found)
        raise ReplayMismatch(
            f"player_{i}, lane {lane}, step {step}: the trace claims the reward {claimed!r}, the rules give {given!r}."
        )
