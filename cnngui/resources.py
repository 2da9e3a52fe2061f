"""The only way to a shipped file: the same call in a checkout, an installed wheel and a frozen program."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
# A wheel and a frozen program carry the files inside the package; a checkout has them beside it.
_INSIDE = _PACKAGE / "_resources"
_ROOT = _INSIDE if _INSIDE.is_dir() else _PACKAGE.parent / "resources"


def path(*parts: str) -> Path:
    """Where the shipped file `parts[0]/parts[1]/…` is. It need not exist: a starter model may be left out."""
    return _ROOT.joinpath(*parts)
