"""`palaestra serve` and `palaestra tokens` on the command line, and the page that tells of them."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest
import typer

pytest.importorskip("sqlalchemy", reason="the service needs the extra 'server'")
from palaestra.command_line.app import app
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.server.database import open_database
from palaestra.leaderboards.server.settings import Settings
from palaestra.leaderboards.server.tokens import Tokens
from palaestra.tests.support.pages import ROOT, blocks
from palaestra.tests.support.running_service import RunningService
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
    assert f"needs {missing}" in str(found.exception) and ".[server]" in str(found.exception)


def test_a_server_without_its_database_does_not_start(tmp_path: Path) -> None:
    found = CliRunner().invoke(app, ["serve", "--data", str(tmp_path), "--database", "oracle://here"])
    assert isinstance(found.exception, PalaestraError) and "oracle://" in str(found.exception)


def test_another_system_than_linux_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    found = CliRunner().invoke(app, ["serve", "--data", str(tmp_path / "board")])
    assert isinstance(found.exception, PalaestraError) and "needs Linux" in str(found.exception)
    assert not (tmp_path / "board").exists()


# --- the page


PAGE = ROOT / "docs" / "how_to" / "service.md"


def lines(begin: str) -> Iterator[str]:
    """The page's commands that begin like this, those that go on with a backslash put together."""
    for block in blocks(PAGE):
        if block.language in ("sh", "text"):
            yield from (line for line in block.text.replace("\\\n", " ").splitlines() if line.startswith(begin))


def units() -> dict[str, dict[str, str]]:
    """The systemd units of the page: name -> what they set. They stand in indented blocks, behind their names."""
    found: dict[str, dict[str, str]] = {}
    name = ""
    for line in PAGE.read_text("utf-8").splitlines():
        if named := re.search(r"`/etc/systemd/system/([\w.-]+)`", line):
            name = named[1]
        elif line.startswith("    ") and "=" in line:
            key, _, value = line.strip().partition("=")
            found.setdefault(name, {})[key] = value
    return found


@pytest.mark.skipif(which("curl") is None, reason="the page's requests are curl's")
def test_the_commands_of_the_page_do_on_a_live_server_what_it_says(tmp_path: Path) -> None:
    """In the page's order: tokens, server, submission, upload, questions, site, backup."""

    def ours(line: str) -> str:
        command = [sys.executable, "-m", "palaestra", *shlex.split(line)[1:]]
        return subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True, timeout=300).stdout

    new, *_ = lines("palaestra tokens new")
    token = ours(new).strip()
    (listed,) = lines("palaestra tokens list")
    assert "alice-laptop: Alice Author" in ours(listed)
    serve, *_ = lines("palaestra serve")
    words = shlex.split(serve)[1:]
    assert words[:2] == ["serve", "--data"]
    data = tmp_path / words[2]
    words[2] = str(data)
    service = RunningService(Settings(data), [sys.executable, "-m", "palaestra", *words, "--port", "0"])
    service.start()

    def asked(line: str, identity: str = "") -> str:
        shell = line.replace("http://127.0.0.1:8000", service.url).replace("submissions/ID", f"submissions/{identity}")
        environment = {**os.environ, "TOKEN": token}
        command = ["bash", "-c", shell.replace("curl ", "curl -sS --fail-with-body ", 1)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, env=environment)
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        return done.stdout

    try:
        (made,) = lines("palaestra submit")
        ours(made)
        (packed,) = (block.text for block in blocks(PAGE) if block.language == "python")
        subprocess.run([sys.executable, "-c", packed], cwd=tmp_path, check=True, timeout=60)
        upload, one, *others = lines("curl ")
        sent = json.loads(asked(upload))
        assert (sent["state"], sent["author"]) == ("queued", "Alice Author")
        end = time.monotonic() + 120
        while (found := json.loads(asked(one, sent["id"])))["state"] in ("queued", "verifying"):
            assert time.monotonic() < end
            time.sleep(0.2)
        assert (found["state"], found["entry"]) == ("accepted", 0), found
        answers = {line: asked(line) for line in others}
        texts = {re.findall(r"8000/(\w+)", line)[0]: text for line, text in answers.items()}
        assert [row["id"] for row in json.loads(texts["submissions"])["submissions"]] == [sent["id"]]
        assert "model-routing-v0" in texts["tracks"] and json.loads(texts["log"])["name"] == "Coin"
        assert json.loads(texts["health"])["status"] == "ok"
        assert 'palaestra_submissions{state="accepted"} 1' in texts["metrics"]
        (built,) = lines("palaestra site build")
        ours(built)
        assert "Coin" in (tmp_path / "site" / "tracks" / "model-routing-v0.html").read_text()
    finally:
        service.stop()
    if which("sqlite3") and which("tar"):
        (tmp_path / "backup").mkdir()
        for begin in ("sqlite3 ", "tar "):
            (line,) = lines(begin)
            subprocess.run(["bash", "-c", line], cwd=tmp_path, check=True, timeout=60)
        assert Tokens(open_database(f"sqlite:///{tmp_path / 'backup' / 'service.db'}")).find(token) is not None
        assert (tmp_path / "backup" / "board.tar.gz").stat().st_size > 1000


def test_every_command_of_a_unit_and_every_serve_of_the_page_is_one_that_the_command_line_takes() -> None:
    found = units()
    assert found.keys() == {"palaestra.service", "palaestra-site.service", "palaestra-site.timer"}
    started = [unit["ExecStart"] for name, unit in found.items() if name.endswith(".service")]
    top = typer.main.get_command(app)
    for line in (*started, *lines("palaestra serve")):
        program, *words = shlex.split(line)
        assert program in ("palaestra", "/opt/palaestra/bin/palaestra")
        command = top
        while words and hasattr(command, "commands"):
            command = command.commands[words.pop(0)]
        assert command.make_context("x", words).params, line
    readable = {unit["User"] for name, unit in found.items() if name.endswith(".service")}
    assert readable == {"palaestra"} and found["palaestra.service"]["ReadWritePaths"] == "/srv/palaestra"


def test_the_limits_of_the_page_are_those_of_the_code() -> None:
    text, settings = PAGE.read_text("utf-8"), Settings(Path())
    assert settings.most_bytes == 256 << 20 and "more than 256 MiB" in text
    assert (settings.uploads_an_hour, settings.uploads_at_once) == (60, 10) and "| 60 an hour, ten at once" in text
    assert settings.uploads_under_way == 2 and "| two for each token, 16 in all |" in text
    assert (settings.requests_a_minute, settings.requests_at_once) == (600, 200) and "600 a minute, 200 at once" in text
    assert settings.most_queued == 1000 and settings.most_attempts == 3 and settings.limits.disk_bytes == 256 << 20
