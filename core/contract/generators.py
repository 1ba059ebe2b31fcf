"""The global random generators of random, numpy and torch, which no member may use."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np


@contextmanager
def global_generators(seed: int) -> Iterator[Callable[[], list[str]]]:
    """Seed every global generator, and put it back as it was in the end.

    Yields:
        A function that names the libraries whose generator has moved since.
    """
    ours, numpys = random.getstate(), np.random.get_state()
    torch: Any = sys.modules.get("torch")
    torchs = torch.random.get_rng_state() if torch else None
    random.seed(seed)
    np.random.seed(seed)
    if torch:
        torch.manual_seed(seed)
    before = _states()
    try:
        yield lambda: [name for name, state in _states().items() if before.get(name, state) != state]
    finally:
        random.setstate(ours)
        np.random.set_state(numpys)
        if torch:
            torch.random.set_rng_state(torchs)


def _states() -> dict[str, Any]:
    kind, keys, *rest = np.random.get_state(legacy=True)
    states = {"random": random.getstate(), "numpy": (kind, np.asarray(keys).tobytes(), *rest)}
    if torch := sys.modules.get("torch"):
        states["torch"] = torch.random.get_rng_state().numpy().tobytes()
    return states
