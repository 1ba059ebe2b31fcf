"""A board as a JSON file: the numbers of its page and where they come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..board.board import Board
from .agent_rows import AgentRow


def track_document(board: Board, rows: Sequence[AgentRow]) -> dict[str, Any]:
    """Plain JSON values: the board's own document, and beside each agent what its row tells.

    Args:
        board: The board.
        rows: Of it.
    """
    document = board.document
    for agent, row in zip(document["agents"], rows, strict=True):
        submission = row.line.submission
        agent |= {
            "attempts": row.attempts,
            "url": submission.manifest.agent.url,
            "digest": submission.manifest.agent.digest,
            "manifest": submission.digest,
            "entry": submission.entry.number if submission.entry else None,
            "on": row.on,
            "key": row.key,
            "oracle": bool(row.oracle),
            "page": row.page,
            "by_scenario": {
                scenario: {name: estimate.document for name, estimate in own.items()}
                for scenario, own in row.line.by_scenario.items()
            },
        }
    chances = [[[None if one != one else float(one) for one in cell] for cell in line] for line in board.improvement]
    return document | {
        "env_id": board.track.env_id,
        "about": board.track.about,
        "seeds": board.track.seeds,
        "scenarios": {name: dict(options) for name, options in board.track.scenarios.items()},
        "improvement": chances,
    }
