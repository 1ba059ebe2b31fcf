"""Settings records: a function with many options takes a few frozen dataclasses, and callers give flat keywords.

    @with_settings(NetworkSettings, SeatSettings)
    def social_learning(network: NetworkSettings, seat: SeatSettings) -> Rules: ...

    social_learning(agents=50, horizon=10)      # agents is a field of NetworkSettings, horizon of SeatSettings

A record checks its own fields (`__post_init__`) and documents them (`Attributes:`). The decorated function shows the
fields of all records as its parameters, with their defaults and their documentation, so that the command line, the
pages and `options_of` need not know that records exist.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from functools import wraps
from typing import Any, TypeVar

from .errors import PalaestraError

R = TypeVar("R")


def with_settings(*records: type[Any]) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """A decorator: the function takes one record of each class, in this order; its callers give the records' fields.

    Args:
        records: Frozen dataclasses; no two have a field of one name.

    Returns:
        The decorator.
    """
    owners = {field.name: record for record in records for field in fields(record)}
    signature = inspect.Signature([parameter for record in records for parameter in _parameters(record)])

    def decorate(function: Callable[..., R]) -> Callable[..., R]:
        @wraps(function)
        def from_options(*args: Any, **options: Any) -> R:
            given = signature.bind(*args, **options).arguments
            return function(
                *(record(**{name: given[name] for name in given if owners[name] is record}) for record in records)
            )

        shown: Any = from_options
        shown.__signature__ = signature
        shown.__doc__ = _documentation(function, records)
        shown.option_owners = owners
        return from_options

    return decorate


def option_owner(maker: Any, option: str) -> Any:
    """The settings record in which an option of `maker` is annotated; `maker` itself where it takes no records."""
    owners: Mapping[str, Any] = getattr(maker, "option_owners", {})
    return owners.get(option, maker)


def _parameters(record: type[Any]) -> list[inspect.Parameter]:
    """The fields of a record as parameters of a function."""
    return [
        inspect.Parameter(
            field.name,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=inspect.Parameter.empty if field.default is MISSING else field.default,
            annotation=field.type,
        )
        for field in fields(record)
    ]


def _documentation(function: Callable[..., Any], records: tuple[type[Any], ...]) -> str:
    """The function's docstring, and the records' `Attributes:` as its `Args:`."""
    sections = [
        re.search(r"^Attributes:\n((?: +.*\n?|\n)+)", inspect.getdoc(record) or "", re.MULTILINE) for record in records
    ]
    documented = "\n".join(section.group(1).strip("\n") for section in sections if section)
    return f"{inspect.getdoc(function) or ''}\n\nArgs:\n{documented}\n"


def check_one_of(name: str, value: Any, allowed: tuple[Any, ...]) -> None:
    """Refuse a value that is not one of those allowed."""
    if value not in allowed:
        raise PalaestraError(f"{name}={value!r} is not allowed. Allowed: {', '.join(map(repr, allowed))}.")


def check_count(name: str, value: Any, least: int) -> None:
    """Refuse what is not an integer from `least`."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise PalaestraError(f"{name}={value!r} is not allowed: give an integer from {least}.")
