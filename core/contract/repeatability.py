"""Clauses on repeating a play: seeds and actions decide everything."""

from __future__ import annotations

from typing import Any

from ..agent import Agent, Task
from ..arena import play as play_arena
from ..arrays import backend
from ..batch import Batch
from ..randomness import Draw, lane_keys
from ..replay import replay
from .case import Case
from .compare import first_difference, same
from .episode import play, random_action
from .generators import global_generators
from .report import broken

DRAW = "draw every random number from the Draw that start and step are given, and keep nothing in the rules."


def same_seed_same_play(case: Case) -> None:
    """The same seeds and actions give the same play to the bit, in fresh rules and in rules that have played before."""
    same(case.play(), case.first, DRAW)
    rules = case.make()
    batch: Batch[Any] = Batch(rules, len(case.seeds))
    for _ in range(2):
        with global_generators(0):  # what they decide is another clause
            again = play(rules, case.seeds, case.steps, actions=case.actions(), batch=batch)
        same(again, case.first, f"{DRAW} (The same rules, reset with the same seeds, continued differently.)")


def different_seeds_differ(case: Case) -> str | None:
    """If the rules are declared stochastic, other seeds with the same actions give a different play."""
    if not case.rules.facts.stochastic:
        return None
    other = case.play(tuple(seed ^ 0x5DEECE66D for seed in case.seeds), case.actions())
    for one, two in zip(other.seen, case.first.seen, strict=False):
        if first_difference(one.values, two.values) is not None:
            return None
    raise broken(
        "other seeds gave exactly the same play, though facts.stochastic is True.",
        "draw from the Draw given to step, or declare stochastic=False.",
    )


def no_global_generator_is_touched(case: Case) -> None:
    """The global generators of random, numpy and torch are neither used nor moved."""
    for seed in (1, 2):
        with global_generators(seed) as moved:
            episode = case.play(generators=None)
            if names := moved():
                raise broken(f"a play moved the global generator of {' and '.join(names)}.", DRAW)
            same(episode, case.first, f"{DRAW} (The play changed when the global generators were seeded anew.)")


class RandomLegal(Agent):
    """Plays random elements of its action space."""

    stochastic = True
    learns = False

    def reset(self, task: Task, lanes: int, seed: Any) -> None:
        """Start at step 0."""
        self.task, self.keys, self.step = task, lane_keys(seed, backend()), 0

    def act(self, observation: Any) -> Any:
        """A random legal action in every lane."""
        self.step += 1
        return random_action(self.task.action_space, "action", Draw(self.keys, self.step, backend()))


def replay_equals_the_original(case: Case) -> str | None:
    """A trace without rewards, replayed in fresh rules, gives rewards and scoring of the original to the bit."""
    facts = case.rules.facts
    trace = play_arena(case.make(), [RandomLegal() for _ in facts.players], case.seeds)
    again = replay(case.make(), trace.bare())
    assert trace.rewards is not None and again.rewards is not None
    pairs = {f"reward of {player}": (again.rewards[i], trace.rewards[i]) for i, player in enumerate(facts.players)} | {
        f"scoring[{key!r}]": (again.scoring[key], value) for key, value in trace.scoring.items()
    }
    for what, (got, expected) in pairs.items():
        step = first_difference(got, expected)
        if step is not None:
            raise broken(
                f"the replayed {what} differs.",
                DRAW,
                step=step,
                got=got[step].tolist(),
                expected=expected[step].tolist(),
            )
    return None if facts.exact_replay else f"exact_replay is declared False ({facts.replay_note or 'no note'})"
