"""Shrink an SVG plot of matplotlib to a third of its size without a visible difference."""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256

from .simplify_path import simplify_path


def shrink_svg(text: str) -> str:
    """An SVG without what nobody sees: names of fonts, what wrote it, blanks, far decimals, points on the way.

    Styles that stand often are written once, as classes whose names follow from what they say, so that several plots of
    a page do not disturb each other.

    Args:
        text: From `<svg` on.
    """
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", text, flags=re.S)
    text = re.sub(r">\s+<", "><", text)
    text = re.sub(r"font-family: [^;\"]*, sans-serif", "font-family: sans-serif", text)
    text = re.sub(r' transform="rotate\(-?0 [^)]*\)"', "", text)
    text = re.sub(r' d="([^"]*)"', lambda path: f' d="{simplify_path(path[1])}"', text)
    text = re.sub(r' (x|y|width|height)="(-?\d+\.\d\d)\d+"', r' \1="\2"', text)
    text = re.sub(r'style="[^"]*"', lambda style: style[0].replace("; ", ";").replace(": ", ":"), text)
    return _classed(_without_idle_groups(text))


def _without_idle_groups(text: str) -> str:
    """Without the groups that say nothing."""
    kept: list[bool] = []

    def told(tag: re.Match[str]) -> str:
        if tag[0].startswith("</"):
            return tag[0] if kept.pop() else ""
        if tag[0].endswith("/>"):
            return ""
        kept.append(tag[0] != "<g>")
        return tag[0] if kept[-1] else ""

    return re.sub(r"<g\b[^>]*>|</g>", told, text)


def _classed(text: str) -> str:
    often = {style for style, count in Counter(re.findall(r' style="([^"]*)"', text)).items() if count > 2}
    names = {style: f"s{sha256(style.encode()).hexdigest()[:6]}" for style in sorted(often)}
    rules = "".join(f".{name}{{{style}}}" for style, name in names.items())
    text = re.sub(r' style="([^"]*)"', lambda one: f' class="{names[one[1]]}"' if one[1] in names else one[0], text)
    return text.replace("</style>", f"{rules}</style>", 1)
