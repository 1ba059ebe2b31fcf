"""`palaestra.submit` and `palaestra.verify`: submissions from Python, of classes that live in a notebook too.

Offered to users as `palaestra.submit` and `palaestra.verify`.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FunctionType
from typing import Any

from ...core.errors import PalaestraError
from ...core.files import write_atomically
from ...core.progress_bar import Report, reported
from ..submission.log import read_log
from ..submission.module_source import module_source
from ..submission.rerun import rerun
from ..submission.submission_folder import submission_folder
from ..submission.submit import Submitter
from ..submission.submit import submit as make_submission
from ..submission.untrusted_file import check_submission_path
from ..submission.verify import verify as recompute
from ..submission.verify_report import VerifyReport
from ..tracks.track import Track
from .benchmark_agents import track_of


def submit(
    track: str | Track,
    agent: Any,
    *,
    name: str,
    author: str,
    url: str = "",
    out: str | Path = "submission",
    work: str | Path = "results",
    registration: str = "",
    key: str | Path | None = None,
    engine: str = "local",
    workers: int = 0,
    address: str = "",
    progress: bool | Report | None = True,
) -> Path:
    """Run an agent on its official seeds and write a folder that anybody can verify.

    What is submitted is a file. A class or function of a notebook is written into one beside the folder, with the
    imports, functions and constants that it uses: `winners` and `winners_agent.py`. The verifier's folder itself holds
    nothing but the manifest and traces.

    Args:
        track: Its id, or a registered `Track`.
        agent: A registered name, "module:attribute", or a class or function, of a module or of a notebook.
        name: What the agent is called on the board.
        author: Who made it.
        url: Where to read more.
        out: Folder to make; must not exist.
        work: Where results lie meanwhile; a run that was stopped goes on from there.
        registration: Hash of the log's entry that registered the agent.
        key: File of the key to sign with.
        engine: "local" or "ray".
        workers: Jobs at once; 0: one per core.
        address: Of the Ray cluster.
        progress: True shows a progress bar; a function is called with (jobs done, jobs, what runs).

    Returns:
        The folder.

    Raises:
        PalaestraError: An agent that has no source, or input that cannot be; said before anything runs.
        JobsFailed: A job that failed; no submission is left behind.
    """
    record, folder = track_of(track), Path(out)
    if folder.exists():
        raise PalaestraError(f"{folder} exists already. A submission is never overwritten: choose another out=.")
    with _as_target(agent, folder) as target, reported(record.track_id, progress) as report:
        return make_submission(
            record,
            target,
            Submitter(name, author, url),
            folder,
            work=Path(work),
            registration=registration,
            workers=workers,
            engine=engine,
            address=address,
            key=None if key is None else Path(key),
            progress=report,
        )


def verify(
    folder: str | Path, *, log: str | Path | None = None, agent: Any = "", progress: bool | Report | None = True
) -> VerifyReport:
    """Replay a submission and recompute every score. Runs no code of the submitter, unless `agent` says so.

    Args:
        folder: The submission, or a ZIP archive of it.
        log: The board's log, where the agent was registered in it.
        agent: RUN this agent too and compare every action: it must be the one submitted. As for `submit`.
        progress: True shows a progress bar; a function is called with (traces done, traces, what is replayed).

    Raises:
        Refused: The first thing that is not as claimed.
        PalaestraError: There is no such folder or log.
    """
    given, book = Path(folder), None if log is None else Path(log)
    check_submission_path(given)
    if book is not None and not book.is_file():
        raise PalaestraError(f"There is no log at {book}. A board's log is its log.jsonl.")
    with reported("verify", progress) as report, submission_folder(given) as whole:
        found = recompute(whole, log=read_log(book) if book else (), progress=report)
        if not agent:
            return VerifyReport(found)
        with _as_target(agent, given.with_suffix("")) as target:
            return VerifyReport(found, target, rerun(whole, target, log=book, progress=report))


@contextmanager
def _as_target(agent: Any, folder: Path) -> Iterator[str]:
    """A text that names the agent; a class of a notebook is written to a file beside the submission's folder first."""
    if isinstance(agent, str):
        yield agent
        return
    if not isinstance(agent, (type, FunctionType)):
        raise PalaestraError(
            f"{type(agent).__name__} is an object, and what is submitted is a file that makes it: give the class, or "
            '"my_agents:Winners(depth=3)" with its options.'
        )
    if _can_be_imported(agent):
        yield f"{agent.__module__}:{agent.__name__}"
        return
    file = folder.with_name(re.sub(r"\W", "_", f"{folder.name}_agent") + ".py").resolve()
    made = _write_once(file, module_source(agent))
    sys.path.insert(0, str(file.parent))
    importlib.invalidate_caches()
    sys.modules.pop(file.stem, None)
    try:
        yield f"{file.stem}:{agent.__name__}"
    except BaseException:
        if made:
            file.unlink(missing_ok=True)
        raise
    finally:
        sys.path.remove(str(file.parent))


def _can_be_imported(agent: Any) -> bool:
    """Whether the workers and a reader find it in a file, as it is here."""
    module = sys.modules.get(agent.__module__)
    file = getattr(module, "__file__", None)
    here = getattr(module, agent.__name__, None) is agent
    return agent.__module__ != "__main__" and isinstance(file, str) and here


def _write_once(file: Path, text: str) -> bool:
    """Write a new file; say whether it is new.

    Raises:
        PalaestraError: There is another file of that name.
    """
    if file.exists():
        if file.read_text("utf-8") == text:
            return False
        raise PalaestraError(f"{file} exists already and holds something else. Choose another out=, or remove it.")
    with write_atomically(file) as temporary:
        temporary.write_text(text, "utf-8")
    return True
