"""Changes the hall's calendar, and reads the days that were published for it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from typing import Any

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.core.setup import hall as hall_setup
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.desk.change import Document, HallChange, runs_in_transaction
from queuedesk.paths import resource_path


class PublishedHolidayYear(Struct, frozen=True, kw_only=True):
    """A year's published days in `country`: `source` is the key in their rows, `title` the notice's name. `law_only`:
    without that year's notice, only the holidays fixed by law, without make-up working days and extra days off."""

    country: str
    year: int
    source: str
    title: str
    published: date
    url: str
    law_only: bool
    days: Mapping[str, hall_setup.Row]


class CountryHolidays(Struct, frozen=True, kw_only=True):
    """The program's data of a country: names by language, time zones of its halls, years."""

    names: Mapping[str, str]
    zones: Collection[str]
    years: Mapping[int, PublishedHolidayYear]


@cache
def published_holidays_by_country() -> Mapping[str, CountryHolidays]:
    """Return the countries with published days in the program, one file each."""
    files = sorted(path for path in resource_path("calendars").iterdir() if path.name.endswith(".json"))
    return {
        file.stem: _country_holidays_of_document(file.stem, json.loads(file.read_text(encoding="utf-8")))
        for file in files
    }


def country_of_published_days(hall: hall_setup.HallSpec) -> str:
    """Return the country whose published days a hall may import, "" for none."""
    if hall.country:
        return hall.country if hall.country in published_holidays_by_country() else ""
    return next(
        (code for code, country in published_holidays_by_country().items() if hall.timezone in country.zones), ""
    )


def published_years(country: str) -> Mapping[int, PublishedHolidayYear]:
    return published_holidays_by_country()[country].years if country in published_holidays_by_country() else {}


def all_published_years() -> list[PublishedHolidayYear]:
    return [year for country in published_holidays_by_country().values() for year in country.years.values()]


def _country_holidays_of_document(country: str, document: Mapping[str, Any]) -> CountryHolidays:
    years = {}
    for year, published_year in document["years"].items():
        rows = {day: {**row, "source": published_year["source"]} for day, row in published_year["days"].items()}
        years[int(year)] = PublishedHolidayYear(
            country=country,
            year=int(year),
            source=published_year["source"],
            title=published_year["title"],
            published=date.fromisoformat(published_year["published"]),
            url=published_year["url"],
            law_only=published_year.get("law_only", False),
            days=rows,
        )
    return CountryHolidays(
        names=document["names"], zones=hall_setup.LAW_OF.get(country) or document["zones"], years=years
    )


@runs_in_transaction("calendar")
def set_calendar_days(change: HallChange, rows: Mapping[str, hall_setup.Row | None]) -> Document:
    """Set the rows of dates, None to remove one; return the calendar. One event for all, none without a difference.
    Raises RuleError "bad_value", "not_there"."""
    before = hall_setup.rows_of_calendar(change.setup.document)
    for day, row in rows.items():
        if row is None and day not in before:
            raise RuleError("not_there", kind=hall_setup.CALENDAR, code=day)
    rows = {day: None if row is None else hall_setup.normalized_calendar_row(row) for day, row in rows.items()}
    after = hall_setup.calendar_with_changed_days(before, rows)
    check_and_read_setup({**change.setup.document, hall_setup.CALENDAR: after})
    edits = {day: row for day, row in rows.items() if before.get(day) != row}
    if edits:
        change.record("set-up", part=hall_setup.CALENDAR, op="set", code=hall_setup.CALENDAR, row=edits)
    return {hall_setup.CALENDAR: after}
