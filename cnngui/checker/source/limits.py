"""The bounds of one file, in one place: what is beyond them is not read or stays unknown, and the
report says so. They hold whatever the file says, so a check always comes to an end.

The interpreter takes 2 s of processor time at most. Parsing and the rules come on top and grow with the
file: the densest code of the greatest length took 6 s and 600 MB in all on one core, an ordinary script
takes milliseconds and a few MB.
"""

CHARACTERS = 1_000_000
"""Characters of code per file, or of a notebook's cells; longer ones are not read."""
BYTES = 32_000_000
"""Bytes per file, a notebook's pictures included; longer ones are not read."""
REPAIRS = 20
"""Lines that may be left out before a file counts as not being Python."""
STEPS = 400_000
"""Expressions and statements followed per file."""
SECONDS = 2.0
"""Processor seconds per file: what is found does not depend on how busy the machine is."""
LEFT_OVER_STEPS = 120_000
LEFT_OVER_SECONDS = 0.6
"""What functions and classes that nothing calls may use, all together, of the bounds above."""
ROOTS = 60
"""Classes, networks and loaders nothing uses that are followed; twice as many functions."""
DEPTH = 24
"""Calls of the file's own functions inside one another."""
RECURSION = 6
"""Calls of one function inside itself."""
TURNS = 160
"""Turns of a loop over known values that are followed one by one."""
ITEMS = 4096
"""Items a list may be known to have; longer ones are taken as of unknown length."""
