"""What a benchmark is: a frozen record of scenarios, seats, seeds and metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ...core.errors import PalaestraError


@dataclass(frozen=True)
class Track:
    """A benchmark.

    Attributes:
        track_id: `name-vN`.
        env_id: The environment.
        scenarios: Name -> the environment's options: the strata of the statistics.
        metric: The headline metric.
        metrics: All metrics reported, the headline first.
        references: Names of the reference agents.
        seats: Seat -> registered agent, for seats that the benchmarked agent does not take; it takes all others.
        seeds: Lanes of a full run of each scenario.
        demo: Option overrides of `make demo` (a short horizon, say).
        demo_seeds: Lanes of a demo run.
        about: One sentence: what a good score means.
        opponents: Scenario -> seat -> registered agent, laid over `seats` in that scenario.
        pictures: Names of what is drawn for this track alone, on its page and in the demo's folder: names of
            `leaderboards.plots.pictures`, or "module:attribute" of a function from standings to a figure.
        action_bits: Float actions are rounded to multiples of 2^-action_bits before they are played, so that a
            submission is small; 0: not.
        privileges: Options that tell an agent more than others are told -> values it may ask for by its `privileges`.
            Who plays with one is an oracle and has no rank. Anything else that an agent asks for is refused.
        replay: "exact": a replay from seeds and actions gives the same scores on any machine. "none": it cannot (a
            robot, a live endpoint), so submissions are shown as unverified, with their weights where they have any.
    """

    track_id: str
    env_id: str
    scenarios: Mapping[str, Mapping[str, Any]]
    metric: str
    metrics: tuple[str, ...]
    references: tuple[str, ...]
    seats: Mapping[str, str]
    seeds: int
    demo: Mapping[str, Any]
    demo_seeds: int
    about: str
    pictures: tuple[str, ...] = ()
    opponents: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    action_bits: int = 0
    privileges: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    replay: Literal["exact", "none"] = "exact"

    def __post_init__(self) -> None:
        if not self.metrics or self.metrics[0] != self.metric:
            raise PalaestraError(f"{self.track_id}: the headline {self.metric!r} must be the first of {self.metrics}.")
        if not self.scenarios or self.seeds < 1 or self.demo_seeds < 1:
            raise PalaestraError(f"{self.track_id}: a track needs at least one scenario and one seed.")
        if unknown := self.opponents.keys() - self.scenarios.keys():
            raise PalaestraError(
                f"{self.track_id}: opponents are named for {sorted(unknown)}, which are not scenarios."
            )

        if self.action_bits and not 8 <= self.action_bits <= 24:
            raise PalaestraError(f"{self.track_id}: action_bits={self.action_bits} is neither 0 nor from 8 to 24.")

    def sized(self, size: Literal["full", "demo"]) -> Track:
        """The track at full size, or as a track of its own whose full size is the demo's."""
        if size == "full":
            return self
        scenarios = {name: {**options, **self.demo} for name, options in self.scenarios.items()}
        return replace(self, scenarios=scenarios, seeds=self.demo_seeds, demo={})

    def options(self, scenario: str, overrides: Mapping[str, Any], *, demo: bool) -> dict[str, Any]:
        """The environment's options in a scenario: its own, then those of a demo, then the user's."""
        return {**self.scenarios[scenario], **(self.demo if demo else {}), **overrides}

    def seated(self, scenario: str) -> dict[str, str]:
        """Who sits where in a scenario, the benchmarked agent's seats left out."""
        return {**self.seats, **self.opponents.get(scenario, {})}
