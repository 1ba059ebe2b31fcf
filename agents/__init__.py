"""Agents: one file, one line each. They see spaces and a task, and never import environments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..core.registry import Registry

if TYPE_CHECKING:
    from ..core.agent import Agent

agents: Registry[type[Agent]] = Registry("agent", __name__)

agents.register("BestFixed", ".best_fixed:BestFixed")
agents.register("DoubleThompson", ".double_thompson:DoubleThompson")
agents.register("Exp3", ".exp3:Exp3")
agents.register("NumericHedge", ".numeric_learner:NumericLearner", alg="hedge")
agents.register("NumericPGD", ".numeric_learner:NumericLearner", alg="pgd")
agents.register("RUCB", ".rucb:RUCB")
agents.register("RankingFTRL", ".ranking_learner:RankingLearner", alg="ftrl")
agents.register("RankingHedge", ".ranking_learner:RankingLearner", alg="hedge")
agents.register("RankingPGD", ".ranking_learner:RankingLearner", alg="pgd")
agents.register("TopRanked", ".top_ranked:TopRanked")
agents.register("Uniform", ".uniform:Uniform")
agents.register("Sete", ".sete:Sete")
agents.register("SeteMultiplicativeWeights", ".sete:Sete", solver="multiplicative_weights")
agents.register("SeteBestResponse", ".sete:Sete", solver="best_response")
agents.register("SeteOptimum", ".sete:Sete", solver="optimum")
agents.register("PriceMessages", ".price_messages:PriceMessages")
agents.register("SocialOptimum", ".social_optimum:SocialOptimum")
agents.register("BestResponse", ".best_response:BestResponse")
agents.register("Hedge", ".hedge:Hedge")
agents.register("RegretMatchingPlus", ".regret_matching_plus:RegretMatchingPlus")
agents.register("FictitiousPlay", ".fictitious_play:FictitiousPlay")
agents.register("AcceptAll", ".accept_all:AcceptAll")
agents.register("BestResponder", ".best_responder:BestResponder")
agents.register("Stubborn", ".stubborn:Stubborn")
agents.register("StubbornMyopic", ".stubborn:Stubborn", plays_then="myopic")
agents.register("VoidOffer", ".binding_mediator:BindingMediator", outside="void")
agents.register("IndependentMinMax", ".binding_mediator:BindingMediator", outside="independent")
agents.register("CorrelatedMinMax", ".binding_mediator:BindingMediator", outside="correlated")
agents.register("CorrelatedMinMaxUnpaid", ".binding_mediator:BindingMediator", outside="correlated", split="none")
agents.register("VoidOfferProportional", ".binding_mediator:BindingMediator", outside="void", split="proportional")
agents.register(
    "IndependentMinMaxProportional", ".binding_mediator:BindingMediator", outside="independent", split="proportional"
)
agents.register(
    "CorrelatedMinMaxProportional", ".binding_mediator:BindingMediator", outside="correlated", split="proportional"
)
agents.register("LinUCB", ".lin_ucb:LinUCB")
agents.register("RoutingOracle", ".routing_oracle:RoutingOracle")
agents.register("AlwaysCooperate", ".constant_play:ConstantPlay", action=0)
agents.register("AlwaysDefect", ".constant_play:ConstantPlay", action=-1)
agents.register("BestReply", ".best_reply:BestReply")
agents.register("CoinFlipper", ".necessity:CoinFlipper")
agents.register("DecayingMemory", ".decaying_memory:DecayingMemory")
agents.register("DrawnDecaying", ".drawn_opponent:DrawnOpponent", family="decaying")
agents.register("DrawnDrifting", ".drawn_opponent:DrawnOpponent", family="drifting")
agents.register("DrawnReactive", ".drawn_opponent:DrawnOpponent", family="reactive")
agents.register("DriftingMixture", ".drifting_mixture:DriftingMixture")
agents.register("Extortion", ".zero_determinant:ZeroDeterminant", baseline="extort")
agents.register("FirstActionJudge", ".necessity:FirstActionJudge")
agents.register("GenerousTitForTat", ".reactive:Reactive", rule="tit_for_tat", generosity=1 / 3)
agents.register("GenerousZeroDeterminant", ".zero_determinant:ZeroDeterminant", baseline="generous")
agents.register("Grim", ".reactive:Reactive", rule="grim")
agents.register("HistoryQLearning", ".history_q_learning:HistoryQLearning")
agents.register("LinearisedRegret", ".linearised_regret:LinearisedRegret")
agents.register("LinearisedRegretUniform", ".linearised_regret:LinearisedRegret", weights="uniform")
agents.register("NoisyTitForTat", ".reactive:Reactive", rule="tit_for_tat", noise=0.1)
agents.register("OccupancyDescent", ".occupancy_descent:OccupancyDescent")
agents.register("PerturbedLeader", ".perturbed_leader:PerturbedLeader")
agents.register("StageExp3", ".stage_learner:StageLearner", alg="exp3")
agents.register("StageFictitiousPlay", ".stage_learner:StageLearner", alg="fictitious_play")
agents.register("StageFTRL", ".stage_learner:StageLearner", alg="ftrl")
agents.register("StageHedge", ".stage_learner:StageLearner", alg="hedge")
agents.register("StagePGD", ".stage_learner:StageLearner", alg="pgd")
agents.register("StageRegretMatchingPlus", ".stage_learner:StageLearner", alg="regret_matching_plus")
agents.register("SuspiciousTitForTat", ".reactive:Reactive", rule="suspicious_tit_for_tat")
agents.register("TitForTat", ".reactive:Reactive", rule="tit_for_tat")
agents.register("TitForTwoTats", ".reactive:Reactive", rule="tit_for_two_tats")
agents.register("TwoTitsForTat", ".reactive:Reactive", rule="two_tits_for_tat")
agents.register("WinStayLoseShift", ".reactive:Reactive", rule="win_stay_lose_shift")
agents.register("FStar", ".preference_rule:PreferenceRule", rule="proportional")
agents.register("FStarUncertain", ".preference_rule:PreferenceRule", rule="proportional", pairs="uncertain")
agents.register("FBeta1", ".preference_rule:PreferenceRule", rule="proportional", beta=1.0)
agents.register("FBeta5", ".preference_rule:PreferenceRule", rule="proportional", beta=5.0)
agents.register("FBeta10", ".preference_rule:PreferenceRule", rule="proportional", beta=10.0)
agents.register("FBeta20", ".preference_rule:PreferenceRule", rule="proportional", beta=20.0)
agents.register("Borda", ".preference_rule:PreferenceRule", rule="borda")
agents.register("BradleyTerry", ".preference_rule:PreferenceRule", rule="bradley_terry")
agents.register("MaximalLottery", ".preference_rule:PreferenceRule", rule="maximal_lottery")
agents.register("Minimax", ".preference_rule:PreferenceRule", rule="minimax")
agents.register("Copeland", ".preference_rule:PreferenceRule", rule="copeland")
agents.register("RandomDictator", ".random_dictator:RandomDictator")
agents.register("TruthfulGroup", ".group_report:GroupReport", report="truth")
agents.register("BuryingGroup", ".group_report:GroupReport", report="bury")
agents.register("NoAI", ".common_training:CommonTraining", towards="none")
agents.register("PopulationShare", ".common_training:CommonTraining", towards="population")
agents.register("MajorityTraining", ".common_training:CommonTraining", towards="majority")
agents.register("MinorityTraining", ".common_training:CommonTraining", towards="minority")
agents.register("RobustMidpoint", ".robust_midpoint:RobustMidpoint")
agents.register("LocalAggregators", ".local_aggregators:LocalAggregators")
agents.register("TrainingOracle", ".training_oracle:TrainingOracle")
agents.register("ConstantReliance", ".constant_reliance:ConstantReliance")
agents.register("NeighboursOnly", ".constant_reliance:ConstantReliance", neighbours=1.0, ai=0.0)
agents.register("AIOnly", ".constant_reliance:ConstantReliance", neighbours=0.0, ai=1.0)
agents.register("BoundedConfidence", ".bounded_confidence:BoundedConfidence")
agents.register("MinimalDataSet", ".minimal_data_set:MinimalDataSet")
agents.register("LeastCostDataSet", ".minimal_data_set:MinimalDataSet", by="price")
agents.register("PointwiseCertificate", ".pointwise_certificate:PointwiseCertificate")
agents.register("CumulativeDataSet", ".cumulative_data_set:CumulativeDataSet")
agents.register("GreedyUncertainty", ".greedy_uncertainty:GreedyUncertainty")
agents.register("BuyAll", ".buy_in_order:BuyInOrder")
agents.register("CommitNow", ".buy_in_order:BuyInOrder", count=0)
agents.register("RandomK", ".random_k:RandomK")
agents.register("TwoStageLeastSquares", ".cost_predictor:CostPredictor")
agents.register("SPOPlus", ".cost_predictor:CostPredictor", loss="spo_plus")
agents.register("CompressedSPOPlus", ".cost_predictor:CostPredictor", loss="compressed")


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

    Examples: "NumericHedge", "NumericHedge(rate=0.1)", "my_module:MyAgent", "my_module:MyAgent(depth=3)".

    Raises:
        UnknownName: No such registered agent, or an option it does not take.
        PalaestraError: A module or attribute that is not there, or brackets that are not `key=value, ...`.
    """
    from ..core.errors import PalaestraError
    from ..core.registry import build
    from ..core.target import meant_targets, named_call, named_target

    name, options = named_call(name)
    if ":" not in name:
        if name not in agents and (meant := meant_targets(name)):
            raise PalaestraError(f"There is no agent {name!r}. Did you mean {' or '.join(meant)}?")
        return agents[name].make(**options)
    target = named_target(name)
    return build(name, target, options) if options else target
