"""Attacks on the traces of a submission (DESIGN §7), digests made anew as a careful cheat would."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from palaestra.core.traces.reward_check import reward_check
from palaestra.core.traces.trace import Trace
from palaestra.leaderboards.submission.verify import Refused, verify
from palaestra.tests.support.tiny_submissions import other, played, restamp, rewrite, submitted, tiny_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with tiny_world(tmp_path_factory.mktemp("traces")) as folder:
        submitted(folder)
        submitted(folder, "PARTNERS", "AlwaysDefect")
        yield folder


@pytest.fixture
def copy(world: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(world / "exact", tmp_path / "copy"))


def _edited(trace: Trace) -> Trace:
    return played(trace, 0, 1, 2, other(trace))


def _with_a_new_check(trace: Trace) -> Trace:
    """An edited action, and a check made of rewards that would have made it right."""
    rewards = [np.zeros((trace.steps, trace.lanes)) for _ in trace.actions]
    return replace(_edited(trace), check=reward_check(rewards))


def _amounts(value: float) -> Callable[[Trace], Trace]:
    """A payment of one player in one step that is no payment."""

    def change(trace: Trace) -> Trace:
        actions = [dict(own) for own in trace.actions]
        actions[1]["amounts"] = np.array(actions[1]["amounts"], np.float64)
        actions[1]["amounts"][2, 4] = value
        return replace(trace.bare(), actions=tuple(actions))

    return change


def _steps(count: int) -> Callable[[Trace], Trace]:
    """Cut, or go on with the last step."""

    def change(trace: Trace) -> Trace:
        kept = np.minimum(np.arange(count), trace.steps - 1)
        actions = tuple({key: value[kept] for key, value in own.items()} for own in trace.actions)
        return replace(trace.bare(), actions=actions, lengths=np.full(trace.lanes, count))

    return change


def _without(key: str) -> Callable[[Trace], Trace]:
    def change(trace: Trace) -> Trace:
        actions = tuple({name: own[name] for name in own if name != key} for own in trace.actions)
        return replace(trace.bare(), actions=actions)

    return change


ATTACKS: dict[str, tuple[Callable[[Trace], Trace], str]] = {
    "edited action": (_edited, "dilemma, 00000.parquet: lane 2, step 1: the rules give"),
    "edited action without its check": (lambda trace: _edited(trace).bare(), "dilemma, lane 2: welfare is claimed"),
    "edited action with a new check": (_with_a_new_check, r"lane \d, step \d"),
    "illegal action": (lambda t: played(t, 1, 3, 0, 5).bare(), r"Step 3: player_1\['play'\], lane 0: the action 5"),
    "negative action": (lambda t: played(t, 1, 3, 0, -1).bare(), r"Step 3: player_1\['play'\], lane 0: the action -1"),
    "action that is not a number": (_amounts(np.nan), r"Step 2: player_1\['amounts'\], lane 4"),
    "infinite action": (_amounts(np.inf), r"Step 2: player_1\['amounts'\], lane 4"),
    "missing part of an action": (_without("play"), "an action is a dict with keys"),
    "missing player": (lambda trace: replace(trace.bare(), actions=trace.actions[:1], agents=("x",)), "1 players"),
    "other seeds": (lambda trace: replace(trace.bare(), seeds=tuple(range(6))), "seeds are not those"),
    "lanes in another order": (lambda trace: replace(trace, seeds=trace.seeds[::-1]), "seeds are not those"),
    "duplicate lanes": (lambda trace: replace(trace, seeds=(trace.seeds[0],) * 6), "seeds are not those"),
    "another environment": (lambda trace: replace(trace, env_id="RepeatedGame-v0"), "its environment"),
    "an easier game": (lambda trace: replace(trace, options={"horizon": 4, "game": "stag_hunt"}), "its environment"),
    "trace that ends early": (_steps(3), "ends early|has not ended"),
    "trace that goes on": (_steps(5), "5 steps"),
    "megabyte of text for a version": (
        lambda trace: replace(trace, versions={"numpy": "x" * 1_000_000}),
        "not a printable line of at most 1000 characters",
    ),
    "agent name with a terminal escape": (
        lambda trace: replace(trace, agents=("\x1b[2J", "x")),
        "not a printable line of at most 1000 characters",
    ),
    "a thousand versions": (
        lambda trace: replace(trace, versions={f"{number}": "x" for number in range(1000)}),
        "names 1000 versions",
    ),
    "lanes that end at different steps": (
        lambda trace: replace(trace, lengths=np.array([4, 4, 3, 4, 4, 4])),
        "Lane 2 lasts 4 steps",
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_changed_trace_is_refused_by_name(copy: Path, attack: str) -> None:
    change, reason = ATTACKS[attack]
    rewrite(copy, change)
    with pytest.raises(Refused, match=reason):
        verify(copy)


@pytest.mark.parametrize("ours", [False, True])
def test_an_edited_action_of_a_partner_is_refused_at_its_step(world: Path, tmp_path: Path, ours: bool) -> None:
    """The track seats TitForTat: a submission whose opponent plays nicer than it does is refused."""
    copy = Path(shutil.copytree(world / "partners", tmp_path / "copy"))
    assert verify(copy).lanes == 6

    def nicer(trace: Trace) -> Trace:
        actions = [np.array(own) for own in trace.actions]
        actions[1][5, 3] = 1 - actions[1][5, 3]
        made = replace(trace.bare(), actions=tuple(actions))
        return made if ours else replace(made, check=trace.check)

    rewrite(copy, nicer)
    with pytest.raises(Refused, match=r"player_1, lane 3, step 5: the trace claims the action .* partner that sits"):
        verify(copy)


def _table(change: Callable[[pa.Table], pa.Table]) -> Callable[[Path], None]:
    def rewritten(path: Path) -> None:
        table = pq.read_table(path)
        pq.write_table(change(table), path)

    return rewritten


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def _flipped_at(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(bytes(data))


def _flipped_action(path: Path) -> None:
    """The last byte of what player 0 played."""
    group = pq.ParquetFile(path).metadata.row_group(0)
    column = next(one for one in map(group.column, range(group.num_columns)) if one.path_in_schema == "player_0.play")
    begins = column.dictionary_page_offset or column.data_page_offset
    _flipped_at(path, begins + column.total_compressed_size - 1)


def _flipped_footer(path: Path) -> None:
    """The first letter of the key of the header."""
    _flipped_at(path, path.read_bytes().rindex(b"palaestra\x18"))


def _flipped_header(path: Path) -> None:
    """The first digit of a seed, in both copies of the header that the file holds."""
    table = pq.read_table(path)
    header = json.loads(table.schema.metadata[b"palaestra"])
    header["seeds"][0] = str(int(header["seeds"][0]) ^ 1)
    pq.write_table(table.replace_schema_metadata({"palaestra": json.dumps(header)}), path)


def _column_of_text(table: Any) -> Any:
    return table.append_column("player_0.note", pa.array(["x"] * len(table)))


def _written(data: bytes) -> Callable[[Path], None]:
    def written(path: Path) -> None:
        path.write_bytes(data)

    return written


def _npz(path: Path) -> None:
    with open(path, "wb") as file:
        np.savez(file, x=np.zeros(3))


FILES: dict[str, tuple[Callable[[Path], None], str]] = {
    "truncated": (_cut, "not a Parquet file"),
    "bit of an action flipped": (_flipped_action, "its digest is not that of its contents"),
    "bit of a seed flipped": (_flipped_header, "its digest is not that of its contents"),
    "bit of the footer flipped": (_flipped_footer, "has the key b'qalaestra', which no trace has"),
    "rows in another order": (_table(lambda table: table.take(list(range(23, -1, -1)))), "not in order"),
    "rows left out": (_table(lambda table: table.slice(0, 20)), "20 rows"),
    "rows twice": (_table(lambda table: pa.concat_tables([table, table])), "48 rows"),
    "column of text": (_table(_column_of_text), "a trace holds numbers"),
    "column with a path for a name": (_table(lambda t: t.append_column("../x", t["lane"])), "unknown columns"),
    "another header": (_table(lambda table: table.replace_schema_metadata({"palaestra": "{}"})), "format"),
    "pickle": (_written(pickle.dumps({"weights": [1.0]})), "not a Parquet file"),
    "npz": (_npz, "not a Parquet file"),
    "empty file": (_written(b""), "not a Parquet file"),
}


@pytest.mark.parametrize("attack", FILES)
def test_a_damaged_or_foreign_trace_is_refused_even_with_its_digest_made_new(copy: Path, attack: str) -> None:
    change, reason = FILES[attack]
    change(copy / "traces" / "00000.parquet")
    with pytest.raises(Refused, match="SHA-256"):
        verify(copy)
    restamp(copy)
    with pytest.raises(Refused, match=reason):
        verify(copy)
