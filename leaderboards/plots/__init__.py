"""Pictures of a track: intervals, learning curves beside their bounds, trade-offs."""
