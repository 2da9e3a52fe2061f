"""The frozen programs: `cnngui` is the command line, `cnngui-window` the window without a console."""

import sys
from pathlib import Path

from cnngui import __main__ as cnngui

sys.exit(cnngui.window() if Path(sys.argv[0]).stem == "cnngui-window" else cnngui.main())
