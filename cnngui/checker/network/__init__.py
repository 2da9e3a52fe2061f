"""Following a live network: a copy of it is run on shapes alone, and what was applied to what is noted."""
