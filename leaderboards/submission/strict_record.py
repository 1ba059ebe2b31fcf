"""The base of every document of a submission: a schema without unknown fields, and a reader with a size limit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ...core.errors import PalaestraError
from ...core.escape_text import escape_text
from ...core.files import write_atomically
from ..readable_json import readable_json
from .display_name import check_display_name
from .strict_json import check_json
from .untrusted_file import read_untrusted

MOST_BYTES = 16 << 20
_MOST_NAMED = 200
"""Characters of a field's name that a message repeats."""

Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256."""


def _shown(text: str) -> str:
    try:
        return check_display_name(text)
    except PalaestraError as error:
        raise ValueError(str(error)) from None


Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$"), AfterValidator(_shown)]
"""Text in one line that shows what it holds (`check_display_name`)."""


class Record(BaseModel):
    """Plain values: no unknown fields, no NaN, no infinities, nothing that changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=True)

    def write(self, path: Path) -> None:
        """Write it as JSON, aside and renamed."""
        with write_atomically(path) as temporary:
            temporary.write_text(readable_json(self.model_dump(mode="json")), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read it from a file of its own.

        Raises:
            PalaestraError: Missing, a link, too large, or not of the schema; names the first field that is wrong.
        """
        if path.is_symlink() or not path.is_file():
            raise PalaestraError(f"There is no {cls.__name__.lower()} at {path}.")
        return cls.parse(read_untrusted(path, MOST_BYTES))

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read it from the bytes of a file.

        Raises:
            PalaestraError: Not of the schema, or JSON that two readers could read differently.
        """
        what = cls.__name__.lower()
        try:
            check_json(data)
            return cls.model_validate_json(data)
        except PalaestraError as error:
            raise PalaestraError(f"The {what} is not of format 1: {error}") from None
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = escape_text(".".join(map(str, first["loc"]))[:_MOST_NAMED]) or "the document"
            raise PalaestraError(f"The {what} is not of format 1: {where}: {escape_text(first['msg'])}.") from None
