"""Plots in a page take little room and show what they showed."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
from palaestra.leaderboards.plots.plot_style import new_figure
from palaestra.leaderboards.site.demo_page import svg_of
from palaestra.leaderboards.site.shrink_svg import shrink_svg
from palaestra.leaderboards.site.simplify_path import AREA, LINE, simplify_path


def points_of(path: str) -> list[np.ndarray]:
    """The corners of each stretch of a small path."""
    stretches = []
    for stretch in path.split("M")[1:]:
        numbers = np.array(re.findall(r"-?(?:\d+\.?\d*|\.\d+)", stretch), np.float64).reshape(-1, 2)
        stretches.append(np.cumsum(numbers, axis=0))
    return stretches


def farthest(points: np.ndarray, line: np.ndarray) -> float:
    """How far the farthest of some points lies from a line of corners."""
    starts, along = line[:-1], np.diff(line, axis=0)
    share = ((points[:, None] - starts) * along).sum(-1) / np.maximum((along**2).sum(-1), 1e-300)
    nearest = starts + np.clip(share, 0, 1)[..., None] * along
    return float(np.hypot(*np.moveaxis(points[:, None] - nearest, -1, 0)).min(axis=1).max())


def written(points: np.ndarray, end: str = "") -> str:
    return " ".join(f"{'L' if k else 'M'} {x:.6f} {y:.6f}" for k, (x, y) in enumerate(points)) + end


def test_a_curve_loses_points_but_never_strays() -> None:
    numbers = np.random.default_rng(0)
    for end, tolerance in (("", LINE), (" z", AREA)):
        curve = np.stack([np.linspace(0, 300, 400), 50 + numbers.normal(0, 0.4, 400).cumsum()], axis=1)
        small = simplify_path(written(curve, end))
        (line,) = points_of(small)
        assert farthest(curve, line) <= tolerance + 0.1, "corners are rounded to tenths"
        assert len(line) < 300 and len(small) < len(written(curve)) / 4 and small.endswith("z") == bool(end)


def test_a_broken_line_stays_broken_and_a_point_stays_a_point() -> None:
    assert simplify_path("M 0 0 L 1 1 L 2 2 M 5.04 5 L 6 5") == "M0 0l2 2M5 5l1 0"
    assert simplify_path("M 3.14159 -0.26") == "M3.1-.3"


def test_round_shapes_are_only_rounded() -> None:
    assert simplify_path("M 0.123456 0 C 1.987654 0 0 1 1 1 z") == "M 0.12 0 C 1.98 0 0 1 1 1 z"


def test_styles_become_classes_that_say_the_same() -> None:
    with new_figure("small", 4, 3) as figure:
        axes = figure.subplots()
        axes.plot(range(5), [3, 1, 4, 1, 5], label="a line")
        axes.legend()
    text = str(svg_of(figure, "a label"))
    tree = ElementTree.fromstring(text)
    rules = dict(re.findall(r"\.(s\w{6})\{([^}]*)\}", text))
    used = {node.get("class") for node in tree.iter() if node.get("class")}
    assert used and used <= rules.keys(), "every class has its rule"
    words = ["".join(node.itertext()) for node in tree.iter() if node.tag.endswith("text")]
    assert "a line" in words and {"0", "1", "2"} <= set(words)
    assert "<metadata" not in text and "<g>" not in text and "DejaVu" not in text


def test_groups_that_move_or_cut_stay() -> None:
    svg = '<svg><style></style><g>\n <g clip-path="url(#a)">\n  <g><path d="M 0 0 L 1 1"/></g>\n <g/></g>\n</g></svg>'
    assert shrink_svg(svg) == '<svg><style></style><g clip-path="url(#a)"><path d="M0 0l1 1"/></g></svg>'
