"""The pages on adding members: their files and lines make members that keep the public contracts."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from palaestra.core.rooms import ROOMS
from palaestra.tests.support.pages import MEMBERS, ROOT, blocks

KEEPS_ITS_CONTRACTS = """
import sys
from pathlib import Path

import palaestra
from palaestra.agents import agents
from palaestra.core.contract import check_agent, check_environment, check_metric, check_wrapper
from palaestra.envs import environments
from palaestra.leaderboards.tracks import tracks
from palaestra.leaderboards.sweeps.bench import bench
from palaestra.metrics import metrics
from palaestra.wrappers import wrappers

assert Path(palaestra.__file__).parent == Path(sys.argv[1]), palaestra.__file__
coins = environments["BiasedCoin-v0"].make
check_environment(lambda: coins(horizon=6))
check_agent(agents["Majority"].make, lambda: coins(horizon=6), env_id="BiasedCoin-v0")
for name in ("coin_regret", "tail_rate", "head_rate"):
    check_metric(metrics[name].load(), play=lambda seeds: palaestra.run("BiasedCoin-v0", "Majority", seeds))
promises = environments["TransferGame-v0"].make
check_wrapper(promises, lambda: wrappers["Scaled"].make(game=promises()))
standings = bench(tracks["biased-coin-v0"].load(), folder=Path("results"), demo=True, workers=1)
assert not standings.failures and {line.agent for line in standings.lines} == {"Majority", "Uniform"}
"""


def files_and_lines() -> list[tuple[str, bool, str]]:
    """Blocks that begin with `# room/file.py`, or with `# room/file.py, one more line`: path, whether a line, text."""
    found = []
    for block in (block for page in MEMBERS for block in blocks(page)):
        first, _, rest = block.text.partition("\n")
        match = re.fullmatch(r"# ([\w/]+\.py)(, one more line)?", first)
        if block.language == "python" and match:
            found.append((match[1], match[2] is not None, rest))
    return found


def test_the_example_keeps_the_public_contracts(tmp_path: Path) -> None:
    """Its files and lines, put into a copy of the package, make members that pass what every member must pass."""
    copy = tmp_path / "palaestra"
    for room in ROOMS:
        shutil.copytree(room.path, copy / room.name, ignore=shutil.ignore_patterns("__pycache__"))
    for module in ROOT.glob("*.py"):
        shutil.copy(module, copy)
    for path, is_line, text in files_and_lines():
        file = copy / path
        assert file.exists() == is_line, f"{path} {'must' if is_line else 'must not'} be there already"
        file.write_text(file.read_text("utf-8") + text if is_line else text, "utf-8")
    command = [sys.executable, "-c", KEEPS_ITS_CONTRACTS, str(copy)]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr[-4000:]


def test_the_example_shows_every_kind_of_member() -> None:
    files = [path for path, is_line, _ in files_and_lines() if not is_line]
    lines = [path for path, is_line, _ in files_and_lines() if is_line]
    rooms = {path.partition("/")[0] for path in files}
    assert rooms == {"envs", "agents", "metrics", "wrappers", "leaderboards"}
    assert lines == [f"{path.rpartition('/')[0]}/__init__.py" for path in files], "one file, one line"


def test_contributing_leads_to_every_page_of_the_example() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    for page in MEMBERS:
        assert f"(docs/how_to/{page.name})" in text, page.name
