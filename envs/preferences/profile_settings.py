"""The options of PreferenceAggregation-v0 that say where profiles of rankings come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...theory.preferences.profile_source import ProfileLike, ProfileSource


@dataclass(frozen=True)
class ProfileSettings:
    """Where profiles of rankings come from.

    Attributes:
        profile: "plackett_luce", "mallows" or "euclidean" (each lane draws its own); the path of a PrefLib file or of a
            .csv table `userId,movieId,rating`; or rankings, each a list of option numbers, best first.
        options: How many options are ranked; default: 6, or all of a file or list, or the 20 of a table with the most
            ratings.
        evaluators: How many evaluators a drawn profile has.
        types: Number of types of a drawn mixture.
        spread: Standard deviation of utilities of the Plackett-Luce types, in units of the noise.
        dispersion: Dispersion of the Mallows types, from 0 (all evaluators of a type agree) to 1 (uniform rankings).
        dimensions: Dimensions of the space of "euclidean".
        least: For a table of ratings: how many of the options an evaluator must have rated; default: all.
        missing: For a table of ratings: where an unrated option goes, "last" or by its "mean" rating.
    """

    profile: ProfileLike = "plackett_luce"
    options: int | None = None
    evaluators: int = 100
    types: int = 4
    spread: float = 2.0
    dispersion: float = 0.5
    dimensions: int = 2
    least: int | None = None
    missing: Literal["last", "mean"] = "last"

    def source(self) -> ProfileSource:
        """The profiles that these settings ask for.

        Raises:
            PalaestraError: A value that is not allowed, a file that cannot be read, or options that do not fit.
        """
        given = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "profile"}
        return ProfileSource.of(self.profile, **given)
