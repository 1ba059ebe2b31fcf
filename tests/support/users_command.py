"""The command line in a user's folder, which holds a module of the user's: tests call it as a shell would."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from palaestra.command_line.app import main


class Answer(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


def users_command(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], source: str
) -> Callable[..., Answer]:
    """The command line in an empty folder that holds a user's module, which is called MINE in words and answers."""
    name = f"mine_{re.sub(r'[^0-9a-z]', '_', str(folder).lower())}"
    (folder / f"{name}.py").write_text(source)
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("COLUMNS", "320")

    def command(*words: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["palaestra", *(word.replace("MINE", name) for word in words)])
        try:
            main()
            code: Any = 0
        except SystemExit as end:
            code = end.code or 0
        out, err = capfd.readouterr()
        return Answer(int(code), out.replace(name, "MINE"), err.replace(name, "MINE"))

    return command
