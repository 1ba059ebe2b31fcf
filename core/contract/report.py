"""The result of checking a contract: a report of the clauses that hold, or an error that says what to fix."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from ..agent_errors import notes_of
from ..error_line import error_line
from ..errors import ContractBroken, PalaestraError

T = TypeVar("T")
Clause = Callable[[T], str | None]
"""A clause: returns None, or a note (why something could not be checked), or raises ContractBroken."""


@dataclass(frozen=True)
class Report:
    """A contract that was kept.

    Attributes:
        subject: What was checked.
        passed: The clauses, by name, in the order in which they were checked.
        promises: What each clause promises, one sentence each.
        notes: What could not be checked, and why.
    """

    subject: str
    passed: tuple[str, ...]
    promises: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        """One line a clause."""
        width = max(map(len, self.passed), default=0)
        lines = [f"{self.subject} keeps the contract: {len(self.passed)} clauses hold."]
        lines += [f"  {name:<{width}}  {text}" for name, text in zip(self.passed, self.promises, strict=True)]
        return "\n".join([*lines, *(f"  note: {note}" for note in self.notes)])


def judge(subject: str, clauses: Sequence[Clause[T]], case: T) -> Report:
    """Check one clause after the other.

    Args:
        subject: For the report.
        clauses: In order; those that later ones lean on come first.
        case: What they look at.

    Raises:
        ContractBroken: The first clause that does not hold; an exception inside a clause counts as broken, and so does
            an attempt to end the program.
    """
    notes: list[str] = []
    held: list[str] = []
    for clause in clauses:
        name = name_of(clause)
        try:
            note = clause(case)
        except (Exception, SystemExit) as error:
            raise _not_kept(subject, clause, error, tuple(held)) from error
        held.append(name)
        if note:
            notes.append(f"{name}: {note}")
    return Report(subject, tuple(held), tuple(map(promise_of, clauses)), tuple(notes))


def _not_kept(subject: str, clause: Clause[Any], error: BaseException, held: tuple[str, ...]) -> ContractBroken:
    told, reason = f"{subject} breaks the clause '{name_of(clause)}'", str(error)
    if not isinstance(error, ContractBroken):
        told += f" ({promise_of(clause)})"
        place = error_line(error)
        what = "it ended the program: " if isinstance(error, SystemExit) else "it raised "
        reason = (
            f"{what}{type(error).__name__}: {str(error).rstrip('.')}{f' ({place})' if place else ''}. To fix: make "
            f"whole episodes of legal actions run without errors.{notes_of(error)}"
        )
    return ContractBroken(f"{told}: {reason}", subject=subject, clause=name_of(clause), reason=reason, passed=held)


def name_of(clause: Clause[Any]) -> str:
    """The clause's name as words."""
    return getattr(clause, "__name__", "clause").replace("_", " ")


def promise_of(clause: Clause[Any]) -> str:
    """The first line of the clause's docstring."""
    return (inspect.getdoc(clause) or "").partition("\n")[0]


def broken(
    problem: str,
    fix: str,
    *,
    player: str | None = None,
    lane: int | None = None,
    step: int | None = None,
    got: Any = None,
    expected: Any = None,
) -> ContractBroken:
    """The error of a broken clause: where, what was found, what was expected, and how to fix it."""
    where = [part for part in (player, _at("lane", lane), _at("step", step)) if part]
    told = f"{', '.join(where)}: {problem}" if where else problem
    if got is not None or expected is not None:
        told += f" Got {_short(got)}, expected {_short(expected)}."
    return ContractBroken(f"{told} To fix: {fix}")


def _at(what: str, number: int | None) -> str:
    return "" if number is None else f"{what} {number}"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 160 else text[:157] + "..."


def refuses(act: Callable[[], Any]) -> bool:
    """Whether `act` raises a PalaestraError."""
    try:
        act()
    except PalaestraError:
        return True
    return False
