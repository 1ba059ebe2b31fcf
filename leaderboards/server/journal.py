"""The service's event log: one line on standard error per event, with the time (UTC) and named fields."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Mapping

_LOGGER = logging.getLogger("palaestra.service")


def start_journal() -> None:
    """Send every log line of this process to standard error, each with its time."""
    handler = logging.StreamHandler(sys.stderr)
    formatter = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def log_event(
    event: str,
    fields: Mapping[str, object] | None = None,
    *,
    error: BaseException | None = None,
    level: int = logging.INFO,
) -> None:
    """Log `EVENT name=value …` in one line.

    Args:
        event: What happened, "accepted" say.
        fields: Values are written as JSON, so nothing that a stranger sent can look like another line. None is left
            out.
        error: Of what; its first line is told, without a traceback.
        level: Of `logging`.
    """
    told = dict(fields or {})
    if error is not None:
        told["error"] = f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}"
    words = [f"{name}={json.dumps(value)}" for name, value in told.items() if value is not None]
    _LOGGER.log(level, "%s", " ".join([event, *words]))
