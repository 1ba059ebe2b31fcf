"""A process that verifies what is queued, one submission after the other, each in a sandbox.

Run as `python -I -m palaestra.leaderboards.server.worker` with the settings on its standard input.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from ...core.errors import PalaestraError
from ..submission.findings import Findings
from .accept_once import accept_once, refusal_reason
from .database import open_database
from .journal import log_event, start_journal
from .kernel_call import kernel_call
from .queue import Queue, Ticket
from .sandbox import run_confined
from .settings import Settings
from .verifier_outcome import VerifierOutcome

_IDLE_SECONDS, _TROUBLE_SECONDS = 0.3, 2.0


class Worker:
    """Takes submissions and ends them as accepted or refused.

    Args:
        settings: Of the service.
        queue: What is to be done.
    """

    def __init__(self, settings: Settings, queue: Queue) -> None:
        self._settings, self._queue = settings, queue
        self._stopped = False
        self._begun = self._renewed = 0.0

    def stop(self) -> None:
        """Stop after this moment: what is being verified goes back to the queue."""
        self._stopped = True

    def run(self) -> None:
        """Work until stopped. Trouble with disk or database is logged in one line, and work goes on."""
        while not self._stopped:
            try:
                if not self.work():
                    time.sleep(_IDLE_SECONDS)
            except (PalaestraError, OSError, SQLAlchemyError) as trouble:
                log_event("worker waits", error=trouble, level=logging.ERROR)
                time.sleep(_TROUBLE_SECONDS)

    def work(self) -> bool:
        """Take one submission and end it; False if nothing is queued.

        Raises:
            PalaestraError, OSError: The board cannot be written; the submission is back in the queue.
        """
        ticket = self._queue.take()
        if ticket is None:
            return False
        self._begun = time.monotonic()
        self._tell("recovered" if ticket.recovered else "taken", ticket)
        try:
            done = self._end(ticket)
        except (PalaestraError, OSError):
            self._queue.give_back(ticket)
            raise
        if done:
            shutil.rmtree(self._settings.incoming / ticket.id, ignore_errors=True)
        return True

    def _end(self, ticket: Ticket) -> bool:
        """Verify, and accept, refuse or give back; True if its files are needed no more."""
        settings, queue, folder = self._settings, self._queue, self._settings.incoming / ticket.id
        if ticket.attempt > settings.most_attempts:
            told = ticket.reason or "its worker was killed"
            return self._refuse(ticket, self._tried_out(told), begun=False)
        if not folder.is_dir():
            return self._refuse(ticket, "Its files are gone: submit it again.", begun=False)
        if reason := refusal_reason(folder, ticket, settings.data, queue):
            return self._refuse(ticket, reason, begun=False)
        found = self._verified(ticket, folder)
        if self._stopped:
            queue.give_back(ticket)
            self._tell("given back", ticket)
            return False
        if found.findings is not None:
            return self._accept(ticket, folder, found.findings)
        if found.refused:
            return self._refuse(ticket, found.refused)
        if found.over:
            self._tell("over a limit", ticket, reason=found.over)
            return self._refuse(ticket, f"Its verification was stopped: {found.over}.")
        failed = f"the verifier gave no result: {found.failed}"
        if ticket.attempt >= settings.most_attempts:
            return self._refuse(ticket, self._tried_out(failed))
        queue.give_back(ticket, failed)
        self._tell("failed", ticket, reason=failed)
        return False

    def _verified(self, ticket: Ticket, folder: Path) -> VerifierOutcome:
        settings = self._settings
        self._renewed = time.monotonic()
        settings.scratch.mkdir(exist_ok=True)
        ended = run_confined(
            [*settings.verifier, str(folder.resolve()), str(settings.log.resolve())],
            [folder, settings.log],
            settings.limits,
            within=settings.scratch.resolve(),
            go_on=lambda: self._go_on(ticket),
        )
        return VerifierOutcome.of(ended, ticket)

    def _accept(self, ticket: Ticket, folder: Path, findings: Findings) -> bool:
        done = accept_once(ticket, folder, findings, self._settings.data, self._queue)
        if done and (row := self._queue.find(ticket.id)) is not None:
            self._tell(row.state, ticket, entry=row.entry, reason=row.reason or None)
        return done

    def _refuse(self, ticket: Ticket, reason: str, *, begun: bool = True) -> bool:
        done = self._queue.refuse(ticket, reason, begun=begun)
        if done:
            self._tell("refused", ticket, reason=reason)
        return done

    def _tried_out(self, told: str) -> str:
        return f"It was tried {self._settings.most_attempts} times without a result: {told}."

    def _tell(self, event: str, ticket: Ticket, **fields: object) -> None:
        who = {"id": ticket.id, "track": ticket.track, "author": ticket.author, "attempt": ticket.attempt}
        log_event(event, who | {"seconds": round(time.monotonic() - self._begun, 3)} | fields)

    def _go_on(self, ticket: Ticket) -> bool:
        if self._stopped:
            return False
        if time.monotonic() - self._renewed < self._settings.lease_seconds / 3:
            return True
        self._renewed = time.monotonic()
        try:
            return self._queue.renew(ticket)
        except SQLAlchemyError:  # it may be back in a moment; if the lease is lost by then, nothing will be accepted
            return True


def main() -> None:
    """Work for the service whose settings come on standard input, and die with it."""
    given = json.loads(sys.stdin.readline())
    with suppress(OSError):
        kernel_call("prctl", 1, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != given["parent"]:
        sys.exit("The service that started this worker has ended.")
    start_journal()
    settings = Settings.read(given["settings"])
    worker = Worker(settings, Queue(open_database(settings.url), settings.lease_seconds))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server says when to stop
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    worker.run()


if __name__ == "__main__":
    main()
