"""The files that a user's agent consists of: its module, what this imports of the user's own, and its weights."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from ...core.errors import PalaestraError
from ...core.rooms import PACKAGE, ROOT_FILES
from ...core.target import named_call

INSTALLED = ("site-packages", "dist-packages")
_STANDARD = Path(ast.__file__).resolve().parent


def agent_files(agent: str, found: Any) -> list[Path]:
    """The files that decide what "module:attribute" plays, the one that defines it first.

    1. The file that defines it, and the file of the module that the name gives.
    2. Every module that these import, at their top or within a function, and so on; and modules that their globals
       come from. Only files under the folder in which Python found the module count, without palaestra and without
       what is installed there.
    3. The files that its attribute `weights` names, relative to the folder of 1.

    Args:
        agent: "module:attribute", with options in brackets if wanted.
        found: The attribute; its module has been imported.

    Returns:
        Resolved paths; none where there is no source file.

    Raises:
        PalaestraError: Weights that are not there.
    """
    name = named_call(agent)[0].partition(":")[0]
    given, defined = _file_of(sys.modules.get(name)), _defining_file(found)
    given = given or defined
    if given is None:
        return []
    root = given.parents[min(name.count(".") + (given.stem == "__init__"), len(given.parents) - 1)]
    own = defined if defined is not None and defined.is_relative_to(root) else given
    whole = _Closure(root, name.partition(".")[0]).of({own, given})
    return [own, *sorted((whole | _weights(agent, found, own.parent)) - {own})]


def own_target(agent: str) -> tuple[str, dict[str, Any]]:
    """What an agent's text names and its options; an agent that another package registers as "module:attribute"."""
    from ...agents import agents

    name, options = named_call(agent)
    if ":" in name or name not in agents or not agents[name].outside:
        return name, options
    return agents[name].target, {**agents[name].options, **options}


class _Closure:
    """Imports of files under one folder, followed to their end."""

    def __init__(self, root: Path, package: str) -> None:
        self._root, self._package = root, package
        self._installed = bool(set(INSTALLED) & set(root.parts)) or root == _STANDARD
        files = {module: _file_of(module) for module in list(sys.modules.values())}
        self._modules = {file: module for module, file in files.items() if file is not None}

    def of(self, start: set[Path]) -> set[Path]:
        todo, found = list(start), set(start)
        while todo:
            path = todo.pop()
            new = {one for one in (*self._written(path), *self._bound(path)) if self._counts(one)} - found
            found |= new
            todo += new
        return found

    def _counts(self, path: Path) -> bool:
        """Whether a file is the user's own."""
        if not path.is_relative_to(self._root) or _is_ours(path) or not path.is_file():
            return False
        inside = path.relative_to(self._root).parts
        if self._installed:  # beside it lie the packages of others
            return inside[0] in (self._package, f"{self._package}.py")
        return not set(INSTALLED) & set(inside) and not path.is_relative_to(_STANDARD)

    def _written(self, path: Path) -> Iterator[Path]:
        """What the import statements of a file name; of packages every `__init__`, since it runs."""
        yield from (folder / "__init__.py" for folder in path.parents if folder != self._root)
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError):
            return
        package = path.relative_to(self._root).parts[:-1] if path.is_relative_to(self._root) else ()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names = [tuple(one.name.split(".")) for one in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = package[: max(0, len(package) - node.level + 1)] if node.level else ()
                home = (*base, *(node.module.split(".") if node.module else ()))
                names = [(*home, one.name) for one in node.names]
            else:
                continue
            for parts in names:
                for end in range(1, len(parts) + 1):
                    place = self._root.joinpath(*parts[:end])
                    yield from (place.with_name(f"{place.name}.py"), place / "__init__.py")
                    if (file := _file_of(sys.modules.get(".".join(parts[:end])))) is not None:
                        yield file

    def _bound(self, path: Path) -> Iterator[Path]:
        """Where the globals of an imported module come from: it may have imported them by a call."""
        for value in list(vars(self._modules[path]).values()) if path in self._modules else ():
            module = value if isinstance(value, ModuleType) else sys.modules.get(str(getattr(value, "__module__", "")))
            if (file := _file_of(module)) is not None:
                yield file


def _is_ours(path: Path) -> bool:
    """Whether a file is palaestra's, and not a user's who works in a clone of it."""
    if not path.is_relative_to(PACKAGE):
        return False
    first = path.relative_to(PACKAGE).parts[0]
    return first in ROOT_FILES or f"{__name__.partition('.')[0]}.{first}" in sys.modules


def _file_of(module: ModuleType | None) -> Path | None:
    """A module's source file; None where it has none, or says one that is not there as `torch.classes` does."""
    file = getattr(module, "__file__", None)
    if not isinstance(file, str) or not file.endswith(".py"):
        return None
    path = Path(file).resolve()
    return path if path.is_file() else None


def _defining_file(found: Any) -> Path | None:
    try:
        source = inspect.getsourcefile(found if inspect.isroutine(found) or isinstance(found, type) else type(found))
    except TypeError:
        return None
    return Path(source).resolve() if source else None


def _weights(agent: str, found: Any, home: Path) -> set[Path]:
    paths = {name: (home / name).resolve() for name in named_weights(found)}
    for name, path in paths.items():
        if not path.is_file():
            raise PalaestraError(f"{agent!r} names weights that are not there: {name!r}, looked for in its folder.")
    return set(paths.values())


def named_weights(found: Any) -> tuple[str, ...]:
    """What an agent's attribute `weights` names, one name alone too; nothing where it is something else, as an array.

    Args:
        found: The agent, or what makes it.
    """
    named = getattr(found, "weights", ())
    if isinstance(named, str):
        return (named,)
    return tuple(map(str, named)) if isinstance(named, (tuple, list)) else ()
