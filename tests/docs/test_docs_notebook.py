"""The notebook of the documentation is a notebook, and its cells run in order."""

from __future__ import annotations

import json
import os
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from palaestra.leaderboards.tracks import tracks
from palaestra.tests.docs.test_docs_blocks import small
from palaestra.tests.support.notebook_cells import notebook
from palaestra.tests.support.pages import ROOT

jsonschema = pytest.importorskip("jsonschema", reason="pip install jsonschema checks the schema independently")

NOTEBOOK = ROOT / "docs" / "tutorial" / "notebook.ipynb"

SOURCE = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
CELL = {
    "required": ["id", "cell_type", "metadata", "source"],
    "properties": {
        "id": {"type": "string", "pattern": "^[a-zA-Z0-9-_]{1,64}$"},
        "cell_type": {"enum": ["markdown", "code"]},
        "metadata": {"type": "object"},
        "source": SOURCE,
        "execution_count": {"type": ["integer", "null"]},
        "outputs": {"type": "array"},
    },
    "additionalProperties": False,
    "if": {"properties": {"cell_type": {"const": "code"}}},
    "then": {"required": ["execution_count", "outputs"]},
    "else": {"properties": {"execution_count": False, "outputs": False}},
}
SCHEMA = {
    "type": "object",
    "required": ["metadata", "nbformat", "nbformat_minor", "cells"],
    "properties": {
        "metadata": {"type": "object"},
        "nbformat": {"const": 4},
        "nbformat_minor": {"const": 5},
        "cells": {"type": "array", "items": CELL},
    },
    "additionalProperties": False,
}
"""The part of nbformat 4.5 that this notebook uses."""


def document() -> Any:
    return json.loads(NOTEBOOK.read_text("utf-8"))


def sources(kind: str) -> list[str]:
    return ["".join(cell["source"]) for cell in document()["cells"] if cell["cell_type"] == kind]


def test_the_notebook_is_valid() -> None:
    jsonschema.validate(document(), SCHEMA)
    ids = [cell["id"] for cell in document()["cells"]]
    assert len(set(ids)) == len(ids)


def test_the_notebook_holds_no_outputs_that_could_go_stale() -> None:
    assert all(
        not cell["outputs"] and cell["execution_count"] is None for cell in document()["cells"] if "outputs" in cell
    )


def test_the_pages_that_the_notebook_links_exist() -> None:
    for text in sources("markdown"):
        for target in re.findall(r"\]\(([^)]+)\)", text):
            assert (NOTEBOOK.parent / target).is_file(), target


def test_the_cells_run_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On small tracks; a value that a cell ends with can be shown in a notebook."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    for member in tracks.values():
        monkeypatch.setattr(import_module(member.module), member.attribute, small(member.load()))
    with notebook() as cells:
        shown = [cells.run(text) for text in sources("code")]
        scores = cells["table"].document["agents"]
    assert {line["agent"] for line in scores} == {"Winners", "Uniform", "RankingHedge"}
    for value in shown:
        drawn = [getattr(value, f"_repr_{kind}_", lambda: None)() for kind in ("html", "png")]
        assert any(drawn) or len(repr(value)) < 2000, type(value)
    assert os.listdir("winners") and "def act" in Path("winners_agent.py").read_text()
    assert "Run again" in shown[-1].text
