"""How to cite palaestra, as BibTeX: what CITATION.cff says, which a wheel does not hold, and the state of the log."""

from __future__ import annotations

from ...core.version import VERSION
from ..board.reserved_author import AUTHOR
from .board_state import BoardState

TITLE = "palaestra: environments for learning with, against and from others"


def citation(state: BoardState) -> str:
    """One entry of type `software`; its note names the last entry of the log, where there is one.

    Args:
        state: Of the log, with the date of the build.
    """
    fields = {"title": f"{{{TITLE}}}", "author": f"{{{AUTHOR}}}", "version": VERSION, "year": state.built[:4]}
    if state.hash:
        fields["note"] = f"Leaderboards as of log entry {state.number} ({state.on}), hash {state.hash[:16]}"
    lines = ",\n".join(f"  {key:<7} = {{{value}}}" for key, value in fields.items())
    return f"@software{{palaestra,\n{lines}\n}}"
