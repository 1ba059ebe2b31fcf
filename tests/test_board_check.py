"""What a workflow runs on a pull request: only changed folders are verified, and the past stays as it was."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer
from palaestra.__main__ import app
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.board.accept import accept
from palaestra.leaderboards.board.check import check_board
from palaestra.tests.tiny_track import TINY, submitted, tiny_track
from typer.testing import CliRunner

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    home = tmp_path_factory.mktemp("submitted")
    with tiny_track() as track:
        yield {agent: submitted(track, home, agent) for agent in ("Uniform", "Sete", "Hedge")}


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@b.invalid")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def board(folders: dict[str, Path], tmp_path: Path) -> Path:
    """A repository whose first commit holds a board of two entries."""
    board = tmp_path / "repository" / "leaderboards"
    for agent in ("Uniform", "Sete"):
        accept(folders[agent], board, on="2026-01-01")
    git(board.parent, "init", "--quiet")
    git(board.parent, "add", "--all")
    git(board.parent, "commit", "--quiet", "--message", "base")
    git(board.parent, "tag", "base")
    return board


def propose(board: Path, folder: Path, name: str = "new", track: str = TINY) -> Path:
    """What a pull request adds."""
    home = Path(shutil.copytree(folder, board / "submissions" / track / name))
    git(board.parent, "add", "--all")
    git(board.parent, "commit", "--quiet", "--message", "new")
    return home


def test_a_board_that_did_not_change_has_nothing_to_verify(board: Path) -> None:
    assert check_board(board, "base") == () and check_board(board) == ()


def test_only_the_new_folder_is_verified(board: Path, folders: dict[str, Path]) -> None:
    propose(board, folders["Hedge"])
    assert [(one.folder.name, one.reason) for one in check_board(board, "base")] == [("new", "")]


def test_what_the_proposer_accepted_himself_is_verified_all_the_same(board: Path, folders: dict[str, Path]) -> None:
    home = propose(board, folders["Hedge"])
    accept(home, board)
    assert [one.folder.name for one in check_board(board, "base")] == ["new"]


def _edit_a_score(board: Path, folders: dict[str, Path]) -> None:
    home = propose(board, folders["Hedge"])
    document = json.loads((home / "manifest.json").read_text())
    document["scenarios"]["drawn"]["scores"]["welfare_ratio"][3] = 1.0
    (home / "manifest.json").write_text(json.dumps(document))


REFUSED: dict[str, tuple[Callable[[Path, dict[str, Path]], object], str]] = {
    "an edited score": (_edit_a_score, "seal"),
    "another track's folder": (
        lambda board, folders: propose(board, folders["Hedge"], track="model-routing-v0"),
        "lies under model-routing-v0",
    ),
    "an agent that is there already": (
        lambda board, folders: propose(board, folders["Sete"], "again"),
        "already: entry 1, 'Sete'",
    ),
}


@pytest.mark.parametrize("attack", REFUSED)
def test_a_proposal_that_does_not_hold_is_refused_by_name(board: Path, folders: dict[str, Path], attack: str) -> None:
    act, reason = REFUSED[attack]
    act(board, folders)
    found = check_board(board, "base")
    assert len(found) == 1 and re.search(reason, found[0].reason)


def _cut_the_log(board: Path) -> None:
    log = board / "log.jsonl"
    log.write_text(log.read_text().splitlines()[0] + "\n")


def _touch_a_trace(board: Path) -> None:
    (board / "submissions" / TINY / "sete" / "traces" / "00000.parquet").write_bytes(b"other")


PAST: dict[str, tuple[Callable[[Path], object], str]] = {
    "a shortened log": (_cut_the_log, "shortened: it had 2 entries, now 1"),
    "a log that is gone": (lambda board: (board / "log.jsonl").unlink(), "shortened"),
    "a trace of what was accepted": (_touch_a_trace, r"00000.parquet changed, though .* entry 1"),
    "an accepted folder that is gone": (
        lambda board: shutil.rmtree(board / "submissions" / TINY / "sete"),
        "missing or was edited",
    ),
}


@pytest.mark.parametrize("attack", PAST)
def test_the_past_of_a_board_cannot_be_changed(board: Path, attack: str) -> None:
    act, reason = PAST[attack]
    act(board)
    with pytest.raises(PalaestraError, match=reason):
        check_board(board, "base")


def test_a_revision_that_is_not_there_is_named(board: Path) -> None:
    with pytest.raises(PalaestraError, match="no-such-branch"):
        check_board(board, "no-such-branch")


def test_a_board_without_a_past_is_checked_whole(board: Path, folders: dict[str, Path]) -> None:
    git(board.parent, "checkout", "--quiet", "--orphan", "empty")
    git(board.parent, "rm", "-r", "--quiet", "--cached", ".")
    git(board.parent, "commit", "--quiet", "--allow-empty", "--message", "nothing yet")
    assert {one.folder.name for one in check_board(board, "empty")} == {"uniform", "sete"}


def test_the_command_line_accepts_registers_checks_and_shows(board: Path, folders: dict[str, Path]) -> None:
    run = CliRunner().invoke
    home = ["--board", str(board)]
    registered = run(
        app, ["board", "register", TINY, "--agent", "FictitiousPlay", "--name", "F", "--author", "A. Author", *home]
    )
    assert registered.exit_code == 0 and "--registration" in registered.stdout
    propose(board, folders["Hedge"])
    checked = run(app, ["board", "check", "--since", "base", "--json", *home])
    assert json.loads(checked.stdout) == [{"folder": f"submissions/{TINY}/new", "reason": ""}]
    accepted = run(app, ["board", "accept", "--waiting", "--json", *home])
    assert [entry["number"] for entry in json.loads(accepted.stdout)] == [3]
    shown = json.loads(run(app, ["board", "show", TINY, "--json", *home]).stdout)
    assert {one["name"]: one["attempts"] for one in shown["agents"]} == {"Uniform": 4, "Sete": 4, "Hedge": 4}
    assert "Sete" in run(app, ["board", "show", TINY, *home]).stdout


def test_the_workflows_call_commands_and_options_that_there_are() -> None:
    group = typer.main.get_command(app)
    lines = [line for path in (ROOT / ".github" / "workflows").glob("*.yml") for line in path.read_text().splitlines()]
    calls = [match[1].split() for line in lines if (match := re.search(r"\bpalaestra ([a-z].*)", line))]
    calls = [words for words in calls if words[0] in group.commands]  # type: ignore[attr-defined]
    assert len(calls) >= 3
    for words in calls:
        command = group
        while words and words[0] in getattr(command, "commands", {}):
            command = command.commands[words.pop(0)]  # type: ignore[attr-defined]
        known = {name for parameter in command.params for name in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known, words
