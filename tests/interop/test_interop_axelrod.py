"""Axelrod's strategies play our games as they play their own, and our agents sit at Axelrod's table.

The library is optional and heavy; docs/how_to/use_axelrod.md says how to install it beside palaestra.
"""

from __future__ import annotations

import warnings
from typing import Any, ClassVar

import numpy as np
import palaestra
import pytest
from palaestra.agents import agents
from palaestra.core.contract import check_agent
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.tournament.tournament import tournament
from palaestra.wrappers import wrappers

axelrod: Any = pytest.importorskip("axelrod", reason="axelrod is not installed: see docs/how_to/use_axelrod.md")

TURNS = 40
FAMILY = {
    "TitForTat": "TitForTat",
    "Grim": "Grudger",
    "AlwaysDefect": "Defector",
    "AlwaysCooperate": "Cooperator",
    "WinStayLoseShift": "WinStayLoseShift",
    "TitForTwoTats": "TitFor2Tats",
    "SuspiciousTitForTat": "SuspiciousTitForTat",
    "TwoTitsForTat": "TwoTitsForTat",
}
"""Our names of deterministic strategies, and Axelrod's."""


def deterministic() -> list[Any]:
    """Axelrod's strategies that draw nothing, run fast, and keep away from their opponent's code and state."""
    traits = ("stochastic", "long_run_time", "inspects_source", "manipulates_source", "manipulates_state")
    return [one for one in axelrod.all_strategies if not any(axelrod.Classifiers[trait](one()) for trait in traits)]


def from_axelrod(strategy: Any, **options: Any) -> Any:
    return wrappers["FromAxelrod"].make(strategy=strategy, **options)


def our_match(first: Any, second: Any, turns: int = TURNS, **options: Any) -> list[tuple[int, int]]:
    trace = palaestra.run("RepeatedGame-v0", [first, second], horizon=turns, options=options)
    return [(int(a[0]), int(b[0])) for a, b in zip(*trace.actions, strict=True)]


def their_match(first: Any, second: Any, turns: int = TURNS, **options: Any) -> list[tuple[int, int]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        played = axelrod.Match((first, second), turns=turns, **options).play()
    return [(int(a == axelrod.Action.D), int(b == axelrod.Action.D)) for a, b in played]


def test_there_are_more_than_a_hundred_deterministic_strategies() -> None:
    assert len(deterministic()) >= 100


@pytest.mark.parametrize("opponent", ["TitForTat", "Alternator", "CyclerCCCDCD", "Adaptive"])
def test_every_deterministic_strategy_plays_as_in_axelrods_own_match(opponent: str) -> None:
    other = getattr(axelrod, opponent)
    for strategy in deterministic():
        theirs = their_match(strategy(), other())
        assert our_match(from_axelrod(strategy), from_axelrod(opponent)) == theirs, strategy.name


def test_the_opponents_answer_is_what_differs_between_strategies() -> None:
    """The comparison above could not pass with players that never see the history."""
    played = {tuple(our_match(from_axelrod(strategy), from_axelrod("CyclerCCCDCD"))) for strategy in deterministic()}
    assert len(played) > 40


@pytest.mark.parametrize(
    ("first", "second"), [("Random", "TitForTat"), ("FirstByJoss", "GTFT"), ("FirstByTullock", "Random")]
)
def test_a_stochastic_strategy_with_the_seed_of_its_match_plays_as_in_it(first: str, second: str) -> None:
    one, other = getattr(axelrod, first), getattr(axelrod, second)
    theirs = their_match(one(), other(), seed=7)
    handed, seeds = axelrod.RandomGenerator(seed=7), []
    for player in (one(), other()):
        seeds.append(handed.random_seed_int() if axelrod.Classifiers["stochastic"](player) else None)
    ours = our_match(from_axelrod(first, seed=seeds[0]), from_axelrod(second, seed=seeds[1]))
    assert ours == theirs
    assert our_match(from_axelrod(first, seed=12), from_axelrod(second, seed=13)) != theirs


def test_a_strategy_is_told_the_length_and_the_payoffs_of_the_match() -> None:
    """Stein and Rapoport's strategy defects in the last two rounds, if it knows which they are."""
    ours = our_match(from_axelrod("FirstBySteinAndRapoport"), from_axelrod("Cooperator"), turns=20)
    assert [action for action, _ in ours[-3:]] == [0, 1, 1]
    told = _told(game="stag_hunt")
    assert told["game"].RPST() == (5, 2, 0, 4) and told["length"] == 5 and told["noise"] == 0


def _told(**options: Any) -> Any:
    """What a player of the second seat was told."""
    kept: list[Any] = []

    class Listener(axelrod.Cooperator):  # type: ignore[misc]
        name = "Listener"

        def receive_match_attributes(self) -> None:
            kept.append(self.match_attributes)

    our_match(from_axelrod("Cooperator"), from_axelrod(Listener), turns=5, **options)
    return kept[-1]


def test_an_asymmetric_game_is_told_from_the_players_own_side() -> None:
    told = _told(game=[[[1, 2], [3, 4]], [[5, 6], [7, 8]]])["game"]
    assert told.A.tolist() == [[5, 7], [6, 8]] and told.B.tolist() == [[1, 3], [2, 4]]


@pytest.mark.parametrize("strategy", ["TitForTat", "Random", "Adaptive"])
def test_a_strategy_keeps_the_contract_of_agents(strategy: str) -> None:
    check_agent(lambda: from_axelrod(strategy), lambda: palaestra.rules("RepeatedGame-v0", horizon=12))


class Telepath(axelrod.Player):  # type: ignore[misc]
    name = "Telepath"

    def strategy(self, opponent: Any) -> Any:
        return opponent.strategy(self)


def test_what_axelrods_players_cannot_play_is_refused() -> None:
    with pytest.raises(PalaestraError, match="There is no strategy of axelrod 'TitForTit'"):
        from_axelrod("TitForTit")
    for options in ({"game": "rock_paper_scissors"}, {"information": "maps"}, {"game": "random_normal_form"}):
        with pytest.raises(PalaestraError, match="one two-by-two game by actions"):
            our_match(from_axelrod("TitForTat"), "Uniform", turns=3, **options)
    with pytest.raises(PalaestraError, match="memory=1 or more"):
        our_match(from_axelrod("TitForTat"), "AlwaysDefect", turns=3, memory=0)
    with pytest.raises(PalaestraError, match="runs its opponent's code"):
        our_match(from_axelrod(Telepath), "AlwaysDefect", turns=3)


@pytest.mark.parametrize("name", FAMILY)
def test_our_strategies_are_theirs_at_axelrods_table(name: str) -> None:
    ours, theirs = wrappers["ToAxelrod"].make(agent=agents.spec(name).make()), getattr(axelrod, FAMILY[name])
    for opponent in deterministic()[::4]:
        assert their_match(ours(), opponent()) == their_match(theirs(), opponent()), opponent.name


def test_a_seated_agent_sees_the_noise_as_it_was_played() -> None:
    ours = wrappers["ToAxelrod"].make(agent=agents.spec("WinStayLoseShift").make())
    for opponent in (axelrod.TitForTat, axelrod.Alternator):
        with_ours = their_match(ours(), opponent(), noise=0.2, seed=3)
        assert with_ours == their_match(axelrod.WinStayLoseShift(), opponent(), noise=0.2, seed=3)
        assert with_ours != their_match(ours(), opponent())


class Accountant:
    """Repeats an action until it earned less than the mean so far; keeps everything that it is taught."""

    batched = False
    kept: ClassVar[list[tuple[Any, ...]]] = []

    def reset(self, task: Any, lanes: int, seed: int) -> None:
        self.action, self.earned, self.task = 0, [0.0], task
        self.kept.clear()

    def act(self, observation: Any) -> int:
        self.action ^= int(self.earned[-1] < np.mean(self.earned))
        return self.action

    def learn(self, transition: Any) -> None:
        self.earned.append(float(transition.reward))
        before, after = (seen["history"].tolist() for seen in (transition.observation, transition.next_observation))
        self.kept.append((before, int(transition.action), transition.reward, after, transition.step))


@pytest.mark.parametrize("memory", [1, 3])
def test_a_seated_learner_is_taught_and_plays_as_in_our_own_game(memory: int) -> None:
    ours = our_match(Accountant, from_axelrod("CyclerCCCDCD"), turns=40, memory=memory)
    taught = list(Accountant.kept)
    player = wrappers["ToAxelrod"].make(agent=Accountant, memory=memory)
    theirs = their_match(player(), axelrod.CyclerCCCDCD(), turns=40)
    assert theirs == ours and len({action for action, _ in theirs}) > 1
    assert Accountant.kept == taught[:-1], "all but the last turn"


def test_a_stochastic_agent_is_seeded_by_its_match() -> None:
    player = wrappers["ToAxelrod"].make(agent=agents.spec("GenerousTitForTat").make())
    first, again, other = (their_match(player(), axelrod.Alternator(), seed=seed) for seed in (5, 5, 6))
    assert first == again and first != other
    forgiven = np.mean([own == 0 for (own, _), (_, last) in zip(first[1:], first[:-1], strict=True) if last == 1])
    assert 0.05 < forgiven < 0.75, "it cooperates after a third of the defections"


def test_an_axelrod_tournament_with_our_players_scores_as_with_its_own() -> None:
    """Tournament payoffs of five strategies equal Axelrod's, in their tournament and in ours."""
    names = ["TitForTat", "Grim", "AlwaysDefect", "AlwaysCooperate", "WinStayLoseShift"]
    seated = [wrappers["ToAxelrod"].make(agent=agents.spec(name).make())() for name in names]
    own = [getattr(axelrod, FAMILY[name])() for name in names]
    results = []
    for players in (seated, own):
        played = axelrod.Tournament(players, turns=50, repetitions=1, seed=1).play(progress_bar=False)
        results.append([[cell[0] for cell in row] for row in played.payoffs])
    assert results[0] == results[1]
    ours = tournament(names, {"game": "prisoners_dilemma"}, rounds=50, seeds=1)
    assert np.allclose(ours.table, results[1], rtol=0, atol=1e-12)
