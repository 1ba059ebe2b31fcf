"""Routing tables: layouts and files that are read, and every way in which a file can be wrong."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from palaestra.core.errors import PalaestraError
from palaestra.envs.routing.read_routing_table import read_routing_table
from palaestra.envs.routing.synthetic_routing_table import synthetic_routing_table
from palaestra.tests.support.routing_files import SOURCES, answered_table, judged_table

WIDE: dict[str, list[Any]] = {
    "sample_id": ["s.0", "s.1", "s.2"],
    "prompt": ['Say "hi",\nthen go', "two, three", "ärger"],
    "eval_name": ["chat", "maths", "chat"],
    "big": [1, 0.25, 0.5],
    "small": [0, 0.75, 1e-1],
    "big|total_cost": [0.02, 0.04, 0.06],
    "small|total_cost": [0.001, 0.002, 0],
    "big|output_chars": [10, 20, 30],
    "small|output_chars": [1, 2, 3],
}
ANSWERED: dict[str, list[Any]] = {
    "prompt": ["one", "two"],
    "org/big": [True, False],
    "small": [False, False],
    "org/big_response": ["four", "line\nline"],
    "small_response": ["", "ab"],
}


def written(folder: Path, columns: dict[str, list[Any]], kind: str = "csv") -> Path:
    """The columns as a file."""
    path = folder / f"table.{kind}"
    if kind == "parquet":
        pq.write_table(pa.table(columns), path)
        return path
    with open(path, "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(columns)
        rows.writerows(zip(*columns.values(), strict=True))
    return path


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_the_wide_layout_of_routerbench_is_read(tmp_path: Path, kind: str) -> None:
    table = read_routing_table(written(tmp_path, WIDE, kind))
    assert table.models == ("big", "small")
    assert table.prompts == tuple(WIDE["prompt"])
    assert table.quality.tolist() == [[1.0, 0.0], [0.25, 0.75], [0.5, 0.1]]
    assert table.cost.tolist() == [[0.02, 0.001], [0.04, 0.002], [0.06, 0.0]]
    assert (table.cost_unit, table.categories) == ("total_cost", ("chat", "maths"))
    assert table.category.tolist() == [0, 1, 0]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_the_true_and_false_layout_of_routellm_is_read(tmp_path: Path, kind: str) -> None:
    table = read_routing_table(written(tmp_path, ANSWERED, kind), cost="output_chars")
    assert table.models == ("org/big", "small")
    assert table.quality.tolist() == [[1.0, 0.0], [0.0, 0.0]]
    assert table.cost.tolist() == [[4.0, 0.0], [9.0, 2.0]]
    assert table.categories == ()


@settings(max_examples=60, deadline=None)
@given(
    rows=some.lists(
        some.tuples(
            some.text(some.characters(codec="utf-8", exclude_characters="\0")),
            some.floats(0, 1),
            some.floats(0, 1),
            some.floats(0, 1e9),
        ),
        min_size=1,
        max_size=20,
    ),
    kind=some.sampled_from(["csv", "parquet"]),
)
def test_whatever_prompts_say_they_come_back_with_their_numbers(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, float, float, float]], kind: str
) -> None:
    """Quotes, commas, line ends of any kind and every script; floats to the bit."""
    prompts, first, second, price = (list(column) for column in zip(*rows, strict=True))
    columns = {"prompt": prompts, "a": first, "b": second, "a|total_cost": price, "b|total_cost": price}
    table = read_routing_table(written(tmp_path_factory.mktemp("table"), columns, kind))
    assert table.prompts == tuple(prompts)
    assert table.quality.tolist() == [[x, y] for x, y in zip(first, second, strict=True)]
    assert table.cost.tolist() == [[x, x] for x in price]


def test_a_table_needs_no_more_than_prompts_and_two_models(tmp_path: Path) -> None:
    table = read_routing_table(written(tmp_path, {key: WIDE[key] for key in ("prompt", "big", "small")}))
    assert not table.cost.any() and table.cost_unit == "none"


@pytest.mark.parametrize(
    ("cost", "unit", "first"),
    [
        ("auto", "total_cost", 0.02),
        ("any", "total_cost", 0.02),
        ("output_chars", "output_chars", 10),
        ("none",) * 2 + (0,),
    ],
)
def test_the_option_cost_says_what_is_counted(tmp_path: Path, cost: str, unit: str, first: float) -> None:
    table = read_routing_table(written(tmp_path, WIDE), cost=cost)
    assert (table.cost_unit, table.cost[0, 0]) == (unit, first)


def test_a_table_without_prices_can_count_the_length_of_answers(tmp_path: Path) -> None:
    unpriced = {key: values for key, values in WIDE.items() if "total_cost" not in key}
    assert read_routing_table(written(tmp_path, unpriced)).cost_unit == "none"
    assert read_routing_table(written(tmp_path, unpriced), cost="any").cost.tolist() == [[10, 1], [20, 2], [30, 3]]


def test_models_can_be_chosen_and_ordered(tmp_path: Path) -> None:
    three = WIDE | {"notes": ["x", "y", "z"]}
    table = read_routing_table(written(tmp_path, three), models=["small", "big"])
    assert table.models == ("small", "big") and table.cost[0].tolist() == [0.001, 0.02]


def test_another_column_can_hold_the_categories(tmp_path: Path) -> None:
    table = read_routing_table(written(tmp_path, WIDE | {"topic": ["b", "a", "b"]}), category="topic")
    assert table.categories == ("a", "b") and table.category.tolist() == [1, 0, 1]


def test_scores_on_another_scale_are_mapped_to_the_unit_interval_when_asked(tmp_path: Path) -> None:
    path = written(tmp_path, {"prompt": ["p", "q"], "a": [1, 5], "b": [9, 3]})
    assert read_routing_table(path, rescale=True).quality.tolist() == [[0.0, 1.0], [0.5, 0.25]]


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    first = read_routing_table(written(tmp_path, WIDE))
    assert read_routing_table(tmp_path / "table.csv") is first
    path = written(tmp_path, WIDE | {"big": [0.5, 0.5, 0.5]})
    os.utime(path, ns=(1, 1))
    assert read_routing_table(path).quality[0, 0] == 0.5


def test_an_index_column_and_routerbenchs_own_oracle_are_not_models(tmp_path: Path) -> None:
    more = {"": [0, 1, 2]} | WIDE | {"oracle_model_to_route_to": ["big", "small", "no_model_correct"]}
    assert read_routing_table(written(tmp_path, more)).models == ("big", "small")


def changed(key: str, row: int, value: Any) -> dict[str, list[Any]]:
    column = [value if i == row else old for i, old in enumerate(WIDE[key])]
    return {name: column if name == key else values for name, values in WIDE.items()}


def without(*keys: str) -> dict[str, list[Any]]:
    return {name: values for name, values in WIDE.items() if name not in keys}


WRONG = [
    (changed("big", 1, ""), {}, ["row 2", "'big'", "missing"]),
    (changed("big", 1, "NaN"), {}, ["row 2", "'big'", "missing"]),
    (changed("small", 2, "good"), {}, ["row 3", "'small'", "'good'", "not a number"]),
    (changed("small", 1, "True"), {}, ["row 2", "'small'", "'True' is not a number"]),
    (changed("small", 1, "inf"), {}, ["row 2", "'small'", "not a finite number"]),
    (changed("small", 1, ""), {"models": ["big", "small"]}, ["row 2", "'small'", "missing"]),
    (WIDE | {"big": ["True", "False", "1"]}, {}, ["row 3", "'big'", "'1' is not True or False"]),
    (changed("small", 0, "1_0"), {}, ["row 1", "'small'", "'1_0'"]),
    (changed("small", 1, "٣"), {}, ["row 2", "'small'", "'٣' is not a number"]),
    (changed("small", 1, 1.5), {}, ["row 2", "'small'", "1.5", "[0, 1]", "rescale=True"]),
    (changed("small", 1, -0.5), {}, ["row 2", "'small'", "rescale=True"]),
    (changed("big|total_cost", 2, -1), {}, ["row 3", "'big|total_cost'", "negative"]),
    (changed("big|total_cost", 2, "free"), {}, ["row 3", "'big|total_cost'", "'free'"]),
    (without("small|total_cost"), {}, ["'small|total_cost'", "another cost"]),
    (without("small"), {}, ["'small|total_cost'", "no scores"]),
    (without("prompt"), {}, ["not a known layout", "RouterBench", "RouteLLM"]),
    (without("small", "small|total_cost", "small|output_chars"), {}, ["at least two"]),
    ({name: [] for name in WIDE}, {}, ["no rows"]),
    (WIDE, {"models": ["big", "huge"]}, ["no model 'huge'", "big, small"]),
    (WIDE, {"models": ["big", "big"]}, ["at least two different"]),
    (WIDE, {"cost": "euros"}, ["'euros'", "'output_chars'"]),
    (WIDE, {"category": "topic"}, ["no column 'topic'", "eval_name"]),
    (WIDE | {"notes": ["x", "y", "z"]}, {"cost": "none"}, ["row 1", "'notes'", "models=[...]"]),
    (WIDE | {"notes": ["x", "y", "z"]}, {}, ["'notes|total_cost'", "models=[...]"]),
    (WIDE | {"big": [1, 1, 1], "small": [1, 1, 1]}, {"rescale": True}, ["nothing to rescale"]),
]


@pytest.mark.parametrize(("columns", "options", "words"), WRONG)
def test_what_is_wrong_with_a_table_is_said_with_row_and_column(
    tmp_path: Path, columns: dict[str, list[Any]], options: dict[str, Any], words: list[str]
) -> None:
    with pytest.raises(PalaestraError) as caught:
        read_routing_table(written(tmp_path, columns), **options)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("value", [None, float("nan")])
def test_a_missing_number_in_parquet_is_said_with_row_and_column(tmp_path: Path, value: float | None) -> None:
    with pytest.raises(PalaestraError, match=r"row 2, column 'big'.*missing"):
        read_routing_table(written(tmp_path, changed("big", 1, value), "parquet"))


def test_a_column_of_lists_in_parquet_is_not_numbers(tmp_path: Path) -> None:
    with pytest.raises(PalaestraError, match=r"column 'big' holds list.*not numbers"):
        read_routing_table(written(tmp_path, WIDE | {"big": [[1], [2], [3]]}, "parquet"))


def test_a_column_that_occurs_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text("prompt,a,b,a\nhello,1,0,1\n")
    with pytest.raises(PalaestraError, match="'a' occurs more than once"):
        read_routing_table(path)


def test_a_missing_file_is_named_and_the_way_out_too(tmp_path: Path) -> None:
    with pytest.raises(PalaestraError, match=r"no table at .*nowhere\.csv.*table='synthetic'"):
        read_routing_table(tmp_path / "nowhere.csv")


@pytest.mark.parametrize("name", ["table.pkl", "table.json", "table"])
def test_only_csv_and_parquet_are_opened(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"cos\nsystem\n")
    with pytest.raises(PalaestraError, match=r"not a \.csv or \.parquet file"):
        read_routing_table(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("torn.csv", b"prompt,a,b\nhello,1\n"),
        ("latin.csv", b"prompt,a,b\n\xe4,1,0\n"),
        ("latin_header.csv", b"pr\xe4mpt,a,b\nx,1,0\n"),
        ("empty.csv", b""),
        ("torn.parquet", b"PAR1 and nothing else"),
        ("empty.parquet", b""),
    ],
)
def test_a_damaged_file_is_refused_by_name(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(PalaestraError, match=name):
        read_routing_table(tmp_path / name)


def test_the_synthetic_table_is_the_same_at_every_call_and_has_a_best_model_a_category() -> None:
    table = synthetic_routing_table()
    synthetic_routing_table.cache_clear()
    again = synthetic_routing_table()
    assert (table.quality == again.quality).all() and table.prompts == again.prompts
    assert table.quality.min() >= 0 and table.quality.max() <= 1 and table.cost.min() > 0
    best = [table.quality[table.category == c].mean(0).argmax() for c in range(len(table.categories))]
    assert len(set(best)) == len(table.categories) == 4


@pytest.mark.parametrize("source", SOURCES)
def test_a_table_in_the_columns_of_alpacaeval_is_read(source: str, tmp_path: Path) -> None:
    path = judged_table(source, tmp_path)
    table = read_routing_table(path, cost="output_chars")
    assert table.quality.shape == (400, 8) and len(table.categories) == 5
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert table.prompts == tuple(row["prompt"] for row in rows)
    for a, model in enumerate(table.models):
        assert table.quality[:, a].tolist() == [float(row[model]) for row in rows]
        assert table.cost[:, a].tolist() == [float(row[f"{model}|output_chars"]) for row in rows]


@pytest.mark.parametrize("source", SOURCES)
def test_a_table_in_the_columns_of_routellm_is_read(source: str, tmp_path: Path) -> None:
    path = answered_table(source, tmp_path)
    table = read_routing_table(path, cost="any")
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(table.models) == 2 and len(rows) == len(table.prompts) > 1000
    for a, model in enumerate(table.models):
        assert np.array_equal(table.quality[:, a], [row[model] == "True" for row in rows])
        assert np.array_equal(table.cost[:, a], [len(row[f"{model}_response"]) for row in rows])
