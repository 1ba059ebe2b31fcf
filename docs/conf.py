"""How Sphinx builds the pages: Markdown as it is, nothing from the network, warnings are errors (see `make pages`)."""

from __future__ import annotations

from palaestra import __version__

project = "palaestra"
author = copyright = "The palaestra authors"
release = version = __version__

extensions = ["myst_parser"]
myst_heading_anchors = 4  # `page.md#a-heading`, as Git hosts make them
exclude_patterns = ["_build", "generator"]
nitpicky = True

html_theme = "furo"
html_title = f"palaestra {__version__}"
html_copy_source = html_show_sourcelink = html_show_sphinx = False
html_static_path = ["static"]
html_css_files = ["pages.css"]
templates_path: list[str] = []
