"""A PC of its own for each test, and a hall."""

from pathlib import Path

import pytest

from tests.cli.conftest import bare  # noqa: F401
from tests.hall import Hall, hall_of, make_hall


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what this PC remembers and keeps lie in the test's folder."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA"):
        monkeypatch.setenv(name, str(tmp_path))


@pytest.fixture
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Hall:
    """That of the power company at nine o'clock, or what the mark `hall` makes."""
    return hall_of(request, tmp_path, make_hall)
