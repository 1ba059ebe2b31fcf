"""The faces of a game, each a thin shell around the raw batch: Gymnasium, Gymnasium vector, PettingZoo."""
