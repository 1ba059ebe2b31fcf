"""What "module:attribute" names, and why it cannot be had where it cannot."""

from __future__ import annotations

import os
import sys
from difflib import get_close_matches
from importlib import import_module
from typing import Any

from .errors import PalaestraError
from .meant_targets import meant_targets
from .raised_at import raised_at


def named_target(target: str) -> Any:
    """What "module:attribute" names; the working directory is searched first.

    Raises:
        PalaestraError: A module that is not there, that fails while it is imported, or that has no such attribute.
    """
    module, _, attribute = target.partition(":")
    if not module or not attribute:
        raise PalaestraError(f"{target!r} is not module:attribute, such as my_agents:Winners.")
    if "" not in sys.path and os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    loaded = _imported(module, target)
    try:
        return getattr(loaded, attribute)
    except AttributeError as error:
        own = [name for name, one in vars(loaded).items() if getattr(one, "__module__", "") == loaded.__name__]
        near = get_close_matches(attribute, own, cutoff=0.5)
        hint = f" Did you mean {module}:{near[0]}?" if near else f" It defines {', '.join(own[:20]) or 'nothing'}."
        raise PalaestraError(f"{target!r}: the module {module} has no {attribute!r}.{hint}") from error


def _imported(module: str, target: str) -> Any:
    """The module; where its own code fails, the error names the line."""
    try:
        return import_module(module)
    except PalaestraError:
        raise
    except ModuleNotFoundError as error:
        if not f"{module}.".startswith(f"{error.name}."):
            raise _fails(module, error) from error
        meant = meant_targets(target)
        hint = f"Did you mean {' or '.join(meant)}?" if meant else f"The folder searched first is {os.getcwd()}."
        raise PalaestraError(
            f"{target!r}: {error}. Give module:attribute of a module that Python can import from here. {hint}"
        ) from error
    except SyntaxError as error:
        raise PalaestraError(
            f"The module {module!r} cannot be read: {error.msg} ({error.filename}:{error.lineno})."
        ) from error
    except (Exception, SystemExit) as error:
        raise _fails(module, error) from error


def _fails(module: str, error: BaseException) -> PalaestraError:
    place = raised_at(error)
    if isinstance(error, ModuleNotFoundError):
        said, way = f"it imports {error.name!r}, which is not installed", f"Install {error.name!r}, or mend the import."
    elif isinstance(error, SystemExit):
        said = f"it ends the program (SystemExit: {error})"
        way = 'Put what a script does under `if __name__ == "__main__":`.'
    else:
        said, way = f"{type(error).__name__}: {error}".rstrip("."), "Mend that line."
    return PalaestraError(f"The module {module!r} cannot be imported: {said}{f' ({place})' if place else ''}. {way}")
