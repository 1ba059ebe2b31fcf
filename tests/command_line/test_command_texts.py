"""The small languages of the command line: options, agents with options, seats."""

from __future__ import annotations

import pytest
from palaestra.command_line.option_text import parse_options
from palaestra.command_line.seating import seating
from palaestra.core.errors import PalaestraError
from palaestra.core.target import named_call


def test_option_values_are_json_or_python_or_text() -> None:
    texts = ["a=1", "b=0.5", "c=true", "d=null", "e=[[1, 2], [3, 4]]", "f=/data/table=1.csv", "g=True", "h='x'", "i="]
    assert parse_options(texts) == {
        "a": 1,
        "b": 0.5,
        "c": True,
        "d": None,
        "e": [[1, 2], [3, 4]],
        "f": "/data/table=1.csv",
        "g": True,
        "h": "x",
        "i": "",
    }
    for wrong in (["a"], ["=1"], ["a b=1"], ["a=1", "a=2"]):
        with pytest.raises(PalaestraError):
            parse_options(wrong)


def test_an_agents_options_follow_its_name_in_brackets() -> None:
    assert named_call("Hedge") == ("Hedge", {})
    assert named_call("mine:Agent(rate=0.1, arms=[1, 2], name='a(b')") == (
        "mine:Agent",
        {"rate": 0.1, "arms": [1, 2], "name": "a(b"},
    )
    for wrong in ("Hedge(", "Hedge(1)", "Hedge(rate=open('x'))", "Hedge(rate=1)(2)", "Hedge(**{'a': 1})"):
        with pytest.raises(PalaestraError):
            named_call(wrong)


def test_free_seats_go_to_the_agent_of_their_sort_then_to_the_environments_partners() -> None:
    players = ("player_0", "player_1", "mediator_0")
    partners = {"player_0": "BestResponder", "player_1": "BestResponder", "mediator_0": "VoidOffer"}
    by_mediator = {seat: spec.name for seat, spec in seating(["CorrelatedMinMax"], players, partners).items()}
    assert by_mediator == partners | {"mediator_0": "CorrelatedMinMax"}
    seats = seating(["AcceptAll", "Stubborn=player_1"], players, partners)
    by_player = {seat: spec.name for seat, spec in seats.items()}
    assert by_player == {"player_0": "AcceptAll", "player_1": "Stubborn", "mediator_0": "VoidOffer"}
    with pytest.raises(PalaestraError, match="without a seat"):
        seating(["AcceptAll", "Stubborn"], players, partners)
    with pytest.raises(PalaestraError, match="given to both"):
        seating(["AcceptAll=player_0", "Stubborn=player_0"], players, partners)
