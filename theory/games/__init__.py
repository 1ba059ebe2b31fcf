"""Finite games as data: normal form, polymatrix, classics, random games, and Gambit's `.nfg` files.

Every game holds the payoffs of one or many lanes. The strategies of all players are one array (lanes, players,
actions), padded with zeros where players have different numbers of actions.
"""

from .normal_form import NormalFormGame
from .polymatrix import PolymatrixGame

Game = NormalFormGame | PolymatrixGame

__all__ = ["Game", "NormalFormGame", "PolymatrixGame"]
