"""Import libraries of the extras where they are used, with an error that says how to install them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from .errors import PalaestraError


def install_hint(extra: str) -> str:
    """How to install an extra, for those who installed the package and for those who have a clone of it."""
    return f"pip install 'palaestra[{extra}]' (in a clone: pip install -c constraints.txt -e '.[{extra}]')"


def import_extra(module: str, extra: str, purpose: str = "This") -> Any:
    """Import a module that comes with one of the package's extras.

    Args:
        module: Its name, "pyspiel" say.
        extra: The extra that brings it, "interop" say.
        purpose: What needs it, as the subject of the message.

    Raises:
        PalaestraError: It is not installed; the message says what to install.
    """
    try:
        return import_module(module)
    except ImportError as error:
        library = module.partition(".")[0]
        raise PalaestraError(
            f"{purpose} needs {library}, which is not installed. Install it: {install_hint(extra)}."
        ) from error
