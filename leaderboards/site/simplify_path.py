"""Simplify a plot's curve to fewer points without a visible difference."""

from __future__ import annotations

import re

import numpy as np

from ...core.arrays import Array

LINE, AREA = 0.25, 0.6
"""Points (1/72 inch) by which a line (a sixth of its width) and the pale edge of an area may miss what was measured."""


def simplify_path(data: str) -> str:
    """An SVG path of straight lines without the points that lie on the way, in relative tenths of a point.

    Args:
        data: The attribute `d`. One with other commands than M, L and z is only rounded to hundredths.
    """
    if set(re.findall(r"[A-Za-z]", data)) - set("MLz"):
        return re.sub(r"(\.\d{2})\d+", r"\1", data)
    parts, tolerance = [], AREA if "z" in data else LINE
    for stretch in data.split("M")[1:]:
        numbers = np.array(re.findall(r"-?[\d.]+(?:e-?\d+)?", stretch), np.float64)
        points = numbers.reshape(-1, 2)
        tenths = np.round(points[_kept(points, tolerance)] * 10).astype(int)
        steps = np.diff(tenths, axis=0)
        moved = steps[(steps != 0).any(axis=1)]
        parts.append(f"M{_written(tenths[:1])}{f'l{_written(moved)}' if len(moved) else ''}")
        parts[-1] += "z" if "z" in stretch else ""
    return "".join(parts)


def _kept(points: Array, tolerance: float) -> Array:
    """Which points a line needs to miss none of the others by more than the tolerance (Ramer, Douglas and Peucker).

    Source: D. Douglas and T. Peucker, "Algorithms for the reduction of the number of points required to represent a
    digitized line", Cartographica 10(2), 1973. 1. Keep the ends. 2. Keep the point that is farthest from the chord, if
    it is too far. 3. Do the same on either side of it.
    """
    kept = np.zeros(len(points), bool)
    kept[[0, -1]] = True
    todo = [(0, len(points) - 1)]
    while todo:
        first, last = todo.pop()
        if last - first < 2:
            continue
        chord, between = points[last] - points[first], points[first + 1 : last] - points[first]
        length = float(np.hypot(*chord))
        cross = between[:, 0] * chord[1] - between[:, 1] * chord[0]
        away = np.abs(cross) / length if length else np.hypot(between[:, 0], between[:, 1])
        farthest = int(away.argmax())
        if away[farthest] > tolerance:
            middle = first + 1 + farthest
            kept[middle] = True
            todo += [(first, middle), (middle, last)]
    return kept


def _written(tenths: Array) -> str:
    """Pairs of numbers, with nothing before a minus sign and no zero before the point."""
    words = [_number(value) for value in tenths.ravel().tolist()]
    return words[0] + "".join(word if word.startswith("-") else f" {word}" for word in words[1:])


def _number(tenths: int) -> str:
    whole, rest = divmod(abs(tenths), 10)
    text = f"{whole or ''}.{rest}" if rest else str(whole)
    return f"-{text}" if tenths < 0 else text
