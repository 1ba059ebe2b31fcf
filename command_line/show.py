"""Registered members for a terminal: the page of one, the list of all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

from ..leaderboards.catalogue.describe import describe
from ..leaderboards.catalogue.listing import listing, registries, short_summary


def member_page(description: Mapping[str, Any]) -> Group:
    """The page, the live facts and the options of what `describe` returns."""
    parts: list[RenderableType] = [Markdown(description["page"]), Text()]
    facts = Table(title=f"{description['name']} ({description['kind']})", show_header=False, title_justify="left")
    facts.add_column(style="bold", no_wrap=True)
    facts.add_column(overflow="fold")
    for label, value in description["facts"].items():
        facts.add_row(label, coded_text("yes" if value is True else "no" if value is False else str(value)))
    if description["facts"]:
        parts.append(facts)
    if description["options"]:
        options = Table(title="Options", title_justify="left")
        for heading in ("option", "default", "meaning"):
            options.add_column(heading, overflow="fold")
        for option in description["options"]:
            default = "required" if option["required"] else repr(option["default"])
            options.add_row(option["name"], Text(default), coded_text(option["doc"]))
        parts.append(options)
    return Group(*parts)


def coded_text(text: str) -> Text:
    """Text for a terminal whose words in backticks are shown as code, as in a rendered docstring."""
    parts = re.split(r"`+([^`]+)`+", text)
    return Text.assemble(*((part, "bold cyan" if i % 2 else "") for i, part in enumerate(parts)))


def member_list(everything: Mapping[str, Any]) -> Group:
    """Every member of every room on a line."""
    parts: list[RenderableType] = []
    for kind, members in everything.items():
        if kind == "broken":
            continue
        table = Table(title=f"{kind}s ({len(members)})", title_justify="left", show_header=False, box=None)
        table.add_column(style="bold", no_wrap=True)
        table.add_column(overflow="fold")
        for member in members:
            variant = ", ".join(f"{key}={value!r}" for key, value in member.get("options", {}).items())
            whose = f" [{member['package']}]" if "package" in member else ""
            text = coded_text(short_summary(member)).append(f" ({variant})" if variant else "", "dim")
            table.add_row(member["name"], text.append(whose, "dim"))
        parts += [table, Text()]
    if broken := everything.get("broken"):
        table = Table(title=f"broken plug-ins ({len(broken)})", title_justify="left", show_header=False, box=None)
        for one in broken:
            table.add_row(Text(f"{one['kind']} {one['name']}", "bold red"), Text(one["reason"]))
        parts += [table, Text()]
    return Group(*parts, Text("palaestra show ID prints the page of any of them.", "dim"))


def markdown_page(description: Mapping[str, Any]) -> str:
    """The page, the live facts and the options of what `describe` returns, as Markdown for a site of one's own."""

    def cell(value: object) -> str:
        return str("yes" if value is True else "no" if value is False else value).replace("|", "\\|")

    parts = [description["page"].strip()]
    if description["facts"]:
        lines = [f"| {cell(label)} | {cell(value)} |" for label, value in description["facts"].items()]
        parts.append("\n".join(["| fact | by default |", "|---|---|", *lines]))
    if description["options"]:
        defaults = ["required" if one["required"] else f"`{one['default']!r}`" for one in description["options"]]
        told = zip(description["options"], defaults, strict=True)
        lines = [f"| `{one['name']}` | {cell(default)} | {cell(one['doc'])} |" for one, default in told]
        parts.append("\n".join(["| option | default | meaning |", "|---|---|---|", *lines]))
    head = "" if parts[0].startswith("# ") else f"# {description['name']}\n\n"
    return head + "\n\n".join(parts) + "\n"


def environment_table() -> str:
    """One line an environment of palaestra's: id, what it is, face, players, its truth, agents written for it."""
    agents = {name: one for name, one in registries()["agent"].items() if not one.outside}
    lines = ["| environment | what it is | face | players | truth | agents |", "|---|---|---|---|---|---|"]
    for member in listing(own=True)["environment"]:
        name, facts = member["name"], describe(member["name"])["facts"]
        written = sum(name in agents[agent].load().plays for agent in agents)
        players = len(facts["players"].split(", "))
        face = facts["face"].partition(".")[0]
        cells = (f"`{name}`", short_summary(member), face, str(players), facts["truth"], str(written))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)
