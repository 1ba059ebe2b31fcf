"""mediated-welfare-v0: how much welfare a mediator reaches with three players; the agent is the mediator.

All our M-SETE mediators support the greatest welfare of every game, as the paper says, so they tie at 1 if all players
are rational. They differ in the cost of their threats: in half of the scenarios one player refuses every offer.
"""

from __future__ import annotations

from .track import Track

_DRAWN = {"players": 3, "horizon": 30}
_REFUSED = ("normal form", "polymatrix", "common payoff", "not_polymatrix")

TRACK = Track(
    track_id="mediated-welfare-v0",
    env_id="MediatedGame-v0",
    scenarios={
        "normal form": {"game": "random_normal_form", "actions": 3, **_DRAWN},
        "polymatrix": {"game": "random_polymatrix", "actions": 3, **_DRAWN},
        "not_polymatrix": {"game": "not_polymatrix", "horizon": 30},
        "three_pennies": {"game": "three_pennies", "horizon": 30},
        "normal form, one refuses": {"game": "random_normal_form", "actions": 3, **_DRAWN},
        "polymatrix, one refuses": {"game": "random_polymatrix", "actions": 3, **_DRAWN},
        "common payoff, one refuses": {"game": "random_common_payoff", "actions": 3, **_DRAWN},
        "not_polymatrix, one refuses": {"game": "not_polymatrix", "horizon": 30},
    },
    metric="welfare_ratio",
    metrics=("welfare_ratio", "welfare", "rejection_gain", "acceptance"),
    references=(
        "CorrelatedMinMax",
        "CorrelatedMinMaxProportional",
        "IndependentMinMax",
        "IndependentMinMaxProportional",
        "VoidOffer",
        "VoidOfferProportional",
        "CorrelatedMinMaxUnpaid",
        "Uniform",
    ),
    seats={"player_0": "BestResponder", "player_1": "BestResponder", "player_2": "BestResponder"},
    opponents={f"{game}, one refuses": {"player_2": "Stubborn"} for game in _REFUSED},
    seeds=100,
    demo={"horizon": 6},
    demo_seeds=10,
    about="The players accept an offer that is worth at least as much as rejecting it alone. 1 is the greatest "
    "welfare of every base game: a mediator reaches it if its offers are accepted, and then the rejection gain is 0. "
    "If one player refuses every offer, no mediator reaches 1: the punishments that make the others accept are "
    "carried out, and they cost welfare.",
)
