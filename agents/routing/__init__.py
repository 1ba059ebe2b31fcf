"""Routers that read the prompt, and the routing oracle."""
