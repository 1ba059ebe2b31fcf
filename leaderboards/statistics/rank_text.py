"""A set of ranks as text."""

from __future__ import annotations


def rank_text(ranks: tuple[int, int] | None) -> str:
    """The rank, or "2–4" where the measurement does not decide; nothing for what is not ranked.

    Args:
        ranks: Best and worst rank; None: not ranked.
    """
    if ranks is None:
        return ""
    best, worst = ranks
    return str(best) if best == worst else f"{best}–{worst}"
