"""`palaestra.list` shows what is registered."""

from __future__ import annotations

import palaestra
import pytest
from palaestra.agents import agents
from palaestra.core.errors import UnknownName
from palaestra.envs import environments
from palaestra.leaderboards.catalogue.listing import registries
from palaestra.leaderboards.interactive.member_table import MemberTable


def test_everything_is_listed_with_its_kind_and_counted_in_a_line() -> None:
    everything = palaestra.list()
    assert len(everything) == sum(map(len, registries().values()))
    assert len(repr(everything).splitlines()) == 1 and f"{len(agents)} agents" in repr(everything)
    assert everything._repr_html_().count("<tr>") == len(everything) + 1


def test_one_kind_is_listed_line_by_line() -> None:
    found = palaestra.list("environments")
    assert found.names == tuple(environments) == palaestra.list("environment").names
    assert all(any(name in line for line in repr(found).splitlines()) for name in environments)
    assert found[0]["kind"] == "environment" and found[0]["face"] in ("single", "parallel")


def test_an_environment_selects_what_belongs_to_it() -> None:
    names = palaestra.list(env="TransferGame-v0").names
    assert {"TransferGame-v0", "Sete", "Uniform", "welfare_ratio", "transfer-welfare-v0"} <= set(names)
    assert not {"RankingBandit-v0", "LinUCB", "external_regret", "model-routing-v0"} & set(names)
    assert palaestra.list("metrics", env="RankingBandit-v0").names == ("external_regret",)


def test_what_there_is_not_is_said() -> None:
    with pytest.raises(UnknownName, match=r"no kind 'game'.*agents, environments, metrics"):
        palaestra.list("game")
    with pytest.raises(UnknownName, match="no environment 'TransferGame-v9'"):
        palaestra.list(env="TransferGame-v9")


def test_names_that_strangers_chose_are_no_markup() -> None:
    row = {"kind": "agent", "name": "<b>\x1b[31m", "summary": "it: <script>"}
    shown = MemberTable((row,))
    assert "<b>" not in shown._repr_html_() and "<script>" not in shown._repr_html_() and "\x1b" not in repr(shown)
