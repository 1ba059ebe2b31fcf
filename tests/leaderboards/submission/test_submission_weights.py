"""Tracks whose replay is not exact: submissions carry weights in safetensors or nothing, and are "unverified"."""

from __future__ import annotations

import json
import pickle
import shutil
import struct
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.submission.safetensors_header import check_safetensors
from palaestra.leaderboards.submission.submit import Submitter, submit
from palaestra.leaderboards.submission.verify import Refused, verify
from palaestra.leaderboards.tracks import tracks
from palaestra.tests.support.tiny_submissions import edit, played, rewrite, submitted, tiny_world

POLICY: dict[str, Any] = {
    "layer.weight": np.arange(6, dtype=np.float32).reshape(2, 3),
    "layer.bias": np.zeros(2, np.float64),
}


def safetensors_of(tensors: dict[str, Any], **metadata: str) -> bytes:
    """Written by the format's description, not by its library."""
    kinds = {"float32": "F32", "float64": "F64", "int64": "I64", "bool": "BOOL"}
    header: dict[str, Any] = {"__metadata__": metadata} if metadata else {}
    body = b""
    for name, values in tensors.items():
        places = [len(body), len(body) + values.nbytes]
        header[name] = {"dtype": kinds[str(values.dtype)], "shape": list(values.shape), "data_offsets": places}
        body += values.tobytes()
    return with_header(header, body)


def with_header(header: Any, body: bytes) -> bytes:
    text = json.dumps(header).encode() if not isinstance(header, bytes) else header
    return struct.pack("<Q", len(text)) + text + body


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with tiny_world(tmp_path_factory.mktemp("weights")) as folder:
        (folder / "policy.safetensors").write_bytes(safetensors_of(POLICY, made_by="hand"))
        (folder / "policy.pt").write_bytes(pickle.dumps(POLICY))
        submitted(folder, "LIVE", "agent_for_submissions:Trained")
        yield folder


@pytest.fixture
def copy(world: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(world / "live", tmp_path / "copy"))


def test_scores_that_cannot_be_replayed_are_shown_as_unverified_with_the_weights(world: Path) -> None:
    found = verify(world / "live")
    assert found.findings.status == "unverified" and found.findings.weights == ["policy"]
    assert not found.findings.curves and found.lanes == 12
    claimed = found.manifest.scenarios["drawn"].scores["welfare"]
    assert found.scores["drawn"]["welfare"].tolist() == claimed
    assert (world / "live/weights/policy.safetensors").read_bytes() == (world / "policy.safetensors").read_bytes()


def test_an_agent_without_weights_is_unverified_too(world: Path, tmp_path: Path) -> None:
    track = tracks["tiny-live-v0"].load()
    made = submit(track, "Uniform", Submitter("x", "y"), tmp_path / "out", work=tmp_path / "work", workers=1)
    assert verify(made).findings.status == "unverified" and not verify(made).findings.weights


def test_other_formats_are_refused_with_the_way_to_convert_them(world: Path, tmp_path: Path) -> None:
    track = tracks["tiny-live-v0"].load()
    with pytest.raises(PalaestraError, match=r"policy\.pt.*safetensors\.torch\.save_file"):
        submit(track, "agent_for_submissions:Pickled", Submitter("x", "y"), tmp_path / "out", work=tmp_path / "work")
    assert not (tmp_path / "out").exists()


def test_every_action_must_be_legal_all_the_same(copy: Path) -> None:
    rewrite(copy, lambda trace: played(trace, 1, 3, 0, 5))
    with pytest.raises(Refused, match=r"Step 3: player_1\['play'\], lane 0"):
        verify(copy)


def test_a_score_is_not_edited_into_something_else_than_a_number(copy: Path) -> None:
    edit(copy, lambda m: m["scenarios"]["drawn"]["scores"]["welfare"].__setitem__(2, float("nan")))
    with pytest.raises(Refused, match="finite"):
        verify(copy)


def _weights(folder: Path, data: bytes) -> None:
    """Replace the weights, and their digest wherever it stands, agent's files and seeds' digest left out."""
    (folder / "weights" / "policy.safetensors").write_bytes(data)
    edit(folder, lambda m: m["weights"].update(policy=sha256(data).hexdigest()))


def test_weights_that_are_not_those_of_the_agents_digest_are_refused(copy: Path) -> None:
    path = copy / "weights" / "policy.safetensors"
    path.write_bytes(safetensors_of({"layer.bias": np.ones(2)}))
    with pytest.raises(Refused, match=r"weights/policy\.safetensors is not the one that the manifest names"):
        verify(copy)
    _weights(copy, path.read_bytes())
    with pytest.raises(Refused, match="not among the files of the agent's digest"):
        verify(copy)
    path.unlink()
    with pytest.raises(Refused):
        verify(copy)


def _torch_zip(folder: Path) -> bytes:
    with zipfile.ZipFile(folder / "x.pt", "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(POLICY))
    return (folder / "x.pt").read_bytes()


def _npz(folder: Path) -> bytes:
    np.savez(folder / "x.npz", weight=POLICY["layer.weight"])
    return (folder / "x.npz").read_bytes()


DISGUISED: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "pickle": (lambda folder: pickle.dumps(POLICY), "a pickle"),
    "old pickle": (lambda folder: pickle.dumps(POLICY, protocol=0), "not safetensors"),
    "torch.save": (_torch_zip, "a ZIP archive"),
    "npz": (_npz, "a ZIP archive"),
    "pickle after a header": (lambda folder: with_header({}, pickle.dumps(POLICY)), "end at byte 0 of"),
}
ONE = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
HEADERS: dict[str, tuple[bytes, str]] = {
    "header longer than the file": (struct.pack("<Q", 1 << 40) + b"{}", "does not fit"),
    "header that is not JSON": (with_header(b"{'a'}", b""), "not JSON"),
    "duplicate key": (with_header(b'{"a": {}, "a": {}}', b""), "twice"),
    "nested header": (with_header(b'{"a":' * 99 + b"1" + b"}" * 99, b""), "nested"),
    "unknown type": (with_header({"a": ONE | {"dtype": "OBJECT"}}, bytes(8)), "unknown type 'OBJECT'"),
    "unknown field": (with_header({"a": ONE | {"reduce": "os.system"}}, bytes(8)), "nothing else"),
    "negative shape": (with_header({"a": ONE | {"shape": [-2]}}, bytes(8)), "not lists of counts"),
    "shape that is not a list of counts": (
        with_header({"a": ONE | {"shape": [True, 2]}}, bytes(8)),
        "not lists of counts",
    ),
    "shape of other numbers": (with_header({"a": ONE | {"shape": [3]}}, bytes(8)), r"takes \[0, 8\]"),
    "place outside the file": (with_header({"a": ONE}, bytes(4)), "end at byte 8 of 4"),
    "overlap": (with_header({"a": ONE, "b": ONE | {"data_offsets": [4, 12]}}, bytes(12)), "overlap or leave a gap"),
    "gap": (with_header({"a": ONE | {"data_offsets": [4, 12]}}, bytes(12)), "overlap or leave a gap"),
    "bytes after the last tensor": (with_header({"a": ONE}, bytes(9)), "end at byte 8 of 9"),
    "metadata that is not text": (with_header({"__metadata__": {"a": 1}}, b""), "only text"),
    "empty file": (b"", "not safetensors"),
}


@pytest.mark.parametrize("attack", DISGUISED)
def test_a_pickle_disguised_as_weights_is_refused_by_what_it_is(copy: Path, tmp_path: Path, attack: str) -> None:
    make, reason = DISGUISED[attack]
    data = make(tmp_path)
    with pytest.raises(PalaestraError, match=reason):
        check_safetensors(data, "policy.safetensors")
    (copy / "weights" / "policy.safetensors").write_bytes(data)
    with pytest.raises(Refused, match=r"policy\.safetensors"):
        verify(copy)


@pytest.mark.parametrize("attack", HEADERS)
def test_a_header_that_does_not_hold_is_refused_here_and_by_the_formats_own_library(attack: str) -> None:
    data, reason = HEADERS[attack]
    with pytest.raises(PalaestraError, match=reason):
        check_safetensors(data, "w.safetensors")
    library = pytest.importorskip("safetensors", reason="pip install -e '.[train]' compares with its library")
    if attack not in ("nested header", "duplicate key", "unknown field"):  # there we are the stricter one
        with pytest.raises((library.SafetensorError, OverflowError)):
            library.deserialize(data)


@given(st.dictionaries(st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1), st.integers(0, 3)))
def test_what_the_formats_own_library_writes_is_taken_to_the_last_byte(sizes: dict[str, int]) -> None:
    library = pytest.importorskip("safetensors.numpy", reason="pip install -e '.[train]' compares with its library")
    data = library.save({name: np.zeros((size, 2), np.float32) for name, size in sizes.items()}, {"by": "library"})
    check_safetensors(data, "w.safetensors")
    with pytest.raises(PalaestraError):
        check_safetensors(data + b"\0", "w.safetensors")
