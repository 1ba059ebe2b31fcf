"""Check the type of an option against its annotation before the option is used.

So a maker that asks for a number says which numbers it takes, and need not expect text, a list or true.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from numbers import Integral, Real
from typing import Any, Literal, get_args, get_origin

from .errors import PalaestraError
from .settings_records import option_owner

_SIMPLE: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "int": ("an integer", lambda value: isinstance(value, Integral) and not isinstance(value, bool)),
    "float": ("a number", lambda value: isinstance(value, Real) and not isinstance(value, bool)),
    "bool": ("true or false", lambda value: isinstance(value, bool)),
    "str": ("text", lambda value: isinstance(value, str)),
    "None": ("none", lambda value: value is None),
}


def check_option_type(name: str, maker: Any, parameter: inspect.Parameter, value: Any) -> None:
    """Refuse a value that is none of the types which a parameter's annotation names.

    What an annotation leaves open is let pass: no annotation, `Any`, sequences, types that cannot be looked up. Which
    of a `Literal`'s values it is stays with the maker; here they are text.

    Args:
        name: Whose option it is, for the message.
        maker: The class or function that takes it.
        parameter: Its parameter.
        value: What was given.

    Raises:
        PalaestraError: Another type.
    """
    maker = option_owner(maker, parameter.name)
    annotation = parameter.annotation
    text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
    module = vars(sys.modules[maker.__module__]) if getattr(maker, "__module__", "") in sys.modules else {}
    allowed = []
    for part in (piece.strip() for piece in text.split("|")):
        named = module.get(part)
        if part.startswith("Literal[") or (
            get_origin(named) is Literal and all(isinstance(one, str) for one in get_args(named))
        ):
            part = "str"
        if part in _SIMPLE:
            wording, fits = _SIMPLE[part][0], _SIMPLE[part][1](value)
        elif isinstance(named, type) and named is not Any:
            wording, fits = part, isinstance(value, named)
        else:
            return
        if fits:
            return
        allowed.append(wording)
    raise PalaestraError(f"{parameter.name}={value!r} of {name} is not allowed: give {' or '.join(allowed)}.")
