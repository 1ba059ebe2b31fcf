"""The digest of an agent: its name, options, source files and weights. Official seeds derive from it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from ...core.errors import PalaestraError
from ...core.files import file_digest
from ...core.target import named_call
from ..sweeps.agent_files import agent_files
from ..sweeps.fingerprint import source_fingerprint
from .declared import check_own_module


@dataclass(frozen=True)
class AgentDigest:
    """What an agent is, by content.

    Attributes:
        target: "module:attribute", or a registered name.
        options: What it was made with.
        files: File, relative to the folder of the agent's own -> SHA-256; for a registered agent palaestra's source.
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

    A user's agent is its module's file, the user's own modules that this imports, and the files that its attribute
    `weights` names (see `agent_files`).

    Raises:
        PalaestraError: An agent that cannot be found, options that are not plain, or weights that are not there.
    """
    from ...agents import find

    target, options = named_call(agent)
    try:
        json.dumps(options)
    except TypeError as error:
        raise PalaestraError(f"The options of {agent!r} are not plain values: {error}.") from error
    check_own_module(target)
    found = find(agent)
    if ":" not in target:
        return AgentDigest(target, options, {"palaestra": source_fingerprint()})
    files = agent_files(agent, found)
    if not files:
        raise PalaestraError(f"{target!r} has no source file, so nobody could say what was submitted.")
    names = {Path(os.path.relpath(path, files[0].parent)).as_posix(): path for path in files}
    return AgentDigest(target, options, {name: file_digest(path) for name, path in sorted(names.items())})
