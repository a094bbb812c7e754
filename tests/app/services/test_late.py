"""A service that is loaded when it is first used."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from queuedesk.app.services.papers import late


def test_it_is_made_once_by_whoever_first_asks_for_something_of_it() -> None:
    made: list[Path] = []

    def make() -> Path:
        made.append(Path("/halls/hall.sqlite"))
        return made[-1]

    service = late(make)
    assert made == []
    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(lambda _n: service.name, range(20))) == {"hall.sqlite"}
    assert len(made) == 1
    assert service.parent == Path("/halls")
