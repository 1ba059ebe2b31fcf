"""The synthetic table: four kinds of prompts, five models that differ in strengths and prices."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ...core.arrays import backend
from ...core.errors import PalaestraError
from ...core.randomness import Draw, lane_keys
from .routing_table import RoutingTable

_MODELS = ("small", "coder", "writer", "reasoner", "large")
_PRICES = np.array([0.5, 3.0, 3.0, 4.0, 10.0])
"""Price of a million characters of answer."""

_SKILLS = {  # log-odds of a good answer, by model
    "code": (-0.6, 1.8, -0.9, 0.3, 0.9),
    "facts": (-0.2, -0.5, 0.2, 0.1, 1.5),
    "maths": (-1.0, 0.3, -1.3, 1.6, 0.4),
    "writing": (0.1, -1.2, 1.7, -0.4, 0.9),
}
_WORDS = {
    "code": "python function loop array bug compile regex class recursion pointer thread query javascript test parse "
    "string sort stack",
    "facts": "capital river century president country population treaty mountain ocean empire species invented war "
    "museum language island tallest discovered",
    "maths": "integral prove prime triangle equation probability matrix sum derivative angle polynomial solve fraction "
    "theorem area limit modulo vector",
    "writing": "poem story essay letter dialogue rhyme character tone paragraph novel speech humorous metaphor blog "
    "scene lyrics title persuasive",
}
_GLUE = "please the a of with and explain write give me how what for in short about one this"


@lru_cache(maxsize=8)
def synthetic_routing_table(rows: int = 800, seed: int = 0) -> RoutingTable:
    """Make a table in which the words of a prompt tell which model answers it best.

    Every prompt has one category, drawn uniformly; half of its words are common words, half are the category's. A
    model's quality is the logistic function of its skill in the category, minus the prompt's difficulty, plus noise;
    its cost is its price times the length of an answer. Numbers are rounded, as in published tables, so that every
    machine makes the same table.

    Args:
        rows: How many prompts, at least 1.
        seed: Seed of the table.
    """
    if rows < 1:
        raise PalaestraError(f"rows={rows} is not allowed: a table needs at least one prompt.")
    draw = Draw(lane_keys([seed], backend(), "routing table"), 0, backend())
    names = tuple(sorted(_SKILLS))
    category = draw.integers("category", len(names), (rows,))[0]
    prompts = _prompts(draw, [names[c] for c in category])
    skill = np.array([_SKILLS[name] for name in names])[category]
    difficulty = draw.normal("difficulty", (rows, 1))[0]
    noise = draw.normal("noise", (rows, len(_MODELS)))[0]
    quality = np.round(1.0 / (1.0 + np.exp(-1.5 * (skill - 0.6 * difficulty + 0.5 * noise))), 3)
    length = np.exp(6.5 + 0.3 * difficulty + 0.3 * draw.normal("length", (rows, len(_MODELS)))[0])
    cost = np.round(_PRICES * length * 1e-6, 6)
    return RoutingTable("synthetic", prompts, _MODELS, quality, cost, "total_cost", names, category)


def _prompts(draw: Draw, categories: list[str]) -> tuple[str, ...]:
    """Sentences of 6 to 15 words."""
    rows = len(categories)
    counts = draw.integers("words", 10, (rows,))[0] + 6
    own = draw.uniform("own", (rows, 15))[0] < 0.5
    which = draw.uniform("which", (rows, 15))[0]
    prompts = []
    for i, category in enumerate(categories):
        words = []
        for j in range(counts[i]):
            source = (_WORDS[category] if own[i, j] else _GLUE).split()
            words.append(source[int(which[i, j] * len(source))])
        prompts.append(" ".join(words).capitalize() + ".")
    return tuple(prompts)
