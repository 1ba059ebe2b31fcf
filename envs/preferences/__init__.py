"""The rules of preference aggregation, and the seat of a group that misreports."""
