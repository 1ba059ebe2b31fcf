"""The documentation is true: its links lead somewhere, its commands exist, its tables follow from the registries."""

from __future__ import annotations

import ast
import doctest
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import palaestra
import pytest
import typer
from palaestra.command_line.app import app
from palaestra.core.rooms import ROOMS
from palaestra.tests.support.pages import PAGES, ROOT, name_of


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_commands_of_a_page_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M)
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for target in re.findall(r"(?:^|`)make ([a-z]+)", text, re.M):
        assert target in targets, f"{page.name}: make {target}"
    for command in re.findall(r"(?:^|`|/)palaestra ([a-z]+)\b", text, re.M):
        assert command in commands, f"{page.name}: palaestra {command}"


def test_the_examples_in_docstrings_give_what_they_say() -> None:
    tried = 0
    for found in walk_packages(palaestra.__path__, "palaestra."):
        if found.name.split(".")[1] in {room.name for room in ROOMS}:
            outcome = doctest.testmod(import_module(found.name))
            assert outcome.failed == 0, found.name
            tried += outcome.attempted
    assert tried > 0


def test_docstrings_of_tests_state_what_is_required_and_cite_no_tracker() -> None:
    """A reader has the repository, and no tracker of issues: what must hold stands in the docstring itself."""
    for file in sorted((ROOT / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
                cited = re.search(r"\bissue( \d|,|:| text|'s)|\bthe issue\b", (ast.get_docstring(node) or "").lower())
                assert not cited, f"{file.name} cites {cited[0]!r}"


def test_what_is_generated_is_up_to_date() -> None:
    """Pages to the letter, and the gallery's pictures up to what a processor may round otherwise."""
    command = [sys.executable, str(ROOT / "docs" / "generate.py"), "--check", "--pictures"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr


def anchors(page: Path) -> list[str]:
    """The headings of a page as Git hosts make anchors of them; code blocks have none."""
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.M | re.S)
    return [
        re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", text, re.M)
    ]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_of_a_page_leads_to_a_file_or_a_heading(page: Path) -> None:
    text = page.read_text("utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)):
        path, _, heading = target.partition("#")
        if "://" not in target:
            file = page.parent / path if path else page
            assert file.exists(), f"{page.name} links to {target}"
            assert not heading or heading in anchors(file), f"{page.name} links to {target}: no such heading"
