"""One-shot deviation: the most any player gains by one deviation at any history from the maps of the last round.

The maps of the last round are taken as kept for ever, payoffs are discounted, and gains are normalised by (1 -
discount) so that they are payoffs a round. By the one-shot deviation principle 0 at every reachable history is a
certificate of subgame perfection. Source: section 2c of our reconstruction of arXiv 2606.06486; the discount is our
choice.
"""

from __future__ import annotations

import numpy as np

from ..core.arrays import Array, ordered_sum
from ..core.interaction import Interaction
from ..core.metric import Example, Metric
from ..core.repeated_trace import maps_of
from ..core.trace import Trace
from .rp_regret import all_defect_against_tit_for_tat

DISCOUNT = 0.9


def one_shot_gains(problem: Interaction, own: Array, others: Array, discount: float) -> Array:
    """What one deviation gains at every history: (lanes, states), normalised to payoffs a round.

    Args:
        problem: Of the deviating player.
        own: Its map (lanes, states, A_i).
        others: The chance of the others' joint actions (lanes, states, O).
        discount: In [0, 1); 0 looks at the stage game alone.
    """
    value, rounds = np.zeros(own.shape[:2]), 1 if discount == 0 else int(np.ceil(np.log(1e-12) / np.log(discount)))
    for _ in range(rounds):
        values = problem.action_values(others, discount * value)
        value = ordered_sum(own * values)
    return np.asarray((1.0 - discount) * (values.max(-1) - value))


def _compute(trace: Trace) -> Array:
    maps = [table[-1] for table in maps_of(trace)]
    memory, worst = trace.public["memory"], []
    for player, own in enumerate(maps):
        problem = Interaction.of(trace.instance, memory, player)
        gains = one_shot_gains(problem, own, problem.others(maps), DISCOUNT)
        worst.append(gains[:, memory.reachable].max(-1))
    return np.max(worst, axis=0)


one_shot_deviation = Metric(
    "one_shot_deviation", _compute, "lower", "payoff a round", __doc__.partition(": ")[2].partition("\n")[0]
)

# Tit-for-tat after a defection of its own at a cooperation of the other's meets a defector: it gains by not forgiving.
# The defector gains by cooperating once: -1 + 0.9 * (5 - 1), normalised by 0.1; tit-for-tat at (defect, cooperate),
# where it would cooperate, gains 1 by defecting instead.
EXAMPLES = (Example(all_defect_against_tit_for_tat, [0.1 * max(-1 + 0.9 * 4, 1.0)]),)
