"""Networks of people who learn from each other: DeGroot averaging, AI aggregators, closed forms, generators, readers.

The model is that of "How AI Aggregation Affects Knowledge" (Acemoglu, Lin, Ozdaglar, Siderius, arXiv 2604.04906) on top
of DeGroot, "Reaching a consensus", JASA 69, 1974. What its sources leave open is our reconstruction and said to be so.
"""
