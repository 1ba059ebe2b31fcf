"""Try to run a job, and report any failure as text; every engine's workers do this."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .job import Job


def attempt(
    job: Job,
    folder: Path,
    progress: Callable[[int, int], None] | None = None,
    files: Mapping[str, str] | None = None,
    agent: Any = None,
) -> str:
    """Run a job and say what went wrong.

    Args:
        job: What to play.
        folder: Where its results go.
        progress: Called with (steps done, horizon).
        files: File as the options name it -> where it lies here, if elsewhere.
        agent: What plays, where `job.agent` only names an object of this process.

    Returns:
        "" when its results are there, else why they are not, in a line for people.
    """
    from ...core.agent_errors import notes_of
    from ...core.errors import PalaestraError
    from .execute import execute

    try:
        execute(job, folder, progress, files, agent)
    except PalaestraError as error:
        return str(error)
    except Exception as error:
        where, notes = traceback.extract_tb(error.__traceback__)[-1], notes_of(error)
        told = f"{type(error).__name__}: {error} ({where.filename}:{where.lineno}, in {where.name})"
        return f"{told}.{notes}" if notes else told
    return ""
