"""Social choice: profiles of rankings, what a policy over options owes to whom, and rules that make policies of votes.

A preference function is a matrix P with P[i, j] the share of evaluators who prefer option i to option j, 1/2 on the
diagonal and half for those who are indifferent. A rule maps P to a policy, a distribution over options. Functions here
take float64 arrays (..., M, M) of any number of lanes, or arrays of `fractions.Fraction` where nothing transcendental
is computed.
"""
