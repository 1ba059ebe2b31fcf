"""Engines by name, addresses without a cluster, and what is sent to machines that share no files."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.sweeps.bench import bench
from palaestra.leaderboards.sweeps.engines import find_engine
from palaestra.leaderboards.sweeps.install_shipment import install_shipment
from palaestra.leaderboards.sweeps.job_folder import job_folder
from palaestra.leaderboards.sweeps.plan import plan
from palaestra.leaderboards.sweeps.shipment import Shipment
from palaestra.leaderboards.tracks.track import Track
from palaestra.tests.support.ray_nodes import free_port, set_environment

TINY = Track(
    track_id="tiny-v0",
    env_id="TransferGame-v0",
    scenarios={"dilemma": {"horizon": 4}},
    metric="welfare",
    metrics=("welfare",),
    references=("Uniform",),
    seats={},
    seeds=2,
    demo={},
    demo_seeds=2,
    about="More is better.",
)

AGENT = """
from pathlib import Path

import numpy as np
from {beside} import PLAY

class Agent:
    batched = False
    weights = ("weights/play.txt",)
    def reset(self, task, lanes, seed):
        self.players = task.players
        self.weight = float((Path(__file__).parent / "weights/play.txt").read_text())
    def act(self, observation):
        return {{"amounts": np.zeros(self.players), "targets": np.zeros(self.players, int), "play": PLAY}}
"""

ELSEWHERE = """
import json, sys
from pathlib import Path

from palaestra.leaderboards.sweeps.install_shipment import install_shipment

names, contents, module, base = json.loads(sys.argv[1])
tables = install_shipment(names, lambda digest: Path(contents[digest]).read_bytes(), [module], Path(base))
print(json.dumps([tables, sys.path[0]]))
"""

needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="needs Ray: pip install -e '.[ray]'")


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package of a user's: an agent, a module that it imports, and weights."""
    name = f"sent_{re.sub(r'[^0-9a-z]', '_', str(tmp_path).lower())}"
    package = tmp_path / "home" / name
    (package / "weights").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "agent.py").write_text(AGENT.format(beside=f"{name}.beside"))
    (package / "beside.py").write_text("PLAY = 1\n")
    (package / "weights" / "play.txt").write_text("0.5")
    (package / "notes.txt").write_text("not named by the agent")
    monkeypatch.syspath_prepend(tmp_path / "home")
    return f"{name}.agent"


def sent(shipment: Shipment, module: str, away: Path) -> Any:
    """What a process that has nothing of the user's makes of a shipment, its contents being somewhere else by then."""
    shelf = away / "shelf"
    shelf.mkdir(parents=True)
    contents = {digest: str(shutil.copy(path, shelf / digest)) for digest, path in shipment.contents.items()}
    words = json.dumps([shipment.names, contents, module, str(away / "shipments")])
    done = subprocess.run([sys.executable, "-c", ELSEWHERE, words], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_an_agent_goes_with_its_package_and_weights_and_with_the_files_among_the_options(
    tmp_path: Path, mine: str
) -> None:
    game = tmp_path / "game.nfg"
    game.write_text('NFG 1 R "one" { "a" "b" } { 2 2 }\n\n1 1 0 2 2 0 1 1\n')
    shipment = Shipment.of(plan(TINY, [f"{mine}:Agent", "Uniform"], 2, {"game": str(game)}))
    package = mine.partition(".")[0]
    assert [sorted(root) for root in shipment.roots] == [
        [f"{package}/{name}" for name in ("__init__.py", "agent.py", "beside.py", "weights/play.txt")]
    ]
    tables, first = sent(shipment, mine, tmp_path / "away")
    assert Path(tables[str(game)]).read_text() == game.read_text() and tables[str(game)] != str(game)
    assert Path(first).is_relative_to(tmp_path / "away" / "shipments")
    assert (Path(first) / package / "weights" / "play.txt").read_text() == "0.5"


def test_registered_agents_need_nothing_sent() -> None:
    assert Shipment.of(plan(TINY, ["Uniform", "palaestra.agents.uniform:Uniform"], 2)) == Shipment()


def test_weights_outside_of_the_agents_folder_are_refused(tmp_path: Path, mine: str) -> None:
    (tmp_path / "outside.txt").write_text("0.5")
    agent = tmp_path / "home" / mine.replace(".", "/")
    text = agent.with_suffix(".py").read_text().replace('("weights/play.txt",)', '("../../outside.txt",)')
    agent.with_name("other.py").write_text(text)
    with pytest.raises(PalaestraError, match="cannot be sent to other machines"):
        Shipment.of(plan(TINY, [f"{mine.partition('.')[0]}.other:Agent"], 2))


def test_a_shipment_that_was_changed_is_not_used(tmp_path: Path) -> None:
    names = {"modules": {}, "roots": [], "tables": {"prompts.csv": "0" * 64}}
    with pytest.raises(PalaestraError, match="has been changed since it was sent"):
        install_shipment(names, lambda digest: b"something else", base=tmp_path / "base")


def test_a_folder_that_others_may_write_to_holds_no_code(tmp_path: Path) -> None:
    names = {"modules": {}, "roots": [{"agent.py": "0" * 64}], "tables": {}}
    (tmp_path / "base").mkdir(mode=0o777)
    (tmp_path / "base").chmod(0o777)
    with pytest.raises(PalaestraError, match="only this user can write to"):
        install_shipment(names, lambda digest: b"", base=tmp_path / "base")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    with pytest.raises(PalaestraError, match="only this user can write to"):
        install_shipment(names, lambda digest: b"", base=tmp_path / "link")


HOLDS = """
import sys, time
from palaestra.leaderboards.sweeps.job_folder import job_folder

with job_folder() as folder:
    print(folder, flush=True)
    time.sleep(600)
"""


def test_the_folder_of_a_job_whose_process_was_killed_is_removed_by_the_next_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    held: list[tuple[Any, Path]] = []
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDS],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "TMPDIR": str(tmp_path)},
        )
        assert process.stdout is not None
        held.append((process, Path(process.stdout.readline().strip())))
        os.utime(held[-1][1], (0, 0))
    (killed, dead), (living, alive) = held
    killed.kill()
    killed.wait()
    try:
        with job_folder() as folder:
            assert folder.is_dir() and alive.is_dir() and not dead.exists()
        assert not folder.exists()
    finally:
        living.kill()
        living.wait()


def test_a_run_that_is_finished_needs_no_cluster(tmp_path: Path) -> None:
    bench(TINY, folder=tmp_path, workers=1)
    before = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in tmp_path.rglob("*.parquet")}
    seen: list[float] = []
    nowhere = f"127.0.0.1:{free_port()}"
    report = bench(TINY, folder=tmp_path, engine="ray", address=nowhere, progress=lambda done, *_: seen.append(done))
    assert not report.failures and seen == [1]
    assert before == {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in tmp_path.rglob("*.parquet")}


@needs_ray
@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("127.0.0.1:PORT", "no Ray cluster answers there"),
        ("no.such.host.invalid:6379", "no Ray cluster answers there"),
        ("somewhere", "give HOST:PORT"),
        ("ray://127.0.0.1:10001", "run palaestra on a machine of the cluster"),
    ],
)
def test_an_address_without_a_cluster_is_refused(address: str, told: str, tmp_path: Path) -> None:
    set_environment()
    with pytest.raises(PalaestraError, match=re.escape(told)):
        bench(TINY, folder=tmp_path, engine="ray", address=address.replace("PORT", str(free_port())))
    assert not list(tmp_path.rglob("*.parquet"))


def test_an_unknown_engine_is_refused_and_both_are_named() -> None:
    with pytest.raises(PalaestraError, match=r"no engine 'cloud'.*local, ray"):
        find_engine("cloud")
    with pytest.raises(PalaestraError, match="only the engine ray has an address"), find_engine("local")(1, "a:1"):
        pass
