"""Lists and descriptions of environments, agents, metrics, tracks and wrappers, with options and facts."""
