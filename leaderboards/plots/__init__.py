"""Pictures of a track: intervals, learning curves with their bounds, trade-offs."""
