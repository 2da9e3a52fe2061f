"""The one exception that a person is meant to read."""


class RequestError(Exception):
    """The request itself cannot be met.

    Its text is shown to the person as it stands: one line that says what, where and what to do.
    The command line prints it and exits with status 2; the window shows it where it was asked.
    One bad picture among many is not this: it is an :class:`cnngui.data.index.Unreadable` value.
    """


class SaidElsewhereError(RequestError):
    """Another process of the team says why, or has said it: this one ends without a word."""
