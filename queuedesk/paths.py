"""The one way to find a file that comes with the program."""

from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent / "resources"


def resource(*parts: str) -> Path:
    """Return the path of a file or folder under resources/; it is not checked to exist."""
    return _ROOT.joinpath(*parts)
