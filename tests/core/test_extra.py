"""A library of an extra that is not installed: the message says how to get it, for a wheel as for a clone."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import palaestra
import pytest
from palaestra.core.arrays import backend
from palaestra.core.errors import PalaestraError
from palaestra.core.extra import import_extra

ROOT = Path(palaestra.__file__).parent
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]


def _asked() -> dict[tuple[str, str], Path]:
    """(module, extra) of every call of `import_extra` in the package -> its file."""
    found = {}
    for path in ROOT.rglob("*.py"):
        if path.relative_to(ROOT).parts[0] in {"tests", "build", "docs", ".venv"}:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "import_extra":
                module, extra = node.args[:2]
                if isinstance(module, ast.Constant) and isinstance(extra, ast.Constant):
                    found[str(module.value), str(extra.value)] = path
    return found


def test_every_extra_that_a_message_names_exists_and_brings_the_library() -> None:
    asked, distributions = _asked(), packages_distributions()
    assert ("uvicorn", "server") in asked and ("torch", "train") in asked
    for (module, extra), path in asked.items():
        assert extra in EXTRAS, f"{path} names the extra {extra!r}, which pyproject.toml does not have"
        brought = {re.split(r"[\[<>=; ]", line)[0].replace("-", "_") for line in EXTRAS[extra]}
        own = {name.lower().replace("-", "_") for name in distributions.get(module.partition(".")[0], ())}
        assert not own or own & brought, f"{path}: {module} is of {own}, which the extra {extra!r} does not bring"


def test_the_message_names_the_command_for_a_wheel_before_the_one_for_a_clone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "a_library_that_is_absent", None)
    with pytest.raises(PalaestraError) as error:
        import_extra("a_library_that_is_absent.part", "ray", "The engine 'ray'")
    text = str(error.value)
    assert text.startswith("The engine 'ray' needs a_library_that_is_absent, which is not installed.")
    assert text.index("pip install 'palaestra[ray]'") < text.index("pip install -c constraints.txt -e '.[ray]'")


def test_a_backend_without_torch_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(PalaestraError, match=r"backend='torch' needs torch.*pip install 'palaestra\[train\]'"):
        backend("torch")


def test_signatures_without_cryptography_say_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from palaestra.leaderboards.submission.signature import new_key

    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric.ed25519", None)
    with pytest.raises(PalaestraError, match=r"pip install 'palaestra\[sign\]'"):
        new_key(tmp_path / "key")
