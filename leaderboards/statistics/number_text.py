"""Numbers with intervals as text, with as many digits as the intervals justify."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, isfinite, log10
from statistics import median

from .estimate import Estimate


def number_text(estimates: Sequence[Estimate]) -> list[tuple[str, str]]:
    """A column of estimates as text, all with the same number of decimals.

    Two digits of the typical half-width of the intervals are shown; without widths, four digits of the typical value.

    Returns:
        (value, "[low, high]") each; "–" for what is not a number.
    """
    widths = [(e.high - e.low) / 2 for e in estimates if isfinite(e.high - e.low) and e.high > e.low]
    sizes = [abs(e.value) for e in estimates if isfinite(e.value) and e.value]
    digits, scale = (1, median(widths)) if widths else (3, median(sizes)) if sizes else (0, 1.0)
    decimals = min(max(digits - floor(log10(scale)), 0), 6)

    tiny = bool(sizes) and max(sizes) < 1e-6  # rounding errors, say: the power of ten is what matters

    def text(value: float) -> str:
        if tiny:
            return f"{value:.0e}" if value else "0"
        rounded = round(value, decimals) + 0.0  # no minus before a zero
        return f"{rounded:,.{decimals}f}".replace("-", "\N{MINUS SIGN}")

    return [
        (
            text(e.value) if isfinite(e.value) else "–",
            f"[{text(e.low)}, {text(e.high)}]" if isfinite(e.low) and isfinite(e.high) else "–",
        )
        for e in estimates
    ]


def rank_text(ranks: tuple[int, int] | None) -> str:
    """The rank, or "2–4" where the measurement does not decide; nothing for what is not ranked.

    Args:
        ranks: Best and worst rank; None: not ranked.
    """
    if ranks is None:
        return ""
    best, worst = ranks
    return str(best) if best == worst else f"{best}–{worst}"
