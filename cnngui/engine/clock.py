"""How long a training has worked: not while it was paused, and not while the machine slept."""

import time

# A look that comes this late, and this many times later than any before, is a machine that slept.
_SECONDS, _TIMES = 60.0, 20.0


class Clock:
    """Seconds of work. Call `look` regularly, and `pause_over` after what may have been a pause."""

    def __init__(self) -> None:
        self._start = self._last = time.monotonic()
        self._idle = self._longest = 0.0

    def seconds(self) -> float:
        """Of work since the clock was made."""
        return time.monotonic() - self._start - self._idle

    def look(self) -> float:
        """Note that work is going on. Returns the seconds the machine seems to have slept, mostly 0.

        Some systems' monotonic clocks go on while they sleep; nothing else tells it from a slow step.
        """
        now = time.monotonic()
        gap, self._last = now - self._last, now
        if self._longest and gap > max(_SECONDS, _TIMES * self._longest):
            self._idle += gap - self._longest
            return gap
        self._longest = max(self._longest, gap)
        return 0.0

    def pause_over(self, since: float) -> None:
        """The time from `since` (of `time.monotonic`) until now was no work."""
        now = time.monotonic()
        self._idle += now - since
        self._last += now - since
