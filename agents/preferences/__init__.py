"""Rules of social choice, and groups that report."""
