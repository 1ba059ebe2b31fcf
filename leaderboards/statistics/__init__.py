"""Statistics of scores: interquartile means, bootstrap intervals, ranks with ties, probabilities of improvement."""
