"""Every track: its scenarios, its seeds, whom it seats and what it reports."""

from __future__ import annotations

from palaestra.docs.generator.markdown import code, table, written
from palaestra.leaderboards.tracks import tracks
from palaestra.leaderboards.tracks.track import Track


def tracks_page() -> str:
    """The table, then a section a track."""
    loaded = [tracks[name].load() for name in tracks]
    rows = [(f"[`{one.track_id}`](#{one.track_id})", one.about, f"`{one.env_id}`", f"`{one.metric}`") for one in loaded]
    header = ("track", "what a good score means", "environment", "headline")
    text = (
        "A track is a benchmark: scenarios of one environment, seeds, metrics, and reference agents. "
        "`palaestra bench TRACK` runs it, `palaestra submit TRACK` hands in a result."
    )
    return "\n".join([f"# Tracks\n\n{text}\n\n{table(header, rows)}", *map(_section, loaded)])


def _section(track: Track) -> str:
    scenarios = []
    for name, options in track.scenarios.items():
        seated = ", ".join(f"`{seat}`: `{agent}`" for seat, agent in track.seated(name).items())
        scenarios.append((name, written(options), seated))
    demo = f", with {written(track.demo)}" if track.demo else ""
    words = [
        f"## {track.track_id}\n\n{track.about}\n",
        f"- environment: [`{track.env_id}`](environments.md#{track.env_id.lower()})",
        f"- metrics, the headline first: {code(track.metrics)}",
        f"- lanes of each scenario: {track.seeds}; at demo size {track.demo_seeds}{demo}",
        f"- reference agents: {code(track.references)}\n",
        table(("scenario", "options", "seats that are taken"), scenarios),
    ]
    return "\n".join(words)
