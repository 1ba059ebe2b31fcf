"""A registry maps names to the modules of its members. No member is imported before it is needed."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from .errors import PalaestraError, UnknownName
from .option_type import check_option_type

T = TypeVar("T")


@dataclass(frozen=True)
class Member(Generic[T]):
    """One line of a room's `__init__.py`."""

    name: str
    module: str
    attribute: str
    kind: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

    def make(self, **options: Any) -> Any:
        """Call the member with its registered options, overridden by `options`."""
        return build(self.name, self.load(), {**self.options, **options})

    def load(self) -> T:
        """Import the member's file and return the member."""
        return cast(T, getattr(import_module(self.module), self.attribute))

    @property
    def page(self) -> str:
        """The docstring of the member's file: its page. Read from the source, so that a listing imports nothing."""
        spec = find_spec(self.module)
        if spec is None or spec.origin is None:
            raise PalaestraError(f"The {self.name!r} is registered in {self.module}, which cannot be found.")
        return ast.get_docstring(ast.parse(Path(spec.origin).read_text(encoding="utf-8"))) or ""

    @property
    def summary(self) -> str:
        """The first line of the page, without its heading mark."""
        return self.page.partition("\n")[0].lstrip("# ").rstrip(".")


class Registry(Mapping[str, Member[T]]):
    """Members of one room by name.

    Args:
        kind: What a member is called in messages ("environment").
        room: The package whose files they are (`__name__` of the room's `__init__.py`).
        line: The class of a registration line.
    """

    def __init__(self, kind: str, room: str, line: type[Member[T]] = Member) -> None:
        self.kind = kind
        self.room = room
        self._line = line
        self._members: dict[str, Member[T]] = {}

    def register(self, name: str, target: str, kind: str = "", **options: Any) -> None:
        """Add a member: `register("TransferGame-v0", ".transfer_game:transfer_game")`.

        Args:
            name: The public name.
            target: "module:attribute"; with a leading dot, as in an import, a module of the room.
            kind: What the listing says of it before its file is imported; an environment's is "single" or "parallel".
            options: What `make` passes to the member, so that a variant is a line and not a subclass.
        """
        module, _, attribute = target.partition(":")
        if name in self._members:
            raise PalaestraError(f"The {self.kind} {name!r} is registered twice. Raise its version or rename one.")
        full = f"{self.room}{module}" if module.startswith(".") else module
        self._members[name] = self._line(name, full, attribute, kind, options)

    def __getitem__(self, name: str) -> Member[T]:
        try:
            return self._members[name]
        except KeyError:
            raise UnknownName(self.kind, name, self._members, "palaestra list") from None

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._members))

    def __len__(self) -> int:
        return len(self._members)


def options_of(maker: Any) -> dict[str, inspect.Parameter]:
    """The options a member takes: the parameters of its class or function, by name."""
    parameters = inspect.signature(maker).parameters.values()
    return {p.name: p for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}


def build(name: str, maker: Any, options: Mapping[str, Any]) -> Any:
    """Call `maker` with `options`, naming the allowed ones when one is unknown.

    Raises:
        UnknownName: An option that `maker` does not take.
        PalaestraError: A value of another type than `maker` asks for, or whatever it refuses itself.
    """
    allowed = options_of(maker)
    for option in options:
        if option not in allowed:
            raise UnknownName(f"option of {name}", option, allowed)
        check_option_type(name, maker, allowed[option], options[option])
    return maker(**options)
