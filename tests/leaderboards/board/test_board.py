"""The board: submissions are accepted once, ranked whatever their order, and stay."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.board import accept as accepting
from palaestra.leaderboards.board.accept import accept
from palaestra.leaderboards.board.board import Board
from palaestra.leaderboards.board.board_submission import BoardSubmission, preview, read_board, waiting
from palaestra.leaderboards.board.references import accept_references
from palaestra.leaderboards.board.reserved_author import AUTHOR
from palaestra.leaderboards.statistics.improvement import improvement
from palaestra.leaderboards.submission.log import read_log, register
from palaestra.leaderboards.submission.verify import Refused, verify
from palaestra.leaderboards.tracks.track import Track
from palaestra.tests.support.tiny_track import TINY, submitted, tiny_track
from scipy import stats as scipy_stats

stats: Any = scipy_stats  # its stubs know no statistic of several samples
AGENTS = {"Uniform": "Trivial people", "Sete": "The paper", "Hedge": "Trivial people"}


@pytest.fixture(scope="module")
def track() -> Iterator[Track]:
    with tiny_track() as found:
        yield found


@pytest.fixture(scope="module")
def folders(track: Track, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    home = tmp_path_factory.mktemp("submitted")
    return {agent: submitted(track, home, agent, author=author) for agent, author in AGENTS.items()}


@pytest.fixture
def board(folders: dict[str, Path], tmp_path: Path) -> Path:
    for folder in folders.values():
        accept(folder, tmp_path / "board", on="2026-01-01")
    return tmp_path / "board"


def ranking(track: Track, board: Path) -> Board:
    return Board.of(track, *read_board(board))


def test_an_accepted_submission_lies_on_the_board_with_what_was_found(board: Path) -> None:
    entry = read_log(board / "log.jsonl")[1]
    home = board / "submissions" / TINY / "sete"
    assert (entry.name, entry.folder, entry.status, entry.on) == ("Sete", "sete", "verified", "2026-01-01")
    assert {path.name for path in home.iterdir()} == {"manifest.json", "findings.json", "traces"}
    assert verify(home).lanes == 12


def test_accepting_again_changes_nothing(board: Path, folders: dict[str, Path]) -> None:
    before = (board / "log.jsonl").read_bytes()
    again = accept(folders["Sete"], board, on="2027-07-07")
    assert again.number == 1 and (board / "log.jsonl").read_bytes() == before
    assert len(list((board / "submissions" / TINY).iterdir())) == 3


@pytest.mark.parametrize("moment", ["_placed", "append_to_log"])
def test_killed_in_the_middle_and_called_again_it_is_there_once(
    folders: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    board, real = tmp_path / "board", getattr(accepting, moment)

    def dies(*arguments: Any) -> Any:
        if moment == "_placed":
            real(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(accepting, moment, dies)
    with pytest.raises(KeyboardInterrupt):
        accept(folders["Uniform"], board)
    monkeypatch.setattr(accepting, moment, real)
    assert not read_log(board / "log.jsonl")
    accept(folders["Uniform"], board)
    assert len(read_log(board / "log.jsonl")) == 1
    assert [path.name for path in (board / "submissions" / TINY).iterdir()] == ["uniform"]


def test_two_agents_of_one_name_lie_side_by_side(track: Track, board: Path, tmp_path: Path) -> None:
    other = submitted(track, tmp_path, "FictitiousPlay", name="sete!", author="Somebody else")
    assert accept(other, board).folder == "sete-2"


def test_a_refused_submission_leaves_no_trace(folders: dict[str, Path], tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folders["Sete"], tmp_path / "copy"))
    document = json.loads((copy / "manifest.json").read_text())
    document["scenarios"]["dilemma"]["scores"]["welfare_ratio"][0] = 2.0
    (copy / "manifest.json").write_text(json.dumps(document))
    with pytest.raises(Refused, match="seal"):
        accept(copy, tmp_path / "board")
    assert not list((tmp_path / "board").glob("submissions/*/*")) and not read_log(tmp_path / "board" / "log.jsonl")


def test_the_ranking_does_not_depend_on_the_order_of_submissions(track: Track, board: Path) -> None:
    submissions, entries = read_board(board)
    documents = [Board.of(track, order, entries).document for order in permutations(submissions)]
    assert all(document == documents[0] for document in documents)
    assert documents[0]["agents"][0]["name"] == "Sete"


def test_scores_are_scipys_trimmed_means_and_the_gap_is_their_distance_from_the_optimum(
    track: Track, board: Path
) -> None:
    for line in ranking(track, board).lines:
        manifest = line.submission.manifest
        means = [stats.trim_mean(own.scores["welfare_ratio"], 0.25) for own in manifest.scenarios.values()]
        estimate = line.estimates["welfare_ratio"]
        assert estimate.value == pytest.approx(np.mean(means)) and estimate.low <= estimate.value
        assert line.gap is not None and line.gap.value == pytest.approx(1 - estimate.value)
        assert line.gap.low == pytest.approx(1 - estimate.high) and line.gap.high == pytest.approx(1 - estimate.low)


def test_an_agent_is_ahead_where_the_interval_of_the_difference_leaves_out_zero(track: Track, board: Path) -> None:
    """Intervals for all pairs at once, from resamples of runs that are drawn for each agent by itself."""
    submissions, entries = read_board(board)
    lines = {line.submission.manifest.agent.name: line for line in Board.of(track, submissions, entries).lines}
    chance, value, drawn = np.random.default_rng(1), {}, {}
    for name, line in lines.items():
        scores = line.submission.scores("welfare_ratio", list(track.scenarios))
        rows = chance.integers(len(scores), size=(20_000, len(scores)))
        value[name] = stats.trim_mean(scores, 0.25, axis=0).mean()
        drawn[name] = stats.trim_mean(scores[rows], 0.25, axis=1).mean(axis=1)
    pairs = list(combinations(lines, 2))
    spread = {pair: np.std(drawn[pair[0]] - drawn[pair[1]]) for pair in pairs}
    apart = {pair: (value[pair[0]] - value[pair[1]]) / spread[pair] for pair in pairs}
    deviations = [np.abs((drawn[a] - drawn[b]) / spread[a, b] - apart[a, b]) for a, b in pairs]
    widest = float(np.quantile(np.max(deviations, axis=0), 0.95))
    assert all(abs(abs(own) / widest - 1) > 0.05 for own in apart.values()), (
        f"no pair is so close that chance decides: {apart} {widest}"
    )
    assert any(own > widest for own in apart.values()) or any(own < -widest for own in apart.values())
    for name, line in lines.items():
        signed = [own if pair[0] == name else -own for pair, own in apart.items() if name in pair]
        ahead, behind = sum(own < -widest for own in signed), sum(own > widest for own in signed)
        assert line.ranks == (1 + ahead, len(lines) - behind)


@pytest.mark.parametrize("better", ["higher", "lower"])
def test_the_probability_of_improvement_is_mann_whitneys(better: str) -> None:
    scores = np.random.default_rng(2).integers(0, 6, size=(3, 25, 2)).astype(float)
    scores[1] += 1.0
    found = improvement(scores, better)
    for a in range(3):
        for b in range(3):
            shares = [stats.mannwhitneyu(scores[a, :, t], scores[b, :, t]).statistic / 625 for t in range(2)]
            value = float(np.mean(shares))
            assert found[a, b, 0] == pytest.approx(value if better == "higher" else 1 - value)
            assert found[a, b, 1] <= found[a, b, 0] <= found[a, b, 2]


def test_its_interval_covers_the_truth_near_one_too() -> None:
    """At 10 runs and P = .96 an interval on the plain scale is a point in a run of three, and covers 6 times in 10."""
    apart = float(stats.norm.ppf(0.96)) * np.sqrt(2)
    chance, covered = np.random.default_rng(4), 0
    for _ in range(400):
        scores = chance.normal(size=(2, 10, 1)) + np.array([apart, 0.0])[:, None, None]
        _, low, high = improvement(scores)[0, 1]
        covered += low <= 0.96 <= high
    assert covered / 400 >= 0.92


def test_ten_wins_in_ten_are_not_taken_for_certainty() -> None:
    won = improvement(np.stack([np.ones((10, 1)), np.zeros((10, 1))]))
    exact = stats.binomtest(10, 10).proportion_ci()
    assert won[0, 1].tolist() == pytest.approx([1.0, exact.low, 1.0])
    assert won[1, 0].tolist() == pytest.approx([0.0, 0.0, 1 - exact.low])


def test_its_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    """Normal scores a standard deviation apart: the truth is Phi(1 / sqrt 2)."""
    truth, chance = float(stats.norm.cdf(1 / np.sqrt(2))), np.random.default_rng(4)
    covered = 0
    for _ in range(300):
        scores = chance.normal(size=(2, 40, 1)) + np.array([1.0, 0.0])[:, None, None]
        _, low, high = improvement(scores)[0, 1]
        covered += low <= truth <= high
    assert 0.90 <= covered / 300 <= 0.985


def test_every_attempt_stays_and_is_counted(track: Track, board: Path) -> None:
    register(board / "log.jsonl", TINY, "never shown", "The paper", "f" * 64)
    lines = {line.submission.manifest.agent.name: line for line in ranking(track, board).lines}
    assert {name: line.attempts for name, line in lines.items()} == {"Uniform": 2, "Hedge": 2, "Sete": 2}


def test_a_registered_agent_has_the_seeds_of_its_registration(track: Track, board: Path, tmp_path: Path) -> None:
    from palaestra.leaderboards.submission.agent_digest import agent_digest

    digest = agent_digest("RegretMatchingPlus").value
    entry = register(board / "log.jsonl", TINY, "RegretMatchingPlus", "A. Author", digest)
    made = submitted(track, tmp_path, "RegretMatchingPlus", registration=entry.hash)
    with pytest.raises(Refused, match="no registration"):
        verify(made)
    accept(made, board)
    assert {line.registered for line in ranking(track, board).lines} == {True, False}


def test_references_come_through_the_same_door_and_once(track: Track, board: Path, tmp_path: Path) -> None:
    one = replace(track, references=("FictitiousPlay",))
    first = list(accept_references([one], board, work=tmp_path / "work", workers=1))
    assert [(entry.name, entry.author) for entry in first] == [("FictitiousPlay", AUTHOR)]
    assert list(accept_references([one], board, work=tmp_path / "work")) == []


def test_a_reference_whose_acceptance_was_killed_before_its_entry_gets_the_entry(track: Track, tmp_path: Path) -> None:
    one, board = replace(track, references=("FictitiousPlay",)), tmp_path / "new-board"
    assert len(list(accept_references([one], board, work=tmp_path / "work", workers=1))) == 1
    (board / "log.jsonl").unlink()  # as if it had not come to that
    again = list(accept_references([one], board, work=tmp_path / "work", workers=1))
    assert [entry.folder for entry in again] == ["fictitiousplay"] and len(list(board.glob("submissions/*/*"))) == 1


def test_oracles_previews_and_measurements_of_another_track_are_shown_but_not_ranked(
    track: Track, board: Path, folders: dict[str, Path]
) -> None:
    submissions, entries = read_board(board)
    oracle = submissions[0].manifest.agent.model_copy(update={"privileges": {"conditioning": "contingent"}})
    told = replace(submissions[0], manifest=submissions[0].manifest.model_copy(update={"agent": oracle}))
    old = replace(submissions[1], manifest=submissions[1].manifest.model_copy(update={"track_digest": "0" * 64}))
    shown = preview(folders["Hedge"], entries)
    lines = Board.of(track, [told, old, shown], entries).lines
    assert shown.entry is None and {line.submission.manifest.agent.name: line.ranks for line in lines} == {
        "Uniform": None,
        "Sete": None,
        "Hedge": (1, 1),
    }
    assert lines[-1].outdated


@pytest.mark.parametrize("level", [0.0, 1.0, -400.0])
def test_a_billionth_more_on_every_seed_makes_no_first_among_equals(track: Track, board: Path, level: float) -> None:
    """The verifier lets pass an error of 1e-9. Claimed by somebody who equals the best it must not decide a rank."""
    submissions, entries = read_board(board)

    def claiming(one: BoardSubmission, score: float) -> BoardSubmission:
        held = one.manifest.scenarios
        scores = {name: own.scores | {"welfare_ratio": [score] * 6} for name, own in held.items()}
        made = {name: own.model_copy(update={"scores": scores[name]}) for name, own in held.items()}
        return replace(one, manifest=one.manifest.model_copy(update={"scenarios": made}))

    cheat = level + 0.99e-9 * max(1.0, abs(level))
    equal = [claiming(one, cheat if k == 0 else level) for k, one in enumerate(submissions)]
    found = Board.of(track, equal, entries)
    names = [line.submission.manifest.agent.name for line in found.lines]
    assert [line.ranks for line in found.lines] == [(1, 3)] * 3 and names == sorted(names)
    assert (found.improvement == 0.5).all()


def test_an_edited_folder_on_the_board_is_refused(board: Path) -> None:
    path = board / "submissions" / TINY / "sete" / "findings.json"
    path.write_text(path.read_text().replace('"lanes": 12', '"lanes": 13'))
    with pytest.raises(PalaestraError, match=r"findings.json is not what was accepted as entry 1 .*'Sete'"):
        read_board(board)


def test_folders_without_an_entry_wait(board: Path, folders: dict[str, Path]) -> None:
    shutil.copytree(folders["Sete"], board / "submissions" / TINY / "again")
    assert [path.name for path in waiting(board, read_log(board / "log.jsonl"))] == ["again"]
