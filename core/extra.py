"""Import libraries of the extras where they are used, with an error that says how to install them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from .errors import PalaestraError


def import_extra(module: str, extra: str) -> Any:
    """Import a module that comes with one of the package's extras.

    Args:
        module: Its name, "pyspiel" say.
        extra: The extra that brings it, "interop" say.

    Raises:
        PalaestraError: It is not installed; the message says what to install.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise PalaestraError(
            f"This needs {module}, which is not installed. In a clone of palaestra: "
            f"pip install -c constraints.txt -e '.[{extra}]'"
        ) from error
