"""Tokens for submitting: shown once, stored as a hash."""

from __future__ import annotations

import hmac
import re
import secrets
import time
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from ...core.errors import PalaestraError
from ..submission.display_name import check_display_name
from .schema import tokens

_PREFIX = "pal_"
_LINE = re.compile(r"[^\x00-\x1f\x7f]{1,200}")


@dataclass(frozen=True)
class Token:
    """A token, without what opens the door.

    Attributes:
        name: What its owner and the keeper call it.
        author: The author in whose name it may submit.
        made: When, seconds since 1970.
        revoked: When it ended, or None.
    """

    name: str
    author: str
    made: float
    revoked: float | None


class Tokens:
    """The tokens of a service.

    A token is 256 random bits, so one SHA-256 is all that its hash needs: there is nothing to guess it from.

    Args:
        engine: The database.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reads=True)

    def new(self, name: str, author: str) -> str:
        """Make a token; its text is returned here and nowhere else.

        Raises:
            PalaestraError: A name that is taken, or that a manifest could not hold.
        """
        for title, value in (("name", name), ("author", author)):
            if not _LINE.fullmatch(value):
                raise PalaestraError(f"{title}={value!r} is not allowed: one line of 1 to 200 characters.")
            check_display_name(value)
        text = _PREFIX + secrets.token_urlsafe(32)
        row = {"name": name, "author": author, "hash": _hash(text), "made": time.time()}
        try:
            with self._engine.begin() as connection:
                connection.execute(tokens.insert().values(row))
        except IntegrityError:
            raise PalaestraError(
                f"There is already a token {name!r}. Choose another name; the name of a revoked "
                f"token cannot be used again."
            ) from None
        return text

    def listed(self) -> list[Token]:
        """Every token ever made, by name."""
        columns = (tokens.c.name, tokens.c.author, tokens.c.made, tokens.c.revoked)
        with self._reader.connect() as connection:
            return [Token(*row) for row in connection.execute(select(*columns).order_by(tokens.c.name))]

    def revoke(self, name: str) -> None:
        """End a token.

        Raises:
            PalaestraError: There is none of this name that is still good.
        """
        good = (tokens.c.name == name) & tokens.c.revoked.is_(None)
        with self._engine.begin() as connection:
            if connection.execute(tokens.update().where(good).values(revoked=time.time())).rowcount == 0:
                raise PalaestraError(f"There is no token {name!r} to revoke. See `palaestra tokens list`.")

    def find(self, text: str) -> Token | None:
        """Whose token this is; None if it is nobody's or was revoked."""
        hashed = _hash(text)
        columns = (tokens.c.name, tokens.c.author, tokens.c.made, tokens.c.revoked, tokens.c.hash)
        query = select(*columns).where(tokens.c.hash == hashed, tokens.c.revoked.is_(None))
        with self._reader.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None or not hmac.compare_digest(row.hash, hashed):
            return None
        return Token(row.name, row.author, row.made, row.revoked)


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
