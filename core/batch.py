"""The raw face: many lanes of one game, stepped together on numpy or torch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Generic, NamedTuple, TypeVar

from .arrays import Array, backend
from .errors import PalaestraError
from .randomness import Draw, LaneKeys, as_seeds, episode_keys, lane_keys
from .rules import Action, Observation, Outcome, Rules, choose
from .spaces import ActionCheck

S = TypeVar("S")


class Step(NamedTuple):
    """What one step of all lanes returns; arrays lead with lanes, tuples go by player.

    Attributes:
        observations: What each player sees next; in lanes that ended under autoreset, the new episode's first.
        rewards: Float64 (lanes,) a player.
        terminated: Boolean (lanes,): the game is over in this lane.
        scoring: Arrays for scorers only.
        final_observations: The last observations of the ended episode in the lanes that ended (elsewhere as
            `observations`), or None where no lane ended.
    """

    observations: tuple[Observation, ...]
    rewards: tuple[Array, ...]
    terminated: Array
    scoring: Mapping[str, Array]
    final_observations: tuple[Observation, ...] | None


class Batch(Generic[S]):
    """`num_lanes` independent copies of a game in lock-step calls.

    A lane's play depends on its own seed and actions alone. After `reset(seed=s)` lane i has seed s + i; later resets
    without a seed go on to each lane's next episode, as does autoreset, so that a lane equals the single environment.
    Arrays that come back may be shared between players and with the state: read them, do not write into them.

    Args:
        rules: The game.
        num_lanes: How many copies, at least 1.
        backend_name: "numpy" or "torch".
        device: "cpu", or "cuda" under torch.
        autoreset: Start a lane's next episode in the very step that ends one.
        check_actions: Refuse illegal actions with a message. Costs two passes over the actions.
    """

    def __init__(
        self,
        rules: Rules[S],
        num_lanes: int,
        backend_name: str = "numpy",
        device: str = "cpu",
        *,
        autoreset: bool = True,
        check_actions: bool = True,
    ) -> None:
        if num_lanes < 1:
            raise PalaestraError(f"num_lanes={num_lanes} is not allowed. Ask for at least one lane.")
        self.rules = rules
        self.num_lanes = num_lanes
        self.where = backend(backend_name, device)
        rules.place(self.where)
        self.autoreset = autoreset
        facts = rules.facts
        self._players, self._lockstep, self._horizon = len(facts.players), facts.lockstep, facts.horizon
        self._checks = (
            tuple(
                ActionCheck(space, player, self.where)
                for space, player in zip(rules.action_spaces, facts.players, strict=True)
            )
            if check_actions
            else None
        )
        self._nobody = self.where.full((num_lanes,), 0, "bool")
        self._everybody = self.where.full((num_lanes,), 1, "bool")
        self.seeds: tuple[int, ...] = ()
        self._lane_keys: LaneKeys | None = None
        self._episode_keys: LaneKeys | None = None
        self._episode: int | Array = 0
        self._step: int | Array = 0
        self._state: S
        self.started = False
        self.played: tuple[Action, ...] = ()
        """The actions of the last step as the rules got them: int64 or float64 arrays."""

    @property
    def state(self) -> S:
        """The state of all lanes, for checks and scorers."""
        return self._state

    def reset(self, seed: int | Iterable[int] | None = None) -> tuple[Observation, ...]:
        """Start an episode in every lane.

        Args:
            seed: An integer s seeds lane i with s + i; a sequence seeds each lane; None goes on to the next episode
                (or, the first time, draws fresh seeds from the operating system).

        Returns:
            The first observation of each player.
        """
        if seed is None and not self.seeds:
            from secrets import randbits

            seed = [randbits(128) for _ in range(self.num_lanes)]
        if seed is None:
            self._episode = self._episode + 1
        else:
            self.seeds = as_seeds(seed, self.num_lanes)
            self._lane_keys = None
            self._episode = 0 if self._lockstep else self.where.zeros((self.num_lanes,), "int64")
        self._begin()
        return self._observed()

    def _observed(self) -> tuple[Observation, ...]:
        return self.rules.observe(self._state, self._step) if self.rules.watched else ()

    def _begin(self) -> None:
        self._episode_keys = None
        self._state = self.rules.start(Draw(self._keys_now, -1, self.where, self.num_lanes))
        self._step = 0 if self._lockstep else self.where.zeros((self.num_lanes,), "int64")
        self._over = self._nobody
        self.started = True

    def _keys_now(self) -> LaneKeys:
        """The keys of the running episodes, made when a rule first draws: many games draw nothing."""
        if self._lane_keys is None:
            self._lane_keys = lane_keys(self.seeds, self.where)
        if self._episode_keys is None:
            self._episode_keys = episode_keys(self._lane_keys, self._episode)
        return self._episode_keys

    def _draw(self) -> Draw:
        return Draw(self._keys_now, self._step, self.where, self.num_lanes)

    def step(self, actions: tuple[Action, ...] | list[Action]) -> Step:
        """Play one step in every lane.

        Args:
            actions: One batch of actions a player, arrays (lanes, *shape) or dicts of them.

        Raises:
            PalaestraError: Before the first reset, or after the end without autoreset.
            IllegalAction: An action outside its space; nothing was stepped.
        """
        if not self.started:
            raise PalaestraError("No episode is running: call reset first.")
        if len(actions) != self._players:
            raise PalaestraError(f"{len(actions)} actions were given for the players {self.rules.facts.players}.")
        lanes = self.num_lanes
        if self._checks is not None:
            actions = [check(action, lanes) for check, action in zip(self._checks, actions, strict=True)]
        self.played = tuple(actions)
        draw = self._draw()
        state, outcome = self.rules.step(self._state, self.played, self._step, draw)
        if self._lockstep:
            self._state, self._step = state, self._step + 1
            return self._in_lockstep(outcome)
        return self._each_for_itself(state, outcome)

    def _in_lockstep(self, outcome: Outcome) -> Step:
        observations = self._observed()
        if self._step < self._horizon:
            return Step(observations, outcome.rewards, self._nobody, outcome.scoring, None)
        self.started = False
        final = observations
        if self.autoreset:
            observations = self.reset()
        return Step(observations, outcome.rewards, self._everybody, outcome.scoring, final)

    def _each_for_itself(self, state: S, outcome: Outcome) -> Step:
        """Lanes end at their own times; without autoreset an ended lane stays as it is and earns nothing."""
        xp, running = self.where.xp, ~self._over
        self._state = choose(running, state, self._state, xp)
        self._step = xp.where(running, self._step + 1, self._step)
        rewards = tuple(xp.where(running, reward, xp.zeros_like(reward)) for reward in outcome.rewards)
        over = self._over | (self._step >= self._horizon)
        if outcome.ended is not None:
            over = over | outcome.ended
        observations = self._observed()
        final = observations if bool(over.any()) else None
        if final is not None and self.autoreset:
            self._episode = xp.where(over, self._episode + 1, self._episode)
            old, old_step = self._state, self._step
            self._begin()
            self._state = choose(over, self._state, old, xp)
            self._step = xp.where(over, self._step, old_step)
            observations = self._observed()
        else:
            self._over = over
            self.started = not bool(over.all())
        return Step(observations, rewards, over, outcome.scoring, final)
