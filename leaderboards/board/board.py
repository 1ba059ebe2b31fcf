"""A track's board: every accepted attempt, ranked where allowed, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.arrays import Array
from ..statistics.bootstrap import bootstrap, shuffle_unpaired
from ..statistics.estimate import MISSING, Estimate
from ..statistics.improvement import improvement
from ..statistics.interquartile_mean import aggregate
from ..statistics.rank_sets import rank_sets_of_resamples
from ..submission.claims import track_digest
from ..submission.display_name import author_key
from ..submission.log import Entry, attempts
from ..submission.verify import TOLERANCE
from ..sweeps.standings import Measure, measures_of
from ..tracks.track import Track
from .board_submission import BoardSubmission

_SAME = 2 * TOLERANCE
"""Each of two scores may be claimed so much better than it is. Without this whoever equals the best could claim a
billionth more on every seed, and be ahead of all of them for sure."""


@dataclass(frozen=True)
class BoardLine:
    """One accepted attempt.

    Attributes:
        submission: What was submitted and found.
        ranks: Best and worst rank among those that are ranked; None for an oracle, for what is not verified, and for
            what was measured on the track as it no longer is.
        estimates: Metric -> interquartile mean of each scenario, averaged over them, with interval.
        by_scenario: Scenario -> the same within it.
        gap: How far the headline metric is from its optimum; None where the metric names none.
        attempts: How many agents the author registered or had accepted on this track.
        registered: The agent was in the log before its seeds were known.
        outdated: The track has other scenarios, seats or metrics now.
    """

    submission: BoardSubmission
    ranks: tuple[int, int] | None
    estimates: Mapping[str, Estimate]
    by_scenario: Mapping[str, Mapping[str, Estimate]]
    gap: Estimate | None
    attempts: int
    registered: bool
    outdated: bool


@dataclass(frozen=True)
class Board:
    """Everything that was accepted on one track.

    Every agent has seeds of its own, which follow from its digest. So runs are independent within a scenario, and
    differences are resampled independently, stratum by stratum; there are no seeds to pair.

    Attributes:
        track: The track.
        measures: Its metrics, the headline first.
        lines: Best first; outdated ones last.
        improvement: (n, n, 3) for the first n lines, those that are not outdated: probability that the row's agent
            beats the column's on a seed, with interval.
    """

    track: Track
    measures: tuple[Measure, ...]
    lines: tuple[BoardLine, ...]
    improvement: Array

    @staticmethod
    def of(track: Track, submissions: Sequence[BoardSubmission], entries: Sequence[Entry]) -> Board:
        """Estimate, rank and sort. The order of the submissions changes nothing.

        Args:
            track: The track.
            submissions: Those of this track.
            entries: The log, for attempts.
        """
        measures, digest, tried = measures_of(track), track_digest(track), attempts(entries)
        headline, better = measures[0].name, measures[0].better or "higher"
        found = sorted((one for one in submissions if one.manifest.track == track.track_id), key=lambda one: one.digest)
        fresh = [one for one in found if one.manifest.track_digest == digest]
        kept = [one for one in fresh if not one.manifest.agent.privileges and one.findings.status == "verified"]
        ranks = _ranks(kept, headline, better)
        lines = [
            _line(one, ranks.get(one.digest), measures, max(tried.get(_tried_as(one), 0), 1), one not in fresh)
            for one in found
        ]
        sign = measures[0].sign
        lines.sort(key=lambda line: (line.outdated, _place(-sign * line.estimates[headline].value), _name(line)))
        rows = [_scores(line.submission, headline) for line in lines if not line.outdated]
        same = len({row.shape for row in rows}) == 1
        chances = improvement(np.stack(rows), better, _SAME) if same else np.full((len(rows), len(rows), 3), np.nan)
        return Board(track, measures, tuple(lines), chances)

    @property
    def document(self) -> dict[str, Any]:
        """The table as plain JSON values."""
        return {
            "track": self.track.track_id,
            "metrics": [vars(measure) for measure in self.measures],
            "agents": [
                {
                    "name": line.submission.manifest.agent.name,
                    "author": line.submission.manifest.agent.author,
                    "status": line.submission.findings.status if line.submission.entry else "preview",
                    "ranks": None if line.ranks is None else list(line.ranks),
                    "attempts": line.attempts,
                    "registered": line.registered,
                    "outdated": line.outdated,
                    "gap": None if line.gap is None else line.gap.document,
                    "metrics": {name: estimate.document for name, estimate in line.estimates.items()},
                }
                for line in self.lines
            ],
        }


def _ranks(ranked: Sequence[BoardSubmission], headline: str, better: str) -> dict[str, tuple[int, int]]:
    """Digest -> best and worst rank. What an agent's resamples pair with follows from the agent, as its seeds do."""
    if not ranked:
        return {}
    scores = [_scores(one, headline) for one in ranked]
    resampled = [
        shuffle_unpaired(bootstrap(own), int(one.manifest.agent.digest[:15], 16))
        for own, one in zip(scores, ranked, strict=True)
    ]
    values = np.array([aggregate(own) for own in scores])
    sets = rank_sets_of_resamples(values, np.stack(resampled), better, _SAME)
    return {one.digest: own for one, own in zip(ranked, sets, strict=True)}


def _scores(submission: BoardSubmission, metric: str) -> Array:
    return submission.scores(metric, sorted(submission.manifest.scenarios))


def _tried_as(submission: BoardSubmission) -> tuple[str, str]:
    return submission.manifest.track, author_key(submission.manifest.agent.author)


def _name(line: BoardLine) -> tuple[str, str]:
    return line.submission.manifest.agent.name, line.submission.digest


def _place(value: float) -> float:
    """What is sorted by: differences that a claim may have are none, and what is not known comes last."""
    if np.isnan(value):
        return float("inf")
    return float(f"{value:.8e}") if abs(value) > 1 else round(value, 8)


def _line(
    submission: BoardSubmission,
    ranks: tuple[int, int] | None,
    measures: Sequence[Measure],
    tried: int,
    outdated: bool,
) -> BoardLine:
    held = submission.manifest.scenarios
    known = [one for one in measures if all(one.name in record.scores for record in held.values())]
    whole = {one.name: Estimate.of_scores(_scores(submission, one.name)) for one in known}
    estimates = {one.name: whole.get(one.name, MISSING) for one in measures}
    parts = {
        name: {one.name: Estimate.of_scores(submission.scores(one.name, [name])) for one in known} for name in held
    }
    registered = bool(submission.manifest.registration)
    gap = _gap(estimates[measures[0].name], measures[0])
    return BoardLine(submission, ranks, estimates, parts, gap, tried, registered, outdated)


def _gap(score: Estimate, headline: Measure) -> Estimate | None:
    """The distance from the optimum. Scores and their intervals move with what they are of, so it is the score's."""
    if headline.optimum is None:
        return None
    if headline.better == "lower":
        return Estimate(*(end - headline.optimum for end in (score.value, score.low, score.high)))
    return Estimate(*(headline.optimum - end for end in (score.value, score.high, score.low)))
