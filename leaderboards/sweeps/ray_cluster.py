"""Connect to a Ray cluster: to the named one, or to a temporary one on this machine."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ...core.errors import PalaestraError
from ...core.extra import import_extra

SECONDS_TO_ANSWER = 5.0
QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",  # nothing is told to anybody
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # what Ray will do from its next version on, without saying so each time
}
"""Set where the user has not set them."""


@contextmanager
def ray_cluster(workers: int = 0, address: str = "") -> Iterator[Any]:
    """Ray, connected. Its own connection is closed at the end, and what it started is stopped; another's is left alone.

    Args:
        workers: Cores of a cluster that is started here; 0: all of this machine's.
        address: "HOST:PORT" of a cluster's head, or "auto" for the one that runs on this machine; empty: what the
            environment's RAY_ADDRESS says, else a cluster is started on this machine.

    Raises:
        PalaestraError: Ray is not installed, or there is no cluster at the address.
    """
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    ray = import_extra("ray", "ray")
    address = address or os.environ.get("RAY_ADDRESS", "")
    if ray.is_initialized():
        here = ray.get_runtime_context().gcs_address
        if address not in ("", "auto", "local", here):
            raise PalaestraError(
                f"--address {address}: this process is already connected to {here}. Call ray.shutdown() first."
            )
        yield ray
        return
    try:
        if address in ("", "local"):
            _start(ray, workers)
        else:
            _connect(ray, address)
        yield ray
    finally:
        ray.shutdown()


def _start(ray: Any, workers: int) -> None:
    # A token of its own, in the environment of what it starts: Ray would write one to the user's home, and every
    # cluster that is started later would ask for it.
    os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
    ray.init(
        address="local", num_cpus=workers or None, include_dashboard=False, log_to_driver=False, logging_level="ERROR"
    )


def _connect(ray: Any, address: str) -> None:
    if "://" in address:
        raise PalaestraError(
            f"--address {address}: give HOST:PORT, and run palaestra on a machine of the cluster; "
            f"`ray start --address=HOST:PORT --num-cpus=0` makes this one such a machine."
        )
    if address != "auto":
        _knock(address)
    try:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR")
    except Exception as error:
        raise PalaestraError(
            f"Ray at {address} rejects this machine: {error}. It must be a node of the cluster (`ray start "
            "--address=HOST:PORT --num-cpus=0` makes it one), with the same versions of Ray and Python; if the "
            "cluster asks for a token, set RAY_AUTH_MODE=token and RAY_AUTH_TOKEN."
        ) from error


def _knock(address: str) -> None:
    """Ask whether anything listens: Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    try:
        number = int(port)
        if not host:
            raise ValueError
    except ValueError:
        raise PalaestraError(f'--address {address}: give HOST:PORT, "10.0.0.1:6379" say, or "auto".') from None
    try:
        socket.create_connection((host, number), SECONDS_TO_ANSWER).close()
    except (OSError, OverflowError) as error:
        raise PalaestraError(
            f"--address {address}: no Ray cluster answers there ({error}). `ray start --head --port={port}` starts "
            f"one on the machine where you run it."
        ) from error
