"""`palaestra.list`: what there is, as a table that shows itself.

Offered to users as `palaestra.list`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...core.errors import UnknownName
from ...core.rules import Rules
from ..catalogue.listing import listing, registries, short_summary
from .plain_table import PlainTable

SHOWN = 60
"""Members that the text of a table lists; of more it gives the numbers."""


@dataclass(frozen=True, repr=False)
class MemberTable(Sequence[Mapping[str, Any]]):
    """Registered members, one row each; as the last value of a cell it shows itself.

    Attributes:
        rows: kind, name and summary; an environment's face; the options of a variant.
    """

    rows: tuple[Mapping[str, Any], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names alone."""
        return tuple(row["name"] for row in self.rows)

    @property
    def table(self) -> PlainTable:
        """Kind, name and what it is."""
        return PlainTable(self._counts, ("kind", "name", "what it is"), [_cells(row) for row in self.rows])

    @property
    def _counts(self) -> str:
        kinds = [row["kind"] for row in self.rows]
        told = [f"{kinds.count(kind)} {kind}{'s' * (kinds.count(kind) != 1)}" for kind in dict.fromkeys(kinds)]
        return ", ".join(told) or "Nothing is registered that fits."

    def __repr__(self) -> str:
        if len(self.rows) <= SHOWN:
            return self.table.text
        return (
            f'{self._counts}. palaestra.list("agent") lists one kind; palaestra.list(env=ID) what fits one environment.'
        )

    def _repr_html_(self) -> str:
        return self.table.html

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: Any) -> Any:
        return self.rows[index]


def _cells(row: Mapping[str, Any]) -> tuple[str, str, str]:
    variant = ", ".join(f"{key}={value!r}" for key, value in row.get("options", {}).items())
    return row["kind"], row["name"], short_summary(row) + (f" ({variant})" if variant else "")


def list(kind: str | None = None, env: str | None = None) -> MemberTable:
    """What is registered: environments, agents, metrics, tracks and wrappers.

    Args:
        kind: One of these kinds alone, in the singular or the plural.
        env: Only what belongs to this environment: agents whose `plays` name it or that play any, the metrics it
            declares, its tracks, and the environment itself.

    Raises:
        UnknownName: A kind or an environment that does not exist.
    """
    everything = listing()
    if kind is not None:
        single = kind.removesuffix("s")
        if single not in everything:
            raise UnknownName("kind of member", kind, everything)
        everything = {single: everything[single]}
    rows = [{"kind": one, **member} for one, members in everything.items() for member in members]
    if env is not None:
        from ... import rules

        made = rules(env)
        rows = [row for row in rows if _belongs(row, env, made)]
    return MemberTable(tuple(rows))


def _belongs(row: Mapping[str, Any], env: str, made: Rules[Any]) -> bool:
    kind, name = row["kind"], row["name"]
    if kind == "environment":
        return bool(name == env)
    if kind == "metric":
        return name in made.facts.metrics
    member = registries()[kind][name]
    if kind == "track":
        return bool(member.load().env_id == env)
    if kind == "agent":
        plays = member.load().plays
        return not plays or env in plays
    return False
