"""Weights in safetensors, checked without loading them: a header of names, types and places, then plain numbers.

The format (github.com/huggingface/safetensors): 8 bytes, little-endian, that count the header's; the header, a JSON
object from a tensor's name to its dtype, shape and places; then the numbers, tensor by tensor without gaps. Nothing in
it is executed, which is why weights are taken in this format alone.
"""

from __future__ import annotations

import inspect
import json
from math import prod
from pathlib import Path
from typing import Any

from ...core.agent_spec import AgentSpec
from ...core.errors import PalaestraError
from .strict_json import check_json
from .untrusted_file import read_untrusted

MOST_HEADER = 25_000_000
BITS = {
    "BOOL": 8,
    "U8": 8,
    "I8": 8,
    "F8_E5M2": 8,
    "F8_E4M3": 8,
    "U16": 16,
    "I16": 16,
    "F16": 16,
    "BF16": 16,
    "U32": 32,
    "I32": 32,
    "F32": 32,
    "U64": 64,
    "I64": 64,
    "F64": 64,
}
_OTHERS = {
    b"\x80": "a pickle",
    b"PK\x03\x04": "a ZIP archive, as torch.save and numpy.savez write them",
    b"\x93NUMPY": "an array of numpy",
    b"\x89HDF": "an HDF5 file",
}
HOW = "Write weights with safetensors.torch.save_file(model.state_dict(), 'weights.safetensors')."


def check_safetensors(data: bytes, name: str) -> None:
    """Refuse what is not safetensors to the last byte.

    Args:
        data: The file.
        name: For messages.

    Raises:
        PalaestraError: Says what is wrong, or what it is instead.
    """
    header = _header(data, name)
    end = len(data) - 8 - int.from_bytes(data[:8], "little")
    places: list[tuple[int, int, str]] = []
    for key, tensor in header.items():
        if key == "__metadata__":
            if not isinstance(tensor, dict) or not all(isinstance(one, str) for one in tensor.values()):
                raise PalaestraError(f"{name}: its metadata must be only text.")
        else:
            places.append((*_place(tensor, f"{name}: tensor {key[:100]!r}"), key))
    at = 0
    for first, last, key in sorted(places):
        if first != at:
            raise PalaestraError(f"{name}: tensors overlap or leave a gap at byte {at} ({key[:100]!r} is at {first}).")
        at = last
    if at != end:
        raise PalaestraError(f"{name}: its tensors end at byte {at} of {end}.")


def _header(data: bytes, name: str) -> dict[str, Any]:
    for magic, what in _OTHERS.items():
        if data.startswith(magic) and not (len(magic) == 1 and data[8:9] == b"{"):
            raise PalaestraError(f"{name} is not safetensors but {what}; nothing in it is read. {HOW}")
    size = int.from_bytes(data[:8], "little")
    if len(data) < 10 or not 2 <= size <= min(MOST_HEADER, len(data) - 8) or data[8:9] != b"{":
        raise PalaestraError(f"{name} is not safetensors: its header of {size} bytes does not fit into it. {HOW}")
    text = data[8 : 8 + size].rstrip(b" ")
    try:
        check_json(text)
    except PalaestraError as error:
        raise PalaestraError(f"{name} is not safetensors: its header does not hold: {error} {HOW}") from error
    header: dict[str, Any] = json.loads(text)
    return header


def _place(tensor: Any, what: str) -> tuple[int, int]:
    """Where a tensor's numbers begin and end, if its type and shape take just that room."""
    if not isinstance(tensor, dict) or tensor.keys() != {"dtype", "shape", "data_offsets"}:
        raise PalaestraError(f"{what} must have dtype, shape and data_offsets, and nothing else.")
    if tensor["dtype"] not in BITS:
        raise PalaestraError(f"{what} is of unknown type {tensor['dtype']!r:.50}. Known: {', '.join(BITS)}.")
    shape, places = tensor["shape"], tensor["data_offsets"]
    for values in (shape, places):
        if not isinstance(values, list) or not all(type(one) is int and 0 <= one < 1 << 48 for one in values):
            raise PalaestraError(f"{what} has a shape or offsets that are not lists of counts.")
    if len(places) != 2 or len(shape) > 16 or places[1] - places[0] != prod(shape) * BITS[tensor["dtype"]] // 8:
        raise PalaestraError(f"{what} takes {places} for shape {shape} of {tensor['dtype']}.")
    return places[0], places[1]


def weights_of(agent: AgentSpec) -> dict[str, Path]:
    """Name -> file of the weights that an agent's attribute `weights` names, all of them safetensors.

    Args:
        agent: The agent.

    Raises:
        PalaestraError: Another format, a name that is there twice, or a file that is not there.
    """
    found = agent.found
    source = inspect.getsourcefile(found if inspect.isroutine(found) or isinstance(found, type) else type(found))
    weights: dict[str, Path] = {}
    for name in agent.weights:
        path = (Path(source or ".").resolve().parent / name).resolve()
        if path.suffix != ".safetensors":
            raise PalaestraError(f"The weights {name!r} are not safetensors, and no other format is accepted. {HOW}")
        if path.stem in weights:
            raise PalaestraError(f"Two files of weights are called {path.stem!r}: rename one.")
        check_safetensors(read_untrusted(path, path.stat().st_size), path.name)
        weights[path.stem] = path
    return weights
