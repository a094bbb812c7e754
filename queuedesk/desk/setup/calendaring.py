"""Changes the hall's calendar, and reads the days that were published for it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from typing import Any

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.core.setup.file import check_setup
from queuedesk.core.setup.hall import (
    CALENDAR,
    LAW_OF,
    HallSpec,
    Row,
    rows_of_calendar,
    tidy_day_row,
    with_calendar_days,
)
from queuedesk.desk.change import Change, Document, changes
from queuedesk.paths import resource


class PublishedYear(Struct, frozen=True, kw_only=True):
    """A year's published days in `country`: `source` is the key in their rows, `title` the notice's name. `law_only`:
    without that year's notice, only the holidays fixed by law, without make-up working days and extra days off."""

    country: str
    year: int
    source: str
    title: str
    published: date
    url: str
    law_only: bool
    days: Mapping[str, Row]


class CountryDays(Struct, frozen=True, kw_only=True):
    """The program's data of a country: names by language, time zones of its halls, years."""

    names: Mapping[str, str]
    zones: Collection[str]
    years: Mapping[int, PublishedYear]


@cache
def countries() -> Mapping[str, CountryDays]:
    """Return the countries with published days in the program, one file each."""
    files = sorted(path for path in resource("calendars").iterdir() if path.name.endswith(".json"))
    return {file.stem: _read_country(file.stem, json.loads(file.read_text(encoding="utf-8"))) for file in files}


def country_of(hall: HallSpec) -> str:
    """Return the country whose published days a hall may import, "" for none."""
    if hall.country:
        return hall.country if hall.country in countries() else ""
    return next((code for code, country in countries().items() if hall.timezone in country.zones), "")


def published(country: str) -> Mapping[int, PublishedYear]:
    return countries()[country].years if country in countries() else {}


def all_published_years() -> list[PublishedYear]:
    return [year for country in countries().values() for year in country.years.values()]


def _read_country(country: str, document: Mapping[str, Any]) -> CountryDays:
    years = {}
    for year, published_year in document["years"].items():
        rows = {day: {**row, "source": published_year["source"]} for day, row in published_year["days"].items()}
        years[int(year)] = PublishedYear(
            country=country,
            year=int(year),
            source=published_year["source"],
            title=published_year["title"],
            published=date.fromisoformat(published_year["published"]),
            url=published_year["url"],
            law_only=published_year.get("law_only", False),
            days=rows,
        )
    return CountryDays(names=document["names"], zones=LAW_OF.get(country) or document["zones"], years=years)


def differences(
    document: Mapping[str, Any], rows: Mapping[str, Row | None]
) -> dict[str, tuple[Row | None, Row | None]]:
    """Return the changes that rows would make in a set-up's calendar: (before, after) by date, sorted."""
    before = rows_of_calendar(document)
    after = {day: None if row is None else tidy_day_row(row) for day, row in rows.items()}
    return {day: (before.get(day), after[day]) for day in sorted(after) if before.get(day) != after[day]}


@changes("calendar")
def set_days(change: Change, rows: Mapping[str, Row | None]) -> Document:
    """Set the rows of dates, None to remove one; return the calendar. One event for all, none without a difference.
    Raises RuleError "bad_value", "not_there"."""
    before = rows_of_calendar(change.setup.document)
    for day, row in rows.items():
        if row is None and day not in before:
            raise RuleError("not_there", kind=CALENDAR, code=day)
    rows = {day: None if row is None else tidy_day_row(row) for day, row in rows.items()}
    after = with_calendar_days(before, rows)
    check_setup({**change.setup.document, CALENDAR: after})
    edits = {day: row for day, row in rows.items() if before.get(day) != row}
    if edits:
        change.record("set-up", part=CALENDAR, op="set", code=CALENDAR, row=edits)
    return {CALENDAR: after}
