"""What a page's controller reads, and when it reads it anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from queuedesk.core.errors import OutsideError
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


class Following(PageController[str]):
    """Reads what is wanted; another is wanted while the first is read, and "gone" can't be read."""

    def __init__(self, context: StationContext) -> None:
        super().__init__(context)
        self.wanted, self.begun = "first", 0
        self.troubles: list[str] = []
        self.unread.connect(lambda trouble: self.troubles.append(trouble.code))

    def _depends(self) -> object:
        return self.wanted

    def _reader(self) -> Callable[[], str]:
        return partial(self._answer, self.wanted)

    def _answer(self, wanted: str) -> str:
        self.begun += 1
        if wanted == "gone":
            raise OutsideError("database_away", path="hall.sqlite")
        if self.begun == 1:
            self.wanted = "second"
            self.refresh()
        return wanted


def test_what_depends_on_something_is_read_when_that_changes_and_asked_for_again_when_it_could_not_be_read(
    hall: Hall, context: StationContext
) -> None:
    following = Following(context)
    told: list[str | None] = []
    following.changed.connect(lambda: told.append(following.found))

    following.refresh()
    assert told == ["first", "second"], "what became of it meanwhile is read after it"
    hall.clock.now += timedelta(days=1)
    following.refresh()
    assert following.begun == 2
    following.wanted = "gone"
    following.refresh()
    following.refresh()
    assert (following.troubles, following.begun) == (["database_away"] * 2, 4)
    following.wanted = "second"
    following.refresh()
    assert told == ["first", "second", "second"], "it is told although it is the same: it was not known"
