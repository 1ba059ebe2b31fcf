"""`palaestra serve` and `palaestra tokens` on the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy", reason="the service needs the extra 'server'")
from palaestra.__main__ import app
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.server.database import open_database
from palaestra.leaderboards.server.tokens import Tokens
from typer.testing import CliRunner


def test_a_token_is_printed_once_listed_without_its_text_and_revoked(tmp_path: Path) -> None:
    data = ["--data", str(tmp_path / "board")]
    run = CliRunner().invoke
    made = run(app, ["tokens", "new", "laptop", "--author", "Alice Author", *data])
    text = made.stdout.strip()
    assert made.exit_code == 0 and text.startswith("pal_") and len(text) > 40
    listed = run(app, ["tokens", "list", *data, "--json"])
    assert text not in listed.stdout
    (row,) = json.loads(listed.stdout)
    assert (row["name"], row["author"], row["revoked"]) == ("laptop", "Alice Author", None)
    tokens = Tokens(open_database(f"sqlite:///{tmp_path / 'board' / 'service.db'}"))
    assert tokens.find(text) is not None
    assert run(app, ["tokens", "revoke", "laptop", *data]).exit_code == 0
    assert tokens.find(text) is None and "revoked" in run(app, ["tokens", "list", *data]).stdout
    assert isinstance(run(app, ["tokens", "revoke", "nobody", *data]).exception, PalaestraError)


def test_tokens_of_a_database_that_the_environment_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PALAESTRA_DATABASE", f"sqlite:///{tmp_path / 'other.db'}")
    assert CliRunner().invoke(app, ["tokens", "new", "x", "--author", "A", "--data", str(tmp_path)]).exit_code == 0
    assert (tmp_path / "other.db").exists() and not (tmp_path / "service.db").exists()


@pytest.mark.parametrize("missing", ["uvicorn", "fastapi", "sqlalchemy"])
def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    found = CliRunner().invoke(app, ["serve", "--data", str(tmp_path)])
    assert isinstance(found.exception, PalaestraError)
    assert f"needs {missing}" in str(found.exception) and "palaestra[server]" in str(found.exception)


def test_a_server_without_its_database_does_not_start(tmp_path: Path) -> None:
    found = CliRunner().invoke(app, ["serve", "--data", str(tmp_path), "--database", "oracle://here"])
    assert isinstance(found.exception, PalaestraError) and "oracle://" in str(found.exception)
