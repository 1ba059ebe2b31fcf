"""`palaestra.list`: what there is, as a table that shows itself.

Offered to users as `palaestra.list`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..catalogue.listing import selected_listing, short_summary
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
        env: Only what belongs to this environment: itself, agents whose `plays` name it or that play any, the metrics
            that it or its tracks declare, and its tracks.

    Raises:
        UnknownName: A kind or an environment that does not exist.
        PalaestraError: Wrappers of an environment; they belong to none.
    """
    everything = selected_listing(kind, env)
    return MemberTable(
        tuple({"kind": one, **member} for one, members in everything.items() for member in members if one != "broken")
    )
