"""Names of folders and files that a terminal or a workflow would obey are shown by a board, and not obeyed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from palaestra.command_line.app import app
from palaestra.leaderboards.board.accept import accept
from palaestra.tests.support.tiny_track import TINY, submitted, tiny_track
from typer.testing import CliRunner, Result

NAME = "x\n::notice::all holds\x1b[2J"
SHOWN = r"x\n:\x3anotice:\x3aall holds\x1b[2J"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with tiny_track() as track:
        yield submitted(track, tmp_path_factory.mktemp("submitted"), "Uniform")


@pytest.fixture
def board(tmp_path: Path) -> Path:
    board = tmp_path / "repository" / "board"
    (board / "submissions" / TINY).mkdir(parents=True)
    (board / "README").write_text("A board.")
    _commit(board, "init", "--quiet")
    return board


def _commit(board: Path, *before: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@b.invalid")
    for words in (before, ("add", "--all"), ("commit", "--quiet", "--message", "x")):
        if words:
            subprocess.run(["git", *who, *words], cwd=board.parent, check=True, capture_output=True)


def _is_harmless(answer: Result) -> bool:
    lines = [*answer.stdout.split("\n"), *answer.stderr.split("\n")]
    return not any(line.lstrip().startswith("::") or "\x1b[2J" in line for line in lines)


def test_a_folder_that_is_called_like_a_command_is_refused_under_its_escaped_name(board: Path, folder: Path) -> None:
    shutil.copytree(folder, board / "submissions" / TINY / NAME)
    _commit(board)
    for words in (("check", "--proposal", "--since", "HEAD~1"), ("check",), ("accept", "--waiting")):
        answer = CliRunner().invoke(app, ["board", *words, "--board", str(board)])
        assert answer.exit_code == 1 and _is_harmless(answer)
        assert SHOWN in answer.stdout + answer.stderr


def test_a_file_that_is_called_like_a_command_in_an_accepted_folder_is_told_under_its_escaped_name(
    board: Path, folder: Path
) -> None:
    home = board / "submissions" / TINY / accept(folder, board, on="2026-01-01").folder
    _commit(board)
    (home / NAME).write_text("")
    _commit(board)
    answer = CliRunner().invoke(app, ["board", "check", "--proposal", "--since", "HEAD~1", "--board", str(board)])
    assert answer.exit_code == 1 and _is_harmless(answer) and SHOWN in answer.stderr
