"""`docs/explanation/attacks.md` lists every attack that is tested, and no other.

An attack is tested by an entry of a table, a module's `dict[str, tuple[..., str]]` of attacks with the message that
refuses each, whose row on the page names the file; or by a function of its own, whose row names the function too.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from importlib import import_module

import pytest
from palaestra.core.rooms import PACKAGE

TESTS = PACKAGE / "tests"
FILES = {path.stem: path for path in TESTS.rglob("test_*.py")}
PAGE = TESTS.parent / "docs" / "explanation" / "attacks.md"
TEXT = PAGE.read_text("utf-8")
ROW = re.compile(r"\| (.+) \| (.+) \| `(test_\w+)\.py(?:::(test_\w+))?` \|")
HEADS = ("| Attack | Message | Test |", "|---|---|---|")
LINES = [line for line in TEXT.splitlines() if line.startswith("|") and line not in HEADS]
ROWS = [match.groups() for line in LINES if (match := ROW.fullmatch(line)) is not None]
"""Of each row: the attack, the message, the test's file, and its function, if it is not of a table."""


@cache
def _parsed(module: str) -> ast.Module:
    return ast.parse(FILES[module].read_text("utf-8"))


def _tables(module: str) -> list[str]:
    """Names of the module's tables of attacks, by their type."""
    return [
        ast.unparse(node.target)
        for node in _parsed(module).body
        if isinstance(node, ast.AnnAssign)
        and re.fullmatch(r"dict\[str, tuple\[.*, str\]\]", ast.unparse(node.annotation))
    ]


def _attacks(module: str) -> dict[str, str]:
    """The message of each attack in the module's tables: the first of several alternatives, "…" for any text."""
    place = FILES[module].relative_to(TESTS).with_suffix("")
    loaded, due = import_module(".".join(("palaestra.tests", *place.parts))), dict[str, str]()
    for name in _tables(module):
        for attack, (_, reason) in getattr(loaded, name).items():
            assert attack not in due, f"{module} has two attacks called {attack!r}"
            due[attack] = re.sub(r"\\(.)", r"\1", re.sub(r"\\d\+?|\.\*", "…", reason.split("|")[0]))
    return due


LISTED = [name for name in sorted(FILES) if _tables(name)]


def _source(module: str, function: str) -> str:
    """A test with its decorators and the constants of its module, without backslashes; nothing if it is not there."""
    lines = FILES[module].read_text("utf-8").splitlines()
    body = _parsed(module).body
    tests = [node for node in body if isinstance(node, ast.FunctionDef) and node.name == function]
    constants = [node for node in body if tests and isinstance(node, ast.Assign | ast.AnnAssign)]
    spans = [(min([node.lineno, *(one.lineno for one in node.decorator_list)]), node.end_lineno) for node in tests]
    spans += [(node.lineno, node.end_lineno) for node in constants]
    return "\n".join(line for first, last in spans for line in lines[first - 1 : last]).replace("\\", "")


def test_every_line_of_the_tables_is_an_attack_and_the_page_says_how_many() -> None:
    assert len(ROWS) == len(LINES), [line for line in LINES if not ROW.fullmatch(line)]
    assert [int(count) for count in re.findall(r"(\d+) attacks", TEXT)] == [len(ROWS)]
    twice = [row for row, count in Counter((attack, file) for attack, _, file, _ in ROWS).items() if count > 1]
    assert not twice


def test_the_tables_of_attacks_are_found_by_their_type() -> None:
    assert len(LISTED) >= 10 and {"test_submission_claims", "test_server_unpack", "test_board_check"} <= set(LISTED)


@pytest.mark.parametrize("module", LISTED)
def test_every_attack_of_a_table_has_its_row_with_its_message(module: str) -> None:
    told = {attack: said for attack, said, file, function in ROWS if file == module and function is None}
    due = _attacks(module)
    assert told.keys() == due.keys()
    for attack, said in told.items():
        assert due[attack] in said, f"{attack!r} of {module}: {said!r} does not hold {due[attack]!r}"


@pytest.mark.parametrize("module", sorted({file for _, _, file, _ in ROWS} - set(LISTED)))
def test_a_file_without_a_table_is_named_together_with_a_function(module: str) -> None:
    assert module in FILES
    assert [attack for attack, _, file, function in ROWS if file == module and function is None] == []


@pytest.mark.parametrize(("attack", "said", "module", "function"), [row for row in ROWS if row[3] is not None])
def test_every_other_row_names_a_test_that_exists_and_expects_the_message(
    attack: str, said: str, module: str, function: str
) -> None:
    source = _source(module, function)
    assert source, f"{attack!r}: {module}.py has no test {function}"
    for part in () if said.startswith("nothing: ") else said.split("…"):
        assert part.strip().replace("\\", "") in source, f"{attack!r}: {function} does not expect {part!r}"
