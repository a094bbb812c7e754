"""Tickets, a hall's day and the overview of it."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import HallState
from queuedesk.core.queue import hallday, overview
from queuedesk.core.queue.dispatch import NO_FIGURES, NO_WINDOW_OPEN, CallOrderRule
from queuedesk.core.queue.hallday import begin_of_day, business_date, end_of_day, minute_when_tickets_stop_today
from queuedesk.core.queue.offers import LimitedServiceCounts, service_ticket_offer_to_customer
from queuedesk.core.queue.ticket import MOVES, Leg, Ticket, TicketState, turn_from_issuing_event, whole_seconds_between
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.setup.rows import Service, Setup
from queuedesk.core.setup.time_of_day import clock_text, parse_clock_minutes
from queuedesk.desk import looking
from tests.hall import Hall, labels, simple_hall, simple_setup


def setup(zone: str = "Europe/Berlin", day_end: str = "00:00", **service: Any) -> Setup:
    document = simple_setup(settings={"day_end": day_end})
    document["hall"]["timezone"] = zone
    document["services"][0] = {"code": "A", "name": "A", "prefix": "A", **service}
    return check_and_read_setup(document)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day_end", "moment", "day"),
    [
        ("Asia/Shanghai", "00:00", "2026-11-19 15:59:59", "2026-11-19"),
        ("Asia/Shanghai", "00:00", "2026-11-19 16:00", "2026-11-20"),
        ("Europe/Berlin", "03:00", "2026-03-29 00:59:59", "2026-03-28"),  # 02:00 is followed by 03:00
        ("Europe/Berlin", "03:00", "2026-03-29 01:00", "2026-03-29"),
        ("Europe/Berlin", "03:00", "2026-10-25 01:59:59", "2026-10-24"),  # 02:00 to 03:00 twice
        ("Europe/Berlin", "03:00", "2026-10-25 02:00", "2026-10-25"),
        ("Europe/Berlin", "02:30", "2026-10-25 00:29:59", "2026-10-24"),
        ("Europe/Berlin", "02:30", "2026-10-25 00:30", "2026-10-25"),
        ("Europe/Berlin", "02:30", "2026-10-25 01:10", "2026-10-25"),  # 02:10 again: the date does not go back
        ("Europe/Berlin", "02:30", "2026-03-29 01:29:59", "2026-03-28"),  # 02:30 does not exist
        ("Europe/Berlin", "02:30", "2026-03-29 01:30", "2026-03-29"),
        ("UTC-03:30", "00:00", "2026-11-20 03:29:59", "2026-11-19"),
        ("UTC-03:30", "00:00", "2026-11-20 03:30", "2026-11-20"),
        ("UTC+02:00", "00:00", "2026-11-19 21:59:59", "2026-11-19"),
        ("UTC+02:00", "00:00", "2026-11-19 22:00", "2026-11-20"),
    ],
)
def test_the_business_date(zone: str, day_end: str, moment: str, day: str) -> None:
    assert business_date(setup(zone, day_end), utc(moment)) == date.fromisoformat(day)


def test_an_hour_that_comes_twice_has_two_dates_where_the_day_ends_between() -> None:
    hall = setup("Europe/Berlin", "02:30")
    first = datetime(2026, 10, 25, 2, 10, tzinfo=hall.time_zone)
    again = first.replace(fold=1)
    assert first == again  # as two times of one clock are compared
    assert [business_date(hall, one) for one in (first, again)] == [date(2026, 10, 24), date(2026, 10, 25)]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Havana", "Africa/Cairo", "Asia/Shanghai", "UTC+05:30"])
@pytest.mark.parametrize("day_end", ["00:00", "00:30", "02:30", "03:00", "23:59"])
def test_dates_follow_each_other_and_turn_once(zone: str, day_end: str) -> None:
    """Around the changes of the clock of a year that is over, whose rules no newer time zone data changes, every half
    hour: never back, and the turn is where it changes."""
    hall = setup(zone, day_end)
    year = [utc("2025-01-01") + timedelta(days=n) for n in range(365)]
    changes = [
        one
        for one in year
        if hall.to_hall_time(one).utcoffset() != hall.to_hall_time(one + timedelta(days=1)).utcoffset()
    ]
    assert len(changes) == (0 if zone in ("Asia/Shanghai", "UTC+05:30") else 2)
    for around in (utc("2025-02-28"), *changes):
        moment = around - timedelta(days=2)
        day = business_date(hall, moment)
        begins, turns = begin_of_day(hall, day), end_of_day(hall, day)
        while moment < around + timedelta(days=3):
            before, day = day, business_date(hall, moment)
            if day != before:
                assert day == before + timedelta(days=1)
                assert moment - timedelta(minutes=30) < turns <= moment
                begins, turns = begin_of_day(hall, day), end_of_day(hall, day)
            assert begins <= moment < turns
            moment += timedelta(minutes=30)


def test_clock_times() -> None:
    assert [parse_clock_minutes(text) for text in ("0:00", "8:30", "08:30", "24:00")] == [0, 510, 510, 1440]
    assert [clock_text(n) for n in (0, 510, 1439)] == ["0:00", "8:30", "23:59"]
    for text in ("", "8", "8:3", "8:60", "24:01", "-1:00", "a:bc", "8:300", "008:30", "１:00x"):
        with pytest.raises(ValueError):
            parse_clock_minutes(text)


_OPEN = [("1-5", "8:30", "12:00"), ("1-5", "14:00", "17:30"), ("6", "9:00", "12:00")]
LUNCH = {"hours": [{"days": days, "from": start, "to": end} for days, start, end in _OPEN], "last_ticket": "17:00"}


def refusal(moment: str, **service: Any) -> tuple[str, dict[str, Any]] | None:
    """Return with what no ticket is given for a service, None where one is."""
    hall = setup("UTC+00:00", **service)
    try:
        minute_when_tickets_stop_today(hall, hall.service_by_code("A"), utc(f"2026-11-{moment}"))
    except RuleError as error:
        assert error.details.pop("service") == "A"
        return error.code, error.details
    return None


def closed(opens: str | None, day: int) -> tuple[str, dict[str, Any]]:
    return "service_closed", {"opens": opens, "date": date(2026, 11, day)}


def test_when_tickets_are_given() -> None:
    given = [refusal(f"20 {time}", **LUNCH) for time in ("08:30", "11:59:59", "14:00", "16:59:59")]
    assert given == [None] * 4
    assert refusal("20 08:29:59", **LUNCH) == closed("8:30", 20)
    assert refusal("20 12:00", **LUNCH) == closed("14:00", 20)
    assert refusal("20 17:00", **LUNCH) == ("last_ticket", {"time": "17:00"})
    assert refusal("20 17:30", **LUNCH) == closed("9:00", 21)
    assert refusal("21 12:00", **LUNCH) == refusal("22 10:00", **LUNCH) == closed("8:30", 23)
    assert refusal("20 12:30", **{**LUNCH, "last_ticket": "11:30"}) == closed("9:00", 21), "after the morning's last"
    assert refusal("22 08:30") is None
    assert refusal("22 17:30") == closed("8:30", 23), "a service without hours keeps the hall's"
    never = {"hours": [{"days": "1", "from": "8:00", "to": "9:00"}], "last_ticket": "0:00"}
    assert refusal("22 10:00", **never) == ("service_closed", {"opens": None, "date": None})


# -- numbers: three digits, four after 999, and an end -----------------------------------------------------------------
def service(first: int = 1, last: int = 999) -> Service:
    return Service(code="A", name="A", prefix="A", first=first, last=last)


def test_labels_and_numbers_until_the_range_is_used_up() -> None:
    labels = {1: "A001", 17: "A017", 999: "A999", 1000: "A1000", 9999: "A9999", 0: "A000"}
    assert {number: hallday.ticket_label_text("A", number) for number in labels} == labels
    assert [hallday.split_ticket_label(text) for text in labels.values()] == [("A", number) for number in labels]
    assert [hallday.split_ticket_label(text) for text in ("", "A", "017", "12")] == [None] * 4
    assert [hallday.next_number(service(1, 999), given) for given in (None, 1)] == [1, 2]
    assert [hallday.next_number(service(200, 299), given) for given in (None, 250, 7)] == [200, 251, 200]
    assert hallday.next_number(service(1, 9999), 999) == 1000
    for given in (299, 300):
        with pytest.raises(RuleError) as refused:
            hallday.next_number(service(200, 299), given)
        assert (refused.value.code, refused.value.details) == ("series_full", {"service": "A", "last": 299})
    given = [(1, 100, 89), (201, 300, 289), (1, 100, 90), (201, 300, 290), (1, 1, 1)]
    nearly = [hallday.is_series_nearly_full(service(first, last), n) for first, last, n in given]
    assert nearly == [False, False, True, True, True]


# -- whether a service gives a ticket now, and what it is told by ------------------------------------------------------
A_FRIDAY = date(2026, 11, 20)


def moment(text: str) -> datetime:
    """Return hall time (Shanghai) as the desk hands it on."""
    return datetime.fromisoformat(f"2026-11-20 {text}+08:00").astimezone(UTC)


def in_group(**fields: Any) -> Setup:
    """Return services A (with `fields`), B and C of one group, open on weekdays to 17:30, tickets to 17:00."""
    document = simple_setup()
    hours = [{"days": "1-5", "from": "8:30", "to": "12:00"}, {"days": "1-5", "from": "14:00", "to": "17:30"}]
    for row in document["services"]:
        row.update(group="G", hours=hours, last_ticket="17:00")
    document["services"][0].update(fields)
    return check_and_read_setup(document)


def offered(hall: Setup, time: str = "10:00", *, given: int = 0, waiting: int = 0, code: str = "A") -> Any:
    load = LimitedServiceCounts(given=given, waiting=waiting)
    return service_ticket_offer_to_customer(
        hall, hall.service_by_code(code), moment(time), A_FRIDAY, lambda _service: load
    )


def test_an_open_service_gives_tickets_until_its_end_and_what_has_no_limit_is_not_counted() -> None:
    for time, until in (("10:00", "12:00"), ("15:00", "17:00")):
        found = offered(in_group(), time)
        assert (found.gives_ticket, found.refusal(), found.left, found.until) == (True, None, None, until)
        found.require_ticket_given()

    def count(_service: object) -> LimitedServiceCounts:
        raise AssertionError

    hall = in_group()
    assert service_ticket_offer_to_customer(
        hall, hall.service_by_code("A"), moment("10:00"), A_FRIDAY, count
    ).gives_ticket


def test_hours_come_before_limits() -> None:
    reasons = [offered(in_group(quota=1), time, given=1).reason for time in ("08:00", "13:00", "17:00")]
    assert reasons == ["service_closed", "service_closed", "last_ticket"]


def test_a_used_up_quota_names_the_next_opening_of_another_day() -> None:
    document = in_group(quota=3, group="")
    found = offered(document, given=3)
    assert (found.reason, found.details["n"]) == ("quota_full", 3)
    assert (found.details["opens"], found.details["date"]) == ("8:30", date(2026, 11, 23))
    with pytest.raises(RuleError, match="quota_full"):
        found.require_ticket_given()


def test_a_full_line_names_another_service_of_the_group_only_where_it_gives_tickets() -> None:
    found = offered(in_group(line_limit=5), waiting=5)
    assert (found.reason, found.details["n"], found.details["other"]) == ("line_full", 5, "B")
    document = simple_setup()
    for row in document["services"]:
        row.update(group="G", line_limit=2)
    document["services"][2]["message"] = "Upstairs"
    found = offered(check_and_read_setup(document), waiting=2)
    assert found.reason == "line_full"
    assert "other" not in found.details


USUAL = CallOrderRule()
NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)

# The life of a ticket as the design words it: verb → from; `issue` and `serve` make one, day-end is the hall's.
FROM: dict[str, str] = json.loads(Path(__file__).with_name("moved_from.json").read_text("utf-8"))


def at(minute: float) -> datetime:
    return NINE + timedelta(minutes=minute)


def ticket(**changes: object) -> Ticket:
    own = {
        "date": NINE.date(),
        "label": "A001",
        "service": "A",
        "seq": 7,
        "turn": turn_from_issuing_event(7),
        "token": "23456Z",
    }
    times = {"place": NINE, "arrived": NINE, "since": NINE, "legs": (Leg(n=1, service="A", joined=NINE),)}
    return Ticket(**{**own, **times, "credit_s": 600, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("state", TicketState)
def test_which_verb_moves_which_state(state: TicketState) -> None:
    assert set(MOVES) == set(FROM)
    one, refused = ticket(state=state, window="3"), {}
    for verb in FROM:
        try:
            one.require_may(verb)
        except RuleError as error:
            refused[verb] = (error.code, error.details)
    assert refused == {
        verb: ("wrong_state", {"ticket": "A001", "state": state.value, "window": "3", "verb": verb})
        for verb, states in FROM.items()
        if state.value not in states.split()
    }


def test_a_call_binds_one_window_and_is_counted_the_first_one_stays_also_after_a_miss() -> None:
    called = ticket(to_window="3", held_until=at(9)).with_call_to("3", "C3", at(5))
    assert (called.state, called.window, called.round_calls, called.since) == (TicketState.CALLED, "3", 1, at(5))
    assert (called.to_window, called.held_until) == (None, None)
    leg = called.current_leg
    assert (leg.called, leg.last_called, leg.calls, leg.staff) == (at(5), at(5), 1, "C3")
    recalled = ticket().with_call_to("3", "C3", at(5)).with_recall(at(6))
    assert (recalled.since, recalled.current_leg.called, recalled.current_leg.last_called) == (at(5), at(5), at(6))
    assert (recalled.current_leg.calls, recalled.round_calls) == (2, 2)
    again = recalled.missed_or_no_show_ticket(at(7)).waiting_ticket_at_new_place(at(9), 1, at(8))
    assert (again.state, again.place, again.has_credit, USUAL.key(again)) == (TicketState.WAITING, at(9), False, at(9))
    called = again.with_call_to("2", "C2", at(10))
    leg = called.current_leg
    assert (leg.called, leg.last_called, leg.calls, called.round_calls) == (at(5), at(10), 3, 1)
    back = called.with_mistaken_call_undone(at(11), "wrong button")
    assert (back.current_leg.called, back.current_leg.calls) == (at(5), 2)


def test_a_skipped_start_is_assumed_at_the_call_and_not_at_one_that_was_missed() -> None:
    done = ticket().with_call_to("3", "C3", at(5)).with_recall(at(6)).with_service_finished(at(10))
    assert (done.current_leg.started, done.current_leg.start_assumed, done.flags) == (at(5), True, {"start_assumed"})
    late = (
        ticket()
        .with_call_to("3", "C3", at(5))
        .missed_or_no_show_ticket(at(7))
        .waiting_ticket_at_new_place(at(20), 1, at(15))
    )
    done = late.with_call_to("3", "C3", at(30)).with_service_finished(at(34))
    assert (done.current_leg.called, done.current_leg.started) == (at(5), at(30))


def test_a_call_given_back_was_none_in_a_later_leg_too() -> None:
    back = ticket().with_call_to("3", "C3", at(5)).with_recall(at(6)).with_mistaken_call_undone(at(7), "wrong button")
    assert (back.state, back.place, back.turn, back.has_credit) == (
        TicketState.WAITING,
        NINE,
        turn_from_issuing_event(7),
        True,
    )
    assert back.current_leg == ticket().current_leg
    assert (back.window, back.reason) == (None, "wrong button")
    missed = ticket(steps=("B",)).with_call_to("3", "C3", at(5)).missed_or_no_show_ticket(at(6))
    first = missed.waiting_ticket_at_new_place(at(8), 1, at(7))
    second = first.with_call_to("3", "C3", at(9)).started_ticket(at(10)).with_service_finished(at(12))
    back = second.with_call_to("2", "C2", at(15)).with_mistaken_call_undone(at(16), "wrong button")
    assert (back.service, back.current_leg.called, back.current_leg.calls) == ("B", None, 0)


def test_a_visit_goes_on_by_its_original_arrival_and_a_spent_credit_stays_spent() -> None:
    first = ticket(steps=("B", "C"), item="x")
    first = replace(first, legs=first.legs_with_current_changed(item="x"))
    on = first.with_call_to("3", "C3", at(5)).started_ticket(at(6)).with_service_finished(at(9), outcome="done")
    assert (on.state, on.service, on.steps) == (TicketState.WAITING, "B", ("C",))
    assert (on.place, on.turn) == (NINE, turn_from_issuing_event(7))
    assert (on.legs[0].end, on.legs[0].finished, on.legs[0].outcome) == ("finish", at(9), "done")
    assert on.current_leg == Leg(n=2, service="B", joined=at(9))
    assert (on.item, on.window, on.round_calls) == (None, None, 0)
    assert on.service_and_item_customer_came_for == ("A", "x")
    assert on.redirected_ticket("C", at(10)).transferred_ticket("A", at(11)).item == "x"
    assert first.redirected_ticket("B", at(1)).service_and_item_customer_came_for is None
    called = ticket(steps=("B",)).waiting_ticket_at_new_place(at(5), 9, at(4)).with_call_to("3", "C3", at(6))
    one = called.started_ticket(at(7)).with_service_finished(at(8))
    assert (one.place, USUAL.key(one)) == (NINE, NINE)


def test_stalled_time_is_summed_up_and_ends_with_what_ends_the_serving() -> None:
    one = ticket().with_call_to("3", "C3", at(0)).started_ticket(at(1))
    one = one.stalled_ticket(at(2), "system").with_stall_ended(at(3)).stalled_ticket(at(4), "system")
    done, parked = one.with_service_finished(at(6)), one.parked_ticket(at(6), "form")
    for moved in (done, parked, one.transferred_ticket("B", at(6)), one.redirected_ticket("B", at(6))):
        assert (moved.legs[0].stalled_us, moved.stalled_since) == (180_000_000, None)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(0, 1, 60), (0, 0.99 / 60, 0), (0, 1.99 / 60, 1), (1, 0, 0), (None, 1, 0), (0, None, 0)],
)
def test_seconds_are_whole_and_never_negative(start: float | None, end: float | None, expected: int) -> None:
    assert whole_seconds_between(None if start is None else at(start), None if end is None else at(end)) == expected


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


NO_WINDOW = ("no_window", "red")  # these halls have opened none


def now(hall: Hall) -> HallState:
    return looking.hall_state_now(hall.desk, hall.clock())


def kinds(hall: Hall) -> list[tuple[str, str]]:
    return [(a.kind, a.level) for a in overview.current_alerts(now(hall), hall.clock())]


def test_who_is_next_is_whom_a_call_takes(hall: Hall) -> None:
    hall.open("2", "C2")
    hall.queue("A", "C", "B", minutes_apart=1)
    hall.play(5, "issue A klass=elderly")
    for _ in range(3):
        expected = overview.tickets_callable_by_window(now(hall), "2", hall.clock())[0].label
        assert hall.serve_out("2") == expected
    assert overview.tickets_callable_by_window(now(hall), "2", hall.clock()) == []
    assert labels(overview.waiting_in_call_order(now(hall))) == ["C001"]


def test_a_service_s_line_is_its_own_and_its_wait_that_of_everybody_before(hall: Hall) -> None:
    hall.open("2", "C2")
    hall.queue("A", "B", "A", minutes_apart=1)
    lines = {line.service: line for line in overview.service_lines(now(hall), hall.clock())}
    assert [(lines[s].waiting, lines[s].ahead, lines[s].windows) for s in "ABC"] == [(2, 3, 1), (1, 3, 1), (0, 0, 0)]
    assert (lines["A"].wait, lines["C"].wait) == (NO_FIGURES, NO_WINDOW_OPEN)
    assert lines["C"].longest_since is None


def test_why_somebody_still_waits_and_who_passed_them(hall: Hall) -> None:
    hall.queue("A", "A")

    def told(label: str) -> overview.WhyNotCalled:
        state = now(hall)
        return overview.explain_not_called(state, state.tickets[hall.date, label], hall.clock())

    assert told("A001").code == "no_window"
    hall.open("1", "C1")
    assert (told("A001").code, told("A002").code) == ("next", "ahead")
    hall.do("call", "1", ticket="A002", reason="a child")
    assert (told("A002").code, told("A001").code) == ("called", "all_busy")
    assert [(o.by, o.reason, o.text) for o in told("A001").passed_by] == [("A002", "chosen", "a child")]
    hall.do("finish", "1")
    assert told("A002").code == "ended"


def test_who_is_not_called_yet_is_past_the_target_a_moment_after_it(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue("A", "B", minutes_apart=1)
    hall.clock.move(minutes=13)
    assert overview.waiting_past_target_summary(now(hall), hall.clock()) is None
    hall.clock.move(seconds=1)
    assert overview.waiting_past_target_summary(now(hall), hall.clock()) == overview.WaitingCountPastTarget(
        1, "A001", 16
    )
    hall.clock.move(minutes=10)
    assert overview.waiting_past_target_summary(now(hall), hall.clock()) == overview.WaitingCountPastTarget(
        2, "A001", 25
    )
    hall.call("1")
    assert overview.waiting_past_target_summary(now(hall), hall.clock()) == overview.WaitingCountPastTarget(
        1, "B001", 24
    )


def test_a_long_wait_is_amber_then_red(hall: Hall) -> None:
    hall.issue("A")
    for minutes, level in ((9.9, None), (0.1, "amber"), (4.9, "amber"), (0.1, "red")):
        hall.clock.move(minutes=minutes)
        assert kinds(hall) == [NO_WINDOW, *([("long_wait", level)] if level else [])]


def test_a_window_that_is_not_back_in_time_is_told_a_moment_later(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.do("pause", "1", reason="tea", minutes=5)
    hall.clock.move(minutes=5)
    assert kinds(hall) == []
    hall.clock.move(seconds=6)
    assert kinds(hall) == [("late_back", "amber")]


def test_a_window_that_calls_nobody_though_somebody_waits_for_it(hall: Hall) -> None:
    hall.play("open 1 staff=C1", "open 3 staff=C3", 10)
    assert kinds(hall) == []
    hall.issue("C")
    hall.clock.move(minutes=9)
    assert kinds(hall) == [], "who has just come could not be called before"
    hall.clock.move(minutes=2)
    found = [(a.kind, a.window, a.minutes) for a in overview.current_alerts(now(hall), hall.clock()) if a.window]
    assert found == [("no_call", "3", 11)]


def test_a_crowd_is_more_than_the_hall_s_number_and_a_series_comes_to_its_end(hall: Hall) -> None:
    hall.do("set-setting", "crowd", 7)
    hall.do("set-row", "services", "A", {"last": 10})
    hall.queue(*"A" * 7)
    assert kinds(hall) == [NO_WINDOW]
    hall.issue("A")
    assert kinds(hall) == [NO_WINDOW, ("crowd", "red")]
    hall.issue("A")
    (found,) = (a for a in overview.current_alerts(now(hall), hall.clock()) if a.kind == "series_ending")
    assert (found.service, found.minutes) == ("A", 1)


def test_the_worst_stands_first_and_people_for_whom_no_window_is_open_at_once(hall: Hall) -> None:
    hall.play("open 2 staff=C1", "queue A C")
    found = overview.current_alerts(now(hall), hall.clock())
    assert [(a.kind, a.level, a.service, a.minutes) for a in found] == [("no_window", "red", "C", 1)]
    hall.open("3", "C3")
    assert kinds(hall) == []
    for window in "23":
        hall.do("pause", window, reason="tea", minutes=1)
    hall.clock.move(minutes=20)
    assert [a.kind for a in overview.current_alerts(now(hall), hall.clock())][:2] == ["no_window", "no_window"]
    hall.do("resume", "2")
    assert {kind for kind, _level in kinds(hall)} == {"no_window", "long_wait", "late_back"}
    assert kinds(hall)[-1] == ("late_back", "amber")


def test_a_hall_without_a_set_up_is_a_bug() -> None:
    with pytest.raises(ValueError, match="set-up"):
        overview.set_up(HallState())
