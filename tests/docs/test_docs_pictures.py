"""The gallery's pictures: what they draw, and when two of them say the same."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from palaestra.docs.generator.measured_agents import Measured
from palaestra.docs.generator.picture import alike, picture

AGENTS = [Measured("Good", 0.9, 0.8, 1.0, False), Measured("Told", 0.5, 0.4, 0.6, True)]


def drawn(agents: list[Measured]) -> str:
    return picture("TransferGame-v0", agents)


def test_a_picture_is_svg_with_a_row_an_agent_and_loads_nothing() -> None:
    tree = ElementTree.fromstring(drawn(AGENTS))
    words = ["".join(text.itertext()) for text in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Good", "Told"} <= set(words)
    assert not re.search(r"href|url\(|@import|<script", drawn(AGENTS))


def test_better_is_to_the_right_and_who_is_told_more_is_hollow() -> None:
    dots = re.findall(r'<circle cx="(\d+)" .*?fill="(#\w+)"', drawn(AGENTS))
    assert int(dots[0][0]) > int(dots[1][0])
    assert dots[0][1] != "#ffffff" and dots[1][1] == "#ffffff"


@pytest.mark.parametrize(
    ("good", "told", "same"),
    [
        (Measured("Good", 0.9004, 0.8001, 1.0, False), AGENTS[1], True),  # another processor's last digits
        (Measured("Good", 0.7, 0.8, 1.0, False), AGENTS[1], False),  # a dot elsewhere
        (Measured("Good", 0.9, 0.8, 1.2, False), AGENTS[1], False),  # another scale
        (Measured("Best", 0.9, 0.8, 1.0, False), AGENTS[1], False),  # another agent
        (AGENTS[0], Measured("Told", 0.5, 0.4, 0.6, False), False),  # no longer an oracle
    ],
)
def test_pictures_are_alike_when_numbers_are_nearly(good: Measured, told: Measured, same: bool) -> None:
    assert alike(drawn(AGENTS), drawn([good, told])) is same


def test_a_picture_below_zero_shows_where_zero_is() -> None:
    below = drawn([Measured("Good", -0.5, -1.0, 0.5, False)])
    assert ">0</text>" in below and ">-1</text>" in below
