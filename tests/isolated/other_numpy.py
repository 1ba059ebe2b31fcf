"""Submissions made with one numpy verify with another, in two steps; `make isolated` does both.

1. `python tests/isolated/other_numpy.py make FOLDER` where constraints.txt holds: a submission to every track.
2. `python tests/isolated/other_numpy.py verify FOLDER` in an environment of tests/isolated/numpy.txt.

The second step prints the greatest difference of a score as a share of the score (or of 1), beside the tolerance of the
verifier. It ends with exit code 1 where a submission is refused, or where both numpys are the same.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
from palaestra.leaderboards.submission.verify import TOLERANCE, Refused, verify
from palaestra.leaderboards.tracks import tracks

AGENTS = {
    "data-acquisition-v0": "SPOPlus",
    "mediated-welfare-v0": "IndependentMinMax",
    "model-routing-v0": "RankingPGD",
    "preference-aggregation-v0": "FBeta5",
    "ranking-bandit-v0": "RankingFTRL",
    "ranking-game-cce-v0": "RankingHedge",
    "repeated-adaptive-v0": "StageHedge",
    "social-learning-v0": "RobustMidpoint",
    "transfer-welfare-v0": "PriceMessages",
}
"""One agent a track that computes with floats."""


def make(folder: Path) -> int:
    """Submit to every track."""
    assert set(AGENTS) == set(tracks), f"AGENTS must name one agent for each of {sorted(tracks)}"
    for track, agent in AGENTS.items():
        command = [sys.executable, "-m", "palaestra", "submit", track, "--agent", agent, "--name", agent]
        rest = ["--author", "Isolated", "--out", str(folder / track), "--work", str(folder / "results")]
        run = subprocess.run(command + rest, capture_output=True, text=True)
        if run.returncode:
            print(f"{track}: {run.stderr}")
            return 1
    print(f"{len(AGENTS)} submissions made with numpy {np.__version__} in {folder}")
    return 0


def check(folder: Path) -> int:
    """Verify, and print what differs."""
    wrong = 0
    for made in (folder / track for track in AGENTS):
        try:
            found = verify(made)
        except Refused as error:
            print(f"{made.name}: REFUSED with numpy {np.__version__}: {error}")
            wrong += 1
            continue
        theirs = found.manifest.environment.versions.get("numpy", "?")
        wrong += theirs == np.__version__
        off = 0.0
        for scenario, own in found.scores.items():
            for name, values in own.items():
                claimed = np.array(found.manifest.scenarios[scenario].scores[name])
                off = max(off, float(np.max(np.abs(claimed - values) / np.maximum(1.0, np.abs(values)))))
        print(
            f"{made.name}: made with numpy {theirs}, verified with {np.__version__}: off {off:.1e} of {TOLERANCE:.0e}"
        )
    return int(wrong > 0)


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("make", "verify"):
        sys.exit(__doc__)
    sys.exit({"make": make, "verify": check}[sys.argv[1]](Path(sys.argv[2])))
