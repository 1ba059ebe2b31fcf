"""Official seeds: fixed by the track and the digest of the agent, so only after the agent is."""

from __future__ import annotations

from hashlib import sha256

from ...core.errors import PalaestraError


def official_seeds(track_id: str, digest: str, count: int) -> tuple[int, ...]:
    """The seeds an agent is judged on.

    Seed i is the first 8 bytes of SHA-256("palaestra seeds/TRACK/DIGEST/i"). Who changes one byte of the agent gets
    other seeds, so nobody can choose an agent for its seeds without trying many agents, and every attempt is logged.

    Args:
        track_id: The track.
        digest: Of the agent, hexadecimal.
        count: How many.
    """
    if count < 1:
        raise PalaestraError(f"count={count} is not allowed: at least one seed is needed.")
    texts = (f"palaestra seeds/{track_id}/{digest}/{i}" for i in range(count))
    return tuple(int.from_bytes(sha256(text.encode()).digest()[:8], "big") for text in texts)
