"""What a workflow runs on a pull request: only changed folders are verified, and the past stays as it was."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
import typer
from palaestra.command_line.app import app
from palaestra.core.errors import PalaestraError
from palaestra.core.rooms import PACKAGE
from palaestra.leaderboards.board.accept import accept
from palaestra.leaderboards.board.check_board import CheckedFolder
from palaestra.leaderboards.board.check_board import check_board as check_whole_board
from palaestra.leaderboards.submission.findings import Findings
from palaestra.leaderboards.submission.log import Entry, append_to_log, read_log, register
from palaestra.leaderboards.submission.verify import Refused
from palaestra.tests.support.tiny_board import committed_board, git, propose
from palaestra.tests.support.tiny_track import TINY, submitted, tiny_track

ROOT = PACKAGE


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    home = tmp_path_factory.mktemp("submitted")
    with tiny_track() as track:
        yield {agent: submitted(track, home, agent) for agent in ("Uniform", "Sete", "Hedge")}


@pytest.fixture
def board(folders: dict[str, Path], tmp_path: Path) -> Path:
    """A repository whose first commit holds a board of two entries."""
    return committed_board(tmp_path, folders["Uniform"], folders["Sete"])


def check_board(board: Path, since: str = "", *, proposal: bool = False) -> tuple[CheckedFolder, ...]:
    """The submissions that are new."""
    return check_whole_board(board, since, proposal=proposal).submissions


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
        "is stored under model-routing-v0",
    ),
    "an agent that is already on the board": (
        lambda board, folders: propose(board, folders["Sete"], "again"),
        "This agent is already on tiny-v0: entry 1, 'Sete'",
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
    "a shortened log": (_cut_the_log, "shortened: it had 2 entries and now has 1"),
    "a deleted log": (lambda board: (board / "log.jsonl").unlink(), "shortened"),
    "an edited trace of an accepted submission": (_touch_a_trace, r"00000.parquet changed, though .* entry 1"),
    "a deleted accepted folder": (
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


def _entry_of_its_own(board: Path, folders: dict[str, Path], **changes: str) -> None:
    """An entry that its proposer wrote, chained as it must be."""
    accept(propose(board, folders["Hedge"]), board)
    *before, entry = read_log(board / "log.jsonl")
    body = {key: value for key, value in asdict(entry).items() if key not in ("number", "previous", "hash")}
    lines = [*before, Entry.after(before[-1], body | changes)]
    (board / "log.jsonl").write_text("".join(json.dumps(asdict(one), sort_keys=True) + "\n" for one in lines))


def _findings_of_its_own(board: Path, folders: dict[str, Path]) -> None:
    home = propose(board, folders["Hedge"])
    accept(home, board)
    found = Findings.read(home / "findings.json").model_copy(update={"key": "a" * 64})
    found.write(home / "findings.json")
    shutil.copy(board / "log.jsonl", board / "kept")
    (board / "log.jsonl").write_text("".join((board / "kept").read_text().splitlines(keepends=True)[:2]))
    (board / "kept").unlink()
    append_to_log(board / "log.jsonl", home)


MADE_UP: dict[str, tuple[Callable[[Path, dict[str, Path]], object], str]] = {
    "findings written by the proposer": (_findings_of_its_own, "not what the verifier finds"),
    "an entry that hides whose attempt it is": (
        lambda board, folders: _entry_of_its_own(board, folders, author="Nobody"),
        "does not match its manifest",
    ),
    "an entry without a date": (
        lambda board, folders: _entry_of_its_own(board, folders, on="<b>now</b>"),
        "which is not a date",
    ),
}


@pytest.mark.parametrize("attack", MADE_UP)
def test_an_entry_of_the_proposers_own_is_held_against_what_is_found(
    board: Path, folders: dict[str, Path], attack: str
) -> None:
    act, reason = MADE_UP[attack]
    act(board, folders)
    assert [re.search(reason, one.reason) is not None for one in check_board(board, "base")] == [True]
    git(board.parent, "add", "--all")
    with pytest.raises(PalaestraError, match="only the board's keeper may change it"):
        check_board(board, "base", proposal=True)


def test_a_moved_trace_of_what_was_accepted_is_seen(board: Path, folders: dict[str, Path]) -> None:
    """git tells a move under the new name alone, unless it is asked otherwise."""
    home = propose(board, folders["Hedge"])
    (home / "moved.parquet").write_bytes(b"")
    git(
        board.parent,
        "mv",
        "-f",
        f"leaderboards/submissions/{TINY}/sete/traces/00000.parquet",
        str(home / "moved.parquet"),
    )
    with pytest.raises(PalaestraError, match=r"sete/traces/00000.parquet changed"):
        check_board(board, "base")


def _link(board: Path) -> None:
    (board / "submissions" / "other-track").symlink_to("/etc")


def _module(board: Path) -> None:
    commit = "a" * 40
    git(board.parent, "update-index", "--add", "--cacheinfo", f"160000,{commit},leaderboards/submissions/{TINY}/module")


def _stray(board: Path) -> None:
    home = board / "submissions" / TINY / "two\nlines"
    home.mkdir()
    (home / "run.py").write_text("print()")


def _endless_log(board: Path) -> None:
    (board / "log.jsonl").unlink()
    (board / "log.jsonl").symlink_to("/dev/zero")


PROPOSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a link": (_link, "is a link or a git submodule"),
    "a log without an end": (_endless_log, "only the board's keeper may change it"),
    "a git submodule": (_module, "is a link or a git submodule"),
    "files outside any submission": (_stray, "belongs to no submission"),
    "a registration": (
        lambda board: register(board / "log.jsonl", TINY, "Lucky", "A. Author", "c" * 64),
        "only the board's keeper may change it",
    ),
}


@pytest.mark.parametrize("attack", PROPOSED)
def test_a_stranger_proposes_submissions_and_nothing_else(board: Path, attack: str) -> None:
    act, reason = PROPOSED[attack]
    if act is not _module:
        act(board)
    git(board.parent, "add", "--all")
    if act is _module:
        act(board)
        (board / "submissions" / TINY / "module").mkdir()
    with pytest.raises(PalaestraError, match=reason):
        check_board(board, "base", proposal=True)


@pytest.mark.parametrize(("given", "due"), [("aux", "agent-aux"), ("two words", "two-words"), ("Sete", "sete")])
def test_folders_have_names_that_every_disk_can_hold(
    board: Path, folders: dict[str, Path], given: str, due: str
) -> None:
    home = propose(board, folders["Hedge"], given)
    assert f"call it {due!r}" in check_board(board, "base", proposal=True)[0].reason
    with pytest.raises(Refused, match=f"call it {due!r}"):
        accept(home, board)


@pytest.mark.parametrize(
    "author", ["the Palaestra authors", "The-Palaestra-Authors.", "\u0422\u04bb\u0435 palaestra authors"]
)
def test_nobody_proposes_in_the_name_of_the_references(board: Path, tmp_path: Path, author: str) -> None:
    with tiny_track(track_id="tiny-other-v0") as track:
        propose(board, submitted(track, tmp_path, "Hedge", author=author), track="tiny-other-v0")
        assert "Say who you are" in check_board(board, "base", proposal=True)[0].reason
        assert check_board(board, "base")[0].reason == ""
        made = submitted(track, tmp_path, "Sete", author=author)
        with pytest.raises(Refused, match="Say who you are"):
            accept(made, board)
        assert accept(made, board, reference=True).author == author


def test_a_module_of_git_that_asks_to_be_ignored_is_seen(board: Path) -> None:
    _module(board)
    (board / "submissions" / TINY / "module").mkdir()
    ignored = f'[submodule "m"]\n\tpath = leaderboards/submissions/{TINY}/module\n\turl = x\n\tignore = all\n'
    (board.parent / ".gitmodules").write_text(ignored)
    git(board.parent, "add", ".gitmodules")
    git(board.parent, "commit", "--quiet", "--message", "new")
    with pytest.raises(PalaestraError, match="is a link or a git submodule"):
        check_board(board, "base", proposal=True)


def test_a_branch_that_is_called_like_an_option_is_a_branch(board: Path) -> None:
    git(board.parent, "update-ref", "refs/tags/--output=written", "HEAD")
    assert check_board(board, "--output=written") == ()
    assert not list(board.parent.rglob("written"))


def test_a_revision_that_is_not_there_is_named(board: Path) -> None:
    with pytest.raises(PalaestraError, match="no-such-branch"):
        check_board(board, "no-such-branch")


def test_a_board_without_a_past_is_checked_whole(board: Path, folders: dict[str, Path]) -> None:
    git(board.parent, "checkout", "--quiet", "--orphan", "empty")
    git(board.parent, "rm", "-r", "--quiet", "--cached", ".")
    git(board.parent, "commit", "--quiet", "--allow-empty", "--message", "nothing yet")
    assert {one.folder.name for one in check_board(board, "empty")} == {"uniform", "sete"}


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
