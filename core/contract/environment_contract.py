"""The contract of an environment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..rules import Rules
from .case import Case
from .declared_facts import (
    lanes_end_when_declared,
    payoff_range_is_true,
    players_are_named_as_declared,
    private_state_is_declared,
    stochastic_is_true,
    zero_sum_is_true,
)
from .faces import gymnasium_accepts_it, pettingzoo_accepts_it
from .lanes import (
    a_lane_equals_the_single_environment,
    lanes_do_not_leak,
    numpy_equals_torch,
    shards_equal_the_whole,
)
from .observations import observations_are_in_their_spaces, rewards_are_finite, spaces_never_change
from .privacy import private_information_does_not_leak, public_information_is_seen_by_all
from .purity import (
    action_buffers_may_be_refilled,
    illegal_actions_are_refused,
    results_are_not_reused,
    rules_can_be_pickled,
    state_is_never_written,
)
from .repeatability import (
    different_seeds_differ,
    no_global_generator_is_touched,
    replay_equals_the_original,
    same_seed_same_play,
)
from .report import Clause, Report, judge

CLAUSES: tuple[Clause[Case], ...] = (
    players_are_named_as_declared,
    spaces_never_change,
    observations_are_in_their_spaces,
    rewards_are_finite,
    same_seed_same_play,
    no_global_generator_is_touched,
    state_is_never_written,
    results_are_not_reused,
    action_buffers_may_be_refilled,
    lanes_do_not_leak,
    a_lane_equals_the_single_environment,
    shards_equal_the_whole,
    numpy_equals_torch,
    different_seeds_differ,
    payoff_range_is_true,
    zero_sum_is_true,
    lanes_end_when_declared,
    stochastic_is_true,
    private_state_is_declared,
    private_information_does_not_leak,
    public_information_is_seen_by_all,
    illegal_actions_are_refused,
    rules_can_be_pickled,
    replay_equals_the_original,
    pettingzoo_accepts_it,
    gymnasium_accepts_it,
)


def check_environment(
    make: Callable[[], Rules[Any]],
    *,
    name: str = "the environment",
    seeds: Sequence[int] = (3, 4, 1_000_003, 5, 2**63, 0, 11, 12),
    device: str = "cpu",
) -> Report:
    """Whether an environment keeps its promises, over two whole episodes of random legal actions in several lanes.

    Args:
        make: Makes fresh rules at each call (a class, or a function without arguments). Choose a short horizon: the
            check plays some thirty episodes.
        name: For the messages.
        seeds: The lanes, at least 2.
        device: The torch device compared with numpy.

    Returns:
        The clauses that hold, and notes on what could not be checked (torch absent, say).

    Raises:
        ContractBroken: The first clause that does not hold: player, lane, step, what was found and expected, and how to
            fix it.
    """
    return judge(name, CLAUSES, Case(make, tuple(seeds), device))
