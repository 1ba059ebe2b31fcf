"""Reading Gambit's strategic games: `.nfg` text with payoffs or with outcomes."""

from __future__ import annotations

import re
from fractions import Fraction
from math import isfinite, prod
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from .normal_form import NormalFormGame

MOST_BYTES = 1 << 30
MOST_PLAYERS = 30
_MOST_DIGITS = 400  # of a number's text and of its exponent: beyond, exact arithmetic would take for ever
_TOKEN = re.compile(r'(?P<space>[\s,]+)|(?P<mark>[{}])|"(?P<text>(?:[^"\\]|\\.)*)"|(?P<word>[^\s,{}"]+)', re.DOTALL)


class _Token(NamedTuple):
    kind: str
    text: str
    line: int

    def __str__(self) -> str:
        return repr(self.text[:40]) if self.kind != "end" else "the end of the file"


def read_nfg(path: Path, exact: bool = False) -> NormalFormGame:
    """Read a `.nfg` file; see `parse_nfg`.

    Raises:
        PalaestraError: A missing file, one of more than a gigabyte, or invalid text; names file, line and fault.
    """
    if not path.is_file():
        raise PalaestraError(f"There is no game at {path}.")
    if path.stat().st_size > MOST_BYTES:
        raise PalaestraError(f"{path.name} has {path.stat().st_size} bytes; games of at most {MOST_BYTES} are read.")
    try:
        return parse_nfg(path.read_text("utf-8"), exact)
    except UnicodeDecodeError as error:
        raise PalaestraError(f"{path.name} is not text in UTF-8 ({error}).") from error
    except PalaestraError as error:
        raise PalaestraError(f"{path.name}: {error}") from error


def parse_nfg(text: str, exact: bool = False) -> NormalFormGame:
    """The game that `.nfg` text describes.

    Format (Gambit documentation, "The strategic game (.nfg) file format", payoff and outcome versions): the prologue
    `NFG 1 R "title" { "player" ... }`, then either counts of strategies `{ 2 3 }` or lists of their names, an optional
    comment, and either payoffs, or a table of outcomes and one outcome number per profile (0: all payoffs are 0).
    Profiles are listed with the first player's strategy varying fastest. Numbers are integers, decimals or fractions
    `1/3`; commas are blanks.

    Args:
        text: The file's text.
        exact: Payoffs as `fractions.Fraction`, exactly as written, instead of float64.

    Raises:
        PalaestraError: Invalid text; names the line and what is wrong. Memory is only allocated for numbers that the
            text contains.
    """
    return _Reader(text, exact).game()


class _Reader:
    """A cursor over the tokens of one text."""

    def __init__(self, text: str, exact: bool) -> None:
        self.exact, self.at = exact, 0
        self.tokens = _tokens(text)

    def game(self) -> NormalFormGame:
        """Read everything, up to the end."""
        for word in ("NFG", "1"):
            token = self.take()
            if token.text != word or token.kind != "word":
                raise _fault(token, f"a strategic game starts with NFG 1 R, but {token} stands in place of {word}")
        token = self.take()
        if token.text not in ("R", "D"):
            raise _fault(token, f"the kind of numbers is R or D, not {token}")
        title = self.string("the title").text
        players = [token.text for token in self.group("the players' names", "text")]
        counts = self.strategies(len(players))
        if self.peek().kind == "text":
            self.take()
        table = self.outcomes(len(players)) if self.peek().text == "{" else None
        expected = prod(counts) * (len(players) if table is None else 1)
        left = len(self.tokens) - 1 - self.at
        if left != expected:
            what = "payoffs" if table is None else "outcome numbers"
            raise _fault(
                self.tokens[-1],
                f"{' x '.join(map(str, counts))} strategies of {len(players)} players need {expected} {what}, but "
                f"{left} follow",
            )
        values = self.payoffs(expected) if table is None else self.looked_up(table, expected)
        n = len(players)
        listed = values.reshape(*reversed(counts), n)
        return NormalFormGame.of(np.transpose(listed, tuple(range(n, -1, -1))), title)

    def strategies(self, players: int) -> tuple[int, ...]:
        """How many strategies each player has, from counts or from lists of names."""
        if not 1 <= players <= MOST_PLAYERS:
            raise _fault(self.peek(), f"there are {players} players; 1 to {MOST_PLAYERS} are read")
        opening = self.mark("{", "the strategies")
        counts = []
        while self.peek().text != "}" or self.peek().kind != "mark":
            token = self.peek()
            if token.kind == "mark":
                counts.append(len(self.group("a player's strategies", "text")))
            else:
                counts.append(_whole(self.take(), "a number of strategies"))
            if counts[-1] < 1:
                raise _fault(token, "every player needs at least one strategy")
        self.take()
        if len(counts) != players:
            raise _fault(opening, f"there are {players} players, but strategies of {len(counts)}")
        return tuple(counts)

    def outcomes(self, players: int) -> Array:
        """The table of outcomes, (outcomes + 1, players); row 0 is the empty one."""
        self.mark("{", "the outcomes")
        rows = [[self.number(_Token("word", "0", 0))] * players]
        while self.peek().text == "{":
            opening = self.take()
            self.string("an outcome's name")
            row = [self.number(token) for token in self.rest_of_group("an outcome's payoffs", "word")]
            if len(row) != players:
                raise _fault(opening, f"an outcome of {players} players has {len(row)} payoffs")
            rows.append(row)
        self.mark("}", "the outcomes")
        return self.array(rows)

    def payoffs(self, count: int) -> Array:
        """The next `count` numbers."""
        return self.array([self.number(self.take()) for _ in range(count)])

    def looked_up(self, table: Array, count: int) -> Array:
        """The payoffs of the next `count` outcome numbers."""
        rows = np.empty(count, np.int64)
        for k in range(count):
            token = self.take()
            rows[k] = _whole(token, "an outcome's number", len(table) - 1)
        return table[rows]

    def array(self, values: list[Any]) -> Array:
        """An array of fractions or floats."""
        return np.array(values, object if self.exact else np.float64)

    def number(self, token: _Token) -> Any:
        """A payoff."""
        value = _number(token, self.exact)
        if value is None:
            raise _fault(token, f"a payoff is a number such as 2, -0.5 or 1/3, not {token}")
        return value

    def peek(self) -> _Token:
        """The next token."""
        return self.tokens[self.at]

    def take(self) -> _Token:
        """The next token, and go on."""
        token = self.tokens[self.at]
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def mark(self, mark: str, what: str) -> _Token:
        """The brace `mark`."""
        token = self.take()
        if token.kind != "mark" or token.text != mark:
            raise _fault(token, f"{what}: {mark} is needed, not {token}")
        return token

    def string(self, what: str) -> _Token:
        """A text in quotes."""
        token = self.take()
        if token.kind != "text":
            raise _fault(token, f"{what}: a text in double quotes is needed, not {token}")
        return token

    def group(self, what: str, kind: str) -> list[_Token]:
        """A list in braces."""
        self.mark("{", what)
        return self.rest_of_group(what, kind)

    def rest_of_group(self, what: str, kind: str) -> list[_Token]:
        """The tokens up to the closing brace, all of one kind."""
        found = []
        while (token := self.take()).text != "}" or token.kind != "mark":
            if token.kind != kind:
                raise _fault(token, f"{what}: {token} does not belong there")
            found.append(token)
        return found


def _fault(token: _Token, message: str) -> PalaestraError:
    return PalaestraError(f"line {token.line}: {message}.")


def _tokens(text: str) -> list[_Token]:
    found, at, line = [], 0, 1
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:  # only an opening quote without its end matches nothing
            raise PalaestraError(f"line {line}: a text in quotes does not end.")
        kind = match.lastgroup or ""
        if kind != "space":
            inside = match[kind] if kind != "text" else re.sub(r"\\(.)", r"\1", match["text"], flags=re.DOTALL)
            found.append(_Token(kind, inside, line))
        line += match[0].count("\n")
        at = match.end()
    return [*found, _Token("end", "", line)]


_NUMBER = re.compile(r"[+-]?(\d+/\d+|(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?)")


def _number(token: _Token, exact: bool) -> Any:
    if token.kind != "word" or len(token.text) > _MOST_DIGITS or not _NUMBER.fullmatch(token.text):
        return None
    try:
        if exact or "/" in token.text:
            value = Fraction(token.text)
            return value if exact else float(value)
        number = float(token.text)
    except (ZeroDivisionError, OverflowError):
        return None
    return number if isfinite(number) else None


def _whole(token: _Token, what: str, most: int = 1 << 40) -> int:
    if token.kind != "word" or not re.fullmatch(r"\d{1,12}", token.text) or int(token.text) > most:
        raise _fault(token, f"{what} is a whole number of at most {most}, not {token}")
    return int(token.text)
