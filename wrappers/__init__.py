"""Augmentations that make a game of a game: one file, one line each. They never import environments."""

from __future__ import annotations

from typing import Any

from ..core.registry import Registry

wrappers: Registry[Any] = Registry("wrapper", __name__)

wrappers.register("RankingFeedback", "ranking_feedback:RankingFeedback")
wrappers.register("Repeated", "repeated:Repeated")
wrappers.register("Transfers", "transfers:Transfers")
wrappers.register("Mediator", "mediator:Mediator")
