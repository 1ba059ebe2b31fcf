"""What goes wrong, said in one way: the bad value, what is allowed, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class PalaestraError(ValueError):
    """Anything a user can cause and mend. The command line prints it in one line and exits with 2."""


class UnknownName(PalaestraError):
    """A name that no registry holds, or an option that no rules take."""

    def __init__(self, kind: str, name: object, known: Iterable[str]) -> None:
        names = sorted(known)
        near = get_close_matches(str(name), names, n=1, cutoff=0.4)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        listed = ", ".join(names) if names else "none"
        super().__init__(f"There is no {kind} {str(name)!r}.{hint} Known: {listed}.")


class IllegalAction(PalaestraError):
    """An action outside its space; nothing was stepped."""


class ReplayMismatch(PalaestraError):
    """A trace whose rewards are not what the rules give for its seeds and actions."""


class ContractBroken(AssertionError):
    """A member does not keep its public contract; the message says which clause, where, and how to mend it."""
