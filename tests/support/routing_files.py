"""Routing tables as files, in the two layouts of public data: made up here, or the real ones where they are.

The real tables may not be copied into the repository, so every test on them also runs on a made-up table of the same
columns: quoted texts, line breaks, names with slashes, numbers of five digits, True and False.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from palaestra.core.rooms import PACKAGE

REAL = PACKAGE.parent / "shared" / "data" / "routing"
SOURCES = ["made up", "real"]
MODELS = [f"family-{k}/model-{k}.5b" for k in range(8)]


def judged_table(source: str, folder: Path) -> Path:
    """400 prompts and 8 models: judged probabilities, and lengths of answers (`MODEL|output_chars`)."""
    if source == "real":
        return _real("alpacaeval2_8models_400prompts.csv")
    rng = np.random.default_rng(1)
    quality, length = rng.beta(0.3, 0.5, (400, 8)).round(5), rng.integers(1, 4000, (400, 8))
    rows = [[f"made-up.{k}", _prompt(k), f"set-{k % 5}", *quality[k].tolist(), *length[k].tolist()] for k in range(400)]
    lengths = [f"{model}|output_chars" for model in MODELS]
    return _written(folder / "judged.csv", ["sample_id", "prompt", "eval_name", *MODELS, *lengths], rows)


def answered_table(source: str, folder: Path) -> Path:
    """1100 questions or more and 2 models: whether each was right (True, False), and its answer (`MODEL_response`)."""
    if source == "real":
        return _real("routellm_gsm8k_responses.csv")
    rng = np.random.default_rng(2)
    right = rng.random((1100, 2)) < [0.6, 0.9]
    rows = [[_prompt(k), *right[k].tolist(), *(_answer(rng) for _ in range(2))] for k in range(1100)]
    return _written(
        folder / "answered.csv", ["prompt", *MODELS[:2], *(f"{model}_response" for model in MODELS[:2])], rows
    )


def _real(name: str) -> Path:
    if not (REAL / name).is_file():
        pytest.skip("the real tables are not here")
    return REAL / name


def _prompt(k: int) -> str:
    return f'Question {k}: what is "{k} + 1", in words?' + "\n\nThink first." * (k % 3 == 0)


def _answer(rng: np.random.Generator) -> str:
    return "\n".join("so, " * int(words) + "ärgo €4" for words in rng.integers(0, 30, rng.integers(1, 5)))


def _written(path: Path, header: list[str], rows: list[list[Any]]) -> Path:
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(header)
        out.writerows(rows)
    return path
