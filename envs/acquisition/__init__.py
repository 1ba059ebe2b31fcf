"""The parts of DataAcquisition-v0: families of programs, priors, and the rules."""
