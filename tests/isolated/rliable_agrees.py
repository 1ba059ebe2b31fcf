"""Our statistics beside rliable's, in two steps, because rliable needs a pandas of its own; `make isolated` does both.

Our score is rliable's interquartile mean of each task, averaged over tasks.

1. `python tests/isolated/rliable_agrees.py write scores.json` where palaestra is installed.
2. `python tests/isolated/rliable_agrees.py compare scores.json` in an environment of tests/isolated/rliable.txt.

The second step ends with exit code 1 where they differ: interquartile means by more than 1e-12, ends of 95% intervals
by more than 8% of the interval's width (two bootstraps of 2,000 and 20,000 resamples), probabilities of improvement by
more than 1e-12. rliable draws runs anew for each task, ours draws a seed with its score on every task; scores are drawn
independent between tasks here, where both are the same interval.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np


def write(path: Path) -> None:
    """Scores of two agents on three tasks, 400 runs each, and what palaestra says of them."""
    from palaestra.leaderboards.statistics.estimate import Estimate
    from palaestra.leaderboards.statistics.improvement import improvement

    chance = np.random.default_rng(7)
    agents = {"first": chance.gamma(2.0, size=(400, 3)), "second": chance.gamma(2.4, size=(400, 3))}
    estimates = {name: Estimate.of_scores(scores) for name, scores in agents.items()}
    value, low, high = improvement(np.stack(list(agents.values())))[0, 1].tolist()
    document = {
        "scores": {name: scores.tolist() for name, scores in agents.items()},
        "estimates": {name: one.document for name, one in estimates.items()},
        "improvement": {"value": value, "low": low, "high": high},
    }
    path.write_text(json.dumps(document))


def compare(path: Path) -> int:
    """Print both, and return 1 where they differ."""
    from rliable import library, metrics  # type: ignore[import-not-found]

    document = json.loads(path.read_text())
    scores: dict[str, Any] = {name: np.array(own) for name, own in document["scores"].items()}
    np.random.seed(0)
    points, intervals = library.get_interval_estimates(
        scores, lambda own: np.array([np.mean([metrics.aggregate_iqm(task) for task in own.T])]), reps=20_000
    )
    wrong = 0
    for name, ours in document["estimates"].items():
        low, high = intervals[name][:, 0]
        allowed = 0.08 * (high - low)
        off = (abs(ours["value"] - points[name][0]), abs(ours["low"] - low), abs(ours["high"] - high))
        print(f"{name}: ours {ours['value']:.6f} [{ours['low']:.4f}, {ours['high']:.4f}]", end=", ")
        print(f"rliable {points[name][0]:.6f} [{low:.4f}, {high:.4f}]; off {off[0]:.1e}, {off[1]:.4f}, {off[2]:.4f}")
        wrong += off[0] > 1e-12 or max(off[1:]) > allowed
    theirs = metrics.probability_of_improvement(scores["first"], scores["second"])
    print(f"probability of improvement: ours {document['improvement']['value']:.12f}, rliable {theirs:.12f}")
    return int(wrong > 0 or abs(document["improvement"]["value"] - theirs) > 1e-12)


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("write", "compare"):
        sys.exit(__doc__)
    if sys.argv[1] == "write":
        write(Path(sys.argv[2]))
    else:
        sys.exit(compare(Path(sys.argv[2])))
