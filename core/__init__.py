"""The ground floor: rules, lanes, randomness, faces, agents, traces, games and the public contracts.

Nothing in this room imports another room.
"""
