"""The page of one submission: agent, author, scores, rivals, proofs, and how to verify it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isnan
from typing import Any, TypeVar

from ..board.board import Board
from ..board.board_submission import BoardSubmission
from ..board.reserved_author import AUTHOR
from ..statistics.estimate import MISSING
from ..submission.display_name import author_key
from ..submission.findings import CertificateRecord, CurveRecord
from ..submission.log import Entry
from .addresses import log_place, page_name
from .agent_rows import AgentRow, Cell, cells, shows_gap
from .board_curves import largest_of
from .board_page import cells_of
from .board_state import BoardState
from .curve_panels import Panel, curve_panels
from .curve_svg import CurveLine
from .page_templates import render_page
from .safe_text import plain_text

T = TypeVar("T")
PANELS = 24
ATTEMPTS = 100
"""Of an author that are listed; the log has all."""

FILES = 200
"""That are listed; the manifest has all."""

VERSIONS = 40
"""Of packages that are listed; the manifest has all."""


def agent_page(board: Board, rows: Sequence[AgentRow], place: int, entries: Sequence[Entry], total: int) -> str:
    """The page as text.

    Args:
        board: Where it stands.
        rows: Of the board.
        place: Its row.
        entries: The log's of this track.
        total: How many entries the whole log has.
    """
    row = rows[place]
    submission = row.line.submission
    return render_page(
        "agent.html",
        root="../../",
        here="tracks",
        state=BoardState.of(entries),
        track=board.track,
        measures=board.measures,
        row=row,
        gap=shows_gap(board.measures[0]),
        manifest=submission.manifest,
        findings=submission.findings,
        entry=submission.entry,
        log_page=log_place(submission.entry.number, total) if submission.entry else "",
        command=_command(submission),
        kept=submission.entry is None or (submission.folder / "traces").is_dir(),
        reference=row.author == AUTHOR,
        shown_versions=list(submission.manifest.environment.versions.items())[:VERSIONS],
        shown_files=sorted(submission.manifest.agent.files.items())[:FILES],
        scores=_scores(board, row),
        curves=_curves(board, rows, row),
        rivals=_rivals(board, rows, place),
        certificates=_certificates(board, row),
        attempts=_attempts(row, entries, total),
    )


def _command(submission: BoardSubmission) -> str:
    """The folder as a shell wants it."""
    if submission.entry is None:
        return shlex.quote(plain_text(submission.folder.name))
    return shlex.quote(plain_text(f"leaderboards/submissions/{submission.manifest.track}/{submission.entry.folder}"))


def _scores(board: Board, row: AgentRow) -> list[tuple[str, list[Cell]]]:
    """Scenario by scenario, one cell a metric; columns share their decimals."""
    names = [name for name, _ in _in_order(board, row.line.by_scenario)]
    own = [row.line.estimates, *(row.line.by_scenario[name] for name in names)]
    columns = [cells([one.get(measure.name, MISSING) for one in own]) for measure in board.measures]
    heads = ["all scenarios", *names] if len(names) > 1 else ["all scenarios"]
    return [(head, [column[k] for column in columns]) for k, head in enumerate(heads)]


def _curves(board: Board, rows: Sequence[AgentRow], row: AgentRow) -> list[dict[str, Any]]:
    """Its curves beside those of the board's first who is no oracle."""
    from ...metrics import metrics

    first = next((one for one in rows if not one.oracle and not one.outdated and one is not row), None)
    own = row.line.submission.findings.curves
    other = first.line.submission.findings.curves if first and not row.outdated else {}
    found: list[dict[str, Any]] = []
    left = PANELS
    for measure in board.measures:
        panels: list[Panel] = []
        compared = False
        for name, curve in _in_order(board, own.get(measure.name, {})):
            if len(panels) >= left:
                break
            lines = [CurveLine(0, curve)]
            if beside := other.get(measure.name, {}).get(name):
                lines.append(CurveLine(1, beside))
                compared = True
            label = f"{measure.name} over time in {name}"
            largest = largest_of(board, measure.name, name, lines)
            first_panel, *more = curve_panels(name, lines, label, measure.unit, largest, bands=1)
            panels += [replace(first_panel, note=_note(curve, first_panel.note)), *more]
        left -= len(panels)
        if panels:
            bound = metrics[measure.name].load().bound_meaning if any(panel.bounded for panel in panels) else ""
            found.append({"measure": measure, "panels": panels, "other": first if compared else None, "bound": bound})
    return found


def _in_order(board: Board, by_scenario: Mapping[str, T]) -> list[tuple[str, T]]:
    """Scenarios as the track has them, then those that it no longer has."""
    names = [name for name in board.track.scenarios if name in by_scenario]
    return [(name, by_scenario[name]) for name in [*names, *sorted(by_scenario.keys() - set(names))]]


def _note(curve: CurveRecord, bound: str) -> str:
    """The last value, and what is said of the bound."""
    last = curve.middle[-1]
    return "; ".join(part for part in ("" if last is None else f"ends at {last:.3g}", bound) if part)


def _rivals(board: Board, rows: Sequence[AgentRow], place: int) -> list[tuple[AgentRow, Cell, str]]:
    """The probability that it beats each other agent on a seed, with what the interval says in a word."""
    chances = board.improvement
    if place >= len(chances):
        return []
    found = []
    for k, other in enumerate(rows[: len(chances)]):
        value, low, high = (float(one) for one in chances[place, k])
        if k == place or isnan(value):
            continue
        cell = Cell(f"{value:.0%}", f"[{low:.0%}, {high:.0%}]", f"{value:.6f}")
        found.append((other, cell, "ahead" if low > 0.5 else "behind" if high < 0.5 else "not decided"))
    return found


def _certificates(board: Board, row: AgentRow) -> list[tuple[str, str, CertificateRecord, str]]:
    held = row.line.submission.findings.certificates
    found = [
        (measure.name, scenario, one)
        for measure in board.measures
        for scenario, one in _in_order(board, held.get(measure.name, {}))
    ]
    texts = cells_of([one.value for _, _, one in found])
    return [(*line, text) for line, text in zip(found, texts, strict=True)]


def _attempts(row: AgentRow, entries: Sequence[Entry], total: int) -> dict[str, Any]:
    """What its author registered or had accepted on this track, newest first."""
    own = [entry for entry in reversed(entries) if author_key(entry.author) == author_key(row.author)]
    shown = [
        {
            "entry": entry,
            "log": log_place(entry.number, total),
            "page": page_name(entry.track, entry.name, entry.manifest) if entry.kind == "submission" else "",
        }
        for entry in own[:ATTEMPTS]
    ]
    return {"shown": shown, "left_out": len(own) - len(shown)}
