"""The frozen `cnngui-window`: the window, without a console."""

import sys

from cnngui.__main__ import window

sys.exit(window())
