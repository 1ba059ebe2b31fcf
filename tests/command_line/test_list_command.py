"""`palaestra list KIND --env ID`, and `palaestra run` without an agent: what a new user types first."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import palaestra
import pytest
from palaestra.agents import agents
from palaestra.leaderboards.catalogue.listing import registries
from palaestra.leaderboards.tracks import tracks
from palaestra.tests.support.users_command import Answer, users_command


@pytest.fixture
def palaestra_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Answer]:
    return users_command(tmp_path, monkeypatch, capfd, "")


def _names(answer: Answer) -> dict[str, list[str]]:
    assert answer.code == 0, answer.err
    return {kind: [member["name"] for member in members] for kind, members in json.loads(answer.out).items()}


@pytest.mark.parametrize("kind", ["environment", "agent", "metric", "track", "wrapper"])
def test_one_kind_is_listed_by_its_plural_or_singular(kind: str, palaestra_command: Callable[..., Answer]) -> None:
    expected = {kind: list(registries()[kind])}
    assert _names(palaestra_command("list", f"{kind}s", "--json")) == expected
    assert _names(palaestra_command("list", kind, "--json")) == expected
    text = palaestra_command("list", f"{kind}s").out
    assert f"{kind}s ({len(expected[kind])})" in text and all(name in text for name in expected[kind])


def test_agents_of_an_environment_are_those_that_play_it_or_play_anything(
    palaestra_command: Callable[..., Answer],
) -> None:
    listed = _names(palaestra_command("list", "agents", "--env", "RankingBandit-v0", "--json"))["agent"]
    assert {"Uniform", "RankingHedge"} <= set(listed) and "TitForTat" not in listed
    for name in agents:
        plays = agents[name].load().plays
        assert (name in listed) == (not plays or "RankingBandit-v0" in plays), name


def test_an_environment_alone_lists_its_agents_metrics_and_tracks(palaestra_command: Callable[..., Answer]) -> None:
    found = _names(palaestra_command("list", "--env", "SocialLearning-v0", "--json"))
    assert found["environment"] == ["SocialLearning-v0"]
    assert found["track"] == ["social-learning-v0"]
    declared = set(palaestra.rules("SocialLearning-v0").facts.metrics)
    assert set(found["metric"]) == declared | set(tracks["social-learning-v0"].load().metrics)
    assert "wrapper" not in found


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("games",), "There is no kind 'games'. Did you mean 'agents'?"),
        (("agents", "--env", "RankingBandits-v0"), "Did you mean 'RankingBandit-v0'?"),
        (("wrappers", "--env", "RankingBandit-v0"), "Wrappers belong to no environment"),
    ],
)
def test_a_listing_of_nothing_says_what_there_is(
    words: tuple[str, ...], told: str, palaestra_command: Callable[..., Answer]
) -> None:
    answer = palaestra_command("list", *words)
    assert answer.code == 2 and told in answer.err and not answer.out


@pytest.mark.parametrize("env_id", list(registries()["environment"]))
def test_a_run_without_an_agent_is_played_by_uniform_and_says_so(
    env_id: str, palaestra_command: Callable[..., Answer]
) -> None:
    answer = palaestra_command("run", env_id, "--seeds", "2", "--horizon", "6", "--json")
    assert answer.code == 0, answer.err
    assert "No agent is named, so Uniform plays." in answer.err and "Uniform plays" not in answer.out
    partners = palaestra.rules(env_id, horizon=6).facts.partners
    players = palaestra.rules(env_id, horizon=6).facts.players
    seated = json.loads(answer.out)["agents"]
    taken = [seated[player] for player in players]
    assert taken == [
        partners.get(player, "Uniform") if not player.startswith("player") else "Uniform" for player in players
    ]
