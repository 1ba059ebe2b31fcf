"""The trivial-agent audit: its agents are legal, its numbers those of closed forms, its records say what they are."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import palaestra
import pytest
from gymnasium import spaces
from palaestra.command_line.app import app
from palaestra.core.agent import Task
from palaestra.core.arrays import backend
from palaestra.core.errors import PalaestraError
from palaestra.core.spaces import ActionCheck
from palaestra.envs import environments
from palaestra.leaderboards.audit.action_table import ActionTable, flat_names, flat_numbers
from palaestra.leaderboards.audit.audit import Audit, audit
from palaestra.leaderboards.audit.audit_line import KINDS, TRIVIAL
from palaestra.leaderboards.audit.audit_record import AuditRecord, audit_key
from palaestra.leaderboards.audit.audit_setting import AuditSetting, settings_of
from palaestra.leaderboards.audit.best_open_loop import best_open_loop
from palaestra.leaderboards.audit.best_reactive_rule import best_reactive_rule
from palaestra.leaderboards.audit.constant_actions import MOST, constant_actions
from palaestra.leaderboards.audit.open_loop import OpenLoop
from palaestra.leaderboards.audit.random_play import RandomPlay
from palaestra.leaderboards.audit.reactive_rule import ReactiveRule, Rule
from palaestra.leaderboards.audit.scenario_audit import Size, audit_scenario
from palaestra.leaderboards.statistics.estimate import Estimate
from palaestra.metrics import metrics
from typer.testing import CliRunner

BOARD = Path(palaestra.__file__).parent / "leaderboards"
TINY = Size(seeds=3, search_seeds=2, generations=1, children=4)

ODD: list[spaces.Space[Any]] = [
    spaces.Discrete(5, start=3),
    spaces.Discrete(200),
    spaces.MultiDiscrete([2, 3]),
    spaces.MultiDiscrete(np.array([[9, 9, 9], [4, 9, 1]])),
    spaces.Box(0.0, 1.0, (3,), np.float64),
    spaces.Box(-np.inf, np.inf, (2, 2), np.float64),
    spaces.Box(np.array([0.0, -np.inf]), np.array([np.inf, 5.0]), dtype=np.float64),
    spaces.Box(-1.0, 1.0, (90,), np.float64),
    spaces.Dict(
        {"play": spaces.Discrete(3), "more": spaces.Dict({"amounts": spaces.Box(-2.0, 2.0, (4,), np.float64)})}
    ),
]


def every_action_space() -> list[spaces.Space[Any]]:
    found = [*ODD]
    for env_id in environments:
        for setting in settings_of(env_id)[1]:
            found += palaestra.rules(env_id, **setting.options).action_spaces
    return found


@pytest.mark.parametrize("space", every_action_space(), ids=str)
def test_constants_and_random_play_are_legal_and_no_constant_comes_twice(space: spaces.Space[Any]) -> None:
    check, constants = ActionCheck(space, "player_0", backend()), constant_actions(space)
    table = ActionTable([one.action for one in constants])
    check(table.take(np.arange(len(constants))), len(constants))
    assert 1 <= len(constants) <= (MOST if not isinstance(space, spaces.Discrete) else 200)
    assert len({str(one.action) for one in constants}) == len(constants) == len({one.label for one in constants})
    player = RandomPlay()
    player.reset(Task("by hand", 0, 1, space, space, 4, {}), 50, range(50))
    check(player.act(None), 50)


def test_every_action_of_a_small_space_is_a_constant() -> None:
    assert [one.action for one in constant_actions(spaces.Discrete(3, start=1))] == [1, 2, 3]
    pairs = {tuple(one.action) for one in constant_actions(spaces.MultiDiscrete([2, 3]))}
    assert pairs == {(a, b) for a in range(2) for b in range(3)}
    both = constant_actions(spaces.Dict({"a": spaces.Discrete(2), "b": spaces.Discrete(2)}))
    assert len({(one.action["a"], one.action["b"]) for one in both}) == 4


def test_random_play_is_uniform_over_boxes_and_discrete_places() -> None:
    space = spaces.Dict({"box": spaces.Box(-1.0, 3.0, (2,), np.float64), "die": spaces.MultiDiscrete([4])})
    player = RandomPlay()
    player.reset(Task("by hand", 0, 1, space, space, 1, {}), 40_000, range(40_000))
    drawn = player.act(None)
    # Standard errors: 4 / sqrt(12 * 40,000) = 0.006 and sqrt(3 / 16 / 40,000) = 0.0022; five of them are let pass.
    np.testing.assert_allclose(drawn["box"].mean(0), 1.0, atol=0.03)
    np.testing.assert_allclose(drawn["box"].var(0), 16 / 12, atol=0.05)
    np.testing.assert_allclose(np.bincount(drawn["die"][:, 0], minlength=4) / 40_000, 0.25, atol=0.011)


def pennies(opponent: str, rounds: int = 12, sign: int = 1) -> AuditSetting:
    """Matching pennies; player_0 wins 1 where both are alike (sign 1) or differ (-1)."""
    own = [[sign, -sign], [-sign, sign]]
    options = {"game": [own, (-np.array(own)).tolist()], "horizon": rounds}
    return AuditSetting("RepeatedGame-v0", "pennies", options, {"player_1": opponent}, metrics["mean_payoff"].load())


def test_against_a_fixed_penny_constants_win_or_lose_and_random_play_wins_nothing() -> None:
    setting = pennies("AlwaysCooperate")
    np.testing.assert_array_equal(setting.score_each(OpenLoop, [(0,), (1,)], range(3)), [[1.0] * 3, [-1.0] * 3])
    scores = setting.score(RandomPlay(), range(2000))
    assert abs(scores.mean()) < 5 / np.sqrt(12 * 2000)


def test_the_blind_search_finds_the_sequence_that_beats_a_copier() -> None:
    """Whoever must differ from a copier of its last move wins by alternating, after a first round that it loses."""
    setting = pennies("TitForTat", sign=-1)

    def score(members: Any) -> Any:
        return setting.score_each(OpenLoop, members, range(2))

    assert score([(0,), (1,)])[:, 0].tolist() == pytest.approx([-1.0, (1 - 11) / 12])
    found = best_open_loop(score, 2, 12, 3, 16)
    assert score([found])[0, 0] == pytest.approx(1.0)


def test_the_memoryless_search_finds_the_rule_that_beats_a_copier() -> None:
    """The copier plays what the learner played last, which the history shows: play the other one."""
    setting, watcher = pennies("TitForTat", sign=-1), RandomPlay(keep=12)
    palaestra.run(
        setting.env_id, {"player_0": watcher, "player_1": "TitForTat"}, range(4), options=dict(setting.options)
    )

    def score(members: Any) -> Any:
        return setting.score_each(ReactiveRule, members, range(2))

    rule = best_reactive_rule(score, np.stack(watcher.seen), 2, 3, 16)
    assert score([rule])[0, 0] == pytest.approx(1.0)
    assert len(rule.choices) == 3  # nothing yet, 0 and 1


def test_many_agents_at_once_score_what_each_scores_alone() -> None:
    setting = pennies("Uniform")
    members = [(0,), (0, 1), (1, 1, 0)]
    together = setting.score_each(OpenLoop, members, range(5))
    for own, row in zip(members, together, strict=True):
        np.testing.assert_array_equal(setting.score(OpenLoop([own]), range(5)), row)
    rules = [Rule(0, (0.5, 1.5), (1, 0, 1)), Rule(1, (1.5,), (0, 1))]
    together = setting.score_each(ReactiveRule, rules, range(5))
    for one, row in zip(rules, together, strict=True):
        np.testing.assert_array_equal(setting.score(ReactiveRule([one]), range(5)), row)


def test_numbers_of_an_observation_are_named_in_their_order() -> None:
    space = spaces.Dict({"b": spaces.MultiDiscrete(np.array([[3, 3]])), "a": spaces.Discrete(4)})
    assert flat_names(space) == ["a", "b[0, 0]", "b[0, 1]"]
    assert flat_numbers({"b": np.array([[[1, 2]]]), "a": np.array([3])}).tolist() == [[3.0, 1.0, 2.0]]


@pytest.fixture(scope="module")
def small() -> Audit:
    return audit("TransferGame-v0", TINY)


def test_an_audit_has_every_kind_and_hindsight_is_no_worse_than_any_constant(small: Audit) -> None:
    lines = {line.kind: line for line in small.lines}
    assert set(lines) >= {*TRIVIAL, "best fixed", "reference"}
    assert list(lines) == [kind for kind in KINDS if kind in lines]
    for kind in ("constant, worst", "constant, best"):
        assert lines["best fixed"].estimate.value >= lines[kind].estimate.value
        for scenario, (_, estimate) in lines[kind].by_scenario.items():
            assert lines["best fixed"].by_scenario[scenario][1].value >= estimate.value
    assert lines["reference"].behind is not None and lines["reference"].behind.value == 0.0
    assert json.loads(json.dumps(small.document, allow_nan=False))["verdict"] == small.verdict
    # In the dilemma with mutual cooperation as a constant, nothing is left to win.
    assert "prisoners_dilemma" in small.easy_in and "prisoners_dilemma" in small.verdict


def test_the_same_arguments_give_the_same_audit(small: Audit) -> None:
    assert audit("TransferGame-v0", TINY).document == small.document


def test_a_record_is_written_once_and_read_as_it_was(small: Audit, tmp_path: Path) -> None:
    path = AuditRecord.write(small, tmp_path)
    before = path.stat().st_mtime_ns
    AuditRecord.write(small, tmp_path)
    assert path.stat().st_mtime_ns == before
    read = AuditRecord.read(small.env_id, tmp_path)
    assert read is not None and read.stale == "" and read.key == audit_key(small.env_id, TINY)
    assert read.audit == json.loads(json.dumps(small.document))
    assert AuditRecord.read("MediatedGame-v0", tmp_path) is None


def test_records_of_other_versions_scenarios_or_headlines_are_named(small: Audit, tmp_path: Path) -> None:
    older = replace(small, env_id="TransferGame-v99")
    (tmp_path / "audits").mkdir()
    path = tmp_path / "audits" / f"{older.env_id}.json"
    whole = {"schema": 1, "env_id": older.env_id, "key": "k", "code": "c", "audit": older.document}
    path.write_text(json.dumps(whole))
    read = AuditRecord.read(older.env_id, tmp_path)
    assert read is not None and "earlier version" in read.stale
    for change, words in (({"scenarios": {"one": {}}}, "scenarios"), ({"metric": "welfare"}, "headline")):
        AuditRecord.write(replace(small, **change), tmp_path)
        read = AuditRecord.read(small.env_id, tmp_path)
        assert read is not None and words in read.stale


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"schema": 2, "env_id": "TransferGame-v0"}', "null"])
def test_a_damaged_record_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "audits").mkdir()
    (tmp_path / "audits" / "TransferGame-v0.json").write_text(text)
    with pytest.raises(PalaestraError, match=r"is not an audit record.*palaestra audit TransferGame-v0"):
        AuditRecord.read("TransferGame-v0", tmp_path)


@pytest.mark.parametrize("name", ["../secrets", "", "a/b"])
def test_an_id_that_leads_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(PalaestraError, match="not the id of an environment"):
        AuditRecord.read(name, tmp_path)


def test_the_command_reads_what_a_board_holds(small: Audit, tmp_path: Path) -> None:
    AuditRecord.write(replace(small, size=Size(seeds=3)), tmp_path)
    command = ["audit", "TransferGame-v0", "--seeds", "3", "--board", str(tmp_path)]
    done = CliRunner().invoke(app, [*command, "--json"])
    assert done.exit_code == 0 and json.loads(done.stdout)["verdict"] == small.verdict
    shown = CliRunner().invoke(app, command)
    assert shown.exit_code == 0 and all(kind in shown.stdout for kind in TRIVIAL)


@pytest.mark.parametrize("env_id", list(environments))
def test_the_repository_holds_an_audit_of_every_environment(env_id: str) -> None:
    read = AuditRecord.read(env_id, BOARD)
    assert read is not None, f"palaestra audit {env_id} --board leaderboards"
    assert read.stale == "", f"{read.stale} Run palaestra audit {env_id} --board leaderboards"
    assert {*TRIVIAL, "best fixed", "reference"} <= {line["kind"] for line in read.audit["lines"]}


def test_an_audit_of_the_repository_can_be_made_again() -> None:
    """One scenario of it, with the record's own size, to 1e-9."""
    read = AuditRecord.read("TransferGame-v0", BOARD)
    assert read is not None
    setting = next(one for one in settings_of("TransferGame-v0")[1] if one.scenario == "prisoners_dilemma")
    size = Size(**read.audit["size"])
    again = audit_scenario(setting, size, 1.0, lambda _: None)
    recorded = {line["kind"]: line["by_scenario"][setting.scenario] for line in read.audit["lines"]}
    for kind, played in again.items():
        estimate = Estimate.of_scores(played.scores[:, None]).document
        assert played.agent == recorded[kind]["agent"]
        assert [estimate[key] for key in estimate] == pytest.approx([recorded[kind][key] for key in estimate], abs=1e-9)
