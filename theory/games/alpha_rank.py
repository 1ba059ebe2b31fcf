"""Alpha-rank: the share of time for which a small population with rare mutations plays each strategy."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError


def alpha_rank(payoffs: Array, selection: float = 10.0, population: int = 50) -> Array:
    """The ranking of a symmetric two-player game by the Moran process.

    Source: Omidshafiei et al., "Alpha-Rank: Multi-Agent Evaluation by Evolution", Scientific Reports 9, 2019, section
    "Evolutionary dynamics", for one population; Fermi selection as in Traulsen, Nowak and Pacheco 2006.

    1. In a population of m where k play r and m - k play s, r earns f_r = ((k-1) M[r,r] + (m-k) M[r,s]) / (m-1), and s
       likewise. One member copies another: the odds that k falls rather than rises are exp(-alpha (f_r - f_s)).
    2. A single mutant r takes over a population of s with probability
       rho = 1 / (1 + sum_{l=1}^{m-1} prod_{k=1}^{l} exp(-alpha (f_r(k) - f_s(k)))).
    3. Mutants are rare, so the population moves between pure states: from s to each other r with rho / (n - 1).
    4. Its stationary distribution is the ranking. It is computed without subtractions (Grassmann, Taksar and Heyman
       1985), in logarithms, so that probabilities too small for a float still count.

    Assumption: selection can tell payoffs apart. Where alpha times their difference is far below 1/m, all strategies
    get equal shares. At large alpha the ranking follows every difference of payoffs, even one due to chance.

    Args:
        payoffs: (n, n): payoff of the row's strategy against the column's.
        selection: alpha, in 1/payoff.
        population: m, at least 2.

    Returns:
        float64 (n,), adding up to 1. Cost: n^2 m + n^3.

    Raises:
        PalaestraError: No square matrix, or parameters out of range.
    """
    table = np.asarray(payoffs, np.float64)
    n = len(table)
    if table.shape != (n, n) or not n or not np.isfinite(table).all():
        raise PalaestraError(f"payoffs of shape {table.shape} are not a square matrix of finite numbers.")
    if population < 2 or not 0 <= selection < float("inf"):
        raise PalaestraError(
            f"population={population}, selection={selection} are not allowed: take 2 or more, and a number from 0."
        )
    log_rate = np.full((n, n), -np.inf)
    for s in range(n):
        for r in range(n):
            if r != s:
                log_rate[s, r] = _log_fixation(table, r, s, selection, population) - np.log(n - 1)
    return _stationary(log_rate)


def _log_fixation(table: Array, r: int, s: int, selection: float, population: int) -> float:
    """The logarithm of rho, for a mutant r among s."""
    k = np.arange(1, population)
    mutants = (k - 1) * table[r, r] + (population - k) * table[r, s]
    others = (population - k - 1) * table[s, s] + k * table[s, r]
    exponents = np.cumsum(-selection * (mutants - others) / (population - 1))
    return -float(np.logaddexp.reduce(np.concatenate([[0.0], exponents])))


def _stationary(log_rate: Array) -> Array:
    """The stationary law of a chain from the logarithms of its rates; the diagonal is not read."""
    rate, n = log_rate.copy(), len(log_rate)
    for k in range(n - 1, 0, -1):  # fold state k into the earlier ones
        rate[:k, k] -= np.logaddexp.reduce(rate[k, :k])
        rate[:k, :k] = np.logaddexp(rate[:k, :k], rate[:k, k, None] + rate[k, :k])
    log_share = np.zeros(n)
    for k in range(1, n):
        log_share[k] = np.logaddexp.reduce(log_share[:k] + rate[:k, k])
    share: Array = np.exp(log_share - np.logaddexp.reduce(log_share))
    return share
