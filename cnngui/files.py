"""Writing a file whole: whoever looks sees the old one or the new one, never half of one."""

import contextlib
import os
import secrets
import shutil
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
    the disk fills up on the way. Links are followed; a device or a pipe is written to as it is.
    """
    with _sentences(path):
        path = path.resolve()
        if _is_device(path):
            with path.open("wb") as device:
                yield device
            return
        beside = _beside(path)
        try:
            with beside.open("xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            if path.exists():
                beside.chmod(path.stat().st_mode)
            beside.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
            raise


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path`, as `written_whole` does."""
    with written_whole(path) as file:
        file.write(data)


def prove_writable(path: Path, room: int = 0) -> None:
    """Raise RequestError now if `path` could not be written later, or if its disk has not `room` bytes
    free; change nothing."""
    with _sentences(path):
        path = path.resolve()
        if _is_device(path):
            return
        beside = _beside(path)
        beside.touch(exist_ok=False)
        beside.unlink()
        free = shutil.disk_usage(path.parent).free
    if free < room:
        raise RequestError(
            f"Cannot write {path}: it needs {megabytes(room)}, and its disk has {megabytes(free)} left. "
            "Make room or choose another place."
        )


def megabytes(size: int) -> str:
    """Bytes as people read them: 0.3 MB, 12 MB, 3.4 GB."""
    if size >= 1_000_000_000:
        return f"{size / 1e9:.1f} GB"
    return f"{size / 1e6:.0f} MB" if size >= 10_000_000 else f"{size / 1e6:.1f} MB"


def _is_device(path: Path) -> bool:
    """True for what is written to as it is: a device, a pipe. Raises RequestError for a folder."""
    if path.is_dir():
        raise RequestError(f"Cannot write {path}: it is a folder. Give the name of a file in it.")
    return path.exists() and not path.is_file()


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name[:60]}.{secrets.token_hex(4)}.part")


@contextlib.contextmanager
def _sentences(path: Path) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise cannot_write(path, error) from error
