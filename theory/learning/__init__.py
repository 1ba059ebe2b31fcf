"""No-regret learning on the simplex."""
