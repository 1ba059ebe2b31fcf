"""`palaestra.bench` and `compare` take what a notebook's cells define."""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import palaestra
import pytest
from palaestra.core.errors import PalaestraError, UnknownName
from palaestra.core.rooms import PACKAGE
from palaestra.leaderboards.sweeps.object_fingerprint import object_fingerprint
from palaestra.tests.support.notebook_cells import Notebook, notebook
from palaestra.tests.support.tiny_track import TINY, tiny_track

DOES = """
class Mine:
    batched = False
    def reset(self, task, lanes, seed):
        self.rounds = 0
    def act(self, observation):
        return {"amounts": np.zeros(2), "play": CHOICE, "targets": np.zeros(2, int)}
    def learn(self, transition):
        self.rounds += 1
"""


@pytest.fixture
def cells() -> Iterator[Notebook]:
    with notebook() as made, tiny_track(scenarios={"dilemma": {"horizon": 4}}):
        made.run("import numpy as np\nimport palaestra\nCHOICE = 0")
        made.run(DOES)
        yield made


def measured(cells: Notebook, folder: Path, **options: object) -> palaestra.bench:
    return palaestra.bench(
        TINY, [cells["Mine"]], references=["Uniform"], out=folder, workers=1, progress=False, **options
    )


def test_a_class_of_a_cell_stands_beside_the_references(cells: Notebook, tmp_path: Path) -> None:
    made = measured(cells, tmp_path)
    assert {line.agent for line in made.standings.lines} == {"Mine", "Uniform"} and not made.standings.failures
    assert "Mine" in repr(made) and "welfare_ratio" in repr(made) and len(repr(made).splitlines()) < 10
    assert made._repr_html_().startswith("<table>") and "<td>Mine</td>" in made._repr_html_()
    assert made.plot().axes and repr(made.standings) == "<Standings on tiny-v0: 2 agents, 6 seeds, first Mine>"


def test_both_players_are_played_by_copies_of_an_object(cells: Notebook, tmp_path: Path) -> None:
    """Not by one object twice, which would learn each round from both seats."""
    one = cells.run("Mine()")
    cells.run("mine = Mine()\nmine.rounds = 7")
    palaestra.bench(TINY, {"own": cells["mine"]}, references=False, out=tmp_path, progress=False)
    assert cells["mine"].rounds == 7 and not hasattr(one, "rounds")


def test_what_was_measured_is_not_run_again(cells: Notebook, tmp_path: Path) -> None:
    first = measured(cells, tmp_path)
    files = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")}
    cells.run(DOES)  # the same cell executed once more makes another class of the same code
    again = measured(cells, tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")} == files
    assert again.document["agents"] == first.document["agents"]


@pytest.mark.parametrize(
    "edit", [DOES.replace("CHOICE", "1 - CHOICE"), "CHOICE = 1"], ids=["the class", "what it uses"]
)
def test_an_edited_class_is_never_taken_for_the_one_before(cells: Notebook, tmp_path: Path, edit: str) -> None:
    def welfare() -> float:
        lines = measured(cells, tmp_path).standings.lines
        found: float = next(line.estimates["welfare_ratio"].value for line in lines if line.agent == "Mine")
        return found

    before = welfare()
    cells.run(edit)
    assert before == 1.0 and welfare() < 0.5  # both cooperate, then both defect


def test_an_agent_without_a_fingerprint_is_run_each_time_and_a_warning_says_so(cells: Notebook, tmp_path: Path) -> None:
    cells.run("import threading\nclass Locked(Mine):\n    lock = threading.Lock()\n")
    for _ in range(2):
        with pytest.warns(UserWarning, match="Locked are not kept"):
            made = palaestra.bench(TINY, cells["Locked"], references=False, out=tmp_path, progress=False)
        assert not made.standings.failures and not list(tmp_path.rglob("*.parquet"))


def test_a_fingerprint_is_the_same_in_another_process() -> None:
    program = (
        "from palaestra.tests.support.notebook_cells import notebook\n"
        "from palaestra.leaderboards.sweeps.object_fingerprint import object_fingerprint\n"
        f"with notebook() as cells:\n    cells.run({'import numpy as np' + chr(10) + 'CHOICE = 0' + DOES!r})\n"
        "    print(object_fingerprint(cells['Mine']))\n"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            cwd=PACKAGE.parent,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(PACKAGE.parent)},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1 and len(found.pop().strip()) == 64


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("lambda x: x + 1", "lambda x: x + 2"),
        ("np.array([1.0, 2.0])", "np.array([1.0, 3.0])"),
        ("{'a': 1}", "{'a': True}"),
        ("(lambda y: lambda x: x + y)(1)", "(lambda y: lambda x: x + y)(2)"),
        ("(lambda x, y=1: x)", "(lambda x, y=2: x)"),
        ("np.random.default_rng(1)", "np.random.default_rng(2)"),
        ("frozenset({1, 2})", "frozenset({1, 3})"),
        ("np.sin", "np.cos"),
    ],
)
def test_fingerprints_tell_what_objects_do(cells: Notebook, one: str, other: str) -> None:
    found = [object_fingerprint(cells.run(text)) for text in (one, one, other)]
    assert found[0] == found[1] != found[2] and all(found)


def test_functions_and_names_are_agents_too(cells: Notebook, tmp_path: Path) -> None:
    cells.run("def still(observation):\n    return {'amounts': np.zeros(2), 'play': 0, 'targets': np.zeros(2, int)}")
    made = palaestra.compare(TINY, ["Uniform", cells["still"]], out=tmp_path, workers=1, progress=False)
    headline = made.pairs[0]
    assert (headline["first"], headline["second"], headline["verdict"]) == ("Uniform", "still", "still")
    assert "still" in repr(made) and "<table>" in made._repr_html_() and made.plot().axes
    assert made.document["pairs"][0]["metric"] == "welfare_ratio"


def test_an_agent_that_fails_is_named_with_its_line(cells: Notebook, tmp_path: Path) -> None:
    cells.run("class Fails(Mine):\n    def act(self, observation):\n        raise RuntimeError('no idea')\n")
    made = palaestra.bench(TINY, [cells["Fails"]], references=["Uniform"], out=tmp_path, workers=1, progress=False)
    assert "Failed: Fails in dilemma" in repr(made) and "no idea" in repr(made)
    assert [line.agent for line in made.standings.lines] == ["Uniform"]


def test_what_cannot_be_benchmarked_is_said_before_anything_runs(cells: Notebook, tmp_path: Path) -> None:
    with pytest.raises(PalaestraError, match="Two agents are called 'Mine'"):
        palaestra.bench(TINY, [cells["Mine"], cells["Mine"]], out=tmp_path)
    cells.run("class Needs(Mine):\n    def __init__(self, depth):\n        self.depth = depth\n")
    with pytest.raises(PalaestraError, match=r"Needs cannot be made: .*depth.*Give an object instead: Needs\("):
        palaestra.bench(TINY, cells["Needs"], out=tmp_path)
    with pytest.raises(PalaestraError, match="Nobody is left"):
        palaestra.bench(TINY, references=False, out=tmp_path)
    with pytest.raises(PalaestraError, match="at least two"):
        palaestra.compare(TINY, cells["Mine"], out=tmp_path)
    with pytest.raises(UnknownName, match="no track 'tiny-v9'"):
        palaestra.bench("tiny-v9", cells["Mine"], out=tmp_path)
    assert not list(tmp_path.iterdir())


def test_scores_become_a_table_of_rows(cells: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = measured(cells, tmp_path)
    monkeypatch.setitem(sys.modules, "pandas", SimpleNamespace(DataFrame=dict))
    columns = made.to_pandas()
    assert set(columns) == {"agent", "scenario", "seed", "welfare_ratio", "agent_normal_form_gain"}
    assert len(columns["seed"]) == 2 * 6 and set(columns["welfare_ratio"][columns["agent"] == "Mine"]) == {1.0}


def test_a_script_without_a_main_guard_is_not_run_again_by_the_workers(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import palaestra\nprint('begins')\n"
        "made = palaestra.bench('transfer-welfare-v0', references=['Uniform'], seeds=1, demo=True, workers=2)\n"
        "print(len(made.standings.lines))\n"
    )
    run = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(PACKAGE.parent)},
        timeout=300,
    )
    assert run.stdout.split() == ["begins", "1"], run.stderr


def test_no_warning_where_everything_has_a_fingerprint(cells: Notebook, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        measured(cells, tmp_path)
