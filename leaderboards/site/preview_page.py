"""Where the page of a submission lies that is shown as a preview."""

from __future__ import annotations

from pathlib import Path

from ...core.files import file_digest
from ..submission.manifest import Manifest
from .page_name import page_name


def preview_page(folder: Path) -> str:
    """The path of its page within a site.

    Args:
        folder: The submission, which was verified.
    """
    manifest = Manifest.read(folder / "manifest.json")
    return page_name(manifest.track, manifest.agent.name, file_digest(folder / "manifest.json"))
