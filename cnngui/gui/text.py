"""Numbers and durations as a person reads them."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale

_LONG = 40  # letters of a name within a sentence


def tr(text: str) -> str:
    """Translate a text that belongs to no particular widget."""
    return QCoreApplication.translate("cnngui", text)


def number(value: int) -> str:
    """1234 as 1,234 in the person's locale; where none is set, as in English."""
    locale = QLocale()
    if locale.language() == QLocale.Language.C:
        locale = QLocale(QLocale.Language.English)
    return locale.toString(value)


def counted(value: int, one: str, many: str) -> str:
    """`one` for one; otherwise `many`, whose %n becomes the number. Both come translated."""
    return one if value == 1 else many.replace("%n", number(value))


def pictures(value: int) -> str:
    return counted(value, tr("1 picture"), tr("%n pictures"))


def classes(value: int) -> str:
    return counted(value, tr("1 class"), tr("%n classes"))


def percent(share: float, digits: int = 0) -> str:
    """A share of 0 to 1 in per cent. Never rounds up to 100 or down to 0 what is not quite that."""
    value = round(100 * share, digits)
    step = 10.0**-digits
    if value >= 100 and share < 1:
        value = 100 - step
    elif value <= 0 and share > 0:
        return f"<{step:.{digits}f} %"
    return f"{value:.{digits}f} %"


def duration(seconds: float) -> str:
    """A length of time, as coarse as a person would say it: "40 s", "6 min", "1 h 20 min"."""
    if seconds < 59.5:
        return tr("{0} s").format(max(1, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 60:
        return tr("{0} min").format(minutes)
    hours, rest = divmod(minutes, 60)
    return tr("{0} h {1} min").format(hours, rest) if rest else tr("{0} h").format(hours)


def remaining(seconds: float) -> str:
    """What is left of a long piece of work."""
    if seconds < 5:
        return tr("a few seconds left")
    if seconds < 59.5:  # in steps of five: a number that jumps every moment cannot be read
        return tr("about {0} left").format(duration(5 * round(seconds / 5)))
    return tr("about {0} left").format(duration(seconds))


def shown(path: Path | str) -> str:
    """A path fit for the screen: bytes of a file name that are not text become a replacement sign."""
    return str(path).encode("utf-8", "replace").decode("utf-8", "replace")


def accuracy(share: float, images: int) -> str:
    """ "92 of 100 validation pictures right"."""
    right = number(round(share * images))
    return counted(
        images,
        tr("{0} of 1 validation picture right").format(right),
        tr("{0} of %n validation pictures right").format(right),
    )


def interval(low: float, high: float) -> str:
    """ "95 % interval 85–96 %"."""
    return tr("95 % interval {0}–{1} %").format(round(100 * low), round(100 * high))


def some(names: tuple[str, ...], most: int = 6) -> str:
    """ "ants, bees and wasps"; of many only the first and how many more, of long names the beginning."""
    known = [name if len(name) <= _LONG else f"{name[:_LONG]}…" for name in map(shown, names)]
    if len(known) > most:
        return tr("{0} and {1} more").format(", ".join(known[: most - 1]), number(len(known) - most + 1))
    if len(known) < 2:
        return "".join(known)
    return tr("{0} and {1}").format(", ".join(known[:-1]), known[-1])
