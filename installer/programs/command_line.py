"""The frozen `cnngui`: the command line."""

import sys

from cnngui.__main__ import main

sys.exit(main())
