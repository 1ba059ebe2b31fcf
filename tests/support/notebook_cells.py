"""Cells of a notebook, executed in order in one namespace; their sources are at hand, as in IPython."""

from __future__ import annotations

import ast
import itertools
import linecache
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

NUMBERS = itertools.count(1)


class Notebook:
    """Executes cells; definitions belong to `__main__`, as in a notebook."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"__name__": "__main__"}

    def run(self, source: str) -> Any:
        """Execute a cell and return the value of its last line, where that is an expression."""
        file = f"<cell {next(NUMBERS)}>"
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        tree = ast.parse(source, file)
        last = tree.body[-1] if tree.body else None
        shown = ast.Expression(last.value) if isinstance(last, ast.Expr) else None
        tree.body = tree.body if shown is None else tree.body[:-1]
        exec(compile(tree, file, "exec"), self.names)
        return None if shown is None else eval(compile(shown, file, "eval"), self.names)

    def __getitem__(self, name: str) -> Any:
        return self.names[name]


@contextmanager
def notebook() -> Iterator[Notebook]:
    """A notebook whose cells are forgotten in the end."""
    try:
        yield Notebook()
    finally:
        for file in [name for name in linecache.cache if name.startswith("<cell ")]:
            del linecache.cache[file]
