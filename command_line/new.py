"""`palaestra new`: a package of one's own with an environment, an agent, a track, or all of it, ready to install."""

from __future__ import annotations

import json
import keyword
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Annotated

import typer

from ..core.errors import PalaestraError
from .command_options import AsJson, examples

SKELETON = Path(__file__).parent / "skeleton"
Name = Annotated[str, typer.Argument(metavar="NAME", help="Lower case with hyphens: my-games.")]
Out = Annotated[Path | None, typer.Option(help="Folder to make; NAME if left out. Nothing is overwritten.")]


@dataclass(frozen=True)
class Piece:
    """A member of a skeleton.

    Attributes:
        kind: "environment", "agent", "metric" or "track".
        file: Its file in the package.
        template: Its template.
        id: The registered name, with $ for what follows from the package's name.
        attribute: What it is called in the file.
    """

    kind: str
    file: str
    template: str
    id: str
    attribute: str


ENVIRONMENT = Piece("environment", "environment.py", "environment.py", "$Name-v0", "$Name")
METRIC = Piece("metric", "metric.py", "metric.py", "${package}_regret", "${package}_regret")
AGENT = Piece("agent", "agent.py", "agent.py", "${Name}Majority", "Majority")
TRACK = Piece("track", "track.py", "track.py", "$name-v0", "TRACK")
LONE_AGENT = Piece("agent", "agent.py", "lone_agent.py", "$Name", "$Name")
LONE_TRACK = Piece("track", "track.py", "lone_track.py", "$name-v0", "TRACK")

KINDS = {
    "plugin": ((ENVIRONMENT, METRIC, AGENT, TRACK), "a package with an environment, a metric, an agent and a track"),
    "env": ((ENVIRONMENT, METRIC), "a package with an environment and its metric"),
    "agent": ((LONE_AGENT,), "a package with an agent for ModelRouting-v0"),
    "track": ((LONE_TRACK,), "a package with a track of ModelRouting-v0"),
}
"""What is made -> its members, and the help."""


def add_to(app: typer.Typer) -> None:
    """Give the command line its group `new`."""
    new = typer.Typer(no_args_is_help=True, help="Start a package of your own: files that work, to be changed.")
    for kind, (_, help_text) in KINDS.items():
        new.command(kind, help=f"Write {help_text}.", epilog=examples(f"palaestra new {kind} my-games"))(_command(kind))
    app.add_typer(new, name="new")


def _command(kind: str) -> Callable[..., None]:
    def command(name: Name, out: Out = None, as_json: AsJson = False) -> None:
        home = write_skeleton(kind, name, out or Path(name))
        files = sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file())
        if as_json:
            typer.echo(json.dumps({"folder": str(home), "files": files}))
        else:
            typer.echo(f"{home} holds {', '.join(files)}. Next: pip install -e {home}; {home}/README.md says more.")

    return command


def write_skeleton(kind: str, name: str, folder: Path) -> Path:
    """Write a package.

    Args:
        kind: One of `KINDS`.
        name: Of the distribution; the names of package, classes and ids follow from it.
        folder: Where to; must not exist, or be empty.

    Returns:
        The folder.

    Raises:
        PalaestraError: A name that cannot be one, members whose names are taken, or a folder that holds something.
    """
    pieces = KINDS[kind][0]
    words = _words(name)
    _check_free(pieces, words)
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise PalaestraError(f"{folder} exists already, and nothing is overwritten: choose another --out.")
    for path, text in skeleton(kind, name).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def skeleton(kind: str, name: str) -> dict[str, str]:
    """The files of a package: path -> text."""
    pieces, words = KINDS[kind][0], _words(name)
    ids = [_filled(piece.id, words) for piece in pieces]
    package = words["package"]
    kinds = [piece.kind for piece in pieces]
    words |= {
        "what": KINDS[kind][1].removeprefix("a package with "),
        "entry_points": "".join(
            f'[project.entry-points."palaestra.{piece.kind}s"]\n'
            f'"{id_}" = "{package}.{Path(piece.file).stem}:{_filled(piece.attribute, words)}"\n\n'
            for piece, id_ in zip(pieces, ids, strict=True)
        ),
        "table": "".join(
            f"| {piece.kind} `{id_}` | `{package}/{piece.file}` |\n" for piece, id_ in zip(pieces, ids, strict=True)
        ),
        "commands": "\n".join(_commands(kinds, dict(zip(kinds, ids, strict=True)))),
        "ids": ", ".join(f'"{id_}"' for id_ in ids),
    }
    files = {f"{package}/{piece.file}": _template(piece.template, words) for piece in pieces}
    told = f'"""Members for palaestra: {words["what"]}."""\n'
    return {
        "README.md": _template("README.md", words),
        "pyproject.toml": _template("pyproject.toml", words),
        f"{package}/__init__.py": told,
        **files,
        "tests/test_members.py": _template("test_members.py", words),
    }


def _commands(kinds: list[str], ids: dict[str, str]) -> list[str]:
    lines = ["palaestra list", *(f"palaestra show {id_}" for id_ in ids.values())]
    lines += [f"palaestra check {id_}" for id_ in ids.values()]
    if "environment" in kinds:
        lines.append(f"palaestra run {ids['environment']} --agent {ids.get('agent', 'Uniform')} --seeds 20")
    if "track" in kinds:
        lines.append(f"palaestra bench {ids['track']} --demo")
    if {"track", "agent"} <= set(kinds):
        lines += [
            f"palaestra compare {ids['track']} --agent {ids['agent']} --agent Uniform --demo",
            f"palaestra submit {ids['track']} --agent {ids['agent']} --name Majority --author Me --out majority",
            "palaestra verify majority",
            "palaestra board accept majority --board my-board",
            f"palaestra board show {ids['track']} --board my-board",
            "palaestra site build --board my-board --out my-site",
        ]
    elif "agent" in kinds:
        lines.append(f"palaestra bench model-routing-v0 --agent {ids['agent']} --demo")
    return lines


def _words(name: str) -> dict[str, str]:
    """What follows from a name, to be filled into templates."""
    plain = name.replace("_", "-")
    package = plain.replace("-", "_")
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*", plain):
        raise PalaestraError(f"{name!r} is no name of a package: write lower case with hyphens, such as my-games.")
    if keyword.iskeyword(package) or package in sys.stdlib_module_names or package in ("palaestra", "tests"):
        raise PalaestraError(f"{name!r} is the name of something else in Python: choose another, such as my-{plain}.")
    return {"name": plain, "package": package, "Name": "".join(part.capitalize() for part in plain.split("-"))}


def _check_free(pieces: tuple[Piece, ...], words: dict[str, str]) -> None:
    from ..leaderboards.catalogue.listing import registries

    rooms = registries()
    for piece in pieces:
        id_ = _filled(piece.id, words)
        if id_ in rooms[piece.kind]:
            raise PalaestraError(
                f"There is a {piece.kind} {id_} already, of {rooms[piece.kind][id_].origin}: choose another name than "
                f"{words['name']}."
            )


def _filled(text: str, words: dict[str, str]) -> str:
    return Template(text).substitute(words)


def _template(name: str, words: dict[str, str]) -> str:
    return _filled((SKELETON / f"{name}.template").read_text(encoding="utf-8"), words)
