"""`palaestra.submit` writes a notebook's class into a file that anybody can run, and `verify` checks it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import palaestra
import pytest
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.submission.module_source import module_source
from palaestra.leaderboards.submission.verify import Refused
from palaestra.tests.support.notebook_cells import Notebook, notebook
from palaestra.tests.support.tiny_track import TINY, tiny_track

IMPORTS = "import numpy as np\nfrom dataclasses import dataclass\nfrom math import floor as down\nSHARE = 0.75\n"
HELPER = "def nothing(size):\n    return np.zeros(size, int)\n"
DEFINES = """
@dataclass
class Careful:
    batched = False
    depth: int = 3
    def reset(self, task, lanes, seed):
        trace = seed
        self.amounts = nothing(2) * SHARE
    def act(self, observation):
        return {"amounts": self.amounts, "play": down(0.5), "targets": nothing(2)}
"""


@pytest.fixture
def cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Notebook]:
    monkeypatch.chdir(tmp_path)
    with notebook() as made, tiny_track(scenarios={"dilemma": {"horizon": 4}}, seeds=2):
        for cell in (IMPORTS, HELPER, "trace = object()  # another thing than the local name", DEFINES):
            made.run(cell)
        yield made


def test_a_class_of_a_cell_is_submitted_as_a_file_that_runs_again(cells: Notebook, tmp_path: Path) -> None:
    folder = palaestra.submit(
        TINY, cells["Careful"], name="Careful", author="Me", out="mine", workers=1, progress=False
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "mine_agent.py", "results"]
    assert {path.name for path in folder.iterdir()} == {"manifest.json", "traces"}
    report = palaestra.verify(folder, progress=False)
    assert repr(report).startswith("Careful by Me on tiny-v0: 2 lanes replayed") and report.document["verified"]
    again = palaestra.verify(folder, agent="mine_agent:Careful", progress=False)
    assert "Run again, mine_agent:Careful takes every action" in again.text
    assert palaestra.verify(folder, agent=cells["Careful"], progress=False).again == again.again > 0


def test_another_version_of_the_class_is_not_the_one_submitted(cells: Notebook) -> None:
    palaestra.submit(TINY, cells["Careful"], name="Careful", author="Me", out="mine", workers=1, progress=False)
    cells.run(DEFINES.replace("down(0.5)", "down(1.5)"))
    with pytest.raises(PalaestraError, match=r"mine_agent\.py exists already and holds something else"):
        palaestra.verify("mine", agent=cells["Careful"], progress=False)
    Path("mine_agent.py").unlink()
    with pytest.raises(Refused, match=r"mine_agent\.py.* differ"):
        palaestra.verify("mine", agent=cells["Careful"], progress=False)
    with pytest.raises(PalaestraError, match="mine exists already"):
        palaestra.submit(TINY, cells["Careful"], name="Careful", author="Me", out="mine", progress=False)


def test_the_written_module_holds_what_the_class_uses_and_no_more(cells: Notebook) -> None:
    text = module_source(cells["Careful"])
    body = ast.parse(text).body
    names = [node.name for node in body if isinstance(node, (ast.ClassDef, ast.FunctionDef))]
    assert names == ["nothing", "Careful"] and "SHARE = 0.75" in text and "trace = object" not in text
    assert {"import numpy as np", "from math import floor as down", "from dataclasses import dataclass"} <= {
        ast.unparse(node) for node in body
    }
    namespace: dict[str, object] = {"__name__": "__main__"}
    exec(compile(text, "written", "exec"), namespace)
    assert namespace["SHARE"] == 0.75 and callable(namespace["Careful"])


def test_what_cannot_stand_in_a_file_is_named(cells: Notebook) -> None:
    cells.run("table = np.ones(3)\nclass Reads(Careful):\n    def act(self, observation):\n        return table\n")
    with pytest.raises(PalaestraError, match=r"Reads uses 'table' of the notebook, a ndarray.* into a file of its own"):
        palaestra.submit(TINY, cells["Reads"], name="Reads", author="Me", out="mine", progress=False)
    made = cells.run(
        "def make():\n    class Inner(Careful):\n        def act(self, observation):\n            pass\n"
        "    return Inner\nmake()"
    )
    with pytest.raises(PalaestraError, match="The source of Inner is not at hand"):
        palaestra.submit(TINY, made, name="Inner", author="Me", out="mine", progress=False)
    with pytest.raises(PalaestraError, match="Careful is an object"):
        palaestra.submit(TINY, cells.run("Careful()"), name="Careful", author="Me", out="mine", progress=False)
    assert not list(Path().iterdir())


def test_an_agent_that_fails_leaves_no_file_behind(cells: Notebook) -> None:
    cells.run("class Fails(Careful):\n    def act(self, observation):\n        return None\n")
    with pytest.raises(PalaestraError):
        palaestra.submit(TINY, cells["Fails"], name="Fails", author="Me", out="mine", workers=1, progress=False)
    assert {path.name for path in Path().iterdir()} <= {"results"}


def test_names_and_classes_of_files_are_submitted_as_they_are(cells: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    palaestra.submit(TINY, "Uniform", name="Uniform", author="Me", out="uniform", workers=1, progress=False)
    assert palaestra.verify("uniform", progress=False).document["agent"] == "Uniform"
    assert not Path("uniform_agent.py").exists()
    with pytest.raises(PalaestraError, match="There is no log at"):
        palaestra.verify("uniform", log="log.jsonl")
