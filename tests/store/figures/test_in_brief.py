"""What the database counts of a hall's date for its row among others is what the rules count of its log."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import update

from queuedesk.core.figures.measures.document import day_figures, day_in_brief
from queuedesk.core.log.state import HallState
from queuedesk.core.setup.file import read_setup
from queuedesk.desk.change import Desk
from queuedesk.store.figures.counted import in_brief
from queuedesk.store.schema import legs
from tests import whole_halls
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import Hall, make_hall
from tests.reports.days import NEXT_MORNING, eventful
from tests.reports.test_measures_recomputed import Visits

pytestmark = ON_BOTH_ENGINES

TARGETS = (1, 3, 5, 8, 15, 60)


def of_a_week(folder: Path) -> Desk:
    return Visits(folder, Random(11)).week(6)


def of_the_log(desk: Desk) -> HallState:
    with desk.db.read() as tx:
        return whole_halls.from_log(tx, desk.hall)


def counted(desk: Desk, state: HallState) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return for every date, under several targets, what the database counts and what the rules do."""
    found = []
    assert state.setup_now is not None
    document = state.setup_now.document
    for minutes in TARGETS:
        settings = {**document.get("settings", {}), "wait_target_minutes": minutes}
        state.setup_now = read_setup({**document, "settings": settings})
        for day in sorted({ticket.date for ticket in state.tickets.values()}):
            with desk.db.read() as tx:
                own = in_brief(tx, {desk.hall: day})[desk.hall]
            brief = day_in_brief(state.setup_now, day, own.states, own.legs)
            whole = day_figures(state, day, NEXT_MORNING)
            asked = [{key: one[key] for key in ("measure", "value", "first", "last")} for one in whole["targets"]]
            wait = {key: whole["wait"][key] for key in ("target_minutes", "within_target")}
            found.append(
                (brief, {**{key: whole[key] for key in ("from", "to", "finished")}, "wait": wait, "targets": asked})
            )
    return found


@pytest.mark.parametrize("make", [eventful, of_a_week])
def test_days_with_everything_in_them_are_counted_as_by_the_rules(tmp_path: Path, make: Any) -> None:
    desk = make(tmp_path)

    found = counted(desk, of_the_log(desk))

    assert [brief for brief, _whole in found] == [whole for _brief, whole in found]
    assert len({brief["wait"]["within_target"] for brief, _whole in found}) >= 4


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = make_hall(tmp_path, time="9:00")
    hall.open("3", "C3")
    return hall


def test_a_wait_as_long_as_the_target_is_within_it_and_one_microsecond_more_is_not(hall: Hall):
    for more in (0, 1):
        hall.issue("A")
        hall.clock.move(minutes=5, microseconds=more)
        hall.serve_out("3")

    shares = {
        one["wait"]["target_minutes"]: one["wait"]["within_target"] for one, _ in counted(hall.desk, hall.whole())
    }

    assert shares == {1: 0.0, 3: 0.0, 5: 0.5, 8: 1.0, 15: 1.0, 60: 1.0}


def test_a_number_that_no_program_wrote_stops_no_reader(hall: Hall):
    hall.queue("A", "A")
    hall.serve_out("3")
    with hall.desk.db.write(hall.desk.hall) as tx:
        tx.execute(update(legs).values(joined=-(2**63) + 1))

    with hall.desk.db.read() as tx:
        own = in_brief(tx, {hall.desk.hall: hall.date})[hall.desk.hall]

    assert (own.states, sum(own.legs.values())) == ({"finished": 1, "waiting": 1}, 2)
