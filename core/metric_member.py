"""A registration line of a metric, and the metric it stands for."""

from __future__ import annotations

import re
from dataclasses import replace
from inspect import isfunction
from typing import TYPE_CHECKING, Any

from .errors import PalaestraError, UnknownName
from .registry import Member, build

if TYPE_CHECKING:
    from .metric import Metric


class MetricMember(Member["Metric"]):
    """A line whose target is a `Metric`, or a function that returns one for the line's options.

    So a variant is a line: `register("dynamic_rp_regret", ".repeated.rp_regret:rp_regret", comparator="dynamic")`.
    The metric bears the name of its line.
    """

    @property
    def summary(self) -> str:
        """What the page of a family says of this name ("- `name`: ..."), else the first line of the page."""
        entry = re.search(rf"^- `{re.escape(self.name)}`: (.*?)\.(?=\s|$)", self.page, re.MULTILINE | re.DOTALL)
        return " ".join(entry[1].split()) if entry else super().summary

    def load(self) -> Metric:
        """The metric, by the line's options."""
        return self.make()

    def make(self, **options: Any) -> Metric:
        """The metric, by the line's options, overridden by `options`.

        Raises:
            UnknownName: An option that the function does not take, or any option of a target that is a `Metric`.
            PalaestraError: A target that neither is nor returns a metric.
        """
        from .metric import Metric

        target, given = self._loaded(), {**self.options, **options}
        if isfunction(target):
            target = build(self.name, target, given)
        elif given:
            raise UnknownName(f"option of {self.name}", next(iter(given)), ())
        if not isinstance(target, Metric):
            raise PalaestraError(
                f"The metric {self.name!r} is registered as {self.module}:{self.attribute}, which gives {target!r}. "
                "Name a Metric, or a function that returns one for the options of the line."
            )
        return replace(target, name=self.name)
