"""Register with Gymnasium and PettingZoo when those are imported, so that neither is imported for it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any

GYMNASIUM = "gymnasium.envs.registration"
PETTINGZOO = "pettingzoo.env_registry.registration"


_DONE: set[str] = set()
"""The libraries that have our environments; those registered later follow one by one."""


def _with_gymnasium(module: Any, kinds: Mapping[str, str]) -> None:
    # Games of several players too: making one fails with a message that says what to call, where Gymnasium itself
    # would say only that no such id exists.
    for name in kinds:
        if f"palaestra/{name}" not in module.registry:
            module.register(
                f"palaestra/{name}",
                entry_point="palaestra:make",
                vector_entry_point="palaestra:make_vec",
                kwargs={"env_id": name},
            )


_WITH_PETTINGZOO: set[str] = set()


def _with_pettingzoo(module: Any, kinds: Mapping[str, str]) -> None:
    for name in kinds.keys() - _WITH_PETTINGZOO:
        _WITH_PETTINGZOO.add(name)
        for face in ("parallel", "aec"):
            module.register(face, f"palaestra/{name}", f"palaestra:{face}_env", kwargs={"env_id": name})


_WAITING: dict[str, Callable[[Any, Mapping[str, str]], None]] = {
    GYMNASIUM: _with_gymnasium,
    PETTINGZOO: _with_pettingzoo,
}


class _WhenImported:
    """Lets a module's own finder load it, then calls what waits for it."""

    def __init__(self, kinds: Callable[[], Mapping[str, str]]) -> None:
        self.kinds = kinds
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
            action(module, self.kinds())
            _DONE.add(fullname)

        spec.loader.exec_module = execute_and_register  # type: ignore[method-assign]
        return spec


def register_when_imported(kinds: Callable[[], Mapping[str, str]]) -> None:
    """Register `palaestra/...` ids at once with libraries that are imported already, later with the others.

    Args:
        kinds: Tells every environment's id and whether it is "single" or "parallel"; called when a library is there.
    """
    finder = _WhenImported(kinds)
    for name in list(finder.waiting):
        if name in sys.modules:
            finder.waiting.pop(name)(sys.modules[name], kinds())
            _DONE.add(name)
    if finder.waiting:
        sys.meta_path.insert(0, finder)


def register_later(name: str, kind: str) -> None:
    """Register one more environment with the libraries that have the others already.

    Args:
        name: Its id.
        kind: "single", "parallel", or "" where that is not known before it is imported.
    """
    for library in _DONE:
        _WAITING[library](sys.modules[library], {name: kind})
