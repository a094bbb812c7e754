"""What has to be looked at before a window opens."""

from datetime import date, timedelta

import pytest

from queuedesk.core.setup.file import setup_from_document
from queuedesk.core.talk.device import (
    LOST,
    STOPPED,
    Device,
    DeviceCheck,
    device_and_station_of_log_name,
    device_log_name,
    unmet_device_checks,
)
from tests.hall import at, simple_setup

NOW = at("8:00")
TODAY = date(2026, 11, 20)
DISPLAY, VOICE, GUIDE = ("display", "display"), ("voice", "display"), ("printer", "guide")


def device(key: tuple[str, str], cause: str | None = None, *, days: float = 0, known_days: float = 30) -> Device:
    known, since = NOW - timedelta(days=known_days), NOW - timedelta(days=days)
    outage = None if cause is None else 7
    return Device(device=key[0], station=key[1], known=known, since=since, outage=outage, cause=cause)


def check(key: tuple[str, str], *, seq: int = 1, cause: str | None = None) -> DeviceCheck:
    given = {"date": TODAY, "time": NOW, "passed": cause is None, "cause": cause, "by": "M1"}
    return DeviceCheck(seq=seq, device=key[0], station=key[1], **given)


USUAL = [device(DISPLAY), device(VOICE), device(GUIDE)]
DONE = (check(VOICE, seq=2), check(GUIDE, seq=3))


def lacks(devices: list[Device], *checks: DeviceCheck, spoken: bool = True) -> list[tuple[str, str | None]]:
    known, setup = {one.key: one for one in devices}, setup_from_document(simple_setup(voice={"spoken": spoken}))
    unmet = unmet_device_checks(setup, known, checks, NOW + timedelta(minutes=5))
    return [(device_log_name(one.key), one.lack) for one in unmet]


def test_a_hall_whose_devices_never_reported_is_asked_once_for_each_kind() -> None:
    assert lacks([]) == [("voice", "unchecked"), ("display", "unchecked"), ("printer", "unchecked")]
    checks = (check(("voice", "")), check(("printer", ""), cause="torn"))
    assert lacks([], *checks) == [("display", "unchecked"), ("printer", "failed")]


@pytest.mark.parametrize("known", [[], [VOICE]])
def test_where_calls_are_only_shown_nobody_is_asked_whether_they_hear_it(known: list[tuple[str, str]]) -> None:
    found = [device(key) for key in (DISPLAY, GUIDE, *known)]
    assert lacks(found, spoken=False) == [("display@display", "unchecked"), ("printer@guide", "unchecked")]


def test_each_device_in_use_is_asked_for() -> None:
    found = lacks([*USUAL, device(("display", "display-2"))], check(DISPLAY))
    assert found == [(name, "unchecked") for name in ("voice@display", "display@display-2", "printer@guide")]


@pytest.mark.parametrize(
    ("one", "name"),
    [
        (device(("display", "display-2"), STOPPED), "somebody ended it"),
        (device(("display", "display-2"), LOST, days=8), "given up"),
        (device(("printer", "counter-3")), "gives no tickets"),
        (device(("printer", "manager"), "out_of_paper"), "gives no tickets"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_nobody_counts_on_is_not_asked_for(one: Device, name: str) -> None:
    assert lacks([*USUAL, one], check(DISPLAY), *DONE) == []


def test_a_kiosks_printer_counts_with_its_kiosk_and_a_check_for_a_device_that_reported_afterwards() -> None:
    known = [*USUAL, device(("printer", "K1"))]
    assert lacks([*known, device(("kiosk", "K1"))], check(DISPLAY), *DONE) == [("printer@K1", "unchecked")]
    assert lacks([*known, device(("kiosk", "K1"), STOPPED)], check(DISPLAY), *DONE) == []
    done = (check(("voice", "")), check(DISPLAY, seq=2), DONE[1])
    known = [device(DISPLAY), device(GUIDE)]
    assert lacks([*known, device(VOICE, known_days=-0.001)], *done) == []
    assert lacks([*known, device(VOICE)], *done) == [("voice@display", "unchecked")]


def test_what_is_down_is_missing_until_it_passed_also_where_all_of_a_kind_were_ended() -> None:
    known = [device(DISPLAY, LOST), *USUAL[1:]]
    assert lacks(known, *DONE) == [("display@display", "down")]
    assert lacks(known, *DONE, check(DISPLAY, seq=4)) == []
    failed = (check(DISPLAY, seq=4), check(DISPLAY, seq=5, cause="dark"))
    assert lacks(USUAL, *DONE, *failed) == [("display@display", "failed")], "the last check counts"
    known = [device(DISPLAY, STOPPED), device(VOICE, STOPPED), device(GUIDE)]
    assert lacks(known, check(GUIDE)) == [("voice@display", "down"), ("display@display", "down")]


@pytest.mark.parametrize("key", [VOICE, ("printer", ""), ("display", "display-2#2")])
def test_a_device_is_found_again_by_its_word(key: tuple[str, str]) -> None:
    assert device_and_station_of_log_name(device_log_name(key)) == key
