"""Routers that use features of the prompt, and the routing oracle."""
