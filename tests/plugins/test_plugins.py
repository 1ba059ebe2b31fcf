"""Members of other packages: found by name, never in the way of ours, and broken ones break nothing else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import palaestra
import pytest
from palaestra.agents import agents
from palaestra.core.errors import PalaestraError
from palaestra.core.plugins import DISABLED, VARIABLE, broken_plugins, use_plugins
from palaestra.core.registry import Registry
from palaestra.core.rooms import PACKAGE
from palaestra.envs import environments
from palaestra.leaderboards.catalogue.listing import listing
from palaestra.leaderboards.tracks import tracks
from palaestra.tests.support.users_command import Answer, users_command

GAME = (PACKAGE / "docs" / "examples" / "biased-coin" / "biased_coin" / "environment.py").read_text()
MINE = (
    GAME.replace("BiasedCoin", "MineCoin").replace("biased_coin_regret", "mean_payoff")
    + """

from palaestra.agents import agents
from palaestra.envs import environments
from palaestra.leaderboards.tracks.track import Track
from palaestra.metrics.mean_payoff import mean_payoff as own_metric

TRACK = Track(
    track_id="mine-coin-v0", env_id=f"{__name__}:MineCoin", scenarios={"short": {"horizon": 5}}, metric="mean_payoff",
    metrics=("mean_payoff",), references=("Uniform",), seats={}, seeds=3, demo={}, demo_seeds=2, about="More.",
)
"""
)
REGISTERS = """
environments.register("MineCoin-v0", f"{__name__}:MineCoin")
"""

Install = Callable[..., Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Puts packages, each a module and its entry points, where Python finds them."""
    monkeypatch.delenv(DISABLED)
    monkeypatch.syspath_prepend(tmp_path)
    made: list[str] = []

    def install(name: str, source: str | None, **points: dict[str, str]) -> Path:
        home = tmp_path / f"{name}-1.0.dist-info"
        home.mkdir()
        (home / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        lines = [
            f"[palaestra.{room}]\n" + "".join(f"{k} = {v}\n" for k, v in own.items()) for room, own in points.items()
        ]
        (home / "entry_points.txt").write_text("\n".join(lines))
        if source is not None:
            (tmp_path / f"{name}.py").write_text(source)
        made.append(name)
        monkeypatch.syspath_prepend(
            tmp_path / f"empty_{name}"
        )  # the path is another one, so the metadata is read again
        return tmp_path

    yield install
    for name in made:
        sys.modules.pop(name, None)
    for room in (agents, environments, tracks):
        room._failed.clear()


def test_a_package_gives_a_member_by_its_entry_point(install: Install) -> None:
    install("dealer_one", "class Mine:\n    '''An agent.'''\n", agents={"Dealer": "dealer_one:Mine"})
    assert "Dealer" in agents and "Dealer" in list(agents)
    assert "dealer_one" not in sys.modules, "a listing reads names only"
    assert agents["Dealer"].load().__name__ == "Mine"
    assert agents["Dealer"].origin == "dealer_one 1.0"


def test_the_name_of_one_of_ours_is_refused_and_ours_stays(install: Install) -> None:
    install("shadow_one", "class Uniform:\n    pass\n", agents={"Uniform": "shadow_one:Uniform"})
    assert agents["Uniform"].load().__module__ == "palaestra.agents.uniform"
    (one,) = agents.broken
    assert "shadow_one 1.0" in one.reason and "palaestra" in one.reason and "shadow_one:Uniform" in one.reason


def test_a_name_of_two_packages_is_refused_and_both_are_named(install: Install) -> None:
    install("twin_one", "class Twin:\n    pass\n", agents={"Twin": "twin_one:Twin"})
    install("twin_two", "class Twin:\n    pass\n", agents={"Twin": "twin_two:Twin"})
    assert "Twin" not in agents
    with pytest.raises(PalaestraError, match=r"twin_two 1.0.*twin_one 1.0"):
        agents["Twin"]


def test_registering_a_taken_name_is_refused() -> None:
    with pytest.raises(PalaestraError, match=r"Uniform.*the module my_module.*taken by palaestra"):
        agents.register("Uniform", "my_module:Uniform")
    with pytest.raises(PalaestraError, match="is not module:attribute"):
        agents.register("Mine", "my_module")


def test_the_same_line_may_come_twice() -> None:
    room: Registry[object] = Registry("thing", "palaestra.things")
    room.register("Mine", "my_module:Mine")
    room.register("Mine", "my_module:Mine")
    with pytest.raises(PalaestraError, match="taken by the module my_module"):
        room.register("Mine", "another_module:Mine")


def test_a_broken_package_is_listed_with_its_reason_and_breaks_nothing_else(install: Install) -> None:
    install("gone_one", None, agents={"Gone": "gone_one:Gone"})
    install("slip_one", "def (\n", tracks={"slip-v0": "slip_one:TRACK"})
    install("ends_one", "raise RuntimeError('no luck')\n", tracks={"ends-v0": "ends_one:TRACK"})
    install("else_one", "TRACK = 3\n", tracks={"else-v0": "else_one:TRACK"})
    found = listing()
    reasons = {one["name"]: one["reason"] for one in found["broken"]}
    assert "no module gone_one" in reasons["Gone"] and "slip_one.py:1" in reasons["slip-v0"]
    assert palaestra.run("TransferGame-v0", "Uniform", horizon=2).steps == 2
    assert "ranking-bandit-v0" in dict(tracks.loadable())
    reasons = {one.name: one.reason for one in tracks.broken}
    assert "no luck" in reasons["ends-v0"] and "is no Track" in reasons["else-v0"]
    for name, why in {"ends-v0": "no luck", "else-v0": "is no Track", "slip-v0": "slip_one"}.items():
        with pytest.raises(PalaestraError, match=why):
            tracks[name].load()


def test_a_chosen_module_that_fails_is_named_where_its_members_are_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fails_one.py").write_text("1 / 0\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv(VARIABLE, "fails_one")
    assert palaestra.run("TransferGame-v0", "Uniform", horizon=2).steps == 2
    with pytest.raises(PalaestraError, match=r"fails_one could not be imported|'fails_one' could not be imported"):
        agents["Nobody"]
    assert "division by zero" in broken_plugins()["fails_one"]
    with pytest.raises(PalaestraError, match="division by zero"):
        use_plugins(["fails_one"])


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Answer]]:
    """The command line in a folder with a module of a user's."""
    monkeypatch.setenv(VARIABLE, "")
    yield users_command(tmp_path, monkeypatch, capfd, MINE + REGISTERS)
    environments.forget("MineCoin-v0")


def test_a_module_is_named_before_or_behind_the_command(command: Callable[..., Answer]) -> None:
    assert command("run", "MineCoin-v0", "--json").code == 2
    before = command("--plugin", "MINE", "show", "MineCoin-v0", "--markdown")
    behind = command("show", "MineCoin-v0", "--markdown", "--plugin=MINE")
    assert before.code == behind.code == 0 and before.out == behind.out
    assert before.out.startswith("# MineCoin: guess") and "| `horizon` | `100` |" in before.out


def test_a_track_of_a_module_is_benchmarked_in_workers(command: Callable[..., Answer]) -> None:
    answer = command("bench", "MINE:TRACK", "--workers", "2", "--json")
    assert answer.code == 0 and '"failures": []' in answer.out.replace("\n", "").replace("  ", ""), answer.err
    refused = command("submit", "MINE:TRACK", "--agent", "Uniform", "--name", "U", "--author", "A")
    assert refused.code == 2 and "is not registered" in refused.err


def test_an_environment_of_a_module_is_played_checked_and_replayed(command: Callable[..., Answer]) -> None:
    played = command("run", "MINE:MineCoin", "--agent", "Uniform", "--horizon", "3", "--save", "trace.npz", "--json")
    assert played.code == 0, played.err
    assert command("check", "MINE:TRACK").code == 0
    refused = command("replay", "trace.npz")
    assert refused.code == 2 and "--env MINE:MineCoin" in refused.err
    again = command("replay", "trace.npz", "--env", "MINE:MineCoin")
    assert again.code == 0, again.err


def test_a_trace_imports_no_module_that_its_file_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading, replaying and measuring run no code that whoever made the file chose."""
    from dataclasses import replace

    (tmp_path / "evil_one.py").write_text("raise SystemExit('it ran')\n")
    monkeypatch.syspath_prepend(tmp_path)
    trace = palaestra.run("TransferGame-v0", "Uniform", horizon=2)
    replace(trace, env_id="evil_one:make").save(tmp_path / "trace.npz")
    loaded = palaestra.load_trace(tmp_path / "trace.npz")
    for act in (palaestra.replay, palaestra.evaluate):
        with pytest.raises(PalaestraError, match="only where you name it yourself"):
            act(loaded)
    assert "evil_one" not in sys.modules


def test_what_is_registered_late_reaches_gymnasium_and_pettingzoo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import gymnasium
    import pettingzoo

    (tmp_path / "late_one.py").write_text(MINE)
    monkeypatch.syspath_prepend(tmp_path)
    environments.register("LateCoin-v0", "late_one:MineCoin")
    try:
        assert gymnasium.make("palaestra/LateCoin-v0", horizon=3).reset(seed=0)[0] == 2
        assert pettingzoo.make("parallel", "palaestra/LateCoin-v0").reset(seed=0)[0] == {"player_0": 2}
    finally:
        environments.forget("LateCoin-v0")
        sys.modules.pop("late_one")


@pytest.mark.parametrize("what", ["MineCoin", "TRACK"])
def test_check_refuses_a_metric_that_does_not_exist(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    source = MINE.replace('"mean_payoff"', '"mean_payof"')
    answer = users_command(tmp_path, monkeypatch, capfd, source)("check", f"MINE:{what}")
    assert answer.code == 1, answer.err
    assert "There is no metric 'mean_payof'. Did you mean 'mean_payoff'" in answer.err


def test_importing_palaestra_reads_no_metadata() -> None:
    code = "import sys, palaestra, palaestra.agents; sys.exit('importlib.metadata' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
