"""The format of a submission's manifest: its JSON Schema, and the same as tables."""

from __future__ import annotations

import json
from typing import Any

from palaestra.docs.generator.markdown import table
from palaestra.leaderboards.submission.manifest import schema_text

TEXT = """# The submission's manifest

`palaestra submit` writes `manifest.json`; the verifier takes what fits this schema and nothing else: unknown fields,
numbers that are none, and texts beyond their limits are refused by name.
[submission.schema.json](submission.schema.json) is the same as JSON Schema, for programs; `palaestra schema` prints it.
"""


def submission_page() -> str:
    """A section a record, the manifest first."""
    schema = json.loads(schema_text())
    records = {"Manifest": schema, **schema["$defs"]}
    sections = [_section(name, one, schema["$defs"]) for name, one in records.items() if "properties" in one]
    return "\n".join([TEXT, *sections])


def _section(name: str, record: dict[str, Any], known: dict[str, Any]) -> str:
    needed = record.get("required", ())
    rows = []
    for field, shape in record["properties"].items():
        empty: Any = {"object": {}, "array": []}.get(str(shape.get("type")))  # a schema leaves out what a factory makes
        default = "required" if field in needed else f"`{json.dumps(shape.get('default', empty))}`"
        rows.append((f"`{field}`", _kind(shape, known), default))
    return f"## {name}\n\n{record.get('description', '')}\n\n" + table(("field", "what it is", "default"), rows)


def _kind(shape: dict[str, Any], known: dict[str, Any]) -> str:
    """A schema in words: its type, what is in it, and its limits."""
    if "$ref" in shape:
        name = shape["$ref"].rpartition("/")[2]
        inner = known[name]
        return f"[{name}](#{name.lower()})" if "properties" in inner else _kind(inner, known)
    if "const" in shape:
        return f"`{json.dumps(shape['const'])}`"
    if "anyOf" in shape:
        return " or ".join(_kind(one, known) for one in shape["anyOf"])
    kind = str(shape.get("type", "any JSON"))
    if kind == "array":
        kind = f"list of {_kind(shape.get('items', {}), known)}"
    if kind == "object":
        inside = [*shape.get("patternProperties", {}).values(), shape.get("additionalProperties")][0]
        kind = f"object, name -> {_kind(inside, known)}" if isinstance(inside, dict) else "object"
    limits = {
        "minimum": "at least {}",
        "exclusiveMaximum": "below {}",
        "maximum": "at most {}",
        "minLength": "at least {} characters",
        "maxLength": "at most {} characters",
        "minItems": "at least {} of them",
        "maxItems": "at most {} of them",
        "maxProperties": "at most {} of them",
        "pattern": "`{}`",
    }
    said = [words.format(shape[key]) for key, words in limits.items() if key in shape]
    return ", ".join([kind, *said])
