"""What a page's controller reads, and when it reads it anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from queuedesk.stations.manager.parts.page_controller import PageController
from queuedesk.stations.window.context import StationContext
from tests.hall import Hall


class Reading(PageController[int]):
    """Counts its readings. During the first it is asked twice to read anew: something has changed since it began."""

    def __init__(self, context: StationContext) -> None:
        super().__init__(context)
        self.begun = 0
        self.known: list[int] = []

    def _reader(self) -> Callable[[], int]:
        return self._count

    def _count(self) -> int:
        self.begun += 1
        if self.begun == 1:
            self.refresh(anew=True)
            self.refresh(anew=True)
        return self.begun

    def _take(self, read: int) -> None:
        self.known.append(read)


def test_what_changes_while_it_is_read_is_read_once_more_and_what_is_fresh_is_not(
    hall: Hall, context: StationContext
) -> None:
    reading = Reading(context)

    reading.refresh()
    assert reading.known == [1, 2]
    reading.refresh()
    assert reading.known == [1, 2]
    hall.clock.now += reading.KEEPS + timedelta(seconds=1)
    reading.refresh()
    assert reading.known == [1, 2, 3]
