"""The documentation is true: its code runs, its links lead somewhere, and its tables follow from the registries."""

from __future__ import annotations

import doctest
import json
import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import palaestra
import pytest
import typer
from palaestra.__main__ import app

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("core", "envs", "agents", "wrappers", "metrics", "baselines", "leaderboards")
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")), ROOT / "benchmarks" / "README.md"]

EXAMPLE_KEEPS_ITS_CONTRACTS = """
import sys
from pathlib import Path

import palaestra
from palaestra.agents import agents
from palaestra.core.contract import check_agent, check_environment, check_metric, check_wrapper
from palaestra.envs import environments
from palaestra.leaderboards import tracks
from palaestra.leaderboards.bench import bench
from palaestra.metrics.coin_regret import EXAMPLES, coin_regret
from palaestra.wrappers import wrappers

assert Path(palaestra.__file__).parent == Path(sys.argv[1]), palaestra.__file__
coins = environments["BiasedCoin-v0"].make
check_environment(lambda: coins(horizon=6))
check_agent(agents["Majority"].make, lambda: coins(horizon=6), env_id="BiasedCoin-v0")
check_metric(coin_regret, EXAMPLES, play=lambda seeds: palaestra.run("BiasedCoin-v0", "Majority", seeds))
promises = environments["TransferGame-v0"].make
check_wrapper(promises, lambda: wrappers["Scaled"].make(game=promises()))
standings = bench(tracks["biased-coin-v0"].load(), folder=Path("results"), demo=True, workers=1)
assert not standings.failures and {line.agent for line in standings.lines} == {"Majority", "Uniform"}
"""

README_AGENT_CAN_BE_MEASURED = """
import sys
from palaestra.__main__ import main
from palaestra.core.contract import check_agent
from palaestra.envs import environments
from my_agents import Winners

check_agent(Winners, lambda: environments["ModelRouting-v0"].make(horizon=10))
sys.argv[1:] = "bench model-routing-v0 --only-agents none --agent my_agents:Winners --demo --seeds 2".split()
sys.argv += ["--option", "horizon=20", "--workers", "1", "--json"]
main()
"""


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S)


def files_and_lines(page: Path) -> list[tuple[str, bool, str]]:
    """Blocks that begin with `# room/file.py`, or with `# room/file.py, one more line`: path, whether a line, text."""
    found = []
    for block in blocks(page, "python"):
        first, _, rest = block.partition("\n")
        match = re.fullmatch(r"# ([\w/]+\.py)(, one more line)?", first)
        if match:
            found.append((match[1], match[2] is not None, rest))
    return found


def assert_runs(program: str, folder: Path, *arguments: str) -> str:
    """Run a Python program in a folder and return what it prints."""
    command = [sys.executable, "-c", program, *arguments]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr[-4000:]
    return run.stdout


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if page.name != "CONTRIBUTING.md"],
    ids=lambda page: page.relative_to(ROOT).as_posix(),
)
def test_every_python_block_of_a_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of a page run one after the other, as a reader would type them."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": page.stem}
    for block in blocks(page, "python"):
        exec(compile(block, str(page), "exec"), names)


def test_the_example_of_contributing_keeps_the_public_contracts(tmp_path: Path) -> None:
    """Its files and lines, put into a copy of the package, make members that pass what every member must pass."""
    copy = tmp_path / "palaestra"
    for room in ROOMS:
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    for module in ROOT.glob("*.py"):
        shutil.copy(module, copy)
    example = files_and_lines(ROOT / "CONTRIBUTING.md")
    for path, is_line, text in example:
        file = copy / path
        assert file.exists() == is_line, f"{path} {'must' if is_line else 'must not'} be there already"
        file.write_text(file.read_text("utf-8") + text if is_line else text, "utf-8")
    assert_runs(EXAMPLE_KEEPS_ITS_CONTRACTS, tmp_path, str(copy))


def test_the_agent_of_the_readme_keeps_its_contract_and_can_be_benchmarked(tmp_path: Path) -> None:
    (tmp_path / "my_agents.py").write_text(blocks(ROOT / "README.md", "python")[0])
    standings = json.loads(assert_runs(README_AGENT_CAN_BE_MEASURED, tmp_path))
    assert "my_agents:Winners" in json.dumps(standings)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_commands_of_a_page_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M)
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for target in re.findall(r"(?:^|`)make ([a-z]+)", text, re.M):
        assert target in targets, f"{page.name}: make {target}"
    for command in re.findall(r"(?:^|`|/)palaestra ([a-z]+)\b", text, re.M):
        assert command in commands, f"{page.name}: palaestra {command}"


def test_the_example_of_contributing_shows_every_kind_of_member() -> None:
    files = [path for path, is_line, _ in files_and_lines(ROOT / "CONTRIBUTING.md") if not is_line]
    lines = [path for path, is_line, _ in files_and_lines(ROOT / "CONTRIBUTING.md") if is_line]
    rooms = {path.partition("/")[0] for path in files}
    assert rooms == {"envs", "agents", "metrics", "wrappers", "leaderboards"}
    assert lines == [f"{path.partition('/')[0]}/__init__.py" for path in files], "one file, one line"


def test_the_examples_in_docstrings_give_what_they_say() -> None:
    tried = 0
    for found in walk_packages(palaestra.__path__, "palaestra."):
        if found.name.split(".")[1] in ROOMS:
            outcome = doctest.testmod(import_module(found.name))
            assert outcome.failed == 0, found.name
            tried += outcome.attempted
    assert tried > 0


def test_what_is_generated_is_up_to_date() -> None:
    run = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"], capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_to_a_file_or_a_heading(page: Path) -> None:
    text = page.read_text("utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)):
        path, _, heading = target.partition("#")
        if "://" not in target:
            file = page.parent / path if path else page
            assert file.exists(), f"{page.name} links to {target}"
            headings = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.M) if heading else []
            assert not heading or heading in [re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in headings]
