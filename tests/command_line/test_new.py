"""`palaestra new` writes packages whose members keep their contracts, and overwrites nothing."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from palaestra.command_line.new import KINDS, write_skeleton
from palaestra.core.errors import PalaestraError
from palaestra.tests.support.plugin_venv import plugin_venv


def test_the_members_of_every_skeleton_keep_their_contracts(tmp_path: Path) -> None:
    """Each kind is written, installed beside the others, and checked by the command that its own test calls."""
    venv = plugin_venv(tmp_path / "venv")
    checks = []
    for kind in KINDS:
        made = write_skeleton(kind, f"new-{kind}", tmp_path / f"new-{kind}")
        project = tomllib.loads((made / "pyproject.toml").read_text())["project"]
        names = [name for points in project["entry-points"].values() for name in points]
        assert names and all(f'"{name}"' in (made / "tests" / "test_members.py").read_text() for name in names)
        venv.install(made)
        checks += [["check", name] for name in names]
    for words, (code, out, err) in zip(checks, venv.commands(*checks), strict=True):
        assert code == 0 and "keeps the contract" in out, f"{words}: {err}"


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("kept")
    with pytest.raises(PalaestraError, match="nothing is overwritten"):
        write_skeleton("plugin", "mine", tmp_path / "mine")
    assert [one.name for one in (tmp_path / "mine").iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("name", ["Mine", "my game", "../mine", "json", "class", "palaestra", "3d", "", "mine-"])
def test_a_name_that_cannot_be_one_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(PalaestraError, match=r"is no name|is the name of something else"):
        write_skeleton("agent", name, tmp_path / "made")
    assert not (tmp_path / "made").exists()


def test_a_member_that_exists_already_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PalaestraError, match=r"ModelRouting-v0 already, of palaestra"):
        write_skeleton("env", "model-routing", tmp_path / "made")
