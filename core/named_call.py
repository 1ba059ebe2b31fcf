"""A name with options in brackets, as written on a command line: `NumericHedge(rate=0.1)`."""

from __future__ import annotations

import ast
from typing import Any

from .errors import PalaestraError


def named_call(text: str) -> tuple[str, dict[str, Any]]:
    """Split "name(key=value, ...)" into the name and its options; a bare name has none.

    Values are Python literals; nothing is evaluated.

    Raises:
        PalaestraError: Brackets that are not `key=value, ...` of literals.
    """
    name, bracket, rest = text.partition("(")
    if not bracket:
        return text, {}
    try:
        call = ast.parse(f"_({rest}", mode="eval").body
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.args:
            raise SyntaxError("only key=value may stand in the brackets")
        if not all(word.arg for word in call.keywords):
            raise SyntaxError("** may not stand in the brackets")
        return name.strip(), {str(word.arg): _literal(word) for word in call.keywords}
    except (SyntaxError, ValueError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else error
        raise PalaestraError(
            f'{text!r} cannot be read ({reason}). Write a name with options like this: "NumericHedge(rate=0.1)".'
        ) from error


def _literal(word: ast.keyword) -> Any:
    try:
        return ast.literal_eval(word.value)
    except ValueError:
        given = ast.unparse(word.value)
        raise SyntaxError(f"{word.arg}={given} is no number, and text is quoted: {word.arg}='{given}'") from None
