"""Linear programs with unknown costs: what must be measured so that the best decision is known."""
