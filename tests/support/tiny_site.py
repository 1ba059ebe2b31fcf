"""A board of a few agents through the real door, and the site that is built from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from palaestra.leaderboards.board.accept import accept
from palaestra.leaderboards.site.build import build_site
from palaestra.leaderboards.submission.agent_digest import agent_digest
from palaestra.leaderboards.submission.log import register
from palaestra.leaderboards.submission.submit import Submitter, submit
from palaestra.leaderboards.submission.verify import verify
from palaestra.leaderboards.tracks.track import Track
from palaestra.tests.support.tiny_track import TINY, submitted, tiny_track

HOSTILE = "</script><script>alert(1)</script>\"'&amp;<img src=x onerror=alert(2)>" + "W" * 120


@dataclass(frozen=True)
class TinySite:
    """What was made.

    Attributes:
        track: The track.
        board: The board's folder.
        preview: A submission that is not on the board.
        site: The site's folder.
    """

    track: Track
    board: Path
    preview: Path
    site: Path

    @property
    def pages(self) -> list[Path]:
        """Every page, in alphabetical order."""
        return sorted(self.site.rglob("*.html"))


@contextmanager
def tiny_site(home: Path) -> Iterator[TinySite]:
    """Four accepted agents (an oracle, one with a hostile name, one unverified, one registered first) and a preview."""
    scenarios = {
        "full": {"horizon": 60, "actions": 4, "information": "full"},
        "bandit": {"horizon": 60, "actions": 4, "information": "bandit", "proposals": 2},
    }
    with tiny_track(
        env_id="RankingBandit-v0",
        scenarios=scenarios,
        metric="external_regret",
        metrics=("external_regret",),
        privileges={"reveal": ("hindsight",)},
    ) as track:
        board = home / "board"
        digest = agent_digest("RankingPGD").value
        entry = register(board / "log.jsonl", TINY, "Gradient", "The paper", digest, on="2026-01-01")
        register(board / "log.jsonl", TINY, "Never shown", "The paper", "f" * 64, on="2026-01-02")
        gradient = submitted(track, home, "RankingPGD", "Gradient", "The paper", registration=entry.hash)
        accept(gradient, board, on="2026-01-03")
        accept(submitted(track, home, "BestFixed", "Hindsight", "The paper"), board, on="2026-01-04")
        hostile = Submitter(HOSTILE, "<b>Trivial</b> people", "https://example.org/?a=1&b=2")
        accept(
            submit(track, "Uniform", hostile, home / "hostile", work=home / "work", workers=1), board, on="2026-01-05"
        )
        shaky = submitted(track, home, "RankingHedge", "Shaky", "Robot people")
        findings = verify(shaky).findings.model_copy(update={"status": "unverified"})
        accept(shaky, board, on="2026-01-06", findings=findings)
        preview = submitted(track, home, "RankingFTRL", "Mine", "Me")
        build_site(board, home / "site", previews=[preview], tracks=[track])
        yield TinySite(track, board, preview, home / "site")
