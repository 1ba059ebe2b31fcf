"""The digest of an agent is of files that are there, whatever libraries say of their own."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest
from palaestra.leaderboards.submission.agent_digest import agent_digest

AGENT = "from palaestra.agents.uniform import Uniform\n\n\nclass Mine(Uniform):\n    pass\n"


def test_a_module_whose_file_is_made_up_is_none_of_the_agents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`torch.classes` says "_classes.py", relative to nothing: an agent that imports torch can be submitted."""
    (tmp_path / "agent_beside_torch.py").write_text(AGENT)
    made_up = ModuleType("made_up")
    made_up.__file__ = "_classes.py"
    monkeypatch.setitem(sys.modules, "made_up", made_up)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    assert agent_digest("agent_beside_torch:Mine").files.keys() == {"agent_beside_torch.py"}
