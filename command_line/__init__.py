"""Everything a user types: the commands of `palaestra`, one file for a command or a group, and what prints for them."""
