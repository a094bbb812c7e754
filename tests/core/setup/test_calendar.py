"""The calendar: what a date is, when its services are open, and working days counted by it."""

import json
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.queue import hallday
from queuedesk.core.setup.file import check_and_read_setup, document_after_change
from queuedesk.core.setup.hall import add_working_days, is_working_day, working_days_between
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import calendaring
from queuedesk.desk.calendaring import country_of_published_days, published_years
from tests.hall import simple_setup

FRIDAY, SATURDAY = date(2026, 11, 27), date(2026, 11, 28)
LUNCH = [{"days": "1-5", "from": "08:30", "to": "12:00"}, {"days": "1-5", "from": "13:30", "to": "17:30"}]


def hall(**rows: Any) -> Setup:
    """A break at noon, a last ticket at 17:00, B on Wednesdays alone, and `rows` of November 2026, as d27."""
    document = simple_setup(calendar={f"2026-11-{day[1:]}": row for day, row in rows.items()})
    document["services"][0].update(hours=LUNCH, last_ticket="17:00")
    document["services"][1].update(hours=[{"days": "3", "from": "09:00", "to": "11:00"}])
    document["services"][2].update(hours=LUNCH)
    return check_and_read_setup(document)


def spans(setup: Setup, day: date, service: str = "A") -> list[tuple[int, int]]:
    return hallday.opening_spans_on(setup, setup.services[service], day)


def of_year(year: int) -> Setup:
    document = simple_setup(calendar=published_years("cn")[year].days)
    for service in document["services"]:
        service.update(hours=LUNCH)
    return check_and_read_setup(document)


@pytest.mark.parametrize(
    ("row", "day", "expected", "last"),
    [
        (None, FRIDAY, [(510, 720), (810, 1050)], 1020),
        ({"kind": "holiday"}, FRIDAY, [], 1020),
        ({"kind": "special", "from": "8:30", "to": "15:00"}, FRIDAY, [(510, 720), (810, 900)], 870),
        ({"kind": "special", "from": "9:00", "to": "12:00"}, FRIDAY, [(540, 720)], 690),
        ({"kind": "special", "from": "8:00", "to": "20:00"}, FRIDAY, [(480, 720), (810, 1200)], 1170),
        (None, SATURDAY, [], 1020),
        ({"kind": "working"}, SATURDAY, [(510, 720), (810, 1050)], 1020),
        ({"kind": "working", "from": "9:00", "to": "16:00"}, SATURDAY, [(540, 720), (810, 960)], 930),
        ({"kind": "special", "from": "9:00", "to": "11:00"}, SATURDAY, [(540, 660)], 630),
    ],
)
def test_when_a_service_is_open(row: dict[str, Any] | None, day: date, expected: list[Any], last: int) -> None:
    setup = hall(**({f"d{day.day}": row} if row else {}))
    assert spans(setup, day) == expected
    assert hallday.minute_ticket_issue_ends_on(setup, setup.services["A"], day) == last


def test_a_closed_hall_says_when_it_opens_again_after_the_holidays() -> None:
    setup = of_year(2026)
    evening = hallday.utc_moment_of_hall_minute(setup, date(2026, 2, 14), 18 * 60)
    assert hallday.next_ticket_opening(setup, setup.services["A"], evening) == ("8:30", date(2026, 2, 24))
    assert spans(hall(d28={"kind": "working"}), SATURDAY, "B") == [], "it opens on Wednesdays alone"


def test_deadlines_run_around_national_day_and_counting_working_days_undoes_adding_them() -> None:
    calendar = of_year(2026).calendar
    assert add_working_days(calendar, date(2026, 9, 29), 3) == date(2026, 10, 9)
    assert add_working_days(calendar, date(2026, 10, 9), 1) == date(2026, 10, 10)  # a Saturday that is worked
    assert add_working_days(calendar, date(2026, 10, 10), -2) == date(2026, 10, 8)
    assert add_working_days(calendar, date(2026, 10, 1), 0) == date(2026, 10, 8)
    starts = (date(2026, 2, 13), date(2026, 9, 28), date(2026, 10, 10))
    for start, n in product(starts, (*range(-30, 0), *range(1, 31))):
        assert working_days_between(calendar, start, add_working_days(calendar, start, n)) == n


def test_a_row_may_say_whether_its_day_counts() -> None:
    rows = {"kind": "holiday", "working": True}, {"kind": "special", "from": "9:00", "to": "11:00", "working": True}
    calendar = hall(d27=rows[0], d28=rows[1]).calendar
    plain = hall(d27={"kind": "holiday"}, d28={"kind": "special", "from": "9:00", "to": "11:00"}).calendar
    found = [is_working_day(days, day) for days in (calendar, plain) for day in (FRIDAY, SATURDAY)]
    assert found == [True, True, False, False]


@pytest.mark.parametrize(("year", "off", "working"), [(2025, 28, 5), (2026, 33, 6)])
def test_the_published_years(year: int, off: int, working: int) -> None:
    """Counted by the notices: 1+8+3+5+3+8 and 3+9+3+5+3+3+7 days off; both years have 248 working days."""
    told, calendar = published_years("cn")[year], of_year(year).calendar
    kinds = [one.kind for one in calendar.days.values()]
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    assert (kinds.count("holiday"), kinds.count("working")) == (off, working)
    assert all(day.isoweekday() > 5 for day, one in calendar.days.items() if one.kind == "working")
    assert sum(is_working_day(calendar, day) for day in days) == 248
    assert told.published.year == year - 1
    assert calendar.sources_in_year(year) == (told.source,)
    assert calendar.sources_in_year(2028) == ()


def test_a_year_without_its_notice_has_what_the_law_fixes() -> None:
    """Article 2 of the State Council's Order 795: 1 + 4 + 1 + 2 + 1 + 1 + 3 days."""
    told, calendar = published_years("cn")[2027], of_year(2027).calendar
    days = [date(2027, 1, 1) + timedelta(days=n) for n in range(365)]
    assert told.law_only
    assert not published_years("cn")[2026].law_only
    assert {one.kind for one in calendar.days.values()} == {"holiday"}
    days_off = "01-01 02-05 02-06 02-07 02-08 04-05 05-01 05-02 06-09 09-15 10-01 10-02 10-03"
    assert " ".join(f"{day:%m-%d}" for day in sorted(calendar.days)) == days_off
    assert sum(is_working_day(calendar, day) for day in days) == 261 - 7  # Six of the thirteen are at weekends.


def test_one_change_gives_and_takes_days_in_the_order_of_the_dates() -> None:
    before = simple_setup(calendar={"2026-11-27": {"kind": "holiday"}})
    row = {"2026-11-27": None, "2026-12-31": {"kind": "holiday"}, "2026-11-28": {"kind": "working"}}
    after = document_after_change(before, {"part": "calendar", "op": "set", "row": row})
    assert list(after["calendar"]) == ["2026-11-28", "2026-12-31"]


def of_zone(timezone: str, **fields: Any) -> Setup:
    """A hall of three services that opens from Monday to Saturday."""
    document = simple_setup(timezone=timezone)
    document["hall"].update(fields)
    for service in document["services"]:
        service.update(hours=[{"days": "1-6", "from": "08:30", "to": "17:30"}])
    return check_and_read_setup(document)


@pytest.mark.parametrize(
    ("timezone", "fields", "saturday", "makes_up", "country"),
    [
        ("America/New_York", {}, True, False, ""),
        ("America/New_York", {"country": "cn"}, False, True, "cn"),
        ("America/New_York", {"country": "us"}, True, False, ""),
        ("Asia/Shanghai", {}, False, True, "cn"),
        ("Asia/Shanghai", {"country": "none"}, True, False, ""),
        ("UTC+08:00", {}, True, False, ""),
    ],
)
def test_working_days_are_those_of_the_country_or_of_the_halls_own_week(timezone, fields, saturday, makes_up, country):
    setup = of_zone(timezone, **fields)
    assert is_working_day(setup.calendar, SATURDAY) == saturday
    assert not is_working_day(setup.calendar, SATURDAY + timedelta(days=1))
    assert add_working_days(setup.calendar, FRIDAY, 2) == FRIDAY + timedelta(days=3 if saturday else 4)
    assert setup.calendar.makes_up == makes_up
    assert country_of_published_days(setup.hall) == country
    assert bool(published_years(country_of_published_days(setup.hall))) == bool(country)


def test_another_countrys_file_is_all_that_its_halls_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    days = {"2026-07-04": {"kind": "holiday", "text": "Independence Day"}}
    year = {"source": "us-2026", "title": "Federal holidays", "published": "2025-01-01", "url": "", "days": days}
    document = {"names": {"en": "United States"}, "zones": ["America/New_York"], "years": {"2026": year}}
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "us.json").write_text(json.dumps(document), encoding="utf-8")
    monkeypatch.setattr(calendaring, "resource_path", tmp_path.joinpath)
    calendaring.published_holidays_by_country.cache_clear()
    try:
        assert country_of_published_days(of_zone("America/New_York").hall) == "us"
        assert published_years("us")[2026].days["2026-07-04"]["source"] == "us-2026"
    finally:
        calendaring.published_holidays_by_country.cache_clear()
