"""Golden plays: what every environment did when its version was set, in tests/golden (DESIGN, section 2).

An id's `-v` is raised exactly when this test fails on purpose. To make the files again:

    python tests/members/test_golden.py              # all
    python tests/members/test_golden.py ID [ID ...]  # some
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.core.contract.episode import play
from palaestra.envs import environments

GOLDEN = Path(__file__).parent / "golden"
SEEDS, STEPS = (7, 2**64 - 1), 5


def _plays(env_id: str) -> dict[str, Any]:
    """Everything that comes back in a few steps, for the default options and each variant: layout, floats, integers."""
    variants = {"default": {}, **getattr(import_module(environments[env_id].module), "VARIANTS", {})}
    parts: dict[str, Any] = {}
    for name, options in variants.items():
        rules = palaestra.rules(env_id, **options)
        seen = play(rules, SEEDS, STEPS).seen
        layout = [[one.step, one.player, one.what, str(one.values.dtype), list(one.values.shape)] for one in seen]
        flat = [one.values.reshape(-1) for one in seen]
        parts[f"{name}:layout"] = np.frombuffer(json.dumps(layout).encode(), np.uint8)
        for kind, column in (("f", "floats"), ("iub", "integers")):
            empty = np.zeros(0, np.float64 if kind == "f" else np.int64)
            parts[f"{name}:{column}"] = np.concatenate([empty, *(v for v in flat if v.dtype.kind in kind)])
    return parts


def _place(layout: list[Any], column: str, index: int) -> str:
    """Where the number at `index` of a column came from, for the message."""
    for step, player, what, dtype, shape in layout:
        if (np.dtype(dtype).kind == "f") == (column == "floats"):
            index -= int(np.prod(shape))
            if index < 0:
                return f"{player} {what} at step {step}".strip()
    return "after the end"


@pytest.mark.parametrize("env_id", list(environments))
def test_its_golden_play_is_unchanged(env_id: str) -> None:
    """Integers to the bit; floats to 1e-12 of 1 or of their size, since logarithms differ between processors."""
    file = GOLDEN / f"{env_id}.npz"
    with np.load(file) as data:
        golden = {key: data[key] for key in data.files}
    plays = _plays(env_id)
    hint = "Raise the version if the rules were meant to change, then: python tests/members/test_golden.py"
    assert plays.keys() == golden.keys(), f"The variants changed. {hint}"
    for key, expected in golden.items():
        name, _, column = key.rpartition(":")
        if column == "layout":
            assert json.loads(plays[key].tobytes()) == json.loads(expected.tobytes()), f"{name}: spaces. {hint}"
            continue
        scale = 1e-12 * np.maximum(1.0, np.abs(expected)) if column == "floats" else 0
        wrong = ~(np.abs(plays[key] - expected) <= scale)
        if wrong.any():
            layout = json.loads(golden[f"{name}:layout"].tobytes())
            pytest.fail(f"{env_id}, {name}: {_place(layout, column, int(np.flatnonzero(wrong)[0]))} changed. {hint}")


def test_no_golden_play_is_missing_and_none_is_left_over() -> None:
    assert {file.stem for file in GOLDEN.glob("*.npz")} == set(environments)


def test_golden_plays_are_small() -> None:
    for file in GOLDEN.glob("*.npz"):
        assert file.stat().st_size < 40_000, f"{file.name} is {file.stat().st_size} bytes"


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for chosen in sys.argv[1:] or environments:
        np.savez_compressed(GOLDEN / f"{chosen}.npz", **_plays(chosen))
        print(f"{chosen}: {(GOLDEN / f'{chosen}.npz').stat().st_size} bytes")
