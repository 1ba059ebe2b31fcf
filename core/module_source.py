"""Where a module's source is and what its docstring says, found without importing anything."""

from __future__ import annotations

import ast
import sys
from contextlib import suppress
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from inspect import cleandoc
from pathlib import Path

QUOTES = '"""'


def module_file(module: str) -> Path | None:
    """The source file of a module, or None.

    Unlike `importlib.util.find_spec`, it does not import the packages that the module is in.
    """
    spec = _spec_of(module)
    return None if spec is None or not spec.has_location or spec.origin is None else Path(spec.origin)


def module_docstring(module: str) -> str | None:
    """The docstring of a module; "" where it has none, None where the module cannot be found.

    Raises:
        SyntaxError: The file is no Python.
    """
    file = module_file(module)
    if file is not None and file.suffix == ".py":
        return _docstring(file.read_text(encoding="utf-8"), str(file))
    loaded = sys.modules.get(module)
    return None if loaded is None and file is None else (getattr(loaded, "__doc__", None) or "")


def _docstring(text: str, file: str) -> str:
    """The docstring of a file. Where it begins with one, nothing else is parsed: a listing reads a hundred files."""
    if text.startswith(QUOTES):
        head = text[: text.find(QUOTES, len(QUOTES)) + len(QUOTES)]
        with suppress(SyntaxError, ValueError):  # the quotes that were found do not end it
            return cleandoc(ast.literal_eval(head))
    return ast.get_docstring(ast.parse(text, file)) or ""


def _spec_of(module: str) -> ModuleSpec | None:
    if (loaded := sys.modules.get(module)) is not None:
        return getattr(loaded, "__spec__", None)
    head, *rest = module.split(".")
    try:
        spec = find_spec(head)
    except (ImportError, ValueError):  # a module without a spec, as `__main__` of a notebook
        return None
    name = head
    for part in rest:
        if spec is None or spec.submodule_search_locations is None:
            return None
        name = f"{name}.{part}"
        spec = PathFinder.find_spec(name, list(spec.submodule_search_locations))
    return spec
