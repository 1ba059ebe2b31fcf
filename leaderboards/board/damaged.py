"""What is said of a board that is no longer what was accepted."""

from __future__ import annotations

from pathlib import Path

from ...core.errors import PalaestraError
from ..submission.log import Entry


def damaged(path: Path, entry: Entry) -> PalaestraError:
    """The error of a file that is missing or was edited after its acceptance.

    Args:
        path: The file.
        entry: Of the log, whose digests it does not have.
    """
    return PalaestraError(
        f"{path} is not what was accepted as entry {entry.number} of the log ({entry.name!r}): it is missing or was "
        "edited. Bring it back from the repository's history or from a copy."
    )
