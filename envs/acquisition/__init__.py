"""The parts of DataAcquisition-v0: options, families of programs, the law of costs, and the rules."""
