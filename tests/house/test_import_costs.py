"""What importing palaestra costs, and that other libraries find its environments."""

from __future__ import annotations

import json
import subprocess
import sys
from pkgutil import walk_packages
from typing import Any

import palaestra
import pytest
from palaestra.core.rooms import PACKAGE, ROOMS
from palaestra.envs import environments

ROOT = PACKAGE


def in_a_fresh_process(code: str) -> Any:
    """What a Python program prints, read as JSON."""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, cwd=ROOT.parent)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def test_importing_palaestra_imports_no_library() -> None:
    """DESIGN 5: `import palaestra` costs milliseconds, and so do the registries."""
    rooms = ", ".join(f"palaestra.{room.name}" for room in ROOMS)
    code = f"import sys, json; import palaestra, {rooms}; print(json.dumps(sorted(sys.modules)))"
    heavy = {"numpy", "scipy", "gymnasium", "pettingzoo", "torch", "pyarrow", "pydantic", "typer", "rich", "matplotlib"}
    assert not heavy & set(in_a_fresh_process(code))


def test_importing_every_file_of_the_package_imports_no_extra() -> None:
    """torch and the libraries of the extras are imported where they are used, never because a file is."""
    rooms = {room.name for room in ROOMS}
    modules = [one.name for one in walk_packages(palaestra.__path__, "palaestra.") if one.name.split(".")[1] in rooms]
    code = f"import sys, json, importlib; [importlib.import_module(name) for name in {modules!r}]"
    extras = {"torch", "stable_baselines3", "supersuit", "pyspiel", "pytest", "hypothesis", "mujoco", "cvxpy", "ray"}
    assert not extras & set(in_a_fresh_process(code + "; print(json.dumps(sorted(sys.modules)))"))


@pytest.mark.parametrize(
    "first", ["import palaestra, gymnasium, pettingzoo", "import gymnasium, pettingzoo, palaestra"]
)
def test_other_libraries_make_our_environments_whichever_is_imported_first(first: str) -> None:
    singles = [name for name in environments if environments[name].kind == "single"]
    code = f"""
import json, warnings
{first}
warnings.simplefilter("ignore")
made = [gymnasium.make(f"palaestra/{{name}}").reset(seed=0) for name in {singles!r}]
made += [gymnasium.make_vec(f"palaestra/{{name}}", num_envs=2).reset(seed=0) for name in {singles!r}]
made += [pettingzoo.make("parallel", f"palaestra/{{name}}").reset(seed=0) for name in {list(environments)!r}]
print(json.dumps(len(made)))
"""
    assert in_a_fresh_process(code) == 2 * len(singles) + len(environments)
