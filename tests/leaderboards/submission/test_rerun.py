"""Running a submitted agent again: the one thing that tells an agent's play from actions written down."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest
from palaestra.agents import agents
from palaestra.command_line.app import app
from palaestra.core.errors import PalaestraError
from palaestra.core.traces.trace import Trace
from palaestra.leaderboards.submission.agent_digest import agent_digest
from palaestra.leaderboards.submission.manifest import Manifest
from palaestra.leaderboards.submission.privileges import check_declared_privileges
from palaestra.leaderboards.submission.rerun import rerun
from palaestra.leaderboards.submission.verify import Refused, verify
from palaestra.leaderboards.tracks.track import Track
from palaestra.tests.support.tiny_submissions import edit, restamp
from palaestra.tests.support.tiny_track import TINY, submitted, tiny_track
from typer.testing import CliRunner

FORESEEING = """
import os
import numpy as np

class Foreseeing:
    '''Innocent to read; what it plays lies in a file that no digest covers.'''

    def __init__(self):
        self.gift = 1.0 if os.path.exists({table!r}[::-1]) else 0.0

    def reset(self, task, lanes, seeds):
        self.space, self.lanes = task.action_space, lanes

    def act(self, observation):
        return {{key: _filled(part, self.lanes, self.gift) for key, part in self.space.spaces.items()}}

    def learn(self, transition):
        pass

def _filled(space, lanes, gift):
    whole = np.zeros((lanes, *space.shape), space.dtype)
    return whole + np.asarray(gift * np.asarray(space.high), space.dtype) if hasattr(space, "high") else whole
"""


@pytest.fixture(scope="module")
def track() -> Iterator[Track]:
    with tiny_track() as found:
        yield found


@pytest.fixture
def honest(track: Track, tmp_path: Path) -> Path:
    return submitted(track, tmp_path, "Hedge")


def test_an_agent_that_plays_itself_plays_the_same_again(honest: Path) -> None:
    assert rerun(honest, "Hedge", workers=1) > 0


def test_another_agent_is_not_even_run(honest: Path) -> None:
    with pytest.raises(Refused, match="not the agent that was submitted"):
        rerun(honest, "Sete")


GENIUS = """
from palaestra.agents.routing.routing_oracle import RoutingOracle

class Genius(RoutingOracle):
    '''Told nothing, says its manifest.'''
"""


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("RoutingOracle()", "neither a registered agent nor a module:attribute"),
        ("routingoracle", "neither a registered agent nor a module:attribute"),
        ("palaestra.agents.routing.routing_oracle:RoutingOracle", "is part of palaestra"),
    ],
)
def test_other_words_for_an_agent_of_palaestra_are_refused(honest: Path, target: str, reason: str) -> None:
    """Its privileges are known by its registered name alone."""
    agent = Manifest.read(honest / "manifest.json").agent
    with pytest.raises(PalaestraError, match=reason):
        check_declared_privileges(agent.model_copy(update={"target": target}))
    check_declared_privileges(agent)
    with pytest.raises(PalaestraError, match="is part of palaestra"):
        agent_digest("palaestra.agents.transfers.hedge:Hedge")


FICKLE = """
import sys
from palaestra.agents.routing.routing_oracle import RoutingOracle

class Fickle(RoutingOracle):
    @property
    def privileges(self):
        frame, names = sys._getframe(), set()
        while frame:
            names.add(frame.f_code.co_name)
            frame = frame.f_back
        return {"reveal": "next"} if "execute" in names else {}

fickle = Fickle()
"""


def test_an_agent_that_asks_for_less_when_it_is_watched_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fickle_agent.py").write_text(FICKLE)
    monkeypatch.syspath_prepend(str(tmp_path))
    with oracle_track() as track:
        made = submitted(track, tmp_path, "fickle_agent:fickle", "Fickle")
        without_reveal(made)
        assert not verify(made).oracle
        with pytest.raises(Refused, match="does not ask for the same each time"):
            rerun(made, "fickle_agent:fickle", workers=1)
    sys.modules.pop("fickle_agent", None)


def oracle_track() -> AbstractContextManager[Track]:
    return tiny_track(
        track_id="tiny-oracle-v0",
        env_id="ModelRouting-v0",
        scenarios={"short": {"horizon": 20, "feedback": "instantaneous"}},
        metric="external_regret",
        metrics=("external_regret",),
        privileges={"reveal": ("next",)},
    )


def without_reveal(made: Path) -> None:
    """Take the privilege out of every trace."""
    for path in (made / "traces").iterdir():
        told = Trace.load(path)
        replace(told, options={key: own for key, own in told.options.items() if key != "reveal"}).save(path)
    restamp(made)


@pytest.mark.parametrize("agent", ["RoutingOracle", "genius_agent:Genius"])
def test_an_oracle_that_is_shown_as_an_agent_like_others_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, agent: str
) -> None:
    """Taken out of the manifest and of every trace, a privilege leaves no mark: the actions of an oracle are legal."""
    (tmp_path / "genius_agent.py").write_text(GENIUS)
    monkeypatch.syspath_prepend(str(tmp_path))
    with oracle_track() as track:
        made = submitted(track, tmp_path, agent, "Genius")
        assert verify(made).oracle and rerun(made, agent, workers=1) > 0
        without_reveal(made)
        edit(made, lambda m: m["agent"].update(privileges={}))
        if agent in agents:
            with pytest.raises(Refused, match=r"has the privileges \{'reveal': 'next'\}, the manifest says none"):
                verify(made)
        else:
            assert not verify(made).oracle  # the source alone tells
            with pytest.raises(Refused, match=r"asks for the privileges \{'reveal': 'next'\}, the manifest says none"):
                rerun(made, agent, workers=1)
            edit(made, lambda m: m["agent"].update(needs={"horizon": 20}))
            with pytest.raises(Refused, match=r"asks for the needs none, the manifest says \{'horizon': 20\}"):
                rerun(made, agent, workers=1)
    sys.modules.pop("genius_agent", None)


def test_an_agent_that_read_its_actions_from_a_file_verifies_and_is_found_out_when_run_again(
    track: Track, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "table"
    (tmp_path / "innocent_agent.py").write_text(FORESEEING.format(table=str(table)[::-1]))
    monkeypatch.syspath_prepend(str(tmp_path))
    table.touch()
    made = submitted(track, tmp_path, "innocent_agent:Foreseeing", "Innocent")
    assert verify(made).findings.status == "verified"  # the limit of every replay, and it is said so in the docs
    assert rerun(made, "innocent_agent:Foreseeing", workers=1) > 0
    table.unlink()
    with pytest.raises(Refused, match=r"lane 0, step 0: player_\d\.\w+ is .* in the trace, the agent run again plays"):
        rerun(made, "innocent_agent:Foreseeing", workers=1)
    sys.modules.pop("innocent_agent", None)


def test_the_command_line_runs_an_agent_again_only_when_it_is_told_to(honest: Path) -> None:
    run = CliRunner().invoke
    assert "rerun" not in json.loads(run(app, ["verify", str(honest), "--json"]).stdout)
    told = run(app, ["verify", str(honest), "--agent", "Hedge", "--json"])
    assert told.exit_code == 0 and json.loads(told.stdout)["rerun"] > 0
    refused = run(app, ["verify", str(honest), "--agent", "Sete"])
    assert refused.exit_code == 1 and "not the agent that was submitted" in refused.stderr
    assert TINY in told.stdout
