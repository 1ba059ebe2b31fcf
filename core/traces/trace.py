"""A trace: seeds, options, versions and actions of every lane, and how to save and load it safely.

A trace holds enough to recompute everything (`palaestra.replay`). On disk it is Parquet (one row a lane and step, open
to any reader) or npz. Loading executes nothing: neither format is read in a mode that could, sizes are checked before
anything is allocated, and every action is checked against its space by the replay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import Array
from ..errors import PalaestraError
from ..escape_text import escape_text
from ..files import write_atomically
from ..rules import Rules
from .flat_actions import flat
from .reward_check import reward_check
from .trace_columns import data_frame, trace_columns
from .trace_file import (
    FORMAT,
    bytes_of,
    canonical,
    check_ending,
    digest_of,
    read_npz,
    read_parquet,
    write_npz,
    write_parquet,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class Trace:
    """Episodes of one environment, one a lane.

    Attributes:
        env_id: The environment's id.
        options: Its options, plain JSON values.
        seeds: One a lane.
        agents: What sat in each seat, by name.
        actions: One a player: arrays (steps, lanes, ...), or dicts of them.
        versions: Of palaestra, numpy and Python, for the reader.
        rewards: One float64 array (steps, lanes) a player, or None.
        lengths: int64 (lanes,): steps each lane lasted.
        check: uint8 (steps, lanes) made from rewards (`core.traces.reward_check`), stored in place of them; or None.
        scoring: Arrays (steps, lanes, ...) only scorers may see. Not stored: the replay makes them again.
        instance: What metrics need beside the trace (the lanes' base games). Not stored.
        public: Common knowledge of the environment. Not stored.
        rules: The rules it was played or replayed with, or None (see `rules_from`). Neither stored nor pickled, and
            a changed copy (`dataclasses.replace`) is without them.
    """

    env_id: str
    options: Mapping[str, Any]
    seeds: tuple[int, ...]
    agents: tuple[str, ...]
    actions: tuple[Any, ...]
    versions: Mapping[str, str]
    lengths: Array
    rewards: tuple[Array, ...] | None = None
    check: Array | None = None
    scoring: Mapping[str, Array] = field(default_factory=dict)
    instance: Any = None
    public: Mapping[str, Any] = field(default_factory=dict)
    rules: Rules[Any] | None = field(default=None, init=False, repr=False)

    def keep_rules(self, rules: Rules[Any]) -> None:
        """Keep the rules of this very environment and options, so that nobody who asks must build them again."""
        object.__setattr__(self, "rules", rules)

    def rules_from(self, make: Callable[..., Rules[Any]]) -> Rules[Any]:
        """The rules of its environment and options; those of a loaded trace are made when first asked for, and kept.

        Args:
            make: Called as `make(env_id, **options)`, such as `palaestra.rules`.
        """
        if self.rules is None:
            self.keep_rules(make(self.env_id, **self.options))
        assert self.rules is not None
        return self.rules

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "rules": None}

    @property
    def steps(self) -> int:
        """Steps of the longest lane."""
        return int(next(iter(flat(self.actions).values())).shape[0])

    @property
    def lanes(self) -> int:
        """How many lanes there are."""
        return len(self.seeds)

    @property
    def welfare_seats(self) -> tuple[int, ...]:
        """The seats whose rewards add up to welfare: all, unless the rules' `public` names them.

        A mediator's reward, for one, is the players' welfare again.
        """
        return tuple(self.public.get("welfare_seats", range(len(self.actions))))

    @property
    def files(self) -> dict[str, Any]:
        """The options that look like names of files (`table=prompts.csv`).

        Rules open them, so whoever replays a stranger's trace should look at them first.
        """
        return {key: value for key, value in self.options.items() if _names_a_file(value)}

    def __repr__(self) -> str:
        agents = ", ".join(dict.fromkeys(map(escape_text, self.agents)))
        sizes = f"{self.lanes} lane{'s' * (self.lanes != 1)}, {self.steps} step{'s' * (self.steps != 1)}"
        return f"<Trace of {escape_text(self.env_id)}: {sizes}, played by {agents}>"

    def to_columns(self) -> dict[str, Array]:
        """One row per lane, step and player, as equally long arrays by name; steps after a lane's end are left out.

        Columns: `lane`, `seed`, `step`, `player` (0, 1, ...), `agent`, `reward` where there are rewards, and the
        action: `action`, or a column per key of a dict and per entry of an array (`amounts[0]`).
        """
        rewards = self.rewards or (None,) * len(self.actions)
        parts = [action if isinstance(action, dict) else {"action": action} for action in self.actions]
        return trace_columns(parts, rewards, self.lengths, self.seeds, self.agents)

    def to_pandas(self) -> Any:
        """The rows of `to_columns` as a `pandas.DataFrame`.

        Raises:
            PalaestraError: pandas is not installed.
        """
        return data_frame(self.to_columns())

    def plot(self, curves: Mapping[str, Array] | None = None) -> Figure:
        """A figure of what happened over time: the median over lanes, with a band from quartile to quartile.

        Args:
            curves: Name -> (steps, lanes), one panel each, as `palaestra.curves(trace)` gives; None: each player's
                rewards.

        Raises:
            PalaestraError: Nothing to draw.
        """
        from .curve_figure import curve_figure

        own = {f"reward of player {i} ({self.agents[i]})": one for i, one in enumerate(self.rewards or ())}
        return curve_figure(own if curves is None else curves, repr(self).strip("<>"))

    def bare(self) -> Trace:
        """The trace with what is stored alone, and no rewards."""
        return replace(self, rewards=None, check=None, scoring={}, instance=None, public={})

    def compact(self) -> Trace:
        """The bare trace with one byte a step and lane in place of rewards: small, and a replay still names the step.

        Raises:
            PalaestraError: There are no rewards: replay the trace first.
        """
        if self.rewards is None:
            raise PalaestraError("A trace without rewards cannot be made compact: replay it first.")
        return replace(self.bare(), check=reward_check(self.rewards))

    def save(self, path: str | Path) -> Path:
        """Write `path` (`.parquet` or `.npz`) aside and rename it into place.

        Raises:
            PalaestraError: Another ending, or options that are not plain JSON values.
        """
        path = check_ending(path)
        columns = {key: canonical(value) for key, value in flat(self.actions).items()}
        if self.check is not None:
            columns["check"] = self.check
        if self.rewards is not None:
            columns |= {f"player_{i}.reward": reward for i, reward in enumerate(self.rewards)}
        fields = self._header()
        header = json.dumps(fields | {"digest": digest_of(fields, columns)}, sort_keys=True)
        if path.suffix == ".npz":
            with write_atomically(path) as temporary, open(temporary, "wb") as file:
                write_npz(file, header, columns)
        else:
            with write_atomically(path) as temporary:
                write_parquet(temporary, header, columns, self.steps, self.lanes)
        return path

    def _header(self) -> dict[str, Any]:
        try:
            options = json.loads(json.dumps(dict(self.options)))
        except TypeError as error:
            raise PalaestraError(
                "A trace with options that are Python objects cannot be saved: give games by name, "
                f"file or nested lists of payoffs ({error})."
            ) from error
        return {
            "format": FORMAT,
            "env_id": self.env_id,
            "options": options,
            "seeds": [str(s) for s in self.seeds],
            "agents": list(self.agents),
            "versions": dict(self.versions),
            "players": len(self.actions),
            "lengths": [int(n) for n in self.lengths],
            "steps": self.steps,
        }

    @staticmethod
    def load(path: str | Path) -> Trace:
        """Read a trace; executes nothing from the file.

        Raises:
            PalaestraError: A missing, damaged or hostile file, named with what is wrong.
        """
        path = Path(path)
        if not path.is_file():
            raise PalaestraError(f"There is no trace at {path}.")
        return Trace._read(path.name, lambda: read_npz(path) if path.suffix == ".npz" else read_parquet(bytes_of(path)))

    @staticmethod
    def parse(data: bytes, name: str, most: int) -> Trace:
        """Read a trace from the bytes of a Parquet file that may come from anybody.

        Args:
            data: The file.
            name: For messages.
            most: Bytes that its numbers may take, 8 each.

        Raises:
            PalaestraError: A damaged, hostile or larger file, named with what is wrong.
        """
        return Trace._read(name, lambda: read_parquet(data, most))

    @staticmethod
    def _read(name: str, read: Callable[[], tuple[dict[str, Any], dict[str, Array]]]) -> Trace:
        try:
            header, columns = read()
            trace = _assemble(header, columns)
            if digest_of({key: value for key, value in header.items() if key != "digest"}, columns) != header["digest"]:
                raise PalaestraError("its digest is not that of its contents; the file is damaged.")
            return trace
        except PalaestraError as error:
            raise PalaestraError(f"{name}: {error}") from error
        except Exception as error:
            told = escape_text(f"{type(error).__name__}: {str(error)[:200]}")
            raise PalaestraError(f"{name} is damaged or not a palaestra trace ({told}).") from error


def _names_a_file(value: Any) -> bool:
    if isinstance(value, str):
        return value.startswith(("/", "\\", "~")) or re.fullmatch(r".+\.[A-Za-z]\w*", value) is not None
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else ()
    return any(map(_names_a_file, parts))


def _assemble(header: Mapping[str, Any], columns: Mapping[str, Array]) -> Trace:
    players, shape = header["players"], (header["steps"], len(header["seeds"]))
    actions: list[Any] = []
    rewards: list[Array] = []
    check = columns.get("check")
    if check is not None and (check.dtype != np.uint8 or check.ndim != 2):
        raise PalaestraError("the column 'check' is not one byte per step and lane.")
    known: set[str] = {"check"}
    for i in range(players):
        parts = {key.partition(".")[2]: value for key, value in columns.items() if key.startswith(f"player_{i}.")}
        known |= {f"player_{i}.{key}" for key in parts}
        if "reward" in parts:
            rewards.append(parts.pop("reward"))
            if rewards[-1].dtype != np.float64 or rewards[-1].ndim != 2:
                raise PalaestraError(f"the rewards of player_{i} are not one float64 number per step and lane.")
        if not parts:
            raise PalaestraError(f"there are no actions of player_{i}.")
        actions.append(parts["action"] if parts.keys() == {"action"} else parts)
    if unknown := columns.keys() - known:
        raise PalaestraError(f"unknown columns {sorted(unknown)}.")
    for key, value in columns.items():
        if value.shape[:2] != shape or value.dtype.kind not in "iufb":
            raise PalaestraError(f"column {key!r} is {value.dtype} of shape {value.shape}; the header says {shape}.")
    if len(rewards) not in (0, players):
        raise PalaestraError(f"{len(rewards)} of {players} players have rewards: all or none must.")
    return Trace(
        header["env_id"],
        header["options"],
        tuple(int(s) for s in header["seeds"]),
        tuple(header["agents"]),
        tuple(actions),
        header["versions"],
        np.asarray(header["lengths"], np.int64),
        tuple(rewards) or None,
        check,
    )
