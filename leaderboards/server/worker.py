"""A process that verifies what is queued, one submission after the other, each in a sandbox.

Run as `python -I -m palaestra.leaderboards.server.worker` with the settings on its standard input.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from ...core.errors import PalaestraError
from ..submission.findings import Findings
from .acceptance import take_in, taken
from .database import open_database
from .kernel_call import kernel_call
from .queue import Queue, Ticket
from .sandbox import Ended, run_confined
from .settings import Settings

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
        self._renewed = 0.0

    def stop(self) -> None:
        """Stop after this moment: what is being verified goes back to the queue."""
        self._stopped = True

    def run(self) -> None:
        """Work until stopped. Trouble with disk or database is told on standard error, and work goes on."""
        while not self._stopped:
            try:
                if not self.work():
                    time.sleep(_IDLE_SECONDS)
            except (PalaestraError, OSError, SQLAlchemyError) as trouble:
                print(f"The worker cannot go on for the moment: {trouble}", file=sys.stderr, flush=True)
                time.sleep(_TROUBLE_SECONDS)

    def work(self) -> bool:
        """Take one submission and end it; False if nothing is queued.

        Raises:
            PalaestraError, OSError: The board cannot be written; the submission is back in the queue.
        """
        ticket = self._queue.take()
        if ticket is None:
            return False
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
            return queue.refuse(ticket, f"It was tried {settings.most_attempts} times without a result: {told}.")
        if not folder.is_dir():
            return queue.refuse(ticket, "Its files are no longer there: submit it again.")
        if reason := taken(folder, ticket, settings.data, queue):
            return queue.refuse(ticket, reason)
        self._renewed = time.monotonic()
        command = [*settings.verifier, str(folder.resolve()), str(settings.log.resolve())]
        settings.scratch.mkdir(exist_ok=True)
        ended = run_confined(
            command,
            [folder, settings.log],
            settings.limits,
            within=settings.scratch.resolve(),
            go_on=lambda: self._go_on(ticket),
        )
        if self._stopped:
            queue.give_back(ticket)
            return False
        found = _read(ended, ticket)
        if isinstance(found, Findings):
            return take_in(ticket, folder, found, settings.data, queue)
        if found.startswith("refused: "):
            return queue.refuse(ticket, found.removeprefix("refused: "))
        queue.give_back(ticket, f"the verifier came to no result: {found}")
        return False

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


def _read(ended: Ended, ticket: Ticket) -> Findings | str:
    """The findings; "refused: why"; or how the verifier failed. Its output is as little trusted as its input."""
    if ended.why:
        return ended.why
    if ended.code != 0:
        last = ended.told.splitlines()[-1][-300:] if ended.told else "it said nothing"
        return f"it ended with status {ended.code} ({last})"
    try:
        document = json.loads(ended.output)
        if "refused" in document:
            return f"refused: {str(document['refused'])[:2000]}"
        found = Findings.parse(json.dumps(document["findings"]).encode())
    except (ValueError, TypeError, KeyError, RecursionError, PalaestraError):
        return "it printed no result"
    return found if found.manifest == ticket.manifest else "it printed the result of another manifest"


def main() -> None:
    """Work for the service whose settings come on standard input, and die with it."""
    given = json.loads(sys.stdin.readline())
    with suppress(OSError):
        kernel_call("prctl", 1, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != given["parent"]:
        sys.exit("The service that started this worker has ended.")
    settings = Settings.read(given["settings"])
    worker = Worker(settings, Queue(open_database(settings.url), settings.lease_seconds))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server says when to stop
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    worker.run()


if __name__ == "__main__":
    main()
