"""The sandbox and the worker: what a verifier may not do, and what becomes of a submission whose verifier does it."""

from __future__ import annotations

import os
import socket
import sys
import time
from dataclasses import replace
from pathlib import Path
from threading import Timer

import pytest

pytest.importorskip("sqlalchemy", reason="the service needs the extra 'server'")
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.server.database import open_database
from palaestra.leaderboards.server.queue import Queue
from palaestra.leaderboards.server.sandbox import Ended, Limits, isolation, run_confined
from palaestra.leaderboards.server.settings import Settings
from palaestra.leaderboards.server.worker import Worker
from palaestra.leaderboards.submission.log import read_log
from palaestra.tests.tiny_uploads import TRACK, TRUSTING, tiny_folder, tiny_manifest

FORCE = isolation()


def run(program: str, *read: Path, limits: Limits | None = None) -> Ended:
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


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "data", verifier=TRUSTING, most_attempts=2)


def queued(settings: Settings, name: str = "Agent") -> Queue:
    """A queue with one submission, id `name`."""
    findings = tiny_folder(settings.incoming / name, tiny_manifest(name))
    queue = Queue(open_database(settings.url))
    queue.add(9, id=name, token="t", track=TRACK, name=name, author="A", manifest=findings.manifest)
    return queue


def test_a_worker_accepts_what_its_verifier_believes_and_clears_up(settings: Settings) -> None:
    queue = queued(settings)
    worker = Worker(settings, queue)
    assert worker.work() and not worker.work()
    row = queue.find("Agent")
    assert row is not None and (row.state, row.entry, row.attempts, row.reason) == ("accepted", 0, 1, "")
    assert [entry.name for entry in read_log(settings.log)] == ["Agent"]
    assert list(settings.incoming.iterdir()) == []


BROKEN = {
    "it dies": ("import ctypes; ctypes.string_at(0)", "status 139"),
    "it fails": ("raise MemoryError", "MemoryError"),
    "it says nothing": ("pass", "printed no result"),
    "it says something else": ("print('[1, 2]')", "printed no result"),
    "it says too much": ("print('[' * 100_000)", "printed no result"),
    "it speaks of another": ("""print('{"findings": {"manifest": "%064d", "lanes": 1}}' % 0)""", "another manifest"),
    "it hangs": ("import time; time.sleep(600)", "more than 0.5 s"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_submission_that_breaks_its_verifier_every_time_is_refused_with_the_reason(
    settings: Settings, how: str
) -> None:
    program, reason = BROKEN[how]
    limits = Limits(wall_seconds=0.5 if how == "it hangs" else 60.0)
    settings = replace(settings, verifier=(sys.executable, "-I", "-S", "-c", program), limits=limits)
    queue = queued(settings)
    worker = Worker(settings, queue)
    for attempt in (1, 2):
        assert worker.work()
        row = queue.find("Agent")
        assert row is not None and row.state == "queued" and row.attempts == attempt and reason in row.reason
    assert worker.work() and not worker.work()
    row = queue.find("Agent")
    assert row is not None and row.state == "refused" and "tried 2 times" in row.reason and reason in row.reason
    assert read_log(settings.log) == () and list(settings.incoming.iterdir()) == []


def test_a_refusal_is_told_as_the_verifier_said_it(settings: Settings) -> None:
    says = """print('{"refused": "drawn, lane 2: welfare is claimed to be 99"}')"""
    settings = replace(settings, verifier=(sys.executable, "-I", "-S", "-c", says))
    queue = queued(settings)
    assert Worker(settings, queue).work()
    row = queue.find("Agent")
    assert row is not None and (row.state, row.reason) == ("refused", "drawn, lane 2: welfare is claimed to be 99")
    assert list(settings.incoming.iterdir()) == []


def test_a_worker_that_is_told_to_stop_gives_its_submission_back_at_once(settings: Settings) -> None:
    settings = replace(settings, verifier=(sys.executable, "-I", "-S", "-c", "import time; time.sleep(600)"))
    queue = queued(settings)
    worker = Worker(settings, queue)
    Timer(0.3, worker.stop).start()
    begun = time.monotonic()
    worker.run()
    row = queue.find("Agent")
    assert row is not None and (row.state, row.attempts) == ("queued", 0)
    assert time.monotonic() - begun < 300 and (settings.incoming / "Agent").is_dir()


def test_a_log_that_does_not_hold_stops_the_board_and_costs_no_submission_an_attempt(settings: Settings) -> None:
    queue = queued(settings)
    settings.log.write_text("{}\n")
    for _ in range(5):
        with pytest.raises(PalaestraError, match="no entry of the log"):
            Worker(settings, queue).work()
    settings.log.unlink()
    assert Worker(settings, queue).work()
    row = queue.find("Agent")
    assert row is not None and (row.state, row.attempts) == ("accepted", 1)


def test_a_submission_that_was_damaged_on_the_disk_is_refused_and_holds_nobody_up(settings: Settings) -> None:
    queue = queued(settings)
    queued(settings, "Other")
    queued(settings, "Gone")
    (settings.incoming / "Agent" / "manifest.json").write_text("{")
    (settings.incoming / "Gone" / "manifest.json").unlink()
    worker = Worker(settings, queue)
    while worker.work():
        pass
    rows = {name: queue.find(name) for name in ("Agent", "Other", "Gone")}
    states = {name: row.state for name, row in rows.items() if row is not None}
    assert states == {"Agent": "refused", "Other": "accepted", "Gone": "refused"}


def test_settings_survive_the_way_to_a_worker(settings: Settings) -> None:
    assert Settings.read(settings.text) == settings
