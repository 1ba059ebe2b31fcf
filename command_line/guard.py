"""Guards around user code: an exit or an exception inside it is reported, and its prints go to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import NoReturn

from ..core.error_line import error_line
from ..core.errors import ContractBroken, PalaestraError
from ..core.rooms import ROOMS

OURS = tuple(f"{room.path}{os.sep}" for room in ROOMS if not room.calls_members)


@contextmanager
def guard_user_code(subject: str) -> Iterator[None]:
    """Turn what would end the program inside the block into a broken contract: exits, and errors of a user's own files.

    `os._exit` raises SystemExit meanwhile, but not in processes that were forked inside: those end by it. Errors of the
    package itself pass through, with all that Python tells of them.

    Args:
        subject: Whose code runs inside.

    Raises:
        ContractBroken: The program was to be ended, or the user's code raised.
    """
    own, leave = os.getpid(), os._exit

    def refuse(status: int) -> NoReturn:
        if os.getpid() != own:
            leave(status)
        raise SystemExit(status)

    os._exit = refuse
    try:
        yield
    except (PalaestraError, ContractBroken):
        raise
    except (Exception, SystemExit) as error:
        place = error_line(error)
        if not isinstance(error, SystemExit) and (not place or place.startswith(OURS)):
            raise
        from ..core.agent_errors import notes_of  # numpy comes with it, and --help needs none

        what = "ended the program" if isinstance(error, SystemExit) else "failed"
        told = f"{subject} {what}: {type(error).__name__}: {error}{f' ({place})' if place else ''}.{notes_of(error)}"
        raise ContractBroken(told, subject=subject) from error
    finally:
        os._exit = leave


@contextmanager
def stdout_to_stderr() -> Iterator[None]:
    """Send to standard error what anybody writes to standard output inside the block.

    The file descriptor is redirected too, for processes that are started inside and for libraries that are not Python.
    """
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        sys.stderr.flush()
        os.dup2(kept, 1)
        os.close(kept)
