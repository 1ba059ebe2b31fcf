"""What was played: seeds, options, versions and actions of every lane; and its safe storage.

A trace holds enough to recompute everything (`palaestra.replay`). On disk it is Parquet (one row a lane and step, open
to any reader) or npz. Loading executes nothing: neither format is read in a mode that could, sizes are checked before
anything is allocated, and every action is checked against its space by the replay.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from .arrays import Array
from .errors import PalaestraError
from .files import written_aside

FORMAT = 1
MOST_BYTES = 8 << 30


@dataclass(frozen=True, eq=False)
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
        scoring: Arrays (steps, lanes, ...) only scorers may see. Not stored: the replay makes them again.
        instance: What metrics need beside the trace (the lanes' base games). Not stored.
        public: Common knowledge of the environment. Not stored.
    """

    env_id: str
    options: Mapping[str, Any]
    seeds: tuple[int, ...]
    agents: tuple[str, ...]
    actions: tuple[Any, ...]
    versions: Mapping[str, str]
    lengths: Array
    rewards: tuple[Array, ...] | None = None
    scoring: Mapping[str, Array] = field(default_factory=dict)
    instance: Any = None
    public: Mapping[str, Any] = field(default_factory=dict)

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

    def bare(self) -> Trace:
        """The trace with what is stored alone, and no rewards."""
        return replace(self, rewards=None, scoring={}, instance=None, public={})

    def save(self, path: str | Path) -> Path:
        """Write `path` (`.parquet` or `.npz`) aside and rename it into place.

        Raises:
            PalaestraError: Another ending, or options that are not plain JSON values.
        """
        path = Path(path)
        header = json.dumps(self._header(), sort_keys=True)
        columns = flat(self.actions)
        if self.rewards is not None:
            columns |= {f"player_{i}.reward": reward for i, reward in enumerate(self.rewards)}
        if path.suffix == ".npz":
            with written_aside(path) as temporary, open(temporary, "wb") as file:
                np.savez_compressed(
                    file,
                    header=np.frombuffer(header.encode(), np.uint8),
                    **{f"column:{key}": value for key, value in columns.items()},
                )
        elif path.suffix == ".parquet":
            with written_aside(path) as temporary:
                _write_parquet(temporary, header, columns, self.steps, self.lanes)
        else:
            raise PalaestraError(f"A trace is saved as .parquet or .npz, not as {path.name!r}.")
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
        try:
            header, columns = _read_npz(path) if path.suffix == ".npz" else _read_parquet(path)
            return _assemble(header, columns)
        except PalaestraError as error:
            raise PalaestraError(f"{path.name}: {error}") from error
        except Exception as error:
            raise PalaestraError(
                f"{path.name} is damaged or not a palaestra trace ({type(error).__name__}: {str(error)[:200]})."
            ) from error


def flat(actions: tuple[Any, ...]) -> dict[str, Array]:
    """Every action array by column name: `player_0.action`, or `player_0.KEY` for dicts."""
    columns: dict[str, Array] = {}
    for i, action in enumerate(actions):
        parts = action if isinstance(action, dict) else {"action": action}
        columns |= {f"player_{i}.{key}": value for key, value in parts.items()}
    return columns


def _write_parquet(path: Path, header: str, columns: Mapping[str, Array], steps: int, lanes: int) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    names, arrays = (
        ["lane", "step"],
        [
            pa.array(np.repeat(np.arange(lanes, dtype=np.int32), steps)),
            pa.array(np.tile(np.arange(steps, dtype=np.int32), lanes)),
        ],
    )
    for key, value in columns.items():
        rows = np.ascontiguousarray(np.swapaxes(value, 0, 1)).reshape(steps * lanes, -1)
        column = pa.array(rows.reshape(-1))
        if value.ndim > 2:
            column = pa.FixedSizeListArray.from_arrays(column, rows.shape[1])
        names.append(f"{key}{list(value.shape[2:])}" if value.ndim > 2 else key)
        arrays.append(column)
    table = pa.Table.from_arrays(arrays, names=names).replace_schema_metadata({"palaestra": header})
    pq.write_table(table, path, compression="zstd")


def _read_parquet(path: Path) -> tuple[dict[str, Any], dict[str, Array]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    size = sum(file.metadata.row_group(i).total_byte_size for i in range(file.metadata.num_row_groups))
    metadata = file.schema_arrow.metadata or {}
    if b"palaestra" not in metadata:
        raise PalaestraError("this Parquet file is not a palaestra trace: its metadata lacks the key 'palaestra'.")
    header = _checked_header(metadata[b"palaestra"])
    lanes, steps = len(header["seeds"]), header["steps"]
    if size > MOST_BYTES or file.metadata.num_rows != lanes * steps:
        raise PalaestraError(
            f"{file.metadata.num_rows} rows of {size} bytes do not fit {lanes} lanes of {steps} steps "
            f"(at most {MOST_BYTES} bytes)."
        )
    table = file.read()
    columns: dict[str, Array] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        if column.null_count:
            raise PalaestraError(f"column {name!r} has {column.null_count} missing values.")
        key, bracket, shape = name.partition("[")
        tail = tuple(json.loads(bracket + shape)) if bracket else ()
        whole = column.combine_chunks()
        values = whole.flatten() if pa.types.is_fixed_size_list(whole.type) else whole
        columns[key] = np.swapaxes(values.to_numpy(zero_copy_only=False).reshape(lanes, steps, *tail), 0, 1)
    for name, expected in (("lane", np.arange(lanes)[None, :]), ("step", np.arange(steps)[:, None])):
        if not (columns.pop(name) == expected).all():
            raise PalaestraError(f"the rows are not in order: column {name!r} must run lane by lane, step by step.")
    return header, columns


def _read_npz(path: Path) -> tuple[dict[str, Any], dict[str, Array]]:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
            raise PalaestraError(f"unpacked it is larger than {MOST_BYTES} bytes.")
    with np.load(path, allow_pickle=False) as data:
        header = _checked_header(data["header"].tobytes())
        return header, {key.partition(":")[2]: data[key] for key in data.files if key.startswith("column:")}


def _checked_header(text: bytes) -> dict[str, Any]:
    header = json.loads(text)
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise PalaestraError("its header is not of trace format 1; it was written by another version.")
    kinds = {
        "env_id": str,
        "options": dict,
        "seeds": list,
        "agents": list,
        "versions": dict,
        "players": int,
        "lengths": list,
        "steps": int,
    }
    for key, kind in kinds.items():
        if not isinstance(header.get(key), kind):
            raise PalaestraError(f"its header lacks {key!r} ({kind.__name__}).")
    if unknown := header.keys() - kinds.keys() - {"format"}:
        raise PalaestraError(f"its header has unknown fields {sorted(unknown)}.")
    lanes = len(header["seeds"])
    if not (0 < lanes == len(header["lengths"]) and header["steps"] > 0 and 0 < header["players"] < 10_000):
        raise PalaestraError("its header has impossible counts of lanes, steps or players.")
    if not all(isinstance(n, int) and 0 <= n <= header["steps"] for n in header["lengths"]):
        raise PalaestraError("its header has lengths that are not between 0 and the steps.")
    return header


def _assemble(header: Mapping[str, Any], columns: Mapping[str, Array]) -> Trace:
    players, shape = header["players"], (header["steps"], len(header["seeds"]))
    actions: list[Any] = []
    rewards: list[Array] = []
    known: set[str] = set()
    for i in range(players):
        parts = {key.partition(".")[2]: value for key, value in columns.items() if key.startswith(f"player_{i}.")}
        known |= {f"player_{i}.{key}" for key in parts}
        if "reward" in parts:
            rewards.append(parts.pop("reward"))
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
    )
