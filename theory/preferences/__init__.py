"""Social choice: profiles of rankings, axioms for policies over options, and rules that turn votes into policies.

A preference function is a matrix P: P[i, j] is the share of evaluators who prefer option i to option j. Indifferent
evaluators count half, and the diagonal is 1/2. A rule maps P to a policy, a distribution over options. Functions here
take float64 arrays (..., M, M) for any number of lanes, or arrays of `fractions.Fraction` where nothing transcendental
is computed.
"""
