"""The trivial-agent audit: what agents without a method score, and how far the best reference agent is ahead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from ..statistics.comparison import Comparison
from ..statistics.estimate import Estimate
from .audit_line import KINDS, TRIVIAL, AuditLine
from .audit_setting import AuditSetting, settings_of
from .scenario_audit import Played, Size, audit_scenario
from .verdict import is_easy, verdict


@dataclass(frozen=True)
class Audit:
    """What trivial agents score on an environment.

    Attributes:
        env_id: The environment, with its version.
        track: Whose demo scenarios were played; "" for the environment's default options.
        metric: The headline metric.
        better: Which direction is better.
        unit: Of the metric.
        optimum: Its optimum, if that is one number.
        scenarios: Name -> options.
        size: How much was played and searched.
        lines: One a kind, in the order of `KINDS`.
        verdict: One or two sentences.
        easy: Some trivial agent is no worse than the best reference, or nearly as good, over all scenarios together.
        easy_in: Scenarios in which the 95% interval does not put every trivial agent behind the best reference.
    """

    env_id: str
    track: str
    metric: str
    better: str
    unit: str
    optimum: float | None
    scenarios: Mapping[str, Mapping[str, Any]]
    size: Size
    lines: tuple[AuditLine, ...]
    verdict: str
    easy: bool
    easy_in: tuple[str, ...]

    @property
    def document(self) -> dict[str, Any]:
        """Everything as plain JSON values."""
        return {
            "env_id": self.env_id,
            "track": self.track,
            "metric": self.metric,
            "better": self.better,
            "unit": self.unit,
            "optimum": self.optimum,
            "scenarios": {name: dict(options) for name, options in self.scenarios.items()},
            "size": vars(self.size),
            "lines": [line.document for line in self.lines],
            "verdict": self.verdict,
            "easy": self.easy,
            "easy_in": list(self.easy_in),
        }


def audit(env_id: str, size: Size | None = None, progress: Callable[[float, float, str], None] | None = None) -> Audit:
    """Play trivial agents and the track's references on an environment, in every seat that a learner takes.

    The scenarios are those of the environment's track at demo size, or its default options where it has no track. What
    is chosen (constants, sequences, rules, references) is chosen scenario by scenario, by the mean of the headline
    metric on the search's seeds; what is reported was played on other seeds, on which nothing was chosen, except "best
    fixed", which is hindsight. The same arguments give the same audit.

    Args:
        env_id: The environment.
        size: How much to play and to search.
        progress: Called with (parts done, parts, what runs now).

    Raises:
        UnknownName: No such environment.
        PalaestraError: A headline metric that only describes.
    """
    size = size or Size()
    track, settings = settings_of(env_id)
    metric = settings[0].metric
    if metric.better is None:
        raise PalaestraError(f"{metric.name} has no better direction, so no agent of {env_id} can be ahead of another.")
    sign, references = metric.sign, track.references if track else ()
    parts, done = len(settings) * (4 + len(references)), 0

    def tell(now: str) -> None:
        nonlocal done
        if progress:
            progress(done, parts, now)
        done += 1

    found: dict[str, list[Played]] = {}
    for setting in settings:
        for kind, played in audit_scenario(setting, size, sign, tell).items():
            found.setdefault(kind, []).append(played)
        for kind, played in _references(setting, references, size, sign, tell).items():
            found.setdefault(kind, []).append(played)
    lines = _lines(found, [setting.scenario for setting in settings], sign)
    by_kind, easy_in = {line.kind: line for line in lines}, _easy_in(found, settings, sign)
    return Audit(
        env_id,
        track.track_id if track else "",
        metric.name,
        metric.better,
        metric.unit,
        metric.optimum,
        {setting.scenario: dict(setting.options) for setting in settings},
        size,
        lines,
        verdict(by_kind, metric.name, not any(_learns(one.agent) for one in found.get("reference", ())), easy_in),
        is_easy(by_kind),
        easy_in,
    )


def _references(
    setting: AuditSetting, names: Sequence[str], size: Size, sign: float, tell: Callable[[str], None]
) -> dict[str, Played]:
    """The scenario's best reference without privileges, and the best with."""
    from ...agents import agents

    seeds, best = setting.seeds("search", size.search_seeds), dict[str, tuple[float, str]]()
    for name in names:
        tell(f"{name} in {setting.scenario}")
        value = sign * float(setting.score(name, seeds).mean())
        kind = "oracle" if agents.spec(name).traits.privileges else "reference"
        if kind not in best or value > best[kind][0]:
            best[kind] = (value, name)
    test = setting.seeds("test", size.seeds)
    return {kind: Played(name, setting.score(name, test)) for kind, (_, name) in best.items()}


def _learns(name: str) -> bool:
    from ...agents import agents

    return agents.spec(name).traits.learns


def _lines(found: Mapping[str, Sequence[Played]], scenarios: Sequence[str], sign: float) -> tuple[AuditLine, ...]:
    scores = {kind: np.stack([one.scores for one in played], axis=1) for kind, played in found.items()}
    lines = []
    for kind in KINDS:
        if kind not in found:
            continue
        own = {
            scenario: (one.agent, Estimate.of_scores(one.scores[:, None]))
            for scenario, one in zip(scenarios, found[kind], strict=True)
        }
        names = list(dict.fromkeys(one.agent for one in found[kind]))
        agent = names[0] if len(names) == 1 else "; ".join(f"{name}: {agent}" for name, (agent, _) in own.items())
        behind = _behind(scores[kind], scores["reference"], sign) if "reference" in scores else None
        lines.append(AuditLine(kind, agent, Estimate.of_scores(scores[kind]), behind, own))
    return tuple(lines)


def _easy_in(found: Mapping[str, Sequence[Played]], settings: Sequence[AuditSetting], sign: float) -> tuple[str, ...]:
    """Where the 95% interval does not put every trivial agent behind the reference."""
    easy = []
    for k, reference in enumerate(found.get("reference", ())):
        gaps = [_behind(found[kind][k].scores[:, None], reference.scores[:, None], sign) for kind in TRIVIAL]
        if any(not gap.low > 0 for gap in gaps):
            easy.append(settings[k].scenario)
    return tuple(easy)


def _behind(own: Array, reference: Array, sign: float) -> Estimate:
    """The difference of scores, resampled on the same seeds for both."""
    apart = Comparison.of(reference, own).difference
    return apart if sign > 0 else Estimate(-apart.value, -apart.high, -apart.low)
