"""Reading PrefLib files: .soc, .soi, .toc and .toi, the text format of preflib.org since 2022."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ...core.errors import PalaestraError
from .profile import Profile

TIES = {".soc": False, ".soi": False, ".toc": True, ".toi": True}
COMPLETE = {".soc": True, ".soi": False, ".toc": True, ".toi": False}
_ITEM = re.compile(r"\s*(?:\{([^{}]*)\}|([^,{}]+))\s*(?:,|$)")
_WHOLE = re.compile(r"\d{1,15}", re.ASCII)


def read_preflib(path: str | Path) -> Profile:
    """A profile from a PrefLib file.

    Source: Mattei and Walsh, "PrefLib: a library for preferences", ADT 2013; the format's page at preflib.org. Lines
    that begin with # give NUMBER ALTERNATIVES, NUMBER VOTERS, NUMBER UNIQUE ORDERS and ALTERNATIVE NAME 1, 2, ...;
    every other line is `COUNT: 3,{1,2},4`, best first, with braces around ties. Options that an incomplete order (.soi,
    .toi) does not name come after all those it names, level with each other.

    Args:
        path: A file whose ending says what is allowed: .soc strict and complete, .soi strict, .toc complete with ties,
            .toi all.

    Raises:
        PalaestraError: A file in another format; names the line and the offending text.
    """
    path = Path(path)
    if path.suffix not in TIES:
        raise PalaestraError(f"{path.name} is no PrefLib file of rankings. Allowed endings: {', '.join(TIES)}.")
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError as error:
        raise PalaestraError(f"There is no profile at {str(path)!r}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise PalaestraError(f"{path.name} cannot be read: {error}.") from error
    told = _Header(path, lines)
    names, size = told.names(), told.number("ALTERNATIVES")
    ranks: list[tuple[int, ...]] = []
    counts: list[int] = []
    seen: dict[tuple[int, ...], int] = {}
    for at, count, order in _orders(path, lines):
        own = _ranks(path, at, order, size)
        if own in seen:
            raise PalaestraError(f"{path.name}, line {at}: the order {order!r} stands in line {seen[own]} already.")
        seen[own] = at
        ranks.append(own)
        counts.append(count)
    for what, found in (("UNIQUE ORDERS", len(counts)), ("VOTERS", sum(counts))):
        if told.number(what) != found:
            raise PalaestraError(
                f"{path.name}, line {told.line(what)}: NUMBER {what} is {told.number(what)}, but the orders below are "
                f"{found}. The file is damaged or cut off."
            )
    return Profile(path.name, names, np.array(ranks, np.int64), np.array(counts, np.int64))


class _Header:
    """What the lines that begin with # tell, with their line numbers."""

    def __init__(self, path: Path, lines: list[str]) -> None:
        self.path, self.fields = path, dict[str, tuple[int, str]]()
        for at, line in enumerate(lines, 1):
            if line.startswith("#") and ":" in line:
                key, _, value = line[1:].partition(":")
                key = key.strip().upper()
                if key in self.fields and key.startswith(("NUMBER", "ALTERNATIVE")):
                    raise PalaestraError(f"{path.name}, line {at}: {key} was given in line {self.fields[key][0]}.")
                self.fields[key] = at, value.strip()
        if not self.fields and lines and _WHOLE.fullmatch(lines[0].strip()):
            raise PalaestraError(
                f"{path.name} is in PrefLib's layout before 2022. Download it anew from preflib.org: the new layout "
                "begins with lines such as `# NUMBER ALTERNATIVES: 4`."
            )

    def line(self, what: str) -> int:
        return self.fields[f"NUMBER {what}"][0]

    def number(self, what: str) -> int:
        at, text = self.fields.get(f"NUMBER {what}", (0, ""))
        if not at:
            raise PalaestraError(f"{self.path.name} has no line `# NUMBER {what}: ...`.")
        if not _WHOLE.fullmatch(text):
            raise PalaestraError(f"{self.path.name}, line {at}: NUMBER {what} is {text!r}, not a whole number.")
        return int(text)

    def names(self) -> tuple[str, ...]:
        size = self.number("ALTERNATIVES")
        given = {key: value for key, value in self.fields.items() if key.startswith("ALTERNATIVE NAME ")}
        for key, (at, _) in given.items():
            number = key.removeprefix("ALTERNATIVE NAME ")
            if not _WHOLE.fullmatch(number) or not 1 <= int(number) <= size:
                raise PalaestraError(
                    f"{self.path.name}, line {at}: {key}, but there are {size} alternatives (line "
                    f"{self.line('ALTERNATIVES')})."
                )
        if len(given) != size:
            raise PalaestraError(
                f"{self.path.name}, line {self.line('ALTERNATIVES')}: {size} alternatives, but {len(given)} names."
            )
        return tuple(given[f"ALTERNATIVE NAME {i}"][1] for i in range(1, size + 1))


def _orders(path: Path, lines: list[str]) -> Iterator[tuple[int, int, str]]:
    """(line, count, order as text)."""
    for at, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        count, colon, order = line.partition(":")
        if not colon or not _WHOLE.fullmatch(count.strip()) or int(count) < 1:
            raise PalaestraError(
                f"{path.name}, line {at}: {line[:60]!r} is not `COUNT: ORDER` with a whole count from 1."
            )
        yield at, int(count), order.strip()


def _ranks(path: Path, at: int, order: str, size: int) -> tuple[int, ...]:
    """The rank of each option; what is not named is level at the end."""
    ranks = [size] * size
    place, reached = 0, 0
    while reached < len(order):
        item = _ITEM.match(order, reached)
        if not item:
            raise PalaestraError(f"{path.name}, line {at}: {order[reached:][:40]!r} is no alternative and no tie.")
        reached = item.end()
        tied = item[2] is None
        members = item[1].split(",") if tied else [item[2]]
        if tied and len(members) > 1 and not TIES[path.suffix]:
            raise PalaestraError(
                f"{path.name}, line {at}: the tie {{{item[1]}}} is not allowed: {path.suffix} orders are strict. Name "
                "the file .toc or .toi if ties are meant."
            )
        for member in members:
            option = int(member) if _WHOLE.fullmatch(member.strip()) else 0
            if not 1 <= option <= size:
                raise PalaestraError(
                    f"{path.name}, line {at}: unknown alternative {member.strip()!r}; they are 1 to {size}."
                )
            if ranks[option - 1] < size:
                raise PalaestraError(f"{path.name}, line {at}: the alternative {option} is ranked twice.")
            ranks[option - 1] = place
        place += 1
    missing = [option + 1 for option in range(size) if ranks[option] == size]
    if missing and (COMPLETE[path.suffix] or len(missing) == size):
        raise PalaestraError(
            f"{path.name}, line {at}: the order does not rank the alternative {missing[0]}. Name the file .soi or .toi "
            "if orders are incomplete."
        )
    return tuple(ranks)
