"""RankingFeedback on rules of one learner that are not ours: the rewards of all actions, ranked (sheet 3a)."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import palaestra
import pytest
from gymnasium import spaces
from palaestra.agents.rankings.ranking_learner import RankingLearner
from palaestra.core.arena import play
from palaestra.core.batch import Batch
from palaestra.core.contract import check_environment, check_wrapper
from palaestra.core.errors import PalaestraError
from palaestra.core.rules import Facts, Outcome, Rules
from palaestra.theory.games.classics import CLASSICS
from palaestra.theory.games.read_game import read_game
from palaestra.theory.rankings import IndependentShifts
from palaestra.wrappers import wrappers
from palaestra.wrappers.ranking_bandit import RankingBandit
from palaestra.wrappers.ranking_feedback import RankingFeedback
from palaestra.wrappers.ranking_game import RankingGame


class ArmState(NamedTuple):
    means: Any
    last: Any
    pulls: Any


class Arms(Rules[ArmState]):
    """Three arms, called 1 to 3, whose means turn round by round; it shows the last arm and what it paid."""

    single = True

    def __init__(self, players: int = 1, tires: float = 0.0, action: Any = None, low: float = -1.0) -> None:
        self.tires = tires
        self.facts = Facts(
            players=tuple(f"player_{i}" for i in range(players)),
            horizon=40,
            payoff_range=(low, 1.0),
            information="public",
            zero_sum=False,
            stochastic=True,
            optimum="none",
            truth="Made for tests.",
            metrics=("welfare",),
        )
        self.observation_spaces = (spaces.Box(-np.inf, np.inf, (2,), np.float64),) * players
        self.action_spaces = (spaces.Discrete(3, start=1) if action is None else action,) * players

    def start(self, draw: Any) -> ArmState:
        return ArmState(
            draw.uniform("means", (3,), -0.5, 0.5), self.where.zeros((draw.lanes, 2)), self.where.zeros((draw.lanes, 3))
        )

    def observe(self, state: ArmState, step: Any) -> Any:
        return (state.last,)

    def step(self, state: ArmState, actions: Any, step: Any, draw: Any) -> Any:
        xp, arm = self.xp, actions[0] - 1
        chosen = arm[:, None] == self.where.arange(3)
        paid = xp.take_along_axis(state.means, arm[:, None], axis=1)[:, 0] + draw.uniform("noise", (), -0.5, 0.5)
        paid = paid - self.tires * xp.take_along_axis(state.pulls, arm[:, None], axis=1)[:, 0]
        last = xp.stack([xp.astype(actions[0], xp.float64), paid], axis=1)
        turned = xp.concat([state.means[:, 1:], state.means[:, :1]], axis=1)
        return ArmState(turned, last, state.pulls + xp.astype(chosen, xp.float64)), Outcome((paid,))


def earned_by(arm: int, lanes: int) -> Any:
    """The plain rules with one arm throughout: (rounds, lanes)."""
    batch: Batch[Any] = Batch(Arms(), lanes, autoreset=False)
    batch.reset(3)
    return np.stack([batch.step((np.full(lanes, arm),)).rewards[0] for _ in range(40)])


def test_the_utilities_are_what_each_action_earns_in_the_plain_rules() -> None:
    """To the bit: every arm is played throughout in the plain rules, from the same seeds."""
    batch: Batch[Any] = Batch(RankingFeedback(Arms(), information="bandit", proposals=4), 5, autoreset=False)
    batch.reset(3)
    plain = np.stack([earned_by(arm, 5) for arm in (1, 2, 3)], axis=-1)
    chooser = np.random.default_rng(0)
    for step in range(40):
        proposals = chooser.integers(0, 3, (5, 4))
        result = batch.step((proposals,))
        assert (result.scoring["utility"] == plain[step]).all()
        assert result.rewards[0] == pytest.approx(np.take_along_axis(plain[step], proposals, 1).mean(1), abs=1e-15)
        assert set(result.observations[0]) == {"ranking"}, "the rules' own observation would tell the reward"


def plain_game() -> Any:
    return palaestra.rules("RepeatedGame-v0", game="prisoners_dilemma", horizon=6)


@pytest.mark.parametrize(
    ("plain", "base", "first"), [(Arms, Arms, 1), (plain_game, lambda: CLASSICS["prisoners_dilemma"].game, 0)]
)
def test_one_proposal_and_numbers_change_nothing(plain: Any, base: Any, first: int) -> None:
    """The public contract of wrappers: at K = 1 the rewards are those of the plain rules, to the bit."""
    check_wrapper(
        plain,
        lambda: RankingFeedback(base(), "numeric", "bandit", 1, horizon=plain().facts.horizon),
        actions=lambda actions, stage: tuple(one[:, None] - first for one in actions),
    )


@pytest.mark.parametrize(("feedback", "information"), [("instantaneous", "bandit"), ("average", "full")])
def test_a_wrapped_bandit_keeps_the_contract_of_environments(feedback: Any, information: Any) -> None:
    check_environment(lambda: RankingFeedback(Arms(), feedback, information, 3, 0.5, 8), name="wrapped arms")


def test_a_ranking_learner_plays_a_wrapped_bandit() -> None:
    trace = play(RankingFeedback(Arms(), temperature=0.2), [RankingLearner()], range(6))
    regret = palaestra.evaluate(trace, ["external_regret"])["external_regret"]
    assert regret.shape == (6,) and np.isfinite(regret).all()


def test_rules_whose_rewards_depend_on_past_actions_are_refused() -> None:
    """An arm that pays less each time it is pulled: what a proposal earns then depends on the play, not the round."""
    with pytest.raises(PalaestraError, match=r"what action 1 earns in round 1 depends on what was played"):
        RankingFeedback(Arms(tires=0.01))


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (Arms(players=2), "2 players"),
        (Arms(action=spaces.Box(0.0, 1.0, (3,), np.float64)), "Box"),
        (Arms(low=-np.inf), "Utilities from -inf"),
        ("prisoners_dilemma", "cannot wrap 'prisoners_dilemma'"),
    ],
)
def test_what_cannot_be_wrapped_is_refused_with_the_reason(rules: Any, message: str) -> None:
    with pytest.raises(PalaestraError, match=message):
        RankingFeedback(rules)


def test_a_longer_horizon_than_the_rules_have_is_refused() -> None:
    with pytest.raises(PalaestraError, match="horizon=41 is not allowed: Arms ends after 40"):
        RankingFeedback(Arms(), horizon=41)


def test_one_wrapper_takes_games_processes_and_rules() -> None:
    """DESIGN 4: the ids RankingBandit-v0 and RankingGame-v0 are this wrapper on a base."""
    wrap = wrappers["RankingFeedback"].make
    games: tuple[Any, ...] = (CLASSICS["chicken"].game, read_game("random_polymatrix", 3, 2))
    bandits: tuple[Any, ...] = (IndependentShifts(4), Arms())
    assert all(isinstance(wrap(base=base), RankingGame) for base in games)
    assert all(isinstance(wrap(base=base), RankingBandit) for base in bandits)
    assert wrap(base=Arms()).facts.horizon == 40
    assert wrap(base=IndependentShifts(4)).facts.horizon == 1000
    game = CLASSICS["prisoners_dilemma"].game
    options: dict[str, Any] = {"feedback": "average", "information": "bandit", "horizon": 6}
    ours, theirs = (
        play(rules, [palaestra.agents.agents.spec("RankingPGD").make() for _ in range(2)], range(3))
        for rules in (RankingFeedback(game, **options), palaestra.rules("RankingGame-v0", game=game, **options))
    )
    assert all((a == b).all() for a, b in zip(ours.actions, theirs.actions, strict=True))
