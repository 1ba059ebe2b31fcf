"""GraphML: nodes and edges, with the `weight` of edges and the `community` of nodes.

Source: Brandes, Eiglsperger, Herman, Himsolt, Marshall, "GraphML progress report", Graph Drawing 2001. Directions
are dropped: both ends of an edge listen to each other. Nested graphs, ports and hyperedges are not read. A document
that defines entities is refused, because entities can turn a small file into a huge one.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.parsers import expat

from ...core.errors import PalaestraError
from .tie_table import TieTable, strength, tie_table


def read_graph_ml(text: str, title: str) -> TieTable:
    """Read GraphML.

    Args:
        text: The file's text.
        title: Its name, for messages.

    Raises:
        PalaestraError: Text that is not well-formed, is not GraphML or names missing nodes; says in which line.
    """
    reader = _Reader(title)
    try:
        reader.parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        raise PalaestraError(f"{title}, line {error.lineno}: {expat.ErrorString(error.code)}.") from error
    if not reader.graphs:
        raise PalaestraError(f"{title} has no <graph>: it is no GraphML.")
    return reader.table()


class _Reader:
    """Handlers of the parser, which knows its line."""

    def __init__(self, title: str) -> None:
        self.title, self.graphs = title, 0
        self.keys: dict[str, tuple[str, str]] = {}
        self.defaults: dict[str, str] = {}
        self.numbers: dict[str, int] = {}
        self.community: dict[str, str] = {}
        self.edges: list[tuple[str, str, str, int]] = []
        self.inside: list[str] = []
        self.text = self.key = self.node = ""
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self.parser.EntityDeclHandler = self._entity

    def _refuse(self, problem: str, line: int | None = None) -> PalaestraError:
        return PalaestraError(f"{self.title}, line {line or self.parser.CurrentLineNumber}: {problem}")

    def _entity(self, *_: object) -> None:
        raise self._refuse("the document defines an entity; it is not read.")

    def _begin(self, tag: str, given: Mapping[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if not self.inside and name != "graphml":
            raise self._refuse(f"the document is <{name}>, not <graphml>.")
        self.inside.append(name)
        self.text = ""
        if name == "graph":
            self.graphs += 1
            if self.graphs > 1:
                raise self._refuse("a second <graph>; one is read.")
        elif name == "key":
            self.keys[self._given(given, "id")] = (given.get("for", "all"), given.get("attr.name", ""))
            self.key = given["id"]
        elif name == "node":
            self.node = self._given(given, "id")
            if self.node in self.numbers:
                raise self._refuse(f"the node {self.node!r} is named twice.")
            self.numbers[self.node] = len(self.numbers)
        elif name == "edge":
            ends = self._given(given, "source"), self._given(given, "target")
            self.edges.append((*ends, "", self.parser.CurrentLineNumber))
        elif name == "data":
            self.key = self._given(given, "key")
        elif name == "hyperedge":
            raise self._refuse("<hyperedge> is not read: a tie has two ends.")

    def _given(self, given: Mapping[str, str], what: str) -> str:
        if what not in given:
            raise self._refuse(f"<{self.inside[-1]}> has no {what!r}.")
        return given[what]

    def _data(self, text: str) -> None:
        self.text += text

    def _end(self, tag: str) -> None:
        name, text = self.inside.pop(), self.text.strip()
        if name == "default":
            self.defaults[self.key] = text
        elif name == "data" and self.inside and self.key in self.keys:
            what = self.keys[self.key][1]
            if self.inside[-1] == "node" and what == "community":
                self.community[self.node] = text
            elif self.inside[-1] == "edge" and what == "weight":
                self.edges[-1] = (*self.edges[-1][:2], text, self.edges[-1][3])

    def _default(self, what: str) -> str:
        return next(
            (self.defaults[key] for key, (_, name) in self.keys.items() if name == what and key in self.defaults), ""
        )

    def table(self) -> TieTable:
        """What was read."""
        ends, strengths = [], []
        for one, other, weight, line in self.edges:
            for name in (one, other):
                if name not in self.numbers:
                    raise self._refuse(f"the edge names the node {name!r}, which is not there.", line)
            ends.append((self.numbers[one], self.numbers[other]))
            strengths.append(strength(weight or self._default("weight") or "1", f"{self.title}, line {line}"))
        labels = [self.community.get(name, self._default("community")) for name in self.numbers]
        if any(labels) and not all(labels):
            missing = next(name for name, label in zip(self.numbers, labels, strict=True) if not label)
            raise PalaestraError(f"{self.title}: the node {missing!r} has no community, though others have one.")
        return tie_table(ends, strengths, list(self.numbers), labels if any(labels) else None, self.title)
