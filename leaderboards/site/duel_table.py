"""Head to head: the probabilities of improvement of the best agents, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from ..board.board import Board
from .agent_rows import AgentRow

SHOWN = 12
"""Agents at most; the agents' pages and the JSON have all."""


@dataclass(frozen=True)
class Duel:
    """One cell.

    Attributes:
        text: The probability as a percentage, or "–".
        interval: Its 95% interval, or "".
        shade: Class of its colour, from "l3" (nearly always loses) over "even" to "w3" (nearly always wins).
        word: "ahead" or "behind" where the interval leaves out one half, else "not decided".
    """

    text: str
    interval: str
    shade: str
    word: str


def duel_table(board: Board, rows: Sequence[AgentRow]) -> list[tuple[AgentRow, list[Duel | None]]]:
    """Row by row the agent and its cell against each agent shown; None against itself. Empty below two agents."""
    count = min(len(board.improvement), SHOWN)
    found: list[tuple[AgentRow, list[Duel | None]]] = []
    for a, row in enumerate(rows[:count]):
        chances = board.improvement[a, :count]
        found.append((row, [None if b == a else _duel(*(float(one) for one in chances[b])) for b in range(count)]))
    return found if any(duel and duel.interval for _, cells in found for duel in cells) else []


def _duel(value: float, low: float, high: float) -> Duel:
    if isnan(value) or isnan(low) or isnan(high):
        return Duel("–", "", "even", "not decided")
    word = "ahead" if low > 0.5 else "behind" if high < 0.5 else "not decided"
    strength = min(int(abs(value - 0.5) / 0.15), 3)
    shade = "even" if not strength else f"{'w' if value > 0.5 else 'l'}{strength}"
    return Duel(f"{value:.0%}", f"{low:.0%} to {high:.0%}", shade, word)
