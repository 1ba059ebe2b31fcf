"""What was accepted stays as it was, down to the last trace; and can be verified again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from palaestra.command_line.app import app
from palaestra.core.errors import PalaestraError
from palaestra.core.files import file_digest
from palaestra.leaderboards.board.board_submission import read_board
from palaestra.leaderboards.board.check_board import check_board
from palaestra.leaderboards.board.check_entry import same_findings
from palaestra.leaderboards.board.verify_again import verify_again
from palaestra.leaderboards.submission.findings import CurveRecord, Findings
from palaestra.leaderboards.submission.log import Entry, read_log
from palaestra.tests.support.tiny_board import committed_board, git
from palaestra.tests.support.tiny_submissions import edit
from palaestra.tests.support.tiny_track import TINY, submitted, tiny_track
from typer.testing import CliRunner


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Path]]:
    home = tmp_path_factory.mktemp("submitted")
    with tiny_track() as track:
        yield [submitted(track, home, agent) for agent in ("Uniform", "Sete")]


@pytest.fixture
def board(folders: list[Path], tmp_path: Path) -> Path:
    return committed_board(tmp_path, *folders)


def sete(board: Path) -> Path:
    return board / "submissions" / TINY / "sete"


def check(board: Path, *words: str) -> tuple[int, dict[str, object]]:
    answer = CliRunner().invoke(app, ["board", "check", "--board", str(board), "--json", *words])
    return answer.exit_code, json.loads(answer.stdout)


def _flip_a_byte(home: Path) -> None:
    path = home / "traces" / "00001.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a flipped byte": (_flip_a_byte, "traces/00001.parquet is not what was accepted as entry 1"),
    "a deleted trace": (lambda home: (home / "traces" / "00000.parquet").unlink(), "00000.parquet is not what"),
    "an added file": (lambda home: (home / "traces" / "run.py").touch(), "does not name: 'run.py'"),
    "a deleted manifest": (lambda home: (home / "manifest.json").unlink(), "manifest.json is not what"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_to_an_accepted_folder_is_found_without_git(board: Path, damage: str) -> None:
    act, reason = DAMAGE[damage]
    act(sete(board))
    with pytest.raises(PalaestraError, match=reason):
        check_board(board)
    code, told = check(board)
    assert code == 1 and told["holds"] is False and reason in str(told["reason"])
    spoken = CliRunner().invoke(app, ["board", "check", "--board", str(board)])
    assert spoken.exit_code == 1 and "failed its check" in spoken.stderr


def test_traces_may_lie_elsewhere_and_the_check_says_how_many_do(board: Path) -> None:
    shutil.rmtree(sete(board) / "traces")
    code, told = check(board)
    assert code == 0 and (told["accepted"], told["without_traces"], told["holds"]) == (2, 1, True)
    spoken = CliRunner().invoke(app, ["board", "check", "--board", str(board)]).stdout
    assert "2 accepted submissions unchanged (1 of 2 without traces here)" in spoken and "0 new submissions" in spoken


def test_every_accepted_submission_can_be_verified_again(board: Path) -> None:
    code, told = check(board, "--replay")
    assert code == 0 and told["replay"] == {
        "verified": 2,
        "differences": [],
        "without_traces": 0,
        "of_older_rules": 0,
    }


def test_what_cannot_be_verified_again_is_counted(board: Path) -> None:
    submissions, entries = read_board(board)
    shutil.rmtree(submissions[0].folder / "traces")
    again = verify_again(submissions, entries)
    assert (again.verified, again.differences, again.without_traces, again.of_older_rules) == (1, (), 1, 0)
    for changes in ({"version": "0"}, {"track_digest": "0" * 64}, {"track": "gone-v0"}):
        older = replace(submissions[1], manifest=submissions[1].manifest.model_copy(update=changes))
        again = verify_again([submissions[0], older], entries)
        assert (again.verified, again.without_traces, again.of_older_rules) == (0, 1, 1)


def test_a_keepers_forgery_is_found_by_verifying_again(board: Path) -> None:
    """Score, seal, findings, digests and chain all fit; the traces do not."""
    home = sete(board)
    edit(home, lambda document: document["scenarios"]["drawn"]["scores"]["welfare_ratio"].__setitem__(3, 0.123))
    found = Findings.read(home / "findings.json").model_copy(update={"manifest": file_digest(home / "manifest.json")})
    found.write(home / "findings.json")
    first, second = read_log(board / "log.jsonl")
    body = {key: value for key, value in asdict(second).items() if key not in ("number", "previous", "hash")}
    forged = {"manifest": found.manifest, "findings": file_digest(home / "findings.json")}
    lines = (first, Entry.after(first, body | forged))
    (board / "log.jsonl").write_text("".join(json.dumps(asdict(one), sort_keys=True) + "\n" for one in lines))
    assert check(board)[0] == 0
    code, told = check(board, "--replay")
    assert code == 1 and told["holds"] is False and "drawn, lane 3" in str(told["replay"])
    spoken = CliRunner().invoke(app, ["board", "check", "--board", str(board), "--replay"])
    assert f"submissions/{TINY}/sete: differs: " in spoken.stdout and "2 of 2 verified again, 1 differ" in spoken.stdout


def test_findings_of_another_machine_are_the_same_up_to_a_last_digit(board: Path) -> None:
    found = Findings.read(sete(board) / "findings.json")

    def drawn(middle: float) -> Findings:
        curve = CurveRecord(steps=[0, 1], middle=[0.5, middle], low=[0.0, None], high=[1.0, None])
        return found.model_copy(update={"curves": {"welfare": {"drawn": curve}}})

    assert same_findings(drawn(0.123456), drawn(0.123457)) and not same_findings(drawn(0.123456), drawn(0.1236))
    assert not same_findings(found, drawn(0.5)) and not same_findings(found, found.model_copy(update={"lanes": 13}))


def test_a_board_behind_a_link_is_refused(board: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(board)
    code, told = check(tmp_path / "link")
    assert code == 1 and "is a link" in str(told["reason"])


@pytest.mark.parametrize("deep", [False, True])
def test_a_proposal_that_puts_a_link_in_the_place_of_the_board_is_refused(board: Path, deep: bool) -> None:
    """git would compare the place that the link leads to, where nothing changed and nothing waits."""
    repository = board.parent
    (repository / "empty" / "leaderboards").mkdir(parents=True)
    (repository / "empty" / "leaderboards" / "kept").touch()
    if deep:
        (repository / "sub").symlink_to("empty")
    else:
        shutil.rmtree(board)
        board.symlink_to("empty/leaderboards")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "link")
    code, told = check(repository / "sub" / "leaderboards" if deep else board, "--since", "base", "--proposal")
    assert code == 1 and "is a link" in str(told["reason"])


def test_a_clone_behind_a_link_can_be_checked(board: Path, tmp_path: Path) -> None:
    (tmp_path / "clone").symlink_to(board.parent)
    assert check(tmp_path / "clone" / "leaderboards", "--since", "base")[0] == 0


def test_a_revision_needs_a_repository_and_must_be_in_it(board: Path, tmp_path: Path) -> None:
    loose = shutil.copytree(board, tmp_path / "loose")
    for place, since, reason in ((loose, "main", "is not in a git repository"), (board, "x..", "no such revision")):
        answer = CliRunner().invoke(app, ["board", "check", "--board", str(place), "--since", since])
        assert isinstance(answer.exception, PalaestraError) and reason in str(answer.exception)
        assert "fatal" not in str(answer.exception)
