"""Whatever somebody puts into a row, doctor names it, and no command takes it for a fault of the program."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from queuedesk.core.errors import OutsideError
from queuedesk.store.engine.database import Database
from tests.desk.damage import Place, damage, whole_hall
from tests.journeys.damaged_rows import tried

EVERY = 293
"""All of them are tried by `python -m tests.journeys.damaged_rows`."""


def test_what_may_not_be_in_a_row_is_named_and_no_bug(tmp_path: Path) -> None:
    count = tried(tmp_path, every=EVERY, at=8)

    assert count.taken > 10
    assert (count.silent, count.bugs) == ([], [])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole hall, to be copied."""
    return whole_hall(tmp_path_factory.mktemp("whole"))


@pytest.mark.parametrize("revision", ["", "x", "0014 ", "14", "-1", "2026-13-45"])
def test_a_hall_that_names_no_version_is_damaged(whole: Path, tmp_path: Path, revision: str) -> None:
    file = Path(shutil.copy(whole, tmp_path))
    assert damage(file, Place("alembic_version", "version_num", ""), revision)

    with pytest.raises(OutsideError) as trouble:
        Database.open(file)
    assert trouble.value.code == "database_damaged"
