"""A PC with a hall whose version changes."""

import shutil
from pathlib import Path

import pytest

from tests.features.update.test_update import Pc, begin
from tests.installed import Installed, made_once


@pytest.fixture
def pc(installed: Installed, tmp_path: Path) -> Pc:
    """A hall that worked: a window served, and closed for the evening; its key is trusted."""
    found = Pc(installed, tmp_path / "home")
    made = made_once("update-pc", lambda folder: begin(Pc(installed, folder / "home")))
    shutil.copytree(made / "home", found.home, symlinks=True)
    return found
