"""The table of commands, and how a request comes in and its failure goes out."""

import difflib
import errno
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from cnngui.cli import (
    check,
    classify,
    demo,
    doctor,
    evaluate,
    explain,
    export,
    gui,
    inside,
    models,
    sample,
    train,
)
from cnngui.cli.support.console import say
from cnngui.errors import RequestError, SaidElsewhereError

# To add a command: a file beside this one, and its row here. Help lists them in this order.
COMMANDS: tuple[Callable[..., Any], ...] = (
    train.train,
    classify.classify,
    evaluate.evaluate,
    explain.explain,
    inside.inside,
    export.export,
    check.check,
    models.models,
    sample.sample,
    doctor.doctor,
    demo.demo,
    gui.gui,
)

# Everything that is wrong with a command line. Newer releases of typer carry their own copy of click,
# older ones use click itself: the class is found by its name in either.
_UsageError: type[Exception] = next(c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException")


# What only writing to a full disk says, which standard output may lead to.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments ask; return the exit status: 0 done, 1 something found, 2 cannot be met."""
    try:
        _stands_somewhere()
        names = [command.__name__ for command in COMMANDS]
        paths = _dropped(arguments, names)
        if paths is not None:
            return gui.open_window(paths)
        status = _command(arguments)
        sys.stdout.flush()
        return status
    except SaidElsewhereError:
        return 2
    except RequestError as error:
        say(f"cnngui: {error}")
        return 2
    except _UsageError as error:
        say(f"cnngui: {_usage_sentence(error)}")
        return 2
    except PermissionError as error:
        say(f"cnngui: {error.filename or 'A file'} may not be opened: permission denied.")
        return 2
    except BrokenPipeError:
        # Whoever read our output has seen enough (`| head`). What is still buffered goes nowhere, or
        # Python would complain when it ends.
        _write_nowhere()
        return 0
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        _write_nowhere()
        say(f"cnngui: The output cannot be written: {error.strerror}.")
        return 2


def _stands_somewhere() -> None:
    """Raise RequestError where the working directory was deleted: PyTorch's libraries end a process there."""
    try:
        Path.cwd()
    except FileNotFoundError:
        raise RequestError("The folder that this was started in is gone: go to another one.") from None


def _write_nowhere() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _command(arguments: Sequence[str]) -> int:
    command = typer.main.get_command(_application())
    # Not command.main(): it would end the process by itself when whoever reads our output stops reading.
    try:
        with command.make_context("cnngui", list(arguments)) as context:
            status = command.invoke(context)
    except typer.Exit as leaving:  # --help and --version have been answered
        return leaving.exit_code
    return status if isinstance(status, int) else 0


def _dropped(arguments: Sequence[str], names: Sequence[str]) -> list[Path] | None:
    """The paths to open in the window, or None if the arguments are a command's. Commands win: a folder
    called train is `./train`."""
    if not arguments:
        return []
    first = arguments[0]
    if first in names or (first.startswith("-") and first != "--"):
        return None
    texts = list(arguments[1:]) if first == "--" else list(arguments)
    paths = [Path(text) for text in texts]
    if first != "--" and not paths[0].exists() and paths[0].name == first:
        close = difflib.get_close_matches(first, names, n=1)
        hint = f"Did you mean “cnngui {close[0]}”?" if close else "“cnngui --help” lists the commands."
        raise RequestError(f"There is no command and no file “{first}”. {hint}")
    return paths


def _application() -> typer.Typer:
    application = typer.Typer(
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    application.callback(invoke_without_command=True)(_main)
    for command in COMMANDS:
        application.command()(command)
    return application


def _version(asked: bool) -> None:
    if asked:
        from cnngui import __version__

        typer.echo(f"cnngui {__version__}")
        raise typer.Exit


def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Train, run and understand convolutional image classifiers on your own pictures.

    Without a command the window opens; folders, pictures and model files given are opened in it, as if
    dropped on it: cnngui [PATH ...]
    """


def _usage_sentence(error: Exception) -> str:
    message = str(getattr(error, "format_message", error.__str__)())
    sentence = " ".join(message.split())
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "cnngui"
    return f"{sentence.rstrip('.')}. “{path} --help” shows what is possible."
