"""Run a submitted agent again: what a replay cannot see is whether its actions are those of the agent it names.

Actions are data, and seeds are public once the digest is: they could be reckoned with the worlds at hand, read from a
file that the digest does not cover, or written by hand. Where the agent's source is public, whoever trusts it enough to
run it settles that.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from ...core.agent_spec import AgentSpec
from ...core.traces.flat_actions import flat
from ...core.traces.trace import Trace
from .agent_digest import agent_digest
from .claims import played_track
from .manifest import Manifest
from .privileges import needs_and_privileges
from .submit import Submitter, submit
from .verify import TOLERANCE, Refused, verify


def rerun(
    folder: Path,
    agent: str,
    *,
    log: Path | None = None,
    workers: int = 0,
    progress: Callable[[float, int, str], None] | None = None,
) -> int:
    """Play an agent on the seeds of a submission and hold every action against the submitted one.

    This runs the agent's code, with all that the user may do: read it first, or run it where there is nothing to lose.

    Args:
        folder: The submission; verified first, without running anything.
        agent: "module:attribute(option=value)" of the very files that were submitted, or a registered name.
        log: The board's, where the agent was registered in it.
        workers: Jobs at once; 0: one a core.
        progress: Called with (jobs done, jobs, what runs).

    Returns:
        Numbers compared.

    Raises:
        Refused: A submission that does not hold, another agent, or the first action that this agent does not take.
    """
    from ...agents import agents
    from ..tracks import tracks
    from .log import read_log

    manifest = verify(folder, log=read_log(log) if log else ()).manifest
    track = played_track(tracks[manifest.track].load(), manifest)
    spec = agents.spec(agent)
    _check_same(spec, manifest)
    compared = 0
    with TemporaryDirectory(prefix="palaestra-") as made:
        own = submit(
            track,
            spec,
            Submitter("again", "whoever asks"),
            Path(made) / "again",
            work=Path(made) / "work",
            registration=manifest.registration,
            workers=workers,
            progress=progress,
        )
        for scenario, record in manifest.scenarios.items():
            for shard in record.shards:
                said, plays = (Trace.load(home / "traces" / shard.file) for home in (folder, own))
                compared += _compare(said, plays, f"{track.track_id}, {scenario}, {shard.file}")
    return compared


def _check_same(agent: AgentSpec, manifest: Manifest) -> None:
    """Refuse to run what is not the agent of the manifest, or asks for something else, and say what differs."""
    here, said = agent_digest(agent), manifest.agent
    if here.value == said.digest:
        asks = needs_and_privileges(agent)
        for what, due, claimed in (("needs", asks[0], said.needs), ("privileges", asks[1], said.privileges)):
            if due != claimed:
                raise Refused(
                    f"{agent.name} asks for the {what} {due or 'none'}, the manifest says {claimed or 'none'}: it is "
                    "not the kind of agent that it claims to be. Submit it again with what it asks for."
                )
        return
    differ = sorted(
        name for name in here.files.keys() | said.files.keys() if here.files.get(name) != said.files.get(name)
    )
    what = f"its files {differ[:5]} differ"
    if (here.target, here.options) != (said.target, said.options):
        what = f"it is {here.target}{here.options}, not {said.target}{said.options}"
    elif differ == ["palaestra"]:
        commit = manifest.environment.commit or f"(unknown, version {manifest.version})"
        what = f"the submission was made at commit {commit} of palaestra: check that out to run it again"
    raise Refused(f"{agent.name} is not the agent that was submitted: {what}.")


def _compare(said: Trace, plays: Trace, where: str) -> int:
    """Refuse the first action, by step, that differs in a lane that has not ended."""
    if dict(said.options) != dict(plays.options):
        raise Refused(
            f"{where}: it was played with {dict(said.options)}, the agent run again asks for {dict(plays.options)}: it "
            "does not ask for the same each time it is made."
        )
    first: list[tuple[int, int, str, object, object]] = []
    theirs, ours = flat(said.actions), flat(plays.actions)
    for name, claimed in theirs.items():
        if claimed.shape != ours[name].shape:
            first.append((min(said.steps, plays.steps), 0, name, claimed.shape, ours[name].shape))
            continue
        near = np.abs(claimed - ours[name]) <= TOLERANCE * np.maximum(1.0, np.abs(ours[name]))
        wrong = ~near.reshape(*near.shape[:2], -1).all(axis=2) & (np.arange(said.steps)[:, None] < plays.lengths)
        if wrong.any():
            step, lane = divmod(int(np.argmax(wrong)), said.lanes)
            first.append((step, lane, name, claimed[step, lane].tolist(), ours[name][step, lane].tolist()))
    if first:
        step, lane, name, claim, own = min(first, key=lambda one: one[:3])
        raise Refused(
            f"{where}: lane {lane}, step {step}: {name} is {claim} in the trace, the agent run again plays {own}."
        )
    return sum(int(one.size) for one in theirs.values())
