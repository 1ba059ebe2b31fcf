"""Writing Gambit's strategic games: `.nfg` text, payoff version.

Offered to users; no member of the package calls it.
"""

from __future__ import annotations

from itertools import product

from .normal_form import NormalFormGame


def nfg_text(game: NormalFormGame) -> str:
    """One game as `.nfg` text, which `read_nfg` and Gambit read back to the same payoffs.

    Floats are written with all their digits, fractions as `p/q`.

    Args:
        game: One game (of several lanes, the first).
    """
    counts = game.num_actions
    title = game.name.replace("\\", "\\\\").replace('"', '\\"')
    players = " ".join(f'"Player {i + 1}"' for i in range(game.num_players))
    lines = [f'NFG 1 R "{title}" {{ {players} }} {{ {" ".join(map(str, counts))} }}', ""]
    for backwards in product(*(range(count) for count in reversed(counts))):
        profile = backwards[::-1]
        values = [game.payoffs[(0, i, *profile)] for i in range(game.num_players)]
        lines.append(" ".join(_written(value) for value in values))
    return "\n".join(lines) + "\n"


def _written(value: object) -> str:
    return repr(float(value)) if isinstance(value, float) else str(value)
