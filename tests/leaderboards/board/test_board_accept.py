"""One submission that is refused keeps no other one off the board, and leaves nothing on it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from palaestra.command_line.app import app
from palaestra.core.rooms import PACKAGE
from palaestra.leaderboards.board.accept import accept
from palaestra.leaderboards.board.board_submission import waiting
from palaestra.leaderboards.board.check_board import check_board
from palaestra.leaderboards.submission.findings import Findings
from palaestra.leaderboards.submission.log import read_log
from palaestra.leaderboards.submission.verify import Refused, verify
from palaestra.tests.support.tiny_board import committed_board, propose
from palaestra.tests.support.tiny_submissions import edit
from palaestra.tests.support.tiny_track import TINY, submitted, tiny_track
from typer.testing import CliRunner


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    home = tmp_path_factory.mktemp("submitted")
    with tiny_track() as track:
        yield {agent: submitted(track, home, agent) for agent in ("Uniform", "Sete", "Hedge")}


@pytest.fixture
def board(folders: dict[str, Path], tmp_path: Path) -> Path:
    return committed_board(tmp_path, folders["Uniform"])


def reasons(board: Path, *, proposal: bool = True) -> list[str]:
    return [one.reason for one in check_board(board, "base", proposal=proposal).submissions]


def renamed(folder: Path, home: Path) -> Path:
    """The same agent under another name and author."""
    copy = Path(shutil.copytree(folder, home))
    edit(copy, lambda document: document["agent"].update(name="Mine alone", author="Somebody else"))
    return copy


@pytest.mark.parametrize("text", ["garbage", "{}", ""])
def test_a_proposal_brings_no_findings_and_what_it_brings_is_made_anew(
    board: Path, folders: dict[str, Path], text: str
) -> None:
    home = propose(board, folders["Sete"])
    (home / "findings.json").write_text(text)
    assert "contains a findings.json" in reasons(board)[0]
    entry = accept(home, board)
    assert entry.number == 1 and Findings.read(home / "findings.json") == verify(home).findings


def test_a_folder_in_the_place_of_the_findings_is_refused(board: Path, folders: dict[str, Path]) -> None:
    home = propose(board, folders["Sete"])
    (home / "findings.json").mkdir()
    (home / "findings.json" / "here").touch()
    assert "contains a findings.json" in reasons(board)[0]
    with pytest.raises(Refused, match=r"findings\.json is a folder"):
        accept(home, board)
    assert len(read_log(board / "log.jsonl")) == 1


@pytest.mark.parametrize("same", [True, False], ids=["one manifest twice", "one agent of two authors"])
def test_one_agent_in_two_new_folders_is_refused_in_one_of_them(
    board: Path, folders: dict[str, Path], tmp_path: Path, same: bool
) -> None:
    propose(board, folders["Sete"], "first")
    propose(board, folders["Sete"] if same else renamed(folders["Sete"], tmp_path / "renamed"), "second")
    for proposal in (True, False):
        first, second = reasons(board, proposal=proposal)
        assert not first and "the same agent as first/" in second


def test_those_that_wait_are_accepted_whatever_is_wrong_with_others(
    board: Path, folders: dict[str, Path], tmp_path: Path
) -> None:
    propose(board, folders["Sete"], "b-sete")
    propose(board, folders["Sete"], "c-copy")
    propose(board, renamed(folders["Uniform"], tmp_path / "renamed"), "a-renamed")
    edit(propose(board, folders["Hedge"], "d-damaged"), lambda document: document.update(version="0"))
    propose(board, folders["Hedge"], "e-hedge")
    answer = CliRunner().invoke(app, ["board", "accept", "--waiting", "--board", str(board), "--json"])
    told = json.loads(answer.stdout)
    assert answer.exit_code == 1
    assert [entry["folder"] for entry in told["accepted"]] == ["b-sete", "e-hedge"]
    assert [Path(one["submission"]).name for one in told["refused"]] == ["a-renamed", "c-copy", "d-damaged"]
    assert "already on tiny-v0: entry 0, 'Uniform'" in told["refused"][0]["reason"]
    again = CliRunner().invoke(app, ["board", "accept", "--waiting", "--board", str(board)])
    assert again.exit_code == 1 and again.stderr.count("Refused: ") == 3 and not again.stdout
    assert len(waiting(board, read_log(board / "log.jsonl"))) == 3


def test_an_agent_under_a_new_name_is_refused_and_leaves_the_board_as_it_was(
    board: Path, folders: dict[str, Path], tmp_path: Path
) -> None:
    before = sorted(path.name for path in (board / "submissions" / TINY).iterdir())
    copy = renamed(folders["Uniform"], tmp_path / "renamed")
    with pytest.raises(Refused, match=r"already on tiny-v0: entry 0, 'Uniform' by 'A. Author'"):
        accept(copy, board)
    answer = CliRunner().invoke(app, ["board", "accept", str(copy), "--board", str(board)])
    assert answer.exit_code == 1 and "already" in answer.stderr
    assert sorted(path.name for path in (board / "submissions" / TINY).iterdir()) == before
    assert check_board(board, "base").submissions == ()


def test_what_lies_under_another_track_is_not_moved_by_itself(board: Path, folders: dict[str, Path]) -> None:
    home = propose(board, folders["Sete"], track="model-routing-v0")
    with pytest.raises(Refused, match=r"is stored under model-routing-v0/: move it to tiny-v0/"):
        accept(home, board)
    assert [path.name for path in (board / "submissions" / TINY).iterdir()] == ["uniform"]


def _empty_folder(place: Path) -> None:
    place.mkdir(parents=True)


def _file(place: Path) -> None:
    place.parent.mkdir(parents=True)
    place.write_text("taken")


def _folder_for_a_manifest(place: Path) -> None:
    (place / "manifest.json").mkdir(parents=True)


@pytest.mark.parametrize("squat", [_empty_folder, _file, _folder_for_a_manifest])
def test_what_lies_in_the_place_of_a_submission_is_passed_by(
    folders: dict[str, Path], tmp_path: Path, squat: Callable[[Path], None]
) -> None:
    squat(tmp_path / "board" / "submissions" / TINY / "hedge")
    assert accept(folders["Hedge"], tmp_path / "board").folder == "hedge-2"


def test_archives_are_accepted_as_folders_are(board: Path, folders: dict[str, Path], tmp_path: Path) -> None:
    archive = shutil.make_archive(str(tmp_path / "packed"), "zip", folders["Sete"])
    answer = CliRunner().invoke(app, ["board", "accept", archive, "--board", str(board)])
    assert answer.exit_code == 0 and "Entry 1: Sete by A. Author" in answer.stdout
    assert verify(board / "submissions" / TINY / "sete").lanes == 12
    (tmp_path / "broken.zip").write_bytes(Path(archive).read_bytes()[:-7])
    broken = CliRunner().invoke(app, ["board", "accept", str(tmp_path / "broken.zip"), "--board", str(board)])
    assert broken.exit_code == 1 and "not a ZIP archive" in broken.stderr


def test_the_workflow_keeps_what_was_accepted_though_something_was_refused() -> None:
    """The shell of a workflow stops at the first command that fails: the commit must be reached all the same."""
    workflow = (PACKAGE / ".github" / "workflows" / "submissions.yml").read_text()
    lines = [line.strip() for line in workflow.splitlines()]
    accepted = lines.index("palaestra board accept --waiting || refused=$?")
    assert [line for line in lines[accepted:] if "git commit" in line or line == 'exit "${refused:-0}"'][1:] == [
        'exit "${refused:-0}"'
    ]


RACER = """
import sys, time
from pathlib import Path

from palaestra.leaderboards.board import accept as accepting
from palaestra.leaderboards.submission.verify import Refused
from palaestra.tests.support.tiny_track import tiny_track

folder, board, me, other = map(Path, sys.argv[1:])
real = accepting.check_new_agent


def slowly(*arguments):
    real(*arguments)
    time.sleep(1.0)  # long enough for the other process to come to the same place


accepting.check_new_agent = slowly
verify = accepting.verify


def together(*arguments, **named):
    found = verify(*arguments, **named)
    me.touch()
    end = time.monotonic() + 60
    while not other.exists() and time.monotonic() < end:
        time.sleep(0.01)
    return found


accepting.verify = together
with tiny_track():
    try:
        print("accepted", accepting.accept(folder, board).folder)
    except Refused as refused:
        print("refused", refused)
"""


def test_two_processes_that_accept_one_agent_at_the_same_moment_leave_one_folder(
    board: Path, folders: dict[str, Path], tmp_path: Path
) -> None:
    (tmp_path / "racer.py").write_text(RACER)
    racing = []
    for folder, me, other in ((folders["Sete"], "a", "b"), (renamed(folders["Sete"], tmp_path / "copy"), "b", "a")):
        words = [folder, board, tmp_path / me, tmp_path / other]
        command = [sys.executable, str(tmp_path / "racer.py"), *map(str, words)]
        racing.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
    told = sorted(process.communicate(timeout=120)[0] for process in racing)
    assert told[0].startswith("accepted") and told[1].startswith("refused This agent is already on tiny-v0"), told
    entries = read_log(board / "log.jsonl")
    assert [entry.number for entry in entries] == [0, 1] and not waiting(board, entries)
    assert len(list((board / "submissions" / TINY).iterdir())) == 2
