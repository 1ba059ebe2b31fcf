"""`palaestra show`: how an environment is made, and code in the table of options."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import palaestra
import pytest
from palaestra.envs import environments
from palaestra.leaderboards.site.environment_page import environment_facts
from palaestra.leaderboards.site.page_templates import render_page
from palaestra.tests.support.users_command import Answer, users_command


@pytest.fixture
def palaestra_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Answer]:
    return users_command(tmp_path, monkeypatch, capfd, "")


def _page(name: str) -> str:
    facts = environment_facts(name)
    return render_page(
        "environment.html", layout="base.html", environment=facts, environments=[], root="../", here=name
    )


@pytest.mark.parametrize("name", environments)
def test_a_page_shows_the_call_that_makes_the_environment(name: str, palaestra_command: Callable[..., Answer]) -> None:
    call = json.loads(palaestra_command("show", name, "--json").out)["facts"]["made by"]
    made = eval(call, {"palaestra": palaestra})
    assert len(made.reset(seed=0)) == 2
    assert call in palaestra_command("show", name).out
    other = "palaestra.make(" if environments[name].kind == "parallel" else "palaestra.parallel_env("
    page = _page(name).replace("&#34;", '"')
    assert call in page and call.replace(")", ", …)") in page and other not in page


def test_words_in_backticks_are_shown_as_code(palaestra_command: Callable[..., Answer]) -> None:
    text = palaestra_command("show", "TransferGame-v0").out
    table = text[text.index("Options") :]
    assert "a .nfg path" in table and "`" not in table
    page = _page("TransferGame-v0")
    assert "a <code>.nfg</code> path" in page and "`" not in page[page.index("<table") :]


def test_code_in_a_page_is_escaped() -> None:
    from palaestra.leaderboards.site.safe_text import coded_text

    assert coded_text("a `<b>` & c") == "a <code>&lt;b&gt;</code> &amp; c"
    assert coded_text("an odd ` mark") == "an odd ` mark"
