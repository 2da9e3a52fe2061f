"""Writing a file whole: whoever looks sees the old one or the new one, never half of one."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cnngui.errors import RequestError


def cannot_write(path: Path, error: OSError) -> RequestError:
    """The sentence for a file or folder that cannot be written."""
    why = error.strerror or str(error)
    return RequestError(f"Cannot write {path}: {why}. Choose a place that can be written and has room.")


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """A binary file that takes the place of `path` when the block ends, and leaves no trace if it raises.

    Opening it already proves that the place can be written. Raises RequestError when it cannot, or when
    the disk fills up on the way.
    """
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:60]}.", suffix=".part")
    except OSError as error:
        raise cannot_write(path, error) from error
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _give_usual_mode(beside, path)
        beside.replace(path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            raise cannot_write(path, error) from error
        raise


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path`, as `written_whole` does."""
    with written_whole(path) as file:
        file.write(data)


def _give_usual_mode(beside: Path, path: Path) -> None:
    # mkstemp makes files that only their owner may read; a result is given to others as any file is.
    try:
        mode = path.stat().st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        mode = 0o666 & ~mask
    beside.chmod(mode)
