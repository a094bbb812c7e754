"""A clock that was put on, behind, or a year off: when it goes by itself, when staff is asked, and what a person is
told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.log.pc_clock import Reading, WatchedClock
from queuedesk.core.log.ticket_history import TicketHistory
from queuedesk.core.network.roles import CONSOLE, HALL, Actor
from queuedesk.core.queue.ticket import State
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.desk.queue import issuing
from queuedesk.desk.talk import devices
from queuedesk.desk.upkeep import clocks
from queuedesk.features.appointments import verbs as booking
from queuedesk.i18n import say
from queuedesk.i18n.queue.event_words import event_words
from queuedesk.i18n.upkeep.clock_words import question_words
from tests.hall import GUIDE, MANAGER, Hall, at, simple_hall, simple_setup


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """Left open on Friday 20 November at 17:30: window 1 is open and four wait."""
    hall = simple_hall(tmp_path, time="17:30")
    hall.open("1", "C1")
    hall.queue("A", "A", "A", "A")
    return hall


@pytest.fixture(params=["zh_CN", "en"])
def lang(request: pytest.FixtureRequest) -> Iterator[str]:
    yield request.param


def read(hall: Hall, who: Actor = CONSOLE, *, since: datetime | None = None, was_set: bool = False) -> Ask:
    """Return what is asked by this PC's clock, of which a process has seen nothing before `since`, or before now."""
    now = hall.clock().astimezone(UTC)
    return Ask(who, now, reading=Reading(since or now, was_set))


def refused(work: Any, *args: Any, **words: Any) -> RuleError:
    with pytest.raises(RuleError) as told:
        work(*args, **words)
    return told.value


def next_morning(hall: Hall, **more: float) -> None:
    hall.clock.now = at("10:42") + timedelta(days=1) + timedelta(**more)


def test_nobody_is_sent_away_by_a_clock_that_nobody_saw_pass(hall: Hall, lang: str) -> None:
    next_morning(hall)
    before = hall.last().seq

    trouble = refused(issuing.issue, hall.desk, read(hall), "A")

    assert trouble.code == "clock_ahead"
    sentence = {
        "en": "The hall was left open on Fri 20 Nov with 4 waiting. Is it Sat 21 Nov, 10:42?"
        " A member of staff has to confirm this first: queuedesk clock confirm.",
        "zh_CN": "11月20日 周五本厅没有关闭，还有 4 人等候。现在是11月21日 周六 10:42 吗？请先由工作人员确认：queuedesk clock confirm。",
    }
    assert say(trouble, lang) == sentence[lang]
    assert hall.last().seq == before
    assert [hall.ticket(one, at("9:00").date()).state for one in ("A001", "A004")] == [State.WAITING] * 2


@pytest.mark.parametrize("deed", [clocks.end_due, clocks.end_today])
def test_day_end_obeys_the_same_rule(hall: Hall, deed: Any) -> None:
    next_morning(hall)

    assert refused(deed, hall.desk, read(hall, HALL)).code == "clock_ahead"


def test_one_press_and_the_morning_begins(hall: Hall) -> None:
    next_morning(hall)
    asked = clocks.question(hall.desk, read(hall))
    assert asked is not None
    assert (
        question_words(asked, "en") == "The hall was left open on Fri 20 Nov with 4 waiting. Is it Sat 21 Nov, 10:42?"
    )

    hall.clock.move(minutes=2)  # until somebody reads it
    clocks.confirm(hall.desk, read(hall, GUIDE), asked.now)

    assert [(e.kind, e.actor) for e in hall.log()[-2:]] == [("day-end", "hall"), ("clock", "G1")]
    assert hall.last().data["was"] == "2026-11-20T09:30:00.000000+00:00"
    assert issuing.issue(hall.desk, read(hall), "A")["ticket"] == "A001"
    assert clocks.question(hall.desk, read(hall)) is None
    assert refused(clocks.confirm, hall.desk, read(hall, GUIDE)).code == "nothing_to_confirm"
    hall.must_follow_from_its_log()


def test_what_was_seen_and_what_is_confirmed_are_one_time(hall: Hall) -> None:
    """The clock may be set right, or wrong, while the question stands."""
    next_morning(hall)
    asked = clocks.question(hall.desk, read(hall))
    assert asked is not None

    next_morning(hall, days=365)

    assert refused(clocks.confirm, hall.desk, read(hall, GUIDE), asked.now).code == "clock_ahead"


def test_what_is_stated_is_taken_at_its_word(hall: Hall) -> None:
    next_morning(hall)

    assert hall.issue("A") == "A001"


def test_a_station_that_saw_the_night_pass_ends_the_day_by_itself(hall: Hall) -> None:
    since = hall.clock().astimezone(UTC)
    next_morning(hall)

    clocks.end_due(hall.desk, read(hall, HALL, since=since))

    assert hall.last().kind == "day-end"


def test_signs_of_life_through_the_night_agree(hall: Hall) -> None:
    """A display was up all night: a command of the morning need not be asked about."""
    start = hall.clock().astimezone(UTC)
    devices.started(hall.desk, read(hall, since=start), "display", "display")
    next_morning(hall, minutes=-2)
    devices.beat(hall.desk, read(hall, since=start), "display", "display")
    next_morning(hall)

    assert issuing.issue(hall.desk, read(hall), "A")["ticket"] == "A001"


def test_a_sign_of_life_by_a_clock_that_was_put_on_is_no_witness(hall: Hall) -> None:
    start = hall.clock().astimezone(UTC)
    devices.started(hall.desk, read(hall, since=start), "display", "display")
    next_morning(hall)
    devices.beat(hall.desk, read(hall, was_set=True), "display", "display")

    assert refused(issuing.issue, hall.desk, read(hall), "A").code == "clock_ahead"


@pytest.mark.parametrize("minutes", [1, 2, 14])
def test_midnight_between_two_pcs_is_not_asked_about(tmp_path: Path, minutes: int) -> None:
    """A few minutes that nobody saw, or by which clocks differ, are nobody's question: the date turns, early by so
    much."""
    hall = simple_hall(tmp_path, time="23:50")
    hall.issue("A")
    hall.clock.move(minutes=9)
    issuing.issue(hall.desk, read(hall), "A")
    hall.clock.move(minutes=minutes)

    assert issuing.issue(hall.desk, read(hall), "A")["ticket"] == "A001"
    hall.clock.move(minutes=-minutes)  # the other PC, whose clock is right
    issuing.issue(hall.desk, read(hall), "A")
    assert (hall.last().ticket, hall.last().data["date"]) == ("A002", "2026-11-21")
    assert hall.last().data.get("skew_s") == minutes * 60
    hall.must_follow_from_its_log()


def test_an_ordinary_morning_asks_nobody(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path, time="17:30")
    hall.issue("A")
    clocks.end_today(hall.desk, hall.ask())
    next_morning(hall)

    assert issuing.issue(hall.desk, read(hall), "A")["ticket"] == "A001"


@pytest.mark.parametrize(
    ("days", "code"),
    [(3, None), (5, "clock_ahead"), (21, "clock_ahead"), (365, "clock_ahead"), (27_000, "clock_ahead")],
)
def test_a_hall_that_stood_still_for_long_asks_a_manager_once(tmp_path: Path, days: int, code: str | None) -> None:
    """After three weeks of holidays it is one press; a clock in 2100 moves nothing until somebody says so."""
    hall = simple_hall(tmp_path, time="17:30")
    clocks.end_today(hall.desk, hall.ask())
    next_morning(hall, days=days)

    if code is None:
        issuing.issue(hall.desk, read(hall), "A")
        return
    assert refused(issuing.issue, hall.desk, read(hall), "A").code == code
    assert refused(clocks.confirm, hall.desk, read(hall, GUIDE)).code == "not_your_role"
    clocks.confirm(hall.desk, read(hall, MANAGER))
    assert issuing.issue(hall.desk, read(hall), "A")["ticket"] == "A001"


def test_nobody_is_asked_after_holidays_that_the_calendar_knows(tmp_path: Path) -> None:
    """Nine days of holidays and the weekend around them: the first ticket afterwards asks nobody."""
    days = {f"2026-11-{day}": {"kind": "holiday"} for day in range(21, 30)}
    hall = simple_hall(tmp_path, time="17:30", calendar=days)
    clocks.end_today(hall.desk, hall.ask())
    next_morning(hall, days=9)

    assert issuing.issue(hall.desk, read(hall), "A")["ticket"] == "A001"


def test_the_question_names_the_year_where_it_is_another(hall: Hall) -> None:
    next_morning(hall, days=365)
    asked = clocks.question(hall.desk, read(hall))

    assert asked is not None
    assert (
        question_words(asked, "en")
        == "The hall was left open on 20 November 2026 with 4 waiting. Is it 21 November 2027, 10:42?"
    )


def test_a_window_that_was_left_open_is_a_question_too(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path, time="17:30")
    hall.open("1", "C1")
    next_morning(hall)
    asked = clocks.question(hall.desk, read(hall))

    assert asked is not None
    assert question_words(asked, "en").startswith("The hall was left open on Fri 20 Nov with 1 open window. ")


def test_a_clock_put_on_in_the_midst_of_a_day_is_noticed_by_whoever_watches(hall: Hall) -> None:
    hall.clock.move(hours=5)
    assert clocks.question(hall.desk, read(hall)) is None  # It may have been so: nobody watched.
    asked = clocks.question(hall.desk, read(hall, was_set=True))

    assert asked is not None
    assert (
        question_words(asked, "en")
        == "The clock of this PC was put forward; the hall last did something at 17:30. Is it Fri 20 Nov, 22:30?"
    )


def test_a_clock_that_jumps_back_stops_nothing_and_reorders_nothing(hall: Hall) -> None:
    hall.clock.move(days=-400)

    assert issuing.issue(hall.desk, read(hall), "A")["ticket"] == "A005"

    last, before = hall.last(), hall.log()[-2]
    assert last.at == before.at
    assert last.data["skew_s"] == 400 * 86_400
    assert last.data["date"] == "2026-11-20"


BERLIN = {**simple_setup()["hall"], "timezone": "Europe/Berlin"}


@pytest.mark.parametrize(
    ("evening", "morning"),
    [
        ("2026-03-28T23:55", "2026-03-29T03:35"),  # 2:00 is 3:00
        ("2026-10-24T23:55", "2026-10-25T02:05"),  # 3:00 is 2:00 again
        ("2028-02-28T23:55", "2028-02-29T03:35"),
        ("2028-02-29T23:55", "2028-03-01T03:35"),
    ],
)
def test_daylight_saving_and_a_leap_day_are_no_leap_of_a_clock(tmp_path: Path, evening: str, morning: str) -> None:
    zone = ZoneInfo("Europe/Berlin")
    first, then = (datetime.fromisoformat(text).replace(tzinfo=zone) for text in (evening, morning))
    hall = simple_hall(tmp_path, start=first, hall=BERLIN, settings={"day_end": "02:30"})
    hall.issue("A")
    start = hall.clock().astimezone(UTC)
    hall.clock.now = then

    issuing.issue(hall.desk, read(hall, since=start), "A")

    turned = then.date() if then.hour >= 3 else first.date()
    assert hall.last().data["date"] == turned.isoformat()
    assert "skew_s" not in hall.last().data
    hall.must_follow_from_its_log()


def test_a_clock_an_hour_ahead_in_autumn_is_one_hour_of_skew(tmp_path: Path) -> None:
    """A PC that did not hear of the end of summer time: what it writes is not lost, and the next one's time stands
    still for an hour."""
    zone = ZoneInfo("Europe/Berlin")
    hall = simple_hall(tmp_path, start=datetime(2026, 10, 25, 9, 0, tzinfo=zone), hall=BERLIN)
    hall.clock.move(hours=1)
    issuing.issue(hall.desk, read(hall), "A")
    hall.clock.move(minutes=-59)
    issuing.issue(hall.desk, read(hall), "A")

    assert hall.last().data["skew_s"] == 59 * 60


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(-7, ("the PC's clock was 7 min behind the log", "这台电脑的时钟比记录慢了 7 分钟")), (-1, ("", ""))],
)
def test_a_story_says_which_step_was_noted_by_a_wrong_clock(hall: Hall, minutes: int, words: tuple[str, str]) -> None:
    hall.clock.move(minutes=minutes)
    hall.call("1")

    for lang, expected in zip(("en", "zh_CN"), words, strict=True):
        ticket, own = looking.history(hall.desk, hall.clock().date(), "A001")
        story = TicketHistory(ticket=ticket, events=tuple(own), broken=None)
        detail = event_words(looking.hall_on(hall.desk, hall.clock().date()), looking.setup_of(hall.desk), story, lang)[
            -1
        ].detail
        assert detail.endswith(expected)
        assert ("clock" in detail) == (bool(expected) and lang == "en")


def test_appointments_that_the_end_of_a_day_would_skip_are_asked_about(tmp_path: Path) -> None:
    """Nobody waits and every window is closed: a clock two days ahead would let go of tomorrow's appointments all the
    same."""
    hall = simple_hall(tmp_path, time="17:30")
    tomorrow = booking.Wish(service="A", at=at("10:30") + timedelta(days=1), ref="x")
    number = booking.book(hall.desk, hall.ask(GUIDE), tomorrow)["appointment"]
    hall.clock.now = at("9:00") + timedelta(days=2)

    trouble = refused(issuing.issue, hall.desk, read(hall), "A")

    assert trouble.code == "clock_ahead"
    assert say(trouble, "en").startswith("Nothing has happened in this hall since Fri 20 Nov, 17:30, and 1 appointment")
    hall.clock.now = at("10:30") + timedelta(days=1)
    assert booking.arrive(hall.desk, read(hall, GUIDE), number)["ticket"] == "A001", "the next day itself asks nobody"


class Watch:
    """A PC's clock and the time that passes, moved by hand."""

    def __init__(self) -> None:
        self.now, self.passed_s = at("9:00"), 100.0
        self.clock = WatchedClock(lambda: self.now, lambda: self.passed_s)

    def pass_by(self, *, clock_s: float, **span: float) -> Reading:
        self.now += timedelta(seconds=clock_s)
        self.passed_s += timedelta(**span).total_seconds()
        self.clock()
        return self.clock.reading()


def test_a_clock_that_goes_evenly_is_witnessed_from_the_start() -> None:
    watch = Watch()

    for _hour in range(24):
        reading = watch.pass_by(clock_s=3601, hours=1)

    assert reading == Reading(at("9:00"), False)


@pytest.mark.parametrize("leap_s", [86_400, 120, -120, -86_400 * 365])
def test_a_clock_that_was_set_is_witnessed_from_then_on(leap_s: float) -> None:
    watch = Watch()
    watch.pass_by(clock_s=30, seconds=30)

    reading = watch.pass_by(clock_s=30 + leap_s, seconds=30)

    assert reading == Reading(at("9:01") + timedelta(seconds=leap_s), True)
    assert watch.pass_by(clock_s=3600, hours=1) == reading
