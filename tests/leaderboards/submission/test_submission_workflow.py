"""The workflow of submissions: what a pull request is held against, and what runs with which rights."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from textwrap import dedent

import pytest
from palaestra.core.rooms import PACKAGE

ROOT = PACKAGE
WORKFLOW = (ROOT / ".github" / "workflows" / "submissions.yml").read_text()


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@b.invalid", "-c", "init.defaultBranch=main")
    return subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path, name: str) -> str:
    (folder / name).write_text(name)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", name)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def merged(tmp_path: Path) -> tuple[Path, str, str]:
    """A clone of a pull request's merge; the branch it was made from, and the branch it was merged into."""
    hub = tmp_path / "hub"
    hub.mkdir()
    git(hub, "init", "--quiet")
    old = commit(hub, "base")
    git(hub, "checkout", "--quiet", "-b", "proposal")
    commit(hub, "submission")
    git(hub, "checkout", "--quiet", "main")
    new = commit(hub, "an entry of the log that came meanwhile")
    git(hub, "checkout", "--quiet", "-b", "merge")
    git(hub, "merge", "--quiet", "--no-ff", "proposal", "--message", "merge")
    git(tmp_path, "clone", "--quiet", str(hub), "theirs")
    return tmp_path, old, new


def step(name: str) -> str:
    """The shell of a step."""
    found = re.search(rf"- name: {name}\n(?:        (?!run:).*\n)*        run: \|\n((?:          .*\n)+)", WORKFLOW)
    assert found is not None
    return dedent(found[1])


def run(home: Path, script: str) -> tuple[int, str]:
    output = home / "output"
    output.touch()
    done = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=home,
        env={"GITHUB_OUTPUT": str(output), "BRANCH": "main", "PATH": "/usr/bin:/bin"},
    )
    return done.returncode, output.read_text()


def test_a_proposal_is_held_against_the_commit_it_is_merged_into(merged: tuple[Path, str, str]) -> None:
    """Not against the one it was made from: the log may have grown meanwhile, by its keeper and by nobody else."""
    home, old, new = merged
    assert run(home, step("Find the commit they are merged into")) == (0, f"sha={new}\n") and old != new
    uses = re.findall(r"\{\{ (.*?base.*?) \}\}", WORKFLOW)
    assert uses == ["github.base_ref", "steps.base.outputs.sha", "steps.base.outputs.sha"]


def test_what_is_no_merge_or_merges_into_another_branch_is_not_looked_at(merged: tuple[Path, str, str]) -> None:
    home, old, _ = merged
    script = step("Find the commit they are merged into")
    git(home / "theirs", "checkout", "--quiet", old)
    assert run(home, script)[0] != 0
    git(home / "theirs", "checkout", "--quiet", "origin/proposal")
    assert run(home, script)[0] != 0, "one parent: a commit of the proposer's own"
    git(home / "theirs", "merge", "--quiet", "--no-ff", "origin/main", "--message", "turned around")
    assert run(home, script)[0] != 0, "its first parent is the proposal"


def test_actions_are_named_by_commit_and_checkouts_of_proposals_keep_no_token() -> None:
    uses = re.findall(r"uses: (\S+)( # v[0-9.]+)?\n(?:        with: (.*)\n)?", WORKFLOW)
    assert len(uses) == 6 and all(re.search("@[0-9a-f]{40}$", action) and version for action, version, _ in uses)
    verify = WORKFLOW[WORKFLOW.index("  verify:") : WORKFLOW.index("  accept:")]
    assert verify.count("actions/checkout@") == verify.count("persist-credentials: false") == 2
    assert "contents: write" not in verify and "{{ secrets" not in WORKFLOW and "pull_request_target:" not in WORKFLOW
