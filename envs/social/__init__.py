"""The parts of SocialLearning-v0: options, the lanes' societies, and the rules of its two seats."""
