"""What is listed and described: environments, agents, metrics, tracks and wrappers, with their options and facts."""
