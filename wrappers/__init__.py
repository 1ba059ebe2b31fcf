"""Wrappers that turn a game into another game: one file and one registration line each, no imports of environments."""

from __future__ import annotations

from typing import Any

from ..core.registry import Registry

wrappers: Registry[Any] = Registry("wrapper", __name__)

wrappers.register("RankingFeedback", ".ranking_feedback:RankingFeedback")
wrappers.register("Repeated", ".repeated:Repeated")
wrappers.register("Transfers", ".transfers:Transfers")
wrappers.register("Mediator", ".mediator:Mediator")
wrappers.register("FromOpenSpiel", ".from_open_spiel:FromOpenSpiel")
wrappers.register("ToOpenSpiel", ".to_open_spiel:to_open_spiel")
wrappers.register("ToSB3", ".to_sb3:ToSB3")
wrappers.register("FromAxelrod", ".from_axelrod:FromAxelrod")
wrappers.register("FromPettingZoo", ".from_pettingzoo:from_pettingzoo")
wrappers.register("ToAxelrod", ".to_axelrod:to_axelrod")
wrappers.register("TransferStage", ".transfer_stage:TransferStage")


def __getattr__(name: str) -> Any:
    """A wrapper by its name: `palaestra.wrappers.Transfers`."""
    if not name.startswith("_") and name in wrappers:
        return wrappers[name].load()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
