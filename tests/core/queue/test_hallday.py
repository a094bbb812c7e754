"""The hall's day: its turn, clocks that go forward and back, and the hours and services in which tickets are given."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.queue import hallday
from queuedesk.core.queue.hallday import begin_of_day, business_date, end_of_day, minute_when_tickets_stop_today
from queuedesk.core.queue.offers import LimitedServiceCounts, service_ticket_offer_to_customer
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.setup.rows import Service, Setup
from queuedesk.core.setup.time_of_day import clock_text, parse_clock_minutes
from tests.hall import simple_setup


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
