"""`--plugin my_module`: a module whose members a command is to know. It may stand before or behind the command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

Plugins = Annotated[
    list[str] | None,
    typer.Option(
        "--plugin",
        metavar="MODULE",
        help="Import a module that registers members of your own; repeat. It may stand behind the command too. "
        "PALAESTRA_PLUGINS=A,B does the same. Installed packages with entry points need neither.",
    ),
]


class PluginGroup(TyperGroup):
    """The commands, each of which takes `--plugin`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the words of the command line, `--plugin MODULE` first wherever it stands."""
        plugins, others = split_plugins(args)
        return super().parse_args(ctx, [*plugins, *others])


def split_plugins(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words that name plug-ins, and the others; what follows "--" is left alone."""
    plugins: list[str] = []
    others: list[str] = []
    waiting = list(words)
    while waiting and waiting[0] != "--":
        word = waiting.pop(0)
        if word == "--plugin":
            plugins += [word, *waiting[:1]]
            del waiting[:1]
        else:
            (plugins if word.startswith("--plugin=") else others).append(word)
    return plugins, others + waiting
