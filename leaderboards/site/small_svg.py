"""A plot of matplotlib's in fewer characters, and to the eye the same."""

from __future__ import annotations

import re

from .small_path import small_path


def small_svg(text: str) -> str:
    """An SVG without what nobody sees: names of fonts, what wrote it, blanks, far decimals, points on the way.

    Args:
        text: From `<svg` on.
    """
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    text = re.sub(r"font-family: [^;\"]*, sans-serif", "font-family: sans-serif", text)
    text = re.sub(r' transform="rotate\(-?0 [^)]*\)"', "", text)
    text = re.sub(r' d="([^"]*)"', lambda path: f' d="{small_path(path[1])}"', text)
    text = re.sub(r' (x|y)="(-?\d+\.\d\d)\d+"', r' \1="\2"', text)
    text = re.sub(r'(style="[^"]*")', lambda style: style[1].replace("; ", ";").replace(": ", ":"), text)
    return re.sub(r">\s+<", "><", text)
