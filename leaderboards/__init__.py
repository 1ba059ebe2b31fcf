"""Benchmarks: `tracks` holds the frozen tracks, one file each; the other folders hold what is done with them.

`sweeps` runs agents on tracks, `statistics` says what the scores mean, `plots` draws them. `catalogue` lists and
describes what there is. `submission` makes and verifies what is submitted, `board` accepts and ranks it, `site` and
`server` publish it. `audit` plays agents that have no method, `tournament` plays every agent against every other.
"""
