"""Submissions made with one numpy verify with another: run this in an environment with the other one.

`palaestra submit` some tracks where constraints.txt holds; then, say,
`python -m venv other && other/bin/pip install 'numpy==2.2.*' -e .` and
`other/bin/python tests/isolated/other_numpy.py FOLDER...`. Prints the greatest difference of a score as a share of the
score (or of 1), beside the tolerance of the verifier; ends with exit code 1 where a submission is refused.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from palaestra.leaderboards.submission.verify import TOLERANCE, Refused, verify


def main(folders: list[str]) -> int:
    """Verify, and print what differs."""
    refused = 0
    for folder in map(Path, folders):
        try:
            found = verify(folder)
        except Refused as error:
            print(f"{folder.name}: REFUSED with numpy {np.__version__}: {error}")
            refused += 1
            continue
        made = found.manifest.environment.versions.get("numpy", "?")
        off = 0.0
        for scenario, own in found.scores.items():
            for name, values in own.items():
                claimed = np.array(found.manifest.scenarios[scenario].scores[name])
                off = max(off, float(np.max(np.abs(claimed - values) / np.maximum(1.0, np.abs(values)))))
        print(
            f"{folder.name}: made with numpy {made}, verified with {np.__version__}: off {off:.1e} of {TOLERANCE:.0e}"
        )
    return int(refused > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) if len(sys.argv) > 1 else __doc__)
