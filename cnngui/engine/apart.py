"""Photographs read by processes of their own, while this one loads PyTorch.

Threads take turns in running Python, and what loads PyTorch has nearly every turn: threads read half of what
they could meanwhile, and hold up the loading. A process forked from one in which little is loaded costs
milliseconds, and they share no more than the memory for the pictures. 1,000 photographs of 1024 × 768 on two
cores took 4.3 s from the process's start to its end this way, 5.2 s with threads. Only on Linux: the
libraries of macOS may not be used after a fork, and Windows has none.
"""

import contextlib
import mmap
import os
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path

import numpy as np

from cnngui.data.decode import Rgb, decode
from cnngui.data.index import Unreadable
from cnngui.engine.fitting import fitted_picture
from cnngui.engine.spec import ImageSpec

_NICE = 19  # what loads PyTorch, and then the network, go before what reads ahead for them
_ASKED, _PICTURE, _REASON = b"?", b"p", b"r"
_LONGEST_TEXT = 8192  # bytes of a path or of a reason, with their length before them
_LENGTH = 4


def possible() -> bool:
    """Whether this process can be forked: it has one thread, and no PyTorch."""
    return sys.platform == "linux" and threading.active_count() == 1 and "torch" not in sys.modules


class Readers:
    """Processes that read, one for each core, until they are closed."""

    def __init__(self, spec: ImageSpec, most: int) -> None:
        """`most` pictures may wait to be fetched: up to 4,096, since a pipe holds so many questions."""
        self._spec = spec
        self._places = _Places(spec.resize, most)
        self._given = count()
        self._processes: list[_Process] = []
        number = os.cpu_count() or 1
        for first in range(number):
            self._processes.append(_Process(partial(self._serve, first, number), self._processes))

    def submit(self, path: Path) -> Callable[[], tuple[Path, Rgb | Unreadable]]:
        """Have a picture read, as `reader.read_prepared` would; what is returned waits for it and gives it.
        To be called in the order of submission."""
        number = next(self._given)
        process = self._processes[number % len(self._processes)]
        self._places.put_text(number, os.fsencode(path))
        process.ask()
        return partial(self._fetched, number, process, path)

    def close(self) -> None:
        for process in self._processes:
            process.end()

    def _fetched(self, number: int, process: "_Process", path: Path) -> tuple[Path, Rgb | Unreadable]:
        answer = process.answer()
        if answer == _PICTURE:
            return path, self._places.picture(number)
        if answer == _REASON:
            return path, Unreadable(os.fspath(path), os.fsdecode(self._places.text(number)))
        return path, _read(os.fspath(path), self._spec)  # the process is lost, perhaps for want of memory

    def _serve(self, first: int, step: int, questions: int, answers: int) -> None:
        """What a process does until nobody can ask any more: read every `step`-th picture."""
        for number in count(first, step):
            if not os.read(questions, 1):
                return
            read = _read(os.fsdecode(self._places.text(number)), self._spec)
            if isinstance(read, Unreadable):
                self._places.put_text(number, os.fsencode(read.reason))
                os.write(answers, _REASON)
            else:
                self._places.put_picture(number, read)
                os.write(answers, _PICTURE)


def _read(path: str, spec: ImageSpec) -> Rgb | Unreadable:
    return decode(path, spec.resize, partial(fitted_picture, spec=spec))


class _Process:
    """A fork of this process, and two pipes: it is asked, and answers. Where it is lost, or could not be had,
    asking does nothing and there is no answer."""

    def __init__(self, serve: Callable[[int, int], None], before: "list[_Process]") -> None:
        """`serve` takes the pipe of the questions and that of the answers. `before`: the forks before it."""
        questions, self._asking = os.pipe()
        self._answering, answers = os.pipe()
        try:
            self._id = os.fork()
        except OSError:  # no more processes are allowed
            self._id = -1
        if self._id == 0:
            try:
                signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches all, and one is to end the rest
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                for asking in (self._asking, *(one._asking for one in before)):
                    os.close(asking)  # or nobody would notice that the first process is gone
                os.nice(_NICE)
                serve(questions, answers)
            finally:
                os._exit(0)  # whatever happened is the first process's to deal with: it has no answer
        os.close(questions)
        os.close(answers)

    def ask(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            os.write(self._asking, _ASKED)

    def answer(self) -> bytes:
        """One byte, or none."""
        return os.read(self._answering, 1)

    def end(self) -> None:
        os.close(self._asking)
        os.close(self._answering)
        if self._id > 0:
            os.kill(self._id, signal.SIGKILL)
            os.waitpid(self._id, 0)


class _Places:
    """Memory that forks share: each place holds a text or a picture. Numbers go round."""

    def __init__(self, side: int, places: int) -> None:
        """Pictures are uint8 (side, side, 3)."""
        self._side, self._places = side, places
        self._size = max(_LONGEST_TEXT, 3 * side**2)
        self._memory = mmap.mmap(-1, places * self._size)

    def put_text(self, number: int, text: bytes) -> None:
        start = self._start(number)
        text = text[: self._size - _LENGTH]
        self._memory[start : start + _LENGTH] = len(text).to_bytes(_LENGTH)
        self._memory[start + _LENGTH : start + _LENGTH + len(text)] = text

    def text(self, number: int) -> bytes:
        start = self._start(number)
        length = int.from_bytes(self._memory[start : start + _LENGTH])
        return self._memory[start + _LENGTH : start + _LENGTH + length]

    def put_picture(self, number: int, picture: Rgb) -> None:
        self._view(number)[:] = picture

    def picture(self, number: int) -> Rgb:
        return self._view(number).copy()  # the place is another's next

    def _view(self, number: int) -> Rgb:
        shape = (self._side, self._side, 3)
        return np.ndarray(shape, np.uint8, self._memory, self._start(number))

    def _start(self, number: int) -> int:
        return number % self._places * self._size
