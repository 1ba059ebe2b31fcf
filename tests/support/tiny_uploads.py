"""Submissions of a few bytes for tests of the service, and a verifier that believes them."""

from __future__ import annotations

import io
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

from palaestra.core.version import VERSION
from palaestra.leaderboards.submission.findings import Findings
from palaestra.leaderboards.submission.manifest import AgentRecord, EnvironmentRecord, Manifest

TRACK = "transfer-welfare-v0"
BELIEVES = """
import hashlib, json, pathlib, sys
manifest = (pathlib.Path(sys.argv[1]) / "manifest.json").read_bytes()
print(json.dumps({"findings": {"manifest": hashlib.sha256(manifest).hexdigest(), "lanes": 1}}))
"""
TRUSTING = (sys.executable, "-I", "-S", "-c", BELIEVES)
"""A verifier, as the service's settings name one."""


def tiny_manifest(name: str = "Tiny", author: str = "A", digest: str | None = None, track: str = TRACK) -> bytes:
    """A manifest with no scenario in it; its agent's digest follows from its name."""
    agent = AgentRecord(
        name=name,
        author=author,
        target="m:A",
        options={},
        files={},
        digest=digest or sha256(name.encode()).hexdigest(),
        needs={},
        privileges={},
    )
    environment = EnvironmentRecord(versions={}, seconds=0.0)
    made = Manifest(
        track=track, track_digest="0" * 64, version=VERSION, agent=agent, scenarios={}, environment=environment
    )
    return made.model_dump_json().encode()


def tiny_archive(manifest: bytes, trace: bytes = b"PAR1" * 10) -> bytes:
    """A ZIP archive of a manifest and one trace."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", manifest)
        archive.writestr("traces/00000.parquet", trace)
    return out.getvalue()


def tiny_folder(folder: Path, manifest: bytes) -> Findings:
    """The same, unpacked; returns what a verifier would find."""
    (folder / "traces").mkdir(parents=True)
    (folder / "manifest.json").write_bytes(manifest)
    (folder / "traces" / "00000.parquet").write_bytes(b"PAR1" * 10)
    return Findings(manifest=sha256(manifest).hexdigest(), lanes=1)
