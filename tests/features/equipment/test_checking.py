"""Checking the equipment, and opening a window without."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from queuedesk.core.features import install, listed
from queuedesk.core.network.roles import station
from queuedesk.core.setup.file import read_setup
from queuedesk.core.talk.opening_checks import is_asked
from queuedesk.desk import looking
from queuedesk.desk.talk import devices
from queuedesk.features.equipment import verbs
from tests.desk.equipment import DISPLAY, VOICE, start, stop
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import GUIDE, MANAGER, Hall, clerk, made_once, refused, simple_hall, simple_setup

PRINTER = ("printer", "guide")


def begun(folder: Path) -> Hall:
    """A hall that asks for checks, its display running, its voice and the guide's printer known to work."""
    hall = simple_hall(folder, settings={"opening_checks": "on"})
    start(hall, DISPLAY)
    for device, name in (VOICE, PRINTER):
        devices.report(hall.desk, hall.ask(station(name)), device, name, None)
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, begun)


def fail(hall: Hall, key: tuple[str, str], cause: str | None) -> None:
    devices.report(hall.desk, hall.ask(station(key[1])), *key, cause)


def still(hall: Hall) -> list[tuple[str, str]]:
    document = verbs.checks_on(hall.desk, hall.clock())
    return [(row["device"], row["lack"]) for row in document["missing"]]


def test_a_window_opens_once_everything_was_checked(hall: Hall) -> None:
    with refused(hall, "checks_missing", missing=["voice@display", "display@display", "printer@guide"]):
        hall.open("1", "C1")
    for device in ("voice", "display", "printer"):
        with refused(hall, "checks_missing", window="1"):
            hall.open("1", "C1")
        hall.do("check", device, who=clerk("C1"))
    hall.open("1", "C1")
    hall.open("2", "C2")

    assert [window.state for window in hall.whole().windows.values()][:2] == ["open", "open"]
    assert hall.whole().waivers == []
    hall.must_follow_from_its_log()


def test_the_next_date_asks_again(hall: Hall) -> None:
    for device in ("voice", "display", "printer"):
        hall.do("check", device)
    hall.open("1", "C1")
    hall.clock.move(days=1)
    devices.beat(hall.desk, hall.ask(station("display")), *DISPLAY)

    with refused(hall, "checks_missing"):
        hall.open("2", "C2")
    assert verbs.checks_on(hall.desk, hall.clock())["checks"] == []


@ON_BOTH_ENGINES
def test_a_waiver_opens_with_its_reason_and_names_what_was_missing(hall: Hall) -> None:
    hall.do("check", "display")
    with refused(hall, "reason_needed"):
        hall.do("open", "1", staff="C1", waive=" ")
    hall.do("open", "1", staff="C1", waive="printer is being mended", who=MANAGER)

    (waiver,) = hall.whole().waivers
    assert (waiver.window, waiver.staff, waiver.reason, waiver.by) == ("1", "C1", "printer is being mended", "M1")
    assert waiver.missing == ("voice@display", "printer@guide")
    assert hall.last().data["missing"] == ["voice@display", "printer@guide"]
    hall.must_follow_from_its_log()


def test_a_waiver_with_nothing_missing_is_none(hall: Hall) -> None:
    for device in ("voice", "display", "printer"):
        hall.do("check", device)
    hall.do("open", "1", staff="C1", waive="in a hurry")

    assert hall.whole().waivers == []
    assert (hall.last().data["waive"], "missing" in hall.last().data) == ("in a hurry", False)


def test_a_hall_that_does_not_ask_opens_at_once(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.open("1", "C1")

    assert verbs.checks_on(hall.desk, hall.clock())["missing"] == []


def test_what_happened_elsewhere_needs_no_check(hall: Hall) -> None:
    from msgspec.structs import replace

    from queuedesk.desk.queue import opening

    opening.open_window(hall.desk, replace(hall.ask(), recorded=True), "1", staff="C1")
    assert hall.whole().windows["1"].state == "open"


@ON_BOTH_ENGINES
def test_what_is_known_to_be_down_cannot_pass(hall: Hall) -> None:
    fail(hall, PRINTER, "out_of_paper")
    with refused(hall, "device_down", device="printer", station="guide", cause="out_of_paper"):
        hall.do("check", "printer")
    hall.do("check", "printer", failed="no paper left in the cupboard")
    assert still(hall) == [("voice", "unchecked"), ("display", "unchecked"), ("printer", "down")]
    fail(hall, PRINTER, None)
    assert still(hall)[2:] == [("printer", "failed")]
    hall.do("check", "printer")

    assert still(hall) == [("voice", "unchecked"), ("display", "unchecked")]


def test_what_failed_says_of_what(hall: Hall) -> None:
    with refused(hall, "reason_needed"):
        hall.do("check", "display", failed="  ")
    with refused(hall, "bad_value", field="failed"):
        hall.do("check", "display", failed="x" * 101)
    document = hall.do("check", "display", failed="left half dark", who=GUIDE)

    assert (document["passed"], document["cause"], document["by"]) == (False, "left half dark", "G1")


def test_one_of_several_has_to_be_named(hall: Hall) -> None:
    start(hall, ("display", "display-2"))
    with refused(hall, "which_device", stations=["display", "display-2"]):
        hall.do("check", "display")
    with refused(hall, "unknown_device", station="display-3"):
        hall.do("check", "display", "display-3")
    with refused(hall, "bad_value", field="device"):
        hall.do("check", "kiosk")
    hall.do("check", "display", "display-2")
    assert ("display", "unchecked") in still(hall)
    stop(hall, ("display", "display-2"))
    hall.do("check", "display", "display")

    assert still(hall) == [("voice", "unchecked"), ("printer", "unchecked")]


def test_a_pc_need_not_be_named_where_one_has_the_device(hall: Hall) -> None:
    stop(hall, DISPLAY)
    start(hall, ("display", "display-2@Door"))
    assert hall.do("check", "display", "display-2")["station"] == "display-2@Door"
    start(hall, ("display", "display-2@Back"))
    with refused(hall, "which_device", stations=["display-2@Back", "display-2@Door"]):
        hall.do("check", "display", "display-2")


def test_a_trial_is_shown_by_its_display_and_said_by_its_voice(hall: Hall) -> None:
    now = hall.clock()
    hall.do("try", "voice", text="试音", text_en="A test", who=clerk("C1"))
    hall.do("try", "display", text="试屏")
    state = looking.hall_now(hall.desk, now)
    spoken, shown = state.pushed

    assert (spoken.text, spoken.text_en, spoken.display, spoken.spoken) == ("试音", "A test", "display", True)
    assert (shown.text, shown.display, shown.spoken) == ("试屏", "display", False)
    assert [one.is_on(now + timedelta(seconds=s)) for s in (0, 29, 31) for one in (spoken,)] == [True, True, False]
    assert (state.checks, len(still(hall))) == ([], 3)  # a trial is no judgement
    hall.must_follow_from_its_log()


def test_a_trial_of_a_printer_is_on_no_display(hall: Hall) -> None:
    hall.do("try", "printer", text="a slip")

    assert looking.hall_now(hall.desk, hall.clock()).pushed == []
    assert hall.last().data["station"] == "guide"


@ON_BOTH_ENGINES
def test_the_trials_of_a_date_end_with_it(hall: Hall) -> None:
    hall.do("try", "voice", text="试音")
    hall.do("day-end")

    assert hall.whole().pushed == []
    hall.must_follow_from_its_log()


def test_what_is_said_to_try_a_device_is_short(hall: Hall) -> None:
    """A clerk may try the voice; what it says is no announcement."""
    with refused(hall, "bad_value"):
        verbs.try_out(hall.desk, hall.ask(clerk("C1")), "voice", text="x" * 101)


def test_without_the_folder_that_lets_people_check_no_window_waits_for_it() -> None:
    setup, there = read_setup(simple_setup(settings={"opening_checks": "on"})), listed("FEATURES")
    assert is_asked(setup)
    install([name for name in there if name != "equipment"])
    try:
        assert not is_asked(setup)
    finally:
        install(there)
