"""The log of accepted submissions, and signatures (DESIGN §7): what was accepted stays, and says who made it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from palaestra.core.errors import PalaestraError
from palaestra.core.version import VERSION
from palaestra.leaderboards.submission.log import append_to_log, attempts, check_extends, read_log
from palaestra.leaderboards.submission.manifest import AgentRecord, EnvironmentRecord, Manifest
from palaestra.leaderboards.submission.signature import new_key, sign, signed_by
from palaestra.leaderboards.submission.verify import Verified


def accepted(folder: Path, digest: str, author: str = "A", track: str = "t-v0") -> tuple[Verified, Path]:
    """A verified submission with nothing but its manifest."""
    agent = AgentRecord(
        name=f"agent {digest[0]}",
        author=author,
        target="m:A",
        options={},
        files={},
        digest=digest,
        needs={},
        privileges={},
    )
    manifest = Manifest(
        track=track,
        track_digest="0" * 64,
        version=VERSION,
        agent=agent,
        scenarios={},
        environment=EnvironmentRecord(versions={}, seconds=0.0),
    )
    home = folder / f"{track}-{digest[0]}-{author}"
    home.mkdir()
    manifest.write(home / "manifest.json")
    return Verified(manifest, {}, 0, False), home


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Three entries: two attempts of A on one track, one of B on another."""
    path = tmp_path / "log.jsonl"
    for digest, author, track in (("a" * 64, "A", "t-v0"), ("b" * 64, "A", "t-v0"), ("c" * 64, "B", "u-v0")):
        append_to_log(path, *accepted(tmp_path, digest, author, track))
    return path


def test_every_accepted_attempt_stays_visible_and_is_counted_by_author(log: Path) -> None:
    assert [entry.digest[0] for entry in read_log(log)] == ["a", "b", "c"]
    assert attempts(read_log(log)) == {("t-v0", "A"): 2, ("u-v0", "B"): 1}


def test_the_same_agent_under_a_new_name_is_refused(log: Path, tmp_path: Path) -> None:
    before = log.read_bytes()
    with pytest.raises(PalaestraError, match="entry 0, 'agent a' by 'A'"):
        append_to_log(log, *accepted(tmp_path, "a" * 64, "Thief"))
    assert log.read_bytes() == before


def _edited(lines: list[str]) -> list[str]:
    entry = json.loads(lines[1]) | {"author": "Thief"}
    return [lines[0], json.dumps(entry, sort_keys=True), lines[2]]


TAMPERED: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "edited": (_edited, "line 2 was edited"),
    "reordered": (lambda lines: [lines[1], lines[0], lines[2]], "line 1 does not follow"),
    "an entry taken out": (lambda lines: [lines[0], lines[2]], "line 2 does not follow"),
    "an entry twice": (lambda lines: [lines[0], lines[0], lines[1]], "line 2 does not follow"),
    "no JSON": (lambda lines: [lines[0], "{", lines[2]], "line 2 is no entry"),
    "an unknown field": (lambda lines: [json.dumps(json.loads(lines[0]) | {"x": 1})], "line 1 is no entry"),
}


@pytest.mark.parametrize("attack", TAMPERED)
def test_a_tampered_log_is_refused_at_its_line(log: Path, attack: str) -> None:
    change, reason = TAMPERED[attack]
    log.write_text("\n".join(change(log.read_text().splitlines())) + "\n")
    with pytest.raises(PalaestraError, match=reason):
        read_log(log)


def test_a_log_shortened_at_its_end_is_seen_beside_an_older_copy(log: Path) -> None:
    older = read_log(log)
    check_extends(older[:2], older)
    with pytest.raises(PalaestraError, match="shortened"):
        check_extends(older, older[:2])
    with pytest.raises(PalaestraError, match=r"Entry 1 .* replaced"):
        check_extends(older, (older[0], replace(older[1], author="Thief"), older[2]))


def test_a_signature_names_the_key_and_holds_for_this_manifest_alone(tmp_path: Path) -> None:
    pytest.importorskip("cryptography", reason="signatures need the extra 'sign'")
    _, home = accepted(tmp_path, "a" * 64)
    assert signed_by(home) is None
    public = new_key(tmp_path / "my.key")
    assert (tmp_path / "my.key").stat().st_mode & 0o77 == 0
    sign(home, tmp_path / "my.key")
    assert signed_by(home) == public
    with pytest.raises(PalaestraError, match="never overwritten"):
        new_key(tmp_path / "my.key")
    manifest = home / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"author": "A"', '"author": "B"'))
    with pytest.raises(PalaestraError, match="not a signature of this manifest"):
        signed_by(home)
    (home / "signature.hex").write_text("00\n11\n")
    with pytest.raises(PalaestraError, match="not a signature"):
        signed_by(home)
    with pytest.raises(PalaestraError, match="holds no private key"):
        sign(home, tmp_path / "nothing.key")
