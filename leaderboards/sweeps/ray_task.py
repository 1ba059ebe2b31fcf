"""A job on a Ray worker: unpack what it needs, play it in a thread, and send its two files back as bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any

from .job import Job

SECONDS_BETWEEN_REPORTS = 1.0


def ray_task(
    code: str, values: Mapping[str, Any], names: Mapping[str, Any], contents: Mapping[str, Any]
) -> Iterator[Any]:
    """Play a job and yield what the driver should know, in plain values alone.

    First ("running",), then now and then ("step", share done), at last ("finished", rows, trace) with the bytes of the
    two files, or ("failed", message), or ("refused", message) where no job could be played as it must.

    Args:
        code: Fingerprint of palaestra's source where the run was started.
        values: The fields of the job.
        names: `Shipment.names`.
        contents: SHA-256 -> reference to the bytes.
    """
    import ray

    from ...core.errors import PalaestraError
    from .fingerprint import rows_fingerprint
    from .install_shipment import install_shipment
    from .job_folder import job_folder

    yield ("running",)
    node: str = ray.util.get_node_ip_address()  # type: ignore[no-untyped-call]
    if rows_fingerprint() != code:
        yield (
            "refused",
            f"The node {node} has another palaestra ({rows_fingerprint()}) than the machine that started the run "
            f"({code}). Install the same one on both.",
        )
        return
    job = Job(**values)
    try:
        modules = [job.agent.partition(":")[0], *(target.partition(":")[0] for _, _, target, *_ in names["members"])]
        files = install_shipment(names, lambda digest: bytes(ray.get(contents[digest])), modules)
    except PalaestraError as error:
        yield ("refused", f"On the node {node}: {error}")
        return
    except Exception as error:  # the user's module wants something that is not there
        yield ("failed", f"On the node {node}: {type(error).__name__}: {error}")
        return
    with job_folder() as folder:
        yield from _played(job, folder, files)


def _played(job: Job, folder: Path, files: Mapping[str, str]) -> Iterator[Any]:
    from .attempt import attempt
    from .execute import rows_path, trace_path

    told: SimpleQueue[tuple[Any, ...]] = SimpleQueue()
    last = monotonic()

    def progress(done: int, horizon: int) -> None:
        nonlocal last
        if monotonic() - last > SECONDS_BETWEEN_REPORTS:
            last = monotonic()
            told.put(("step", done / horizon))

    def play() -> None:
        try:
            told.put(("ended", attempt(job, folder, progress, files)))
        except BaseException as error:  # an agent that calls sys.exit must not leave the generator waiting
            told.put(("ended", f"{type(error).__name__}: {error}"))

    Thread(target=play, daemon=True).start()
    while (message := told.get())[0] == "step":
        yield message
    if message[1]:
        yield ("failed", message[1])
    else:
        yield ("finished", rows_path(folder, job).read_bytes(), trace_path(folder, job).read_bytes())
