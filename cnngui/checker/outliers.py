"""Pictures that stand out in a folder, against folders that are simply of that kind."""

from collections.abc import Sized
from typing import Final

_MOST: Final = 0.25
"""Where a quarter of the pictures is dark, light or blurred, that is what the folder's pictures are like."""


def are_outliers(some: Sized, all_of_them: Sized) -> bool:
    """Whether `some` are few enough among `all_of_them` to be exceptions. One always is, if not the only
    one."""
    return 0 < len(some) < len(all_of_them) and (len(some) == 1 or len(some) <= _MOST * len(all_of_them))


def stand_out(some: Sized, all_of_them: Sized) -> str:
    """ "3 of 120 pictures are"."""
    count = len(some)
    return f"{count:,} of {len(all_of_them):,} pictures {'is' if count == 1 else 'are'}"
