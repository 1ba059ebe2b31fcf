"""What undoes the mixing of earlier versions, and Threefry's rounds where no key is added between them."""

from typing import Any

import numpy as np
from palaestra.core.threefry import ROTATIONS, ROUNDS

MASK = (1 << 64) - 1


def rounds(x0: Any, x1: Any) -> tuple[Any, Any]:
    for k in range(ROUNDS):
        turn = ROTATIONS[k % 8]
        x0 = x0 + x1
        x1 = ((x1 << turn) | (x1 >> (64 - turn))) ^ x0
    return x0, x1


def backwards(x0: Any, x1: Any) -> tuple[Any, Any]:
    for k in reversed(range(ROUNDS)):
        turn = ROTATIONS[k % 8]
        x1 = x1 ^ x0
        x1 = (x1 >> turn) | (x1 << (64 - turn))
        x0 = x0 - x1
    return x0, x1


def unmixed(bits: Any) -> Any:
    def unshifted(z: Any, shift: int) -> Any:
        x = z
        for _ in range(64 // shift):
            x = z ^ (x >> shift)
        return x

    bits = unshifted(bits, 31) * np.uint64(pow(0x94D049BB133111EB, -1, 1 << 64))
    bits = unshifted(bits, 27) * np.uint64(pow(0xBF58476D1CE4E5B9, -1, 1 << 64))
    return unshifted(bits, 30)
