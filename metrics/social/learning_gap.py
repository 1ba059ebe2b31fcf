"""Learning gap: how far beliefs are from the mean of all signals, which is the best that could be known.

The metrics of this family average over topics, except for the last:

- `learning_gap`: how far the consensus is from the mean of all signals. It is the consensus that beliefs would reach if
  the last design were kept (in closed form). In the seats of people, whose reliance on AI changes, it is the mean
  belief. The curve shows the gap after each round.
- `learning_gap_without_ai`: how far the consensus of the network without an AI is from the mean of all signals. It
  depends on the network and the signals, and not on what is done.
- `belief_error`: how far agents' beliefs are from the mean of all signals after the last round. It is averaged over
  agents. Unlike the gap it includes what has not yet been reached: an AI that learns too slowly has a small gap in the
  end and a large error until then.
- `learning_gain`: how much closer the AI brings the consensus to the mean of all signals. It is the gap without an AI
  minus the gap (-Delta* in the paper), and negative where the AI harms.
- `worst_topic_gain`: the learning gain on the topic where it is least. Above 0, the AI helps on every topic. On topics
  that belong to communities, local aggregators trained on their own community only are above 0 (Proposition 4 of
  arXiv 2604.04906), and a global one is worse than they are on at least one topic (Theorem 3).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import UnknownName
from ...core.metric import Example, Metric, Witness, trace_of
from ...core.traces.trace import Trace


def learning_gap(of: Literal["consensus", "network", "beliefs"] = "consensus") -> Metric:
    """The distance from the mean of all signals, the mean over topics.

    Args:
        of: What is compared with it: the consensus, the consensus of the network without an AI, or agents' beliefs.
    """
    if of not in _GAPS:
        raise UnknownName("side of learning_gap", of, _GAPS)
    field, measured = _GAPS[of].field, of != "network"

    def over_topics(trace: Trace) -> Array:
        gaps = trace.scoring[field] if measured else trace.scoring[field][0]
        return ordered_sum(gaps) / gaps.shape[-1]

    return Metric(
        "learning_gap",
        None if measured else over_topics,
        better="lower" if measured else None,
        unit="belief",
        meaning=_GAPS[of].meaning,
        curve=over_topics if measured else None,
        optimum=0.0 if measured else None,
        examples=_GAPS[of].examples,
    )


def learning_gain(topics: Literal["mean", "worst"] = "mean") -> Metric:
    """The learning gap without an AI minus the gap with it.

    Args:
        topics: Whether the mean over topics or the worst topic counts.
    """
    if topics not in ("mean", "worst"):
        raise UnknownName("choice of topics of learning_gain", topics, ("mean", "worst"))
    # No optimum: the most that can be gained is the gap without an AI, which differs from lane to lane.
    if topics == "worst":
        return Metric(
            "worst_topic_gain",
            _worst_topic,
            better="higher",
            unit="belief",
            meaning="The learning gain on the topic where it is least; above 0, the AI helps on every topic.",
            witness=_worst_topic_witness,
            examples=(Example(lambda: _played(gap_without=[[4.0, 2.0]], gap=[[1.0, 3.0]]), [-1.0]),),
        )
    return Metric(
        "learning_gain",
        None,
        better="higher",
        unit="belief",
        meaning="How much closer the AI brings the consensus to the mean of all signals; negative where it harms.",
        curve=_gain_curve,
        examples=(Example(lambda: _played(gap_without=[[4.0, 2.0]] * 2, gap=[[4.0, 2.0], [1.0, 3.0]]), [1.0]),),
    )


def _gain_curve(trace: Trace) -> Array:
    gain = trace.scoring["gap_without"] - trace.scoring["gap"]
    return ordered_sum(gain) / gain.shape[-1]


def _worst_topic(trace: Trace) -> Array:
    least: Array = (trace.scoring["gap_without"][-1] - trace.scoring["gap"][-1]).min(axis=-1)
    return least


def _worst_topic_witness(trace: Trace, lane: int) -> Witness:
    without, gap = (trace.scoring[key][-1, lane] for key in ("gap_without", "gap"))
    topic = int(np.argmin(without - gap))
    text = f"topic {topic}: the gap is {gap[topic]:.4g} with the AI and {without[topic]:.4g} without"
    return Witness(text, float(without[topic] - gap[topic]))


def _played(**scoring: list[list[float]]) -> Trace:
    """One lane, two topics, with the scoring of each round."""
    scored = {key: np.array(rounds)[:, None] for key, rounds in scoring.items()}
    return trace_of((np.zeros((len(next(iter(scored.values()))), 1, 2)),), scoring=scored)


class _Gap(NamedTuple):
    """A field of the trace's scoring, (steps, lanes, topics), and what it means."""

    field: str
    meaning: str
    examples: tuple[Example, ...]


_GAPS = {
    "consensus": _Gap(
        "gap",
        "How far the consensus is from the mean of all signals, the best that could be known.",
        (Example(lambda: _played(gap=[[4.0, 2.0], [1.0, 0.5]]), [0.75]),),
    ),
    "network": _Gap(
        "gap_without",
        "How far the consensus of the network without an AI is from the mean of all signals.",
        (Example(lambda: _played(gap_without=[[4.0, 2.0]]), [3.0]),),
    ),
    "beliefs": _Gap(
        "error",
        "How far agents' beliefs are from the mean of all signals after the last round.",
        (Example(lambda: _played(error=[[4.0, 2.0], [1.0, 0.5]]), [0.75]),),
    ),
}
