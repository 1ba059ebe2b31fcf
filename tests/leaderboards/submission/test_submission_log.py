"""The log of accepted submissions, and signatures (DESIGN §7): what was accepted stays, and says who made it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from palaestra.core.errors import PalaestraError
from palaestra.core.files import file_digest
from palaestra.core.version import VERSION
from palaestra.leaderboards.submission.agent_digest import official_seeds
from palaestra.leaderboards.submission.findings import Findings
from palaestra.leaderboards.submission.log import (
    append_to_log,
    attempts,
    check_extends,
    find_registration,
    read_log,
    register,
)
from palaestra.leaderboards.submission.manifest import AgentRecord, EnvironmentRecord, Manifest
from palaestra.leaderboards.submission.signature import new_key, sign, signed_by


def accepted(folder: Path, digest: str, author: str = "A", track: str = "t-v0", registration: str = "") -> Path:
    """The folder of a verified submission with nothing but its manifest and what was found."""
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
        registration=registration,
    )
    home = folder / f"{track}-{digest[0]}-{author}"
    home.mkdir()
    manifest.write(home / "manifest.json")
    Findings(manifest=file_digest(home / "manifest.json"), lanes=0).write(home / "findings.json")
    return home


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Three entries: two attempts of A on one track, one of B on another."""
    path = tmp_path / "log.jsonl"
    for digest, author, track in (("a" * 64, "A", "t-v0"), ("b" * 64, "A", "t-v0"), ("c" * 64, "B", "u-v0")):
        append_to_log(path, accepted(tmp_path, digest, author, track))
    return path


def test_every_accepted_attempt_stays_visible_and_is_counted_by_author(log: Path) -> None:
    assert [entry.digest[0] for entry in read_log(log)] == ["a", "b", "c"]
    assert attempts(read_log(log)) == {("t-v0", "a"): 2, ("u-v0", "b"): 1}


def test_the_same_agent_under_a_new_name_is_refused(log: Path, tmp_path: Path) -> None:
    before = log.read_bytes()
    with pytest.raises(PalaestraError, match=r"entry 0 \(submission\), 'agent a' by 'A'"):
        append_to_log(log, accepted(tmp_path, "a" * 64, "Thief"))
    assert log.read_bytes() == before


def _edited(lines: list[str]) -> list[str]:
    entry = json.loads(lines[1]) | {"author": "Thief"}
    return [lines[0], json.dumps(entry, sort_keys=True), lines[2]]


TAMPERED: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "edited": (_edited, "line 2 was edited"),
    "reordered": (lambda lines: [lines[1], lines[0], lines[2]], "line 1 does not follow"),
    "a removed entry": (lambda lines: [lines[0], lines[2]], "line 2 does not follow"),
    "a duplicate entry": (lambda lines: [lines[0], lines[0], lines[1]], "line 2 does not follow"),
    "no JSON": (lambda lines: [lines[0], "{", lines[2]], "line 2 is not an entry"),
    "an unknown field": (lambda lines: [json.dumps(json.loads(lines[0]) | {"x": 1})], "line 1 is not an entry"),
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


def test_trying_many_agents_is_seen_however_few_are_submitted(tmp_path: Path) -> None:
    """Seed grinding: seeds follow from a registration, and every registration stays and counts."""
    log = tmp_path / "log.jsonl"
    tries = [register(log, "t-v0", f"agent {digest}", "Grinder", digest * 64) for digest in "abcde"]
    best = accepted(tmp_path, "c" * 64, "Grinder", registration=tries[2].hash)
    append_to_log(log, best)
    assert attempts(read_log(log)) == {("t-v0", "grinder"): 5}
    assert len({official_seeds("t-v0", "c" * 64, 1, entry.hash) for entry in tries}) == 5
    with pytest.raises(PalaestraError, match="already"):
        register(log, "t-v0", "again, for other seeds", "Grinder", "c" * 64)


def test_the_seeds_of_a_registration_are_not_known_before_it_is_written(tmp_path: Path) -> None:
    """Else somebody would reckon the next entry's hash for many names, and register the luckiest."""
    logs = [tmp_path / "foreseen.jsonl", tmp_path / "log.jsonl"]
    foreseen, written = (register(log, "t-v0", "agent a", "Grinder", "a" * 64, "2026-01-01") for log in logs)
    assert foreseen.previous == written.previous and foreseen.hash != written.hash


def test_a_registration_is_the_agents_own(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    entry = register(log, "t-v0", "agent a", "A", "a" * 64)
    own = accepted(tmp_path, "a" * 64, registration=entry.hash)
    assert find_registration(read_log(log), Manifest.read(own / "manifest.json")) == entry
    stolen = accepted(tmp_path, "b" * 64, registration=entry.hash)
    with pytest.raises(PalaestraError, match="Registration 0 is for another agent"):
        find_registration(read_log(log), Manifest.read(stolen / "manifest.json"))
    with pytest.raises(PalaestraError, match="no registration"):
        find_registration((), Manifest.read(own / "manifest.json"))


def test_a_registration_cannot_be_passed_over_for_other_seeds(tmp_path: Path) -> None:
    """Else an agent that is registered had two draws of its seeds, and one attempt."""
    log = tmp_path / "log.jsonl"
    entry = register(log, "t-v0", "agent a", "A. Author", "a" * 64)
    dodged = Manifest.read(accepted(tmp_path, "a" * 64, "a author") / "manifest.json")
    with pytest.raises(PalaestraError, match=f"entry 0 .* Submit it again with --registration {entry.hash}"):
        find_registration(read_log(log), dodged)
    for digest, author, track in (
        ("a" * 64, "B", "t-v0"),
        ("a" * 64, "A. Author", "u-v0"),
        ("b" * 64, "A. Author", "t-v0"),
    ):
        other = accepted(tmp_path, digest, author, track)
        assert find_registration(read_log(log), Manifest.read(other / "manifest.json")) is None


def test_what_was_accepted_cannot_be_registered_any_more_and_goes_on_to_hold(log: Path) -> None:
    with pytest.raises(PalaestraError, match=r"already on t-v0: entry 0 \(submission\)"):
        register(log, "t-v0", "agent a", "A", "a" * 64)
    manifest = Manifest.read(log.parent / "t-v0-a-A" / "manifest.json")
    assert find_registration(read_log(log), manifest) is None


def test_findings_of_another_manifest_are_refused(tmp_path: Path) -> None:
    home, other = accepted(tmp_path, "a" * 64), accepted(tmp_path, "b" * 64)
    (other / "findings.json").replace(home / "findings.json")
    with pytest.raises(PalaestraError, match="another manifest"):
        append_to_log(tmp_path / "log.jsonl", home)


def test_a_signature_names_the_key_and_holds_for_this_manifest_alone(tmp_path: Path) -> None:
    pytest.importorskip("cryptography", reason="signatures need the extra 'sign'")
    home = accepted(tmp_path, "a" * 64)
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
    with pytest.raises(PalaestraError, match="does not hold a private key"):
        sign(home, tmp_path / "nothing.key")


PRIME = 2**255 - 19
Point = tuple[int, int]


def _sum(one: Point, other: Point) -> Point:
    """Addition on the curve of Ed25519, -x^2 + y^2 = 1 + d x^2 y^2 (RFC 8032, section 5.1)."""
    d = -121665 * pow(121666, -1, PRIME) % PRIME
    (x, y), (u, v) = one, other
    product = d * x * u * y * v
    return (
        (x * v + u * y) * pow(1 + product, -1, PRIME) % PRIME,
        (y * v + x * u) * pow(1 - product, -1, PRIME) % PRIME,
    )


def _small_points() -> list[Point]:
    """The eight points whose order divides 8: multiples of one that is not the double of another."""
    y = int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little")
    d = -121665 * pow(121666, -1, PRIME) % PRIME
    square = (y * y - 1) * pow(d * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    x = x if x * x % PRIME == square else x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    points = [(0, 1)]
    for _ in range(7):
        points.append(_sum(points[-1], (x, y)))
    assert _sum(points[-1], (x, y)) == (0, 1) and len(set(points)) == 8
    return points


def test_a_key_with_which_everybody_can_sign_is_refused(tmp_path: Path) -> None:
    """Its multiples are few, so that a signature of any text is found by trying; the identity's is one for all."""
    pytest.importorskip("cryptography", reason="signatures need the extra 'sign'")
    home = accepted(tmp_path, "a" * 64)
    for _, y in _small_points():
        written = {y, y + PRIME} if y + PRIME < 1 << 255 else {y}
        for value in written:
            for sign_bit in (0, 1):
                key = (value | sign_bit << 255).to_bytes(32, "little").hex()
                (home / "signature.hex").write_text(f"{key}\n{'01' + '00' * 63}\n")
                with pytest.raises(PalaestraError, match="small order"):
                    signed_by(home)
