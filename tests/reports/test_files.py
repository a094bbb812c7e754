"""Files of reports are there whole or not at all, whatever they are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.core.errors import OutsideError
from queuedesk.reports.files import put_in_place


def test_a_name_as_long_as_the_disk_takes(tmp_path: Path) -> None:
    target = tmp_path / ("数" * 80 + ".json")

    put_in_place(target, b"first")
    put_in_place(target, b"second")

    assert [(path, path.read_bytes()) for path in tmp_path.iterdir()] == [(target, b"second")]


@pytest.mark.parametrize("name", ["a" * 400 + ".json", "a\0b.json", "no/such/folder.json"])
def test_a_name_that_no_disk_takes_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutsideError, match="cannot_write"):
        put_in_place(tmp_path / name, b"content")

    assert list(tmp_path.iterdir()) == []
