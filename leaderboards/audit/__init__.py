"""What trivial agents score on every environment: the ground that a method must stand above."""
