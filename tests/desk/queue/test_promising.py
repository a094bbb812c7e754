"""What is promised at issue: what the log keeps of it, bounds that learn, dates that teach, and a hall in memory that
is the hall."""

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import Event
from queuedesk.core.queue.dispatch import NO_FIGURES, Wait, limited_end
from queuedesk.core.queue.overview import service_lines
from queuedesk.core.queue.ticket import InLine, Promise
from queuedesk.core.waits.estimates import FIRST_HIGH, FIRST_LOW, HIGH_START, Estimates, Tracker
from queuedesk.core.waits.quote import promised, seen_now, tracker_now
from queuedesk.desk import looking
from queuedesk.desk.change import followed
from queuedesk.desk.setup import setting_up
from queuedesk.i18n.moments import JOINER
from queuedesk.i18n.queue.wait_words import promise_text, wait_text
from queuedesk.store.log import book as snapshot
from queuedesk.store.log.book import Book
from queuedesk.store.schema import learned, learned_days
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import MANAGER, Hall, made_once, simple_hall, simple_setup

PROMISE = {"ahead", "low", "high", "point_s", "sd_s", "naive_s", "bounds", "made_of", "leads"}


def kept_days(hall: Hall) -> list[date]:
    with hall.desk.db.read() as tx:
        return sorted(tx.execute(select(learned_days.c.date)).scalars())


def after_a_day(folder: Path) -> Hall:
    hall = simple_hall(folder)
    a_day(hall, minutes=8)
    return hall


@pytest.fixture
def taught(tmp_path: Path) -> Hall:
    """A hall that knows one date, on which everything took eight minutes."""
    return made_once(tmp_path, after_a_day)


def a_day(hall: Hall, *, minutes: float, people: int = 12) -> None:
    """Serve so many people in window 1, one after the other, then let the night pass."""
    hall.open("1", "C1")
    hall.queue(*"A" * people)
    for _ in range(people):
        hall.serve_out("1", minutes=minutes)
    hall.clock.now = (hall.clock.now + timedelta(days=1)).replace(hour=9, minute=0)


@ON_BOTH_ENGINES
def test_what_was_promised_stays_on_the_ticket_and_the_log_keeps_what_it_was_made_of_without_fractions(
    hall: Hall,
) -> None:
    hall.open("1", "C1")
    hall.queue(*"AAAAAA")
    for _ in range(5):
        hall.serve_out("1", minutes=4)
    said = hall.do("issue", "A")["wait"]
    told = hall.last().data["promise"]
    hall.clock.move(minutes=30)
    kept = hall.ticket("A007").promise

    assert said == {"low": 1, "high": 7, "point": 4.3, "unit": "minutes"}
    assert set(told) == PROMISE
    assert told["bounds"] == [f"{FIRST_LOW:.6f}", f"{FIRST_HIGH:.6f}"]
    assert (kept.ahead, kept.low, kept.high, kept.point_s) == (1, 1, 7, 260)
    assert (kept.sd_s, kept.naive_s, kept.bounds) == (117, 240, tuple(told["bounds"]))
    hall.must_follow_from_its_log()


def test_a_range_that_passed_and_one_that_was_kept_move_the_bounds(hall: Hall) -> None:
    a_day(hall, minutes=6)
    hall.open("1", "C1")
    hall.queue(*"AAAA")
    before = hall.whole().tracker
    late = hall.ticket("A004").promise
    hall.clock.move(minutes=(late.high or 0) + 1)  # nobody was called: every range is over
    hall.issue("A")
    after = hall.whole().tracker

    assert late.high is not None
    taught = sum((hall.ticket(f"A00{n}").promise.point_s or 0) >= 30 for n in range(1, 5))
    assert taught >= 3
    assert after.high == pytest.approx(before.high + taught * 0.02 * 0.9, abs=2e-6)
    assert after.low == before.low  # what was not called yet cannot have been called too early
    kept = hall.ticket("A005").promise
    hall.clock.move(minutes=((kept.low or 0) + (kept.high or 0)) / 2 - 0.5)
    for _ in range(4):
        hall.serve_out("1", minutes=0.1)
    hall.play("call 1", "issue A")
    last = hall.whole().tracker
    assert last.high == pytest.approx(after.high - 0.02 * 0.1, abs=2e-6)
    hall.must_follow_from_its_log()


def test_hardly_any_wait_teaches_the_high_end_where_somebody_was_before(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue(*"AA")
    told_at = hall.clock()
    hall.play(5, "serve-out 1 minutes=0")

    def bounds(label: str, ahead: int, high: int) -> tuple[float, float]:
        """Return the bounds after five minutes, had `label` alone been told up to `high` minutes."""
        state = hall.whole()
        state.tracker = Tracker(low=-1.6, high=1.8, at=told_at, date=hall.date)
        for one in ("A001", "A002"):
            promise = Promise(ahead=ahead, low=0, high=high, point_s=10) if one == label else Promise(ahead=0)
            state.tickets[hall.date, one] = replace(hall.ticket(one), promise=promise)
        found = tracker_now(state, hall.clock(), hall.date)
        return found.low, round(found.high, 6)

    assert bounds("A001", 1, 2) == bounds("A002", 1, 2) == (-1.6, 1.818)  # called late, and waiting still
    assert bounds("A001", 1, 9) == (-1.6, 1.798)  # nobody can be called earlier than at once
    assert bounds("A001", 0, 2) == (-1.6, 1.8)


def test_a_date_teaches_the_next_one_how_long_things_take_and_only_that(taught: Hall) -> None:
    taught.open("1", "C1")
    taught.queue(*"AAA")

    assert kept_days(taught) == [taught.date - timedelta(days=1)]
    found = what_was_learned(taught)
    assert (found.days, round(found.services["A"].mean_min, 2)) == (1, 8.0)
    assert abs((taught.ticket("A003").promise.point_s or 0) / 60 - 16) < 3
    for _ in range(3):
        taught.serve_out("1", minutes=30)
    assert what_was_learned(taught) == found, "what today brings teaches only tomorrow"


def test_dates_without_anybody_in_between_teach_nothing_anew(taught: Hall) -> None:
    taught.issue("A")
    taught.clock.move(days=3)
    taught.open("1", "C1")
    taught.clock.move(days=-2)  # a clock that was put back changes no date
    taught.issue("A")

    assert len(kept_days(taught)) == 2


@ON_BOTH_ENGINES
def test_a_correction_of_a_past_date_is_learned_from(hall: Hall) -> None:
    a_day(hall, minutes=8, people=2)
    yesterday = hall.date - timedelta(days=1)
    hall.issue("B")
    assert what_was_learned(hall).services["A"].mean_min == pytest.approx(8)
    leg = hall.ticket("A002", yesterday).leg
    assert leg.finished is not None
    changes = {"finished": leg.finished - timedelta(minutes=4)}
    hall.do("correct", "A002", changes=changes, reason="forgot", day=yesterday, second="AD", who=MANAGER)
    assert kept_days(hall) == []
    hall.issue("B")

    assert kept_days(hall) == [yesterday]
    assert what_was_learned(hall).services["A"].mean_min == pytest.approx(6)


@ON_BOTH_ENGINES
def test_a_new_set_up_is_learned_for_anew(hall: Hall) -> None:
    hall.issue("A")
    before = what_was_learned(hall)
    setting_up.set_row(hall.desk, hall.ask(), "services", "A", {"handling_target": 9})
    hall.issue("A")

    assert before.services == {}
    assert what_was_learned(hall).services["A"].mean_min == 9
    with hall.desk.db.read() as tx:
        assert len(tx.execute(select(learned)).all()) == 1


@ON_BOTH_ENGINES
def test_a_rebuild_brings_the_bounds_back_and_lets_lessons_be_made_again(taught: Hall) -> None:
    taught.open("1", "C1")
    taught.queue(*"AAA")
    bounds, before = taught.whole().tracker, what_was_learned(taught)
    assert bounds.date == taught.date
    with taught.desk.db.write(taught.desk.hall) as tx:
        snapshot.rebuild(tx, taught.desk.hall)

    assert taught.whole().tracker == bounds
    assert kept_days(taught) == []
    assert what_was_learned(taught) == before


@ON_BOTH_ENGINES
def test_what_was_undone_is_not_remembered(hall: Hall) -> None:
    hall.play("open 1 staff=C1", "issue A", "call 1")
    label = hall.issue("A")
    with pytest.raises(ZeroDivisionError), hall.desk.db.write(hall.desk.hall) as tx:
        book, now = Book(tx, hall.desk.hall), hall.clock()
        left = {"kind": "leave", "actor": "console", "ticket": label, "service": "A"}
        book.record(Event(seq=book.hall().seq + 1, at=now, time=now, data={"date": hall.date.isoformat()}, **left))
        state = followed(hall.desk.db.followed, book, hall.date)
        assert state.waiting() == []
        raise ZeroDivisionError

    hall.issue("A")
    assert hall.last().data["promise"]["ahead"] == 1


def test_the_first_promise_of_a_date_begins_near_yesterday_s_last_bounds(hall: Hall) -> None:
    a_day(hall, minutes=6)
    hall.open("1", "C1")
    hall.queue(*"AAAA")
    hall.play(35, "issue A")
    last = hall.whole().tracker
    hall.clock.now = (hall.clock.now + timedelta(days=1)).replace(hour=9, minute=0)
    hall.play("open 1 staff=C1", "issue A")

    assert last.high > FIRST_HIGH
    assert hall.whole().tracker.high == pytest.approx(0.9 * last.high + 0.1 * HIGH_START, abs=2e-6)


@ON_BOTH_ENGINES
@pytest.mark.parametrize("seed", [0, 1])
def test_the_hall_in_memory_promises_what_the_tables_promise(hall: Hall, seed: int) -> None:
    """Live an hour and a half at random; each promise is that of a hall read anew from the tables."""
    random = Random(seed)
    hall.issue("A")
    assert hall.last().data["promise"] == {"ahead": 0, "reason": "no_window_open"}
    assert hall.whole().tracker.date is None, "without a window no bounds are learned"
    for code, staff in (("1", "C1"), ("2", "C2"), ("3", "C3")):
        hall.open(code, staff)
    for _ in range(60):
        hall.clock.move(minutes=random.random() * 3)
        code = random.choice("123")
        at_window = ("call", "start", "finish", "miss", "park", "pause", "resume")
        verb = random.choice(["issue", *at_window, "issue", "issue", "call", "finish"])
        words = {"reason": "lunch"} if verb in ("park", "pause") else {}
        try:
            hall.do(verb, random.choice("ABC") if verb == "issue" else code, **words)
        except RuleError:
            continue
        if verb != "issue":
            continue
        imagined = InLine(date=hall.date, label="new", service="A", place=hall.clock(), turn=1 << 62)
        with hall.desk.db.write(hall.desk.hall) as tx:
            mine = followed(hall.desk.db.followed, Book(tx, hall.desk.hall), hall.date)
            fresh = snapshot.of_lines(tx, hall.desk.hall, hall.date)
            fresh.learned = mine.learned
            assert mine.series == fresh.series
            assert promised(mine, imagined, hall.clock()) == promised(fresh, imagined, hall.clock())
            assert tracker_now(mine, hall.clock(), hall.date) == tracker_now(fresh, hall.clock(), hall.date)
    hall.must_follow_from_its_log()


def what_was_learned(hall: Hall) -> Estimates:
    return looking.estimates_before(hall.desk, hall.date)


def taking(**minutes: int | None) -> list[dict[str, Any]]:
    """Return rows of services that take so long by their targets."""
    usual = simple_setup()["services"][0]
    return [{**usual, "code": code, "prefix": code, "handling_target": each} for code, each in minutes.items()]


def first_day(folder: Path, *, windows: int, minutes: int | None) -> Hall:
    """Return a hall whose windows all serve A and have each just called somebody."""
    places = [{"code": str(n), "services": ["A"]} for n in range(1, windows + 1)]
    hall = simple_hall(folder, services=taking(A=minutes), windows=places)
    for n in range(1, windows + 1):
        hall.play(f"open {n} staff=C{n}", "issue A", f"call {n}")
    hall.clock.move(minutes=1)
    return hall


@pytest.mark.parametrize(("windows", "minutes"), [(1, 5), (2, 8), (3, 10)])
def test_no_upper_end_is_beyond_twice_what_people_ahead_and_minutes_give(
    tmp_path: Path, windows: int, minutes: int
) -> None:
    hall = first_day(tmp_path, windows=windows, minutes=minutes)

    for ahead in range(13):
        state = looking.hall_now(hall.desk, hall.clock())
        wait = service_lines(state, hall.clock())[0].wait
        assert isinstance(wait, Wait)
        assert wait.high is not None
        given = (ahead + 1) * minutes / windows  # one of those at the windows has to end first
        assert wait.low <= wait.point <= wait.high <= 2 * max(given, wait.point)
        hall.issue("A")
        told = hall.last().data["promise"]
        assert (told["low"], told["high"], told["ahead"]) == (wait.low, wait.high, ahead)


@pytest.mark.parametrize(
    ("day", "behind_one", "behind_four"),
    [(1, "up to 20 min", "about 15–60 min"), (2, "up to 15 min", "up to 70 min")],
)
def test_nobody_is_frightened_by_rooms_that_stand_free(
    tmp_path: Path, day: int, behind_one: str, behind_four: str
) -> None:
    """Somebody tries the program: of three rooms two are open, people take tickets, and nobody calls for an hour. As
    long as the hall has seen few visits, so it is on its second day."""
    rooms = [{"code": str(n), "services": ["A", "B"]} for n in (1, 2, 3)]
    hall = simple_hall(tmp_path, services=taking(A=15, B=20), windows=rooms)
    for _ in range(1, day):
        hall.open("1", "C1")
        hall.queue(*"AB")
        hall.play("serve-out 1 minutes=18", "serve-out 1 minutes=18", "day-end")
        hall.clock.move(minutes=24 * 60)
    hall.play("open 1 staff=C1", "open 2 staff=C2")

    def quoted() -> list[str]:
        lines = service_lines(looking.hall_now(hall.desk, hall.clock()), hall.clock())
        return [wait_text(line.wait, "en", ahead=line.ahead).replace(JOINER, "") for line in lines]

    assert quoted() == ["no wait", "no wait"]
    hall.play("issue B", 60)
    waits = quoted()
    label = hall.issue("A")
    assert promise_text(hall.ticket(label).promise, "en").replace(JOINER, "") == waits[0] == behind_one
    hall.queue(*"BB")
    assert quoted() == [behind_four] * 2


def test_calls_of_people_who_did_not_wait_say_nothing_about_a_wait(tmp_path: Path) -> None:
    hall = first_day(tmp_path, windows=3, minutes=None)
    hall.queue(*"AAAAA")

    line = service_lines(looking.hall_now(hall.desk, hall.clock()), hall.clock())[0]
    assert (line.ahead, line.wait) == (5, NO_FIGURES)


def test_who_only_asks_is_quoted_by_the_bounds_of_a_ticket_taken_now(tmp_path: Path) -> None:
    hall = first_day(tmp_path, windows=1, minutes=5)
    hall.queue(*"AAAA")
    hall.clock.move(minutes=90)  # every range has passed, which moves the bounds

    state = looking.hall_now(hall.desk, hall.clock())
    tracker = seen_now(state, hall.clock()).tracker
    hall.issue("A")
    assert hall.last().data["promise"]["bounds"] == [f"{tracker.low:.6f}", f"{tracker.high:.6f}"]
    assert tracker.high > state.tracker.high


@pytest.mark.parametrize(
    ("printed", "limits", "point", "end"),
    [
        ((5, 40), (0, 26), 12, 25),
        ((5, 20), (0, 26), 12, 20),
        ((0, 10), (0, 0), 2.8, 3),
        ((10, 60), (0, 12), 30, 30),
        ((15, 60), (0, 12), 15, 20),
        ((240, None), (0, 9), 300, None),
        ((0, 1), (8, 16), 0, 10),
        ((0, 15), (8, 16), 9, 15),
    ],
)
def test_a_limited_range_holds_its_own_figure(
    printed: tuple[int, int | None], limits: tuple[float, float], point: float, end: int | None
) -> None:
    assert limited_end(*printed, *limits, point) == end


def test_nobody_is_told_of_no_wait_behind_as_many_as_there_are_free_rooms(tmp_path: Path) -> None:
    """Rooms 1 and 2 have just opened, and one A and one B wait. Whoever comes for A is called at once only if room 1
    takes the B, which it does not serve."""
    rooms = [{"code": "1", "services": ["A", "C"]}, {"code": "2", "services": ["A", "B"]}]
    hall = simple_hall(tmp_path, services=taking(A=15, B=20, C=10), windows=rooms)
    hall.play("issue A", "9:00:03", "open 2 staff=C2", "9:00:04", "open 1 staff=C1", "9:00:38", "issue B", "9:00:41")

    told = hall.ticket(hall.issue("A")).promise
    assert promise_text(told, "en").replace(JOINER, "") == "up to 15 min"
