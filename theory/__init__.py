"""Theory: the subject's mathematics, in a folder for each family.

It knows arrays and random numbers; it knows no trace, no agent and no environment.
"""
