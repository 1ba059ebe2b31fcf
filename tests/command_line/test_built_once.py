"""Nothing is built only to be asked a question: how often rules and agents are built, counted from outside."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import palaestra
import pytest
from palaestra.agents import agents
from palaestra.command_line.app import app
from palaestra.command_line.seating import seating
from palaestra.core.target import named_target
from palaestra.leaderboards.sweeps.execute import execute
from palaestra.leaderboards.sweeps.plan import plan
from palaestra.leaderboards.tracks.track import Track
from typer.testing import CliRunner

COUNTED = """
from palaestra.agents.uniform import Uniform

agents = []

class Plain(Uniform):
    def __init__(self, salt: int = 0):
        super().__init__()
        agents.append("Plain")

class Needing(Plain):
    needs = {"memory": 2}
"""
BANDIT, GAME = "RankingBandit-v0", "RepeatedGame-v0"
MAKERS = {
    "bandit": "palaestra.envs.ranking_bandit.ranking_bandit",
    "game": "palaestra.envs.repeated_game.repeated_game",
}
SHORT = ("--horizon", "6", "--json")
TRACK = Track(
    track_id="counted-v0",
    env_id=BANDIT,
    scenarios={"bandit": {"horizon": 4}},
    metric="external_regret",
    metrics=("external_regret",),
    references=("Uniform",),
    seats={},
    seeds=2,
    demo={},
    demo_seeds=2,
    about="Less is better.",
)


@pytest.fixture(autouse=True)
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A module of the user's whose agents note when they are built; rules are noted there too."""
    (tmp_path / "counted_members.py").write_text(COUNTED)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "counted_members", raising=False)
    module: Any = import_module("counted_members")
    module.rules = []
    for name, maker in MAKERS.items():
        monkeypatch.setattr(maker, _noting(named_target(":".join(maker.rsplit(".", 1))), name, module.rules))
    yield module
    del sys.modules["counted_members"]


def _noting(maker: Callable[..., Any], name: str, noted: list[str]) -> Callable[..., Any]:
    @wraps(maker)
    def made(**options: Any) -> Any:
        noted.append(name)
        return maker(**options)

    return made


def run_command(*words: str) -> None:
    answer = CliRunner().invoke(app, [*words])
    assert answer.exit_code == 0, (answer.output, answer.exception)


def test_a_run_builds_its_rules_and_its_agent_once(counted: Any) -> None:
    run_command("run", BANDIT, "--agent", "counted_members:Plain", *SHORT)
    assert (counted.rules, counted.agents) == (["bandit"], ["Plain"])


def test_a_run_builds_one_agent_a_seat_though_one_name_takes_both(counted: Any) -> None:
    run_command("run", GAME, "--agent", "counted_members:Plain(salt=3)", *SHORT)
    assert (counted.rules, counted.agents) == (["game"], ["Plain"] * 2)


def test_a_run_builds_its_rules_twice_where_an_agent_needs_other_options(counted: Any) -> None:
    run_command("run", GAME, "--agent", "counted_members:Needing", *SHORT)
    assert (counted.rules, counted.agents) == (["game"] * 2, ["Plain"] * 2)
    counted.rules.clear()
    run_command("run", GAME, "--agent", "counted_members:Needing", "--option", "memory=2", *SHORT)
    assert counted.rules == ["game"]


def test_a_replay_builds_rules_once_to_verify_and_to_measure(counted: Any, tmp_path: Path) -> None:
    path = tmp_path / "trace.parquet"
    run_command("run", BANDIT, "--agent", "counted_members:Plain", "--save", str(path), *SHORT)
    counted.rules.clear()
    run_command("replay", str(path), "--json")
    assert counted.rules == ["bandit"]


def test_a_job_of_a_benchmark_builds_its_rules_and_its_agent_once(counted: Any, tmp_path: Path) -> None:
    (job,) = plan(TRACK, ["counted_members:Plain"], 2)
    assert (counted.rules, counted.agents) == (["bandit"], ["Plain"])
    execute(job, tmp_path)
    assert (counted.rules, counted.agents) == (["bandit"] * 2, ["Plain"] * 2)


def test_a_trace_keeps_its_rules_until_it_is_changed(counted: Any, tmp_path: Path) -> None:
    """Metrics and a replay of what was just played build nothing; a loaded trace builds rules when first asked."""
    trace = palaestra.run(BANDIT, counted.Plain, range(2), horizon=6)
    palaestra.evaluate(trace)
    palaestra.replay(trace)
    assert counted.rules == ["bandit"]
    loaded = palaestra.load_trace(trace.save(tmp_path / "trace.parquet"))
    assert loaded.rules is None and replace(trace, options={"horizon": 7}).rules is None and trace.bare().rules is None
    palaestra.evaluate(loaded)
    palaestra.replay(loaded)
    assert counted.rules == ["bandit"] * 2


def test_a_pickled_trace_leaves_its_rules_behind() -> None:
    trace = palaestra.run("RankingBandit-v0", "Uniform", range(2), horizon=3)
    again = pickle.loads(pickle.dumps(trace))
    assert trace.rules is not None and again.rules is None
    assert palaestra.evaluate(again).keys() == palaestra.evaluate(trace).keys()


def test_a_spec_answers_from_the_first_agent_and_hands_it_out(counted: Any) -> None:
    spec = agents.spec("counted_members:Needing(salt=1)")
    assert (spec.target, spec.options, spec.maker) == ("counted_members:Needing", {"salt": 1}, counted.Needing)
    assert counted.agents == []
    assert spec.traits.needs == {"memory": 2} and spec.traits.batched and not spec.traits.privileges
    first, second = spec.make(), spec.make()
    assert first is not second and len(counted.agents) == 2
    assert [file.name for file in spec.files] == ["counted_members.py"]
    assert agents.spec(spec) is spec


def test_a_spec_hands_out_a_given_agent_itself_and_then_copies_of_it(counted: Any) -> None:
    given: Any = counted.Plain()
    spec = agents.spec(given)
    first, second = spec.make(), spec.make()
    assert first is given and type(second) is type(given) and second is not given and spec.name == "Plain"


def test_seats_of_one_name_share_what_was_read_of_it(counted: Any) -> None:
    seats = seating(["counted_members:Plain"], ["player_0", "player_1"], {})
    assert seats["player_0"] is seats["player_1"] and seats["player_0"].maker is named_target("counted_members:Plain")
