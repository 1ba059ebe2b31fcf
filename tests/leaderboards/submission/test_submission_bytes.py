"""Any changed, added or missing byte of a submission is noticed, or changes nothing that is shown (DESIGN §7)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.board.board import Board
from palaestra.leaderboards.board.board_submission import BoardSubmission
from palaestra.leaderboards.submission.log import attempts, read_log, register
from palaestra.leaderboards.submission.signature import new_key, sign
from palaestra.leaderboards.submission.verify import Refused, Verified, verify
from palaestra.leaderboards.tracks import tracks
from palaestra.tests.support.tiny_submissions import restamp, submitted, tiny_world

Damage = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small submission, signed where that can be checked."""
    with tiny_world(tmp_path_factory.mktemp("bytes")) as world:
        folder = submitted(world, "PARTNERS", "AlwaysDefect")
        for rival in ("Uniform", "TitForTat"):
            submitted(world, "PARTNERS", rival, f"rival-{rival}")
        try:
            new_key(world / "my.key")
        except PalaestraError:
            yield folder
            return
        sign(folder, world / "my.key")
        yield folder


@st.composite
def damages(draw: st.DrawFn) -> Damage:
    """A flipped, added or missing byte, or a missing end, anywhere."""
    where = draw(st.floats(0, 1, exclude_max=True))
    kind, byte = draw(st.sampled_from(["flip", "insert", "delete", "cut"])), draw(st.integers(1, 255))

    def damage(data: bytes) -> bytes:
        at = int(where * len(data))
        head, tail = data[:at], data[at:]
        flipped = bytes([tail[0] ^ byte]) if tail else b""
        return {
            "flip": head + flipped + tail[1:],
            "insert": head + bytes([byte]) + tail,
            "delete": head + tail[1:],
            "cut": head,
        }[kind]

    return damage


def on_board(folder: Path, found: Verified) -> BoardSubmission:
    return BoardSubmission(folder, found.manifest, found.findings, found.findings.manifest, None)


def shown(folder: Path) -> Any:
    """Everything that a page could show of a submission: ranks and comparisons beside two others too.

    Raises:
        Refused: It does not hold.
    """
    found = verify(folder)
    rivals = [on_board(path, verify(path)) for path in sorted(folder.parent.glob("rival-*"))]
    track = tracks[found.manifest.track].load()
    board = Board.of(track, [on_board(folder, found), *rivals], ())
    assert len(rivals) == 2 and len({line.ranks for line in board.lines}) > 1, "who comes first is decided"
    scores = {name: {k: v.tolist() for k, v in own.items()} for name, own in found.scores.items()}
    return (
        json.loads(found.manifest.model_dump_json()),
        found.findings.model_dump(exclude={"manifest"}),
        scores,
        found.lanes,
        json.dumps(board.document),
        board.improvement.tolist(),
    )


@contextmanager
def unsigned(folder: Path) -> Iterator[None]:
    """Without its signature meanwhile, which would notice any change of the manifest by itself."""
    path = folder / "signature.hex"
    held = path.read_bytes() if path.exists() else None
    path.unlink(missing_ok=True)
    try:
        yield
    finally:
        if held is not None:
            path.write_bytes(held)


@pytest.mark.parametrize("name", ["manifest.json", "traces/00000.parquet"])
def test_any_damaged_byte_is_noticed_without_a_signature_too(honest: Path, name: str) -> None:
    with unsigned(honest):
        test_any_damaged_byte_is_noticed_or_changes_nothing_that_is_shown(honest, name)


def test_any_damaged_byte_of_a_trace_whose_digest_is_made_anew_is_noticed_or_changes_no_number(honest: Path) -> None:
    path, manifest = honest / "traces/00000.parquet", honest / "manifest.json"
    original, claimed = path.read_bytes(), manifest.read_bytes()
    with unsigned(honest):
        _, *before = shown(honest)

        @settings(max_examples=100, deadline=None)
        @given(damages())
        def check(damage: Damage) -> None:
            try:
                path.write_bytes(damage(original))
                restamp(honest)
                _, *after = shown(honest)
            except Refused:
                return
            finally:
                path.write_bytes(original)
                manifest.write_bytes(claimed)
            assert after == before

        check()


@pytest.mark.parametrize("name", ["manifest.json", "traces/00000.parquet", "signature.hex"])
def test_any_damaged_byte_is_noticed_or_changes_nothing_that_is_shown(honest: Path, name: str) -> None:
    path = honest / name
    if not path.exists():
        pytest.skip("signatures need cryptography: pip install -e '.[sign]'")
    original, before = path.read_bytes(), shown(honest)

    @settings(max_examples=40, deadline=None)
    @given(damages())
    def check(damage: Damage) -> None:
        try:
            path.write_bytes(damage(original))
            after = shown(honest)
        except Refused:
            return
        finally:
            path.write_bytes(original)
        assert after == before

    check()


def test_every_single_byte_of_a_signature_counts(honest: Path) -> None:
    path = honest / "signature.hex"
    if not path.exists():
        pytest.skip("signatures need cryptography: pip install -e '.[sign]'")
    original = path.read_bytes()
    try:
        for at in range(0, len(original), 9):
            path.write_bytes(original[:at] + bytes([original[at] ^ 1]) + original[at + 1 :])
            with pytest.raises(Refused, match=r"signature\.hex is not a signature"):
                verify(honest)
    finally:
        path.write_bytes(original)


def test_any_damaged_byte_of_the_log_is_noticed_but_for_entries_cut_off_its_end(tmp_path: Path) -> None:
    """Whole entries cut off the end are seen beside an older copy alone (`check_extends`)."""
    log = tmp_path / "log.jsonl"
    for digest in "abc":
        register(log, "t-v0", f"agent {digest}", "Ä. Author", digest * 64, "2026-11-23")
    original, before = log.read_bytes(), read_log(log)

    @settings(max_examples=200, deadline=None)
    @given(damages())
    def check(damage: Damage) -> None:
        log.write_bytes(damage(original))
        try:
            after = read_log(log)
        except PalaestraError:
            return
        assert after == before[: len(after)] and (len(after) < 3) == (damage(original) != original)
        assert sum(attempts(after).values()) == len(after)

    check()


def test_digests_are_of_numbers_and_not_of_how_they_are_written(honest: Path) -> None:
    """The manifest with other white space is the same manifest, unless it is signed."""
    path = honest / "manifest.json"
    original = path.read_bytes()
    with unsigned(honest):
        before = shown(honest)
        try:
            for spaces in range(12):
                path.write_text(json.dumps(json.loads(original)) + " " * spaces)
                np.testing.assert_equal(shown(honest), before)
        finally:
            path.write_bytes(original)
