"""A wheel, installed where no clone is, passes the tutorial."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from palaestra.core.rooms import PACKAGE, ROOMS
from palaestra.tests.docs.test_docs_blocks import commands
from palaestra.tests.support.pages import blocks

TUTORIAL = PACKAGE / "docs" / "tutorial" / "first_submission.md"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that holds the wheel, and of this one only what palaestra depends on."""
    home = tmp_path_factory.mktemp("wheel")
    source = home / "source"
    for room in ROOMS:
        ignored = shutil.ignore_patterns("__pycache__", "*.parquet")
        shutil.copytree(room.path, source / room.name, ignore=ignored)
    for file in ("__init__.py", "__main__.py", "py.typed", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(PACKAGE / file, source)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(home), str(source)]
    subprocess.run(build, check=True, capture_output=True, timeout=300)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home / "venv")], check=True, timeout=120)
    python = home / "venv" / "bin" / "python"
    (wheel,) = home.glob("palaestra-*.whl")
    install = [*pip, "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True, timeout=300)
    # A path in a .pth file is searched, but no .pth files in it are read: so the clone is not found through it.
    purelib = sysconfig.get_path("purelib", vars={"base": str(home / "venv"), "platbase": str(home / "venv")})
    (Path(purelib) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python.parent


def run(installed: Path, folder: Path, *words: str) -> str:
    """The standard output of a program of the environment, in a folder of a user's."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PALAESTRA"))}
    command = [str(installed / words[0]), *words[1:]]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, f"{shlex.join(words)}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


def test_an_installed_wheel_passes_the_tutorial(installed: Path, tmp_path: Path) -> None:
    """Its files, programs and commands, as they are printed; the clone is not there."""
    where = run(installed, tmp_path, "python", "-c", "import palaestra; print(palaestra.__file__)")
    assert where.startswith(str(installed.parent)), "the wheel is what is imported"
    session = ""  # a reader's Python, which knows what earlier blocks defined
    for block in blocks(TUTORIAL):
        if block.file:
            (tmp_path / block.file).write_text(block.text)
        if block.language == "python":
            session += block.text
            run(installed, tmp_path, "python", "-c", session)
        elif block.language == "sh":
            for line in commands(block.text):
                run(installed, tmp_path, *shlex.split(line, comments=True))
    assert (tmp_path / "site" / "index.html").is_file()
