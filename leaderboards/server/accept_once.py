"""Accept a verified submission exactly once, even if its worker is killed at any moment."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.exc import IntegrityError

from ...core.errors import PalaestraError
from ..board.accept import LOG, accept
from ..board_lock import lock_board
from ..submission.findings import Findings
from ..submission.log import Entry, read_log
from ..submission.manifest import Manifest
from ..submission.verify import Refused
from .queue import Queue, Ticket


def accept_once(ticket: Ticket, folder: Path, findings: Findings, board: Path, queue: Queue) -> bool:
    """Accept a submission: its folder, then its entry in the log, then its row; or refuse it as one that is there.

    Each step is whole or not done, and the next may be missing: after the folder alone, everything is done again and
    changes nothing; after the entry, the submission of the same manifest that asks next takes the entry over, and the
    database gives an entry to one submission only. A worker whose lease went to another in the meantime writes no row;
    the other finds the entry.

    Args:
        ticket: The submission.
        folder: Its files; they stay.
        findings: Of the verifier.
        board: Folder of the board.
        queue: The queue that the ticket is of.

    Returns:
        Whether the ticket is done with; False if its lease was lost.

    Raises:
        PalaestraError: A log that does not hold.
    """
    with lock_board(board / LOG):
        if not queue.renew(ticket):
            return False
        if reason := refusal_reason(folder, ticket, board, queue):
            return queue.refuse(ticket, reason)
        try:
            entry = accept(folder, board, findings=findings)
        except Refused as refused:
            return queue.refuse(ticket, str(refused))
        try:
            return queue.accept(ticket, entry.number)
        except IntegrityError:
            return queue.refuse(ticket, _on_the_board(entry))


def refusal_reason(folder: Path, ticket: Ticket, board: Path, queue: Queue) -> str:
    """Why the board cannot take it, since its manifest is damaged or the board has this agent already; or ""."""
    try:
        manifest = Manifest.read(folder / "manifest.json")
    except PalaestraError as error:
        return str(error)
    for entry in read_log(board / LOG):
        if (entry.kind, entry.track, entry.digest) == ("submission", manifest.track, manifest.agent.digest):
            own = entry.manifest == ticket.manifest and queue.owner_of(entry.number) in (None, ticket.id)
            return "" if own else _on_the_board(entry)
    return ""


def _on_the_board(entry: Entry) -> str:
    return (
        f"This agent is already on {entry.track}: entry {entry.number} of the log, {entry.name!r} by {entry.author!r}."
    )
