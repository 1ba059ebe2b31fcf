"""The JSON Schema of a manifest, for submissions that are made without palaestra."""

from __future__ import annotations

import json

from .manifest import Manifest

VERSION = 1
"""Rises with the manifest's `format`."""


def schema_text() -> str:
    """JSON Schema (draft 2020-12) of `manifest.json`, with its version in `$id` and title.

    What it cannot say is said by `palaestra verify` alone: digests, seeds, lengths that must fit each other, text that
    is not what it shows, and that numbers are finite (JSON has no others).
    """
    schema = Manifest.model_json_schema()
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://palaestra.invalid/schema/submission-{VERSION}.json",
        "title": f"A palaestra submission's manifest, format {VERSION}",
    }
    return json.dumps(head | {key: value for key, value in schema.items() if key != "title"}, indent=1) + "\n"
