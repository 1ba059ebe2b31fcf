"""The pieces of SocialLearning-v0: the lanes' societies, and the rules of its two seats."""
