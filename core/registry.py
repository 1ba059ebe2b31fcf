"""A registry maps names to the modules of its members. No member is imported before it is needed."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Generic, NamedTuple, TypeVar, cast

from .errors import PalaestraError, UnknownName
from .module_source import module_docstring, module_file
from .option_type import check_option_type
from .plugins import broken_plugins, load_chosen_plugins, named_members
from .target import installed_target, search_working_directory

T = TypeVar("T")


@dataclass(frozen=True)
class Member(Generic[T]):
    """One line of a room's `__init__.py`, or one entry point of somebody else's package.

    Attributes:
        name: The public name.
        module: Where it is defined.
        attribute: What it is called there.
        kind: What the listing says of it before its file is imported.
        options: What `make` passes to it.
        package: The distribution that names it as an entry point, with its version; empty for registered ones.
        expects: "module:Class" that it must be an instance of; empty: anything.
    """

    name: str
    module: str
    attribute: str
    kind: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    package: str = field(default="", compare=False)
    expects: str = field(default="", compare=False)

    def make(self, **options: Any) -> Any:
        """Call the member with its registered options, overridden by `options`."""
        return build(self.name, self.load(), {**self.options, **options})

    def load(self) -> T:
        """Import the member's file and return the member.

        Raises:
            PalaestraError: A member of somebody else's package that cannot be imported, or is something else.
        """
        return cast(T, self._loaded())

    def _loaded(self) -> Any:
        if not self.outside:
            return getattr(import_module(self.module), self.attribute)
        try:
            found = installed_target(self.target)
        except PalaestraError as error:
            raise PalaestraError(f"{self.name!r} of {self.origin} cannot be used: {error}") from error
        module, _, attribute = self.expects.partition(":")
        if module and not isinstance(found, getattr(import_module(module), attribute)):
            raise PalaestraError(f"{self.name!r} of {self.origin} cannot be used: {self.target} is no {attribute}.")
        return found

    @property
    def target(self) -> str:
        """Where it is, as "module:attribute"."""
        return f"{self.module}:{self.attribute}"

    @property
    def outside(self) -> bool:
        """Whether it is somebody else's: its file is none of palaestra's."""
        return self.module.partition(".")[0] != __name__.partition(".")[0]

    @property
    def origin(self) -> str:
        """Whose it is, for messages."""
        return (self.package or f"the module {self.module}") if self.outside else "palaestra"

    @property
    def page(self) -> str:
        """The docstring of the member's file: its page. Read from the source, so that a listing imports nothing.

        Raises:
            PalaestraError: The file is not there, or is no Python.
        """
        try:
            page = module_docstring(self.module)
        except SyntaxError as error:
            raise PalaestraError(
                f"{self.name!r} of {self.origin}: {error.filename}:{error.lineno}: {error.msg}."
            ) from error
        if page is None:
            raise PalaestraError(f"The {self.name!r} is registered in {self.module}, which cannot be found.")
        return page

    @property
    def summary(self) -> str:
        """The first line of the page, without its heading mark."""
        return self.page.partition("\n")[0].lstrip("# ").rstrip(".")


class Broken(NamedTuple):
    """A member of somebody else's package that cannot be used, and why.

    Attributes:
        name: Its name.
        package: Whose it is.
        reason: For people.
    """

    name: str
    package: str
    reason: str


class Registry(Mapping[str, Member[T]]):
    """Members of one room by name: those registered by a line, and those of installed packages.

    Args:
        kind: What a member is called in messages ("environment").
        room: The package whose files they are (`__name__` of the room's `__init__.py`).
        line: The class of a registration line.
        expects: "module:Class" that every member is an instance of; empty: anything.
        announce: Called with the name and kind of each registered member.
    """

    def __init__(
        self,
        kind: str,
        room: str,
        line: type[Member[T]] = Member,
        *,
        expects: str = "",
        announce: Callable[[str, str], None] | None = None,
    ) -> None:
        self.kind = kind
        self.room = room
        self._line = line
        self._expects = expects
        self._announce = announce
        self._members: dict[str, Member[T]] = {}
        self._named: dict[str, Member[T]] = {}
        self._failed: dict[str, Broken] = {}

    def register(self, name: str, target: str, kind: str = "", **options: Any) -> None:
        """Add a member: `register("TransferGame-v0", ".transfer_game:transfer_game")`.

        The same line may come again, as when a cell of a notebook is run twice.

        Args:
            name: The public name.
            target: "module:attribute"; with a leading dot, as in an import, a module of the room.
            kind: What the listing says of it before its file is imported; an environment's is "single" or "parallel".
            options: What `make` passes to the member, so that a variant is a line and not a subclass.

        Raises:
            PalaestraError: The name is taken, or the target is not "module:attribute".
        """
        module, _, attribute = target.partition(":")
        if not module or not attribute:
            raise PalaestraError(f"The {self.kind} {name!r}: {target!r} is not module:attribute.")
        full = f"{self.room}{module}" if module.startswith(".") else module
        made = self._line(name, full, attribute, kind, options, expects=self._expects)
        there = self._members.get(name)
        if there is not None and not (there.outside and there == made):
            raise PalaestraError(_taken(self.kind, made, there))
        self._members[name] = made
        if self._announce is not None:
            self._announce(name, kind)

    def forget(self, name: str) -> None:
        """Take back the registration of somebody else's member."""
        self._members.pop(name, None)

    def find(self, name: str) -> Member[T]:
        """The member called `name`, or what "module:attribute" of the user's own names.

        Only for names that the user gave: looking such a member up later imports its module. Names that come from a
        file or from a stranger go to `registry[name]`, which knows such a name only after it was found here.
        """
        if ":" in name and name not in self._named:
            search_working_directory()
            module, _, attribute = name.partition(":")
            self._named[name] = self._line(name, module, attribute, expects=self._expects)
        return self[name]

    def loadable(self) -> Iterator[tuple[str, T]]:
        """Every member with its name, imported; those of other packages that cannot be are in `broken` from then on."""
        for name in list(self):
            try:
                yield name, self[name].load()
            except PalaestraError as error:
                if not self[name].outside:
                    raise
                self.exclude(name, str(error))

    def exclude(self, name: str, reason: str) -> None:
        """Count a member of somebody else's package among the broken ones."""
        self._failed[name] = Broken(name, self[name].origin, reason)

    @property
    def broken(self) -> tuple[Broken, ...]:
        """Members of other packages that cannot be used, as far as is known without importing any."""
        return (*self._outside()[1], *self._failed.values())

    @property
    def kinds(self) -> dict[str, str]:
        """Name -> kind, without importing a plug-in: for libraries that are being imported themselves."""
        return {name: member.kind for name, member in {**self._outside()[0], **self._members}.items()}

    def _outside(self) -> tuple[dict[str, Member[T]], list[Broken]]:
        """The usable entry points by name, and the others."""
        good: dict[str, Member[T]] = {}
        broken: list[Broken] = []
        for one in named_members(self.kind):
            made = self._line(one.name, one.module, one.attribute, package=one.package, expects=self._expects)
            there = self._members.get(one.name) or good.get(one.name)
            if there is not None and there.target != made.target:
                good.pop(one.name, None)
                broken.append(Broken(one.name, one.package, _taken(self.kind, made, there)))
            elif not one.attribute:
                broken.append(Broken(one.name, one.package, f"{one.module!r} is not module:attribute."))
            elif module_file(one.module) is None:
                broken.append(Broken(one.name, one.package, f"There is no module {one.module}: install it again."))
            elif there is None and all(other.name != one.name for other in broken):
                good[one.name] = made
        return good, broken

    def _known(self) -> dict[str, Member[T]]:
        """All members that can be used, as far as is known."""
        load_chosen_plugins()
        good, broken = self._outside()
        shadowed = {one.name for one in broken} | self._failed.keys()
        own = {name: one for name, one in self._members.items() if not (one.outside and name in shadowed)}
        return {**{name: one for name, one in good.items() if name not in shadowed}, **own}

    def __getitem__(self, name: str) -> Member[T]:
        found = self._named.get(name) or self._members.get(name)
        if found is not None and (not found.outside or name in self._named):
            return found
        known = self._known()
        if name in known:
            return known[name]
        for one in self.broken:
            if one.name == name:
                raise PalaestraError(f"The {self.kind} {name!r} of {one.package} cannot be used: {one.reason}")
        raise UnknownName(self.kind, name, known, "palaestra list", self._hint(name))

    def _hint(self, name: str) -> str:
        failed = [f"The plug-in {module!r} could not be imported: {why}" for module, why in broken_plugins().items()]
        if ":" in name:
            failed.append(f"{name!r} is code of somebody's own, which runs only where you name it yourself.")
        return " ".join(failed)

    def __contains__(self, name: object) -> bool:
        found = self._members.get(cast(str, name))
        return (found is not None and not found.outside) or name in self._known()

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._known()))

    def __len__(self) -> int:
        return len(self._known())


def _taken(kind: str, made: Member[Any], there: Member[Any]) -> str:
    """Why a member cannot have its name."""
    if not made.outside:
        return f"The {kind} {made.name!r} is registered twice. Raise its version or rename one."
    return (
        f"The name of the {kind} {made.name!r} of {made.origin} ({made.target}) is taken by {there.origin} "
        f"({there.target}). Rename it; until then {made.target} names it."
    )


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
