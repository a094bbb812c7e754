"""Notices stay as long as it takes to read them, on the days they are meant for."""

from datetime import timedelta

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.setup.file import check_setup, read_setup
from queuedesk.core.setup.rows import Notice
from queuedesk.stations.display.slides import Rotation, notices_on, reading_s
from tests.hall import DAY, at, simple_setup

SETUP = read_setup(simple_setup())


def usual(text: str) -> float:
    return reading_s(text, SETUP)


@pytest.mark.parametrize(("length", "seconds"), [(1, 8), (10, 8), (20, 11), (100, 35)])
def test_reading_takes_5_seconds_and_0_3_per_character(length: int, seconds: float):
    assert reading_s("缴" * length, SETUP) == pytest.approx(seconds)


@pytest.mark.parametrize(("length", "seconds"), [(1, 13), (100, 60)])
def test_the_hall_sets_the_pace(length: int, seconds: float):
    slow = read_setup(simple_setup(settings={"notice_s": 10, "notice_100_s": 50}))
    assert reading_s("缴" * length, slow) == pytest.approx(seconds)


@pytest.mark.parametrize("rule", [{"notice_s": 4}, {"notice_100_s": 29}])
def test_no_pace_is_faster_than_people_read(rule: dict[str, int]):
    with pytest.raises(RuleError):
        check_setup(simple_setup(settings=rule))


def test_each_has_its_time_and_then_the_next_comes():
    rotation = Rotation[str](usual)
    rotation.set_items(["short", "a" * 50])
    now = at("10:00")

    seen = []
    for _second in range(40):
        rotation.tick(now)
        seen.append(rotation.at)
        now += timedelta(seconds=1)

    assert seen == [0] * 8 + [1] * 20 + [0] * 8 + [1] * 4


def test_one_alone_never_changes():
    rotation = Rotation[str](usual)
    rotation.set_items(["alone"])

    assert not any(rotation.tick(at("10:00") + timedelta(seconds=s)) for s in range(60))


def test_what_is_being_read_stays_when_others_come():
    rotation = Rotation[str](usual)
    rotation.set_items(["a", "b"])
    rotation.tick(at("10:00"))
    rotation.tick(at("10:00:08"))

    rotation.set_items(["c", "a", "b"])

    assert rotation.current() == "b"


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        ("", "", True),
        ("2026-11-20", "2026-11-20", True),
        ("2026-11-21", "", False),
        ("", "2026-11-19", False),
        ("2026-11-01", "2026-11-30", True),
    ],
)
def test_notices_keep_to_their_dates(start: str, end: str, shown: bool):
    notice = Notice(text="缴费", start=start, end=end)

    assert notices_on([notice], DAY.date()) == ([notice] if shown else [])
