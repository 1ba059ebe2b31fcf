"""The program in the sandbox: verify one submission and print the result.

Run as `python -I -m palaestra.leaderboards.server.verifier FOLDER LOG`. It prints one JSON object: `{"findings": …}`,
or `{"refused": "why"}`. Anything else, an exit status above 0 too, says that the verifier itself came to grief.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ..submission.log import read_log
from ..submission.verify import Refused, verify


def main() -> None:
    """Verify the folder that the command line names."""
    folder, log = Path(sys.argv[1]), Path(sys.argv[2])
    try:
        found = verify(folder, log=read_log(log))
    except Refused as refused:
        print(json.dumps({"refused": str(refused)}))
        return
    print(json.dumps({"findings": found.findings.model_dump(mode="json")}))


if __name__ == "__main__":
    main()
