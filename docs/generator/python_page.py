"""The public Python surface: signatures from the source, text from the docstrings."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from dataclasses import is_dataclass
from importlib import import_module
from typing import Any

MODULES = (
    "palaestra",
    "palaestra.core.agent",
    "palaestra.core.rules",
    "palaestra.core.randomness",
    "palaestra.core.metric",
    "palaestra.core.traces.trace",
    "palaestra.core.batch",
    "palaestra.core.contract",
    "palaestra.core.errors",
    "palaestra.core.registry",
    "palaestra.leaderboards.tracks.track",
)
"""What users import to play, to write members, and to check them."""

WIDTH = 84
"""Letters of a signature that stays in one line."""

ENTRY = r"(\*{0,2}\w+): "
SECTIONS = r"^(Args|Attributes|Returns|Raises|Yields):\n((?:[ \t]+.*\n?|\n)+)"


def python_page() -> str:
    """A section a module, a heading a name."""
    text = (
        "What is imported to play, to write members and to check them. Everything else may change without notice; "
        "members are in the registries `palaestra.envs.environments`, `palaestra.agents.agents`, "
        "`palaestra.wrappers.wrappers`, `palaestra.metrics.metrics` and `palaestra.leaderboards.tracks`."
    )
    return "\n".join([f"# The Python API\n\n{text}\n", *map(_module, MODULES)])


def _module(name: str) -> str:
    module = import_module(name)
    about = (inspect.getdoc(module) or "").partition("\n\n")[0]
    members = [(one, getattr(module, one)) for one in _public(module)]
    return "\n".join([f"## {name}\n\n{_prose(about)}\n", *(_member(one, found) for one, found in members)])


def _public(module: Any) -> list[str]:
    """The names of `__all__`, or those of classes and functions that the file defines, in its order."""
    if hasattr(module, "__all__"):
        return [name for name in module.__all__ if _is_defined_below(getattr(module, name), module.__name__)]
    tree = ast.parse(inspect.getsource(module))
    kinds = (ast.FunctionDef, ast.ClassDef)
    return [node.name for node in tree.body if isinstance(node, kinds) and not node.name.startswith("_")]


def _is_defined_below(found: Any, module: str) -> bool:
    """In the module or, for a package, inside of it; of the whole only its own functions: `Agent` is `core.agent`'s."""
    home = "palaestra.leaderboards.interactive" if module == "palaestra" else module
    return bool(found.__module__ == module or found.__module__.startswith(home))


def _member(name: str, found: Any) -> str:
    if not inspect.isclass(found):
        return f"### {name}\n\n{_signature(found)}\n{_text(found)}"
    methods = [
        f"#### {name}.{one}\n\n{_signature(method)}\n{_text(method)}"
        for one, method in vars(found).items()
        if not one.startswith("_") and inspect.isfunction(_function(method)) and _function(method).__doc__
    ]
    return "\n".join([f"### {name}\n\n{_text(found)}", *methods])


def _function(found: Any) -> Any:
    """The function of a method, a static method or a property."""
    return getattr(found, "fget", None) or getattr(found, "__func__", found)


def _signature(found: Any) -> str:
    """Its head as the source has it."""
    node = ast.parse(textwrap.dedent(inspect.getsource(_function(found)))).body[0]
    assert isinstance(node, ast.FunctionDef)
    if isinstance(found, property):
        return f"```text\n{node.name}: {ast.unparse(node.returns) if node.returns else 'Any'}\n```\n"
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    line = f"{node.name}({ast.unparse(node.args)}){returns}"
    if len(line) > WIDTH:
        line = f"{node.name}(\n    {_one_a_line(ast.unparse(node.args))}\n){returns}"
    return f"```text\n{line}\n```\n"


def _one_a_line(arguments: str) -> str:
    """Arguments in lines of their own: the commas outside of brackets."""
    depth, text = 0, ""
    for letter in arguments.replace(", ", ","):
        depth += (letter in "([{") - (letter in ")]}")
        text += ",\n    " if letter == "," and depth == 0 else ", " if letter == "," else letter
    return text


def _text(found: Any) -> str:
    """A Google-style docstring as Markdown: its sections become lists."""
    written = found.__doc__ if not is_dataclass(found) or ":" in (found.__doc__ or "") else ""
    doc = inspect.cleandoc(getattr(_function(found), "__doc__", None) or written or "") + "\n"
    return _prose(re.sub(SECTIONS, _list, doc, flags=re.M)).strip() + "\n"


def _list(section: re.Match[str]) -> str:
    """`Args:` and its entries, as a heading in italics and a list."""
    body = textwrap.dedent(section[2]).strip()
    if not re.match(ENTRY, body):
        return f"*{section[1]}:* {body}\n\n"
    return f"*{section[1]}*\n\n{_entries(body)}\n"


def _prose(text: str) -> str:
    """Indented lines as lists where they say what names mean, else as fenced blocks, which every viewer shows alike."""
    return re.sub(r"(?:^ {4}.*\n?|^\n(?= {4}))+", _indented, text, flags=re.M)


def _indented(block: re.Match[str]) -> str:
    text = textwrap.dedent(block[0]).strip()
    listed = re.match(ENTRY, text)
    return f"\n{_entries(text)}\n" if listed else f"```text\n{text}\n```\n"


def _entries(text: str) -> str:
    lines = re.sub(r"\n\s+", " ", text).splitlines()
    return "".join(re.sub(rf"^{ENTRY}", r"- `\1`: ", line) + "\n" for line in lines if line.strip())
