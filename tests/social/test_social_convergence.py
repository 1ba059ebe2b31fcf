"""When beliefs come to one consensus: Proposition 1 by eigenvalues and by rounds, and instances that lack a condition.

The dynamics are written out here as one matrix on (beliefs, AI); nothing of the package computes them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from palaestra.core.errors import PalaestraError
from palaestra.theory.social.consensus import consensus_weights
from palaestra.theory.social.degroot import DeGrootNetwork

ROUND_THE_RING = np.roll(np.eye(4), 1, axis=1)
TWO_PAIRS = np.kron(np.eye(2), np.full((2, 2), 0.5))


def one_round(weights: Any, alpha: Any, beta: Any, rho: float) -> Any:
    """p(t+1) = (1 - beta) T p(t) + beta a(t) and a(t+1) = rho a(t) + (1 - rho) alpha'p(t), as a matrix."""
    society = np.hstack([(1 - beta)[:, None] * weights, beta[:, None]])
    return np.vstack([society, np.append((1 - rho) * alpha, rho)])


def eigenvalues(matrix: Any) -> Any:
    """Their sizes, greatest first."""
    return np.sort(np.abs(np.linalg.eigvals(matrix)))[::-1]


def sparse_society(rng: np.random.Generator, n: int) -> tuple[Any, Any, Any]:
    """A ring with one self-link and a few more ties, trained on one agent, used by one agent: barely connected."""
    weights = np.roll(np.eye(n), 1, axis=1) + 0.5 * (rng.random((n, n)) < 1 / n)
    weights[0, 0] += 0.5
    alpha, beta = np.zeros(n), np.zeros(n)
    alpha[rng.integers(n)], beta[rng.integers(n)] = 1.0, rng.uniform(0.05, 0.95)
    return weights / weights.sum(1, keepdims=True), alpha, beta


def dense_society(rng: np.random.Generator, n: int) -> tuple[Any, Any, Any]:
    """Everybody listens to everybody, trains the AI and uses it."""
    return rng.dirichlet(np.ones(n), n), rng.dirichlet(np.ones(n)), rng.uniform(0.01, 0.99, n)


@pytest.mark.parametrize("society", [sparse_society, dense_society])
def test_beliefs_come_to_one_consensus_under_the_conditions(society: Any) -> None:
    """Proposition 1 (sheet A(a)): the AI connected, all beta_i < 1, some beta_i > 0, rho in (0, 1): one consensus.

    Eigenvalue 1 is simple and all others lie inside the circle, so that beliefs converge from wherever they start, and
    the consensus is a weighted average of the initial beliefs and the AI's initial value.
    """
    rng = np.random.default_rng(17)
    for n in [2, 3, 5, 8, 13] * 8:
        weights, alpha, beta = society(rng, n)
        rho = float(rng.uniform(0.02, 0.98))
        matrix = one_round(weights, alpha, beta, rho)
        sizes = eigenvalues(matrix)
        assert abs(sizes[0] - 1) < 1e-9 and sizes[1] < 1 - 1e-6
        state = start = rng.normal(size=n + 1)
        start[-1] = alpha @ start[:-1]
        for _ in range(int(np.ceil(40 / -np.log(sizes[1])))):
            state = matrix @ state
        assert np.ptp(state) < 1e-9
        found = consensus_weights(DeGrootNetwork.of(weights), alpha, beta, rho)
        assert abs(found @ start[:-1] - state[0]) < 1e-8


def test_a_society_apart_from_the_ai_keeps_a_consensus_of_its_own() -> None:
    """Proposition 1, without "the AI stays connected": two pairs without ties, and an AI of the first pair alone.

    Eigenvalue 1 is double, and the pairs end apart. An AI that the second pair uses too connects them again.
    """
    alpha, beta = np.array([0.5, 0.5, 0.0, 0.0]), np.array([0.3, 0.3, 0.0, 0.0])
    apart = one_round(TWO_PAIRS, alpha, beta, 0.5)
    assert eigenvalues(apart)[1] == pytest.approx(1)
    ends = np.linalg.matrix_power(apart, 200) @ [1.0, 1.0, 0.0, 0.0, 1.0]
    assert ends == pytest.approx([1.0, 1.0, 0.0, 0.0, 1.0])
    with pytest.raises(PalaestraError):
        DeGrootNetwork.of(TWO_PAIRS)
    beta[3] = 0.3
    assert eigenvalues(one_round(TWO_PAIRS, alpha, beta, 0.5))[1] < 1 - 1e-3


def test_an_ai_that_nobody_uses_must_listen_or_it_stays_alone() -> None:
    """Proposition 1, without "somebody uses it": an unused AI that does not learn (rho = 1) keeps its own value.

    One that learns (rho < 1) follows the consensus without an AI, and one that is used but does not learn pulls
    everybody to its own value: each of the two conditions alone connects it.
    """
    weights, alpha = (np.eye(4) + ROUND_THE_RING) / 2, np.full(4, 0.25)
    unused, used = np.zeros(4), np.array([0.5, 0.0, 0.0, 0.0])
    start = np.array([1.0, 2.0, 3.0, 6.0, -5.0])
    for beta, rho, society, ai in [(unused, 1.0, 3.0, -5.0), (unused, 0.5, 3.0, 3.0), (used, 1.0, -5.0, -5.0)]:
        matrix = one_round(weights, alpha, beta, rho)
        ends = np.linalg.matrix_power(matrix, 2000) @ start
        assert ends == pytest.approx([society] * 4 + [ai])
        assert (eigenvalues(matrix)[1] == pytest.approx(1)) == (society != ai)
    with pytest.raises(PalaestraError, match="somebody must rely on the AI"):
        consensus_weights(DeGrootNetwork.of(weights), alpha, 0.0, 0.5)


def test_an_agent_without_neighbours_and_a_fast_ai_echo_each_other_for_ever() -> None:
    """Proposition 1, without "some weight on neighbours": beta_1 = 1, alpha on agent 1 and rho = 0 swap two values.

    With beta_1 < 1 they come to a consensus even at rho = 0, and at beta_1 = 1 they do for every rho in (0, 1).
    """
    weights, alpha = (np.eye(4) + ROUND_THE_RING) / 2, np.array([1.0, 0.0, 0.0, 0.0])
    for reliance, rho, converges in [(1.0, 0.0, False), (0.9, 0.0, True), (1.0, 0.1, True)]:
        matrix = one_round(weights, alpha, np.array([reliance, 0.0, 0.0, 0.0]), rho)
        state = np.linalg.matrix_power(matrix, 1000) @ [1.0, 0.0, 0.0, 0.0, -1.0]
        assert (eigenvalues(matrix)[1] < 1 - 1e-3) == converges == (np.ptp(state) < 1e-9)
        assert converges or (matrix @ state)[[0, 4]] == pytest.approx(state[[4, 0]])
