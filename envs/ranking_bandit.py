"""# RankingBandit: learn from how actions are ranked, without seeing what they are worth.

In each round the learner plays a strategy or proposes actions, hidden utilities arise, and it sees a random ranking.

Rules: `wrappers/ranking_bandit.py`; processes of utilities: `theory/rankings`.

## Rules
In each round the learner acts; then utilities u^t of all actions arise from a process that does not depend on the play;
then a ranking is drawn from the Plackett-Luce law of temperature tau, P(sigma) = prod_k exp(r(sigma_k) / tau) /
sum_{l >= k} exp(r(sigma_l) / tau). Here r is the utility of this round (feedback "instantaneous") or its average so far
("average"; under bandit information over the rounds that proposed the action, once for each time it was proposed).
tau = 0 sorts, ties to the smaller index. Feedback "numeric" shows the utilities instead: the oracle's bandit. This is
the wrapper `palaestra.wrappers.RankingFeedback` around a process of `palaestra.theory.rankings`.

## Players and actions
One learner. Information "full": an action is a strategy, weights from 0 to 1 that are divided by their sum (all zero:
uniform), and all actions are ranked. "bandit": an action is a list of `proposals` actions, which may repeat, and those
are ranked.

## Observation
`ranking`: the actions of the last round, best first (before the first round, the number of actions). With feedback
"numeric" it is `utilities` instead: of all actions, or of the proposals in their order (0 before the first round).
`best`, with reveal "hindsight": the best fixed action of the episode.

## Reward
The expected utility of the strategy, or the mean utility of the proposals. It is for scoring: under ranking feedback a
learner must not read it, and the arena withholds it.

## End
At the horizon.

## Arguments
See `palaestra show RankingBandit-v0`.

## Known solutions
Regret against the best fixed action is exact. With constant tau, the paper's algorithms have sublinear regret under
instantaneous feedback if the variation of utilities is sublinear, and under average feedback with full information
without that condition. "theorem_4_1", "theorem_4_3" and "theorem_4_4" are instances on which no algorithm has sublinear
regret, for small tau.

## Sources
Liu, Chen, Fan, Farina, Ozdaglar, Zhang, "Online Learning and Equilibrium Computation with Ranking Feedback",
arXiv 2603.19221 (ICLR 2026). Each utility process says which of its parts are our reconstruction.

## Version history
v0: first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..core.errors import PalaestraError, UnknownName
from ..core.settings_records import with_settings
from ..theory.rankings import DoublingSequences, DriftingWalk, IndependentShifts, IndistinguishablePair, ThreePhases
from ..theory.rankings.ranking_channel import Feedback, Information
from ..theory.rankings.utility_process import UtilityProcess
from ..wrappers.ranking_bandit import RankingBandit


@dataclass(frozen=True)
class UtilitySettings:
    """Where utilities come from.

    Attributes:
        utility: "walk" (drifts within a budget), "iid" (independent shifts around a fixed point), or an impossibility
            instance: "theorem_4_1", "theorem_4_3", "theorem_4_4".
        actions: How many actions; default: 10, or the 2 of an impossibility instance.
        q: The walk's variation budget is horizon^q.
        noise: Law of the shifts of "iid": "uniform", "normal" or "gamma".
        spread: Size of those shifts, in utility.
        instance: For "theorem_4_1" and "theorem_4_4": 1, 2, or none to draw one for each lane.
        sequence: For "theorem_4_3": which block is repeated, or none to draw each.
    """

    utility: str = "walk"
    actions: int | None = None
    q: float = 0.5
    noise: Literal["uniform", "normal", "gamma"] = "uniform"
    spread: float = 0.3
    instance: int | None = None
    sequence: int | None = None

    def __post_init__(self) -> None:
        if self.is_impossible and self.actions not in (None, 2):
            raise PalaestraError(
                f"actions={self.actions!r} is not allowed with utility={self.utility!r}: it has 2. Leave it out."
            )

    @property
    def is_impossible(self) -> bool:
        """Whether the process is one on which no algorithm has sublinear regret."""
        return self.utility.startswith("theorem_")

    @property
    def usual_temperature(self) -> float:
        """The temperature of the ranking where none is given; the impossibility theorems need small ones."""
        return {"theorem_4_1": 0.1}.get(self.utility, 0.0 if self.is_impossible else 1.0)

    def process(self, temperature: float) -> UtilityProcess[Any]:
        """The process of utilities; the instance of Theorem 4.1 depends on the temperature."""
        actions = 10 if self.actions is None else self.actions
        processes: Mapping[str, Callable[[], UtilityProcess[Any]]] = {
            "walk": lambda: DriftingWalk(actions, self.q),
            "iid": lambda: IndependentShifts(actions, self.noise, self.spread),
            "theorem_4_1": lambda: IndistinguishablePair(temperature, self.instance),
            "theorem_4_3": lambda: DoublingSequences(self.sequence),
            "theorem_4_4": lambda: ThreePhases(self.instance),
        }
        if self.utility not in processes:
            raise UnknownName("utility process", self.utility, processes)
        return processes[self.utility]()


@dataclass(frozen=True)
class FeedbackSettings:
    """What the learner plays and sees.

    Attributes:
        feedback: What is ranked: "instantaneous", "average"; or "numeric" (utilities are shown).
        information: "full" or "bandit".
        proposals: Actions proposed per round, under bandit information.
        temperature: tau of the ranking; default: 1, or 0.1 for "theorem_4_1" and 0 for the other two.
        horizon: Rounds of an episode.
        reveal: "hindsight" shows the best fixed action (for oracles).
    """

    feedback: Feedback = "instantaneous"
    information: Information = "full"
    proposals: int = 5
    temperature: float | None = None
    horizon: int = 1000
    reveal: Literal["hindsight"] | None = None


@with_settings(UtilitySettings, FeedbackSettings)
def ranking_bandit(utility: UtilitySettings, shown: FeedbackSettings) -> RankingBandit:
    """The rules of a ranking bandit."""
    if utility.utility == "theorem_4_1" and shown.information == "bandit" and shown.proposals != 2:
        raise PalaestraError(
            f"proposals={shown.proposals!r} is not allowed with utility='theorem_4_1': its two instances give rankings "
            "of equal law only for proposals=2."
        )
    temperature = utility.usual_temperature if shown.temperature is None else shown.temperature
    return RankingBandit(
        utility.process(temperature),
        shown.feedback,
        shown.information,
        shown.proposals,
        temperature,
        shown.horizon,
        reveal=shown.reveal,
    )


VARIANTS: Mapping[str, Mapping[str, Any]] = {
    "average, full information": {"feedback": "average", "horizon": 12},
    "instantaneous, bandit": {"information": "bandit", "proposals": 3, "horizon": 12, "temperature": 0.5},
    "average, bandit": {"feedback": "average", "information": "bandit", "horizon": 12},
    "numeric, bandit": {"feedback": "numeric", "information": "bandit", "proposals": 1, "horizon": 12},
    "numeric, hindsight": {"feedback": "numeric", "reveal": "hindsight", "horizon": 12},
    "normal shifts, sorted": {"utility": "iid", "noise": "normal", "actions": 4, "temperature": 0.0, "horizon": 12},
    "gamma shifts": {"utility": "iid", "noise": "gamma", "feedback": "average", "horizon": 12},
    "theorem 4.1": {"utility": "theorem_4_1", "horizon": 12},
    "theorem 4.3": {"utility": "theorem_4_3", "feedback": "average", "horizon": 12},
    "theorem 4.4": {"utility": "theorem_4_4", "feedback": "average", "information": "bandit", "horizon": 12},
}
"""Option sets that the public contract is run on."""
