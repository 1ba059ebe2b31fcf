"""Cost and quality of routing."""
