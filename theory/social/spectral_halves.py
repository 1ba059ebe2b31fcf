"""Two communities for a graph without any: the sign of its Fiedler vector.

Source: Fiedler, "A property of eigenvectors of nonnegative symmetric matrices and its application to graph theory",
Czechoslovak Mathematical Journal 25, 1975: both sides are connected.

1. Take the eigenvector of the second smallest eigenvalue of the normalised Laplacian of the ties.
2. The side of the first agent is community 0. Agents on neither side go with the first agent.

Assumptions: a connected graph. Cost: dense up to `DENSE` agents, Lanczos above. Where the eigenvalue is double, its
vector depends on the machine; give the communities then.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array, diags_array
from scipy.sparse.linalg import ArpackNoConvergence, eigsh

from ...core.arrays import Array
from ...core.errors import PalaestraError

DENSE = 1500


def spectral_halves(mutual: csr_array, title: str) -> Array:
    """0 or 1 for each agent.

    Args:
        mutual: Symmetric strengths of ties (n, n).
        title: For messages.

    Raises:
        PalaestraError: A large graph for which Lanczos does not converge.
    """
    count = mutual.shape[0]
    if count < 3:
        return np.arange(count)
    scale = 1.0 / np.sqrt(np.asarray(mutual.sum(axis=1)).reshape(-1))
    scaled = csr_array(diags_array(scale) @ mutual @ diags_array(scale))
    if count <= DENSE:
        vector = np.linalg.eigh(np.eye(count) - scaled.toarray())[1][:, 1]
    else:
        try:
            values, vectors = eigsh(scaled, k=2, which="LA", v0=np.cos(np.arange(count)), tol=1e-8)
        except ArpackNoConvergence as error:
            raise PalaestraError(f"{title}: no two communities were found; give communities=[...].") from error
        vector = vectors[:, np.argmin(values)]
    vector = vector * scale
    first = vector[np.flatnonzero(np.abs(vector) > 1e-12)[0]]
    return (vector * np.sign(first) < -1e-12).astype(np.int64)
