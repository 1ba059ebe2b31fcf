"""The contract of a metric."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..metric import Example, Metric, Witness
from ..traces.trace import Trace
from .episode import copies
from .report import Clause, Report, broken, judge, refuses

PURE = "compute each lane's number only from that lane of the trace, with a pure function."

CLOSE = 1e-9
"""Of 1 or of a number's size: what rounding may do."""

LONGEST = 200
"""Characters of a witness."""


@dataclass
class Measured:
    """What the clauses of a metric look at."""

    metric: Metric
    examples: Sequence[Example]
    play: Callable[[Sequence[int]], Trace] | None
    tampered: Sequence[Callable[[], Trace]]

    @property
    def traces(self) -> list[Trace]:
        """The traces of the examples, and one that was played."""
        return [one.trace() for one in self.examples] + ([self.play(range(5))] if self.play else [])


def examples_hold(case: Measured) -> None:
    """Every example has the value it says, to 1e-9 of 1 or of its size."""
    if not case.examples:
        raise broken("there are no examples.", "give the Metric `examples`: traces small enough to compute by hand.")
    for k, example in enumerate(case.examples):
        got, expected = case.metric(example.trace()), np.asarray(example.value, np.float64)
        if got.shape != expected.shape or not np.allclose(got, expected, rtol=1e-9, atol=1e-9, equal_nan=True):
            raise broken(
                f"example {k} gives a different value.", "fix the metric or the example.", got=got, expected=expected
            )


def one_finite_number_a_lane(case: Measured) -> None:
    """There is one float64 per lane, finite unless an example or the meaning says otherwise."""
    documented = any(not np.isfinite(np.asarray(one.value, np.float64)).all() for one in case.examples)
    documented = documented or any(word in case.metric.meaning.lower() for word in ("nan", "infinite", "not a number"))
    for trace in case.traces:
        value = case.metric(trace)
        if value.shape != (trace.lanes,):
            raise broken("the shape is wrong.", "return one number per lane.", got=value.shape, expected=(trace.lanes,))
        if not documented and not np.isfinite(value).all():
            lane = int(np.flatnonzero(~np.isfinite(value))[0])
            raise broken(
                "the value is not finite.",
                "say in the meaning when this happens, or fix it.",
                lane=lane,
                got=value[lane],
            )


def the_trace_stays_as_it_was(case: Measured) -> None:
    """Computing twice gives the same, and changes nothing in the trace."""
    for trace in case.traces:
        before = copies({"actions": trace.actions, "rewards": trace.rewards, "scoring": dict(trace.scoring)})
        once, twice = case.metric(trace), case.metric(trace)
        _witnesses(case.metric, trace)
        after = copies({"actions": trace.actions, "rewards": trace.rewards, "scoring": dict(trace.scoring)})
        for path, value in before.items():
            if not np.array_equal(after[path], value):
                raise broken(f"{path} of the trace was written in place.", PURE)
        if not np.array_equal(once, twice, equal_nan=True):
            raise broken("the same trace gave two values.", PURE, got=twice, expected=once)


def permuted_lanes_permute_the_values(case: Measured) -> str | None:
    """Permuting or dropping lanes permutes or drops their numbers and changes none, to the bit."""
    checked = False
    for trace in case.traces[: len(case.examples)]:
        if trace.instance is None and trace.lanes > 1:
            checked = True
            turned = np.arange(trace.lanes)[::-1]
            _equal(case.metric(_permuted(trace, turned)), case.metric(trace)[turned])
    if case.play is not None:
        checked, seeds, order = True, [5, 6, 7, 8, 9], [3, 0, 4, 1, 2]
        whole = case.metric(case.play(seeds))
        _equal(case.metric(case.play([seeds[lane] for lane in order])), whole[order])
        _equal(case.metric(case.play(seeds[:2])), whole[:2])
        texts = [one.text for one in _witnesses(case.metric, case.play(seeds[:2]))]
        _equal(texts, [one.text for one in _witnesses(case.metric, case.play(seeds))][:2])
    return None if checked else "no example has several lanes, and no play was given"


def _witnesses(metric: Metric, trace: Trace) -> list[Witness]:
    """One a lane, or none."""
    return [] if metric.witness is None else [metric.witness(trace, lane) for lane in range(trace.lanes)]


def _equal(got: Any, expected: Any) -> None:
    same = got == expected if isinstance(got, list) else np.array_equal(got, expected, equal_nan=True)
    if not same:
        raise broken("a lane's value or witness depends on the other lanes.", PURE, got=got, expected=expected)


def _permuted(trace: Trace, order: Any) -> Trace:
    def cut(value: Any) -> Any:
        return {key: part[:, order] for key, part in value.items()} if isinstance(value, dict) else value[:, order]

    return replace(
        trace,
        seeds=tuple(trace.seeds[lane] for lane in order),
        actions=tuple(map(cut, trace.actions)),
        rewards=None if trace.rewards is None else tuple(map(cut, trace.rewards)),
        scoring=cut(dict(trace.scoring)),
        lengths=trace.lengths[order],
    )


def the_curve_ends_in_the_value(case: Measured) -> str | None:
    """The curve has one row per step, and its last row is the value (to 1e-9)."""
    if case.metric.curve is None:
        return None
    for trace in case.traces:
        curve, value = np.asarray(case.metric.curve(trace)), case.metric(trace)
        if curve.shape != (trace.steps, trace.lanes):
            raise broken("the curve's shape is wrong.", "return (steps, lanes).", got=curve.shape)
        if not np.allclose(curve[-1], value, rtol=1e-9, atol=1e-9, equal_nan=True):
            raise broken(
                "the last row of the curve is not the value.",
                "let the last row of the curve be the value.",
                got=curve[-1],
                expected=value,
            )
    return None


def no_score_lies_beyond_the_optimum(case: Measured) -> str | None:
    """No score beats the optimum, if there is one, by more than 1e-9 of 1 or its size, unless `beyond` says how."""
    metric, best = case.metric, case.metric.optimum
    if best is None:
        return (
            "a metric without an optimum says in `beyond` how a score can be better than the optimum"
            if metric.beyond
            else None
        )
    if metric.better is None or not np.isfinite(best):
        raise broken("the metric has an optimum but no better direction.", "leave one of the two out.", got=best)
    if metric.beyond:
        return f"the optimum is a benchmark: {metric.beyond}"
    for trace in case.traces:
        value = metric(trace)
        past = metric.sign * (value - best) > CLOSE * max(1.0, abs(best))
        if past.any():
            lane = int(np.flatnonzero(past)[0])
            raise broken(
                "a score is better than the optimum.",
                "fix the optimum, or say in `beyond` how this happens.",
                lane=lane,
                got=float(value[lane]),
                expected=f"{'at least' if metric.better == 'lower' else 'at most'} {best}",
            )
    return None


def a_witness_proves_each_value(case: Measured) -> str | None:
    """Witnesses, if there are any, are one line each, the same every time, and worth what the metric says."""
    if case.metric.witness is None:
        return None
    for trace in case.traces:
        value, found = case.metric(trace), _witnesses(case.metric, trace)
        if stray := [one for one in found if not isinstance(one, Witness)]:
            raise broken(
                "what proves a lane is not a Witness.", "return one Witness.", got=stray[0], expected="Witness"
            )
        for lane, (one, number) in enumerate(zip(found, value.tolist(), strict=True)):
            if not one.text.strip() or len(one.text) > LONGEST or len(one.text.splitlines()) != 1:
                raise broken("a witness is not one line of text.", f"say it in {LONGEST} characters.", got=one.text)
            if not np.isclose(one.value, number, rtol=CLOSE, atol=CLOSE, equal_nan=True):
                raise broken(
                    f"the witness ({one.text}) does not prove the value.",
                    "let it name the object that attains the value.",
                    lane=lane,
                    got=one.value,
                    expected=number,
                )
        if list(map(repr, _witnesses(case.metric, trace))) != list(map(repr, found)):
            raise broken("the same trace gave two witnesses.", PURE)
    return None


def tampered_witnesses_are_refused(case: Measured) -> str | None:
    """A trace whose witness (a claimed optimum, contract or certificate) was tampered with is refused."""
    for k, make in enumerate(case.tampered):
        trace = make()
        if not refuses(lambda trace=trace: case.metric(trace)):  # type: ignore[misc]
            raise broken(f"tampered witness {k} was accepted.", "check the witness, and raise PalaestraError.")
    return None if case.tampered else "no witness to tamper with was given"


CLAUSES: tuple[Clause[Measured], ...] = (
    examples_hold,
    one_finite_number_a_lane,
    the_trace_stays_as_it_was,
    permuted_lanes_permute_the_values,
    the_curve_ends_in_the_value,
    no_score_lies_beyond_the_optimum,
    a_witness_proves_each_value,
    tampered_witnesses_are_refused,
)


def check_metric(
    metric: Metric,
    examples: Sequence[Example] | None = None,
    *,
    play: Callable[[Sequence[int]], Trace] | None = None,
    tampered: Sequence[Callable[[], Trace]] = (),
) -> Report:
    """Whether a metric keeps its promises.

    Args:
        metric: The metric.
        examples: Traces small enough to compute by hand, and their values; default: the metric's own.
        play: Seeds -> a whole trace with one lane a seed, from an environment that the metric is for.
        tampered: Traces with a false witness, each of which must be refused.

    Raises:
        ContractBroken: The first clause that does not hold, and how to fix it.
    """
    own = metric.examples if examples is None else examples
    return judge(f"the metric {metric.name}", CLAUSES, Measured(metric, own, play, tampered))
