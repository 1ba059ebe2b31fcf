"""The weights that a submission carries, where its track cannot be replayed exactly."""

from __future__ import annotations

import inspect
from pathlib import Path

from ...core.errors import PalaestraError
from ..sweeps.named_weights import named_weights
from .opened import opened
from .safetensors_header import HOW, check_safetensors


def weights_of(agent: str) -> dict[str, Path]:
    """Name -> file of the weights that an agent's attribute `weights` names, all of them safetensors.

    Args:
        agent: "module:attribute", or a registered name.

    Raises:
        PalaestraError: Another format, a name that is there twice, or a file that is not there.
    """
    from ...agents import find

    found = find(agent)
    source = inspect.getsourcefile(found if inspect.isroutine(found) or isinstance(found, type) else type(found))
    weights: dict[str, Path] = {}
    for name in named_weights(found):
        path = (Path(source or ".").resolve().parent / name).resolve()
        if path.suffix != ".safetensors":
            raise PalaestraError(f"The weights {name!r} are not safetensors, and nothing else is taken. {HOW}")
        if path.stem in weights:
            raise PalaestraError(f"Two files of weights are called {path.stem!r}: rename one.")
        check_safetensors(opened(path, path.stat().st_size), path.name)
        weights[path.stem] = path
    return weights
