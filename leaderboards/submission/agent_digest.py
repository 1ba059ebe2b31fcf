"""The digest of an agent: its name, options, source files and weights. Official seeds derive from it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from ...core.agent_spec import AgentSpec
from ...core.errors import PalaestraError
from ...core.files import file_digest
from ...core.saved_model import is_saved_model
from ..sweeps.fingerprint import source_fingerprint
from .privileges import check_own_module


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


def agent_digest(agent: str | AgentSpec) -> AgentDigest:
    """The digest of "module:attribute(option=value)" or of a registered agent.

    A user's agent is its module's file, the user's own modules that this imports, the files that its attribute
    `weights` or its options name, and those that its source names, such as a saved model (see `agent_files`). One that
    another package registers counts as such an agent.

    Raises:
        PalaestraError: An agent that cannot be found, options that are not plain, or weights that are not there.
    """
    from ...agents import agents

    spec = agents.spec(agent)
    target, options = spec.target, spec.options
    try:
        json.dumps(options)
    except TypeError as error:
        raise PalaestraError(f"The options of {spec.name!r} are not plain values: {error}.") from error
    check_own_module(target)
    if is_saved_model(target):
        raise PalaestraError(
            f"{target!r} is a saved model without source. Submit a module that loads it and defines the agent, as "
            "module:attribute; the file then counts as one of the agent's."
        )
    if not spec.module:
        return AgentDigest(target, options, {"palaestra": source_fingerprint()})
    files = spec.files
    if not files:
        raise PalaestraError(f"{target!r} has no source file, so its digest could not show what was submitted.")
    names = {Path(os.path.relpath(path, files[0].parent)).as_posix(): path for path in files}
    return AgentDigest(target, options, {name: file_digest(path) for name, path in sorted(names.items())})


def official_seeds(track_id: str, digest: str, count: int, registration: str = "") -> tuple[int, ...]:
    """The seeds an agent is judged on.

    Seed i is the first 16 bytes of SHA-256("palaestra seeds/TRACK/DIGEST/i"). Who changes one byte of the agent gets
    other seeds. Still, somebody could try many such agents at home and submit the luckiest. Against that an agent can
    be registered in the log before it is run: the text is then "palaestra seeds/TRACK/DIGEST/REGISTRATION/i", where
    nobody knows the hash of the log's next entry, and every registration stays visible, followed by scores or not.

    Args:
        track_id: The track.
        digest: Of the agent, hexadecimal.
        count: How many.
        registration: Hash of the entry that registered it, or "".
    """
    if count < 1:
        raise PalaestraError(f"count={count} is not allowed: at least one seed is needed.")
    source = "/".join(filter(None, (track_id, digest, registration)))
    texts = (f"palaestra seeds/{source}/{i}" for i in range(count))
    return tuple(int.from_bytes(sha256(text.encode()).digest()[:16], "big") for text in texts)
