"""Attacks on the manifest (DESIGN §7): each is refused with a message that names the reason."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from palaestra.leaderboards.submission.agent_digest import digest_of_agent
from palaestra.leaderboards.submission.log import read_log, register
from palaestra.leaderboards.submission.verify import Refused, verify
from palaestra.tests.support.tiny_submissions import edit, submitted, tiny_world

Document = dict[str, Any]


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with tiny_world(tmp_path_factory.mktemp("claims")) as world:
        yield submitted(world)


@pytest.fixture
def copy(honest: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(honest, tmp_path / "copy"))


def _drawn(m: Document) -> Document:
    record: Document = m["scenarios"]["drawn"]
    return record


def _steal(m: Document) -> None:
    """Somebody else's traces under an agent of one's own, digest and all."""
    agent = m["agent"]
    agent["target"] = "thief:Agent"
    agent["digest"] = digest_of_agent(agent["target"], agent["options"], agent["files"])


def _resharded(m: Document) -> None:
    """Every lane a trace of its own, to make the verifier build the game over and over."""
    shard = _drawn(m)["shards"].pop()
    _drawn(m)["shards"] = [
        {"file": f"{10 + i:05}.parquet", "digest": shard["digest"], "seeds": [seed]}
        for i, seed in enumerate(shard["seeds"])
    ]


CLAIMS: dict[str, tuple[Callable[[Document], Any], str]] = {
    "edited score": (
        lambda m: _drawn(m)["scores"]["welfare"].__setitem__(2, 99.0),
        "drawn, lane 2: welfare is claimed",
    ),
    "score of infinity": (lambda m: _drawn(m)["scores"]["welfare"].__setitem__(2, float("inf")), "must be finite"),
    "score that is not a number": (
        lambda m: _drawn(m)["scores"]["welfare"].__setitem__(2, float("nan")),
        "must be finite",
    ),
    "score so large that its mean overflows": (
        lambda m: _drawn(m)["scores"]["welfare"].__setitem__(2, 1.7e308),
        "less than or equal to 1000000000000000",
    ),
    "score as text": (lambda m: _drawn(m)["scores"]["welfare"].__setitem__(2, "99"), "valid number"),
    "replaced seed": (lambda m: _drawn(m)["shards"][0]["seeds"].__setitem__(1, 7), "not official"),
    "negative seed": (lambda m: _drawn(m)["shards"][0]["seeds"].__setitem__(1, -1), "greater than"),
    "huge seed": (lambda m: _drawn(m)["shards"][0]["seeds"].__setitem__(1, 1 << 256), "less than"),
    "number of a thousand digits": (lambda m: m["agent"]["options"].update(x=10**1000), "1001 digits"),
    "swapped seeds": (lambda m: _drawn(m)["shards"][0]["seeds"].reverse(), "not official"),
    "duplicate lanes": (lambda m: _drawn(m)["shards"].append(_drawn(m)["shards"][0]), "12 lanes were played"),
    "a missing lane": (lambda m: _drawn(m)["shards"][0]["seeds"].pop(), "5 lanes were played"),
    "thousands of tiny traces": (_resharded, "must hold 100 lanes each"),
    "swapped track": (lambda m: m.update(track="transfer-welfare-v0"), "other scenarios"),
    "a track that does not exist": (lambda m: m.update(track="no-track-v0"), "no track"),
    "another version": (lambda m: m.update(version="9.9.9"), "submit it again"),
    "another format": (lambda m: m.update(format=2), "format: Input should be 1"),
    "a missing scenario": (lambda m: m["scenarios"].pop("drawn"), "Scenarios"),
    "a missing metric": (lambda m: _drawn(m)["scores"].pop("welfare"), "are not the track's metrics"),
    "an additional metric": (lambda m: _drawn(m)["scores"].update(luck=[1.0] * 6), "are not the track's metrics"),
    "unknown field": (lambda m: m.update(verified=True), "verified: Extra inputs"),
    "another digest": (lambda m: m["agent"].update(digest="0" * 64), "agent's digest is not"),
    "another agent's name in the digest": (lambda m: m["agent"].update(target="other:Agent"), "agent's digest is not"),
    "somebody else's traces": (_steal, "not official"),
    "somebody else's registration": (lambda m: m.update(registration="1" * 64), "no registration"),
    "one trace for two scenarios": (
        lambda m: _drawn(m)["shards"][0].update(file=m["scenarios"]["dilemma"]["shards"][0]["file"]),
        "named twice",
    ),
    "path out of the folder": (lambda m: _drawn(m)["shards"][0].update(file="../../etc/passwd"), "shards.0.file"),
    "agent that needs an easier task": (lambda m: m["agent"].update(needs={"horizon": 1}), "compared on one task"),
    "privilege that names a file": (lambda m: m["agent"].update(privileges={"game": "secret.nfg"}), "privileges of"),
    "privilege of another track": (lambda m: m["agent"].update(privileges={"reveal": "next"}), "privileges of"),
    "weights where none belong": (lambda m: m.update(weights={"w": "0" * 64}), "carry no weights"),
    "script as its page": (lambda m: m["agent"].update(url="javascript:alert(1)"), "url"),
    "page of another host": (lambda m: m["agent"].update(url="https://good.org@evil.org/"), "url"),
    "mark-up in its page": (lambda m: m["agent"].update(url="https://a.org/\"onload='x'"), "url"),
    "name over two lines": (lambda m: m["agent"].update(name="Mine\nverified"), "agent.name"),
    "name with a right-to-left override": (lambda m: m["agent"].update(name="Mine \u202egniw"), "U\\+202E"),
    "name without visible characters": (lambda m: m["agent"].update(name="\u200b"), "U\\+200B"),
    "name with a look-alike letter": (lambda m: m["agent"].update(name="H\u0435dge"), "look alike"),
    "name with many marks on one letter": (lambda m: m["agent"].update(name="q\u0323\u0307\u0302"), "puts more than"),
    "name with many enclosing marks on one letter": (
        lambda m: m["agent"].update(name="q" + "\u20dd" * 3),
        "puts more than",
    ),
    "name in full-width letters": (lambda m: m["agent"].update(name="\uff28edge"), "is a styled form of 'H'"),
    "name in mathematical letters": (lambda m: m["agent"].update(name="\U0001d407edge"), "is a styled form of 'H'"),
    "author without visible characters": (lambda m: m["agent"].update(author="\u3164"), "U\\+3164"),
    "author with an invisible variation selector": (lambda m: m["agent"].update(author="A\ufe00 B"), "U\\+FE00"),
    "author with two spaces in a row": (lambda m: m["agent"].update(author="A.  Author"), "two in a row"),
    "field with a terminal escape": (lambda m: m.update({"\x1b[2J": 1}), r"\\x1b\[2J: Extra inputs"),
    "field with a workflow command": (lambda m: m.update({"\n::notice::fine": 1}), r"\\n:\\x3anotice"),
    "name of a thousand letters": (lambda m: m["agent"].update(name="x" * 1000), "at most 200"),
    "infinite wall time": (lambda m: m["environment"].update(seconds=1e300), "environment.seconds"),
    "nesting": (lambda m: m["agent"]["options"].update(x=json.loads("[" * 40 + "]" * 40)), "nested"),
    "option that is not a number": (lambda m: m["agent"]["options"].update(x=float("nan")), "must be finite"),
}


@pytest.mark.parametrize("attack", CLAIMS)
def test_a_changed_claim_is_refused_by_name(copy: Path, attack: str) -> None:
    change, reason = CLAIMS[attack]
    edit(copy, change)
    with pytest.raises(Refused, match=reason):
        verify(copy)


def test_an_agent_that_its_author_registered_is_not_taken_on_other_seeds(copy: Path, tmp_path: Path) -> None:
    agent = json.loads((copy / "manifest.json").read_text())["agent"]
    log = tmp_path / "log.jsonl"
    register(log, "tiny-submissions-v0", "Mine", "Somebody else", agent["digest"])
    assert verify(copy, log=read_log(log)).lanes == 12, "nobody can register an agent away from its author"
    log.unlink()
    register(log, "tiny-submissions-v0", "Mine", "a. author", agent["digest"])
    with pytest.raises(Refused, match="registered this agent, entry 0"):
        verify(copy, log=read_log(log))


def test_a_replay_that_gives_infinity_lets_no_claim_pass(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every number is within a billionth of infinity's size."""
    module = sys.modules["palaestra.leaderboards.submission.verify"]
    real = module.values_and_curves

    def infinite(*given: Any) -> Any:
        values, curves = real(*given)
        return {name: np.where(np.arange(len(own)) == 2, np.inf, own) for name, own in values.items()}, curves

    assert verify(copy).lanes == 12
    monkeypatch.setattr(module, "values_and_curves", infinite)
    with pytest.raises(Refused, match=r"lane 2: welfare is claimed to be .* the replay gives inf"):
        verify(copy)


TEXTS: dict[str, tuple[Callable[[str], str], str]] = {
    "duplicate key": (
        lambda text: text.replace('"track":', '"track": "x", "track":', 1),
        "'track' appears twice",
    ),
    "nesting that exhausts a parser": (lambda text: '{"a":' + "[" * 1_000_000, "nested"),
    "number beyond the floats": (
        lambda text: text.replace('"seconds": ', '"seconds": 1e999, "x": ', 1),
        "must be finite",
    ),
    "cut in the middle": (lambda text: text[: len(text) // 2], "not JSON"),
    "another encoding": (lambda text: text.replace("Mine", "M\udcffne", 1), "not UTF-8"),
    "empty file": (lambda text: "", "not JSON"),
    "too large": (lambda text: text + " " * (16 << 20), "at most 16777216"),
}


@pytest.mark.parametrize("attack", TEXTS)
def test_json_that_two_readers_could_read_differently_is_refused(copy: Path, attack: str) -> None:
    change, reason = TEXTS[attack]
    path = copy / "manifest.json"
    path.write_bytes(change(path.read_text()).encode("utf-8", "surrogateescape"))
    with pytest.raises(Refused, match=reason):
        verify(copy)
