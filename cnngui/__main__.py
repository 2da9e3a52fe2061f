"""python -m cnngui, and the `cnngui` command."""

import sys

from cnngui import bootstrap


def main() -> int:
    """Run the program with the process's arguments and return its exit status."""
    bootstrap.prepare()
    try:
        from cnngui.cli.app import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130  # as a shell reports a process that Ctrl+C ended
    except Exception as error:  # noqa: BLE001 - written into a crash report with all that is known
        print(bootstrap.report_fault(error), file=sys.stderr)  # noqa: T201
        return bootstrap.EXIT_FAULT


if __name__ == "__main__":
    sys.exit(main())
