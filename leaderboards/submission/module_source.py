"""The source of a module that holds a class of a notebook, with the imports, functions and constants that it uses.

Offered to users by `palaestra.submit` and `palaestra.verify`, which take classes that are defined in a cell.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import symtable
import textwrap
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any

from ...core.errors import PalaestraError

FUTURE = "from __future__ import annotations\n"


def module_source(found: Any) -> str:
    """The text of a Python file that defines a class or a function as the notebook does.

    Args:
        found: A class or a function at the top of a cell or a script.

    Raises:
        PalaestraError: Its source is not at hand, or it uses something that has no source of its own, a table say.
    """
    return _Module(found).text


class _Module:
    """Collects what a definition uses, each once, in an order in which it can be executed."""

    def __init__(self, found: Any) -> None:
        self._name = str(found.__name__)
        self._imports, self._constants, self._definitions = dict[str, None](), dict[str, None](), dict[str, str]()
        self._define(found)

    @property
    def text(self) -> str:
        """The file."""
        head = f'"""The agent {self._name}, as it was defined in a notebook."""\n\n{FUTURE}'
        values = "\n".join(self._constants)
        parts = [head, "\n".join(sorted(self._imports)), values, *(f"\n{one}" for one in self._definitions.values())]
        return "\n".join(part for part in parts if part) + "\n"

    def _define(self, found: Any) -> None:
        name = found.__name__
        if name in self._definitions:
            return
        self._definitions[name] = ""  # what uses itself, or each other, is met once
        source, namespace = definition_of(found), _namespace(found)
        for used in sorted(set(_globals_of(source)) & namespace.keys() - {name}):
            self._use(used, namespace[used], found)
        del self._definitions[name]  # last, behind what it uses
        self._definitions[name] = source

    def _use(self, name: str, value: Any, user: Any) -> None:
        if isinstance(value, ModuleType):
            own = value.__name__
            return self._import(f"import {own}" if own == name else f"import {own} as {name}")
        module, own = getattr(value, "__module__", None), getattr(value, "__qualname__", "")
        if isinstance(value, (type, FunctionType)) and module == user.__module__:
            if own != name:
                raise self._refusal(f"uses {name!r}, another name for {own!r}")
            return self._define(value)
        if callable(value) and isinstance(module, str) and own and "." not in own and module != user.__module__:
            return self._import(f"from {module} import {own}" + ("" if own == name else f" as {name}"))
        try:
            plain = ast.literal_eval(repr(value)) == value
        except (ValueError, SyntaxError, TypeError):
            plain = False
        if plain is not True:
            raise self._refusal(f"uses {name!r} of the notebook, a {type(value).__name__}")
        self._constants[f"{name} = {value!r}"] = None

    def _import(self, line: str) -> None:
        self._imports[line] = None

    def _refusal(self, what: str) -> PalaestraError:
        return PalaestraError(
            f"{self._name} {what}, which cannot be written into a file with it. Put {self._name} with everything that "
            f'it uses into a file of its own, my_agents.py say, and submit "my_agents:{self._name}".'
        )


def definition_of(found: Any) -> str:
    """The source text of a class or function that stands at the top of a cell, a script or a module.

    Raises:
        PalaestraError: It is not at hand.
    """
    code = next(_codes_of(found), None)
    lines = [] if code is None else linecache.getlines(code.co_filename)
    try:
        body = ast.parse("".join(lines)).body
    except SyntaxError:
        body = []
    for node in body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name == found.__name__ and code is not None:
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            if node.end_lineno is not None and first <= code.co_firstlineno <= node.end_lineno:
                return textwrap.dedent("".join(lines[first - 1 : node.end_lineno])).rstrip() + "\n"
    name = getattr(found, "__name__", repr(found))
    raise PalaestraError(
        f"The source of {name} is not at hand: it must be a class or a function with a name, at the top of a cell. "
        f'Put it into a file, my_agents.py say, and give "my_agents:{name}".'
    )


def _codes_of(found: Any) -> Iterator[Any]:
    """The code of a function, or of a class's methods; of those written there, which lie in the class's own file."""
    members = [found] if isinstance(found, FunctionType) else [*vars(found).values()]
    for member in members:
        function = inspect.unwrap(getattr(member, "__func__", getattr(member, "fget", None) or member))
        if isinstance(function, FunctionType) and not function.__code__.co_filename.startswith("<string>"):
            yield function.__code__


def _namespace(found: Any) -> dict[str, Any]:
    """The globals that its functions see."""
    for member in [found, *(vars(found).values() if isinstance(found, type) else ())]:
        function = inspect.unwrap(getattr(member, "__func__", getattr(member, "fget", None) or member))
        if isinstance(function, FunctionType) and function.__module__ == found.__module__:
            return function.__globals__
    return {}


def _globals_of(source: str) -> Iterator[str]:
    """The names that a definition takes from its module; annotations are not evaluated and do not count."""
    todo = [symtable.symtable(FUTURE + source, "cell", "exec")]
    while todo:
        table = todo.pop()
        if table.get_type() not in ("module", "class", "function"):
            continue
        for symbol in table.get_symbols():
            if symbol.is_global() if table.get_type() != "module" else symbol.is_referenced():
                yield symbol.get_name()
        todo += table.get_children()
