"""Whose line an error is blamed on."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from palaestra.core.as_agent import as_agent
from palaestra.core.error_line import error_line
from palaestra.core.rooms import PACKAGE


def raised_in(file: Path, **names: object) -> str:
    """Where an error comes from that a call in the second line of a file raises."""
    code = compile("\ncall()\n", str(file), "exec")
    with pytest.raises(Exception) as caught:
        exec(code, names)
    return error_line(caught.value)


@pytest.mark.parametrize(
    "call",
    [lambda: json.loads("{"), lambda: np.zeros(3).reshape(7), lambda: as_agent(3), lambda: [][3]],
    ids=["Python's own", "an installed package", "palaestra's core", "the user's own"],
)
def test_the_last_line_of_the_users_is_blamed_whatever_it_called(call: object) -> None:
    place = raised_in(Path("/home/user/mine.py"), call=call)
    assert place.startswith(f"{Path(__file__)}:") and place.endswith(", in <lambda>")


def test_a_users_file_may_lie_in_the_folder_of_a_clone() -> None:
    assert raised_in(PACKAGE / "my_agents.py", call=None) == f"{PACKAGE / 'my_agents.py'}:2, in <module>"
    assert raised_in(PACKAGE / "agents" / "mine.py", call=None) == f"{PACKAGE / 'agents' / 'mine.py'}:2, in <module>"


@pytest.mark.parametrize("file", ["__init__.py", "__main__.py", "core/arena.py", "leaderboards/tracks/track.py"])
def test_what_calls_agents_is_never_blamed(file: str) -> None:
    assert raised_in(PACKAGE / file, call=None).startswith(f"{Path(__file__)}:"), "the test, which ran it, is"
