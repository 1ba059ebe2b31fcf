"""The Axelrod library, which palaestra does not depend on."""

from __future__ import annotations

from typing import Any

from ..core.errors import PalaestraError


def axelrod_library() -> Any:
    """The module `axelrod`, imported when it is first needed: it brings torch and dask, and takes seconds.

    Raises:
        PalaestraError: It cannot be imported.
    """
    try:
        import axelrod
    except ImportError as error:
        raise PalaestraError(
            f"axelrod cannot be imported ({error}). docs/how_to/use_axelrod.md says how to install it lightly."
        ) from error
    return axelrod
