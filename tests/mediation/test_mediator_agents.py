"""Players of the mediated game: what they accept, and what they play when they do not."""

from itertools import product
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.agents import agents
from palaestra.agents.mediation.best_responder import BestResponder
from palaestra.agents.mediation.binding_mediator import BindingMediator
from palaestra.agents.mediation.stubborn import Stubborn
from palaestra.core.arena import task_of
from palaestra.core.contract import check_agent
from palaestra.core.errors import PalaestraError
from palaestra.theory.games.classics import CLASSICS

DRAWN = {"game": "random_normal_form", "players": 3, "actions": 3, "horizon": 6}
MINE = [
    "AcceptAll",
    "BestResponder",
    "Stubborn",
    "StubbornMyopic",
    "VoidOffer",
    "IndependentMinMax",
    "CorrelatedMinMaxProportional",
    "CorrelatedMinMaxUnpaid",
]


@pytest.mark.parametrize("name", MINE)
def test_agents_keep_their_contract_where_every_lane_has_its_own_game(name: Any) -> None:
    """DESIGN, promise 2: a lane alone is offered, answered and played as in a batch."""

    def rules() -> Any:
        return palaestra.rules("MediatedGame-v0", **DRAWN)

    seats = agents[name].make().seats
    others = {seat: agents["Uniform"].make for seat in rules().facts.players if not seat.startswith(seats)}
    check_agent(agents[name].make, rules, others, env_id="MediatedGame-v0", name=name)


def seated(agent: Any, player: Any, options: Any, lanes: Any) -> Any:
    """The agent in its seat, told about the game."""
    rules = palaestra.rules("MediatedGame-v0", **options).placed()
    agent.reset(task_of(rules, "MediatedGame-v0", player), lanes, range(lanes))
    return agent


@pytest.mark.parametrize("player", [0, 1, 2])
def test_the_best_responder_accepts_what_is_worth_at_least_its_best_reply(player: Any) -> None:
    """Transfers sheet 1b: accept iff u_i(x*) + tau_i >= max_a u_i(a, y), else play the maximiser."""
    rng, lanes = np.random.default_rng(player), 300
    tensor = rng.integers(-3, 4, (3, 2, 3, 2)).astype(float)
    agent = seated(BestResponder(), player, {"game": tensor.tolist()}, lanes)
    counts = (2, 3, 2)
    seen = {
        "profile": np.stack([rng.integers(0, count, lanes) for count in counts], axis=1),
        "transfers": rng.integers(-4, 5, (lanes, 3)).astype(float),
        "punishments": rng.dirichlet(np.ones(6), (lanes, 3)),
    }
    width = 12 // counts[player]
    seen["punishments"][:, :, width:] = 0
    action = agent.act(seen)
    others = list(product(*(range(c) for j, c in enumerate(counts) if j != player)))
    for lane in range(lanes):
        law = seen["punishments"][lane, player]
        worth = [
            sum(law[k] * tensor[(player, *rest[:player], a, *rest[player:])] for k, rest in enumerate(others))
            for a in range(counts[player])
        ]
        offered = tensor[(player, *seen["profile"][lane])] + seen["transfers"][lane, player]
        assert action["accept"][lane] == (offered >= max(worth))
        assert worth[action["play"][lane]] == pytest.approx(max(worth), abs=1e-12)
    assert 0.2 < action["accept"].mean() < 0.8


def test_the_best_responder_takes_a_tie() -> None:
    agent = seated(BestResponder(), 0, {"game": "prisoners_dilemma"}, 1)
    seen = {"profile": np.array([[0, 0]]), "punishments": np.array([[[0.0, 1.0], [0.0, 1.0]]])}
    for payment, answer in ((-2.0, 1), (-2.0 - 1e-6, 0)):
        assert agent.act(seen | {"transfers": np.array([[payment, -payment]])})["accept"].tolist() == [answer]


def test_an_unfair_offer_is_rejected_and_the_base_game_goes_on() -> None:
    def greedy(observation: Any) -> Any:
        return {"profile": [0, 0], "transfers": [5.0, -5.0], "punishments": np.full((2, 2), 0.5)}

    seats = {"player_0": "BestResponder", "player_1": "BestResponder", "mediator_0": greedy}
    trace = palaestra.run("MediatedGame-v0", seats, range(3))
    assert trace.actions[0]["accept"][1].tolist() == [1, 1, 1]
    assert trace.actions[1]["accept"][1].tolist() == [0, 0, 0]
    scores = palaestra.evaluate(trace)
    assert (scores["acceptance"] == 0).all() and (scores["rejection_gain"] == 5.0).all()


def test_a_stubborn_player_secures_its_max_min() -> None:
    """von Neumann 1928: in rock paper scissors a third each (within 5 standard deviations of 3,000 lanes)."""
    agent = seated(Stubborn(), 0, {"game": "rock_paper_scissors"}, 3000)
    action = agent.act({"last_play": np.full((3000, 2), 3)})
    assert (action["accept"] == 0).all()
    counts = np.bincount(action["play"], minlength=3)
    assert (np.abs(counts - 1000) <= 5 * np.sqrt(3000 * 2 / 9)).all()


def test_a_stubborn_player_takes_its_pure_security_level() -> None:
    agent = seated(Stubborn(), 1, {"game": "chicken"}, 50)
    assert (agent.act({"last_play": np.full((50, 2), 2)})["play"] == 0).all()


def test_a_myopic_player_replies_to_what_was_played_last() -> None:
    agent = seated(Stubborn("myopic"), 1, {"game": "not_polymatrix"}, 2)
    assert agent.act({"last_play": np.array([[0, 0, 0], [0, 0, 1]])})["play"].tolist() == [1, 1]
    agent = seated(Stubborn("myopic"), 0, {"game": "battle_of_the_sexes"}, 2)
    assert agent.act({"last_play": np.array([[1, 0], [0, 1]])})["play"].tolist() == [0, 1]


def test_one_stubborn_player_is_held_to_its_outside_option_at_most() -> None:
    """Transfers sheet 1b: i alone rejects and gets at most v_i in expectation (here: its pure min-max, exactly)."""
    seats = {"player_0": "Stubborn", "player_1": "AcceptAll", "mediator_0": "CorrelatedMinMax"}
    trace: Any = palaestra.run("MediatedGame-v0", seats, range(4), options={"game": "prisoners_dilemma"})
    assert CLASSICS["prisoners_dilemma"].game.payoffs[0, 0, 1, 1] == 1
    assert (trace.rewards[0][2] == 1).all()


def test_without_payments_the_optimum_of_the_dilemma_holds_and_that_of_the_sheets_game_does_not() -> None:
    """Binding play alone suffices where it beats every outside option; else payments are needed (sheet 1c)."""
    two = {"player_0": "BestResponder", "player_1": "BestResponder", "mediator_0": "CorrelatedMinMaxUnpaid"}
    trace = palaestra.run("MediatedGame-v0", two, options={"game": "prisoners_dilemma"})
    assert palaestra.evaluate(trace)["acceptance"].tolist() == [1]
    three = two | {"player_2": "BestResponder"}
    trace = palaestra.run("MediatedGame-v0", three, options={"game": "not_polymatrix"})
    assert palaestra.evaluate(trace)["acceptance"].tolist() == [0]


@pytest.mark.parametrize(
    ("agent", "options", "words"),
    [
        (BindingMediator, {"outside": "nothing"}, "'void', 'independent', 'correlated'"),
        (BindingMediator, {"split": "half"}, "'equal', 'proportional', 'none'"),
        (Stubborn, {"plays_then": "later"}, "'max_min', 'myopic'"),
    ],
)
def test_wrong_options_of_agents_are_refused(agent: Any, options: Any, words: Any) -> None:
    with pytest.raises(PalaestraError, match=words):
        agent(**options)
