"""The house keeps its own rules: floors, files, names, versions, and what an import costs."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import palaestra
import pytest
from palaestra.agents import agents
from palaestra.baselines import baselines
from palaestra.core.rooms import PACKAGE, ROOMS, ROOT_FILES
from palaestra.envs import environments
from palaestra.leaderboards.tracks import tracks
from palaestra.metrics import metrics
from palaestra.wrappers import wrappers

ROOT = PACKAGE
BELOW = {room.name: {room.name, *room.imports} | ({"palaestra"} if room.uses_package else set()) for room in ROOMS}
OUTSIDE = ("tests", "docs", "benchmarks")
REGISTRIES: dict[str, Any] = {
    "envs": environments,
    "agents": agents,
    "wrappers": wrappers,
    "metrics": metrics,
    "baselines": baselines,
    "leaderboards": tracks,
}
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())


def python_files(*folders: str) -> list[Path]:
    """The Python files of folders, and the root's own where no folder is named."""
    found = [path for folder in folders or (*BELOW, *OUTSIDE) for path in sorted((ROOT / folder).rglob("*.py"))]
    return found if folders else [*sorted(ROOT.glob("*.py")), *found]


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(("palaestra", *parts[: -1 if parts[-1] == "__init__" else None]))


def package_modules() -> dict[str, Path]:
    return {module_name(path): path for path in [*sorted(ROOT.glob("*.py")), *python_files(*BELOW)]}


def imports(path: Path) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Every import of a file, inside functions too: the full module, its level (0: absolute), the names taken."""
    package = module_name(path).split(".") if path.stem == "__init__" else module_name(path).split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, 0, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            yield ".".join([*base, *filter(None, [node.module])]), node.level, tuple(a.name for a in node.names)


def docstring(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text())) or ""


def imported_modules(path: Path) -> set[str]:
    """Modules of the package that an import of this file runs."""
    known, found = package_modules(), set()
    for module, _, names in imports(path):
        parts = module.split(".")
        found |= {".".join(parts[:k]) for k in range(1, len(parts) + 1)} | {f"{module}.{name}" for name in names}
    return found & known.keys()


def targets_of_imports(path: Path) -> set[str]:
    """The modules that a file takes names from; not the packages above them, which hold registries only."""
    known = package_modules()
    return {
        f"{module}.{name}" if f"{module}.{name}" in known else module
        for module, _, names in imports(path)
        for name in names
    }


def reached(start: set[str]) -> set[str]:
    """The modules that imports lead to from `start`."""
    known = package_modules()
    start = {".".join(name.split(".")[:k]) for name in start for k in range(1, name.count(".") + 2)}
    todo, seen = list(start), set(start)
    while todo:
        for module in imported_modules(known[todo.pop()]) - seen:
            seen.add(module)
            todo.append(module)
    return seen


def registered_modules(room: str) -> set[str]:
    return {member.module for member in REGISTRIES[room].values()}


@pytest.mark.parametrize("room", BELOW)
def test_a_room_imports_only_the_rooms_below_it(room: str) -> None:
    """DESIGN 2: agents never import environments, metrics never import agents, core imports nothing but itself."""
    for path in python_files(room):
        for module, _, names in imports(path):
            if module.split(".")[0] == "palaestra":
                targets = {module.split(".")[1]} if "." in module else set(names) & BELOW.keys() or {"palaestra"}
                assert targets <= BELOW[room], f"{path.relative_to(ROOT)} imports {module} {names}"


def test_a_room_stands_above_every_room_that_it_imports() -> None:
    floors = {room.name: room.floor for room in ROOMS}
    for room in ROOMS:
        assert all(floors[name] < room.floor for name in room.imports), room


def test_the_list_of_rooms_is_complete_and_written_once() -> None:
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert folders == {room.name for room in ROOMS}
    names = "|".join(room.name for room in ROOMS)
    listing = re.compile(rf"""(["'])({names})\1,\s+(["'])({names})\3,\s+(["'])({names})\5,\s+(["'])({names})\7""")
    again = [str(path.relative_to(ROOT)) for path in python_files() if listing.search(path.read_text())]
    tests = {"tests/docs/test_docs_members.py", "tests/house/test_house.py"}
    assert set(again) - tests == {"core/rooms.py"}, "read palaestra.core.rooms.ROOMS"


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/explanation/design.md"])
def test_pages_name_every_room_on_its_floor(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    for room in ROOMS:
        lines = [line for line in text.splitlines() if re.search(rf"\b{room.name}\b", line)]
        assert any(re.match(rf"(\||\s*floor) {room.floor}\b", line) for line in lines), f"{page}: {room.name}"


def test_no_files_import_each_other_in_a_circle() -> None:
    """Imports inside functions and for type checkers count too, so a circle cannot hide in them."""
    known = package_modules()
    graph = {name: sorted(targets_of_imports(path) & known.keys() - {name}) for name, path in known.items()}
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, f"a circle: {' -> '.join(way[way.index(name) :])} -> {name}"
        if name not in done:
            for target in graph[name]:
                visit(target, (*way, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_imports_between_rooms_are_relative() -> None:
    for path in [*ROOT.glob("*.py"), *python_files(*BELOW)]:
        absolute = [module for module, level, _ in imports(path) if level == 0 and module.split(".")[0] == "palaestra"]
        assert not absolute, f"{path.relative_to(ROOT)} imports {absolute} by its full name: write it relative"


def test_tests_docs_and_benchmarks_use_public_names() -> None:
    for path in python_files(*OUTSIDE):
        for module, level, names in imports(path):
            assert level == 0, f"{path.relative_to(ROOT)}: write `from palaestra.… import …`"
            private = [name for name in (*module.split("."), *names) if re.fullmatch(r"_[a-z]\w*", name)]
            assert module.split(".")[0] != "palaestra" or not private, f"{path.relative_to(ROOT)} imports {private}"


@pytest.mark.parametrize("room", REGISTRIES)
def test_every_registered_member_can_be_loaded(room: str) -> None:
    for name, member in REGISTRIES[room].items():
        assert member.load() is not None and member.page, f"{name}: its file has no docstring"


@pytest.mark.parametrize("room", ["envs", "agents", "wrappers", "metrics", "baselines"])
def test_every_file_of_a_room_is_registered(room: str) -> None:
    """A file is a member with its registration line, or a piece that a registered file of the room imports."""
    wanted = {module_name(path) for path in python_files(room)}
    orphans = wanted - reached({f"palaestra.{room}", *registered_modules(room)})
    assert not orphans, f"add a line to {room}/__init__.py for {sorted(orphans)}"


def test_every_file_of_the_package_is_used() -> None:
    """By the command line or a member; otherwise its docstring says that it is offered to users."""
    start = {"palaestra", "palaestra.__main__"}
    for room in REGISTRIES:
        start |= {f"palaestra.{room}", *registered_modules(room)}
    offered = {name for name, path in package_modules().items() if "Offered to users" in docstring(path)}
    unused = package_modules().keys() - reached(start | offered)
    assert not unused, f"nothing imports {sorted(unused)}"
    assert not offered & reached(start), "these are used by the package itself; their docstrings say otherwise"


def test_nothing_but_the_package_and_the_command_line_lies_at_the_root() -> None:
    assert {path.name for path in ROOT.glob("*.py")} == set(ROOT_FILES)


def test_the_packages_of_pyproject_are_the_folders_with_an_init_file() -> None:
    folders = {module_name(path) for path in package_modules().values() if path.name == "__init__.py"}
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == folders


def test_every_file_of_data_in_a_room_is_packaged() -> None:
    """But the board's traces, 70 MB: a wheel brings what the site is made of, a clone what it can be verified from."""
    traces = "leaderboards/submissions/*/*/traces/*.parquet"
    data: dict[str, list[str]] = PROJECT["tool"]["setuptools"].get("package-data", {})
    patterns = ["/".join([*package.split(".")[1:], pattern]) for package, globs in data.items() for pattern in globs]
    for room in BELOW:
        for path in (ROOT / room).rglob("*"):
            inside = path.relative_to(ROOT).as_posix()
            if path.is_file() and path.suffix not in (".py", ".pyc") and not fnmatch(inside, traces):
                assert any(fnmatch(inside, pattern) for pattern in patterns), f"list {inside} in package-data"


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    long = {str(p.relative_to(ROOT)): n for p in python_files() if (n := len(p.read_text().splitlines())) > 300}
    assert not long, f"split by what each part does: {long}"


def test_names_of_files_say_what_is_in_them() -> None:
    vague = {"util", "utils", "common", "helper", "helpers", "misc"}
    for path in python_files():
        assert not vague & {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}, path


def test_nothing_is_left_for_later() -> None:
    marks = re.compile(r"\b(T[O]DO|F[I]XME|X[X]X)\b")
    for path in [*python_files(), *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "Makefile"]:
        assert not marks.search(path.read_text()), f"{path.relative_to(ROOT)} leaves something for later"


def test_ids_name_a_thing_and_its_version() -> None:
    shapes = {
        "envs": r"[A-Z][A-Za-z0-9]*(-[A-Z][A-Za-z0-9]*)*-v\d+",
        "leaderboards": r"[a-z][a-z0-9]*(-[a-z0-9]+)*-v\d+",
        "agents": r"[A-Z][A-Za-z0-9]*",
        "wrappers": r"[A-Z][A-Za-z0-9]*",
        "metrics": r"[a-z][a-z0-9_]*",
        "baselines": r"[A-Z][A-Za-z0-9-]*",
    }
    for room, registry in REGISTRIES.items():
        for name in registry:
            assert re.fullmatch(shapes[room], name), f"{room}: {name!r} does not look like {shapes[room]}"


@pytest.mark.parametrize("name", environments)
def test_the_page_of_an_environment_has_its_sections_in_order(name: str) -> None:
    page = environments[name].page
    title, version = name.rsplit("-", 1)
    assert re.match(r"# (\w+): .+\.\n\n\w", page), "the page begins with `# Name: one sentence.` and a paragraph"
    assert title.startswith(page[2:].partition(":")[0]), f"{name} has the page of {page[2:].partition(':')[0]}"
    assert re.findall(r"^## (.+)$", page, re.M) == [
        "Rules",
        "Players and actions",
        "Observation",
        "Reward",
        "End",
        "Arguments",
        "Known solutions",
        "Sources",
        "Version history",
    ]
    assert f"\n{version}: " in page.partition("## Version history")[2], f"the history does not mention {version}"


def test_the_version_is_written_in_one_place() -> None:
    version = palaestra.__version__
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text()
    assert re.findall(r"^## ([\d.]+)", (ROOT / "CHANGELOG.md").read_text(), re.M)[0] == version
    copies = [str(path.relative_to(ROOT)) for path in python_files() if f'"{version}"' in path.read_text()]
    assert copies == ["core/version.py"]


def distribution(requirement: str) -> str:
    return re.split(r"[<>=;\[ ]", requirement)[0].lower().replace("_", "-")


def test_constraints_pin_every_dependency_of_the_tests() -> None:
    pinned = {distribution(line) for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line}
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = [*PROJECT["project"]["dependencies"], *extras["dev"], *extras["interop"], *extras["test"]]
    missing = {distribution(one) for one in wanted} - pinned - {"palaestra"}
    assert not missing, f"add exact versions of {sorted(missing)} to constraints.txt"
