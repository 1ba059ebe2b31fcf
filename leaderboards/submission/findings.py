"""What the verifier found in addition to scores: curves and witnesses, for pages that cannot replay traces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from ...core.arrays import Array
from ...core.metric import Metric
from ...core.traces.trace import Trace
from ..statistics.interquartile_mean import interquartile_mean
from ..sweeps.execute import thinned_curves
from .manifest import Seed
from .strict_record import Hex, Line, Record

Numbers = list[float | None]


class CurveRecord(Record):
    """A metric after each of some steps: interquartile mean and quartiles over lanes, and the theory's mean bound."""

    steps: list[int]
    middle: Numbers
    low: Numbers
    high: Numbers
    bound: Numbers | None = None


class CertificateRecord(Record):
    """What proves a metric's value in the lane where it is worst."""

    lane: Annotated[int, Field(ge=0)]
    seed: Seed
    value: float
    text: Line


class Findings(Record):
    """Made by the verifier from the replayed traces alone; the log holds its digest.

    Attributes:
        manifest: SHA-256 of the manifest it belongs to.
        status: "verified": every score was recomputed; "unverified": the track's replay is not exact.
        lanes: Lanes replayed.
        key: Public key that signed, or "".
        weights: Names of the weights that were checked and lie in the folder, where the track's replay is not exact.
        curves: Metric -> scenario -> curve.
        certificates: Metric -> scenario -> certificate.
    """

    format: Literal[1] = 1
    manifest: Hex
    status: Literal["verified", "unverified"] = "verified"
    lanes: Annotated[int, Field(ge=0)]
    key: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    weights: list[Line] = Field(default_factory=list)
    curves: dict[str, dict[str, CurveRecord]] = Field(default_factory=dict)
    certificates: dict[str, dict[str, CertificateRecord]] = Field(default_factory=dict)


class Finder:
    """Collects a scenario's curves and its worst lanes, trace by trace."""

    def __init__(self, measures: Mapping[str, Metric]) -> None:
        self._measures = measures
        self._columns: dict[str, list[Array]] = {}
        self._worst: dict[str, CertificateRecord] = {}
        self._lanes = 0

    def add(self, trace: Trace, values: Mapping[str, Array], curves: Mapping[str, Array]) -> None:
        """Look at one replayed trace and its metrics.

        Args:
            trace: The trace.
            values: Metric -> one value a lane.
            curves: Metric -> its curve (steps, lanes), of those that have one.
        """
        for name, column in thinned_curves(trace, self._measures, curves).items():
            self._columns.setdefault(name, []).append(column)
        for name, measure in self._measures.items():
            if measure.witness is not None:
                self._keep_worst(measure, trace, values[name])
        self._lanes += trace.lanes

    def _keep_worst(self, measure: Metric, trace: Trace, values: Array) -> None:
        assert measure.witness is not None
        lane = int(np.argmin(measure.sign * np.nan_to_num(values, nan=measure.sign * np.inf)))
        held = self._worst.get(measure.name)
        if not np.isfinite(values[lane]) or (held is not None and measure.sign * (values[lane] - held.value) >= 0):
            return
        text = measure.witness(trace, lane).text
        seed, value = int(trace.seeds[lane]), float(values[lane])
        self._worst[measure.name] = CertificateRecord(lane=self._lanes + lane, seed=seed, value=value, text=text)

    @property
    def curves(self) -> dict[str, CurveRecord]:
        """Metric -> curve over every lane seen."""
        found = {}
        for name in self._measures:
            if parts := self._columns.get(f"curve:{name}"):
                whole = np.concatenate(parts).T
                low, high = np.quantile(whole, (0.25, 0.75), axis=1)
                bound = self._columns.get(f"bound:{name}")
                found[name] = CurveRecord(
                    steps=self._columns["curve:step"][0][0].tolist(),
                    middle=_plain(interquartile_mean(whole)),
                    low=_plain(low),
                    high=_plain(high),
                    bound=None if bound is None else _plain(np.concatenate(bound).mean(axis=0)),
                )
        return found

    @property
    def certificates(self) -> dict[str, CertificateRecord]:
        """Metric -> the certificate of its worst lane."""
        return dict(self._worst)


def by_metric(scenarios: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Scenario -> metric -> X turned into metric -> scenario -> X."""
    turned: dict[str, dict[str, Any]] = {}
    for scenario, own in scenarios.items():
        for name, value in own.items():
            turned.setdefault(name, {})[scenario] = value
    return turned


def _plain(values: Array | Sequence[float]) -> Numbers:
    """Six digits are enough to draw; what is not finite is null."""
    return [float(f"{value:.6g}") if np.isfinite(value) else None for value in values]
