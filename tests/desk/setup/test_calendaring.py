"""Changing the calendar: one event a change, kept by both engines, exported and imported whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import Actor, Role
from queuedesk.desk import looking
from queuedesk.desk.setup import setting_up
from queuedesk.desk.setup.calendaring import published, set_days
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import refused, simple_hall, simple_setup

pytestmark = ON_BOTH_ENGINES

NEW_YEAR, MAKE_UP = "2026-01-01", "2026-01-04"


def test_a_published_year_is_one_event_and_goes_with_the_set_up_file(tmp_path: Path) -> None:
    hall, days = simple_hall(tmp_path), published("cn")[2026].days
    seq = hall.last().seq
    set_days(hall.desk, hall.ask(), days)
    setup = looking.setup_of(hall.desk)

    assert hall.last().seq == seq + 1
    assert setup.document["calendar"] == days
    assert setup.calendar.on(date(2026, 1, 1)).text_en == "New Year's Day"
    hall.must_follow_from_its_log()

    set_days(hall.desk, hall.ask(), {NEW_YEAR: days[NEW_YEAR]})
    assert hall.last().seq == seq + 1  # the same again changes nothing
    set_days(hall.desk, hall.ask(), {NEW_YEAR: None, MAKE_UP: {"kind": "holiday"}})
    assert (hall.last().seq, hall.last().data["row"]) == (seq + 2, {NEW_YEAR: None, MAKE_UP: {"kind": "holiday"}})
    after = looking.setup_of(hall.desk)
    assert NEW_YEAR not in after.document["calendar"]
    hall.do("import", {**simple_setup(), "calendar": {NEW_YEAR: days[NEW_YEAR]}})
    assert looking.setup_of(hall.desk).document["calendar"] == {**days, MAKE_UP: {"kind": "holiday"}}


def test_a_managers_change_is_taken_back_by_an_admin(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    before = looking.setup_of(hall.desk).document
    with pytest.raises(RuleError, match="not_your_role"):
        set_days(hall.desk, hall.ask(Actor("C1", Role.CLERK)), {NEW_YEAR: {"kind": "holiday"}})
    set_days(hall.desk, hall.ask(Actor("M1", Role.MANAGER)), {NEW_YEAR: {"kind": "holiday"}})
    after = looking.setup_of(hall.desk).document

    with refused(hall, "not_there", code=MAKE_UP):
        set_days(hall.desk, hall.ask(), {MAKE_UP: None})
    assert setting_up.take_back(hall.desk, hall.ask(), before, after) == {"parts": ["calendar"]}
    assert looking.setup_of(hall.desk).calendar.days == {}
