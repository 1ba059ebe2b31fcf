"""Write one file of a site that is still being built."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path


def write_site_file(folder: Path, name: str, text: str) -> str:
    """Write a file in UTF-8; returns its SHA-256. The folder takes its place as a whole, so the file need not."""
    path, whole = folder / name, text.encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(whole)
    return sha256(whole).hexdigest()
