"""Errors, each with the bad value, what is allowed, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class PalaestraError(ValueError):
    """Anything a user can cause and fix. The command line prints it in one line and exits with 2."""


class UnknownName(PalaestraError):
    """A name that no registry holds, or an option that no rules take.

    Args:
        kind: What was looked for: "game", "option of TransferGame-v0".
        name: The name.
        known: The names there are.
        listing: What prints the names, for the many that would drown the nearest: past 30 it is named in their stead.
        hint: What else may be the reason.
    """

    def __init__(self, kind: str, name: object, known: Iterable[str], listing: str = "", hint: str = "") -> None:
        names = sorted(known)
        drowned = bool(listing) and len(names) > 30
        near = get_close_matches(str(name), names, n=3 if drowned else 1, cutoff=0.5)
        meant = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
        listed = f"`{listing}` names all {len(names)}." if drowned else f"Known: {', '.join(names) or 'none'}."
        super().__init__(f"There is no {kind} {str(name)!r}.{meant} {listed}{f' {hint}' if hint else ''}")


class IllegalAction(PalaestraError):
    """An action outside its space; nothing was stepped."""


class ReplayMismatch(PalaestraError):
    """A trace whose rewards are not what the rules give for its seeds and actions."""


class ContractBroken(AssertionError):
    """A member does not keep its public contract; the message says which clause, where, and how to fix it.

    Args:
        message: For people.
        subject: What was checked; empty where one clause speaks, which does not know.
        clause: Which does not hold.
        reason: Why, without the names of the two.
        passed: The clauses that held before it.
    """

    def __init__(
        self, message: str, *, subject: str = "", clause: str = "", reason: str = "", passed: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.subject, self.clause, self.reason, self.passed = subject, clause, reason or message, passed
