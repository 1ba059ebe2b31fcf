"""The contract of an agent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..rules import Rules
from .agent_trial import AgentTrial, same_trace
from .generators import global_generators
from .report import Clause, Report, broken, judge

DRAW = (
    "draw from the seed given at reset and from nothing else: with batched = False from np.random.default_rng(seed), "
    "else from Draw(lane_keys(seed, backend()), step, backend())."
)


def it_can_be_made_without_arguments(case: AgentTrial) -> None:
    """The agent needs no arguments, and has reset, act and learn (or is a function or an SB3 model)."""
    case.agent()


def actions_are_legal(case: AgentTrial) -> None:
    """Every action of whole episodes in several lanes is in its space."""
    _ = case.first  # refuses an illegal action at once


def what_is_given_stays_as_it_was(case: AgentTrial) -> None:
    """Neither act nor learn writes into an observation or a transition."""
    case.play(guard=True)


def same_seed_same_play(case: AgentTrial) -> None:
    """The same seeds give the same play to the bit."""
    same_trace(case.play(), case.first, DRAW)


def no_global_generator_is_touched(case: AgentTrial) -> None:
    """The global generators of random, numpy and torch are neither used nor moved."""
    for seed in (1, 2):
        with global_generators(seed) as moved:
            trace = case.play(generators=None)
            if names := moved():
                raise broken(f"the agent moved the global generator of {' and '.join(names)}.", DRAW)
            same_trace(trace, case.first, f"{DRAW} (The play changed when the global generators were seeded anew.)")


def reset_forgets(case: AgentTrial) -> None:
    """After other episodes, a reset agent plays like a fresh one."""
    seated = case.seats()
    case.play(seated=seated)
    case.play([seed ^ 0x77777 for seed in case.seeds[:-1]], seated=seated)
    same_trace(
        case.play(seated=seated), case.first, "forget everything at reset: counts, weights, the step, the streams."
    )


def lanes_are_independent(case: AgentTrial) -> None:
    """A lane played alone equals the same lane of a batch, to the bit."""
    crowd = tuple(range(200, 220)) + case.seeds
    whole = case.play(crowd)
    for lane in (0, 7, len(crowd) - 1):
        same_trace(
            case.play([crowd[lane]]),
            whole,
            "keep lanes apart: no mean over axis 0, no matrix product; sum with core.arrays.ordered_sum.",
            [lane],
        )


def trait_stochastic_is_true(case: AgentTrial) -> str | None:
    """New seeds for the agent, in the same world, change its play only if it is declared stochastic; then it draws."""
    declared, differs = case.traits.stochastic, None
    for salt in (0x5DEECE66D, 0x1234567):
        try:
            same_trace(case.play(salt=salt), case.first, "declare stochastic = True, or do not use the seed.")
        except AssertionError as error:
            differs = error
    if differs is not None and not declared:
        raise differs
    if declared and differs is None and not case.drawn:
        if case.plays_boxes_alone:
            return "it draws nothing here, where an action is a mixed strategy or an amount"
        raise broken(
            "stochastic is True, but no number was drawn, and other seeds gave exactly the same play.",
            "declare stochastic = False, or draw from the seed.",
        )
    return None


def trait_learns_is_true(case: AgentTrial) -> str | None:
    """An agent that is declared not to learn plays the same if learn is never called."""
    declared, differs = case.traits.learns, None
    try:
        same_trace(case.play(teach=False), case.first, "declare learns = True: calling learn changes its play.")
    except AssertionError as error:
        differs = error
    except Exception as error:
        if not declared:
            raise
        return f"without learn it cannot play ({type(error).__name__})"
    if differs is not None and not declared:
        raise differs
    if declared and differs is None:
        return "learn changed nothing here: it learns only from observations, or needs a longer horizon"
    return None


CLAUSES: tuple[Clause[AgentTrial], ...] = (
    it_can_be_made_without_arguments,
    actions_are_legal,
    what_is_given_stays_as_it_was,
    same_seed_same_play,
    no_global_generator_is_touched,
    reset_forgets,
    lanes_are_independent,
    trait_stochastic_is_true,
    trait_learns_is_true,
)


def check_agent(
    make_agent: Callable[[], Any],
    make_rules: Callable[[], Rules[Any]],
    partners: Mapping[str, Callable[[], Any]] | None = None,
    *,
    env_id: str = "",
    name: str = "the agent",
    seeds: Sequence[int] = (3, 4, 1_000_003, 5),
    sort: str | None = None,
) -> Report:
    """Whether an agent keeps its promises, over whole episodes in several lanes.

    Args:
        make_agent: Makes fresh agents at each call (a class, say).
        make_rules: Makes the rules it plays, with the options that its privileges ask for and a short horizon.
        partners: Seat -> makes the agent there. The agent takes every other seat that begins with its trait `seats`.
        env_id: For the task.
        name: For the messages.
        seeds: The lanes, at least 2.
        sort: What the seats it takes begin with, instead of its trait `seats`; "": every seat without a partner.

    Raises:
        ContractBroken: The first clause that does not hold, with player, lane and step, and how to fix it.
    """
    return judge(name, CLAUSES, AgentTrial(make_agent, make_rules, partners or {}, env_id, tuple(seeds), sort))
