"""Trained policies: one file, one config and one checkpoint each. None is shipped yet."""

from __future__ import annotations

from typing import Any

from ..core.registry import Registry

baselines: Registry[Any] = Registry("baseline", __name__)
