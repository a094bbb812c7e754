"""No event, of whatever kind and content, leaves a station behind: each station as the program builds it, over one
hall.

All the events there are, in any order: `python -m tests.journeys.strange_events`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from queuedesk import i18n
from queuedesk.desk import looking
from tests.desk.stage import stage
from tests.event_cases import Case, cases, put_in, usual
from tests.hall import Hall
from tests.stations.all_stations import AllStations

AT_ONCE = 1000
"""So many strange events come in one breath, as a merge or a PC that was away brings them."""


def batched(found: list[Case], n: int) -> Iterator[list[Case]]:
    return (found[i : i + n] for i in range(0, len(found), n))


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return stage(tmp_path)


@pytest.fixture
def everybody(hall: Hall, qapp: QApplication) -> Iterator[AllStations]:
    i18n.use("en")
    made = AllStations(hall, qapp)
    yield made
    made.stop()
    i18n.use("zh_CN")


def test_after_every_strange_event_each_station_shows_the_hall_as_it_is(hall: Hall, everybody: AllStations) -> None:
    # The day's end signs everybody out, so it comes last.
    ordered = sorted(usual(cases()), key=lambda case: case.event.kind == "day-end")
    for batch in batched(ordered, AT_ONCE):
        put_in(hall.desk.db, 1, [case.event for case in batch], hall.clock())
        everybody.must_stand_at(looking.hall_now(hall.desk, hall.clock()))

    label = hall.issue("A")
    everybody.must_stand_at(looking.hall_now(hall.desk, hall.clock()))
    assert all((hall.date, label) in station.context.feed.state.tickets for station in everybody.stations)
    assert everybody.bugs == []
    hall.must_follow_from_its_log()
