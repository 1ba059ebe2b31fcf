"""Finite games as data: normal form, polymatrix, classics, random ones, and Gambit's `.nfg` files.

Every game holds the payoffs of one or many lanes. Strategies of all players are one array (lanes, players, actions),
padded with zeros where a player has fewer actions than another.
"""

from .normal_form import NormalFormGame
from .polymatrix import PolymatrixGame

Game = NormalFormGame | PolymatrixGame

__all__ = ["Game", "NormalFormGame", "PolymatrixGame"]
