"""Run a program on untrusted input: limited time, memory and output, no network, killed as a whole."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import confine

_CONFINE = (sys.executable, "-I", "-m", confine.__name__)
_QUIET = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "LC_ALL": "C.UTF-8",
}
"""The whole environment of the program: nothing of the server's, so none of its secrets."""

_GLANCE = 0.1


@dataclass(frozen=True)
class Limits:
    """What a program may use.

    Attributes:
        wall_seconds: Until it is killed, whatever it waits for.
        cpu_seconds: Of processor.
        memory_bytes: Of address space.
        output_bytes: Of any file that it writes, its standard output and error too.
        open_files: At a time.
        disk_bytes: Of all files that it writes, every one of at least 4096; looked at ten times a second.
    """

    wall_seconds: float = 900.0
    cpu_seconds: int = 600
    memory_bytes: int = 4 << 30
    output_bytes: int = 1 << 20
    open_files: int = 64
    disk_bytes: int = 256 << 20

    @property
    def resources(self) -> dict[str, int]:
        """As names and values of `setrlimit`."""
        return {
            "CORE": 0,
            "CPU": self.cpu_seconds,
            "AS": self.memory_bytes,
            "FSIZE": self.output_bytes,
            "NOFILE": self.open_files,
        }


@dataclass(frozen=True)
class ProcessEnd:
    """How a program ended.

    Attributes:
        code: Its exit status; 128 + n where signal n killed it; None where we stopped it.
        output: Its standard output.
        told: The end of its standard error.
        why: Why it was stopped, or "".
        over: Whether that was a limit of its own, which another try would run into as well.
    """

    code: int | None
    output: bytes
    told: str
    why: str
    over: bool = False


def run_confined(
    command: Sequence[str],
    read: Sequence[Path],
    limits: Limits,
    *,
    within: Path | None = None,
    go_on: Callable[[], bool] = lambda: True,
) -> ProcessEnd:
    """Run a program in the sandbox, in an empty folder that is removed afterwards.

    Args:
        command: The program, by its whole path, and its arguments.
        read: Files and folders that it may read beside Python and the libraries.
        limits: What it may use.
        within: Where the empty folder is made; None: where temporary files are.
        go_on: Asked every moment; the program is killed when the answer is no.
    """
    with (
        tempfile.TemporaryDirectory(prefix="palaestra-", dir=within) as scratch,
        tempfile.TemporaryFile() as output,
        tempfile.TemporaryFile() as errors,
    ):
        specification = {
            "command": list(command),
            "read": [str(path.resolve()) for path in read],
            "scratch": scratch,
            "limits": limits.resources,
            "environment": _QUIET,
            "parent": os.getpid(),
        }
        child = subprocess.Popen(
            [*_CONFINE, json.dumps(specification)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            env=_QUIET,
            cwd=scratch,
            start_new_session=True,
        )
        try:
            why, over = _watch(child, time.monotonic() + limits.wall_seconds, limits, scratch, go_on)
        finally:
            _kill(child)
        output.seek(0)
        errors.seek(max(0, errors.seek(0, os.SEEK_END) - 2000))
        told = errors.read(2000).decode(errors="replace").strip()
        status = child.returncode if child.returncode >= 0 else 128 - child.returncode
        return ProcessEnd(None if why else status, output.read(limits.output_bytes), told, why, over)


def _watch(
    child: subprocess.Popen[bytes], end: float, limits: Limits, scratch: str, go_on: Callable[[], bool]
) -> tuple[str, bool]:
    """Wait for it to end; why it has to be stopped before, and whether for a limit."""
    while True:
        try:
            child.wait(_GLANCE)
            return "", False
        except subprocess.TimeoutExpired:
            if time.monotonic() > end:
                return f"it took more than {limits.wall_seconds:g} s", True
            if _written(scratch, limits.disk_bytes) > limits.disk_bytes:
                return f"it wrote files of more than {limits.disk_bytes} bytes in all", True
            if not go_on():
                return "the verification was cancelled", False


def _written(folder: str, enough: int) -> int:
    """Bytes that lie in a folder and below it; counted no further than is enough to stop whoever writes them."""
    total = 0
    for place, _, names in os.walk(folder):
        total += 4096
        for name in names:
            with suppress(OSError):  # removed in the meantime
                total += max(4096, os.lstat(os.path.join(place, name)).st_blocks * 512)
            if total > enough:
                return total
    return total


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End the whole group; what left the group dies with its namespace."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def isolation(data: Path | None = None) -> Mapping[str, Any]:
    """What the sandbox holds back on this machine: `network`, `files`, `processes`.

    Args:
        data: A folder that no verifier may see as a whole.

    Raises:
        PalaestraError: Nothing here can keep a program from the network, or the folder lies where every program in the
            sandbox may read.
    """
    from ...core.errors import PalaestraError

    if sys.platform != "linux":
        raise PalaestraError(f"The sandbox of the service needs Linux; this is {sys.platform}. Run it on Linux.")
    measures: dict[str, str] = _asked("--probe")
    if measures["network"] == "none":
        raise PalaestraError(
            "This machine has neither network namespaces nor seccomp filters, so a verifier could reach the network: "
            "run the service on Linux, x86_64 or aarch64."
        )
    if data is not None and measures["files"] == "landlock":
        for root in _asked("--readable"):
            if data.resolve().is_relative_to(root):
                raise PalaestraError(
                    f"--data {data}: every verifier may read {root}, where Python or palaestra is installed, and the "
                    f"folder is inside it. Choose a folder elsewhere, /srv/palaestra say."
                )
    return measures


def _asked(question: str) -> Any:
    """What the program that confines says of this machine."""
    from ...core.errors import PalaestraError

    said = subprocess.run([*_CONFINE, question], capture_output=True, env=_QUIET, timeout=60, check=False)
    try:
        return json.loads(said.stdout)
    except ValueError:
        raise PalaestraError(f"The sandbox cannot start: {said.stderr.decode(errors='replace')[-500:]}") from None
