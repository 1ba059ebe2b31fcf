"""Install a shipment on the machine where its jobs run: write it once, check it, and import from it first."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from ...core.errors import PalaestraError
from ...core.files import file_digest
from ..catalogue.listing import registries


def install_shipment(
    names: Mapping[str, Any], content: Callable[[str], bytes], modules: Sequence[str] = (), base: Path | None = None
) -> dict[str, str]:
    """Unpack a shipment where it is not there yet, and make its modules the first that Python finds.

    Args:
        names: `Shipment.names`.
        content: The bytes of the file with a SHA-256.
        modules: Those of the agent that will play and of what it plays; each is imported and must be what was sent.
            Modules that were not sent are passed over: they are of palaestra.
        base: Where shipments lie, one folder each; by default a folder of this user among the temporary files.

    Returns:
        File as options name it -> where it lies here.

    Raises:
        PalaestraError: A folder that others may write to, or a module that is another here than where it came from.
    """
    places = {f"root-{k}/{name}": digest for k, root in enumerate(names["roots"]) for name, digest in root.items()}
    tables = {name: f"tables/{digest}{Path(name).suffix}" for name, digest in names["tables"].items()}
    places |= {tables[name]: digest for name, digest in names["tables"].items()}
    home = Path()
    if places:
        folder = _own_folder(base or Path(tempfile.gettempdir()) / f"palaestra-{os.getuid()}")
        home = folder / sha256(json.dumps(names, sort_keys=True).encode()).hexdigest()[:24]
        if not home.exists():
            _write(home, places, content)
        _check(home, tuple(places.items()))
        _search_first([home / f"root-{k}" for k in range(len(names["roots"]))], folder)
    for module in (one for one in modules if one in names["modules"]):
        file = import_module(module).__file__
        if file is None or file_digest(Path(file)) != names["modules"][module]:
            raise PalaestraError(f"The module {module} here ({file}) differs from the one where the run was started.")
    _register(names.get("members", ()))
    return {name: str(home / place) for name, place in tables.items()}


_REGISTERED: list[tuple[str, str]] = []
"""What this process registered for the shipment before: kind and name."""


def _register(members: Iterable[Sequence[Any]]) -> None:
    """Make the members of other packages known here under their names, and forget those of other shipments."""
    rooms = registries()
    while _REGISTERED:
        kind, name = _REGISTERED.pop()
        rooms[kind].forget(name)
    for kind, name, target, face, options in members:
        room = rooms[kind]
        if ":" in name:
            room.find(name)
        elif name not in room or room[name].target != target:
            room.register(name, target, face, **options)
            _REGISTERED.append((kind, name))


def _own_folder(folder: Path) -> Path:
    """A folder that nobody else can put code into."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or not folder.is_dir() or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PalaestraError(f"{folder} must be a folder that only this user can write to. Remove it.")
    return folder


def _write(home: Path, places: Mapping[str, str], content: Callable[[str], bytes]) -> None:
    aside = Path(tempfile.mkdtemp(prefix=f".{home.name}.", dir=home.parent))
    try:
        for place, digest in places.items():
            (aside / place).parent.mkdir(parents=True, exist_ok=True)
            (aside / place).write_bytes(content(digest))
        with suppress(OSError):  # another worker of this machine was first: its files are the same
            aside.rename(home)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


@cache
def _check(home: Path, places: tuple[tuple[str, str], ...]) -> None:
    """That every file is what was sent; once a process, since weights can be large."""
    for place, digest in places:
        if file_digest(home / place) != digest:
            raise PalaestraError(f"{home / place} has been changed since it was sent. Remove {home}.")


def _search_first(roots: list[Path], folder: Path) -> None:
    """Put the roots first in Python's search path, and forget what came from other shipments."""
    wanted = [str(root) for root in roots]
    sys.path[:] = [*wanted, *(path for path in sys.path if path in wanted or not _lies_in(path, folder))]
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and _lies_in(file, folder) and not any(_lies_in(file, root) for root in roots):
            del sys.modules[name]
    if roots:
        os.chdir(roots[0])


def _lies_in(path: str, folder: Path) -> bool:
    return Path(path).is_relative_to(folder)
