"""Members for palaestra: an environment, a metric, an agent and a track."""
