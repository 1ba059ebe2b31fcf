"""Benchmarks as jobs: planned, run here or on a Ray cluster, stored as rows that a killed run finds again."""
