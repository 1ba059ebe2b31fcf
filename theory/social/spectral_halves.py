"""Two communities of a graph that tells of none: the sign of its Fiedler vector.

Source: Fiedler, "A property of eigenvectors of nonnegative symmetric matrices and its application to graph theory",
Czechoslovak Mathematical Journal 25, 1975: both sides are connected.

1. Take the eigenvector of the second least eigenvalue of the normalised Laplacian, of which the ties are part.
2. The first agent's side is community 0. Who lies on neither side goes with the first agent.

Assumptions: a connected graph. Cost: dense up to `DENSE` agents, Lanczos above. Where the eigenvalue is double, which
of its vectors is taken depends on the machine: give the communities then.
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
        PalaestraError: A large graph whose vector is not found.
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
