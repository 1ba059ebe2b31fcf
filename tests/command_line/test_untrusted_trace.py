"""Whoever verifies a trace of somebody else's reads no file that they did not name (DESIGN §3)."""

from dataclasses import replace
from pathlib import Path

import palaestra
import pytest
from palaestra.command_line.untrusted_trace import load_untrusted_trace
from palaestra.core.errors import PalaestraError, ReplayMismatch

TABLE = "prompt,ours,theirs\n" + "".join(f"what is {i}?,{i % 2},{i % 3 / 2}\n" for i in range(20))


def _routed(folder: Path) -> Path:
    (folder / "prompts.csv").write_text(TABLE)
    options = {"table": str(folder / "prompts.csv"), "horizon": 5}
    return palaestra.run("ModelRouting-v0", "Uniform", range(2), options=options).save(folder / "routed.npz")


def test_a_file_that_a_trace_names_is_read_only_if_the_user_names_one(tmp_path: Path) -> None:
    path = _routed(tmp_path)
    with pytest.raises(PalaestraError, match=r"asks to read .*prompts\.csv.*--option table="):
        load_untrusted_trace(path, ())
    (tmp_path / "prompts.csv").rename(tmp_path / "copy.csv")
    copied = load_untrusted_trace(path, (f"table={tmp_path / 'copy.csv'}",))
    assert palaestra.replay(copied).rewards is not None


def test_another_file_in_its_stead_does_not_replay(tmp_path: Path) -> None:
    path = _routed(tmp_path)
    (tmp_path / "other.csv").write_text(TABLE.replace(",1,", ",0.25,").replace(",0,", ",0.75,"))
    with pytest.raises(ReplayMismatch):
        palaestra.replay(load_untrusted_trace(path, (f"table={tmp_path / 'other.csv'}",)))


def test_nothing_but_files_may_be_changed(tmp_path: Path) -> None:
    path = _routed(tmp_path)
    with pytest.raises(PalaestraError, match=r"has no option \['horizon'\] that names a file"):
        load_untrusted_trace(path, (f"table={tmp_path / 'prompts.csv'}", "horizon=4"))


@pytest.mark.parametrize(
    ("options", "files"),
    [
        ({"game": "stag_hunt", "horizon": 4, "models": ["zero-one-ai/Yi-34B-Chat", "gpt-3.5-turbo"]}, ()),
        ({"game": "mine.nfg"}, ("game",)),
        ({"table": "/dev/zero", "network": {"edges": ["~/edges"]}}, ("table", "network")),
    ],
)
def test_options_that_look_like_files_are_listed(options: dict[str, object], files: tuple[str, ...]) -> None:
    trace = palaestra.run("TransferGame-v0", "Uniform")
    assert tuple(replace(trace, options=options).files) == files
