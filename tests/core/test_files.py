"""Files that are written whole, and digests of files of any size."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from palaestra.core.files import file_digest, write_atomically


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 1, 1 << 20, (1 << 21) + 1])
def test_a_digest_is_that_of_all_bytes_however_many_pieces_they_are_read_in(size: int, tmp_path: Path) -> None:
    content = bytes(i % 251 for i in range(1024)) * (size // 1024 + 1)
    (tmp_path / "file").write_bytes(content[:size])
    assert file_digest(tmp_path / "file") == sha256(content[:size]).hexdigest()


def test_a_file_that_fails_on_the_way_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(RuntimeError), write_atomically(path) as aside:
        aside.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]
