"""RankingFeedback: rankings instead of payoffs, for a game, a utility process, or rules of one learner.

Source: Liu, Chen, Fan, Farina, Ozdaglar and Zhang, "Online Learning and Equilibrium Computation with Ranking Feedback"
(arXiv 2603.19221, ICLR 2026), section 3.
"""

from __future__ import annotations

from typing import Any

from ..core.errors import PalaestraError
from ..core.rules import Rules
from ..theory.games import Game, NormalFormGame, PolymatrixGame
from ..theory.games.game_source import GameSource
from ..theory.rankings import RewardsOfActions
from ..theory.rankings.ranking_channel import Feedback, Information
from ..theory.rankings.utility_process import UtilityProcess
from .ranking_bandit import RankingBandit
from .ranking_game import RankingGame


# A function with the name of a class: callers use it as one wrapper, whatever the base is.
def RankingFeedback(
    base: Game | GameSource | UtilityProcess[Any] | Rules[Any],
    feedback: Feedback = "instantaneous",
    information: Information = "full",
    proposals: int = 5,
    temperature: float = 1.0,
    horizon: int | None = None,
) -> RankingGame | RankingBandit:
    """Rules whose learners see only how their own actions were ranked.

    Args:
        base: A game, or a family that each lane draws from: its players each see rankings of their own payoffs. A
            utility process: a bandit. Rules of one learner whose action is Discrete and whose reward depends only on
            the round and the action: a bandit on the rewards of all its actions (`theory.rankings.RewardsOfActions`).
        feedback: What is ranked: "instantaneous" (this round's utilities), "average" (their mean over the past), or
            "numeric" (no ranking: the utilities themselves).
        information: "full": an action is a strategy and all actions are ranked. "bandit": an action is K proposals,
            with replacement, and those are ranked.
        proposals: K, under bandit information.
        temperature: tau of the Plackett-Luce ranking, in units of utility. 0 sorts, ties to the smaller index.
        horizon: Rounds of an episode; None: those of the wrapped rules, else 1000.

    Raises:
        PalaestraError: Something that cannot be wrapped, or a value that is not allowed, by name.

    Examples:
        >>> from palaestra.theory.games.classics import CLASSICS
        >>> RankingFeedback(CLASSICS["prisoners_dilemma"].game, temperature=0.5).facts.players
        ('player_0', 'player_1')
    """
    how = (feedback, information, proposals, temperature)
    if isinstance(base, (NormalFormGame, PolymatrixGame)):
        base = GameSource(base, None, base.span)
    if isinstance(base, GameSource):
        return RankingGame(base, *how, 1000 if horizon is None else horizon)
    if isinstance(base, Rules):
        horizon = base.facts.horizon if horizon is None else horizon
        base = RewardsOfActions(base, horizon)
    if isinstance(base, UtilityProcess):
        return RankingBandit(base, *how, 1000 if horizon is None else horizon)
    raise PalaestraError(
        f"RankingFeedback cannot wrap {base!r}. Give a game (`read_game` of theory.games reads names, "
        "files and payoffs), a utility process, or rules of one learner with a Discrete action."
    )
