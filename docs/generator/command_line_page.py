"""Every command's help, read off the command line itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer
from palaestra.command_line.app import app
from palaestra.docs.generator.markdown import table

TEXT = """# The command line

Results go to standard output, progress and errors to standard error. Exit codes: 0 all well, 1 a check, a verification
or a job failed, 2 bad input. `--json` prints one JSON document and nothing else.
Every command takes `--plugin MODULE`: a module that registers members of your own. Installed packages need no option.
"""


def command_line_page() -> str:
    """The table of commands, then a section each."""
    found = list(_commands("palaestra", typer.main.get_command(app)))
    rows = [(f"[`{name}`](#{_slug(name)})", _plain(command.help).partition("\n")[0]) for name, command in found]
    return "\n".join([TEXT, table(("command", "what it does"), rows), *(_section(*one) for one in found)])


def _commands(name: str, group: Any) -> Iterator[tuple[str, Any]]:
    """Every command with its full name; a group's commands in place of the group."""
    for word, command in group.commands.items():
        if command.hidden:
            continue
        if hasattr(command, "commands"):
            yield from _commands(f"{name} {word}", command)
        else:
            yield f"{name} {word}", command


def _section(name: str, command: Any) -> str:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option" and "--help" not in one.opts]
    usage = " ".join([name, *map(_placeholder, arguments), *(["[OPTIONS]"] if options else [])])
    parts = [f"## {name}\n\n{_plain(command.help)}\n\n```text\n{usage}\n```\n"]
    told = [(f"`{_placeholder(one)}`", _plain(one.help)) for one in arguments if one.help]
    if told:
        parts.append(table(("argument", "meaning"), told))
    if options:
        rows = [(_names(one), _default(one), _plain(one.help)) for one in options]
        parts.append(table(("option", "default", "meaning"), rows))
    examples = re.findall(r"^ +(palaestra .+)$", _plain(command.epilog), re.M)
    if examples:
        lines = "\n".join(examples)
        parts.append(f"Examples:\n\n```text\n{lines}\n```\n")
    return "\n".join(parts)


def _placeholder(argument: Any) -> str:
    name = (argument.metavar or argument.name.upper()).strip("[]")
    name = f"{name}..." if argument.nargs == -1 else name
    return str(name) if argument.required else f"[{name}]"


def _names(option: Any) -> str:
    names = ", ".join(f"`{name}`" for name in option.opts)
    return f"{names}, repeat" if option.multiple else names


def _default(option: Any) -> str:
    if option.required:
        return "required"
    if option.is_flag or option.default in (None, ""):
        return ""
    return f"`{option.default}`"


def _plain(text: str | None) -> str:
    """Without rich's markup."""
    return re.sub(r"\[/?(bold|dim|italic|red|green)\]", "", text or "").replace("\\[", "[").strip("\n")


def _slug(name: str) -> str:
    return name.replace(" ", "-")
