"""Reading of Gambit's strategic-game files."""

from __future__ import annotations

from pathlib import Path

from .normal_form import NormalFormGame


def read_nfg(path: Path) -> NormalFormGame:
    """Placeholder."""
    raise NotImplementedError(path)
