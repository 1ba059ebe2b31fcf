"""How Sphinx builds the pages: Markdown as it is, nothing from the network, warnings are errors (see `make pages`)."""

from __future__ import annotations

import re
from typing import Any

from palaestra import __version__

project = "palaestra"
author = copyright = "The palaestra authors"
release = version = __version__

extensions = ["myst_parser"]
myst_heading_anchors = 4  # `page.md#a-heading`, as Git hosts make them
exclude_patterns = ["_build", "examples", "generator"]
nitpicky = True

html_theme = "furo"
html_title = f"palaestra {__version__}"
html_copy_source = html_show_sourcelink = html_show_sphinx = False
html_show_search_summary = False  # a browser fetches no other page from disk
html_static_path = ["static"]
html_css_files = ["pages.css"]
templates_path: list[str] = []


def add_contents(app: Any, page: str, source: list[str]) -> None:
    """Give the first page its contents: the pages that each of its sections links to, in that order.

    So no list of pages is written twice, and the Markdown stays what every Git host shows. A page that is linked
    nowhere on the first one is a warning of Sphinx's, and so an error.
    """
    if page == "index":
        sections = re.split(r"^## (.+)$", source[0], flags=re.M)
        named = [("Tutorial", sections[0]), *zip(sections[1::2], sections[2::2], strict=True)]
        for name, text in named:
            pages = "\n".join(re.findall(r"\]\(([\w/]+)\.md\)", text))
            source[0] += f"\n```{{toctree}}\n:hidden:\n:caption: {name}\n\n{pages}\n```\n"


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.connect("source-read", add_contents)
