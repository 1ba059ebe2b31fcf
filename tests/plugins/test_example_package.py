"""The example package, installed: its four members go the whole way from `list` to a page of a site."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from palaestra.command_line.new import skeleton
from palaestra.core.rooms import PACKAGE
from palaestra.tests.support.plugin_venv import Venv, plugin_venv

EXAMPLE = PACKAGE / "docs" / "examples" / "biased-coin"
README = (EXAMPLE / "README.md").read_text()
COMMANDS = [
    shlex.split(line)[1:] for line in README.partition("```sh\n")[2].splitlines() if line.startswith("palaestra ")
]
CONFINED = """
import json, sys
from pathlib import Path
from palaestra.leaderboards.server.sandbox import Limits, run_confined

command = [sys.executable, "-I", "-m", "palaestra.leaderboards.server.verifier", sys.argv[1], sys.argv[2]]
ended = run_confined(command, [Path(one) for one in sys.argv[1:]], Limits(output_bytes=16 << 20))
assert ended.code == 0, ended
print(ended.output.decode())
"""


@pytest.fixture(scope="module")
def venv(tmp_path_factory: pytest.TempPathFactory) -> Venv:
    """An environment with the example."""
    made = plugin_venv(tmp_path_factory.mktemp("plugins") / "venv")
    made.install(EXAMPLE)
    return made


@pytest.fixture(scope="module")
def whole_way(venv: Venv, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The folder in which every command of the example's README was run, and what each answered."""
    folder = tmp_path_factory.mktemp("work")
    extra = [["list", "--json"], ["bench", "biased-coin-v0", "--demo", "--workers", "2", "--fresh", "--json"]]
    answers = venv.commands(*COMMANDS, *extra, folder=folder)
    yield folder, {shlex.join(words): answer for words, answer in zip([*COMMANDS, *extra], answers, strict=True)}


def test_the_example_is_what_palaestra_new_writes() -> None:
    written = {path: (EXAMPLE / path).read_text() for path in skeleton("plugin", "biased-coin")}
    assert written == skeleton("plugin", "biased-coin")
    assert {
        one.relative_to(EXAMPLE).as_posix() for one in EXAMPLE.rglob("*") if one.suffix in (".py", ".md", ".toml")
    } == {*written}


def test_every_command_of_its_readme_works_as_it_stands(whole_way: tuple[Path, dict[str, Any]]) -> None:
    for command, (code, _, err) in whole_way[1].items():
        assert code == 0, f"palaestra {command}: {err}"
    used = {words[0] for words in COMMANDS}
    assert used == {"list", "show", "check", "run", "bench", "compare", "submit", "verify", "board", "site"}


def test_the_list_says_whose_they_are(whole_way: tuple[Path, dict[str, Any]]) -> None:
    document = json.loads(whole_way[1]["list --json"][1])
    found = {one["name"] for kind in document.values() for one in kind if one.get("package") == "biased-coin 0.1"}
    assert found == {"BiasedCoin-v0", "BiasedCoinMajority", "biased_coin_regret", "biased-coin-v0"}
    assert "broken" not in document


def test_workers_play_and_measure_them(whole_way: tuple[Path, dict[str, Any]]) -> None:
    document = json.loads(whole_way[1]["bench biased-coin-v0 --demo --workers 2 --fresh --json"][1])
    assert not document["failures"]
    assert [one["agent"] for one in document["agents"]] == ["BiasedCoinMajority", "Uniform"]
    assert [one["name"] for one in document["metrics"]] == ["biased_coin_regret", "mean_payoff"]


def test_the_site_has_pages_of_the_track_and_of_the_environment(whole_way: tuple[Path, dict[str, Any]]) -> None:
    site = whole_way[0] / "my-site"
    assert "Majority" in (site / "tracks" / "biased-coin-v0.html").read_text()
    assert "which side an unfair coin falls" in (site / "environments" / "BiasedCoin-v0.html").read_text()
    assert list((site / "agents" / "biased-coin-v0").glob("majority-*.html"))


def test_a_submission_names_the_file_of_the_agent_and_the_version_of_the_package(
    whole_way: tuple[Path, dict[str, Any]],
) -> None:
    """So a board without the package knows an agent of it as one of the submitter's own."""
    manifest = json.loads((whole_way[0] / "majority" / "manifest.json").read_text())
    assert manifest["agent"]["target"] == "biased_coin.agent:Majority"
    assert "agent.py" in manifest["agent"]["files"] and "palaestra" not in manifest["agent"]["files"]
    assert manifest["environment"]["versions"]["biased-coin"] == "0.1"


def test_the_sandbox_of_the_service_verifies_a_submission(venv: Venv, whole_way: tuple[Path, dict[str, Any]]) -> None:
    folder = whole_way[0]
    said = venv.python(CONFINED, str(folder / "majority"), str(folder / "my-board" / "log.jsonl"))
    assert json.loads(said)["findings"]["status"] == "verified"


def test_rows_are_played_again_when_the_package_changes(venv: Venv, whole_way: tuple[Path, dict[str, Any]]) -> None:
    file = venv.packages / "biased_coin" / "metric.py"
    before = file.read_text()
    again = ["bench", "biased-coin-v0", "--demo", "--json"]
    try:
        file.write_text(before.replace("trace.scoring", "1 + trace.scoring"))
        code, out, err = venv.commands(again, folder=whole_way[0])[0]
    finally:
        file.write_text(before)
    assert code == 0, err
    document = json.loads(out)
    assert document["estimate"]["missing"] == document["estimate"]["jobs"]
    assert document["agents"][0]["metrics"]["biased_coin_regret"]["value"] > 1


@pytest.mark.parametrize(
    "first", ["import palaestra, gymnasium, pettingzoo", "import gymnasium, pettingzoo, palaestra"]
)
def test_gymnasium_and_pettingzoo_know_the_environment(venv: Venv, first: str) -> None:
    program = f"""
{first}
import json
made = [gymnasium.make("palaestra/BiasedCoin-v0"), gymnasium.make_vec("palaestra/BiasedCoin-v0", num_envs=3)]
made += [pettingzoo.make("parallel", "palaestra/BiasedCoin-v0")]
print(json.dumps([bool(one.reset(seed=0)) for one in made]))
"""
    assert venv.python(program).splitlines()[-1] == "[true, true, true]"
