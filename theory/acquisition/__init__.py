"""Linear programs with unknown costs: what to measure so that the best decision is known."""
