"""Agents: one file and one registration line per member. They see spaces and a task, and never import environments."""

from __future__ import annotations

from ..core.agent_registry import AgentRegistry

agents = AgentRegistry("agent", __name__)

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
agents.register("CoinFlipper", ".repeated.impossibility_adversaries:CoinFlipper")
agents.register("DecayingMemory", ".repeated.decaying_memory:DecayingMemory")
agents.register("DrawnDecaying", ".repeated.drawn_opponent:DrawnOpponent", family="decaying")
agents.register("DrawnDrifting", ".repeated.drawn_opponent:DrawnOpponent", family="drifting")
agents.register("DrawnReactive", ".repeated.drawn_opponent:DrawnOpponent", family="reactive")
agents.register("DriftingMixture", ".repeated.drifting_mixture:DriftingMixture")
agents.register("Extortion", ".repeated.zero_determinant:ZeroDeterminant", baseline="extort")
agents.register("FirstActionJudge", ".repeated.impossibility_adversaries:FirstActionJudge")
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
agents.register("NoAI", ".social.global_aggregator:GlobalAggregator", towards="none")
agents.register("PopulationShare", ".social.global_aggregator:GlobalAggregator", towards="population")
agents.register("MajorityTraining", ".social.global_aggregator:GlobalAggregator", towards="majority")
agents.register("MinorityTraining", ".social.global_aggregator:GlobalAggregator", towards="minority")
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
