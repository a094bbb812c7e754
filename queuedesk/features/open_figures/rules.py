"""The reporting views: their columns, what these mean, and their SQL for both kinds of database; and a published day.

The views apply the rules of the product's own figures (core/figures/measures/rows.py), so that a plain mean or count of
a view equals the report. Flags are 0 or 1, so that their mean is a share. Local times are text on SQLite."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from msgspec import Struct

from queuedesk.core.features import Wording
from queuedesk.core.log.event import Event, utc_stamp

NAME = "open_figures"
SCHEMA = "reporting"
PREFIX = f"{SCHEMA}_"
"""Precedes a view's name in a file, which has no schemas."""
DESCRIPTIONS = "descriptions"
YEARS_AHEAD = 2
"""How long the views know when clocks change; they are made again long before."""
_MINUTE_US = 60_000_000


class HallClockOffsets(Struct, frozen=True):
    """A hall with the offsets of its clock from UTC: each from a moment on, all in microseconds."""

    hall: int
    offsets: tuple[tuple[int, int], ...]


class ReportingSql(Struct, frozen=True):
    """The expressions that differ between the two kinds of database; `clocks` are those of the halls in the views."""

    is_file: bool
    clocks: Sequence[HallClockOffsets]

    def table_name(self, name: str) -> str:
        return name if self.is_file else f"public.{name}"

    def view_name(self, name: str) -> str:
        return f"{PREFIX}{name}" if self.is_file else f"{SCHEMA}.{name}"

    def hall_condition(self, column: str) -> str:
        """Return the condition on rows: halls that use the feature and, on a server, that the login may read."""
        ids = ", ".join(str(clock.hall) for clock in self.clocks) or "NULL"
        own = "" if self.is_file else f" AND {column} = ANY ((SELECT {SCHEMA}.own_halls())::bigint[])"
        return f"{column} IN ({ids}){own}"

    def date_expression(self, column: str) -> str:
        return column if self.is_file else f"{column}::date"

    def local_time_expression(self, hall: str, us: str) -> str:
        """Return a moment on the hall's clock, to the second."""
        halls = " ".join(f"WHEN {clock.hall} THEN {_offset_sql(clock.offsets, us)}" for clock in self.clocks)
        moment = f"{us} + CASE {hall} {halls} END" if self.clocks else "NULL"
        if self.is_file:
            return f"strftime('%Y-%m-%d %H:%M:%S', ({moment}) / 1000000, 'unixepoch')"
        return f"date_trunc('second', timestamp 'epoch' + ({moment}) * interval '1 microsecond')"

    def larger_of(self, first: str, second: str) -> str:
        return f"{'max' if self.is_file else 'greatest'}({first}, {second})"

    def names_join(self, part: str, alias: str, hall: str, code: str) -> str:
        """Return a join of the names of services, windows or staff as they are set up now."""
        if self.is_file:
            rows = (
                "SELECT h.id AS hall, json_extract(e.value, '$.code') AS code, json_extract(e.value, '$.name') AS name,"
                f" json_extract(e.value, '$.name_en') AS name_en FROM halls h, json_each(h.setup, '$.{part}') e"
            )
        else:
            # Materialized, or the set-up would be parsed for each row.
            rows = (
                "WITH named AS MATERIALIZED (SELECT h.id AS hall, e ->> 'code' AS code, e ->> 'name' AS name,"
                f" e ->> 'name_en' AS name_en FROM public.halls h, jsonb_array_elements(h.setup::jsonb -> '{part}') e)"
                " SELECT * FROM named"
            )
        return f"LEFT JOIN ({rows}) {alias} ON {alias}.hall = {hall} AND {alias}.code = {code}"

    def name_expression(self, alias: str, code: str, *, english: bool = False) -> str:
        first, second = ("name_en", "name") if english else ("name", "name_en")
        return f"coalesce(nullif({alias}.{first}, ''), nullif({alias}.{second}, ''), {code})"

    def paused_us(self, shift: str, until: str) -> str:
        """Return the sum of a shift's pauses, the last one up to `until`."""
        if self.is_file:
            start, end = (self._us_of_text(f"json_extract(p.value, '$[{n}]')") for n in (0, 1))
            rows = f"json_each({shift}.pauses) p"
        else:
            start, end = (f"(extract(epoch FROM (p ->> {n})::timestamptz) * 1000000)::bigint" for n in (0, 1))
            rows = f"jsonb_array_elements({shift}.pauses::jsonb) p"
        return f"(SELECT coalesce(sum(coalesce({end}, {until}) - {start}), 0) FROM {rows})"

    def _us_of_text(self, text: str) -> str:
        """Return the microseconds of a moment as text, whose fraction is left out where it is zero."""
        fraction = f"CASE WHEN substr({text}, 20, 1) = '.' THEN CAST(substr({text}, 21, 6) AS INTEGER) ELSE 0 END"
        return f"(CAST(strftime('%s', substr({text}, 1, 19)) AS INTEGER) * 1000000 + {fraction})"

    def minutes_expression(self, us: str) -> str:
        return f"({us}) / {_MINUTE_US}.0" if self.is_file else f"(({us})::double precision / {_MINUTE_US})"

    def count(self, number: str) -> str:
        """Return a whole number in a type that sums and means of it keep readable."""
        return number if self.is_file else f"({number})::integer"


def _offset_sql(offsets: Sequence[tuple[int, int]], us: str) -> str:
    """Return the offset at a moment, which column `us` gives."""
    *changes, (_since, last) = offsets
    following = [since for since, _offset in offsets[1:]]
    cases = [f"WHEN {us} < {until} THEN {offset}" for (_since, offset), until in zip(changes, following, strict=True)]
    return f"CASE {' '.join(cases)} ELSE {last} END" if cases else str(last)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def clock_offsets(zone: tzinfo, first: datetime, last: datetime) -> tuple[tuple[int, int], ...]:
    """Return the offsets of a zone's clock between two moments, each from a moment on, in microseconds."""

    def utc_offset(moment: datetime) -> timedelta:
        return moment.astimezone(zone).utcoffset() or timedelta()

    at, found = first.astimezone(UTC).replace(microsecond=0), []
    found.append((at, utc_offset(at)))
    while at < last:
        after = at + timedelta(days=1)
        if utc_offset(after) != found[-1][1]:
            low, high = at, after
            while high - low > _SECOND:
                middle = low + (high - low) // 2 // _SECOND * _SECOND
                low, high = (middle, high) if utc_offset(middle) == found[-1][1] else (low, middle)
            found.append((high, utc_offset(high)))
        at = after
    return tuple((int((since - _EPOCH) / _SECOND) * 1_000_000, int(own / _SECOND) * 1_000_000) for since, own in found)


class ReportingView(Struct, frozen=True, kw_only=True):
    """A view: what a row is, its columns in order with what they mean, and its query."""

    name: str
    about: Wording
    columns: Mapping[str, Wording]
    sql: Callable[[ReportingSql], str]


_HALL = {"hall": Wording("Code of the hall", context="hall's word")}
_VISIT = {
    **_HALL,
    "date": Wording("Business date, which ends when the hall's day ends", context="hall's word"),
    "number": Wording("Number on the ticket", context="hall's word"),
}
_SERVICE = {
    "service_code": Wording("Code of the service", context="hall's word"),
    "service_name": Wording("Name of the service as it is now", context="hall's word"),
    "service_name_en": Wording("English name of the service", context="hall's word"),
}
_WINDOW = {
    "window_code": Wording("Number of the window", context="hall's word"),
    "window_name": Wording("Name of the window as it is now", context="hall's word"),
}
_STAFF = {
    "staff_code": Wording("Code of the member of staff", context="hall's word"),
    "staff_name": Wording("Name of the member of staff as it is now", context="hall's word"),
}


def _service_sql(sql: ReportingSql, code: str) -> str:
    return (
        f"{code} AS service_code, {sql.name_expression('service', code)} AS service_name,"
        f" {sql.name_expression('service', code, english=True)} AS service_name_en"
    )


def _window_and_staff_sql(sql: ReportingSql, alias: str) -> str:
    window, staff = f'{alias}."window"', f"{alias}.staff"
    return (
        f"{window} AS window_code, {sql.name_expression('win', window)} AS window_name,"
        f" {staff} AS staff_code, {sql.name_expression('person', staff)} AS staff_name"
    )


def _joined_names(sql: ReportingSql, alias: str) -> str:
    return " ".join(
        sql.names_join(part, name, f"{alias}.hall", code)
        for part, name, code in (("windows", "win", f'{alias}."window"'), ("staff", "person", f"{alias}.staff"))
    )


def _visits_sql(sql: ReportingSql) -> str:
    key = "l.hall = t.hall AND l.date = t.date AND l.label = t.label"
    legs = f"FROM {sql.table_name('legs')} l WHERE {key}"
    ways = " ".join(f"WHEN t.flags LIKE '%\"{flag}\"%' THEN '{flag}'" for flag in ("paper", "appointment", "kiosk"))
    return f"""SELECT h.code AS hall, {sql.date_expression("t.date")} AS date, t.label AS number, {_service_sql(sql, "f.service")},
 CASE {ways} ELSE 'staff' END AS came_by, t.klass AS class, t.state AS state,
 {sql.local_time_expression("t.hall", "t.arrived")} AS arrived,
 {sql.local_time_expression("t.hall", f"(SELECT min(l.called) {legs})")} AS first_called,
 {sql.count(f"SELECT count(*) {legs}" if not sql.is_file else f"(SELECT count(*) {legs})")} AS steps,
 {sql.count("t.misses")} AS misses,
 CASE WHEN t.flags LIKE '%"no_show"%' AND t.state = 'left' THEN 1 ELSE 0 END AS no_show
FROM {sql.table_name("tickets")} t JOIN {sql.table_name("halls")} h ON h.id = t.hall
JOIN {sql.table_name("legs")} f ON f.hall = t.hall AND f.date = t.date AND f.label = t.label AND f.n = 1
{sql.names_join("services", "service", "t.hall", "f.service")}
WHERE {sql.hall_condition("t.hall")}"""


def _waits_sql(sql: ReportingSql) -> str:
    spent = f"{sql.larger_of('0', 'l.finished - l.started')} - l.held_us - l.stalled_us"
    times = ", ".join(f"{sql.local_time_expression('l.hall', f'l.{name}')} AS {name}" for name in ("joined", "called"))
    later = ", ".join(
        f"{sql.local_time_expression('l.hall', f'l.{name}')} AS {name}" for name in ("started", "finished")
    )
    return f"""SELECT h.code AS hall, {sql.date_expression("l.date")} AS date, l.label AS number, {sql.count("l.n")} AS step,
 {_service_sql(sql, "l.service")}, {_window_and_staff_sql(sql, "l")}, {times}, {later},
 {sql.minutes_expression(sql.larger_of("0", "l.called - l.joined"))} AS wait_minutes,
 CASE WHEN l.started IS NOT NULL AND l.finished IS NOT NULL THEN {sql.minutes_expression(sql.larger_of("0", spent))} END AS handling_minutes
FROM {sql.table_name("legs")} l JOIN {sql.table_name("halls")} h ON h.id = l.hall
JOIN {sql.table_name("tickets")} t ON t.hall = l.hall AND t.date = l.date AND t.label = l.label
{sql.names_join("services", "service", "l.hall", "l.service")} {_joined_names(sql, "l")}
WHERE l.called IS NOT NULL AND coalesce(l."end", '') <> 'redirect' AND l.inaccurate = 0 AND t.state <> 'void'
 AND {sql.hall_condition("l.hall")}"""


def _ratings_sql(sql: ReportingSql) -> str:
    marks = ", ".join(f"{sql.count(f'r.{name}')} AS {name}" for name in ("attitude", "competence"))
    return f"""SELECT h.code AS hall, {sql.date_expression("r.date")} AS date, r.label AS number, {_service_sql(sql, "r.service")},
 {_window_and_staff_sql(sql, "r")}, {sql.local_time_expression("r.hall", "r.time")} AS rated, {sql.count("r.level")} AS level,
 CASE WHEN r.level >= 3 THEN 1 ELSE 0 END AS satisfied, {marks}
FROM {sql.table_name("ratings")} r JOIN {sql.table_name("halls")} h ON h.id = r.hall
{sql.names_join("services", "service", "r.hall", "r.service")} {_joined_names(sql, "r")}
WHERE r.excluded = 0 AND {sql.hall_condition("r.hall")}"""


def _shifts_sql(sql: ReportingSql) -> str:
    until = f"coalesce(s.closed, {sql.larger_of('coalesce(h.at, s.opened)', 's.opened')})"
    paused = sql.paused_us("s", until)
    opened = f"{until} - s.opened"
    return f"""SELECT h.code AS hall, {sql.date_expression("s.date")} AS date, {_window_and_staff_sql(sql, "s")},
 {sql.local_time_expression("s.hall", "s.opened")} AS opened, {sql.local_time_expression("s.hall", "s.closed")} AS closed,
 {sql.minutes_expression(opened)} AS open_minutes, {sql.minutes_expression(paused)} AS paused_minutes,
 {sql.minutes_expression(f"{opened} - {paused}")} AS worked_minutes
FROM {sql.table_name("shifts")} s JOIN {sql.table_name("halls")} h ON h.id = s.hall {_joined_names(sql, "s")}
WHERE {sql.hall_condition("s.hall")}"""


def _cases_sql(sql: ReportingSql) -> str:
    due = ", ".join(
        f"{sql.date_expression(f'c.{name}')} AS {name}" for name in ("contact_due", "act_due", "answer_due")
    )
    return f"""SELECT h.code AS hall, c.number AS number, {sql.date_expression("c.date")} AS date, c.klass AS class, c.source AS source,
 c.state AS state, c.owner AS staff_code, {sql.name_expression("person", "c.owner")} AS staff_name,
 {sql.local_time_expression("c.hall", "c.opened")} AS opened, {due}, {sql.date_expression('c."limit"')} AS last_day,
 {sql.count("c.reopened")} AS reopened, {sql.local_time_expression("c.hall", "c.closed")} AS closed, c.outcome AS outcome,
 c.verdict AS verdict
FROM {sql.table_name("cases")} c JOIN {sql.table_name("halls")} h ON h.id = c.hall
{sql.names_join("staff", "person", "c.hall", "c.owner")}
WHERE {sql.hall_condition("c.hall")}"""


VIEWS = (
    ReportingView(
        name="visits",
        about=Wording("One row for each ticket, void ones included", context="hall's word"),
        columns={
            **_VISIT,
            **_SERVICE,
            "came_by": Wording("kiosk, appointment, paper (entered later) or staff", context="hall's word"),
            "class": Wording("Priority class, normal for none", context="hall's word"),
            "state": Wording(
                "finished, left, void, or where it is now: waiting, called, serving, parked, missed",
                context="hall's word",
            ),
            "arrived": Wording("When the ticket was given, local time", context="hall's word"),
            "first_called": Wording("First call, local time; empty without one", context="hall's word"),
            "steps": Wording("How many lines the visit was in", context="hall's word"),
            "misses": Wording("How often the customer missed a call", context="hall's word"),
            "no_show": Wording("1 if the customer never came after a call", context="hall's word"),
        },
        sql=_visits_sql,
    ),
    ReportingView(
        name="waits",
        about=Wording(
            "One row for each wait that counts: called, not in a wrong line, not void, not closed by the day's end",
            context="hall's word",
        ),
        columns={
            **_VISIT,
            "step": Wording("Which line of the visit, the first is 1", context="hall's word"),
            **_SERVICE,
            **_WINDOW,
            **_STAFF,
            "joined": Wording("Start of the wait, local time", context="hall's word"),
            "called": Wording("First call in this line, local time", context="hall's word"),
            "started": Wording("Start of the service, local time", context="hall's word"),
            "finished": Wording("End of the service, local time", context="hall's word"),
            "wait_minutes": Wording("Minutes from the start of the wait to the first call", context="hall's word"),
            "handling_minutes": Wording(
                "Minutes of service, without those set aside or waiting for another system", context="hall's word"
            ),
        },
        sql=_waits_sql,
    ),
    ReportingView(
        name="ratings",
        about=Wording(
            "One row for each rating that counts; one taken out by a correction is left out", context="hall's word"
        ),
        columns={
            **_VISIT,
            **_SERVICE,
            **_WINDOW,
            **_STAFF,
            "rated": Wording("When the customer rated, local time", context="hall's word"),
            "level": Wording("1 to 5, 5 is best", context="hall's word"),
            "satisfied": Wording(
                "1 for levels 3, 4 and 5, else 0: its mean is the share satisfied", context="hall's word"
            ),
            "attitude": Wording("How the customer was treated, 1 to 5", context="hall's word"),
            "competence": Wording("How well it was done, 1 to 5", context="hall's word"),
        },
        sql=_ratings_sql,
    ),
    ReportingView(
        name="shifts",
        about=Wording("One row for each time that somebody opened a window until it closed", context="hall's word"),
        columns={
            **_HALL,
            "date": _VISIT["date"],
            **_WINDOW,
            **_STAFF,
            "opened": Wording("When it opened, local time", context="hall's word"),
            "closed": Wording("When it closed, local time; empty while it is open", context="hall's word"),
            "open_minutes": Wording("Minutes open; of an open one up to the hall's last entry", context="hall's word"),
            "paused_minutes": Wording("Minutes paused", context="hall's word"),
            "worked_minutes": Wording("Minutes open and not paused", context="hall's word"),
        },
        sql=_shifts_sql,
    ),
    ReportingView(
        name="cases",
        about=Wording("One row for each case; what was said and who it is about are not in it", context="hall's word"),
        columns={
            **_HALL,
            "number": Wording("Number of the case", context="hall's word"),
            "date": Wording("Business date on which it was opened", context="hall's word"),
            "class": Wording("Class of the case", context="hall's word"),
            "source": Wording("Where it came from", context="hall's word"),
            "state": Wording("State now", context="hall's word"),
            **_STAFF,
            "opened": Wording("When it was opened, local time", context="hall's word"),
            "contact_due": Wording("Call back by", context="hall's word"),
            "act_due": Wording("Act by", context="hall's word"),
            "answer_due": Wording("Answer by", context="hall's word"),
            "last_day": Wording("Last day by the rules", context="hall's word"),
            "reopened": Wording("How often it was opened again", context="hall's word"),
            "closed": Wording("When it was closed, local time; empty while it is open", context="hall's word"),
            "outcome": Wording("Outcome", context="hall's word"),
            "verdict": Wording("What the customer said of the answer", context="hall's word"),
        },
        sql=_cases_sql,
    ),
)
Descriptions = Sequence[tuple[str, str, str, str]]
"""Rows of the view of descriptions: view, column ("" for the view itself), language, text."""


def reporting_queries(sql: ReportingSql, descriptions: Descriptions) -> dict[str, str]:
    """Return the query of each view by its name, the descriptions last."""
    rows = ", ".join("(" + ", ".join(sql_literal(part) for part in row) + ")" for row in descriptions)
    heads = ("view_name", "column_name", "language", "description")
    if sql.is_file:
        named = ", ".join(f"column{n} AS {head}" for n, head in enumerate(heads, 1))
        described = f"SELECT {named} FROM (VALUES {rows})"
    else:
        described = f"SELECT * FROM (VALUES {rows}) AS d ({', '.join(heads)})"
    return {**{view.name: view.sql(sql) for view in VIEWS}, DESCRIPTIONS: described}


def sql_literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# -- a published day: the log of a business date with what its figures need, and nobody's name or words --------------

PUBLISHED_FORMAT = "queuedesk published day 1"
FEWEST_TICKETS = 10
"""A day with fewer is not published: whoever was there would know them all (our figure)."""
FEWEST_STAFF = 4
"""Of fewer people at windows even pseudonyms are left out: one would be known by the window (our figure)."""
FEWEST_RATINGS = 10
"""Fewer ratings are left out: who rated would be known (our figure)."""
_SHOWN_FIELDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("call", "recall", "miss", "return", "leave", "defer", "void", "reinstate", "postpone"), ()),
    "reopen": (),
    "issue": ("steps",),
    "serve": ("steps",),
    "finish": ("then",),
    "add": ("added",),
    "transfer": ("to",),
    "redirect": ("to",),
    "day-end": ("finished",),
}
"""The kinds of events that are shown, with the fields of their data: what the figures need, and no more."""
_WITH_STAFF = ("call", "serve")
_WITH_SERVICE = ("issue", "serve")


class DayPublication(Struct, frozen=True, kw_only=True):
    """What is published of a date: its events in order, with what else the file says. `levels` counts the ratings that
    count by level, `figures` has the figures as the report prints them, by the names of resources/published."""

    hall: str
    date: str
    language: str
    services: Mapping[str, str]
    events: Sequence[Event]
    levels: Mapping[str, int] | None
    figures: Mapping[str, object]
    last_seq: int
    last_hash: str

    def file_lines(self) -> list[str]:
        """Return the lines of the file. The same log always gives the same lines."""
        key = hashlib.sha256("".join([PUBLISHED_FORMAT, *(event.hash for event in self.events)]).encode()).digest()
        names = _pseudonyms(self.events, key)
        head: dict[str, object] = {
            "format": PUBLISHED_FORMAT,
            "hall": self.hall,
            "date": self.date,
            "language": self.language,
            "services": self.services,
            "events": len(self.events),
        }
        end: dict[str, object] = {
            "levels": self.levels,
            "figures": self.figures,
            "last_seq": self.last_seq,
            "hash": self.last_hash,
        }
        before, found = "", []
        for line in (head, *(_event_as_published(event, key, names) for event in self.events), end):
            before = hashlib.sha256((before + _json_text_of_line(line)).encode()).hexdigest()
            found.append(_json_text_of_line({**line, "digest": before}))
        return found


def _event_as_published(event: Event, key: bytes, names: Mapping[str, str]) -> dict[str, object]:
    """Return an event without what nobody may know: its number, its kind and time where the figures need them, and a
    digest of the whole that says nothing without the key."""
    sealed = hashlib.sha256(_keyed_digest_bytes(key, str(event.seq)) + event.hash.encode()).hexdigest()
    line: dict[str, object] = {"seq": event.seq, "sealed": sealed}
    if event.kind == "correct" and "finished" in event.data["new"]:
        return line | {
            "kind": "correct",
            "time": utc_stamp(event.time),
            "ticket": event.ticket,
            "step": event.data["leg"],
        }
    if event.kind not in _SHOWN_FIELDS:
        return line
    line |= {"kind": event.kind, "time": utc_stamp(event.time)}
    if event.ticket is not None:
        line["ticket"] = event.ticket
    if event.kind in _WITH_SERVICE:
        line["service"] = event.service
    if event.kind in _WITH_STAFF and event.staff is not None and event.staff in names:
        line["staff"] = names[event.staff]
    return line | {name: event.data[name] for name in _SHOWN_FIELDS[event.kind] if event.data.get(name)}


def _pseudonyms(events: Sequence[Event], key: bytes) -> Mapping[str, str]:
    """Return a name for each person who called, in an order that only the key gives; of few people none."""
    people = {event.staff for event in events if event.kind in _WITH_STAFF and event.staff is not None}
    if len(people) < FEWEST_STAFF:
        return {}
    ordered = sorted(people, key=lambda staff: _keyed_digest_bytes(key, f"staff {staff}"))
    return {staff: f"S{n}" for n, staff in enumerate(ordered, 1)}


def _keyed_digest_bytes(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


def _json_text_of_line(line: Mapping[str, object]) -> str:
    return json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def figures_of_published_day(document: Mapping[str, Any], levels: Mapping[str, int] | None) -> dict[str, object]:
    """Return the figures of a report's document that a published day has."""
    found: dict[str, object] = {name: document[name] for name in ("issued", "called", "missed", "finished")}
    for row in document["services"]:
        if row["wait"]["n"]:
            found[f"wait {row['code']}"] = {name: row["wait"][name] for name in ("n", "mean", "median", "p90")}
    if levels is not None:
        found["ratings"] = {name: document["ratings"][name] for name in ("n", "satisfied", "rate", "low", "high")}
    return found
