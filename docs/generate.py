"""Writes the parts of the documentation that follow from the registries, the command line and the tests.

python docs/generate.py              # or `make docs`: re-make them
python docs/generate.py --check      # say which are stale, and exit with 1
python docs/generate.py --pictures   # with the gallery's pictures, which play every environment; --check too
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from palaestra.core.plugins import DISABLED
from palaestra.docs.generator.agents_page import agents_page
from palaestra.docs.generator.cited_tests_page import cited_tests_page
from palaestra.docs.generator.command_line_page import command_line_page
from palaestra.docs.generator.environments_page import environments_page, linked_table
from palaestra.docs.generator.gallery_page import gallery_page, picture_name
from palaestra.docs.generator.measured_agents import measured_agents, track_of
from palaestra.docs.generator.metrics_page import metrics_page
from palaestra.docs.generator.picture import alike, picture
from palaestra.docs.generator.python_page import python_page
from palaestra.docs.generator.submission_page import submission_page
from palaestra.docs.generator.theorems_page import theorems_page
from palaestra.docs.generator.tracks_page import tracks_page
from palaestra.docs.generator.wrappers_page import wrappers_page
from palaestra.envs import environments
from palaestra.leaderboards.submission.manifest import schema_text

ROOT = Path(__file__).resolve().parents[1]
NOTE = "<!-- Made by `make docs` from the registries and the tests: edit those instead. -->\n\n"
BEGIN, END = "<!-- environments: made by `make docs` -->\n", "<!-- end of environments -->\n"
PAGES = {
    "reference/environments.md": environments_page,
    "reference/agents.md": agents_page,
    "reference/metrics.md": metrics_page,
    "reference/wrappers.md": wrappers_page,
    "reference/tracks.md": tracks_page,
    "reference/command_line.md": command_line_page,
    "reference/python.md": python_page,
    "reference/submission.md": submission_page,
    "reference/gallery.md": gallery_page,
    "reference/cited_tests.md": cited_tests_page,
    "explanation/theorems.md": theorems_page,
}


def pages() -> Iterator[tuple[Path, str]]:
    """Every generated page with the text it should have."""
    readme = (ROOT / "README.md").read_text("utf-8")
    before, after = readme.partition(BEGIN)[0], readme.partition(END)[2]
    yield ROOT / "README.md", f"{before}{BEGIN}{linked_table('docs/reference/environments.md')}{END}{after}"
    for name, make in PAGES.items():
        yield ROOT / "docs" / name, NOTE + make()
    yield ROOT / "docs" / "reference" / "submission.schema.json", schema_text()


def pictures() -> Iterator[tuple[Path, str]]:
    """Every picture of the gallery; what is there stays as it is where it says nearly the same."""
    for env_id in environments:
        path = ROOT / "docs" / "pictures" / picture_name(env_id)
        drawn = picture(env_id, measured_agents(track_of(env_id)))
        there = path.read_text("utf-8") if path.is_file() else ""
        yield path, there if alike(there, drawn) else drawn


def main() -> int:
    """Write what is stale, or name it under `--check`."""
    os.environ[DISABLED] = "1"  # the pages are about palaestra's own members
    wanted = dict(pages())
    if "--pictures" in sys.argv:
        wanted |= dict(pictures())
    stale = {path: text for path, text in wanted.items() if not path.is_file() or path.read_text("utf-8") != text}
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is stale: run `make docs`", file=sys.stderr)
        return 1 if stale else 0
    for path, text in stale.items():
        path.write_text(text, "utf-8")
        print(f"{path.relative_to(ROOT)} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
