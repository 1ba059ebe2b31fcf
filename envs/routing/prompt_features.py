"""Hashed features of prompts, from which a router can learn which model answers what kind of prompt."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError

READ_CHARS = 4000
"""Characters of a prompt that are read: enough to know its topic, and few enough for long tables."""

_WORD = re.compile(r"\w+")


def prompt_features(prompts: tuple[str, ...], dimension: int = 32) -> Array:
    """Signed feature hashing of words and character trigrams.

    Source: the hashing trick of Weinberger, Dasgupta, Langford, Smola, Attenberg, "Feature hashing for large scale
    multitask learning" (ICML 2009), with the subword n-grams of Bojanowski et al. (TACL 2017).

    1. Take the distinct lower-case words of the prompt's first `READ_CHARS` characters.
    2. Each word gives itself and the character trigrams of `<word>`; each of them is hashed by BLAKE2b to a
       coordinate and a sign. (Python's own `hash` is salted and would differ between processes.)
    3. Add the signs up (exactly, they are integers) and divide by the Euclidean norm; a prompt without words is 0.

    Args:
        prompts: The texts of n prompts.
        dimension: d, at least 1.

    Returns:
        float64 (n, d), every row of norm 1 or 0. The result is cached for the next call on the same prompts.

    Raises:
        PalaestraError: A dimension that is not a positive integer.
    """
    if isinstance(dimension, bool) or not isinstance(dimension, int) or dimension < 1:
        raise PalaestraError(f"features={dimension!r} is not allowed: it must be a positive integer, or 0 for none.")
    return _features(prompts, dimension)


@lru_cache(maxsize=8)
def _features(prompts: tuple[str, ...], dimension: int) -> Array:
    vocabulary: dict[str, int] = {}
    words: list[int] = []
    rows = np.zeros(len(prompts), np.int64)
    for i, prompt in enumerate(prompts):
        distinct = set(_WORD.findall(prompt[:READ_CHARS].lower()))
        words.extend([vocabulary.setdefault(word, len(vocabulary)) for word in distinct])
        rows[i] = len(distinct)
    table = np.zeros((max(len(vocabulary), 1), dimension), np.int64)
    for word, k in vocabulary.items():
        bracketed = f"<{word}>"
        for gram in [word, *(bracketed[j : j + 3] for j in range(len(bracketed) - 2))]:
            coordinate, sign = _hashed(gram, dimension)
            table[k, coordinate] += sign
    total = np.zeros((len(prompts), dimension), np.int64)
    chosen, owner = np.array(words, np.int64), np.repeat(np.arange(len(prompts)), rows)
    # in pieces, because the words of a large table do not fit into memory at once
    for first in range(0, len(chosen), 1 << 18):
        part = slice(first, first + (1 << 18))
        begin = np.flatnonzero(np.diff(owner[part], prepend=-1))
        total[owner[part][begin]] += np.add.reduceat(table[chosen[part]], begin, axis=0)
    norm = np.sqrt((total * total).sum(1, keepdims=True).astype(np.float64))
    features = total / np.where(norm == 0, 1.0, norm)
    features.flags.writeable = False
    return features


@lru_cache(maxsize=1 << 17)
def _hashed(gram: str, dimension: int) -> tuple[int, int]:
    """Coordinate and sign of a word or trigram."""
    code = int.from_bytes(blake2b(gram.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
    return (code >> 1) % dimension, 1 if code & 1 else -1
