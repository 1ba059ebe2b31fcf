"""The parts of PreferenceAggregation-v0: options, and the rules with and without a seat for a group that misreports."""
