"""The files that a source file names: saved models, arrays and tables that an agent loads without declaring them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

ENDINGS = ("", ".zip")
"""What is tried behind a name: Stable-Baselines3 saves and loads "model" as model.zip."""

LONGEST = 255
"""Characters of a path that is looked for."""


def loaded_files(source: Path, folders: Iterable[Path]) -> set[Path]:
    """Existing files that the text of a Python file names, so that an agent changes when one of them does.

    What a file name is used for is not looked at: `PPO.load("model.zip")`, `np.load(HERE / "weights" / "policy.npy")`
    and a name that is first stored in a constant are found alike. So a file that is named and never loaded counts too;
    the price is a benchmark that is run again. These are looked for:

    1. Every string literal, and the same with ".zip" behind it.
    2. The literal end of a path that is joined by "/", by a call with several strings (`os.path.join`), or in an
       f-string: `HERE / "weights" / f"{name}"` has none, `f"{HERE}/weights/policy.npy"` has weights/policy.npy.

    A name that is computed, or read from elsewhere, is not found: the agent's attribute `weights` declares such a file.

    Args:
        source: The Python file.
        folders: Where relative names are looked for.
    """
    try:
        tree = ast.parse(source.read_bytes())
    except (SyntaxError, ValueError):
        return set()
    names = {name.strip() for node in ast.walk(tree) for name in _names(node)}
    places = [
        folder / f"{name}{ending}" for name in names if _may_be_a_path(name) for folder in folders for ending in ENDINGS
    ]
    return {place.resolve() for place in places if _is_file(place)} - {source}


def _names(node: ast.AST) -> Iterator[str]:
    """The texts of one node that may be a path."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        yield _end(_joined(node))
    elif isinstance(node, ast.JoinedStr):
        yield _end(node.values).lstrip("/")
    elif isinstance(node, ast.Call):
        yield _end(node.args)


def _joined(node: ast.expr) -> list[ast.expr]:
    """The parts of a / b / c."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return [*_joined(node.left), node.right]
    return [node]


def _end(parts: Iterable[ast.expr]) -> str:
    """The literal strings at the end of some parts, joined as a path."""
    end: list[str] = []
    for part in parts:
        literal = isinstance(part, ast.Constant) and isinstance(part.value, str)
        end = [*end, str(part.value)] if literal and isinstance(part, ast.Constant) else []
    return "/".join(end)


def _may_be_a_path(name: str) -> bool:
    return 0 < len(name) <= LONGEST and not set(name) & {"\n", "\0"} and name not in (".", "..", "/")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long for the file system
        return False
