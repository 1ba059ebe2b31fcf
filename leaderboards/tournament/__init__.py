"""Round robins on a game: every agent against every agent, with a game-theoretic analysis of the payoffs."""
