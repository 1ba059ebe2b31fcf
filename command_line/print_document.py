"""Print the result of a command on standard output, as text or as a JSON document."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType


def print_document(document: Any, text: RenderableType | None, as_json: bool) -> None:
    """Print one of the two. No text is read as markup: names and messages stand as they are.

    Args:
        document: Plain values.
        text: For people.
        as_json: Which.
    """
    if as_json:
        sys.stdout.write(json.dumps(document, indent=2, default=str) + "\n")
        return
    from rich.console import Console

    Console(markup=False, emoji=False).print(text)
