"""A submission of any size to a ranking bandit: random proposals, scored by a replay that nobody watches.

`registered(lanes, rounds, proposals)` gives its track, known to the registry of this process from then on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from palaestra import rules
from palaestra.core.arena import versions
from palaestra.core.files import file_digest
from palaestra.core.registry import Member
from palaestra.core.replay import replay
from palaestra.core.traces.trace import Trace
from palaestra.core.version import VERSION
from palaestra.leaderboards.submission.agent_digest import digest_of_agent, official_seeds
from palaestra.leaderboards.submission.claims import track_digest
from palaestra.leaderboards.submission.manifest import (
    AgentRecord,
    EnvironmentRecord,
    Manifest,
    ScenarioRecord,
    ShardRecord,
)
from palaestra.leaderboards.submission.shards import shard_lanes, shards_of
from palaestra.leaderboards.tracks import tracks
from palaestra.leaderboards.tracks.track import Track
from palaestra.metrics import metrics

ACTIONS = 10


def registered(lanes: int, rounds: int, proposals: int = 5) -> Track:
    """A track of one scenario, RankingBandit-v0 with 10 actions under bandit information."""
    attribute = f"lanes_{lanes}_{rounds}_{proposals}"
    name = attribute.replace("_", "-") + "-v0"
    tracks._members[name] = Member(name, __name__, attribute)
    return tracks[name].load()


def __getattr__(attribute: str) -> Track:
    """The track that `registered` named: a registry finds members by module and attribute."""
    kind, *sizes = attribute.split("_")
    if kind != "lanes" or len(sizes) != 3:
        raise AttributeError(attribute)
    lanes, rounds, proposals = map(int, sizes)
    options = {"actions": ACTIONS, "proposals": proposals, "information": "bandit", "horizon": rounds}
    return Track(
        track_id=attribute.replace("_", "-") + "-v0",
        env_id="RankingBandit-v0",
        scenarios={"bandit": options},
        metric="external_regret",
        metrics=("external_regret",),
        references=("Uniform",),
        seats={},
        seeds=lanes,
        demo={},
        demo_seeds=1,
        about="For benchmarks.",
    )


def write_submission(track: Track, folder: Path) -> None:
    """Write a submission that verifies, shard by shard."""
    options, measure = dict(track.scenarios["bandit"]), metrics[track.metric].load()
    digest = digest_of_agent("benchmark:Random", {}, {})
    shards: list[ShardRecord] = []
    scores: list[float] = []
    for number, seeds in enumerate(shards_of(official_seeds(track.track_id, digest, track.seeds), shard_lanes(track))):
        shape = (options["horizon"], len(seeds), options["proposals"])
        actions = np.random.default_rng(number).integers(0, ACTIONS, shape)
        bare = Trace(
            track.env_id, options, tuple(seeds), ("random",), (actions,), versions(), np.full(shape[1], shape[0])
        )
        whole = replay(rules(track.env_id, **options), bare)
        scores += measure(whole).tolist()
        path = whole.compact().save(folder / "traces" / f"{number:05}.parquet")
        shards.append(ShardRecord(file=path.name, digest=file_digest(path), seeds=list(seeds)))
    empty: dict[str, Any] = {}
    agent = AgentRecord(
        name="random",
        author="benchmark",
        target="benchmark:Random",
        options=empty,
        files={},
        digest=digest,
        needs=empty,
        privileges=empty,
    )
    Manifest(
        track=track.track_id,
        track_digest=track_digest(track),
        version=VERSION,
        agent=agent,
        scenarios={"bandit": ScenarioRecord(shards=shards, scores={track.metric: scores})},
        environment=EnvironmentRecord(versions={}, seconds=0.0),
    ).write(folder / "manifest.json")
