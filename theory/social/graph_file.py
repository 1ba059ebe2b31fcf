"""A graph from a file: an edge list or GraphML, chosen by the ending."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...core.errors import PalaestraError
from .degroot import DeGrootNetwork
from .edge_list import read_edge_list
from .graph_ml import read_graph_ml
from .mutual_ties import mutual_ties

ENDINGS = (".edges", ".edgelist", ".txt", ".graphml")


def is_graph_file(path: str) -> bool:
    """Whether the ending is a known one, or the file exists."""
    return Path(path).suffix.lower() in ENDINGS or Path(path).is_file()


def read_graph(path: str | Path, communities: Sequence[Any] | None = None) -> DeGrootNetwork:
    """Read an undirected graph with strengths.

    Args:
        path: An edge list (.edges, .edgelist, .txt; see `edge_list`) or GraphML (.graphml; see `graph_ml`).
        communities: A label for each agent in the file's order; default: those of the file, otherwise
            `spectral_halves`.

    Raises:
        PalaestraError: A missing, unreadable or invalid file; the message names file and line.
    """
    file = Path(path).expanduser()
    if not file.is_file():
        raise PalaestraError(f"There is no graph at {file}.")
    if file.suffix.lower() not in ENDINGS:
        raise PalaestraError(f"{file.name}: the ending is none of {', '.join(ENDINGS)}.")
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        raise PalaestraError(f"{file.name}, line {line}: this is not UTF-8 text.") from error
    read = read_graph_ml if file.suffix.lower() == ".graphml" else read_edge_list
    ties = read(text, file.name)
    return mutual_ties(ties.ends, ties.strengths, ties.names, communities or ties.community, file.name)
