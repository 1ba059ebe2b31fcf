"""The sandbox: what a verifier may not see and do, and what is checked before the service starts."""

from __future__ import annotations

import os
import signal
import socket
import sys
from pathlib import Path

import palaestra
import pytest

pytest.importorskip("sqlalchemy", reason="the service needs the extra 'server'")
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.server.sandbox import Limits, ProcessEnd, isolation, run_confined

FORCE = isolation()


def run(program: str, *read: Path, limits: Limits | None = None) -> ProcessEnd:
    return run_confined([sys.executable, "-I", "-S", "-c", program], read, limits or Limits())


def test_a_program_sees_nothing_of_the_server_but_what_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PALAESTRA_DATABASE", "secret")
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "a.txt").write_text("hello")
    (tmp_path / "secret.txt").write_text("secret")
    program = """
import os
print(sorted(os.environ), os.listdir("."), open(f"{given}/a.txt").read())
open("scratch.txt", "w").write("x")
""".replace("{given}", str(tmp_path / "given")).replace('f"', '"')
    ended = run(program, tmp_path / "given")
    assert ended.code == 0, ended.told
    assert "secret" not in ended.output.decode() and "PALAESTRA" not in ended.output.decode()
    assert ended.output.decode().endswith("[] hello\n")
    if FORCE["files"] == "landlock":
        for attempt in (
            f"open('{tmp_path}/secret.txt')",
            f"open('{tmp_path}/given/a.txt', 'a')",
            f"__import__('os').remove('{tmp_path}/given/a.txt')",
            f"open('{tmp_path}/new.txt', 'w')",
            "open('/etc/passwd')",
            f"open('/proc/{os.getpid()}/environ')",
        ):
            ended = run(attempt, tmp_path / "given")
            assert ended.code == 1 and "Permission" in ended.told, (attempt, ended.told)
    assert (tmp_path / "given" / "a.txt").read_text() == "hello"


def test_a_program_reaches_no_network_not_even_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as here:
        port = here.getsockname()[1]
        ended = run(f"import socket; socket.create_connection(('127.0.0.1', {port}), 5)")
        assert ended.code == 1 and ("not permitted" in ended.told or "unreachable" in ended.told)
        here.settimeout(0.1)
        with pytest.raises(TimeoutError):
            here.accept()


def test_a_program_starts_no_other() -> None:
    for attempt in ("import os; os.fork()", "import subprocess; subprocess.run(['/bin/true'])"):
        ended = run(attempt)
        assert ended.code == 1 and "not permitted" in ended.told, attempt


WITHOUT = """
import sys
from palaestra.leaderboards.server import confine

def refuse(*_):
    raise OSError("as in a container")

confine._namespaces = lambda: False
{more}
confine.main()
"""


@pytest.mark.parametrize("more", ["", "confine.landlock = refuse"])
def test_where_a_container_forbids_namespaces_the_filter_still_holds(
    monkeypatch: pytest.MonkeyPatch, more: str
) -> None:
    poorer = (sys.executable, "-I", "-c", WITHOUT.replace("{more}", more))
    monkeypatch.setattr("palaestra.leaderboards.server.sandbox._CONFINE", poorer)
    files = "none" if more else FORCE["files"]
    assert isolation() == {"network": "seccomp", "files": files, "processes": "group"}
    for attempt in ("import socket; socket.socket()", "import os; os.fork()"):
        ended = run(attempt)
        assert ended.code == 1 and "not permitted" in ended.told, attempt
    assert run("print(1)").output == b"1\n" and run("import time; time.sleep(600)", limits=Limits(0.5)).code is None


def test_where_nothing_keeps_a_verifier_from_the_network_the_service_does_not_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    poorest = (sys.executable, "-I", "-c", WITHOUT.replace("{more}", "confine.seccomp = refuse"))
    monkeypatch.setattr("palaestra.leaderboards.server.sandbox._CONFINE", poorest)
    with pytest.raises(PalaestraError, match="could reach the network"):
        isolation()


GREEDY: dict[str, tuple[str, Limits]] = {
    "memory": ("bytearray(2 << 30)", Limits(memory_bytes=1 << 30)),
    "a file": ("open('x', 'wb').write(bytes(2 << 20))", Limits()),
    "output": ("print('x' * (2 << 20))", Limits()),
    "open files": ("[open('/dev/null') for _ in range(100)]", Limits()),
    "processor time": ("while True: pass", Limits(cpu_seconds=1)),
}


FILLING = "for n in range(10**9): open(f'f{n}', 'wb').write(bytes(PIECE))"


@pytest.mark.parametrize("piece", [1 << 20, 0], ids=["large files", "a multitude of empty ones"])
def test_a_program_that_fills_the_disk_is_killed(piece: int) -> None:
    """No limit of the kernel's counts the files of a process together."""
    ended = run(FILLING.replace("PIECE", str(piece)), limits=Limits(wall_seconds=60, disk_bytes=32 << 20))
    assert ended.code is None and ended.why == f"it wrote files of more than {32 << 20} bytes in all"


def test_a_program_gets_no_memory_that_is_not_counted_and_no_keys() -> None:
    for call in ("os.memfd_create('x')", "libc.shmget(0, 1 << 20, 0o1666)", "libc.syscall(KEYCTL, 0, -3, 0, 0, 0)"):
        told = f"import ctypes, os; libc = ctypes.CDLL(None, use_errno=True); r = {call}; assert r < 0; print(r)"
        ended = run(told.replace("KEYCTL", "250" if os.uname().machine == "x86_64" else "219"))
        assert b"-1" in ended.output or "not permitted" in ended.told, (call, ended)


@pytest.mark.skipif(FORCE["files"] != "landlock", reason="this kernel has no Landlock")
@pytest.mark.parametrize("call", ["os.mkdir('x')", "os.symlink('x', 'y')", "os.mkfifo('x')", "os.execv('f', ['f'])"])
def test_a_program_makes_plain_files_alone_and_runs_none_of_them(call: str) -> None:
    ended = run(f"import os; open('f', 'w').close(); os.chmod('f', 0o755); {call}")
    assert ended.code == 1 and "Permission" in ended.told


@pytest.mark.parametrize("what", GREEDY)
def test_a_program_that_takes_too_much_fails(what: str) -> None:
    program, limits = GREEDY[what]
    ended = run(program, limits=limits)
    assert ended.code not in (0, None) and len(ended.output) <= limits.output_bytes


def test_a_program_that_does_not_end_is_killed() -> None:
    ended = run(
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)", limits=Limits(0.5)
    )
    assert ended.code is None and ended.why == "it took more than 0.5 s"


def test_processor_time_that_runs_out_has_a_signal_of_its_own() -> None:
    assert run("while True: pass", limits=Limits(cpu_seconds=1)).code == 128 + signal.SIGXCPU


@pytest.mark.skipif(FORCE["files"] != "landlock", reason="this kernel has no Landlock")
def test_of_a_clone_that_palaestra_is_installed_from_its_rooms_alone_can_be_read() -> None:
    clone = Path(palaestra.__file__).parent
    assert run(f"open('{clone}/core/errors.py').read()").code == 0
    for path in ("pyproject.toml", ".git/HEAD", "tests/conftest.py"):
        if (clone / path).is_file():
            ended = run(f"open('{clone}/{path}').read()")
            assert ended.code == 1 and "Permission" in ended.told, path


@pytest.mark.skipif(FORCE["files"] != "landlock", reason="this kernel has no Landlock")
def test_data_where_every_verifier_may_read_is_refused(tmp_path: Path) -> None:
    assert isolation(tmp_path) == FORCE
    for folder in (Path(palaestra.__file__).parent / "leaderboards" / "board", Path(sys.prefix) / "board"):
        with pytest.raises(PalaestraError, match=r"every verifier may read .* Choose a folder elsewhere"):
            isolation(folder)


def test_another_system_than_linux_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(PalaestraError, match="needs Linux; this is darwin"):
        isolation()
