"""The theorem map: every statement is tested or open, never both, and the map notices when that changes."""

from __future__ import annotations

from palaestra.docs.generator.citations import Citation, citations
from palaestra.docs.generator.statements import catalogue, contradictions, statements
from palaestra.tests.support.pages import ROOT

SHEET = {"key": "coins", "named": "[Cc]oin sheet", "files": ["test_coin*"]}
TOSS = {"sheet": "coins", "name": "Theorem 1", "says": "Coins fall.", "cites": r"Theorem 1\b"}
TEST = Citation("test_coins.py", "test_coins_fall", "Theorem 1: they fall.")


def said(statement: dict[str, str], *tests: Citation) -> list[str]:
    return contradictions(statements({"sheet": [SHEET], "statement": [statement]}, tests))


def test_every_statement_of_the_sheets_is_tested_or_says_why_not() -> None:
    assert contradictions(statements(catalogue(), citations())) == []


def test_a_statement_that_is_open_and_tested_is_an_error() -> None:
    assert said(TOSS, TEST) == []
    assert "delete `open`" in said(TOSS | {"open": "nobody knows"}, TEST)[0]


def test_a_statement_that_is_neither_open_nor_tested_is_an_error() -> None:
    assert said(TOSS | {"open": "nobody knows"}) == []
    assert "no test cites it" in said(TOSS)[0]


def test_a_test_belongs_to_the_sheet_it_names_and_else_to_its_files() -> None:
    elsewhere = Citation("test_dice.py", "test_dice", "Theorem 1 of the dice")
    assert said(TOSS, elsewhere), "a test of other files that names no sheet"
    assert not said(TOSS, Citation("test_dice.py", "test_both", "Coin sheet, Theorem 1")), "named"
    assert said(TOSS, Citation("test_coins.py", "test_ten", "Theorem 10")), "another statement"


def test_statements_have_names_of_their_own_and_known_sheets() -> None:
    written = catalogue()
    names = [(one["sheet"], one["name"]) for one in written["statement"]]
    assert len(set(names)) == len(names)
    assert {sheet for sheet, _ in names} == {sheet["key"] for sheet in written["sheet"]}


def test_every_sheet_that_tests_cite_is_a_page() -> None:
    """Whoever reads "sheet A(c)2" in a docstring finds it in docs/explanation."""
    for sheet in catalogue()["sheet"]:
        assert not sheet["files"] or (ROOT / "docs" / "explanation" / sheet["page"]).exists(), sheet["key"]
