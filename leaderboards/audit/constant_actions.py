"""The constant actions of a space that an audit plays: all if there are few, otherwise its corners."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from math import prod
from typing import Any, NamedTuple

import numpy as np
from gymnasium import spaces

from ...core.arrays import Array
from ...core.errors import PalaestraError

MOST = 48
"""Constant actions at most."""

COORDINATES = 24
"""Coordinates of a box that are tried one by one, evenly spaced where there are more."""

DRAWN = 8
"""Corners of a box that are drawn, and as many points inside: the same ones every time."""

REACH = 1.0
"""What stands for an end of a box that is not bounded."""


class ConstantAction(NamedTuple):
    """One action of a space.

    Attributes:
        label: For people: "2", "[0 1]", "play 1, amounts low".
        action: An element of the space.
    """

    label: str
    action: Any


def constant_actions(space: spaces.Space[Any]) -> tuple[ConstantAction, ...]:
    """The constants of a space, at most `MOST` (more where a single discrete number has more values), none twice.

    Whole where the space is finite and small. Else:
    - MultiDiscrete: one value in every place, and places drawn at random (the same draw every time).
    - Box: along its last axis everything on one coordinate (the pure strategies of a simplex), the lower end, the
      upper end, the middle, drawn corners and drawn points.
    - Dict: all combinations of its parts' constants; or one part at a time with the others asking for nothing, and a
      draw of combinations.

    Raises:
        PalaestraError: A kind of space that no action has.
    """
    if isinstance(space, spaces.Discrete):
        return tuple(ConstantAction(str(value), value) for value in range(int(space.start), int(space.start + space.n)))
    if isinstance(space, spaces.MultiDiscrete):
        return _of_places(np.asarray(space.nvec, np.int64))
    if isinstance(space, spaces.Box):
        return _of_box(*bounds(space))
    if isinstance(space, spaces.Dict):
        return _of_parts({key: constant_actions(part) for key, part in space.spaces.items()})
    raise PalaestraError(
        f"Constant actions of {type(space).__name__} are not known: Discrete, MultiDiscrete, Box or a Dict of them."
    )


def bounds(space: spaces.Box) -> tuple[Array, Array]:
    """Lower and upper ends, `REACH` from 0 or from the other end where there is none; float64."""
    low, high = np.asarray(space.low, np.float64), np.asarray(space.high, np.float64)
    below, above = np.isfinite(low), np.isfinite(high)
    low = np.where(below, low, np.where(above, high - 2 * REACH, -REACH))
    return low, np.where(above, high, np.where(below, low + 2 * REACH, REACH))


def _of_places(counts: Array) -> tuple[ConstantAction, ...]:
    def named(value: Array) -> ConstantAction:
        alike = bool((value == value.flat[0]).all())
        label = f"{value.flat[0]} everywhere" if alike else np.array2string(value, max_line_width=200).replace("\n", "")
        return ConstantAction(label, value)

    if float(np.prod(counts.astype(np.float64))) <= MOST:
        every = product(*(range(int(count)) for count in counts.flat))
        return tuple(named(np.array(value, np.int64).reshape(counts.shape)) for value in every)
    alike = [np.minimum(value, counts - 1) for value in range(int(counts.max()))]
    rng, found = np.random.default_rng(0), {value.tobytes(): value for value in alike}
    while len(found) < min(len(alike) + 12, MOST):
        value = rng.integers(counts)
        found.setdefault(value.tobytes(), value)
    return tuple(map(named, found.values()))


def _of_box(low: Array, high: Array) -> tuple[ConstantAction, ...]:
    middle, rng = low + (high - low) / 2, np.random.default_rng(0)
    # Where numbers may have either sign, nothing is 0 and not the lower end.
    nothing = middle if (low < 0).any() else low
    width = low.shape[-1] if low.ndim else 1
    found = []
    for k in np.unique(np.linspace(0, width - 1, min(width, COORDINATES)).round().astype(int)):
        value = nothing.copy()
        value[..., k] = high[..., k]
        found.append(ConstantAction(f"all on {k}", value))
    found += [ConstantAction("low", low.copy()), ConstantAction("high", high.copy()), ConstantAction("middle", middle)]
    for k in range(DRAWN):
        found.append(ConstantAction(f"corner {k}", np.where(rng.random(low.shape) < 0.5, low, high)))
        found.append(ConstantAction(f"point {k}", low + (high - low) * rng.random(low.shape)))
    return tuple({one.action.tobytes(): one for one in reversed(found)}.values())[::-1]


def _of_parts(parts: Mapping[str, tuple[ConstantAction, ...]]) -> tuple[ConstantAction, ...]:
    sizes = tuple(len(own) for own in parts.values())
    if prod(sizes) <= MOST:
        chosen = list(np.ndindex(sizes))
    else:
        rng, plain = np.random.default_rng(0), tuple(map(_plain, parts.values()))
        star = [(*plain[:p], k, *plain[p + 1 :]) for p, size in enumerate(sizes) for k in range(size)]
        kept = [star[k] for k in rng.permutation(len(star))[: 2 * MOST // 3]]
        drawn = [tuple(rng.integers(sizes).tolist()) for _ in range(MOST)]
        chosen = list(dict.fromkeys([plain, *kept, *drawn]))[:MOST]
    found = []
    for at in chosen:
        picks = {key: own[k] for (key, own), k in zip(parts.items(), at, strict=True)}
        label = ", ".join(f"{key} {pick.label}" for key, pick in picks.items())
        found.append(ConstantAction(label, {key: pick.action for key, pick in picks.items()}))
    return tuple(found)


def _plain(own: tuple[ConstantAction, ...]) -> int:
    """The constant that asks for nothing: 0 where numbers have either sign, else the least."""
    labels = [one.label for one in own]
    signed = "low" in labels and (own[labels.index("low")].action < 0).any()
    return labels.index("middle" if signed else "low") if "low" in labels else 0
