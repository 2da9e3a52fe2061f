"""Between two steps: whether to stop, whether it is time for a report, how far the run is."""

import math
import time

from cnngui.cancel import Cancel
from cnngui.engine.clock import Clock
from cnngui.engine.course import Course
from cnngui.engine.distributed import Team

_REPORT_SECONDS = 0.05


class Lookout:
    """What the processes of a team have agreed on: anybody's wish to stop, and the leader's clock.

    `progress`, 0 to 1, is how far the learning rate's course is.
    """

    def __init__(self, team: Team, cancel: Cancel, clock: Clock, course: Course) -> None:
        self._team, self._cancel, self._clock, self._course = team, cancel, clock, course
        self.progress, self.stopping = 0.0, False

    def look(self, epoch: int, step: int, reported: float = math.inf) -> bool:
        """Agree anew, with `step` steps of `epoch` done and the last report at `reported` (of
        `time.monotonic`). Returns whether to report. Waits while paused, which is no time of work."""
        if self._cancel.paused:
            since = time.monotonic()
            self._cancel.check()
            self._clock.pause_over(since)
        wish, progress, due = self._cancel.check(), 0.0, False
        if self._team.leads:
            progress = self._course.progress(epoch, step)
            due = time.monotonic() - reported >= _REPORT_SECONDS
        stops, self.progress, reports = self._team.sums((wish, progress, due))
        self.stopping = stops > 0
        return reports > 0
