"""Open a submission's folder, or a ZIP archive of one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from ...core.errors import PalaestraError
from .unpack import unpack
from .verify import Refused


@contextmanager
def submission_folder(path: Path) -> Iterator[Path]:
    """The folder itself, or what an archive holds, in a temporary folder that is removed afterwards.

    Raises:
        Refused: An archive that is no submission's.
    """
    if path.is_dir() or path.suffix.lower() != ".zip":
        yield path
        return
    with TemporaryDirectory(prefix="palaestra-") as temporary:
        folder = Path(temporary) / path.stem
        try:
            unpack(path, folder)
        except (PalaestraError, OSError) as error:
            raise Refused(str(error)) from error
        yield folder
