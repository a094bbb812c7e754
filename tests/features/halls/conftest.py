"""Halls side by side in one database of a server."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import setting_up
from queuedesk.desk.change import Ask
from tests.hall import Clock, Hall, at


@pytest.fixture
def founded(pg_url: str, tmp_path: Path) -> Iterator[Callable[..., dict[str, Hall]]]:
    """Return what founds halls of a set-up document by their codes, each with a row of its own, with one clock."""
    clock, made = Clock(at("9:00")), dict[str, Hall]()

    def founded(document: dict[str, Any], rows: dict[str, dict[str, Any]], time: str = "9:00") -> dict[str, Hall]:
        for code, row in rows.items():
            own = {**document, "hall": {**document["hall"], "code": code, "name": code, **row}}
            made[code] = Hall(setting_up.create_hall(pg_url, own, Ask(CONSOLE, at(time))), clock, tmp_path)
        return made

    yield founded
    for one in made.values():
        one.desk.db.dispose()
