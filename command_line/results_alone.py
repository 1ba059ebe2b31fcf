"""Standard output for results alone: what agents print goes to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout


@contextmanager
def results_alone() -> Iterator[None]:
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
