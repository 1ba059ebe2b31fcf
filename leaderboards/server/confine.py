"""The program that the sandbox starts: it gives up what a verifier does not need, then becomes the verifier.

Run as `python -I -m palaestra.leaderboards.server.confine SPECIFICATION`, a JSON object:

1. It dies with the process that started it.
2. Resource limits; namespaces of its own for network, processes and messages where the kernel allows it.
3. No new privileges; a seccomp filter without sockets; Landlock, so that only named paths are seen.
4. The command, with an environment of nothing but names that the specification holds.

What the kernel refuses of 2 and 3 is left out: `--probe` prints as JSON what is in force here. The server tells it in
`/health` and does not start without any barrier to the network. `--readable` prints what can be read beside the
specification's own paths.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from ...core.module_source import module_file
from ...core.plugins import GROUPS, named_members
from ...core.rooms import PACKAGE, ROOMS
from .kernel_call import kernel_call
from .landlock import landlock
from .seccomp import seccomp

_NEW_USER, _NEW_NETWORK, _NEW_PROCESSES, _NEW_MESSAGES = 0x10000000, 0x40000000, 0x20000000, 0x08000000
_DEATH_SIGNAL, _NO_NEW_PRIVILEGES = 1, 38


def main() -> None:
    """Confine this process as the specification says, then run its command."""
    if sys.argv[1] == "--probe":
        separated = _namespaces()
        print(json.dumps(_in_force(separated, _restrict([Path("/")], [], []))))
        return
    if sys.argv[1] == "--readable":
        print(json.dumps([str(path.resolve()) for path in _readable()]))
        return
    specification = json.loads(sys.argv[1])
    _die_with_parent()
    if os.getppid() != specification["parent"]:
        sys.exit("The process that started this one has ended already.")
    _limit(specification["limits"])
    if not _namespaces():
        _become(specification)
    # A new namespace of processes begins with the next child: when that ends, everything in it is killed.
    alive, held = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(held)
        _die_with_parent()
        if select.select([alive], [], [], 0)[0]:
            os._exit(1)
        _become(specification)
    os.close(alive)
    _, status, used = os.wait4(child, 0)
    if os.WIFSIGNALED(status) and used.ru_utime + used.ru_stime >= specification["limits"]["CPU"]:
        os._exit(128 + signal.SIGXCPU)  # the first process of a namespace is deaf to it and dies of SIGKILL instead
    os._exit(128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))


def _die_with_parent() -> None:
    kernel_call("prctl", _DEATH_SIGNAL, int(signal.SIGKILL), 0, 0, 0)


def _limit(limits: dict[str, int]) -> None:
    for name, value in limits.items():
        # At the soft limit of processor time it dies of SIGXCPU, which says so, at the hard one of SIGKILL.
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value + (name == "CPU")))


def _namespaces() -> bool:
    try:
        kernel_call("unshare", _NEW_USER | _NEW_NETWORK | _NEW_PROCESSES | _NEW_MESSAGES)
    except OSError:
        return False
    return True


def _restrict(read: list[Path], write: list[Path], listed: list[Path]) -> set[str]:
    """No new privileges, Landlock and the filter; which of the two the kernel has."""
    kernel_call("prctl", _NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    had = set()
    with suppress(OSError):
        landlock(read, write, listed)
        had.add("landlock")
    with suppress(OSError):
        seccomp()
        had.add("seccomp")
    return had


def _in_force(separated: bool, had: set[str]) -> dict[str, str]:
    network = [name for name, there in (("namespace", separated), ("seccomp", "seccomp" in had)) if there]
    return {
        "network": "+".join(network) or "none",
        "files": "landlock" if "landlock" in had else "none",
        "processes": "namespace" if separated else "group",
    }


def _become(specification: dict[str, Any]) -> None:
    os.closerange(3, 1 << 16)
    os.chdir(specification["scratch"])
    read = [*map(Path, specification["read"]), *_readable()]
    _restrict(read, [Path(specification["scratch"]), Path("/dev/null")], [PACKAGE])
    command = specification["command"]
    os.execve(command[0], command, specification["environment"])


_LIBRARIES = (
    "/usr",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/dev/urandom",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/sys/devices/system/cpu",
)


def _readable() -> list[Path]:
    """What every program in the sandbox may read: the system's libraries, this Python and what is installed in it.

    A package with members that is installed in editable mode is elsewhere, and is read too.
    """
    # no more of palaestra than its rooms: a clone's folder holds more, its history for instance
    rooms = [*(room.path for room in ROOMS), PACKAGE / "__init__.py"]
    heads = {one.module.partition(".")[0] for kind in GROUPS for one in named_members(kind)}
    files = [file for file in map(module_file, sorted(heads)) if file is not None]
    packages = [file.parent if file.name == "__init__.py" else file for file in files]
    installed = [Path(sys.prefix), Path(sys.base_prefix), *map(Path, filter(None, sys.path))]
    return [*map(Path, _LIBRARIES), *installed, *rooms, *packages]


if __name__ == "__main__":
    main()
