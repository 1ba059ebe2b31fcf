"""Arrays of numpy or torch behind one namespace, and sums whose order never depends on the number of lanes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from .errors import PalaestraError
from .extra import import_extra

Array: TypeAlias = Any
"""A numpy array or a torch tensor; its leading axis counts lanes unless the docstring says otherwise."""


@dataclass(frozen=True)
class Backend:
    """Where arrays live: a namespace of the array API standard and a device."""

    name: str
    device: str
    xp: Any

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled by name: a module cannot travel, and a worker process imports its own."""
        return backend, (self.name, self.device)

    def asarray(self, values: Any, dtype: str | None = None) -> Array:
        """Bring `values` here, as `dtype` ("float64", "int64", "bool") if one is given."""
        kind = None if dtype is None else getattr(self.xp, dtype)
        if self.name == "numpy":
            return np.asarray(values, dtype=kind)
        if kind is None and not hasattr(values, "detach"):
            values = np.asarray(values)  # torch alone would make float32 of Python's floats
        return self.xp.asarray(values, dtype=kind, device=self.device)

    def zeros(self, shape: tuple[int, ...], dtype: str = "float64") -> Array:
        """An array of zeros here."""
        return np.zeros(shape, getattr(np, dtype)) if self.name == "numpy" else self.full(shape, 0, dtype)

    def full(self, shape: tuple[int, ...], value: float, dtype: str = "float64") -> Array:
        """A constant array here."""
        kind = getattr(self.xp, dtype)
        return (
            np.full(shape, value, kind)
            if self.name == "numpy"
            else self.xp.full(shape, value, dtype=kind, device=self.device)
        )

    def arange(self, stop: int) -> Array:
        """0, 1, ..., stop - 1 as int64, here."""
        return (
            np.arange(stop) if self.name == "numpy" else self.xp.arange(stop, dtype=self.xp.int64, device=self.device)
        )


def backend(name: str = "numpy", device: str = "cpu") -> Backend:
    """The backend called `name` ("numpy" or "torch") on `device`; torch is imported only when asked for.

    Raises:
        PalaestraError: An unknown name, torch not installed, or a device this machine lacks.
    """
    if name == "numpy":
        if device != "cpu":
            raise PalaestraError(f"numpy runs on the cpu, not on {device!r}. Use backend='torch' for that device.")
        import array_api_compat.numpy as numpy_namespace

        return Backend("numpy", "cpu", numpy_namespace)
    if name == "torch":
        torch = import_extra("torch", "train", "backend='torch'")
        import array_api_compat.torch as torch_namespace

        try:
            torch.empty(0, device=device)
        except (RuntimeError, AssertionError) as error:
            raise PalaestraError(f"torch cannot use the device {device!r} on this machine.") from error
        return Backend("torch", device, torch_namespace)
    raise PalaestraError(f"There is no backend {name!r}. Allowed: 'numpy', 'torch'.")


def to_numpy(values: Any) -> Any:
    """A numpy copy or view of `values` (tensor, array, or a dict of them)."""
    if isinstance(values, dict):
        return {key: to_numpy(value) for key, value in values.items()}
    if hasattr(values, "detach"):
        return values.detach().cpu().numpy()
    return np.asarray(values)


def ordered_sum(values: Array, axis: int = -1) -> Array:
    """Sum along `axis` in an order that depends on the length of that axis alone.

    BLAS products and library reductions choose their order of summation by shape and memory layout, so a lane in a
    batch of 4,096 could differ from the same lane alone in its last bit. This sum adds neighbours in a fixed order by
    elementwise additions only: left to right up to 8 terms, by halves above. It works for numpy, torch and arrays of
    `fractions.Fraction`.

    Args:
        values: Array with at least one axis.
        axis: The axis to sum over.

    Returns:
        The array without that axis.

    Examples:
        >>> from fractions import Fraction
        >>> thirds = np.array([[Fraction(1, 3)] * 3, [Fraction(1, 6)] * 3])
        >>> ordered_sum(thirds).tolist()
        [Fraction(1, 1), Fraction(1, 2)]
    """
    ndim = values.ndim
    axis = axis % ndim
    before: tuple[slice, ...] = (slice(None),) * axis
    count = values.shape[axis]
    if count == 0:
        return (values * 0).sum(axis)
    while count > 8:
        half = (count + 1) // 2
        folded = values[(*before, slice(0, half))] + 0
        folded[(*before, slice(0, count - half))] += values[(*before, slice(half, count))]
        values, count = folded, half
    total = values[(*before, 0)]
    for k in range(1, count):
        total = total + values[(*before, k)]
    return total if count > 1 else total + 0


@lru_cache(maxsize=64)
def _row_starts(rows: int, width: int) -> Any:
    return (np.arange(rows) * width)[:, None]


def take_in_rows(values: Array, places: Array, where: Backend) -> Array:
    """`take_along_axis(values, places, axis=1)` of two-dimensional arrays, with a fifth of its calls on numpy.

    Args:
        values: (rows, width).
        places: int64 (rows, any), each from 0 to width - 1; unchecked.
        where: Backend.
    """
    if where.name != "numpy":
        return where.xp.take_along_axis(values, places, axis=1)
    return values.take(places + _row_starts(*values.shape))


def running_sums(values: Array, where: Backend, *, from_the_end: bool = False) -> Array:
    """Sums of the first 1, 2, ... entries of each row, or of the last ..., 2, 1; left to right or right to left.

    Args:
        values: (rows, width).
        where: Backend.
        from_the_end: Entry k is the sum from k to the end.
    """
    xp = where.xp
    if where.name == "numpy":
        return values[:, ::-1].cumsum(axis=1)[:, ::-1] if from_the_end else values.cumsum(axis=1)
    if from_the_end:
        return xp.flip(xp.cumulative_sum(xp.flip(values, axis=-1), axis=-1), axis=-1)
    return xp.cumulative_sum(values, axis=-1)


def clipped(values: Array, low: float, high: float, where: Backend) -> Array:
    """Values, no less than `low` and no greater than `high`."""
    if where.name == "numpy":
        return np.minimum(np.maximum(values, low), high)
    return where.xp.clip(values, low, high)


def stack(arrays: Sequence[Array], where: Backend) -> Array:
    """Arrays (lanes, ...) of equal shape as one fresh array (lanes, count, ...): the players' axis.

    In memory lanes run fastest, so that what follows (elementwise over lanes, sums over players) streams.
    """
    first = arrays[0]
    shape = (first.shape[0], len(arrays), *first.shape[1:])
    if where.name == "numpy":
        stacked = np.empty(shape, first.dtype, order="F")
    else:
        axes = tuple(range(len(shape)))[::-1]
        stacked = where.xp.permute_dims(where.xp.empty(shape[::-1], dtype=first.dtype, device=where.device), axes)
    for i, array in enumerate(arrays):
        stacked[:, i] = array
    return stacked
