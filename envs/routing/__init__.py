"""The parts of ModelRouting-v0: options, tables of prompts and models, features of prompts, and utilities."""
