"""Networks of people who learn from each other: DeGroot averaging, AI aggregators, closed forms, generators, readers.

The model is that of "How AI Aggregation Affects Knowledge" (Acemoglu, Lin, Ozdaglar, Siderius, arXiv 2604.04906) on top
of DeGroot, "Reaching a consensus", JASA 69, 1974. Where the sources leave something open, the docstrings say that it is
our reconstruction.
"""
