"""The published JSON Schema says of a manifest what a schema can say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from palaestra.command_line.app import app
from palaestra.core.errors import PalaestraError
from palaestra.core.rooms import PACKAGE
from palaestra.leaderboards.submission.manifest import schema_text
from palaestra.leaderboards.submission.strict_json import check_json
from palaestra.tests.leaderboards.submission.test_submission_claims import CLAIMS
from palaestra.tests.support.tiny_submissions import submitted, tiny_world
from typer.testing import CliRunner

jsonschema = pytest.importorskip("jsonschema", reason="pip install jsonschema checks the schema independently")
PAGE = PACKAGE / "docs" / "reference" / "submission.schema.json"
SAID = (
    "score as text",
    "score so large that its mean overflows",
    "negative seed",
    "another format",
    "unknown field",
    "path out of the folder",
    "script as its page",
    "page of another host",
    "mark-up in its page",
    "name over two lines",
    "name of a thousand letters",
    "infinite wall time",
    "huge seed",
)
"""The attacks that a schema can tell from an honest manifest; the others need the verifier."""


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with tiny_world(tmp_path_factory.mktemp("schema")) as world:
        yield submitted(world)


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json.loads(schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_page_and_the_command_print_the_schema_as_it_is() -> None:
    assert PAGE.read_text(encoding="utf-8") == schema_text(), "palaestra schema > docs/reference/submission.schema.json"
    printed = CliRunner().invoke(app, ["schema"])
    assert printed.exit_code == 0 and printed.stdout == schema_text()
    assert "format 1" in json.loads(printed.stdout)["title"] and json.loads(printed.stdout)["$id"].endswith("-1.json")


def test_an_honest_manifest_is_of_the_schema(honest: Path, validator: Any) -> None:
    validator.validate(json.loads((honest / "manifest.json").read_text()))


@pytest.mark.parametrize("attack", SAID)
def test_an_attack_that_a_schema_can_see_is_not_of_the_schema(honest: Path, validator: Any, attack: str) -> None:
    document = json.loads((honest / "manifest.json").read_text())
    CLAIMS[attack][0](document)
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(document)


def test_a_key_that_is_there_twice_among_a_million_is_found_in_one_pass() -> None:
    """Counting every key anew took hours for a manifest of the allowed size, in the service's own process."""
    keys = ", ".join(f'"k{number}": 0' for number in range(1_000_000))
    with pytest.raises(PalaestraError, match="'k999999' appears twice"):
        check_json(f'{{{keys}, "k999999": 1}}'.encode())
