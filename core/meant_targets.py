"""The "module:attribute" that somebody may mean who wrote it in another way."""

from __future__ import annotations

import ast
from difflib import get_close_matches
from pathlib import Path

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
