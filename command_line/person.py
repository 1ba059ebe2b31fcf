"""A person in a seat: an agent that shows what it sees and asks for what to do."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np
from gymnasium import spaces

from ..core.agent import Agent, Task, Transition
from ..core.arrays import backend
from ..core.errors import IllegalAction, PalaestraError
from ..core.spaces import ActionCheck, lane_of
from ..theory.games.game_source import GameSource
from ..theory.games.polymatrix import PolymatrixGame
from .typed_action import expected, typed_action

HELP = "Type ? for help on the action, r for a random one, q to leave."


class Left(Exception):
    """The person has left the table."""


class Person(Agent):
    """A person who types actions.

    Args:
        seat: The seat's name.
        ask: Called with a prompt, returns what was typed; raises EOFError at the end of the input.
        say: Called with a line for the person.
    """

    learns: ClassVar[bool] = False

    def __init__(self, seat: str, ask: Callable[[str], str] | None = None, say: Callable[[str], None] = print) -> None:
        self.seat, self._ask, self._say = seat, ask or asked, say

    def reset(self, task: Task, lanes: int, seed: Any) -> None:
        """Say what is known before play, and what an action is."""
        self._task, self._round, self._total = task, 0, 0.0
        self._rng = np.random.default_rng(seed)
        self._check = ActionCheck(task.action_space, self.seat, backend("numpy", "cpu"))
        if known := [line for name, value in task.public.items() for line in _lines(name, value)]:
            self._say("What everybody knows:\n" + "\n".join(f"  {line}" for line in known))
        self._say("Your action, step by step:")
        self._help()
        self._say(HELP)

    def act(self, observation: Any) -> Any:
        """Show what this seat sees, and ask until an action is legal."""
        seen = lane_of(observation, 0, self._task.observation_space)
        self._round += 1
        self._say(f"\nStep {self._round} of {self._task.horizon}, {self.seat}")
        named = seen if isinstance(seen, dict) else {"you see": seen}
        for name, value in named.items():
            for line in _lines(name, value):
                self._say(f"  {line}")
        return self._check.one(self._typed(self._task.action_space, ""))

    def learn(self, transition: Transition) -> None:
        """Show the reward, where the environment shows it."""
        if transition.reward is not None:
            reward = float(transition.reward[0])
            self._total += reward
            self._say(f"You earned {reward:.4g}; {self._total:.4g} in all.")
        elif transition.step == 0:
            self._say("This environment does not show what you earn.")

    def _typed(self, space: spaces.Space[Any], name: str) -> Any:
        """One answer per part of a Dict; "r" stands for a random action."""
        if isinstance(space, spaces.Dict):
            return {key: self._typed(part, f"{name}.{key}" if name else key) for key, part in space.spaces.items()}
        while True:
            try:
                text = self._ask(f"{name or 'action'}> ").strip()
            except EOFError:
                raise Left from None
            if text in ("q", "quit", "exit"):
                raise Left
            if text == "r":
                space.seed(int(self._rng.integers(1 << 31)))
                drawn = space.sample()
                self._say(f"{name or 'action'}: {_number_text(np.asarray(drawn))}")
                return drawn
            if text in ("?", ""):
                self._say(f"{name or 'action'}: {expected(space)}. {HELP}")
                continue
            try:
                typed = typed_action(space, text)
                ActionCheck(space, self.seat, backend("numpy", "cpu")).one(typed)
                return typed
            except IllegalAction:
                self._say(f"{text!r} is out of bounds. Type {expected(space)}.")
            except PalaestraError as error:
                self._say(str(error))

    def _help(self) -> None:
        for name, part in _leaves(self._task.action_space, "").items():
            self._say(f"{name}: {expected(part)}")


def asked(prompt: str) -> str:
    """What is typed; where the input is no terminal, it is shown behind the prompt as if it had been typed."""
    text = input(prompt)
    if not sys.stdin.isatty():
        print(text)
    return text


def _leaves(space: spaces.Space[Any], name: str) -> dict[str, spaces.Space[Any]]:
    if not isinstance(space, spaces.Dict):
        return {name or "action": space}
    parts = {key: _leaves(part, f"{name}.{key}" if name else key) for key, part in space.spaces.items()}
    return {key: leaf for own in parts.values() for key, leaf in own.items()}


def _lines(name: str, value: Any) -> list[str]:
    """A named value in lines: numbers in rows, nested names with their path, payoffs of a game that is fixed."""
    if isinstance(value, Mapping):
        return [line for key, part in value.items() for line in _lines(f"{name}.{key}", part)]
    if isinstance(value, GameSource):
        if value.drawn:
            return ["game: every episode draws its own"]
        form = value.form.normal_form() if isinstance(value.form, PolymatrixGame) else value.form
        title = f"{form.name or 'the game'}, what seat"
        payoffs = enumerate(np.asarray(form.payoffs)[0])
        return [line for i, own in payoffs for line in _lines(f"{title} {i} earns", own)]
    if isinstance(value, (np.ndarray, np.generic, tuple, list)):
        text = _number_text(np.asarray(value))
        return [f"{name}:", *(f"  {line}" for line in text.splitlines())] if "\n" in text else [f"{name}: {text}"]
    return [f"{name}: {value}"] if isinstance(value, (str, int, float)) else []


def _number_text(values: Any) -> str:
    shown = values + 0.0 if values.dtype.kind == "f" else values  # no minus before a zero
    return np.array2string(shown, precision=4, suppress_small=True, threshold=200, max_line_width=100)
