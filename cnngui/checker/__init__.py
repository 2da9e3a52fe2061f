"""The pitfalls checker: one rule core for source, networks, picture folders and running trainings."""
