"""Members of other packages on a machine that has nothing of the user's: their files and their names are sent."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from palaestra.core.rooms import PACKAGE
from palaestra.envs import environments
from palaestra.leaderboards.sweeps.fingerprint import outside_files
from palaestra.leaderboards.sweeps.plan import plan
from palaestra.leaderboards.sweeps.shipment import Shipment
from palaestra.leaderboards.tracks.track import Track
from palaestra.metrics import metrics

EXAMPLE = PACKAGE / "docs" / "examples" / "biased-coin" / "biased_coin"

ELSEWHERE = """
import json, sys
from pathlib import Path

from palaestra.leaderboards.sweeps.attempt import attempt
from palaestra.leaderboards.sweeps.install_shipment import install_shipment
from palaestra.leaderboards.sweeps.job import Job

names, contents, base, values = json.loads(sys.argv[1])
modules = [target.partition(":")[0] for _, _, target, *_ in names["members"]]
install_shipment(names, lambda digest: Path(contents[digest]).read_bytes(), modules, Path(base))
said = attempt(Job(**{**values, "seeds": tuple(values["seeds"]), "metrics": tuple(values["metrics"])}), Path(base))
print(json.dumps([said, sys.modules[modules[0]].__file__]))
"""


@pytest.fixture
def coins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Track]:
    """A track of an environment and a metric that a package of the user's registers."""
    shutil.copytree(EXAMPLE, tmp_path / "home" / "sent_coins")
    monkeypatch.syspath_prepend(tmp_path / "home")
    environments.register("SentCoin-v0", "sent_coins.environment:BiasedCoin", "single")
    metrics.register("sent_regret", "sent_coins.metric:biased_coin_regret")
    yield Track(
        track_id="sent-coin-v0",
        env_id="SentCoin-v0",
        scenarios={"short": {"horizon": 5}},
        metric="sent_regret",
        metrics=("sent_regret",),
        references=("Uniform",),
        seats={},
        seeds=3,
        demo={},
        demo_seeds=2,
        about="Less is better.",
    )
    environments.forget("SentCoin-v0")
    metrics.forget("sent_regret")
    for name in [name for name in sys.modules if name.partition(".")[0] == "sent_coins"]:
        del sys.modules[name]


def test_a_job_is_played_where_the_package_is_not_installed(coins: Track, tmp_path: Path) -> None:
    (job,) = plan(coins, ["Uniform"], 3)
    shipment = Shipment.of([job])
    shelf = tmp_path / "away" / "shelf"
    shelf.mkdir(parents=True)
    contents = {digest: str(shutil.copy(path, shelf / digest)) for digest, path in shipment.contents.items()}
    words = json.dumps([shipment.names, contents, str(tmp_path / "away" / "shipments"), asdict(job)])
    (tmp_path / "home").rename(tmp_path / "gone")
    done = subprocess.run([sys.executable, "-c", ELSEWHERE, words], capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    said, file = json.loads(done.stdout)
    assert said == "" and Path(file).is_relative_to(tmp_path / "away" / "shipments")
    assert list((tmp_path / "away" / "shipments").glob("*.rows.parquet"))


def test_rows_depend_on_every_file_of_the_package(coins: Track, tmp_path: Path) -> None:
    keys = {job.key for job in plan(coins, ["Uniform"], 3)}
    files = {Path(path).name for path in outside_files(coins)}
    assert files == {"__init__.py", "agent.py", "environment.py", "metric.py", "track.py"}
    file = tmp_path / "home" / "sent_coins" / "environment.py"
    file.write_text(file.read_text() + "\n")
    assert not keys & {job.key for job in plan(coins, ["Uniform"], 3)}


def test_tracks_of_palaestra_need_no_other_files() -> None:
    from palaestra.leaderboards.tracks import tracks

    assert not outside_files(tracks["ranking-bandit-v0"].load())
