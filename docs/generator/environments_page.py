"""Every environment's page, with its live facts and options."""

from __future__ import annotations

import re

from palaestra.command_line.show import environment_table
from palaestra.docs.generator.markdown import table
from palaestra.envs import environments
from palaestra.leaderboards.catalogue.describe import describe


def linked_table(page: str) -> str:
    """The table of environments, each id a link to its section of a page."""

    def link(found: re.Match[str]) -> str:
        return f"| [`{found[1]}`]({page}#{found[1].lower()}) |"

    return re.sub(r"^\| `([\w-]+)` \|", link, environment_table(), flags=re.M) + "\n"


def environments_page() -> str:
    """The table, then a section an environment."""
    text = "Each file's docstring is its page; facts, options and spaces are those of the live object."
    return "\n".join([f"# Environments\n\n{text}\n\n{linked_table('')}", *map(_section, environments)])


def _section(name: str) -> str:
    told = describe(name)
    title, _, page = told["page"].partition("\n")
    sentence = title.partition(": ")[2]
    cells = {True: "yes", False: "no"}
    facts = [(label, cells.get(value) or str(value)) for label, value in told["facts"].items()]
    options = [(f"`{one['name']}`", f"`{one['default']!r}`", one["doc"]) for one in told["options"]]
    arguments = table(("option", "default", "meaning"), options)
    page = page.replace(f"See `palaestra show {name}`.\n", f"\n{arguments}")
    page = re.sub(r"^## ", "### ", page.strip(), flags=re.M)
    return f"## {name}\n\n*{sentence[:1].upper()}{sentence[1:]}*\n\n{table(('fact', 'by default'), facts)}\n{page}\n"
