"""Where lanes get their profiles from: a statistical culture, or one given profile for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from ...core.arrays import Array
from ...core.errors import PalaestraError
from ...core.randomness import Draw
from .cultures import euclidean_profile, mallows_mixture, plackett_luce_mixture
from .pairwise import pair_tally
from .preflib import TIES, read_preflib
from .profile import Profile
from .ratings import read_ratings

CULTURES = ("plackett_luce", "mallows", "euclidean")
ProfileLike = str | Path | Profile | Sequence[Sequence[int]]


@dataclass(frozen=True)
class ProfileSource:
    """The profiles of lanes, as tallies.

    Attributes:
        culture: One of `CULTURES`, or "given".
        options: M.
        evaluators: N of a culture.
        types: Of a mixture.
        spread: Of the utilities of a Plackett-Luce mixture.
        dispersion: Of a Mallows mixture.
        dimensions: Of a Euclidean profile.
        given: The profile, where one is given.
    """

    culture: str
    options: int
    evaluators: int
    types: int
    spread: float
    dispersion: float
    dimensions: int
    given: Profile | None = None

    @staticmethod
    def of(
        profile: ProfileLike,
        *,
        options: int | None,
        evaluators: int,
        types: int,
        spread: float,
        dispersion: float,
        dimensions: int,
        least: int | None,
        missing: Literal["last", "mean"],
    ) -> ProfileSource:
        """Read or check what an environment was given.

        Raises:
            PalaestraError: A value that is not allowed, a file that cannot be read, or options that do not fit.
        """
        for name, value, low in (("evaluators", evaluators, 1), ("types", types, 1), ("dimensions", dimensions, 1)):
            if not isinstance(value, int) or isinstance(value, bool) or value < low:
                raise PalaestraError(f"{name}={value!r} is not allowed: give an integer from {low}.")
        if not 0 <= spread < float("inf"):
            raise PalaestraError(f"spread={spread!r} is not allowed: give a finite number from 0.")
        if not 0 <= dispersion <= 1:
            raise PalaestraError(f"dispersion={dispersion!r} is not allowed: give a number from 0 to 1.")
        if options is not None and (not isinstance(options, int) or isinstance(options, bool) or options < 2):
            raise PalaestraError(f"options={options!r} is not allowed: give an integer from 2.")
        drawn = (evaluators, types, spread, dispersion, dimensions)
        if isinstance(profile, str) and profile in CULTURES:
            return ProfileSource(profile, options or 6, *drawn)
        given = _given(profile, options, least, missing)
        if options is not None and options != len(given.options):
            raise PalaestraError(
                f"options={options}, but the profile {given.name!r} has {len(given.options)}. Leave the option out."
            )
        return ProfileSource("given", len(given.options), *drawn, given)

    @property
    def names(self) -> tuple[str, ...]:
        """The options' names: those of the given profile, or their numbers."""
        return tuple(map(str, range(self.options))) if self.given is None else self.given.options

    def draw(self, draw: Draw) -> tuple[Array, float]:
        """Whole numbers (lanes, M, M, M) as from `pair_tally`, and what to divide them by to get shares."""
        where = draw.where
        if self.given is not None:
            counted, whole = self.given.tally
            row = where.asarray(counted, "float64")[None]
            return row + where.zeros((draw.lanes, 1, 1, 1)), float(whole)
        ranks = self._ranks(draw)
        tops = where.xp.astype(ranks == 0, where.xp.float64)
        return pair_tally(tops, ranks, where.xp), 2.0 * self.evaluators

    def _ranks(self, draw: Draw) -> Array:
        if self.culture == "plackett_luce":
            return plackett_luce_mixture(self.options, self.evaluators, self.types, self.spread, draw)
        if self.culture == "mallows":
            return mallows_mixture(self.options, self.evaluators, self.types, self.dispersion, draw)
        return euclidean_profile(self.options, self.evaluators, self.dimensions, draw)


def _given(profile: Any, options: int | None, least: int | None, missing: Literal["last", "mean"]) -> Profile:
    if isinstance(profile, Profile):
        return profile
    if isinstance(profile, (list, tuple)):
        return Profile.of(profile)
    path = Path(str(profile))
    if path.suffix in (*TIES, ".csv"):
        stamp = (path.stat().st_mtime_ns, path.stat().st_size) if path.is_file() else None
        return _read(path.absolute() if stamp else path, stamp, options or 20, least, missing)
    raise PalaestraError(
        f"profile={str(profile)!r} is not allowed. Allowed: {', '.join(map(repr, CULTURES))}, the path of a PrefLib "
        f"file ({', '.join(TIES)}) or of a .csv table of ratings, or a list of rankings."
    )


@lru_cache(maxsize=8)
def _read(
    path: Path, stamp: tuple[int, int] | None, options: int, least: int | None, missing: Literal["last", "mean"]
) -> Profile:
    """`stamp` is part of the key alone: a file that changed is read again."""
    return read_ratings(path, options, least, missing) if path.suffix == ".csv" else read_preflib(path)
