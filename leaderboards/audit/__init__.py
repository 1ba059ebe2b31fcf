"""What trivial agents score on every environment: the baseline that a method must beat."""
