"""Load a trace made by somebody else: files that its options name are read only if the user names them too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..core.errors import PalaestraError
from ..core.traces.trace import Trace
from .parse_options import parse_options


def load_untrusted_trace(path: Path, option: Sequence[str], env: str | None = None) -> Trace:
    """Load a trace whose rules will open no file, and import no module, but those the user named.

    Args:
        path: The trace.
        option: "key=PATH", each: the file to read for an option of the trace that names one.
        env: "module:attribute" of the environment, where the trace names one so; None: it must be registered.

    Raises:
        PalaestraError: An environment that the user did not name, a damaged trace, an option that names a file which
            `option` does not, or an option that does not name one.
    """
    from ..envs import environments

    trace, named = Trace.load(path), parse_options(option)
    if env is not None and env != trace.env_id:
        raise PalaestraError(f"{path} is a trace of {trace.env_id}, not of {env}.")
    if env is not None:
        environments.find(env)
    elif ":" in trace.env_id:
        raise PalaestraError(
            f"{path} asks to import {trace.env_id}. Whoever made it chose that name: say `--env {trace.env_id}` to run "
            "that module's code."
        )
    if other := named.keys() - trace.files.keys():
        raise PalaestraError(
            f"{path} has no option {sorted(other)} that names a file: its options are {dict(trace.options)}. Only the "
            f"paths of files can be changed for a replay."
        )
    if unnamed := {key: value for key, value in trace.files.items() if key not in named}:
        words = " ".join(f"--option {key}={value}" for key, value in unnamed.items())
        raise PalaestraError(
            f"{path} asks to read {', '.join(map(str, unnamed.values()))}. Whoever made the trace chose that path: "
            f"add `{words}` to read it, or give the path of your own copy."
        )
    return replace(trace, options={**trace.options, **named})
