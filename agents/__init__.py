"""Agents: one file, one line each. They see spaces and a task, and never import environments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..core.registry import Registry

if TYPE_CHECKING:
    from ..core.agent import Agent

agents: Registry[type[Agent]] = Registry("agent", __name__)

# every family
agents.register("Uniform", ".uniform:Uniform")

# transfers
agents.register("Sete", ".transfers.sete:Sete")
agents.register("SeteMultiplicativeWeights", ".transfers.sete:Sete", solver="multiplicative_weights")
agents.register("SeteBestResponse", ".transfers.sete:Sete", solver="best_response")
agents.register("SeteOptimum", ".transfers.sete:Sete", solver="optimum")
agents.register("PriceMessages", ".transfers.price_messages:PriceMessages")
agents.register("SocialOptimum", ".transfers.social_optimum:SocialOptimum")
agents.register("BestResponse", ".transfers.best_response:BestResponse")
agents.register("Hedge", ".transfers.hedge:Hedge")
agents.register("RegretMatchingPlus", ".transfers.regret_matching_plus:RegretMatchingPlus")
agents.register("FictitiousPlay", ".transfers.fictitious_play:FictitiousPlay")

# mediation
agents.register("AcceptAll", ".mediation.accept_all:AcceptAll")
agents.register("BestResponder", ".mediation.best_responder:BestResponder")
agents.register("Stubborn", ".mediation.stubborn:Stubborn")
agents.register("StubbornMyopic", ".mediation.stubborn:Stubborn", plays_then="myopic")
agents.register("VoidOffer", ".mediation.binding_mediator:BindingMediator", outside="void")
agents.register("IndependentMinMax", ".mediation.binding_mediator:BindingMediator", outside="independent")
agents.register("CorrelatedMinMax", ".mediation.binding_mediator:BindingMediator", outside="correlated")
agents.register(
    "CorrelatedMinMaxUnpaid", ".mediation.binding_mediator:BindingMediator", outside="correlated", split="none"
)
agents.register(
    "VoidOfferProportional", ".mediation.binding_mediator:BindingMediator", outside="void", split="proportional"
)
agents.register(
    "IndependentMinMaxProportional",
    ".mediation.binding_mediator:BindingMediator",
    outside="independent",
    split="proportional",
)
agents.register(
    "CorrelatedMinMaxProportional",
    ".mediation.binding_mediator:BindingMediator",
    outside="correlated",
    split="proportional",
)

# repeated
agents.register("AlwaysCooperate", ".repeated.constant_play:ConstantPlay", action=0)
agents.register("AlwaysDefect", ".repeated.constant_play:ConstantPlay", action=-1)
agents.register("BestReply", ".repeated.best_reply:BestReply")
agents.register("CoinFlipper", ".repeated.necessity:CoinFlipper")
agents.register("DecayingMemory", ".repeated.decaying_memory:DecayingMemory")
agents.register("DrawnDecaying", ".repeated.drawn_opponent:DrawnOpponent", family="decaying")
agents.register("DrawnDrifting", ".repeated.drawn_opponent:DrawnOpponent", family="drifting")
agents.register("DrawnReactive", ".repeated.drawn_opponent:DrawnOpponent", family="reactive")
agents.register("DriftingMixture", ".repeated.drifting_mixture:DriftingMixture")
agents.register("Extortion", ".repeated.zero_determinant:ZeroDeterminant", baseline="extort")
agents.register("FirstActionJudge", ".repeated.necessity:FirstActionJudge")
agents.register("GenerousTitForTat", ".repeated.reactive:Reactive", rule="tit_for_tat", generosity=1 / 3)
agents.register("GenerousZeroDeterminant", ".repeated.zero_determinant:ZeroDeterminant", baseline="generous")
agents.register("Grim", ".repeated.reactive:Reactive", rule="grim")
agents.register("HistoryQLearning", ".repeated.history_q_learning:HistoryQLearning")
agents.register("LinearisedRegret", ".repeated.linearised_regret:LinearisedRegret")
agents.register("LinearisedRegretUniform", ".repeated.linearised_regret:LinearisedRegret", weights="uniform")
agents.register("NoisyTitForTat", ".repeated.reactive:Reactive", rule="tit_for_tat", noise=0.1)
agents.register("OccupancyDescent", ".repeated.occupancy_descent:OccupancyDescent")
agents.register("PerturbedLeader", ".repeated.perturbed_leader:PerturbedLeader")
agents.register("StageExp3", ".repeated.stage_learner:StageLearner", alg="exp3")
agents.register("StageFictitiousPlay", ".repeated.stage_learner:StageLearner", alg="fictitious_play")
agents.register("StageFTRL", ".repeated.stage_learner:StageLearner", alg="ftrl")
agents.register("StageHedge", ".repeated.stage_learner:StageLearner", alg="hedge")
agents.register("StagePGD", ".repeated.stage_learner:StageLearner", alg="pgd")
agents.register("StageRegretMatchingPlus", ".repeated.stage_learner:StageLearner", alg="regret_matching_plus")
agents.register("SuspiciousTitForTat", ".repeated.reactive:Reactive", rule="suspicious_tit_for_tat")
agents.register("TitForTat", ".repeated.reactive:Reactive", rule="tit_for_tat")
agents.register("TitForTwoTats", ".repeated.reactive:Reactive", rule="tit_for_two_tats")
agents.register("TwoTitsForTat", ".repeated.reactive:Reactive", rule="two_tits_for_tat")
agents.register("WinStayLoseShift", ".repeated.reactive:Reactive", rule="win_stay_lose_shift")

# rankings
agents.register("BestFixed", ".rankings.best_fixed:BestFixed")
agents.register("DoubleThompson", ".rankings.double_thompson:DoubleThompson")
agents.register("Exp3", ".rankings.exp3:Exp3")
agents.register("NumericHedge", ".rankings.numeric_learner:NumericLearner", alg="hedge")
agents.register("NumericPGD", ".rankings.numeric_learner:NumericLearner", alg="pgd")
agents.register("RUCB", ".rankings.rucb:RUCB")
agents.register("RankingFTRL", ".rankings.ranking_learner:RankingLearner", alg="ftrl")
agents.register("RankingHedge", ".rankings.ranking_learner:RankingLearner", alg="hedge")
agents.register("RankingPGD", ".rankings.ranking_learner:RankingLearner", alg="pgd")
agents.register("TopRanked", ".rankings.top_ranked:TopRanked")

# routing
agents.register("LinUCB", ".routing.lin_ucb:LinUCB")
agents.register("RoutingOracle", ".routing.routing_oracle:RoutingOracle")

# social
agents.register("NoAI", ".social.common_training:CommonTraining", towards="none")
agents.register("PopulationShare", ".social.common_training:CommonTraining", towards="population")
agents.register("MajorityTraining", ".social.common_training:CommonTraining", towards="majority")
agents.register("MinorityTraining", ".social.common_training:CommonTraining", towards="minority")
agents.register("RobustMidpoint", ".social.robust_midpoint:RobustMidpoint")
agents.register("LocalAggregators", ".social.local_aggregators:LocalAggregators")
agents.register("TrainingOracle", ".social.training_oracle:TrainingOracle")
agents.register("ConstantReliance", ".social.constant_reliance:ConstantReliance")
agents.register("NeighboursOnly", ".social.constant_reliance:ConstantReliance", neighbours=1.0, ai=0.0)
agents.register("AIOnly", ".social.constant_reliance:ConstantReliance", neighbours=0.0, ai=1.0)
agents.register("BoundedConfidence", ".social.bounded_confidence:BoundedConfidence")

# preferences
agents.register("FStar", ".preferences.preference_rule:PreferenceRule", rule="proportional")
agents.register("FStarUncertain", ".preferences.preference_rule:PreferenceRule", rule="proportional", pairs="uncertain")
agents.register("FBeta1", ".preferences.preference_rule:PreferenceRule", rule="proportional", beta=1.0)
agents.register("FBeta5", ".preferences.preference_rule:PreferenceRule", rule="proportional", beta=5.0)
agents.register("FBeta10", ".preferences.preference_rule:PreferenceRule", rule="proportional", beta=10.0)
agents.register("FBeta20", ".preferences.preference_rule:PreferenceRule", rule="proportional", beta=20.0)
agents.register("Borda", ".preferences.preference_rule:PreferenceRule", rule="borda")
agents.register("BradleyTerry", ".preferences.preference_rule:PreferenceRule", rule="bradley_terry")
agents.register("MaximalLottery", ".preferences.preference_rule:PreferenceRule", rule="maximal_lottery")
agents.register("Minimax", ".preferences.preference_rule:PreferenceRule", rule="minimax")
agents.register("Copeland", ".preferences.preference_rule:PreferenceRule", rule="copeland")
agents.register("RandomDictator", ".preferences.random_dictator:RandomDictator")
agents.register("TruthfulGroup", ".preferences.group_report:GroupReport", report="truth")
agents.register("BuryingGroup", ".preferences.group_report:GroupReport", report="bury")

# acquisition
agents.register("MinimalDataSet", ".acquisition.minimal_data_set:MinimalDataSet")
agents.register("LeastCostDataSet", ".acquisition.minimal_data_set:MinimalDataSet", by="price")
agents.register("PointwiseCertificate", ".acquisition.pointwise_certificate:PointwiseCertificate")
agents.register("CumulativeDataSet", ".acquisition.cumulative_data_set:CumulativeDataSet")
agents.register("GreedyUncertainty", ".acquisition.greedy_uncertainty:GreedyUncertainty")
agents.register("BuyAll", ".acquisition.buy_in_order:BuyInOrder")
agents.register("CommitNow", ".acquisition.buy_in_order:BuyInOrder", count=0)
agents.register("RandomK", ".acquisition.random_k:RandomK")
agents.register("TwoStageLeastSquares", ".acquisition.cost_predictor:CostPredictor")
agents.register("SPOPlus", ".acquisition.cost_predictor:CostPredictor", loss="spo_plus")
agents.register("CompressedSPOPlus", ".acquisition.cost_predictor:CostPredictor", loss="compressed")


def seat_agents(
    chosen: Any, players: Sequence[str], options: Mapping[str, Any]
) -> tuple[list[Agent], list[str], dict[str, Any]]:
    """Agents for every seat.

    Args:
        chosen: One for every seat (each seat gets its own), or a mapping or sequence seat -> agent. An agent is a
            registered name, "module:attribute", an instance, a class, an SB3 model or a function.
        players: Seat names.
        options: The environment's options.

    Returns:
        Batched agents, their labels, and the options with those that the agents ask for.

    Raises:
        PalaestraError: A seat without an agent, a seat that does not exist, or something that cannot play.
    """
    from copy import deepcopy

    from ..core.as_agent import as_agent
    from ..core.errors import PalaestraError

    if isinstance(chosen, Mapping):
        if chosen.keys() != set(players):
            raise PalaestraError(f"The seats are {list(players)}, but agents were given for {sorted(chosen)}.")
        picks = [chosen[player] for player in players]
    elif isinstance(chosen, (list, tuple)):
        picks = list(chosen)
        if len(picks) != len(players):
            raise PalaestraError(f"{len(picks)} agents were given for the seats {list(players)}.")
    else:
        # A trained model only predicts, so its seats share it; one that has just been trained cannot be copied at all.
        shared = isinstance(chosen, str) or hasattr(chosen, "predict")
        picks = [chosen if shared else deepcopy(chosen) for _ in players]
    made = [find(pick) if isinstance(pick, str) else pick for pick in picks]
    labels = [pick if isinstance(pick, str) else getattr(pick, "__name__", type(pick).__name__) for pick in picks]
    seats = [as_agent(one) for one in made]
    whole = dict(options)
    for own in (getattr(seat, "prototype", seat) for seat in seats):
        whole = {**getattr(own, "needs", {}), **whole, **getattr(own, "privileges", {})}
    return seats, labels, whole


def options_asked_by(agent: Any) -> dict[str, Any]:
    """The environment options an agent plays with where nobody chose any: its `needs`, and its `privileges`."""
    return {**getattr(agent, "needs", {}), **getattr(agent, "privileges", {})}


def find(name: str) -> Any:
    """The agent called `name`: registered, or "module:attribute" of the user's own; options may follow in brackets.

    Or a model that Stable-Baselines3 saved, by the path of its .zip file.

    Examples: "NumericHedge", "NumericHedge(rate=0.1)", "my_module:MyAgent", "my_module:MyAgent(depth=3)", "ppo.zip".

    Raises:
        UnknownName: No such registered agent, or an option it does not take.
        PalaestraError: A module or attribute that is not there, or brackets that are not `key=value, ...`.
    """
    from ..core.errors import PalaestraError
    from ..core.registry import build
    from ..core.saved_model import is_saved_model, saved_model
    from ..core.target import meant_targets, named_call, named_target

    if is_saved_model(name):
        return saved_model(name)
    name, options = named_call(name)
    if ":" not in name:
        if name not in agents and (meant := meant_targets(name)):
            raise PalaestraError(f"There is no agent {name!r}. Did you mean {' or '.join(meant)}?")
        return agents[name].make(**options)
    target = named_target(name)
    return build(name, target, options) if options else target
