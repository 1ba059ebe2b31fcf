"""A virtual environment in which palaestra of this clone and packages with members are installed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from palaestra.core.rooms import PACKAGE

DRIVER = """
import contextlib, io, json, sys

if __name__ == "__main__":
    from palaestra.command_line.app import main

    answers = []
    for words in json.loads(sys.argv[1]):
        sys.argv, code, out, err = ["palaestra", *words], 0, io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main()
            except SystemExit as end:
                code = end.code or 0
        answers.append([code, out.getvalue(), err.getvalue()])
    print("\\n" + json.dumps(answers))
"""


@dataclass(frozen=True)
class Venv:
    """The environment.

    Attributes:
        home: Its folder.
    """

    home: Path

    @property
    def packages(self) -> Path:
        """Where its packages are."""
        return next((self.home / "lib").glob("python*")) / "site-packages"

    def install(self, project: Path) -> None:
        """Install a project as pip does, without a network."""
        copy = Path(shutil.copytree(project, self.home / "projects" / project.name))
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
        command += ["--no-build-isolation", "--disable-pip-version-check", "--target", str(self.packages), str(copy)]
        subprocess.run(command, check=True, capture_output=True, text=True)

    def python(self, code: str, *words: str, folder: Path | None = None, **variables: str) -> str:
        """What a program prints."""
        names = {"PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1", "COLUMNS": "300", **variables}
        file = self.home / "program.py"
        file.write_text(code)
        run = subprocess.run(
            [str(self.home / "bin" / "python"), str(file), *words],
            capture_output=True,
            text=True,
            timeout=500,
            cwd=folder or self.home,
            env=names,
        )
        assert run.returncode == 0, run.stderr[-4000:]
        return run.stdout

    def commands(self, *commands: Sequence[str], folder: Path | None = None, **variables: str) -> list[Any]:
        """Exit code, output and errors of each `palaestra` command, one after the other in one process."""
        out = self.python(DRIVER, json.dumps(commands), folder=folder, **variables)
        answers: list[Any] = json.loads(out.splitlines()[-1])
        return answers


def plugin_venv(home: Path) -> Venv:
    """Make one that sees the libraries of this Python, and palaestra as it is here."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    made = Venv(home)
    (home / "links").mkdir()
    (home / "links" / "palaestra").symlink_to(PACKAGE)
    libraries = dict.fromkeys(sysconfig.get_paths()[name] for name in ("purelib", "platlib"))
    (made.packages / "here.pth").write_text("\n".join([str(home / "links"), *libraries]) + "\n")
    return made
