"""A real Ray cluster of this machine: a head and a second node, each of one core, each of its own processes."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

START = (
    sys.executable,
    "-m",
    "ray.scripts.scripts",
    "start",
    "--block",
    "--num-cpus=1",
    "--object-store-memory=80000000",
)
SECONDS_TO_START = 120


def set_environment() -> None:
    """Of the nodes and of this process, for good: Ray reads it once, when it is imported."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ["RAY_AUTH_MODE"] = "token"
    os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
    os.environ.pop("RAY_ADDRESS", None)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def descendants(pid: int) -> list[int]:
    """A process and all that it started, read from /proc."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def kill(node: subprocess.Popen[bytes]) -> None:
    """SIGKILL to a node and everything it started, the node first, as a machine dies that loses its power."""
    for pid in descendants(node.pid):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    node.wait()


class RayNodes:
    """Starts the cluster; its second node can be killed, and whatever happens nothing of it is left."""

    def __enter__(self) -> RayNodes:
        self.folder = Path(tempfile.mkdtemp(prefix="ray-", dir="/tmp"))  # sockets want a short path
        self.nodes: list[subprocess.Popen[bytes]] = []
        self.address = f"127.0.0.1:{free_port()}"
        port = self.address.rpartition(":")[2]
        try:
            self._start("--head", f"--port={port}", "--include-dashboard=false", f"--temp-dir={self.folder}")
            self._until_it_listens(int(port))
            self._start(f"--address={self.address}")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for node in reversed(self.nodes):
            kill(node)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def second(self) -> subprocess.Popen[bytes]:
        return self.nodes[1]

    def _start(self, *arguments: str) -> None:
        environment = {
            **os.environ,
            "RAY_memory_monitor_refresh_ms": "0",  # other tests may fill the machine
            "TMPDIR": str(self.folder),
        }
        ports = ("--min-worker-port=0", "--max-worker-port=0", "--dashboard-agent-listen-port=0")
        with open(self.folder / f"node-{len(self.nodes)}.log", "wb") as log:
            command = [*START, *ports, *arguments]
            self.nodes.append(subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder, env=environment))

    def _until_it_listens(self, port: int) -> None:
        end = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                told = (self.folder / "node-0.log").read_text()
                assert self.nodes[0].poll() is None, f"the head has ended: {told}"
                assert time.monotonic() < end, f"the head does not answer: {told}"
                time.sleep(0.1)
