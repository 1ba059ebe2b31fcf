"""A service in a process of its own, as its keeper would start it; tests kill it and start it again."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from palaestra.leaderboards.server.database import open_database
from palaestra.leaderboards.server.settings import Settings
from palaestra.leaderboards.server.tokens import Tokens

PROGRAM = """
import sys
import uvicorn
from palaestra.leaderboards.server.create_app import create_app
from palaestra.leaderboards.server.queue import Queue
from palaestra.leaderboards.server.settings import Settings

uvicorn.run(create_app(Settings.read(sys.argv[1])), host="127.0.0.1", port=0, access_log=False)
"""


class RunningService:
    """A server process with its workers, on a port of its choice; it may be killed and started again."""

    def __init__(self, settings: Settings, command: list[str] | None = None) -> None:
        settings.data.mkdir(exist_ok=True)
        self.token = Tokens(open_database(settings.url)).new("token", "A")
        self._command = command or [sys.executable, "-c", PROGRAM, settings.text]

    def start(self) -> None:
        self.process = subprocess.Popen(self._command, stderr=subprocess.PIPE, text=True, start_new_session=True)
        assert self.process.stderr is not None
        told = []
        for line in self.process.stderr:
            told.append(line)
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                self.url = found[0]
                threading.Thread(target=self.process.stderr.read, daemon=True).start()
                return
        raise AssertionError("".join(told))

    def ask(self, path: str, body: bytes | None = None) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/zip"}
        request = urllib.request.Request(self.url + path, body, headers if body is not None else {})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except HTTPError as error:
            return error.code, json.load(error)

    def below(self) -> list[int]:
        """Processes below the server's: workers, sandboxes and verifiers."""
        return descendants(self.process.pid)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        self.process.send_signal(number)
        self.process.wait(60)


def descendants(parent: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, todo = [], [parent]
    while todo:
        own = children.get(todo.pop(), [])
        found += own
        todo += own
    return found
