"""A model that Stable-Baselines3 saved, loaded by the path of its .zip file."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from .errors import PalaestraError
from .extra import import_extra

ENDING = ".zip"
ALGORITHMS = {
    "PPO": {"clip_range", "n_epochs"},
    "A2C": {"gae_lambda", "vf_coef"},
    "DQN": {"exploration_fraction"},
    "SAC": {"target_entropy"},
    "TD3": {"policy_delay"},
}
"""Algorithm -> what its saved models have among their data, and those of the algorithms below it do not. The file does
not name its algorithm, and DDPG is a TD3."""


def is_saved_model(target: str) -> bool:
    """Whether the name of an agent is the path of a saved model."""
    return target.endswith(ENDING) and ":" not in target


def saved_model(target: str) -> Any:
    """The model in a file; loaded once, and again when the file has changed.

    Loading runs code that the file holds (it is a pickle in part), so load only files that you trust.

    Args:
        target: The path of the .zip file.

    Raises:
        PalaestraError: No such file, no saved model, or a model of an algorithm that is not one of `ALGORITHMS`.
    """
    path = Path(target)
    if not path.is_file():
        raise PalaestraError(
            f"There is no file {target!r}. A saved model of Stable-Baselines3 is named by its .zip file."
        )
    status = path.stat()
    return _loaded(str(path.resolve()), status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=8)
def _loaded(path: str, changed: int, size: int) -> Any:
    library = import_extra("stable_baselines3", "train", "A saved model")
    algorithm = _algorithm(path)
    try:
        return getattr(library, algorithm).load(path, device="cpu")
    except Exception as error:
        told = f"{path} cannot be loaded as a model of {algorithm}: {type(error).__name__}: {error}."
        raise PalaestraError(f"{told} {_OWN.format(path=path)}") from error


_OWN = 'Load it in a module of your own, model = Algorithm.load("{path}"), and name the model as module:model.'


def _algorithm(path: str) -> str:
    """Which algorithm a file is of, from the names of its data; nothing in it is run."""
    try:
        with ZipFile(path) as archive:
            data = json.loads(archive.read("data"))
    except (BadZipFile, KeyError, ValueError) as error:
        raise PalaestraError(f"{path} is not a saved model of Stable-Baselines3: {error}.") from error
    policy = data.get("policy_class") if isinstance(data, dict) else None
    module = str(policy.get("__module__", "")) if isinstance(policy, dict) else ""
    own = module.startswith("stable_baselines3.")
    found = [name for name, keys in ALGORITHMS.items() if keys <= data.keys()] if own else []
    if not found:
        raise PalaestraError(
            f"{path} has a policy of {module or 'an unknown module'}, and models are loaded by their path for "
            f"{', '.join(ALGORITHMS)} only. {_OWN.format(path=path)}"
        )
    return found[0]
