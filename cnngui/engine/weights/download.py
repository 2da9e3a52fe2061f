"""A file from the network into the cache: resumed where it was cut off, checked, whole or not there."""

import hashlib
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator
from http.client import HTTPException, HTTPResponse
from pathlib import Path

from filelock import FileLock, Timeout

from cnngui import settings
from cnngui.cancel import Cancel
from cnngui.engine.events import Download
from cnngui.errors import RequestError
from cnngui.files import cannot_write

_CHUNK = 256 * 1024
_TIMEOUT = 20.0  # seconds without a byte
_ATTEMPTS = 4  # of which each goes on where the one before was cut off
_WAIT = 0.5  # seconds before the second attempt, twice as long before each further one
_REPORT_SECONDS = 0.1


class UnreachableError(RequestError):
    """The file could not be had: no connection, or the server gives something else."""


def home() -> Path:
    """Where downloaded weights are kept."""
    return settings.cache_dir() / "weights"


def there(url: str) -> Path | None:
    """The file of `url` if it was downloaded before."""
    path = home() / _name(url)
    return path if path.is_file() else None


def download(url: str, cancel: Cancel, *, wait: float = _WAIT) -> Iterator[Download | Path]:
    """Bring the file of `url` into the cache, yielding progress; the last item is where it is (none once
    cancelled).

    The name must end in the first digits of the content's SHA-256, as those of torchvision's weights do
    (`resnet18-f37072fd.pth`): what does not have it is thrown away. What was received stays for the next
    attempt. Raises UnreachableError after a few attempts, RequestError when it cannot be stored.
    """
    target = home() / _name(url)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(target.with_suffix(".lock"))
        while True:
            try:
                lock.acquire(timeout=0.2)
                break
            except Timeout:
                if cancel.check():
                    return
        try:
            yield from _attempts(url, target, cancel, wait)
        finally:
            lock.release()
    except OSError as error:
        raise cannot_write(target, error) from error


def _attempts(url: str, target: Path, cancel: Cancel, wait: float) -> Iterator[Download | Path]:
    if target.is_file():  # from another process that was waited for, or from before
        yield target
        return
    part = target.with_suffix(".part")
    why = ""
    for attempt in range(_ATTEMPTS):
        if attempt:
            time.sleep(wait * 2 ** (attempt - 1))
        why = yield from _fetch(url, part, cancel)
        if cancel.stopped:
            return
        # The content decides, whatever the server said of its length.
        if part.exists() and _hash(part).startswith(_digits(url)):
            part.replace(target)
            yield target
            return
        if not why:
            part.unlink(missing_ok=True)
            why = "what the server sends is not the file it should be"
    raise UnreachableError(f"{url} could not be downloaded ({why}).")


def _fetch(url: str, part: Path, cancel: Cancel) -> Generator[Download, None, str]:
    """Go on with `part` to its end; returns why that may not have been possible, or nothing."""
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})  # noqa: S310
    started = time.monotonic()
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310
            total = _total(answer, have)
            if answer.status != 206:
                have = 0  # this server begins anew each time
            reported = 0.0
            with part.open("ab" if have else "wb") as file:
                while chunk := answer.read(_CHUNK):
                    file.write(chunk)
                    have += len(chunk)
                    now = time.monotonic() - started
                    if now - reported >= _REPORT_SECONDS:
                        reported = now
                        yield Download(_name(url), have, total, now)
                    if cancel.check():
                        return ""
            yield Download(_name(url), have, total, time.monotonic() - started)
            return "the connection was cut off" if total is not None and have < total else ""
    except urllib.error.HTTPError as error:
        if error.code == 416:  # beyond the end: the part is whole, or of another file; the hash knows
            return ""
        return f"the server answers {error.code}"
    except urllib.error.URLError as error:
        return f"no connection: {getattr(error.reason, 'strerror', None) or error.reason}"
    except (HTTPException, TimeoutError, ConnectionError):
        return "the connection was cut off"


def _total(answer: HTTPResponse, have: int) -> int | None:
    """Bytes of the whole file, if the server says."""
    length = answer.headers.get("Content-Length", "")
    if not length.isdecimal():
        return None
    return int(length) + (have if answer.status == 206 else 0)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _name(url: str) -> str:
    return url.rpartition("/")[2]


def _digits(url: str) -> str:
    return _name(url).partition(".")[0].rpartition("-")[2]
