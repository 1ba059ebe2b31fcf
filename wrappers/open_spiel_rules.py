"""Rules of several players as a simultaneous-move game in Python, for OpenSpiel's algorithms."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from gymnasium import spaces

from ..core.arrays import backend
from ..core.errors import PalaestraError
from ..core.extra import import_extra
from ..core.randomness import Draw, as_seeds, episode_keys, lane_keys
from ..core.rules import Rules
from ..core.spaces import lane_of


def open_spiel_rules(rules: Rules[Any], name: str, seed: int = 0) -> Any:
    """Register rules with OpenSpiel and load them.

    A state of the game is one lane's state; it is never written into, so OpenSpiel may copy it freely. Its observation
    tensor is the player's observation, flattened by Gymnasium's rule; its information state, a text, is all that the
    player saw and did. Numbers drawn at the start are those of the lane with the parameter `seed`.

    Args:
        rules: Two players or more, actions Discrete from 0, and steps without chance: OpenSpiel's chance is a list of
            outcomes, ours is drawn from streams of real numbers.
        name: Short name: letters, digits and underscores.
        seed: Default of the game's parameter `seed`.

    Raises:
        PalaestraError: Rules that OpenSpiel cannot express, or a name that is not allowed.
    """
    # refuse what OpenSpiel cannot express
    pyspiel = import_extra("pyspiel", "interop")
    if not re.fullmatch(r"[a-z]\w*", name):
        raise PalaestraError(
            f"name={name!r} is not allowed: give a short name of letters, digits and underscores, such as "
            "'palaestra_repeated'."
        )
    as_seeds([seed])
    facts = rules.facts
    if rules.single or len(facts.players) < 2 or facts.stochastic:
        raise PalaestraError(
            "OpenSpiel takes only rules of at least two players that draw nothing in their steps; these have "
            f"{len(facts.players)} and stochastic={facts.stochastic}."
        )
    for space, player in zip(rules.action_spaces, facts.players, strict=True):
        if not isinstance(space, spaces.Discrete) or space.start != 0:
            raise PalaestraError(f"{player} acts in {space}; OpenSpiel takes only Discrete actions from 0.")

    # register the game and load it
    rules.placed()
    kind = _game_type(pyspiel, rules, name, seed)
    pyspiel.register_game(kind, _game_class(pyspiel, rules, kind))
    return pyspiel.load_game(name)


def _game_type(pyspiel: Any, rules: Rules[Any], name: str, seed: int) -> Any:
    facts, kind = rules.facts, pyspiel.GameType
    public = facts.information == "public"
    return kind(
        short_name=name,
        long_name=name,
        dynamics=kind.Dynamics.SIMULTANEOUS,
        chance_mode=kind.ChanceMode.DETERMINISTIC,
        information=kind.Information.PERFECT_INFORMATION if public else kind.Information.IMPERFECT_INFORMATION,
        utility=kind.Utility.ZERO_SUM if facts.zero_sum else kind.Utility.GENERAL_SUM,
        reward_model=kind.RewardModel.REWARDS,
        max_num_players=len(facts.players),
        min_num_players=len(facts.players),
        provides_information_state_string=True,
        provides_information_state_tensor=False,
        provides_observation_string=True,
        provides_observation_tensor=True,
        parameter_specification={"seed": seed},
    )


def _game_class(pyspiel: Any, rules: Rules[Any], kind: Any) -> type:
    facts, state_class = rules.facts, _state_class(pyspiel, rules)
    low, high = facts.payoff_range

    class PalaestraGame(pyspiel.Game):  # type: ignore[misc]
        """The game; it makes states and observers."""

        def __init__(self, params: Any = None) -> None:
            chosen = {**kind.parameter_specification, **(params or {})}
            information = pyspiel.GameInfo(
                num_distinct_actions=max(int(space.n) for space in rules.action_spaces),  # type: ignore[attr-defined]
                max_chance_outcomes=0,
                num_players=len(facts.players),
                min_utility=float(low * facts.horizon),
                max_utility=float(high * facts.horizon),
                utility_sum=0.0 if facts.zero_sum else None,
                max_game_length=facts.horizon,
            )
            super().__init__(kind, information, chosen)
            self.seed = int(chosen["seed"])

        def new_initial_state(self) -> Any:
            """The start of an episode."""
            return state_class(self, self.seed)

        def make_py_observer(self, iig_obs_type: Any = None, params: Any = None) -> Any:
            """The observer that reads observations from states."""
            return _Observer(rules, bool(iig_obs_type and iig_obs_type.perfect_recall))

    return PalaestraGame


def _state_class(pyspiel: Any, rules: Rules[Any]) -> type:
    facts, where = rules.facts, backend()

    class PalaestraState(pyspiel.State):  # type: ignore[misc]
        """The state of one lane."""

        def __init__(self, game: Any, seed: int) -> None:
            super().__init__(game)
            self.keys = episode_keys(lane_keys([seed], where), 0)
            self.lane = rules.start(Draw(self.keys, -1, where))
            self.earned, self.total = np.zeros(len(facts.players)), np.zeros(len(facts.players))
            self.step, self.over = 0, False
            self.past: tuple[tuple[str, ...], ...] = ((),) * len(facts.players)

        def current_player(self) -> Any:
            """All players at once, until the episode is over."""
            return pyspiel.PlayerId.TERMINAL if self.over else pyspiel.PlayerId.SIMULTANEOUS

        def _legal_actions(self, player: int) -> list[int]:
            return list(range(int(rules.action_spaces[player].n)))  # type: ignore[attr-defined]

        def _apply_actions(self, actions: list[int]) -> None:
            at: Any = self.step if facts.lockstep else np.array([self.step])
            acts = tuple(np.array([action], np.int64) for action in actions)
            self.past = tuple(
                (*past, f"{self.observation(player)} -> {actions[player]}") for player, past in enumerate(self.past)
            )
            self.lane, outcome = rules.step(self.lane, acts, at, Draw(self.keys, at, where))
            self.earned = np.array([float(reward[0]) for reward in outcome.rewards])
            self.total = self.total + self.earned
            self.step += 1
            self.over = self.step >= facts.horizon or bool(outcome.ended is not None and outcome.ended[0])

        def _action_to_string(self, player: int, action: int) -> str:
            return f"{facts.players[player]}:{action}"

        def is_terminal(self) -> bool:
            """Whether the episode is over."""
            return self.over

        def rewards(self) -> Any:
            """Each player's reward of the last step."""
            return self.earned

        def returns(self) -> Any:
            """Each player's sum of rewards so far."""
            return self.total

        def observation(self, player: int) -> Any:
            """What a player sees, as an element of its space."""
            at: Any = self.step if facts.lockstep else np.array([self.step])
            return lane_of(rules.observe(self.lane, at)[player], 0, rules.observation_spaces[player])

        def __str__(self) -> str:
            return f"step {self.step}: {self.history_str()}"

    return PalaestraState


class _Observer:
    """OpenSpiel's observer interface: one flat float tensor, and a text."""

    def __init__(self, rules: Rules[Any], recall: bool) -> None:
        self.recall = recall
        self.spaces = rules.observation_spaces
        self.sizes = [spaces.flatdim(space) for space in self.spaces]
        self.tensor = np.zeros(max(self.sizes), np.float32)
        self.dict = {"observation": self.tensor}

    def set_from(self, state: Any, player: int) -> None:
        """Fill the tensor with what a player sees."""
        self.tensor.fill(0.0)
        flat: Any = spaces.flatten(self.spaces[player], state.observation(player))
        self.tensor[: self.sizes[player]] = flat

    def string_from(self, state: Any, player: int) -> str:
        """What a player sees, as text; with perfect recall, also what it saw and did before."""
        past = state.past[player] if self.recall else ()
        return "; ".join([*past, f"step {state.step}: {state.observation(player)}"])
