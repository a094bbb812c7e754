"""The hall's calendar: holidays, make-up working days and special hours of single dates, and working days counted by
it."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from types import MappingProxyType
from typing import Annotated, Any

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.setup import field_checks as checks
from queuedesk.core.setup import field_kinds as kinds
from queuedesk.core.setup.field_kinds import check_row, entry, read_row
from queuedesk.core.setup.time_of_day import clock_text, minutes_of, padded_clock
from queuedesk.core.wording import Wording

HOLIDAY, WORKING, SPECIAL = "holiday", "working", "special"
CALENDAR = "calendar"
"""The part of the set-up file: rows by ISO date."""
LAST_WORKING_WEEKDAY = 5
BY_LAW = frozenset(range(1, LAST_WORKING_WEEKDAY + 1))
"""The working week where the law says which days are worked, whenever a hall opens."""
LAW_OF = {
    "cn": ("Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing", "Asia/Chungking", "Asia/Harbin", "Asia/Kashgar", "PRC")
}
"""Countries whose law does, with days off and days worked instead that are published for each year; their time
zones."""
NO_COUNTRY = "none"
"""Of a hall that goes by no country's days."""
MAKE_UP = 8
"""What stands for a make-up working day beside the weekdays 1 to 7."""
LONGEST_REASON, LONGEST_SOURCE = 60, 80
Row = Mapping[str, Any]


def _yes_no_or_by_itself() -> kinds.Kind:
    return replace(kinds.flag(), read=lambda value: value)


class CalendarDay(Struct, frozen=True, kw_only=True):
    """One date that is not as its weekday. A HOLIDAY is closed, a WORKING day is open as on most days from Monday to
    Friday, a SPECIAL one has hours of its own.

    `start` and `end` are minutes since midnight, None for the usual ones. `text` is what customers read. `working` says
    whether it counts as a working day; None: a HOLIDAY does not, a WORKING one does, a SPECIAL one as its weekday.
    `source` is who has published it: a key of `resources/calendars`, or words of the hall's own.
    """

    kind: Annotated[
        str,
        entry(
            kinds.choice(
                {
                    HOLIDAY: Wording("Closed", context="day"),
                    WORKING: Wording("Make-up working day", context="day"),
                    SPECIAL: Wording("Special hours", context="day"),
                },
                needed=True,
            ),
            "Kind",
        ),
    ]
    start: Annotated[int | None, entry(kinds.optional_time(), "Opens", key="from")] = None
    end: Annotated[int | None, entry(kinds.optional_time(), "Closes", key="to")] = None
    text: Annotated[str, entry(kinds.text(LONGEST_REASON), "Why, as customers read it")] = ""
    text_en: Annotated[str, entry(kinds.text(LONGEST_REASON), "Why, in English")] = ""
    working: Annotated[bool | None, entry(_yes_no_or_by_itself(), "Counts as a working day")] = None
    source: Annotated[str, entry(kinds.text(LONGEST_SOURCE), "Source")] = ""


class Calendar(Struct, frozen=True, kw_only=True):
    """What the hall knows of single dates; every other date is as its weekday. `week` are the weekdays that count as
    working days, 1 to 7; `makes_up`: days off are worked instead on others, as a law says."""

    days: Mapping[date, CalendarDay] = field(default_factory=lambda: MappingProxyType({}))
    week: frozenset[int] = BY_LAW
    makes_up: bool = True

    def on(self, day: date) -> CalendarDay | None:
        """Return what is known of a date, None where it is as its weekday."""
        return self.days.get(day)

    def is_closed(self, day: date) -> bool:
        """Return whether the hall is closed on a date that its week might have opened."""
        known = self.days.get(day)
        return known is not None and known.kind == HOLIDAY

    def sources(self, year: int) -> tuple[str, ...]:
        """Return who has published the days of a year, in order; none where nobody has."""
        return tuple(sorted({one.source for day, one in self.days.items() if day.year == year and one.source}))


NO_DAYS = Calendar()
"""Of a hall that has said nothing: every date is as its weekday."""


def is_working(calendar: Calendar, day: date) -> bool:
    """Return whether `day` counts as a working day: those of the hall's week unless the calendar says otherwise.

    Deadlines rest on it. Whether the hall is open is another question, answered by `hours_on`.
    """
    known = calendar.days.get(day)
    by_week = day.isoweekday() in calendar.week
    if known is None:
        return by_week
    if known.working is not None:
        return known.working
    return by_week if known.kind == SPECIAL else known.kind == WORKING


def weekday_like(calendar: Calendar, day: date) -> int | None:
    """Return of which weekday a date is an example, 1 to 7; MAKE_UP for a make-up working day, which is like most days
    from Monday to Friday; None for a holiday and for special hours, which are like no other day."""
    known = calendar.days.get(day)
    if known is None:
        return day.isoweekday()
    return MAKE_UP if known.kind == WORKING else None


def add_working_days(calendar: Calendar, start: date, n: int) -> date:
    """Return the `n`th working day after `start`, which itself does not count; with a negative `n` before it.

    0 gives `start`, or the next working day where it is none.
    """
    step, left, day = timedelta(days=-1 if n < 0 else 1), abs(n), start
    while left or (not n and not is_working(calendar, day)):
        day += step
        left -= bool(left and is_working(calendar, day))
    return day


def working_days_between(calendar: Calendar, a: date, b: date) -> int:
    """Return how many working days lie after `a` up to and with `b`; negative where `b` is before `a`.

    It undoes `add_working_days`: the third working day after a date is three working days from it.
    """
    if b < a:
        return -working_days_between(calendar, b - timedelta(days=1), a - timedelta(days=1))
    return sum(is_working(calendar, a + timedelta(days=n)) for n in range(1, (b - a).days + 1))


def days_from(first: date, last: date) -> list[date]:
    """Return every date from the first to the last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def working_days_in(calendar: Calendar, year: int) -> int:
    """Return how many working days a year has."""
    return working_days_between(calendar, date(year - 1, 12, 31), date(year, 12, 31))


def check_calendar(document: object) -> None:
    """Refuse a calendar whose dates or rows don't fit. Raises RuleError "bad_value"."""
    for day, row in checks.mapping(CALENDAR, document).items():
        check_day(day, row)


def check_day(day: str, row: object) -> None:
    """Refuse a row of the calendar that does not fit. Raises RuleError "bad_value"."""
    if not day:
        raise checks.bad(f"{CALENDAR}.date", day, "empty")
    checks.optional_date(f"{CALENDAR}.date", day)
    known, place = checks.mapping(CALENDAR, row), f"{CALENDAR}.{day}"
    for key in known:
        if key not in kinds.fields_of(CalendarDay):
            raise checks.bad(f"{place}.{key}", key, "not_a_choice", limit=list(kinds.fields_of(CalendarDay)))
    check_row(CalendarDay, place, known)
    _check_hours(place, known)


def _check_hours(place: str, row: Row) -> None:
    start, end = row.get("from"), row.get("to")
    if row["kind"] == HOLIDAY and (start or end):
        raise checks.bad(f"{place}.from" if start else f"{place}.to", start or end, "closed_has_hours")
    for key, value in (("from", start), ("to", end)):
        if not value and (row["kind"] == SPECIAL or start or end):
            raise checks.bad(f"{place}.{key}", value, "empty")
    if start and end and minutes_of(start) >= minutes_of(end):
        raise checks.bad(f"{place}.to", end, "before_opening", limit=clock_text(minutes_of(start)))


def tidy(row: Row) -> dict[str, Any]:
    """Return a row as the set-up file keeps it: nothing that is empty, times with two digits, texts without edges. What
    does not fit stays as it is, for the check to name."""
    after = {key: value.strip() if isinstance(value, str) else value for key, value in row.items()}
    for key in ("from", "to"):
        with suppress(ValueError):
            after[key] = padded_clock(minutes_of(str(after.get(key))))
    return {key: value for key, value in after.items() if value not in (None, "")}


def law_of(country: str, timezone: str) -> str:
    """Return the country by whose law a hall works, "" where its working days are its own: the one that it has chosen,
    else that of its time zone."""
    if country:
        return country if country in LAW_OF else ""
    return next((one for one, zones in LAW_OF.items() if timezone in zones), "")


def read_calendar(document: Row, *, open_days: frozenset[int] = BY_LAW, law: str = "cn") -> Calendar:
    """Return the calendar of a part that `check_calendar` accepts, of a hall that opens on those weekdays and works by
    the law of that country, "" for none."""
    days = {date.fromisoformat(day): read_row(CalendarDay, row) for day, row in document.items()}
    return Calendar(
        days=days,
        week=BY_LAW if law else open_days or BY_LAW,
        makes_up=bool(law) or any(one.kind == WORKING for one in days.values()),
    )


def with_days(document: Row, rows: Mapping[str, Row | None]) -> dict[str, Row]:
    """Return the part with other rows for some dates, in order; None makes a date as its weekday again."""
    after = {**document, **rows}
    return {day: row for day in sorted(after) if (row := after[day]) is not None}


def rows_of_calendar(document: Mapping[str, Any]) -> Mapping[str, Row]:
    """Return the calendar of a set-up document, by ISO date."""
    rows: Mapping[str, Row] = document.get(CALENDAR, {})
    return rows


def written(row: Row | None, typed: Row) -> dict[str, Any]:
    """Return a date's row with what a person typed: it is no longer as somebody published it, and a day that becomes
    closed has no hours."""
    after = {key: value for key, value in (row or {}).items() if key != "source"} | dict(typed)
    if typed.get("kind") == HOLIDAY:
        after = {key: value for key, value in after.items() if key not in ("from", "to") or key in typed}
    return tidy(after)
