"""Mediators, and players who accept or reject their offers."""
