"""No event, of whatever kind and content, leaves a station behind; daily what `usual` names, else all, by chance."""

import random
from collections.abc import Iterator

import pytest

from queuedesk import i18n
from queuedesk.desk import looking
from tests.desk.stage import stage
from tests.event_cases import Case, cases, put_in, usual
from tests.every_day import SEES_ALL
from tests.stations.all_stations import AllStations

AT_ONCE = 100 if SEES_ALL else 1000
"""So many strange events come in one breath, as a merge or a PC that was away brings them."""


def batches() -> Iterator[list[Case]]:
    found = list(cases() if SEES_ALL else usual(cases()))
    if SEES_ALL:
        random.shuffle(found)
    else:  # The day's end signs everybody out, so it comes last.
        found.sort(key=lambda case: case.event.kind == "day-end")
    return (found[i : i + AT_ONCE] for i in range(0, len(found), AT_ONCE))


@pytest.fixture
def hall(tmp_path):
    return stage(tmp_path)


@pytest.fixture
def everybody(hall, qapp) -> Iterator[AllStations]:
    i18n.choose_language("en")
    made = AllStations(hall, qapp)
    yield made
    made.stop()


def test_after_every_strange_event_each_station_shows_the_hall_as_it_is(hall, everybody: AllStations) -> None:
    for batch in batches():
        put_in(hall.desk.db, 1, [case.event for case in batch], hall.clock())
        everybody.must_stand_at(looking.hall_state_now(hall.desk, hall.clock()))
    label = hall.issue("A")
    everybody.must_stand_at(looking.hall_state_now(hall.desk, hall.clock()))
    assert all((hall.date, label) in station.context.feed.state.tickets for station in everybody.stations)
    assert everybody.bugs == []
    hall.must_follow_from_its_log()
