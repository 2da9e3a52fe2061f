from pathlib import Path

import pytest

from tests.pictures import make_pictures


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CNNGUI_HOME", str(tmp_path / "home"))


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Three classes of 20 pictures each."""
    return make_pictures(tmp_path / "pictures")
