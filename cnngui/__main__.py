"""python -m cnngui, and the commands `cnngui` and `cnngui-window`."""

import os
import sys

from cnngui import bootstrap


def main() -> int:
    """Run the program with the process's arguments and return its exit status."""
    status = _run(sys.argv[1:])
    if "torch" in sys.modules and "PySide6" not in sys.modules:
        # Ending in the usual way, Python takes PyTorch apart, which lasts nearly a second. And of several
        # processes DistributedDataParallel keeps gloo's threads alive beyond the group (torch 2.15): they now
        # and then abort the process, or wait for one that is lost.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    return status


def window() -> int:
    """Open the window on the process's arguments: for menus and double clicks, where a file may be called
    like a command."""
    return _run(["gui", "--", *sys.argv[1:]])


def _run(arguments: list[str]) -> int:
    bootstrap.prepare()
    try:
        from cnngui.cli.app import run

        return run(arguments)
    except KeyboardInterrupt:
        return 130  # as a shell reports a process that Ctrl+C ended
    except Exception as error:  # noqa: BLE001 - written into a crash report with all that is known
        print(bootstrap.report_fault(error), file=sys.stderr)  # noqa: T201
        return bootstrap.EXIT_FAULT


if __name__ == "__main__":
    sys.exit(main())
