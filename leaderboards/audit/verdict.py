"""The verdict of an audit in a sentence: what a method needs in order to beat trivial play."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..statistics.number_text import number_text
from .audit_line import TRIVIAL, AuditLine

WORDS = {
    "random": "Random play",
    "constant, best": "A constant action",
    "blind": "A blind sequence",
    "memoryless": "A memoryless rule",
}
NEEDS = {"random": "a method", "constant, best": "a method", "blind": "observation", "memoryless": "memory"}

EASY = 0.9
"""A trivial agent that covers so much of the way from random play to the best reference makes an environment easy."""


def share_of_the_way(lines: Mapping[str, AuditLine], kind: str) -> float:
    """How far a kind comes from random play (0) to the reference (1); not a number where those two are equal."""
    worst, best = lines["random"].estimate.value, lines["reference"].estimate.value
    return (lines[kind].estimate.value - worst) / (best - worst) if best != worst else float("nan")


def is_easy(lines: Mapping[str, AuditLine]) -> bool:
    """Whether some trivial agent is no worse than the reference, or comes `EASY` of the way to it from random play."""
    if "reference" not in lines:
        return False
    return any(not _ahead(lines[kind]) or share_of_the_way(lines, kind) >= EASY for kind in TRIVIAL)


def verdict(lines: Mapping[str, AuditLine], metric: str, keeps_nothing: bool, easy_in: Sequence[str]) -> str:
    """A few sentences.

    Args:
        lines: By kind.
        metric: Name of the headline metric.
        keeps_nothing: No reference learns anything while it plays.
        easy_in: Scenarios in which the reference is ahead of some trivial agent by no more than chance (95% interval).
    """
    if "reference" not in lines:
        return "No track names reference agents for this environment, so there is nothing to compare trivial play with."
    constant, reference = lines["constant, best"], lines["reference"]
    assert constant.behind is not None
    reached, best, gap = number_text([constant.estimate, reference.estimate, constant.behind])
    told = f"A constant action reaches {reached[0]} {metric}, {_named(reference)} {best[0]}; "
    told += f"the gap is {gap[0]} {gap[1]}. "
    equal = [kind for kind in TRIVIAL if not _ahead(lines[kind])]
    if equal:
        told += (
            f"{WORDS[equal[0]]} does no worse than the best reference: that this needs {NEEDS[equal[0]]} is not shown."
        )
    elif keeps_nothing:
        told += (
            "These searches found no blind sequence and no memoryless rule of one number that comes as far. The best "
            "references keep nothing from step to step, so no memory is needed either."
        )
    else:
        told += "These searches found no blind sequence and no memoryless rule of one number that comes as far."
    near = max(TRIVIAL, key=lambda kind: _number(share_of_the_way(lines, kind)))
    share = round(share_of_the_way(lines, near), 2) + 0.0
    told += f" The nearest is {WORDS[near].lower()}: {share:.0%} of the way from random play to the reference."
    count = len(reference.by_scenario)
    if easy_in and count > 1:
        told += (
            f" In {len(easy_in)} of {count} scenarios the best reference is ahead by no more than chance: "
            f"{', '.join(easy_in)}."
        )
    return told


def _named(reference: AuditLine) -> str:
    names = list(dict.fromkeys(agent for agent, _ in reference.by_scenario.values()))
    if len(names) == 1:
        return f"the best reference, {names[0]},"
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"the best references ({', '.join(names[:3])}{more})"


def _ahead(line: AuditLine) -> bool:
    """Whether the 95% interval of the difference says that the reference is better."""
    return line.behind is not None and line.behind.low > 0


def _number(value: float) -> float:
    return value if value == value else float("-inf")
