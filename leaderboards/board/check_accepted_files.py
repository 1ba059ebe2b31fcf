"""Check that the stored traces and weights of an accepted submission are those that were accepted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ...core.errors import PalaestraError
from ...core.files import file_digest
from ..submission.check_contents import check_contents
from ..submission.log import Entry
from ..submission.manifest import Manifest


def check_accepted_files(folder: Path, manifest: Manifest, entry: Entry) -> bool:
    """Hash every trace and every file of weights, without replaying any.

    A clone, a wheel or a board of large submissions may leave out a folder `traces/` or `weights/` as a whole: what is
    no longer there cannot be replayed, and whoever reads is told so. A single file of them that is missing is damage.

    Args:
        folder: Where it lies.
        manifest: The accepted one; it names the digests.
        entry: Its entry, for the message.

    Returns:
        Whether all of it lies here.

    Raises:
        PalaestraError: A file that is missing, was edited, or is not named by the manifest.
    """
    shards = [shard for record in manifest.scenarios.values() for shard in record.shards]
    rooms = {
        "traces": {shard.file: shard.digest for shard in shards},
        "weights": {f"{name}.safetensors": digest for name, digest in manifest.weights.items()},
    }
    here: dict[str, Mapping[str, str]] = {
        room: names if (folder / room).is_dir() else {} for room, names in rooms.items()
    }
    try:
        check_contents(folder, here["traces"], here["weights"])
    except PalaestraError as error:
        raise PalaestraError(
            f"{folder} is not what was accepted as entry {entry.number} of the log ({entry.name!r}): {error}"
        ) from error
    for room, names in here.items():
        for name, digest in names.items():
            path = folder / room / name
            if not path.is_file() or file_digest(path) != digest:
                raise damaged_file(path, entry)
    return here == rooms


def damaged_file(path: Path, entry: Entry) -> PalaestraError:
    """The error of a file that is missing or was edited after its acceptance.

    Args:
        path: The file.
        entry: Of the log, whose digests it does not have.
    """
    return PalaestraError(
        f"{path} is not what was accepted as entry {entry.number} of the log ({entry.name!r}): it is missing or was "
        "edited. Bring it back from the repository's history or from a copy."
    )
