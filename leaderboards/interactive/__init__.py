"""What Python users call from a notebook: benchmarks, comparisons, submissions and lists that show themselves."""
