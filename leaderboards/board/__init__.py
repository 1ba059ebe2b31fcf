"""The board: accepted submissions of a track, their standings, their log."""
