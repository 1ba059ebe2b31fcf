"""What a job needs that another machine may lack: the user's own modules, and the files that options name."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...core.agent_files import named_weights
from ...core.errors import PalaestraError
from ...core.files import file_digest
from ...core.registry import Member
from ...core.rooms import PACKAGE
from ...core.target import named_call
from .job import Job

INSTALLED = ("site-packages", "dist-packages")


@dataclass(frozen=True)
class Shipment:
    """Files by the SHA-256 of their content, and what each is called where.

    Attributes:
        modules: Module of an agent or of another package's member -> SHA-256 of its file, shipped or installed.
        members: The members of other packages that jobs use: kind, name, target, kind of environment, options.
        roots: One a folder that Python must search: file, relative to it -> SHA-256.
        tables: File as options name it -> SHA-256.
        contents: SHA-256 -> where the file lies on this machine.
    """

    modules: Mapping[str, str] = field(default_factory=dict)
    members: tuple[tuple[str, str, str, str, Mapping[str, Any]], ...] = ()
    roots: tuple[Mapping[str, str], ...] = ()
    tables: Mapping[str, str] = field(default_factory=dict)
    contents: Mapping[str, Path] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, Any]:
        """Everything but the contents, in plain values."""
        roots, members = [dict(root) for root in self.roots], [list(one) for one in self.members]
        return {"modules": dict(self.modules), "members": members, "roots": roots, "tables": {**self.tables}}

    @staticmethod
    def of(jobs: Iterable[Job]) -> Shipment:
        """What jobs need. Their agents have been imported here, as `plan` does.

        Of the module of an agent, or of another package's environment or metric, go: the Python files beside it, or of
        its whole package; the modules it has imported from its own folder; the files that its attribute `weights`
        names; and those below its folder that its source names, such as a saved model. What is installed (in
        site-packages, or with palaestra or Python) must be installed there too.

        Raises:
            PalaestraError: Weights outside the folder of the agent's modules, which would lie elsewhere there.
        """
        from ...agents import agents

        jobs = list(jobs)
        modules: dict[str, str] = {}
        roots: dict[Path, set[Path]] = {}
        named: dict[str, Path] = {}
        loaded: set[Path] = set()
        for job in jobs:
            loaded |= {Path(name) for name in job.files if Path(name).is_absolute() and not name.endswith(".py")}
            values = {value for value in job.options.values() if isinstance(value, str)}
            named |= {name: Path(name) for name in job.files if name in values}
        members = _members(jobs)
        specs = [agents.spec(agent) for agent in dict.fromkeys([*_agents(jobs), *(one[2] for one in members)])]
        for spec in specs:
            agent, name = spec.name, spec.module
            file = getattr(sys.modules.get(name), "__file__", None) if name else None
            if file is None or name.partition(".")[0] == "palaestra":
                continue
            path = Path(file).resolve()
            modules[name] = file_digest(path)
            root = path.parents[name.count(".") + (path.name == "__init__.py")]
            if not _is_installed(root):
                weights = named_weights(spec.maker)
                roots.setdefault(root, set()).update(_sources(path, root, name), _weights(path, root, weights, agent))
                roots[root] |= {one for one in loaded if one.is_relative_to(root)}
        contents: dict[str, Path] = {}

        def known(path: Path) -> str:
            digest = file_digest(path)
            contents[digest] = path
            return digest

        folders = tuple(
            {path.relative_to(root).as_posix(): known(path) for path in sorted(paths)} for root, paths in roots.items()
        )
        return Shipment(modules, members, folders, {name: known(path) for name, path in named.items()}, contents)


def _agents(jobs: Iterable[Job]) -> list[str]:
    return list(dict.fromkeys(name for job in jobs for name in (job.agent, *job.seats.values())))


def _members(jobs: Sequence[Job]) -> tuple[tuple[str, str, str, str, Mapping[str, Any]], ...]:
    """The members of other packages that jobs use: another machine may not know their names."""
    from ...agents import agents
    from ...envs import environments
    from ...metrics import metrics

    names: list[tuple[str, Member[Any]]] = [("environment", environments.find(job.env_id)) for job in jobs]
    names += [("metric", metrics.find(name)) for job in jobs for name in job.metrics]
    names += [("agent", agents[name]) for name in (named_call(one)[0] for one in _agents(jobs)) if ":" not in name]
    used = {(kind, one.name): one for kind, one in names if one.outside}
    for one in used.values():
        one.load()  # its module is looked up among those that are imported
    return tuple((kind, name, one.target, one.kind, dict(one.options)) for (kind, name), one in used.items())


def _is_installed(root: Path) -> bool:
    standard = Path(sys.modules["json"].__file__ or "").resolve().parents[1]
    return bool(set(INSTALLED) & set(root.parts)) or root == standard


def _sources(path: Path, root: Path, name: str) -> set[Path]:
    """The Python files that a module may import: beside it or of its package, and what it did import from its root."""
    package = root / name.partition(".")[0]
    found = set(package.rglob("*.py") if package.is_dir() else root.glob("*.py"))
    for module_name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and file.endswith(".py") and module_name != "__main__":
            found.add(Path(file).resolve())
    inside = {one for one in found if one.is_relative_to(root) and not one.is_relative_to(PACKAGE)}
    return {path} | {one for one in inside if not _is_installed(one.parent) and one.is_file()}


def _weights(path: Path, root: Path, weights: Iterable[str], agent: str) -> set[Path]:
    found = {(path.parent / name).resolve() for name in weights}
    for one in found:
        if not one.is_file() or not one.is_relative_to(root):
            raise PalaestraError(
                f"{agent}: its weights {one} cannot be sent to other machines. They must be a file in {root} or below."
            )
    return found
