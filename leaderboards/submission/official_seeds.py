"""Official seeds: fixed by the track and the digest of the agent, so only after the agent is."""

from __future__ import annotations

from hashlib import sha256

from ...core.errors import PalaestraError


def official_seeds(track_id: str, digest: str, count: int, registration: str = "") -> tuple[int, ...]:
    """The seeds an agent is judged on.

    Seed i is the first 16 bytes of SHA-256("palaestra seeds/TRACK/DIGEST/i"). Who changes one byte of the agent gets
    other seeds. Still, somebody could try many such agents at home and submit the luckiest. Against that an agent can
    be registered in the log before it is run: the text is then "palaestra seeds/TRACK/DIGEST/REGISTRATION/i", where
    nobody knows the hash of the log's next entry, and every registration stays visible, followed by scores or not.

    Args:
        track_id: The track.
        digest: Of the agent, hexadecimal.
        count: How many.
        registration: Hash of the entry that registered it, or "".
    """
    if count < 1:
        raise PalaestraError(f"count={count} is not allowed: at least one seed is needed.")
    source = "/".join(filter(None, (track_id, digest, registration)))
    texts = (f"palaestra seeds/{source}/{i}" for i in range(count))
    return tuple(int.from_bytes(sha256(text.encode()).digest()[:16], "big") for text in texts)
