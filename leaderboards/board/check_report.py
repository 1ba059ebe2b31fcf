"""The report of `palaestra board check`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...core.escape_text import escape_text
from .check_board import BoardCheck, CheckedFolder
from .verify_again import VerifiedAgain


@dataclass(frozen=True)
class CheckReport:
    """A check that came to its end.

    Attributes:
        board: The folder that names are relative to.
        found: Of the board and of what is new on it.
        again: Of what was accepted before, where that was asked for.
    """

    board: Path
    found: BoardCheck
    again: VerifiedAgain | None = None

    @property
    def holds(self) -> bool:
        """Whether nothing is refused, and nothing differs."""
        return not any(one.reason for one in self.found.submissions) and not (self.again and self.again.differences)

    @property
    def document(self) -> dict[str, Any]:
        """As plain JSON values."""
        replay = None
        if self.again is not None:
            replay = vars(self.again) | {"differences": [self._plain(one) for one in self.again.differences]}
        return {
            "holds": self.holds,
            "reason": "",
            "accepted": self.found.accepted,
            "without_traces": self.found.without_traces,
            "submissions": [self._plain(one) for one in self.found.submissions],
            "replay": replay,
        }

    @property
    def text(self) -> str:
        """For people."""
        new, found = self.found.submissions, self.found
        lines = [f"{self._name(one)}: {'refused: ' + one.reason if one.reason else 'holds'}" for one in new]
        absent = f" ({found.without_traces} of {found.accepted} without traces here)" if found.without_traces else ""
        lines.append(f"The log holds; {_counted(found.accepted, 'accepted submission')} unchanged{absent}.")
        lines.append(f"{_counted(len(new), 'new submission')}, {sum(bool(one.reason) for one in new)} refused.")
        if self.again is not None:
            again = self.again
            lines += [f"{self._name(one)}: differs: {one.reason}" for one in again.differences]
            lines.append(
                f"{again.verified} of {found.accepted} verified again, {len(again.differences)} differ; skipped: "
                f"{again.without_traces} without traces here, {again.of_older_rules} from another version or an older "
                f"track."
            )
        return "\n".join(map(escape_text, lines))

    def _name(self, one: CheckedFolder) -> str:
        return one.folder.relative_to(self.board).as_posix()

    def _plain(self, one: CheckedFolder) -> dict[str, str]:
        return {"folder": self._name(one), "reason": one.reason}


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
