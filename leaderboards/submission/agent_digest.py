"""The digest of an agent: its name, options, source files and weights. Official seeds derive from it."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from ...core.errors import PalaestraError
from ...core.named_call import named_call
from ..sweeps.fingerprint import file_fingerprint, source_fingerprint


@dataclass(frozen=True)
class AgentDigest:
    """What an agent is, by content.

    Attributes:
        target: "module:attribute", or a registered name.
        options: What it was made with.
        files: File, relative to the folder of its module -> SHA-256; for a registered agent palaestra's own source.
    """

    target: str
    options: Mapping[str, Any]
    files: Mapping[str, str]

    @property
    def value(self) -> str:
        """The SHA-256 of all of it, in hexadecimal."""
        return digest_of_agent(self.target, self.options, self.files)


def digest_of_agent(target: str, options: Mapping[str, Any], files: Mapping[str, str]) -> str:
    """SHA-256 of an agent's name, options and files, in hexadecimal."""
    record = json.dumps({"target": target, "options": dict(options), "files": dict(files)}, sort_keys=True)
    return sha256(record.encode()).hexdigest()


def agent_digest(agent: str) -> AgentDigest:
    """The digest of "module:attribute(option=value)" or of a registered agent.

    A user's agent is its module's file, every module it brought along from the same folder (or below), and the files
    that its attribute `weights` names.

    Raises:
        PalaestraError: An agent that cannot be found, options that are not plain, or weights that are not there.
    """
    from ...agents import find

    target, options = named_call(agent)
    try:
        json.dumps(options)
    except TypeError as error:
        raise PalaestraError(f"The options of {agent!r} are not plain values: {error}.") from error
    found = find(agent)
    if ":" not in target:
        return AgentDigest(target, options, {"palaestra": source_fingerprint()})
    source = inspect.getsourcefile(found if inspect.isroutine(found) or isinstance(found, type) else type(found))
    if source is None:
        raise PalaestraError(f"{target!r} has no source file, so nobody could say what was submitted.")
    home = Path(source).resolve().parent
    paths = {Path(source).resolve(), *_brought_along(home)}
    for weights in getattr(found, "weights", ()):
        path = (home / weights).resolve()
        if not path.is_file():
            raise PalaestraError(f"{target!r} names weights that are not there: {weights!r}, looked for in its folder.")
        paths.add(path)
    names = {path.relative_to(home).as_posix() if path.is_relative_to(home) else path.name: path for path in paths}
    return AgentDigest(target, options, {name: file_fingerprint(path) for name, path in sorted(names.items())})


def _brought_along(home: Path) -> set[Path]:
    """Files of imported modules that lie in the agent's folder or below, installed packages left out."""
    found = set()
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and file.endswith(".py") and name != "__main__":
            path = Path(file).resolve()
            if not path.is_file():  # made up, as `torch.classes` does: "_classes.py", relative to nothing
                continue
            if path.is_relative_to(home) and not {"site-packages", "palaestra"} & set(path.relative_to(home).parts):
                found.add(path)
    root = Path(__file__).resolve().parents[2]
    return {path for path in found if not path.is_relative_to(root)}
