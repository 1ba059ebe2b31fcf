"""What scores say: interquartile means, bootstrap intervals, ranks with ties, probabilities of improvement."""
