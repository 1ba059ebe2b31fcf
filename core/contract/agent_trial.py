"""An agent under test: it plays whole episodes in its seats, and everything that it gets and does is checked."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from gymnasium import spaces

from ..agent import Agent, Task, Traits, Transition
from ..arena import play
from ..arrays import Array, backend
from ..as_agent import FromCallable, FromModel, as_agent
from ..errors import IllegalAction
from ..randomness import Draw
from ..rules import Rules
from ..spaces import ActionCheck
from ..traces.flat_actions import flat
from ..traces.trace import Trace
from .compare import first_difference
from .episode import copies
from .generators import global_generators
from .repeatability import RandomLegal
from .report import broken


class WatchedAgent(Agent):
    """Passes everything on to the agent inside; its actions must be legal.

    Args:
        agent: The batched agent inside.
        salt: Changes the seeds the agent gets at reset (0: not at all).
        teach: Whether `learn` is passed on.
        guard: Whether what is given to it must stay as it was.
    """

    def __init__(self, agent: Agent, salt: int = 0, teach: bool = True, guard: bool = False) -> None:
        self.agent, self.salt, self.teach, self.guard = agent, salt, teach, guard

    def reset(self, task: Task, lanes: int, seed: Any) -> None:
        """Note the seat, and reset."""
        self.name, self.lanes, self.step = f"player {task.player}", lanes, 0
        self.check = ActionCheck(task.action_space, self.name, backend())
        self.agent.reset(task, lanes, tuple(one ^ self.salt for one in seed))

    def act(self, observation: Any) -> Any:
        """The agent's actions, which must be legal."""
        before = copies(observation) if self.guard else {}
        action = self.agent.act(observation)
        self._untouched("act wrote into the observation", before, observation)
        try:
            self.check(action, self.lanes)
        except IllegalAction as error:
            told = f"the action is illegal: {str(error).rstrip('.')}{_written_at(self.agent)}."
            raise broken(told, "act inside the action space.", step=self.step) from error
        self.step += 1
        return action

    def learn(self, transition: Transition) -> None:
        """Pass the transition on."""
        if not self.teach:
            return
        before = copies(transition._asdict()) if self.guard else {}
        self.agent.learn(transition)
        self._untouched("learn wrote into the transition", before, transition._asdict())

    def _untouched(self, what: str, before: dict[str, Array], given: Any) -> None:
        after = copies(given) if before else {}
        for path, value in before.items():
            lane = first_difference(after[path], value) if value.ndim else None
            if lane is not None:
                raise broken(
                    f"{what}{f' ({path})' if path else ''}.",
                    "copy an array before keeping or changing it.",
                    player=self.name,
                    lane=lane,
                    step=self.step,
                    got=str(after[path][lane]),
                    expected=str(value[lane]),
                )


@dataclass
class AgentTrial:
    """What the clauses of an agent look at.

    Attributes:
        make_agent: Makes fresh agents.
        make_rules: Makes fresh rules.
        partners: Seat -> makes the agent that sits there; the agent under test takes its other seats.
        env_id: For the task.
        seeds: Of the lanes.
        sort: What the seats it takes begin with; None: its trait `seats` says that.
    """

    make_agent: Callable[[], Any]
    make_rules: Callable[[], Rules[Any]]
    partners: Mapping[str, Callable[[], Any]]
    env_id: str
    seeds: tuple[int, ...]
    sort: str | None = None
    drawn: int = field(default=0, init=False)

    def agent(self) -> Agent:
        """A fresh agent, batched."""
        return as_agent(self.make_agent())

    @cached_property
    def traits(self) -> Traits:
        """What the agent declares."""
        return Traits.of(self.agent())

    @cached_property
    def rules(self) -> Rules[Any]:
        """Rules that are only asked for their players and spaces, never played."""
        return self.make_rules()

    @property
    def prefix(self) -> str:
        """What the seats it takes begin with."""
        return self.traits.seats if self.sort is None else self.sort

    @property
    def plays_boxes_alone(self) -> bool:
        """Whether no part of an action of the agent under test is discrete."""
        rules, prefix = self.rules, self.prefix
        mine = [
            space
            for player, space in zip(rules.facts.players, rules.action_spaces, strict=True)
            if player not in self.partners and player.startswith(prefix)
        ]
        parts = [list(space.spaces.values()) if isinstance(space, spaces.Dict) else [space] for space in mine]
        return all(isinstance(part, spaces.Box) for several in parts for part in several)

    def seats(self, **how: Any) -> list[WatchedAgent | Agent]:
        """Agents for all seats: the one under test (watched) in its own, partners in theirs, random ones elsewhere."""
        prefix = self.prefix
        seated: list[WatchedAgent | Agent] = []
        for player in self.rules.facts.players:
            if player in self.partners:
                seated.append(as_agent(self.partners[player]()))
            elif player.startswith(prefix):
                seated.append(WatchedAgent(self.agent(), **how))
            else:
                seated.append(RandomLegal())
        if not any(isinstance(one, WatchedAgent) for one in seated):
            raise broken(f"no free seat begins with {prefix!r}.", "set the trait seats to the seats the agent takes.")
        return seated

    def play(
        self,
        seeds: Sequence[int] | None = None,
        seated: Sequence[Any] | None = None,
        generators: int | None = 0,
        **how: Any,
    ) -> Trace:
        """One episode with fresh agents (or those seated); the global generators are seeded first, if not None."""
        with nullcontext() if generators is None else global_generators(generators):
            agents = self.seats(**how) if seated is None else seated
            return play(self.make_rules(), agents, seeds or self.seeds, env_id=self.env_id)

    def counted(self) -> Trace:
        """One episode, counting the draws of the agents under test in `drawn`."""
        seated, original = self.seats(), Draw.numbers
        inside = [False]

        def numbers(draw: Draw, law: str, stream: str, shape: tuple[int, ...], *bounds: float) -> Array:
            self.drawn += inside[0]
            return original(draw, law, stream, shape, *bounds)

        for agent in seated:
            if isinstance(agent, WatchedAgent):
                agent.agent = _Inside(agent.agent, inside)
        Draw.numbers = numbers  # type: ignore[method-assign,assignment]
        try:
            return self.play(seated=seated)
        finally:
            Draw.numbers = original  # type: ignore[method-assign]

    @cached_property
    def first(self) -> Trace:
        """The play that others are compared with."""
        return self.counted()


class _Inside(Agent):
    """Tells when the agent inside is at work."""

    def __init__(self, agent: Agent, inside: list[bool]) -> None:
        self.agent, self.inside = agent, inside

    def reset(self, task: Task, lanes: int, seed: Any) -> None:
        self.inside[0] = True
        self.agent.reset(task, lanes, seed)
        self.inside[0] = False

    def act(self, observation: Any) -> Any:
        self.inside[0] = True
        action = self.agent.act(observation)
        self.inside[0] = False
        return action

    def learn(self, transition: Transition) -> None:
        self.inside[0] = True
        self.agent.learn(transition)
        self.inside[0] = False


def _written_at(agent: Any) -> str:
    """Where the author of an agent wrote `act`, in brackets; "" where that is not known."""
    while isinstance(agent, _Inside):
        agent = agent.agent
    own = getattr(agent, "prototype", agent)
    act = own.policy if isinstance(own, FromCallable) else own.act
    if isinstance(own, FromModel):
        return ""
    try:
        return f" (act: {inspect.getsourcefile(act)}:{inspect.getsourcelines(act)[1]})"
    except (OSError, TypeError):
        return ""


def same_trace(got: Trace, expected: Trace, fix: str, lanes: Sequence[int] | None = None) -> None:
    """Raise where the actions or rewards of two traces differ; `lanes` are the lanes of `expected` that `got` holds."""
    assert got.rewards is not None and expected.rewards is not None
    mine, theirs = flat(got.actions), flat(expected.actions)
    for i, (one, other) in enumerate(zip(got.rewards, expected.rewards, strict=True)):
        mine[f"player_{i}.reward"], theirs[f"player_{i}.reward"] = one, other
    chosen = list(lanes) if lanes is not None else list(range(expected.lanes))
    found: list[tuple[int, str, int]] = []
    for name, value in theirs.items():
        short = min(len(value), len(mine[name]))
        one, other = mine[name][:short], value[:short][:, chosen]
        step = first_difference(one, other)
        if step is not None:
            lane = first_difference(one[step], other[step]) if one[step].shape == other[step].shape else 0
            found.append((step, name, lane or 0))
    if found:
        step, name, lane = min(found)
        raise broken(
            f"{name.partition('.')[2]} differs.",
            fix,
            player=name.partition(".")[0],
            lane=chosen[lane],
            step=step,
            got=np.array2string(np.asarray(mine[name][step][lane])),
            expected=np.array2string(np.asarray(theirs[name][step][chosen[lane]])),
        )
