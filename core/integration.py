"""Registration with Gymnasium and PettingZoo at the moment those are imported, so that neither is imported for it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any

GYMNASIUM = "gymnasium.envs.registration"
PETTINGZOO = "pettingzoo.env_registry.registration"


def _with_gymnasium(module: Any) -> None:
    from ..envs import environments

    for name in environments:
        if environments[name].kind == "single":
            module.register(
                f"palaestra/{name}",
                entry_point="palaestra:make",
                vector_entry_point="palaestra:make_vec",
                kwargs={"env_id": name},
            )


def _with_pettingzoo(module: Any) -> None:
    from ..envs import environments

    for name in environments:
        for face in ("parallel", "aec"):
            module.register(face, f"palaestra/{name}", f"palaestra:{face}_env", kwargs={"env_id": name})


_WAITING: dict[str, Callable[[Any], None]] = {GYMNASIUM: _with_gymnasium, PETTINGZOO: _with_pettingzoo}


class _WhenImported:
    """Lets a module's own finder load it, then calls what waits for it."""

    def __init__(self) -> None:
        self.waiting = dict(_WAITING)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's own spec, with the waiting call behind its execution."""
        action = self.waiting.pop(fullname, None)
        spec = find_spec(fullname) if action else None
        if action is None or spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def execute_and_register(module: ModuleType) -> None:
            execute(module)
            action(module)

        spec.loader.exec_module = execute_and_register  # type: ignore[method-assign]
        return spec


def register_when_imported() -> None:
    """Register `palaestra/...` ids at once with libraries that are imported already, later with the others."""
    finder = _WhenImported()
    for name in list(finder.waiting):
        if name in sys.modules:
            finder.waiting.pop(name)(sys.modules[name])
    if finder.waiting:
        sys.meta_path.insert(0, finder)
