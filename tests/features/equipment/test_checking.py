"""Checking the equipment, and opening a window without."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from queuedesk.core.network.roles import actor_of_station
from queuedesk.core.setup.file import setup_from_document
from queuedesk.core.talk.opening_checks import is_opening_check_required_in_hall
from queuedesk.desk import looking
from queuedesk.desk.queue import opening
from queuedesk.desk.talk import devices
from queuedesk.features.equipment import verbs
from tests.core.added import all_but, program_of
from tests.desk.equipment import DISPLAY, VOICE, start
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import Hall, clerk, refused, simple_hall, simple_setup


def begun(folder: Path) -> Hall:
    """A hall that asks for checks, its display running, its voice and the guide's printer known to work."""
    hall = simple_hall(folder, settings={"opening_checks": "on"})
    start(hall, DISPLAY)
    for device, name in (VOICE, ("printer", "guide")):
        devices.record_device_state(hall.desk, hall.ask(actor_of_station(name)), device, name, None)
    return hall


pytestmark = pytest.mark.hall(make=begun)


def test_what_happened_elsewhere_needs_no_check(hall: Hall) -> None:
    with refused(hall, "checks_missing"):
        hall.do("open", "2", staff="C2")
    opening.open_window(hall.desk, replace(hall.ask(), recorded=True), "2", staff="C2")
    assert hall.whole().windows["2"].state == "open"


@ON_BOTH_ENGINES
def test_a_trial_is_shown_by_its_display_and_said_by_its_voice_and_goes_with_its_date_as_checks_do(hall: Hall) -> None:
    now = hall.clock()
    hall.do("try", "voice", text="试音", text_en="A test", who=clerk("C1"))
    hall.do("try", "display", text="试屏")
    state = looking.hall_state_now(hall.desk, now)
    spoken, shown = state.pushed
    assert (spoken.text, spoken.text_en, spoken.display, spoken.spoken) == ("试音", "A test", "display", True)
    assert (shown.text, shown.display, shown.spoken) == ("试屏", "display", False)
    assert [spoken.is_shown_at(now + timedelta(seconds=s)) for s in (0, 29, 31)] == [True, True, False]
    assert state.checks == []  # a trial is no judgement
    hall.do("check", "voice")
    state = looking.hall_state_now(hall.desk, now)
    assert len(state.checks) == 1
    state.drop_closed_records_before(hall.date + timedelta(days=1))
    assert state.checks == [], "a station forgets those of earlier dates"
    with refused(hall, "bad_value"):  # what a clerk has said is short: it is no announcement
        verbs.try_device(hall.desk, hall.ask(clerk("C1")), "voice", text="x" * 101)
    hall.do("day-end")
    assert hall.whole().pushed == [], "they end with the date"
    hall.must_follow_from_its_log()


def test_without_the_folder_that_lets_people_check_no_window_waits_for_it() -> None:
    setup = setup_from_document(simple_setup(settings={"opening_checks": "on"}))
    assert is_opening_check_required_in_hall(setup)
    with program_of(all_but("equipment")):
        assert not is_opening_check_required_in_hall(setup)
