"""Games of OpenSpiel as ours: payoffs, plays, chance, contracts."""

from __future__ import annotations

import pickle
import random
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.core.arrays import backend
from palaestra.core.batch import Batch
from palaestra.core.contract import check_environment
from palaestra.core.errors import PalaestraError
from palaestra.core.randomness import Draw, lane_keys
from palaestra.theory.games.open_spiel import open_spiel_game
from palaestra.wrappers import wrappers
from palaestra.wrappers.from_open_spiel import FromOpenSpiel, OpenSpielState
from palaestra.wrappers.to_open_spiel import to_open_spiel

pyspiel: Any = pytest.importorskip("pyspiel", reason="OpenSpiel is not installed: pip install -e '.[interop]'")

REPEATED = "repeated_game(stage_game=matrix_pd(),num_repetitions=3)"
ONE_SHOT = ["matrix_rps", "matrix_shapleys_game", "matrix_pd", "matching_pennies_3p", "blotto(coins=3,fields=3)"]
DETERMINISTIC: list[tuple[str, dict[str, Any]]] = [
    *((name, {}) for name in ONE_SHOT),
    (REPEATED, {}),
    ("goofspiel(num_cards=3,imp_info=False,points_order=descending)", {}),
    ("goofspiel(num_cards=4,imp_info=True,points_order=ascending)", {}),
    ("oshi_zumo(coins=3,size=1,horizon=4)", {}),
    ("oshi_zumo(coins=4,size=1,horizon=6)", {"merge": True}),
    ("tic_tac_toe", {"merge": True}),
]
WITH_CHANCE: list[tuple[str, dict[str, Any]]] = [
    ("goofspiel(num_cards=3,imp_info=False)", {}),
    ("coop_box_pushing(horizon=2)", {"merge": True}),
    ("kuhn_poker", {}),
]


def _lowest_legal(state: Any, player: int, action: int) -> int:
    legal = state.legal_actions(player)
    return action if action in legal else legal[0]


def _move(state: Any, joint: list[int]) -> list[Any]:
    """OpenSpiel's states after a joint action of any numbers, with their probabilities, chance multiplied out."""
    state = state.clone()
    if state.is_simultaneous_node():
        state.apply_actions([_lowest_legal(state, player, action) for player, action in enumerate(joint)])
    else:
        mover = state.current_player()
        state.apply_action(_lowest_legal(state, mover, joint[mover]))
    return _settle(state)


def _settle(state: Any) -> list[Any]:
    if not state.is_chance_node():
        return [(1.0, state)]
    return [
        (share * further, end)
        for action, share in state.chance_outcomes()
        for further, end in _settle(state.child(action))
    ]


@pytest.mark.parametrize("name", [*ONE_SHOT, "matrix_bos", "matrix_rpsw"])
def test_payoff_tensors_agree_both_ways(name: str) -> None:
    """Every cell equals what OpenSpiel's own play of it returns, and the way back gives the same tensor."""
    theirs = pyspiel.load_game(name)
    ours = open_spiel_game(name)
    start = theirs.new_initial_state()
    for profile in ours.profiles():
        end = start.clone()
        end.apply_actions(list(profile))
        assert ours.payoffs[(0, slice(None), *profile)].tolist() == end.returns()
    assert np.array_equal(open_spiel_game(to_open_spiel(ours)).payoffs, ours.payoffs)


def test_openspiels_games_are_base_games_of_our_environments() -> None:
    options = {"game": "open_spiel:matrix_pd", "horizon": 6}
    trace = palaestra.run("RepeatedGame-v0", {"player_0": "AlwaysDefect", "player_1": "TitForTat"}, options=options)
    table = pyspiel.load_matrix_game("matrix_pd")
    assert trace.rewards is not None
    assert trace.rewards[0][:, 0].tolist() == [table.row_utilities()[1][0]] + [table.row_utilities()[1][1]] * 5
    assert palaestra.replay(trace).rewards[1].tolist() == trace.rewards[1].tolist()  # type: ignore[index]


@pytest.mark.parametrize(("name", "options"), DETERMINISTIC, ids=lambda value: str(value))
def test_random_plays_earn_what_openspiel_pays(name: str, options: dict[str, Any]) -> None:
    """Any numbers of the action spaces are played, illegal ones too: those count as the lowest legal action."""
    game, rules, lanes = pyspiel.load_game(name), FromOpenSpiel(name, **options), 12
    chance = random.Random(5)
    batch: Batch[Any] = Batch(rules, lanes, autoreset=False)
    seen = batch.reset(0)
    states = [game.new_initial_state() for _ in range(lanes)]
    earned, steps = np.zeros((lanes, game.num_players())), 0
    while batch.started:
        for lane, state in enumerate(states):
            for player in range(game.num_players()):
                if state.is_terminal():
                    continue
                tensor = np.reshape(state.observation_tensor(player), game.observation_tensor_shape())
                assert np.array_equal(seen[player]["observation"][lane], tensor)
                if legal := state.legal_actions(player):
                    assert np.flatnonzero(seen[player]["action_mask"][lane]).tolist() == legal
        actions = [np.array([chance.randrange(space.n) for _ in range(lanes)]) for space in rules.action_spaces]  # type: ignore[attr-defined]
        result = batch.step(actions)
        seen, steps = result.observations, steps + 1
        earned += np.stack(result.rewards, axis=1)
        for lane, state in enumerate(states):
            if not state.is_terminal():
                ((_, states[lane]),) = _move(state, [int(one[lane]) for one in actions])
        assert result.terminated.tolist() == [state.is_terminal() for state in states]
    assert steps <= rules.facts.horizon
    assert np.allclose(earned, [state.returns() for state in states], rtol=0, atol=1e-12)


@pytest.mark.parametrize(("name", "options"), WITH_CHANCE, ids=lambda value: str(value))
def test_chance_falls_as_often_as_openspiel_says(name: str, options: dict[str, Any]) -> None:
    """From the start and after a joint action: shares of what is seen and earned, within five standard errors."""
    game, rules, lanes = pyspiel.load_game(name), FromOpenSpiel(name, **options).placed(), 40_000
    keys, joint = lane_keys(range(lanes), backend()), [0] * game.num_players()
    node = rules.start(Draw(keys, -1, backend()))
    begun = _settle(game.new_initial_state())
    _shares_agree(rules, node, begun, None, joint)
    after, outcome = rules.step(node, tuple(np.zeros(lanes, np.int64) for _ in joint), 0, Draw(keys, 0, backend()))
    _shares_agree(rules, after, begun, outcome, joint)


def _shares_agree(rules: Any, state: OpenSpielState, begun: list[Any], outcome: Any, joint: list[int]) -> None:
    expected: dict[Any, float] = {}
    for chance, begin in begun:
        ends = [(1.0, begin)] if outcome is None else _move(begin, joint)
        for share, end in ends:
            paid = tuple(np.round(np.subtract(end.returns(), begin.returns()), 9).tolist()) if outcome else ()
            told = (*(end.observation_tensor(player) for player in range(len(joint))),)
            key = (paid, str(told))
            expected[key] = expected.get(key, 0.0) + chance * share
    seen, lanes = rules.observe(state, 0), len(state.node)
    found: dict[Any, float] = {}
    texts: dict[int, str] = {}
    for lane in range(lanes):
        number = int(state.node[lane])
        if number not in texts:
            texts[number] = str((*(one["observation"][lane].reshape(-1).tolist() for one in seen),))
        paid = tuple(round(float(reward[lane]), 9) for reward in outcome.rewards) if outcome else ()
        key = (paid, texts[number])
        found[key] = found.get(key, 0.0) + 1 / lanes
    assert found.keys() == expected.keys()
    for key, share in expected.items():
        assert abs(found[key] - share) <= 5 * np.sqrt(share * max(0.0, 1 - share) / lanes) + 1e-9


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("matrix_rps", {}),
        (REPEATED, {}),
        ("goofspiel(num_cards=3,imp_info=False)", {}),
        ("goofspiel(num_cards=3,players=3,points_order=descending)", {}),
        ("oshi_zumo(coins=3,size=1,horizon=4)", {"merge": True}),
        ("kuhn_poker", {}),
        ("catch(rows=4,columns=3)", {}),
        (REPEATED, {"horizon": 2}),
    ],
    ids=str,
)
def test_games_of_openspiel_keep_the_contract_of_an_environment(name: str, options: dict[str, Any]) -> None:
    check_environment(lambda: FromOpenSpiel(name, **options))


def test_merged_plays_are_the_same_game_with_fewer_states() -> None:
    """Oshi-Zumo by histories and merged: the same rewards for the same actions, in every lane."""
    name, lanes = "oshi_zumo(coins=3,size=1,horizon=4)", 200
    plain, merged = (Batch(FromOpenSpiel(name, merge=merge), lanes, autoreset=False) for merge in (False, True))
    plain.reset(0)
    merged.reset(0)
    chance = np.random.default_rng(1)
    while plain.started:
        actions = [chance.integers(4, size=lanes) for _ in range(2)]
        one, other = plain.step(actions), merged.step(actions)
        assert all(np.array_equal(a, b) for a, b in zip(one.rewards, other.rewards, strict=True))
        assert np.array_equal(one.terminated, other.terminated)
    assert len(np.unique(merged.state.node)) < len(np.unique(plain.state.node))


def test_merging_plays_that_only_look_alike_is_refused() -> None:
    """Kuhn poker's text shows both cards, but a game whose states all look alike is caught by its plays."""
    with pytest.raises(PalaestraError, match="merge=True confuses plays"):
        FromOpenSpiel(_forgetful_game(), merge=True)
    FromOpenSpiel(_forgetful_game(), merge=False)


def _forgetful_game() -> Any:
    """Two rounds, nothing is shown; the second pays what the first player did in the first."""
    kind = pyspiel.GameType(
        short_name="palaestra_forgetful",
        long_name="Forgetful",
        dynamics=pyspiel.GameType.Dynamics.SIMULTANEOUS,
        chance_mode=pyspiel.GameType.ChanceMode.DETERMINISTIC,
        information=pyspiel.GameType.Information.PERFECT_INFORMATION,
        utility=pyspiel.GameType.Utility.GENERAL_SUM,
        reward_model=pyspiel.GameType.RewardModel.TERMINAL,
        max_num_players=2,
        min_num_players=2,
        provides_information_state_string=False,
        provides_information_state_tensor=False,
        provides_observation_string=False,
        provides_observation_tensor=False,
        parameter_specification={},
    )

    class State(pyspiel.State):  # type: ignore[misc]
        def __init__(self, game: Any) -> None:
            super().__init__(game)
            self.played: list[int] = []

        def current_player(self) -> Any:
            return pyspiel.PlayerId.TERMINAL if len(self.played) == 2 else pyspiel.PlayerId.SIMULTANEOUS

        def _legal_actions(self, player: int) -> list[int]:
            return [0, 1]

        def _apply_actions(self, actions: list[int]) -> None:
            self.played.append(actions[0])

        def is_terminal(self) -> bool:
            return len(self.played) == 2

        def returns(self) -> list[float]:
            return [float(self.played[0]), 0.0] if self.is_terminal() else [0.0, 0.0]

        def __str__(self) -> str:
            return "?"

    class Forgetful(pyspiel.Game):  # type: ignore[misc]
        def __init__(self, params: Any = None) -> None:
            super().__init__(kind, pyspiel.GameInfo(2, 0, 2, 0.0, 1.0, None, 2), params or {})

        def new_initial_state(self) -> Any:
            return State(self)

    return Forgetful()


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: FromOpenSpiel("goofspiel(num_cards=5)", most_states=1000), "more than 1000 states.*most_states"),
        (lambda: FromOpenSpiel("matrix_rsp"), "no OpenSpiel game 'matrix_rsp'. Did you mean 'matrix_rps'"),
        (lambda: FromOpenSpiel("matrix_rps", horizon=0), "horizon=0"),
        (lambda: FromOpenSpiel("mfg_garnet"), "mean-field"),
        (lambda: FromOpenSpiel("stones_and_gems"), "samples chance without listing the outcomes"),
        (lambda: FromOpenSpiel("kuhn_poker", most_states=0), "more than 0 states"),
        (lambda: FromOpenSpiel("blotto(coin=3)"), "OpenSpiel cannot load"),
        (lambda: open_spiel_game("kuhn_poker"), "not of one shot"),
        (lambda: open_spiel_game(REPEATED), "not of one shot"),
        (lambda: palaestra.rules("TransferGame-v0", game="open_spiel:nothing"), "no OpenSpiel game 'nothing'"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason(make: Any, told: str) -> None:
    with pytest.raises(PalaestraError, match=told):
        make()


def test_rules_of_openspiel_can_be_pickled_and_come_from_the_registry() -> None:
    rules = wrappers["FromOpenSpiel"].make(game="goofspiel(num_cards=3)")
    copy = pickle.loads(pickle.dumps(rules.placed()))
    one, other = (Batch(each, 5) for each in (rules, copy))
    assert np.array_equal(one.reset(3)[0]["observation"], other.reset(3)[0]["observation"])
