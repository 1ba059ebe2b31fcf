"""Resolve "module:attribute", and explain why it cannot be resolved."""

from __future__ import annotations

import ast
import os
import sys
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any

from .error_line import error_line
from .errors import PalaestraError


def named_target(target: str) -> Any:
    """What "module:attribute" names; the working directory is searched first.

    Raises:
        PalaestraError: A module that is not there, that fails while it is imported, or that has no such attribute.
    """
    search_working_directory()
    return installed_target(target)


def installed_target(target: str) -> Any:
    """What "module:attribute" names where Python searches already.

    Raises:
        PalaestraError: As `named_target`.
    """
    module, _, attribute = target.partition(":")
    if not module or not attribute:
        raise PalaestraError(f"{target!r} is not module:attribute, such as my_agents:Winners.")
    loaded = _imported(module, target)
    try:
        return getattr(loaded, attribute)
    except AttributeError as error:
        own = [name for name, one in vars(loaded).items() if getattr(one, "__module__", "") == loaded.__name__]
        near = get_close_matches(attribute, own, cutoff=0.5)
        hint = f" Did you mean {module}:{near[0]}?" if near else f" It defines {', '.join(own[:20]) or 'nothing'}."
        raise PalaestraError(f"{target!r}: the module {module} has no {attribute!r}.{hint}") from error


def search_working_directory() -> None:
    """Let Python find modules in the working directory, as it does for `python my_script.py`."""
    if "" not in sys.path and os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())


def imported_module(module: str) -> Any:
    """A module by its name; the working directory is searched first.

    Raises:
        PalaestraError: A module that is not there, or that fails while it is imported.
    """
    search_working_directory()
    return _imported(module, module)


def _imported(module: str, target: str) -> Any:
    """The module; where its own code fails, the error names the line."""
    try:
        return import_module(module)
    except PalaestraError:
        raise
    except ModuleNotFoundError as error:
        if not f"{module}.".startswith(f"{error.name}."):
            raise _fails(module, error) from error
        meant = meant_targets(target)
        hint = f"Did you mean {' or '.join(meant)}?" if meant else f"The folder searched first is {os.getcwd()}."
        form = "module:attribute with a module" if ":" in target else "the name of a module"
        raise PalaestraError(f"{target!r}: {error}. Give {form} that Python can import from here. {hint}") from error
    except SyntaxError as error:
        raise PalaestraError(
            f"The module {module!r} cannot be read: {error.msg} ({error.filename}:{error.lineno})."
        ) from error
    except (Exception, SystemExit) as error:
        raise _fails(module, error) from error


def _fails(module: str, error: BaseException) -> PalaestraError:
    place = error_line(error)
    if isinstance(error, ModuleNotFoundError):
        said, way = f"it imports {error.name!r}, which is not installed", f"Install {error.name!r}, or fix the import."
    elif isinstance(error, SystemExit):
        said = f"it ends the program (SystemExit: {error})"
        way = 'Put what a script does under `if __name__ == "__main__":`.'
    else:
        said, way = f"{type(error).__name__}: {error}".rstrip("."), "Fix that line."
    return PalaestraError(f"The module {module!r} cannot be imported: {said}{f' ({place})' if place else ''}. {way}")


MOST = 100
"""Files of the working directory that are looked into for a bare name."""


def meant_targets(text: str) -> list[str]:
    """What a text may mean: "mine.Agent", "mine.py", "mine.py:Agent", and "Agent" of a file in the working directory.

    Files are read, and nothing in them is run.

    Returns:
        At most three, each as "module:attribute"; none where nothing fits.
    """
    text = text.partition("(")[0].strip()
    head, _, attribute = text.partition(":")
    if head.endswith(".py"):
        return _in_file(Path(head), attribute)
    if "." in head and not attribute:
        module, _, attribute = head.rpartition(".")
        return _in_file(Path(*module.split(".")).with_suffix(".py"), attribute)
    if attribute:
        return []
    files = sorted(Path().glob("*.py"))[:MOST]
    return [f"{file.stem}:{head}" for file in files if head in _classes(file)][:3]


def _in_file(file: Path, attribute: str) -> list[str]:
    """Targets in a file below the working directory: the attribute, else the nearest, else every class with `act`."""
    if file.is_absolute() or not file.is_file():
        return []
    classes, module = _classes(file), ".".join(file.with_suffix("").parts)
    near = get_close_matches(attribute, classes, n=1, cutoff=0.5) if attribute else []
    names = near or [name for name, methods in classes.items() if "act" in methods]
    return [f"{module}:{name}" for name in names[:3]]


def _classes(file: Path) -> dict[str, set[str]]:
    """The classes of a file -> the names of their own methods; none of a file that cannot be read."""
    try:
        body = ast.parse(file.read_text("utf-8")).body
    except (OSError, SyntaxError, ValueError):
        return {}
    return {
        node.name: {one.name for one in node.body if isinstance(one, ast.FunctionDef)}
        for node in body
        if isinstance(node, ast.ClassDef)
    }


def named_call(text: str) -> tuple[str, dict[str, Any]]:
    """Split "name(key=value, ...)" into the name and its options; a bare name has none.

    Values are Python literals; nothing is evaluated.

    Raises:
        PalaestraError: Brackets that are not `key=value, ...` of literals.
    """
    name, bracket, rest = text.partition("(")
    if not bracket:
        return text, {}
    try:
        call = ast.parse(f"_({rest}", mode="eval").body
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.args:
            raise SyntaxError("only key=value may stand in the brackets")
        if not all(word.arg for word in call.keywords):
            raise SyntaxError("** may not stand in the brackets")
        return name.strip(), {str(word.arg): _literal(word) for word in call.keywords}
    except (SyntaxError, ValueError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else error
        raise PalaestraError(
            f'{text!r} cannot be read ({reason}). Write a name with options like this: "NumericHedge(rate=0.1)".'
        ) from error


def _literal(word: ast.keyword) -> Any:
    try:
        return ast.literal_eval(word.value)
    except ValueError:
        given = ast.unparse(word.value)
        raise SyntaxError(
            f"{word.arg}={given} is not a number, and text must be quoted: {word.arg}='{given}'"
        ) from None
