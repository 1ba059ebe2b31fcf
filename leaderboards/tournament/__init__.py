"""Round robins of a game: everybody against everybody, and what game theory says of the table."""
