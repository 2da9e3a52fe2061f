"""A folder in which permissions count, also where the tests run as root."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

NOBODY = 65534


@pytest.fixture
def guarded() -> Iterator[Path]:
    """A temporary folder of an ordinary user, as whom the test runs until its end."""
    if sys.platform == "win32":
        pytest.skip("Windows has no permission bits to take away")
    else:
        folder = Path(tempfile.mkdtemp())
        root = os.geteuid() == 0
        if root:
            os.chown(folder, NOBODY, -1)
            os.seteuid(NOBODY)
        try:
            yield folder
        finally:
            if root:
                os.seteuid(0)
            for path in folder.rglob("*"):
                path.chmod(0o700)
            shutil.rmtree(folder)
