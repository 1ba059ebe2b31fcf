"""The rules of DataAcquisition-v0; `palaestra.envs.data_acquisition` is their page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from gymnasium import spaces

from ...core.arrays import Array, Backend, ordered_sum, to_numpy
from ...core.randomness import Draw
from ...core.rules import Facts, Outcome, Rules
from ...theory.acquisition.instance import lane_problem
from ...theory.acquisition.linear_program import LinearProgram
from .acquisition_settings import CostSettings, ProgramSettings, PurchaseSettings
from .cost_law import CostLaw
from .program_family import program_family

FACTS = partial(
    Facts,
    players=("player_0",),
    information="private",
    zero_sum=False,
    optimum="exact",
    truth="The least cost min c'x of every lane's own cost vector, exactly; d* measurements suffice for it.",
    metrics=("total_loss", "decision_regret", "acquisition_cost", "sufficiency"),
    private={"cost": "nobody"},
)
"""What holds under all options; the horizon, the range of payoffs, noise and exact replay depend on them."""

REPLAY_NOTE = (
    "decisions are found with HiGHS, scipy or LAPACK: of several optimal vertices another version, or another "
    "processor, may return another one."
)


class AcquisitionState(NamedTuple):
    """The lanes' problems and purchases; fields that the options do not need are None.

    Attributes:
        cost: The true costs, (lanes, d).
        centre: Centres of the uncertainty sets, (lanes, d).
        spread: Half-widths of the uncertainty sets, (lanes, d).
        prices: Prices of the items, (lanes, N), or (lanes, 1) for free directions.
        answers: Mean answer of each item, or answers in order of purchase, (lanes, K).
        count: How often each item was bought, int64 (lanes, K).
        committed: Whether the lane has committed, (lanes,).
        decision: x, 0 before it is made, (lanes, d).
        directions: Free directions bought, (lanes, K, d).
        context: Features that predict the costs, (lanes, p).
        matrix: Equations of the lanes' own programs, (lanes, m, d).
        rhs: Right-hand sides of these equations, (lanes, m).
    """

    cost: Array
    centre: Array
    spread: Array
    prices: Array
    answers: Array
    count: Array
    committed: Array
    decision: Array
    directions: Array
    context: Array
    matrix: Array
    rhs: Array


class DataAcquisition(Rules[AcquisitionState]):
    """Measurements of an unknown cost vector, and a decision.

    Args:
        program: Which linear program is decided.
        costs: What is known of the costs before anything is bought.
        purchases: What is on offer, and how the decision is made.
    """

    single = True

    def __init__(self, program: ProgramSettings, costs: CostSettings, purchases: PurchaseSettings) -> None:
        # the program, the law of its costs, and what is on offer
        self.family = program_family(program.family, program.size)
        d = self.family.dimension
        self.law = CostLaw(self.family.program, d, costs)
        self.offered = purchases.measurements(d)
        self.items = d if self.offered is None else len(self.offered)
        horizon = self.items + 1 if purchases.horizon is None else purchases.horizon
        self.slots = horizon if self.offered is None else self.items
        self.price, self.noise, self.decide = purchases.price, purchases.noise, purchases.decide
        self.uncertainty = costs.uncertainty

        # the facts, the spaces, and what is common knowledge
        exact = self._replays_exactly(purchases)
        self.facts = FACTS(
            horizon=horizon,
            payoff_range=(-1.5 * self.price - self.family.reach * self.law.greatest * 1.001, 0.0),
            stochastic=self.noise > 0,
            exact_replay=exact,
            replay_note="" if exact else REPLAY_NOTE,
        )
        self._make_spaces(d, costs.contexts)
        self._public = {
            "program": self.family.program,
            "dimension": d,
            "uncertainty": self.uncertainty,
            "menu": self.offered,
            "price": self.price,
            "noise": self.noise,
            "decide": self.decide,
            "history": self.law.history(costs.history) if costs.contexts else None,
        }

    def _replays_exactly(self, purchases: PurchaseSettings) -> bool:
        """Whether no decision comes from a solver whose choice among ties may change with its version."""
        plain = purchases.decide == "decoder" and purchases.menu == "coordinates" and not purchases.noise
        return plain and self.uncertainty == "box" and self.family.exact

    def _make_spaces(self, d: int, contexts: int) -> None:
        sizes: dict[str, tuple[int, ...]] = {
            "centre": (d,),
            "spread": (d,),
            "prices": (1,) if self.offered is None else (self.items,),
            "answers": (self.slots,),
        }
        if self.offered is None:
            sizes["directions"] = (self.slots, d)
        if contexts:
            sizes["context"] = (contexts,)
        if self.family.program is None:
            sizes |= {"matrix": (self.family.rows, d), "rhs": (self.family.rows,)}
        boxes: dict[str, spaces.Space[Any]] = {
            key: spaces.Box(-np.inf, np.inf, shape, np.float64) for key, shape in sizes.items()
        }
        boxes["count"] = spaces.Box(0, self.facts.horizon, (self.slots,), np.int64)
        boxes["committed"] = spaces.Discrete(2)
        self.observation_spaces = (spaces.Dict(boxes),)
        own = d if self.decide == "estimate" else 0
        if self.offered is None:
            self.action_spaces: tuple[spaces.Space[Any], ...] = (spaces.Box(-1.0, 1.0, (d + 1 + own,), np.float64),)
        elif own:
            self.action_spaces = (spaces.Box(-1.0, 1.0, (self.items + 1 + own,), np.float64),)
        else:
            self.action_spaces = (spaces.Discrete(self.items + 1),)

    def place(self, where: Backend) -> None:
        """Move the menu to the backend."""
        super().place(where)
        self.items_here: Array = None if self.offered is None else where.asarray(self.offered, "float64")

    @property
    def public(self) -> Mapping[str, Any]:
        """The program, the kind of uncertainty set, the menu, price and noise, how decisions are made, past pairs."""
        return self._public

    def start(self, draw: Draw) -> AcquisitionState:
        """Draw priors, costs, prices and programs; nothing is bought yet."""
        where, lanes, d = self.where, draw.lanes, self.family.dimension
        centre, spread, context, cost = self.law.draw(draw)
        unit = (
            draw.uniform("prices", (self.items,), 0.5, 1.5) if self.offered is not None else where.full((lanes, 1), 1)
        )
        matrix = rhs = None
        if self.family.program is None:
            matrix = draw.uniform("matrix", (self.family.rows, d), 0.1, 1.0)
            rhs = ordered_sum(matrix * draw.uniform("inside", (1, d), 0.5, 1.5), 2)
        free = self.offered is None
        return AcquisitionState(
            cost,
            centre,
            spread,
            self.price * unit,
            where.zeros((lanes, self.slots)),
            where.zeros((lanes, self.slots), "int64"),
            where.zeros((lanes,), "bool"),
            where.zeros((lanes, d)),
            where.zeros((lanes, self.slots, d)) if free else None,
            context,
            matrix,
            rhs,
        )

    def observe(self, state: AcquisitionState, step: int | Array) -> tuple[dict[str, Array]]:
        """The learner sees everything except the cost and the decision."""
        seen = {
            "centre": state.centre,
            "spread": state.spread,
            "prices": state.prices,
            "answers": state.answers,
            "count": state.count,
            "committed": self.xp.astype(state.committed, self.xp.int64),
            "directions": state.directions,
            "context": state.context,
            "matrix": state.matrix,
            "rhs": state.rhs,
        }
        return ({key: value for key, value in seen.items() if value is not None},)

    def step(
        self, state: AcquisitionState, actions: tuple[Array, ...], step: int | Array, draw: Draw
    ) -> tuple[AcquisitionState, Outcome]:
        """Buy, then commit."""
        xp, where, action = self.xp, self.where, actions[0]
        running, d = ~state.committed, self.family.dimension
        slots, directions = where.arange(self.slots)[None, :], state.directions

        # read the action: what is measured, where the answer is stored, and who wants to commit
        if self.offered is None:
            query, wants = action[:, :d], action[:, d] > 0
            asks = running & ~wants & (ordered_sum(xp.abs(query), 1) > 0)
            used = ordered_sum(state.count, 1)
            fresh = asks[:, None] & (slots == used[:, None])
            directions = xp.where(fresh[:, :, None], query[:, None, :], directions)
        else:
            choice = action if self.decide == "decoder" else xp.argmax(action[:, : self.items + 1], axis=1)
            wants = choice == self.items
            fresh = (running & ~wants)[:, None] & (slots == choice[:, None])
            query = self.items_here[xp.where(wants, xp.zeros_like(choice), choice)]

        # measure, and keep the mean of the answers to an item that is bought again
        answer = ordered_sum(query * state.cost, 1)
        if self.noise:
            answer = answer + self.noise * draw.normal("noise")
        count = state.count + xp.astype(fresh, xp.int64)
        safe = xp.astype(xp.where(count > 0, count, xp.ones_like(count)), xp.float64)
        answers = xp.where(fresh, state.answers + (answer[:, None] - state.answers) / safe, state.answers)

        # pay
        price = state.prices if self.offered is not None else state.prices * xp.ones_like(answers)
        paid = ordered_sum(xp.where(fresh, price, xp.zeros_like(price)), 1)

        # commit where the learner wants to, or where the episode ends
        commits = running & (wants | (step == self.facts.horizon - 1))
        bought = state._replace(answers=answers, count=count, directions=directions)
        following, regret = self._commit(bought, commits, action)
        made = following.decision + 0.0  # a copy for every step, because readers keep what they are given
        return following, Outcome((-(paid + regret),), {"paid": paid, "regret": regret, "decision": made})

    def _commit(self, state: AcquisitionState, commits: Array, action: Array) -> tuple[AcquisitionState, Array]:
        """Decide in the lanes of the mask, one by one and in numpy, where linear programs are solved."""
        chosen = np.flatnonzero(to_numpy(commits))
        if len(chosen) == 0:
            return state, self.where.zeros(commits.shape)

        # the cost vector that each lane decides by: the learner's estimate, or what the answers decode to
        seen: dict[str, Array] = {
            key: None if value is None else to_numpy(value)[chosen] for key, value in state._asdict().items()
        }
        problems = [lane_problem(self._public, seen, i) for i in range(len(chosen))]
        if self.decide == "estimate":
            own: Array = to_numpy(action)[chosen][:, -self.family.dimension :]
            guess: Array = seen["centre"] + 4.0 * seen["spread"] * own
        else:
            guess = np.array([costs.decode(*self._bought(seen, i)) for i, (_, costs) in enumerate(problems)])

        # the decision by that cost vector, the best one by the true costs, and the regret between them
        decision, best = (self._solve(problems, costs) for costs in (guess, seen["cost"]))
        gap = np.maximum(ordered_sum(seen["cost"] * (decision - best), 1), 0.0)

        # write both into the lanes that committed
        made, regret = np.array(to_numpy(state.decision)), np.zeros(commits.shape)
        made[chosen], regret[chosen] = decision, gap
        where = self.where
        following = state._replace(decision=where.asarray(made, "float64"), committed=state.committed | commits)
        return following, where.asarray(regret, "float64")

    def _bought(self, seen: Mapping[str, Array], lane: int) -> tuple[Array, Array]:
        had = seen["count"][lane] > 0
        queries = self.offered if self.offered is not None else seen["directions"][lane]
        return queries[had], seen["answers"][lane][had]

    def _solve(self, problems: Sequence[tuple[LinearProgram, Any]], costs: Array) -> Array:
        if self.family.program is not None:
            return self.family.program.solve(costs)
        return np.array([program.minimiser(cost) for (program, _), cost in zip(problems, costs, strict=True)])

    def instance(self, state: AcquisitionState) -> Any:
        """The lanes' problems for metrics, as numpy arrays by name."""
        return {key: None if value is None else np.array(to_numpy(value)) for key, value in state._asdict().items()}
