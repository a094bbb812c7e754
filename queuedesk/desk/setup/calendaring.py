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
from queuedesk.core.setup.hall import CALENDAR, LAW_OF, HallSpec, Row, rows_of_calendar, tidy, with_days
from queuedesk.desk.change import Change, Document, changes
from queuedesk.paths import resource


class PublishedYear(Struct, frozen=True, kw_only=True):
    """A year's days as they were published in `country`: `source` is the key that their rows carry, `title` the
    notice's name. `law_only`: the year's own notice is not known, these are the holidays that the law itself fixes,
    without the days worked instead and the days off that the notice puts around them."""

    country: str
    year: int
    source: str
    title: str
    published: date
    url: str
    law_only: bool
    days: Mapping[str, Row]


class CountryDays(Struct, frozen=True, kw_only=True):
    """What comes with the program of one country: its name by language, the time zones of its halls, its years."""

    names: Mapping[str, str]
    zones: Collection[str]
    years: Mapping[int, PublishedYear]


@cache
def countries() -> Mapping[str, CountryDays]:
    """Return the countries whose published days come with the program: one file each."""
    files = sorted(path for path in resource("calendars").iterdir() if path.name.endswith(".json"))
    return {file.stem: _read(file.stem, json.loads(file.read_text(encoding="utf-8"))) for file in files}


def country_of(hall: HallSpec) -> str:
    """Return the country whose published days a hall may take in, "" where there are none for it."""
    if hall.country:
        return hall.country if hall.country in countries() else ""
    return next((code for code, country in countries().items() if hall.timezone in country.zones), "")


def published(country: str) -> Mapping[int, PublishedYear]:
    """Return the years of a country whose days come with the program; none of one without a file. A year that was not
    published yet is not among them."""
    return countries()[country].years if country in countries() else {}


def every_published() -> list[PublishedYear]:
    """Return the years of all countries."""
    return [year for country in countries().values() for year in country.years.values()]


def _read(country: str, document: Mapping[str, Any]) -> CountryDays:
    found = {}
    for year, told in document["years"].items():
        rows = {day: {**row, "source": told["source"]} for day, row in told["days"].items()}
        found[int(year)] = PublishedYear(
            country=country,
            year=int(year),
            source=told["source"],
            title=told["title"],
            published=date.fromisoformat(told["published"]),
            url=told["url"],
            law_only=told.get("law_only", False),
            days=rows,
        )
    return CountryDays(names=document["names"], zones=LAW_OF.get(country) or document["zones"], years=found)


def differences(
    document: Mapping[str, Any], rows: Mapping[str, Row | None]
) -> dict[str, tuple[Row | None, Row | None]]:
    """Return what rows would change in a set-up's calendar: for each date in order the row before and after."""
    before = rows_of_calendar(document)
    after = {day: None if row is None else tidy(row) for day, row in rows.items()}
    return {day: (before.get(day), after[day]) for day in sorted(after) if before.get(day) != after[day]}


@changes("calendar")
def set_days(change: Change, rows: Mapping[str, Row | None]) -> Document:
    """Give dates their rows, None for one that is as its weekday again; return the calendar. One event for all of it,
    none where nothing changes. Raises RuleError "bad_value", "not_there"."""
    before = rows_of_calendar(change.setup.document)
    for day, row in rows.items():
        if row is None and day not in before:
            raise RuleError("not_there", kind=CALENDAR, code=day)
    rows = {day: None if row is None else tidy(row) for day, row in rows.items()}
    after = with_days(before, rows)
    check_setup({**change.setup.document, CALENDAR: after})
    edits = {day: row for day, row in rows.items() if before.get(day) != row}
    if edits:
        change.record("set-up", part=CALENDAR, op="set", code=CALENDAR, row=edits)
    return {CALENDAR: after}
