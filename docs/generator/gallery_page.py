"""The gallery: a card and a picture an environment, in the order of the registry."""

from __future__ import annotations

from palaestra.docs.generator.measured_agents import LANES, track_of
from palaestra.envs import environments
from palaestra.leaderboards.catalogue.describe import describe
from palaestra.leaderboards.catalogue.listing import listing, short_summary

TEXT = f"""# Gallery

Every environment with its headline metric, as some of its reference agents reach it: {LANES} lanes of the first
scenario of its track at demo size. A dot is the interquartile mean over lanes, its line goes from the lower to the
upper quartile; hollow dots are oracles, which see hidden information. `palaestra bench TRACK` makes the full tables.
"""


def gallery_page() -> str:
    """One card an environment."""
    return "\n".join([TEXT, *(_card(one["name"], short_summary(one)) for one in listing()["environment"])])


def picture_name(env_id: str) -> str:
    """The file of an environment's picture, in docs/pictures."""
    return f"{env_id.lower()}.svg"


def _card(env_id: str, sentence: str) -> str:
    facts, track = describe(env_id)["facts"], track_of(env_id)
    players = len(facts["players"].split(", "))
    seats = "one learner" if environments[env_id].kind == "single" else f"{players} players"
    return f"""## {env_id}

{sentence}.

![{track.metric} of reference agents in {env_id}](../pictures/{picture_name(env_id)})

{seats.capitalize()}, {facts["horizon"]}, {facts["face"].partition(".")[0]}. Truth: {facts["truth"]}
[Rules, facts and options](environments.md#{env_id.lower()}) · [track `{track.track_id}`](tracks.md#{track.track_id})
"""
