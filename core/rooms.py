"""The rooms of the package: name, floor, what each may import, and whether results depend on it.

This is the only list of rooms. The fingerprints of results, the sandbox of the verifier, the search for the line that
raised an error, the tests and the documentation read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
"""The package's folder; in a clone it is the repository itself."""


@dataclass(frozen=True)
class Room:
    """One folder at the top of the package.

    Attributes:
        name: The folder's name.
        floor: Rooms of a floor do not import each other.
        imports: The other rooms that it may import, all on lower floors.
        shapes_results: Whether an edit in it can change what agents play or what metrics say.
        calls_members: Whether it calls agents, environments and metrics; a failure in them is not its fault.
        uses_package: Whether it may import the names of the root `__init__.py`.
    """

    name: str
    floor: int
    imports: tuple[str, ...] = ()
    shapes_results: bool = False
    calls_members: bool = False
    uses_package: bool = False

    @property
    def path(self) -> Path:
        """The room's folder."""
        return PACKAGE / self.name


_MEMBERS = ("core", "theory", "envs", "agents", "wrappers", "metrics")

ROOMS = (
    Room("core", 0, shapes_results=True, calls_members=True),
    Room("theory", 1, ("core",), shapes_results=True),
    Room("agents", 2, ("core", "theory"), shapes_results=True),
    Room("metrics", 2, ("core", "theory"), shapes_results=True),
    Room("wrappers", 2, ("core", "theory"), shapes_results=True),
    # an id that is an augmentation is the wrapper applied to a base game
    Room("envs", 3, ("core", "theory", "wrappers"), shapes_results=True),
    Room("baselines", 4, _MEMBERS, uses_package=True),
    Room("leaderboards", 5, (*_MEMBERS, "baselines"), calls_members=True, uses_package=True),
    Room("command_line", 6, (*_MEMBERS, "baselines", "leaderboards"), calls_members=True, uses_package=True),
)
"""From the ground floor up."""

ROOT_FILES = ("__init__.py", "__main__.py")
"""The package's only files outside a room."""
