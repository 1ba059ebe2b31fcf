"""Benchmarks as jobs: planned, run here or on a Ray cluster, and stored as rows, so that a killed run resumes."""
