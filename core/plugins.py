"""Members of other people's packages: what their entry points name, and modules that the user names.

A package names its members in its metadata, in a group for each room:

    [project.entry-points."palaestra.environments"]
    "BiasedCoin-v0" = "biased_coin.environment:BiasedCoin"

Only the names are read, and only when a registry is asked for a member that palaestra does not have. A module that need
not be installed is named by `palaestra --plugin my_module` or in PALAESTRA_PLUGINS (names with commas between them). It
registers its members when it is imported, with the lines that the rooms of palaestra have: `agents.register("Mine",
"my_module:Mine")`. Processes that palaestra starts inherit the variable, so they see the same members.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from .errors import PalaestraError
from .target import imported_module

GROUPS: Mapping[str, str] = {
    "environment": "palaestra.environments",
    "agent": "palaestra.agents",
    "metric": "palaestra.metrics",
    "track": "palaestra.tracks",
    "wrapper": "palaestra.wrappers",
    "baseline": "palaestra.baselines",
}
"""What a member is called -> the group of its entry points."""

VARIABLE = "PALAESTRA_PLUGINS"
"""Environment variable: modules to import, with commas between them."""

DISABLED = "PALAESTRA_DISABLE_PLUGIN_AUTOLOAD"
"""Environment variable: if it is set, entry points are not read. The tests of palaestra itself set it."""

_STARTED: set[str] = set()
_FAILED: dict[str, str] = {}


@dataclass(frozen=True)
class NamedMember:
    """An entry point.

    Attributes:
        name: The member's name.
        module: Where it is defined.
        attribute: What it is called there; empty where the package forgot it.
        package: The distribution's name and version: "biased-coin 0.1".
    """

    name: str
    module: str
    attribute: str
    package: str


def named_members(kind: str) -> tuple[NamedMember, ...]:
    """The entry points of installed packages for members of a kind ("agent"); nothing of a package is imported."""
    return () if os.environ.get(DISABLED) else _entry_points(tuple(sys.path)).get(kind, ())


@lru_cache(maxsize=4)
def _entry_points(path: tuple[str, ...]) -> dict[str, tuple[NamedMember, ...]]:
    from importlib.metadata import entry_points

    everything = entry_points()
    found: dict[str, tuple[NamedMember, ...]] = {}
    for kind, group in GROUPS.items():
        chosen = everything.select(group=group)
        found[kind] = tuple(
            NamedMember(
                one.name, one.module, one.attr, f"{one.dist.name} {one.dist.version}" if one.dist else "a package"
            )
            for one in sorted(set(chosen), key=lambda one: (one.name, one.value))
        )
    return found


def use_plugins(modules: Iterable[str]) -> None:
    """Import modules that register members, here and in every process that is started from here.

    Raises:
        PalaestraError: One that cannot be imported, or whose members have names that are taken.
    """
    chosen = list(dict.fromkeys(modules))
    for module in chosen:
        if not module or ":" in module or "," in module:
            raise PalaestraError(
                f"The plug-in {module!r} is not a module: name what Python can import, such as my_module."
            )
        if module in _FAILED or module not in _STARTED:
            _FAILED.pop(module, None)
            _STARTED.add(module)
            _import(module)
    os.environ[VARIABLE] = ",".join(dict.fromkeys([*chosen_plugins(), *chosen]))


def chosen_plugins() -> tuple[str, ...]:
    """The modules that PALAESTRA_PLUGINS names."""
    return tuple(filter(None, (one.strip() for one in os.environ.get(VARIABLE, "").split(","))))


def load_chosen_plugins() -> None:
    """Import what PALAESTRA_PLUGINS names and is not imported yet; what fails is kept for `broken_plugins`."""
    for module in chosen_plugins():
        if module not in _STARTED:
            _STARTED.add(module)
            try:
                _import(module)
            except PalaestraError as error:
                _FAILED[module] = str(error)


def broken_plugins() -> Mapping[str, str]:
    """Modules of PALAESTRA_PLUGINS that could not be imported -> the reason."""
    return {module: _FAILED[module] for module in chosen_plugins() if module in _FAILED}


def _import(module: str) -> None:
    try:
        imported_module(module)
    except PalaestraError as error:
        _FAILED[module] = str(error)
        raise PalaestraError(f"The plug-in {module!r} cannot be used: {error}") from error
