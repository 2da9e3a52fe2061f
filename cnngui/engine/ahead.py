"""What is wanted next, made in a thread while what is wanted now is in use."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Generic, TypeVar

from torch import Tensor

_Made = TypeVar("_Made")


class Ahead(Generic[_Made]):
    """`make`, of pictures and of the epoch and the step that they are for, one step ahead of the asking.

    Not for several threads at once, but for the one of its own that `make` then runs in.
    """

    def __init__(self, make: Callable[[Tensor, int, int], _Made]) -> None:
        self._make = make
        self._place: tuple[int, int] | None = None  # what is being made is for this epoch and step
        self._made: Future[_Made] = Future()

    def begin(self, numbers: Tensor, epoch: int, step: int) -> None:
        """Begin to make what will be asked for next."""
        self._place, self._made = (epoch, step), Future()
        # A thread for each: it ends by itself, whether it is asked for or not.
        Thread(target=self._fill, args=(self._made, numbers, epoch, step), name="ahead").start()

    def get(self, numbers: Tensor, epoch: int, step: int) -> _Made:
        """What was begun for this place, or else is made now. Raises what `make` raises."""
        begun, self._place = self._place, None
        if begun == (epoch, step):
            return self._made.result()
        return self._make(numbers, epoch, step)

    def _fill(self, made: Future[_Made], numbers: Tensor, epoch: int, step: int) -> None:
        try:
            made.set_result(self._make(numbers, epoch, step))
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is asked for
            made.set_exception(error)
