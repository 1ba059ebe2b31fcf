"""Static pages: what a demo writes, and the site of all boards."""
