"""Writes the parts of the documentation that follow from the registries and the tests.

python docs/generate.py            # or `make docs`: re-make them
python docs/generate.py --check    # say which are stale, and exit with 1
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from palaestra.agents import agents
from palaestra.envs import environments
from palaestra.leaderboards.describe import describe
from palaestra.leaderboards.environment_table import environment_table
from palaestra.leaderboards.listing import listing, titled

ROOT = Path(__file__).resolve().parents[1]
NOTE = "<!-- Made by `make docs` from the registries and the tests: edit those instead. -->\n\n"
BEGIN, END = "<!-- environments: made by `make docs` -->\n", "<!-- end of environments -->\n"


def table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [header, ("---",) * len(header), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def code(values: Sequence[Any]) -> str:
    """Names as code, one after the other."""
    return ", ".join(f"`{value}`" for value in values)


def written(options: Mapping[str, Any]) -> str:
    """Options as one writes them in a call."""
    return code([f"{key}={value!r}" for key, value in options.items()])


def linked_table(page: str) -> str:
    """The table of environments, each id a link to its section of docs/environments.md."""

    def link(found: re.Match[str]) -> str:
        return f"| [`{found[1]}`]({page}#{found[1].lower()}) |"

    return re.sub(r"^\| `([\w-]+)` \|", link, environment_table(), flags=re.M) + "\n"


def environment_section(name: str) -> str:
    """An environment's page with its live facts and options."""
    told = describe(name)
    title, _, page = told["page"].partition("\n")
    sentence = title.partition(": ")[2]
    cells = {True: "yes", False: "no"}
    facts = [(label, cells.get(value) or str(value)) for label, value in told["facts"].items()]
    options = [(f"`{one['name']}`", f"`{one['default']!r}`", one["doc"]) for one in told["options"]]
    arguments = table(("option", "default", "meaning"), options)
    page = page.replace(f"See `palaestra show {name}`.\n", f"\n{arguments}")
    page = re.sub(r"^## ", "### ", page.strip(), flags=re.M)
    return f"## {name}\n\n*{sentence[:1].upper()}{sentence[1:]}*\n\n{table(('fact', 'by default'), facts)}\n{page}\n"


def environments_page() -> str:
    """Every environment, and the wrappers that make more of them."""
    rows = [(f"`wrappers.{one['name']}`", titled(one)) for one in listing()["wrapper"]]
    return "\n".join(
        [
            f"# Environments\n\n{linked_table('')}",
            *map(environment_section, environments),
            "# Wrappers\n\nEach makes a game of a game, yours too.\n",
            table(("wrapper", "what it is"), rows),
        ]
    )


def agents_page() -> str:
    """Every agent, what it plays, and what it needs beyond what everybody sees."""
    rows = []
    for one in listing()["agent"]:
        agent = agents[one["name"]].make()
        plays = code([env_id for env_id in environments if env_id in agent.plays]) or "any"
        variant, needs = written(one.get("options", {})), written(agent.privileges)
        rows.append((f"`{one['name']}`", titled(one), variant, plays, agent.seats, needs))
    header = ("agent", "what it is", "variant", "plays", "seat", "needs")
    text = "`palaestra bench TRACK --agent NAME` benchmarks one. Who needs more than others see is an oracle."
    return f"# Agents\n\n{text}\n\n{table(header, rows)}"


def metrics_page() -> str:
    """Every metric and every track."""
    told = [(one, describe(one["name"])["facts"]) for one in listing()["metric"]]
    metrics = [(f"`{one['name']}`", titled(one), facts["unit"], facts["better"]) for one, facts in told]
    told = [(one, describe(one["name"])["facts"]) for one in listing()["track"]]
    tracks = [
        (f"`{one['name']}`", facts["about"], code([facts["env id"]]), code([facts["metric"]])) for one, facts in told
    ]
    text = "Pure functions of a trace, one number a lane: `palaestra.evaluate(trace)` gives those an environment names."
    return (
        f"# Metrics\n\n{text}\n\n{table(('metric', 'what it is', 'unit', 'direction'), metrics)}"
        f"\n# Tracks\n\n{table(('track', 'what a good score means', 'environment', 'headline'), tracks)}"
    )


def citing_tests() -> Iterator[tuple[str, str, str]]:
    """Every test whose docstring cites a statement: its file, its name and the docstring's first paragraph."""
    for path in sorted((ROOT / "tests").glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                words = " ".join((ast.get_docstring(node) or "").partition("\n\n")[0].split())
                if re.search(
                    r"§|\b([Ss]heet|[Tt]heorem|[Ll]emma|[Pp]roposition|[Cc]orollary|[Aa]lgorithm|[Ss]ection)\b", words
                ):
                    yield path.name, node.name, words


def theorems_page() -> str:
    """Which test tests which statement."""
    text = (
        "A statement is tested as it stands, with code that does not import the solver under test. The sheets: "
        "[transfers](transfers.md), [ranking feedback](ranking_feedback.md), [preferences](preferences.md); "
        "[DESIGN](design.md) is the design's."
    )
    parts = [f"# Statements and their tests\n\n{text}\n"]
    for file, group in groupby(citing_tests(), key=lambda cited: cited[0]):
        rows = [(words, f"`{name}`") for _, name, words in group]
        about = (ast.get_docstring(ast.parse((ROOT / "tests" / file).read_text("utf-8"))) or "").partition("\n\n")[0]
        parts.append(f"## [{file}](../tests/{file})\n\n{about}\n\n" + table(("statement", "test"), rows))
    return "\n".join(parts)


def pages() -> dict[Path, str]:
    """Every generated file with the text it should have."""
    readme = (ROOT / "README.md").read_text("utf-8")
    before, after = readme.partition(BEGIN)[0], readme.partition(END)[2]
    made = {ROOT / "README.md": f"{before}{BEGIN}{linked_table('docs/environments.md')}{END}{after}"}
    for page in (environments_page, agents_page, metrics_page, theorems_page):
        made[ROOT / "docs" / f"{page.__name__.removesuffix('_page')}.md"] = NOTE + page()
    return made


def main() -> int:
    """Write what is stale, or name it under `--check`."""
    stale = {path: text for path, text in pages().items() if not path.is_file() or path.read_text("utf-8") != text}
    if sys.argv[1:] == ["--check"]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is stale: run `make docs`", file=sys.stderr)
        return 1 if stale else 0
    for path, text in stale.items():
        path.write_text(text, "utf-8")
        print(f"{path.relative_to(ROOT)} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
