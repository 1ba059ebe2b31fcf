"""Submissions and the attacks on them (DESIGN §7): each is refused with a message that names the reason."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from palaestra.core.errors import PalaestraError
from palaestra.core.registry import Member
from palaestra.core.trace import Trace
from palaestra.leaderboards import tracks
from palaestra.leaderboards.submission.agent_digest import agent_digest
from palaestra.leaderboards.submission.official_seeds import official_seeds
from palaestra.leaderboards.submission.submit import Submitter, submit
from palaestra.leaderboards.submission.verify import Refused, verify

TRACK = """
from palaestra.leaderboards.track import Track

TRACK = Track(
    track_id="{name}", env_id="TransferGame-v0",
    scenarios={{"dilemma": {{"horizon": 4}}, "drawn": {{"game": "random_polymatrix", "players": 3}}}},
    metric="welfare", metrics=("welfare", "agent_normal_form_gain"), references=("Uniform",), seats={{}}, seeds=6,
    demo={{}}, demo_seeds=2, about="More is better.",
)
"""
AGENT = """
from palaestra.agents.uniform import Uniform

class Mine(Uniform):
    weights = ("mine.bin",)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with an agent, and a tiny track that is registered while these tests run."""
    folder = tmp_path_factory.mktemp("submissions")
    (folder / "tiny_track_for_submissions.py").write_text(TRACK.format(name="tiny-submissions-v0"))
    (folder / "agent_for_submissions.py").write_text(AGENT)
    (folder / "mine.bin").write_bytes(b"weights")
    sys.path.insert(0, str(folder))
    tracks._members["tiny-submissions-v0"] = Member("tiny-submissions-v0", "tiny_track_for_submissions", "TRACK")
    yield folder
    sys.path.remove(str(folder))
    tracks._members.pop("tiny-submissions-v0")


@pytest.fixture(scope="module")
def honest(home: Path) -> Path:
    track = tracks["tiny-submissions-v0"].load()
    submitter = Submitter("Mine", "A. Author", "https://example.org/mine")
    return submit(track, "agent_for_submissions:Mine", submitter, home / "honest", work=home / "work", workers=1)


@pytest.fixture
def copy(honest: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(honest, tmp_path / "copy"))


def edit(folder: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    path = folder / "manifest.json"
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


def played(trace: Trace, player: int, step: int, lane: int, action: int) -> Trace:
    """The trace with one play changed."""
    actions = [dict(own) for own in trace.actions]
    actions[player]["play"] = np.array(actions[player]["play"])
    actions[player]["play"][step, lane] = action
    return replace(trace, actions=tuple(actions))


def other(trace: Trace) -> int:
    """The action that player 0 did not play in step 1 of lane 2."""
    return 1 - int(trace.actions[0]["play"][1, 2])


def rewrite(folder: Path, change: Callable[[Trace], Trace]) -> None:
    """Change the first trace and, as a careful cheat would, its digest in the manifest."""
    path = folder / "traces" / "00000.parquet"
    change(Trace.load(path)).save(path)
    digest = sha256(path.read_bytes()).hexdigest()
    edit(folder, lambda m: m["scenarios"]["dilemma"]["shards"][0].update(digest=digest))


def test_an_honest_submission_verifies_and_its_scores_are_recomputed(honest: Path) -> None:
    found = verify(honest)
    assert found.lanes == 12 and not found.oracle
    claimed = found.manifest.scenarios["dilemma"].scores["welfare"]
    np.testing.assert_array_equal(found.scores["dilemma"]["welfare"], claimed)
    assert found.manifest.agent.files.keys() == {
        "agent_for_submissions.py",
        "mine.bin",
        "tiny_track_for_submissions.py",
    }


@pytest.mark.parametrize("agent", ["Sete", "Uniform", "Hedge"])
def test_reference_agents_are_submitted_through_the_same_door(home: Path, tmp_path: Path, agent: str) -> None:
    track = tracks["tiny-submissions-v0"].load()
    made = submit(track, agent, Submitter(agent, "us"), tmp_path / "out", work=tmp_path / "work", workers=1)
    assert verify(made).manifest.agent.target == agent


def test_seeds_follow_from_the_agent_and_the_track(home: Path) -> None:
    digest = agent_digest("agent_for_submissions:Mine").value
    (home / "mine.bin").write_bytes(b"other weights")
    try:
        changed = agent_digest("agent_for_submissions:Mine").value
    finally:
        (home / "mine.bin").write_bytes(b"weights")
    assert changed != digest
    seeds = official_seeds("a-v0", digest, 50)
    assert len(set(seeds)) == 50 and seeds[:3] == official_seeds("a-v0", digest, 3)
    assert not set(seeds) & set(official_seeds("a-v0", changed, 50)) and not set(seeds) & set(
        official_seeds("b-v0", digest, 50)
    )


CLAIMS: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "edited score": (lambda m: m["scenarios"]["drawn"]["scores"]["welfare"].__setitem__(2, 99.0), "drawn, lane 2"),
    "score of infinity": (
        lambda m: m["scenarios"]["drawn"]["scores"]["welfare"].__setitem__(2, float("inf")),
        "finite",
    ),
    "score that is no number": (
        lambda m: m["scenarios"]["drawn"]["scores"]["welfare"].__setitem__(2, float("nan")),
        "finite",
    ),
    "replaced seed": (lambda m: m["scenarios"]["drawn"]["shards"][0]["seeds"].__setitem__(1, 7), "not official"),
    "negative seed": (lambda m: m["scenarios"]["drawn"]["shards"][0]["seeds"].__setitem__(1, -1), "greater than"),
    "huge seed": (lambda m: m["scenarios"]["drawn"]["shards"][0]["seeds"].__setitem__(1, 1 << 70), "less than"),
    "duplicate lanes": (
        lambda m: m["scenarios"]["drawn"]["shards"].append(m["scenarios"]["drawn"]["shards"][0]),
        "lanes",
    ),
    "a lane left out": (lambda m: m["scenarios"]["drawn"]["shards"][0]["seeds"].pop(), "5 lanes"),
    "swapped track": (lambda m: m.update(track="transfer-welfare-v0"), "other scenarios"),
    "a track that does not exist": (lambda m: m.update(track="no-track-v0"), "no track"),
    "another version": (lambda m: m.update(version="9.9.9"), "submit it again"),
    "another format": (lambda m: m.update(format=2), "format"),
    "a scenario left out": (lambda m: m["scenarios"].pop("drawn"), "Scenarios"),
    "a metric left out": (lambda m: m["scenarios"]["drawn"]["scores"].pop("welfare"), "metrics"),
    "unknown field": (lambda m: m.update(verified=True), "verified"),
    "another digest": (lambda m: m["agent"].update(digest="0" * 64), "digest"),
    "another agent's name in the digest": (lambda m: m["agent"].update(target="other:Agent"), "digest"),
    "path out of the folder": (
        lambda m: m["scenarios"]["drawn"]["shards"][0].update(file="../../etc/passwd"),
        "shards.0.file",
    ),
    "an option that names a file": (lambda m: m["agent"].update(privileges={"game": "secret.nfg"}), "privileges of"),
    "a privilege it did not play with": (
        lambda m: m["agent"].update(privileges={"conditioning": "contingent"}),
        "privileges of",
    ),
    "a script as its page": (lambda m: m["agent"].update(url="javascript:alert(1)"), "url"),
}


@pytest.mark.parametrize("attack", CLAIMS)
def test_a_changed_claim_is_refused_by_name(copy: Path, attack: str) -> None:
    change, reason = CLAIMS[attack]
    edit(copy, change)
    with pytest.raises(Refused, match=reason):
        verify(copy)


def test_an_edited_action_is_refused_at_its_step(copy: Path) -> None:
    rewrite(copy, lambda trace: played(trace, 0, 1, 2, other(trace)))
    with pytest.raises(Refused, match=r"dilemma, 00000.parquet: lane 2, step 1"):
        verify(copy)


def test_an_edited_action_with_its_rewards_left_out_is_refused_by_the_score(copy: Path) -> None:
    rewrite(copy, lambda trace: played(trace, 0, 1, 2, other(trace)).bare())
    with pytest.raises(Refused, match="lane 2"):
        verify(copy)


def test_an_illegal_action_is_refused(copy: Path) -> None:
    rewrite(copy, lambda trace: played(trace, 1, 3, 0, 5).bare())
    with pytest.raises(Refused, match=r"player_1\['play'\], lane 0"):
        verify(copy)


def test_a_trace_of_other_seeds_is_refused(copy: Path) -> None:
    rewrite(copy, lambda trace: replace(trace.bare(), seeds=tuple(range(6))))
    with pytest.raises(Refused, match="seeds are not those"):
        verify(copy)


def test_somebody_elses_traces_under_a_new_agent_are_refused(copy: Path) -> None:
    from palaestra.leaderboards.submission.agent_digest import digest_of_agent

    def steal(document: dict[str, Any]) -> None:
        agent = document["agent"]
        agent["target"] = "thief:Agent"
        agent["digest"] = digest_of_agent(agent["target"], agent["options"], agent["files"])

    edit(copy, steal)
    with pytest.raises(Refused, match="not official"):
        verify(copy)


def test_links_and_stowaways_are_refused(copy: Path, tmp_path: Path) -> None:
    (copy / "weights.pkl").write_bytes(b"\x80\x04.")
    with pytest.raises(Refused, match=r"weights\.pkl"):
        verify(copy)
    (copy / "weights.pkl").unlink()
    trace = copy / "traces" / "00001.parquet"
    elsewhere = tmp_path / "elsewhere.parquet"
    trace.rename(elsewhere)
    trace.symlink_to(elsewhere)
    with pytest.raises(Refused, match="not there as a file"):
        verify(copy)
    trace.unlink()
    with pytest.raises(Refused, match="not there"):
        verify(copy)


def test_a_truncated_trace_is_refused_even_with_its_digest_made_new(copy: Path) -> None:
    path = copy / "traces" / "00000.parquet"
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(Refused, match="SHA-256"):
        verify(copy)
    digest = sha256(path.read_bytes()).hexdigest()
    edit(copy, lambda m: m["scenarios"]["dilemma"]["shards"][0].update(digest=digest))
    with pytest.raises(Refused, match=r"00000\.parquet"):
        verify(copy)


@settings(max_examples=60)
@given(where=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_any_changed_byte_is_noticed_or_changes_nothing_that_is_shown(honest: Path, where: float, flip: int) -> None:
    """Property: verify refuses, or everything it reports about track, agent, scores and lanes is as before."""
    files = [honest / "manifest.json", *sorted((honest / "traces").iterdir())]
    sizes = [path.stat().st_size for path in files]
    at = int(where * sum(sizes))
    while at >= sizes[0]:
        at -= sizes.pop(0)
        files.pop(0)
    before, path = verify(honest), files[0]
    original = path.read_bytes()
    damaged = bytearray(original)
    damaged[at] ^= flip
    try:
        path.write_bytes(bytes(damaged))
        after = verify(honest)
    except Refused:
        return
    finally:
        path.write_bytes(original)
    shown = {"name", "author", "url"}
    assert after.manifest.agent.model_dump(exclude=shown) == before.manifest.agent.model_dump(exclude=shown)
    assert after.manifest.track == before.manifest.track and after.lanes == before.lanes
    for scenario, own in before.scores.items():
        for name, values in own.items():
            np.testing.assert_array_equal(after.scores[scenario][name], values)


def test_verifying_runs_no_code_of_the_submitter(copy: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "agent_for_submissions", None)
    assert verify(copy).lanes == 12


def test_a_submission_is_never_overwritten_and_a_failed_one_leaves_nothing(honest: Path, home: Path) -> None:
    track = tracks["tiny-submissions-v0"].load()
    with pytest.raises(PalaestraError, match="exists already"):
        submit(track, "Uniform", Submitter("x", "y"), honest, work=home / "work")
    with pytest.raises(PalaestraError, match="There is no agent"):
        submit(track, "Nobody", Submitter("x", "y"), home / "new", work=home / "work")
    assert not (home / "new").exists() and not (home / ".new.part").exists()


def test_the_command_line_verifies_and_refuses(copy: Path) -> None:
    from palaestra.__main__ import app
    from typer.testing import CliRunner

    fine = CliRunner().invoke(app, ["verify", str(copy), "--json"])
    assert fine.exit_code == 0 and json.loads(fine.stdout)["verified"]
    edit(copy, CLAIMS["edited score"][0])
    refused = CliRunner().invoke(app, ["verify", str(copy), "--json"])
    assert refused.exit_code == 1 and "drawn, lane 2" in json.loads(refused.stdout)["reason"]
