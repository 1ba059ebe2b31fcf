"""Two islands in closed form: a majority and a minority, homophily h, an AI trained with weight alpha on the majority.

Source: Acemoglu, Lin, Ozdaglar, Siderius (arXiv 2604.04906), section 4; the formulas are our reconstruction, which
gives the constants of Propositions 2 and 3. T_ij is proportional to h within an island and to 1 across, so that only
the mean belief of each island matters. pi = n1/n2 > 1, e = pi/(pi + 1) is the efficient weight on island 1, k = 1 -
rho.

Every function takes numbers, arrays or `fractions.Fraction` and works elementwise.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Ties(NamedTuple):
    """How much weight islands give to each other.

    Attributes:
        outward: T12, the weight that island 1 gives to island 2.
        inward: T21, the weight that island 2 gives to island 1.
    """

    outward: Any
    inward: Any


def ties(pi: Any, homophily: Any) -> Ties:
    """T12 = 1/(h pi + 1) and T21 = pi/(h + pi)."""
    return Ties(1 / (homophily * pi + 1), pi / (homophily + pi))


def weight_without_ai(pi: Any, homophily: Any) -> Any:
    """s1 = T21/(T12 + T21): the weight of island 1 in the consensus without an AI; rises in h from e."""
    outward, inward = ties(pi, homophily)
    return inward / (outward + inward)


class Response(NamedTuple):
    """w1(alpha) = (num0 + num1 alpha)/(den0 + den1 alpha)."""

    num0: Any
    num1: Any
    den0: Any
    den1: Any

    def weight(self, alpha: Any) -> Any:
        """w1, the weight of island 1 in the consensus; rises in alpha."""
        return (self.num0 + self.num1 * alpha) / (self.den0 + self.den1 * alpha)

    def training(self, weight: Any) -> Any:
        """The alpha that gives this weight; may be outside [0, 1]."""
        return (weight * self.den0 - self.num0) / (self.num1 - weight * self.den1)


def response(pi: Any, homophily: Any, adoption1: Any, adoption2: Any, rho: Any) -> Response:
    """The consensus as a function of the training weight.

    Args:
        pi: n1/n2.
        homophily: h >= 1.
        adoption1: Reliance on the AI in island 1, in [0, 1].
        adoption2: In island 2.
        rho: How slowly the AI learns, in (0, 1).
    """
    outward, inward = ties(pi, homophily)
    keen = 1 - rho
    to_one = (1 - adoption2) * inward
    to_other = (1 - adoption1) * outward + adoption1
    both = to_one * adoption1 + to_other * adoption2
    return Response(
        keen * to_one, keen * adoption2 + both, keen * (to_one + to_other) + both, keen * (adoption2 - adoption1)
    )
