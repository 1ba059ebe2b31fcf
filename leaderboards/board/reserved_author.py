"""The author's name under which a board's keeper submits the references; nobody else may use it."""

from __future__ import annotations

from ..submission.display_name import author_key
from ..submission.verify import Refused

AUTHOR = "The palaestra authors"


def check_author(author: str) -> None:
    """Refuse the reserved name, however it is spelled.

    Raises:
        Refused: It is that name.
    """
    if author_key(author) == author_key(AUTHOR):
        raise Refused(f"Its author is {AUTHOR!r}, a name that is reserved for the board's keeper. Say who you are.")
