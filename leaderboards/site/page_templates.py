"""The templates of all pages, and the policy that keeps a page from loading or running anything foreign."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ...core.version import VERSION
from .safe_text import coded_text, plain_text, safe_text, wrappable_name
from .svg_axes import color, dash

FOLDER = Path(__file__).parent / "templates"


@cache
def templates() -> Environment:
    """Jinja's environment: everything is escaped, and a name that is not given is an error."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style, script = (Markup((FOLDER / name).read_text(encoding="utf-8")) for name in ("style.css", "tables.js"))
    made.filters |= {
        "shown": safe_text,
        "coded": coded_text,
        "plain": plain_text,
        "color": color,
        "dash": _dash,
        "sentence": _sentence,
        "stopped": _stopped,
        "broken": wrappable_name,
    }
    made.globals |= {"version": VERSION, "style": style, "script": script, "policy": _policy(style, script)}
    return made


def render_page(name: str, **values: Any) -> str:
    """A page from a template."""
    return templates().get_template(name).render(**values)


def _dash(mark: int) -> Markup:
    return Markup(dash(mark))


def _sentence(text: str) -> str:
    """The first paragraph, with a capital and one full stop."""
    return text[:1].upper() + _stopped(text[1:])


def _stopped(text: str) -> str:
    """The first paragraph with one full stop at its end."""
    first = " ".join(text.partition("\n\n")[0].split())
    return first.rstrip(". ") + "."


def _policy(style: str, script: str) -> str:
    """A Content-Security-Policy: this very stylesheet, this very script, and nothing from anywhere."""
    sums = [b64encode(sha256(text.encode()).digest()).decode() for text in (style, script)]
    return (
        f"default-src 'none'; style-src 'sha256-{sums[0]}'; script-src 'sha256-{sums[1]}'; base-uri 'none'; "
        "form-action 'none'"
    )
