"""The command line of a board: what it takes, what it prints, and with which exit code it ends."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from palaestra.command_line.app import app
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.board.accept import accept
from palaestra.leaderboards.board.board import Board
from palaestra.leaderboards.board.board_submission import BoardSubmission, read_board
from palaestra.leaderboards.board.board_table import board_table
from palaestra.leaderboards.statistics.estimate import Estimate
from palaestra.leaderboards.submission import rerun as running
from palaestra.leaderboards.submission.agent_digest import agent_digest
from palaestra.leaderboards.submission.log import read_log
from palaestra.leaderboards.submission.submit import JobsFailed
from palaestra.leaderboards.tracks.track import Track
from palaestra.tests.support.tiny_board import committed_board, propose
from palaestra.tests.support.tiny_track import TINY, submitted, tiny_track
from rich.console import Console
from typer.testing import CliRunner

LONG = "An agent whose name is longer than a line of a terminal, since names may have two hundred characters"


@pytest.fixture(scope="module")
def track() -> Iterator[Track]:
    with tiny_track() as found:
        yield found


@pytest.fixture(scope="module")
def folders(track: Track, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    home = tmp_path_factory.mktemp("submitted")
    return {agent: submitted(track, home, agent) for agent in ("Uniform", "Sete", "Hedge")}


@pytest.fixture
def board(folders: dict[str, Path], tmp_path: Path) -> Path:
    return committed_board(tmp_path, folders["Uniform"], folders["Sete"])


def run(board: Path | None, *words: str) -> Any:
    return CliRunner().invoke(app, [*words, *(("--board", str(board)) if board else ())])


def test_the_command_line_accepts_registers_checks_and_shows(board: Path, folders: dict[str, Path]) -> None:
    who = ["--agent", "FictitiousPlay", "--name", "F", "--author", "A. Author"]
    registered = run(board, "board", "register", TINY, *who)
    assert registered.exit_code == 0 and "--registration" in registered.stdout
    propose(board, folders["Hedge"])
    checked = run(board, "board", "check", "--since", "base", "--json")
    assert json.loads(checked.stdout) == {
        "holds": True,
        "reason": "",
        "accepted": 2,
        "without_traces": 0,
        "submissions": [{"folder": f"submissions/{TINY}/new", "reason": ""}],
        "replay": None,
    }
    told = run(board, "board", "check", "--since", "base").stdout
    assert "2 accepted submissions unchanged.\n1 new submission, 0 refused.\n" in told
    accepted = json.loads(run(board, "board", "accept", "--waiting", "--json").stdout)
    assert [entry["number"] for entry in accepted["accepted"]] == [3] and accepted["refused"] == []
    shown = json.loads(run(board, "board", "show", TINY, "--json").stdout)
    assert {one["name"]: one["attempts"] for one in shown["agents"]} == {"Uniform": 4, "Sete": 4, "Hedge": 4}
    assert "Sete" in run(board, "board", "show", TINY).stdout


def test_who_may_not_write_the_log_registers_by_a_digest(track: Track, board: Path, tmp_path: Path) -> None:
    """The submitter sends a digest, the keeper enters it, and the submission then verifies beside the published log."""
    digest = run(None, "board", "digest", "RegretMatchingPlus").stdout.strip()
    assert digest == agent_digest("RegretMatchingPlus").value
    answer = run(None, "board", "digest", "RegretMatchingPlus", "--json")
    assert json.loads(answer.stdout)["digest"] == digest and "palaestra" in json.loads(answer.stdout)["files"]
    who = ["--digest", digest, "--name", "R", "--author", "A. Author"]
    entry = json.loads(run(board, "board", "register", TINY, *who, "--json").stdout)
    assert (entry["kind"], entry["digest"]) == ("registration", digest)
    made = submitted(track, tmp_path, "RegretMatchingPlus", registration=entry["hash"])
    assert run(None, "verify", str(made)).exit_code == 1
    assert run(None, "verify", str(made), "--log", str(board / "log.jsonl")).exit_code == 0
    assert accept(made, board).registration == entry["hash"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((), "Name the agent either with"),
        (("--agent", "Uniform", "--digest", "a" * 64), "Name the agent either with"),
        (("--digest", "early"), "64 hexadecimal digits"),
    ],
)
def test_an_agent_is_registered_by_itself_or_by_its_digest(board: Path, words: tuple[str, ...], reason: str) -> None:
    answer = run(board, "board", "register", TINY, "--name", "x", "--author", "y", *words)
    assert isinstance(answer.exception, PalaestraError) and reason in str(answer.exception)
    assert len(read_log(board / "log.jsonl")) == 2


def test_a_proposal_is_not_checked_against_nothing(board: Path) -> None:
    """A workflow whose variable is empty would find that no file of the board was touched."""
    answer = run(board, "board", "check", "--proposal", "--since", "")
    assert isinstance(answer.exception, PalaestraError) and "--proposal needs --since" in str(answer.exception)


def test_references_are_told_as_json(board: Path, tmp_path: Path) -> None:
    words = ("board", "references", "tiny-more-v0", "--work", str(tmp_path / "work"), "--workers", "1", "--json")
    with tiny_track(track_id="tiny-more-v0"):
        first, again = (json.loads(run(board, *words).stdout) for _ in range(2))
    assert [(one["number"], one["name"]) for one in first["accepted"]] == [(2, "Uniform")]
    assert again == {"accepted": [], "failures": []}


FAILING = """
from palaestra.agents.uniform import Uniform

class Failing(Uniform):
    def act(self, observation):
        raise RuntimeError("no more")
"""


def test_an_agent_that_fails_is_a_failure_wherever_it_plays(
    folders: dict[str, Path], board: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "failing_reference.py").write_text(FAILING)
    monkeypatch.syspath_prepend(str(tmp_path))
    agent, words = "failing_reference:Failing", ("--work", str(tmp_path / "work"), "--workers", "1")
    with tiny_track(track_id="tiny-more-v0", references=(agent,)):
        answer = run(board, "board", "references", "tiny-more-v0", *words, "--json")
    assert answer.exit_code == 1 and f"Failed: {agent} in dilemma: RuntimeError: no more" in answer.stderr
    assert json.loads(answer.stdout)["accepted"] == [] and len(json.loads(answer.stdout)["failures"]) == 2

    def fails(*_: Any, **__: Any) -> int:
        raise JobsFailed(("x in y: no more",))

    monkeypatch.setattr(running, "rerun", fails)
    verified = run(None, "verify", str(folders["Sete"]), "--agent", "Sete")
    assert verified.exit_code == 1 and "no more" in verified.stderr


@pytest.mark.parametrize("command", ["verify", "board accept"])
@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (".", "a folder without a manifest.json"),
        ("my_agents.py", "neither a folder nor named like a ZIP archive"),
        ("sete/manifest.json", "is only one file of a submission: give its folder, sete"),
        ("absent", "There is no absent"),
        ("packed", "let its name end in .zip"),
    ],
)
def test_what_is_no_submission_is_named_and_what_is_expected_too(
    folders: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, given: str, reason: str
) -> None:

    shutil.copytree(folders["Sete"], tmp_path / "sete")
    (tmp_path / "my_agents.py").touch()
    Path(shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path / "sete")).rename(tmp_path / "packed")
    monkeypatch.chdir(tmp_path)
    answer = CliRunner().invoke(app, [*command.split(), given])
    assert isinstance(answer.exception, PalaestraError) and reason in str(answer.exception)


def test_an_archive_is_verified_as_its_folder_is(folders: dict[str, Path], tmp_path: Path) -> None:

    archive = shutil.make_archive(str(tmp_path / "packed"), "zip", folders["Sete"])
    answer = CliRunner().invoke(app, ["verify", archive])
    assert answer.exit_code == 0 and "12 lanes replayed, every score holds" in answer.stdout


def named(submission: BoardSubmission, **changes: Any) -> BoardSubmission:
    agent = submission.manifest.agent.model_copy(update=changes)
    return replace(submission, manifest=submission.manifest.model_copy(update={"agent": agent}))


def rendered(ranking: Board, width: int = 80) -> str:
    console = Console(width=width, record=True, file=StringIO())
    console.print(board_table(ranking))
    return console.export_text()


@pytest.mark.parametrize("text", ["Winner[/]", "[link=https://a.invalid]Here[/link]", "[bold red]First", ":smile:"])
def test_names_are_shown_as_they_are_and_never_read_as_markup(track: Track, board: Path, text: str) -> None:
    submissions, entries = read_board(board)
    shown = rendered(Board.of(track, [named(submissions[0], name=text, author=text)], entries), 200)
    assert shown.count(text) == 2


def test_at_80_columns_names_are_folded_and_numbers_stay_whole(track: Track, board: Path) -> None:
    submissions, entries = read_board(board)
    long = [named(one, name=f"{LONG} {k}", author=LONG) for k, one in enumerate(submissions)]
    ranking = Board.of(track, long, entries)
    lines = rendered(ranking).splitlines()
    assert max(map(len, lines)) <= 80
    assert sum(len(re.findall(r"\[\S+, \S+\]", line)) for line in lines) == 4
    letters = re.sub(r"\s|\[\S+, \S+\]|[\d.–]", "", "".join(lines))
    assert letters.count(LONG.replace(" ", "")) == 4


def test_a_gap_that_is_the_score_itself_is_left_out(track: Track, board: Path) -> None:
    ranking = Board.of(track, *read_board(board))
    assert " gap " in rendered(ranking)
    regret = Estimate(0.25, 0.125, 0.5)
    lines = [
        replace(line, estimates=dict(line.estimates) | {"welfare_ratio": regret}, gap=regret) for line in ranking.lines
    ]
    shown = rendered(replace(ranking, lines=tuple(lines)))
    assert " gap " not in shown and "0.25" in shown


def test_a_key_is_told_as_json(tmp_path: Path) -> None:
    pytest.importorskip("cryptography")
    answer = CliRunner().invoke(app, ["keys", "new", str(tmp_path / "my.key"), "--json"])
    document = json.loads(answer.stdout)
    assert document["file"] == str(tmp_path / "my.key") and re.fullmatch("[0-9a-f]{64}", document["public"])
