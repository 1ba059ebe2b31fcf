"""Reading routing tables: RouterBench's wide layout and RouteLLM's layout, CSV or Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from .routing_table import RoutingTable
from .table_file import TableFile

COSTS = ("auto", "any", "total_cost", "output_chars", "none")
_NOT_MODELS = {"sample_id", "prompt", "oracle_model_to_route_to", "", "Unnamed: 0", "__index_level_0__"}


def read_routing_table(
    path: str | Path,
    models: Sequence[str] | None = None,
    cost: str = "auto",
    rescale: bool = False,
    category: str = "eval_name",
) -> RoutingTable:
    """Read a table of prompts and models.

    The layout is found from the columns. RouterBench (arXiv 2403.12031): `prompt`, one column per model, optionally
    `sample_id`, `eval_name`, `MODEL|total_cost`, `MODEL|output_chars`, `MODEL|model_response`. RouteLLM (arXiv
    2406.18665): `prompt`, one True/False column per model, `MODEL_response`. A table is kept in memory until its file
    changes. Rows count from 1 in messages, after the header.

    Args:
        path: A .csv or .parquet file.
        models: The models to keep, in this order; None: every column that is a model, in the table's order.
        cost: "total_cost", "output_chars" (from such a column, or counted from the answers), "none"; "auto":
            total_cost where the table has it, else none; or "any": the first of the three that the table has.
        rescale: Map the table's least and greatest score to 0 and 1 (one affine map for all models). Without it,
            scores outside [0, 1] are refused.
        category: The column of categories; only the default may be absent.

    Raises:
        PalaestraError: A file or value that cannot be used; the message names it and says how to fix it.
    """
    if cost not in COSTS:
        raise PalaestraError(f"cost={cost!r} is not allowed. Allowed: {', '.join(map(repr, COSTS))}.")
    where = Path(path).expanduser()
    stamp = (where.stat().st_mtime_ns, where.stat().st_size) if where.is_file() else None
    chosen = None if models is None else tuple(models)
    return _read(where.absolute() if stamp else where, stamp, chosen, cost, bool(rescale), category)


@lru_cache(maxsize=8)
def _read(
    path: Path,
    stamp: tuple[int, int] | None,
    models: tuple[str, ...] | None,
    cost: str,
    rescale: bool,
    category: str,
) -> RoutingTable:
    """`stamp` is only part of the cache key: a file that changed is read again."""
    # which columns hold scores, costs, prompts and categories
    file = TableFile(path)
    found = _models(file, models, category)
    kind, columns = _cost_columns(file, found, cost)
    texts = ["prompt"] + ([category] if category in file.names else [])
    data = file.read([*texts, *found, *columns])
    if not len(data["prompt"]):
        raise PalaestraError(f"{path.name} has no rows: a table needs one row per prompt.")

    # scores and costs as arrays
    quality = np.stack([file.numbers(name, data[name]) for name in found], axis=1)
    price = np.zeros_like(quality)
    for a, name in enumerate(columns):
        price[:, a] = _lengths(data[name]) if _is_answer(name) else file.numbers(name, data[name])
    if (price < 0).any():
        row, a = np.argwhere(price < 0)[0]
        raise PalaestraError(f"{path.name}: row {row + 1}, column {columns[a]!r}: a cost cannot be negative.")

    # categories as indices into their sorted names
    labels = _texts(data[category]) if category in data else ()
    names = tuple(sorted(set(labels)))
    index = {name: i for i, name in enumerate(names)}
    return RoutingTable(
        name=path.name,
        prompts=_texts(data["prompt"]),
        models=found,
        quality=_unit(file, found, quality, rescale),
        cost=price,
        cost_unit=kind,
        categories=names,
        category=np.array([index[label] for label in labels] if labels else [0] * len(quality), np.int64),
    )


def _models(file: TableFile, chosen: tuple[str, ...] | None, category: str) -> tuple[str, ...]:
    """The columns that are models, in order."""
    names, title = file.names, file.path.name
    listed = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    if "prompt" not in names:
        raise PalaestraError(
            f"{title} has the columns {listed or 'none'}, which is not a known layout. Known: RouterBench's (prompt, "
            "eval_name, MODEL, ..., MODEL|total_cost, ...) and RouteLLM's (prompt, MODEL, ..., MODEL_response, ...)."
        )
    if category != "eval_name" and category not in names:
        raise PalaestraError(f"{title} has no column {category!r} of categories. Its columns: {listed}.")

    # every other column without a mark of an answer or a cost holds scores
    scores = [
        name
        for name in names
        if name not in _NOT_MODELS | {category, "eval_name"} and "|" not in name and not _is_answer(name)
    ]
    for name in names:
        owner = name.rpartition("|")[0] if "|" in name else name.removesuffix("_response")
        if owner != name and owner not in scores:
            raise PalaestraError(f"{title}: the column {name!r} belongs to a model {owner!r} that has no scores.")

    # the chosen ones, at least two
    for name in chosen or ():
        if name not in scores:
            raise PalaestraError(f"{title} has no model {name!r}. Its models: {', '.join(scores)}.")
    found = tuple(scores) if chosen is None else chosen
    if len(set(found)) < 2 or len(set(found)) < len(found):
        raise PalaestraError(
            f"{title}: routing needs at least two different models, not {list(found)}. Its columns: {listed}."
        )
    return found


def _is_answer(name: str) -> bool:
    return name.endswith(("_response", "|model_response"))


def _cost_columns(file: TableFile, models: tuple[str, ...], cost: str) -> tuple[str, list[str]]:
    """What a cost counts, and the column of each model that holds it."""
    names = set(file.names)
    endings = {"total_cost": ["|total_cost"], "output_chars": ["|output_chars", "|model_response", "_response"]}
    wanted = {"auto": ["total_cost"], "any": list(endings), "none": []}.get(cost, [cost])
    for kind in wanted:
        for ending in endings[kind]:
            absent = [model + ending for model in models if model + ending not in names]
            if not absent:
                return kind, [model + ending for model in models]
            if len(absent) < len(models) or (cost == kind and ending == endings[kind][-1]):
                raise PalaestraError(
                    f"{file.path.name}: cost={cost!r} needs the column {absent[0]!r}. Add it, use another cost "
                    f"({', '.join(map(repr, COSTS))}), or, if that is not a model, name the models with models=[...]."
                )
    return "none", []


def _unit(file: TableFile, models: tuple[str, ...], quality: Array, rescale: bool) -> Array:
    """Scores in [0, 1], by one affine map if asked for."""
    if rescale:
        low, high = quality.min(), quality.max()
        if low == high:
            raise PalaestraError(f"{file.path.name}: every score is {low}: there is nothing to rescale or learn.")
        return np.asarray((quality - low) / (high - low))
    outside = np.argwhere((quality < 0) | (quality > 1))
    if len(outside):
        row, a = outside[0]
        raise PalaestraError(
            f"{file.path.name}: row {row + 1}, column {models[a]!r}: the score {quality[row, a]:g} is outside [0, 1]. "
            "Use rescale=True to map the table's least and greatest score to 0 and 1, or name the columns that are "
            "models with models=[...]."
        )
    return quality


def _texts(column: object) -> tuple[str, ...]:
    import pyarrow as pa
    import pyarrow.compute as pc

    return tuple(pc.fill_null(pc.cast(column, pa.string()), "").to_pylist())


def _lengths(column: object) -> Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    lengths = pc.utf8_length(pc.fill_null(pc.cast(column, pa.string()), ""))
    return np.asarray(lengths.to_numpy(zero_copy_only=False), np.float64)
