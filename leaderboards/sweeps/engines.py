"""The engines by name: where jobs can run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from ...core.errors import UnknownName
from .engine import Engine
from .local_engine import local_engine
from .ray_engine import ray_engine

OpenEngine = Callable[[int, str], AbstractContextManager[Engine]]
"""Called with (workers, address); what it starts is stopped at the end of the `with` block."""

ENGINES: Mapping[str, OpenEngine] = {"local": local_engine, "ray": ray_engine}


def find_engine(name: str) -> OpenEngine:
    """The engine called `name`.

    Raises:
        UnknownName: There is none; the message lists those there are.
    """
    if name not in ENGINES:
        raise UnknownName("engine", name, ENGINES)
    return ENGINES[name]
