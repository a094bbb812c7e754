"""How far a period's satisfaction rate can be trusted: by date, against the period before, of halls and of people
side by side. And any document of figures as cells and as CSV: each figure under its path, each list as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct

from queuedesk.core.figures.comparing import named_rows
from queuedesk.core.figures.drilldown.rows import BehindRow, TicketsBehind
from queuedesk.core.figures.halls import Point, SameMix, Shrunk, funnel, p_chart, partly_pooled, same_mix
from queuedesk.core.figures.measures.figure import BY_SERVICE
from queuedesk.core.figures.measures.targets_reached import RULES
from queuedesk.core.figures.measures.times import MINUTE_US
from queuedesk.core.figures.periods import DAY, span_of
from queuedesk.core.figures.satisfaction import (
    FEW_RESPONSES,
    Difference,
    Rate,
    Response,
    compare,
    differ,
    rate,
    response,
)
from queuedesk.core.setup.rows import Setup
from queuedesk.files.writing import write_file
from queuedesk.i18n import named, tr
from queuedesk.i18n.figures import drilldown_words as words
from queuedesk.i18n.figures.figure_titles import figure_title
from queuedesk.reports.figures.figure_words import definitions, figure_name
from queuedesk.reports.figures.findings import Slot, bar_step, slots
from queuedesk.reports.figures.period import HallRead, PeriodRead, service_code

HOURS = "hours"
LISTS = (HOURS, "services", "windows", "staff", "left_out")
"""What is a list in the document, in the order in which it is read."""
NAMING = 2
"""How many of a row's first figures name it: a date and a ticket, a device and its station."""
MINUTES, SHARE, COUNT, TEXT, POINTS = "minutes", "share", "count", "text", "points"
_SHARES = frozenset({"rate", "low", "high", "within_target", "share"})
_MINUTES = frozenset(
    {"mean", "median", "p90", "max", "mean_wait", "minutes_lost", "mean_minutes_beyond", "minutes", "minutes_saved"}
)
_POINTS = frozenset({"median", "mean", "median_seconds"})
_RULES = frozenset({"target_minutes", "minutes_each", *(rule for rule in RULES if rule.endswith("_minutes"))})
"""Minutes that somebody set: whole numbers."""

# A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

BOOK = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""How a workbook is made in which a text is a text, whatever it looks like."""

Cell = str | int | float | None


def flat(figures: Mapping[str, Any]) -> Iterator[tuple[str, Cell]]:
    """Yield every figure outside lists as (path, value), "wait.mean" and the like, in the document's order."""
    for key, value in figures.items():
        if isinstance(value, Mapping):
            yield from ((f"{key}.{path}", cell) for path, cell in flat(value))
        elif not isinstance(value, list):
            yield key, value


def lists(figures: Mapping[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield every list with its path: first LISTS, then "measures.outcomes" and the like in the document's order.

    A list inside rows becomes a table of its own, each of its rows preceded by the name of the outer row.
    """
    for name in LISTS:
        yield name, told_apart(figures[name]) if name == HOURS else figures[name]
    for path, rows in _inner("", {key: value for key, value in figures.items() if key not in LISTS}):
        yield path, rows
        for key in dict.fromkeys(key for row in rows for key, value in row.items() if isinstance(value, list)):
            yield f"{path}.{key}", [_names(row) | one for row in rows for one in row[key]]


def told_apart(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return half-hours with the second of one name, where clocks are put back, as "01:30#2"."""
    return [{**row, "from": name} for name, row in named_rows(rows)]


def _inner(prefix: str, figures: Mapping[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for key, value in figures.items():
        if isinstance(value, list):
            yield f"{prefix}{key}", value
        elif isinstance(value, Mapping):
            yield from _inner(f"{prefix}{key}.", value)


def _names(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in list(row)[:NAMING]}


def table(rows: list[dict[str, Any]]) -> tuple[list[str], list[list[Cell]]]:
    """Return a list of the document as columns, named by their paths, and rows."""
    cells = [dict(flat(row)) for row in rows]
    columns = list(dict.fromkeys(path for row in cells for path in row))
    return columns, [[row.get(column) for column in columns] for row in cells]


def kind(path: str, row: Mapping[str, Any] | None = None) -> str:
    """Return the kind of a figure: MINUTES, SHARE, COUNT, TEXT, or POINTS, a figure of quality with a fraction. `row`
    is its row if it is in a list."""
    key = path.rpartition(".")[2]
    if path in ("hall", "from", "to", "log.hash", "code", "what") or key == "why":
        return TEXT
    if path.startswith("quality.") or path.endswith("score.mean"):
        return SHARE if key in _SHARES else POINTS if key in _POINTS else COUNT
    if key == "value" and row is not None:
        return SHARE if "rate" in row else MINUTES
    if key in _SHARES:
        return SHARE
    if path == "overtakes.max" or key in _RULES:
        return COUNT
    return MINUTES if key in _MINUTES or key.endswith("_minutes") else COUNT


def safe(text: str) -> str:
    """Return a text in a form that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


# The figures as CSV: every figure with its path, value and name, each list as a table of its own, then what each
# figure is.

_DEFINED = ("path", "name", "counted", "of", "left_out", "abandoned")


class _Writer(Protocol):
    def writerow(self, row: Iterable[Any], /) -> Any: ...
    def writerows(self, rows: Iterable[Iterable[Any]], /) -> None: ...


def figures_csv(
    document: Mapping[str, Any], lang: str, more: Iterable[tuple[str, Sequence[Sequence[Cell]]]] = ()
) -> bytes:
    """Return the document of one hall, or of several: paths then begin with "halls.CODE." or "all.".

    `more` are further tables by name, their header first.
    """
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    parts = list(_parts(document))
    rows.writerow(["figure", "value", "name"])
    for prefix, figures in parts:
        rows.writerows([prefix + path, _cell(value), figure_name(path, lang)] for path, value in flat(figures))
    for prefix, figures in parts:
        for name, found in lists(figures):
            columns, cells = table(found)
            if cells:
                _table(rows, f"{prefix}{name}", [columns, *cells])
    for name, own in more:
        _table(rows, name, own)
    told = definitions(parts[0][1], lang)
    _table(rows, "definitions", [_DEFINED, *([getattr(one, key) for key in _DEFINED] for one in told)])
    # With the mark, spreadsheets read Chinese as what it is.
    return text.getvalue().encode("utf-8-sig")


def _table(rows: _Writer, name: str, cells: Iterable[Sequence[Cell]]) -> None:
    rows.writerow([])
    rows.writerow([name])
    rows.writerows([_cell(cell) for cell in row] for row in cells)


def _parts(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if "halls" not in document:
        yield "", document
        return
    yield "all.", document["all"]
    for figures in document["halls"]:
        yield f"halls.{figures['hall']}.", figures


def _cell(value: Cell) -> Cell:
    return safe(value) if isinstance(value, str) else "" if value is None else value


# The tickets behind a figure as CSV, in the words of a language: for the manager's own spreadsheet.


def write(path: Path, found: TicketsBehind, setup: Setup, *, title: str, lang: str) -> None:
    """Write the rows, replacing the file as a whole; `title` "" is the figure's own. Raises OutsideError
    "cannot_write"."""
    write_file(path, csv_table(found, setup, title=title, lang=lang))


def csv_table(found: TicketsBehind, setup: Setup, *, title: str, lang: str) -> bytes:
    """Return a figure's title, span and value, then a row for each ticket that makes it up; times on the hall's
    clock."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    figure = title or figure_title(found.path, setup, lang)
    rows.writerow([_cell(value) for value in (figure, found.first.isoformat(), found.last.isoformat(), found.value)])
    rows.writerow([])
    columns = words.columns_of(found)
    rows.writerow([_cell(words.column_title(column, lang)) for column in columns])
    for row in found.rows:
        rows.writerow([_cell(_value(row, column, setup, lang)) for column in columns])
    # With the mark, spreadsheets read Chinese as what it is.
    return text.getvalue().encode("utf-8-sig")


def _value(row: BehindRow, column: str, setup: Setup, lang: str) -> Cell:
    """Return a cell: figures as figures, dates and times so that a spreadsheet knows them, everything else in words."""
    if column == words.DATE:
        return row.day.isoformat()
    if column == words.ARRIVED:
        return f"{setup.local(row.arrived):%H:%M:%S}"
    if column == words.WAITED:
        return None if row.waited_s is None else round(row.waited_s / 60, 2)
    if column == words.AMOUNT:
        return None if row.amount_s is None else round(row.amount_s / 60, 2)
    if column == words.RATING:
        return row.rating
    return words.cell(row, column, setup, lang)


Counts = tuple[int, int]
"""Satisfied and dissatisfied."""


class ByDate(Struct, frozen=True):
    """The p-chart: rates of days or months with their limits round `centre`, the rate of all; None where nobody
    rated."""

    slots: Sequence[Slot]
    points: Sequence[Point]
    centre: float | None

    @property
    def outside(self) -> list[int]:
        """The indexes of those that chance hardly explains."""
        return [i for i, point in enumerate(self.points) if point.is_outside]

    @property
    def rated(self) -> int:
        """How many of the dates have a rating."""
        return sum(point.n > 0 for point in self.points)


class Member(Struct, frozen=True):
    """A hall or a person among others: counts, limits round the rate of all, the estimate."""

    code: str
    counts: Counts
    found: Rate
    inner: Point
    outer: Point
    pooled: Shrunk
    is_apart: bool = False

    @property
    def out(self) -> int:
        """How far out the rate lies: 0 where chance may have set it apart from the others', by a limit common to all;
        1 beyond it, 2 beyond the 99.8 % limits too."""
        return self.is_apart + (self.is_apart and self.outer.is_outside)


class Before(Struct, frozen=True):
    """The period before, and how far this one's rate lies above it."""

    first: date
    last: date
    found: Rate
    difference: Difference


class Alike(Struct, frozen=True):
    """The halls' figures as if all had had the same mix of services."""

    waits: SameMix
    within: SameMix
    rates: SameMix


class Rates(Struct, frozen=True):
    """Everything a page or a table shows of a period's satisfaction rate; `halls` and `alike` only for several halls
    together."""

    counts: Counts
    found: Rate
    response: Response
    by_date: ByDate | None
    before: Before
    clerks: Sequence[Member]
    halls: Sequence[Member]
    alike: Alike | None


def rates_of(read: PeriodRead) -> Rates:
    """Return a period's rates; a single date has no chart by date."""
    ratings = read.figures["ratings"]
    counts = (ratings["satisfied"], ratings["dissatisfied"])
    clerks = [(row["code"], _counts(row["ratings"])) for row in read.figures["staff"]]
    halls = [(hall.setup.hall.code, _counts(hall.figures["ratings"])) for hall in read.halls] if read.together else []
    return Rates(
        counts=counts,
        found=rate(*counts),
        response=response(*counts, ratings["unrated"]),
        by_date=_by_date(read),
        before=_before(read, counts),
        clerks=side_by_side(clerks),
        halls=side_by_side(halls),
        alike=_alike(read.halls) if read.together else None,
    )


def side_by_side(of: Sequence[tuple[str, Counts]]) -> list[Member]:
    """Return everybody who was rated, compared with the rate of all; nothing if there is only one."""
    known = [(code, counts) for code, counts in of if sum(counts)]
    if len(known) < 2:
        return []
    all_counts = [counts for _code, counts in known]
    centre = sum(s for s, _d in all_counts) / sum(s + d for s, d in all_counts)
    limits, pooled = funnel(all_counts, centre), partly_pooled(all_counts)
    return [
        Member(code, counts, rate(*counts), inner, outer, one, inner.is_outside and _is_apart(counts, all_counts))
        for (code, counts), (inner, outer), one in zip(known, limits, pooled, strict=True)
    ]


def _is_apart(own: Counts, every: Sequence[Counts]) -> bool:
    """Whether a rate differs from that of the others by more than chance does to any of them."""
    others = sum(s for s, _d in every) - own[0], sum(d for _s, d in every) - own[1]
    return differ(others, own, len(every))


def _counts(ratings: dict[str, int]) -> Counts:
    return ratings["satisfied"], ratings["dissatisfied"]


def _by_date(read: PeriodRead) -> ByDate | None:
    if read.period == DAY:
        return None
    found = slots(read.tally.days, read.first, read.last, bar_step(read.period))
    centre, points = p_chart([(slot.satisfied, slot.rated - slot.satisfied) for slot in found])
    return ByDate(found, points, centre)


def _before(read: PeriodRead, counts: Counts) -> Before:
    first, last = span_of(read.period, read.first - timedelta(days=1))
    earlier = (sum(hall.before[0] for hall in read.halls), sum(hall.before[1] for hall in read.halls))
    return Before(first, last, rate(*earlier), compare(earlier, counts))


def _alike(halls: Sequence[HallRead]) -> Alike:
    waits, within, rated = [], [], []
    for hall in halls:
        code = service_code([one.setup for one in halls], hall.setup)
        steps, found = hall.tally.steps, list(hall.tally.steps.counts[BY_SERVICE, "of"])
        own_waits = {code(name): steps.times_of(BY_SERVICE, "wait", name) for name in found}
        waits.append({name: (sum(own) / MINUTE_US, len(own)) for name, own in own_waits.items()})
        within.append({code(name): hall.tally.in_time(name) for name in found})
        rated.append({code(name): (s, s + d) for name, (s, d) in hall.rated.items()})
    return Alike(same_mix(waits), same_mix(within, most=1.0), same_mix(rated, most=1.0))


# What the page on satisfaction says as tables: for the workbook, and for CSV.

BY_DATE, CHANGE, ANSWERS, HALLS, STAFF, SAME_MIX = "by_date", "change", "answers", "halls", "staff", "same_mix"
DIGITS = 6


class RateTable(Struct, frozen=True):
    """A table: its key, the title and kind of each column, and its rows. Shares lie in 0..1."""

    key: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Cell]]


def rate_tables(read: PeriodRead, rates: Rates, lang: str) -> list[RateTable]:
    """Return the tables that have rows, in the order of the page; names of halls and people are in `lang`."""
    found = [_answers(rates), *([_date_table(rates.by_date)] if rates.by_date else []), _change(read, rates)]
    halls = {hall.setup.hall.code: named(hall.setup.hall.name, hall.setup.hall.name_en, lang) for hall in read.halls}
    if rates.halls:
        found.append(_members(HALLS, rates.halls, lambda code: halls[code]))
    if rates.alike is not None and len(read.halls) > 1:
        found.append(_same_mix(read, rates.alike))
    if rates.clerks:
        found.append(_members(STAFF, rates.clerks, lambda code: read.coded.staff(code, lang)))
    return [one for one in found if one.rows]


def _answers(rates: Rates) -> RateTable:
    one = rates.response
    columns = [
        ("rated", COUNT),
        ("unrated", COUNT),
        ("answered", SHARE),
        ("answered_at_least", SHARE),
        ("lowest", SHARE),
        ("highest", SHARE),
    ]
    if not one.rated + one.silent:
        return RateTable(ANSWERS, columns, [])
    row = [one.rated, one.silent, _six(one.share), FEW_RESPONSES, _six(one.lowest), _six(one.highest)]
    return RateTable(ANSWERS, columns, [row])


def _date_table(by_date: ByDate) -> RateTable:
    columns = [
        ("from", "date"),
        ("to", "date"),
        ("n", COUNT),
        ("satisfied", COUNT),
        ("rate", SHARE),
        ("centre", SHARE),
        ("limit_low", SHARE),
        ("limit_high", SHARE),
        ("outside", COUNT),
    ]
    rows: list[Sequence[Cell]] = [
        [
            slot.first.isoformat(),
            slot.last.isoformat(),
            point.n,
            slot.satisfied,
            _six(point.rate),
            _six(by_date.centre),
            _six(point.low),
            _six(point.high),
            int(point.is_outside),
        ]
        for slot, point in zip(by_date.slots, by_date.points, strict=True)
        if point.n
    ]
    return RateTable(BY_DATE, columns, rows)


def _change(read: PeriodRead, rates: Rates) -> RateTable:
    before, difference = rates.before, rates.before.difference
    columns = [
        ("what", TEXT),
        ("from", "date"),
        ("to", "date"),
        ("n", COUNT),
        ("rate", SHARE),
        ("low", SHARE),
        ("high", SHARE),
    ]

    def row(what: str, first: str, last: str, found: Rate) -> list[Cell]:
        return [what, first, last, found.n, _six(found.rate), _six(found.low), _six(found.high)]

    if difference.difference is None:
        return RateTable(CHANGE, columns, [])
    rows: list[list[Cell]] = [
        row("before", before.first.isoformat(), before.last.isoformat(), before.found),
        row("now", read.first.isoformat(), read.last.isoformat(), rates.found),
        [
            "difference",
            None,
            None,
            None,
            *(_six(one) for one in (difference.difference, difference.low, difference.high)),
        ],
    ]
    return RateTable(CHANGE, columns, rows)


def _members(key: str, members: Sequence[Member], name: Callable[[str], str]) -> RateTable:
    columns = [
        ("code", TEXT),
        ("name", TEXT),
        ("n", COUNT),
        ("satisfied", COUNT),
        ("rate", SHARE),
        ("low", SHARE),
        ("high", SHARE),
        ("funnel95_low", SHARE),
        ("funnel95_high", SHARE),
        ("funnel998_low", SHARE),
        ("funnel998_high", SHARE),
        ("pooled", SHARE),
        ("weight", SHARE),
        ("place", COUNT),
    ]
    rows: list[Sequence[Cell]] = [
        [
            one.code,
            name(one.code),
            one.found.n,
            one.counts[0],
            *(
                _six(figure)
                for figure in (
                    one.found.rate,
                    one.found.low,
                    one.found.high,
                    one.inner.low,
                    one.inner.high,
                    one.outer.low,
                    one.outer.high,
                    one.pooled.believed,
                    one.pooled.weight,
                )
            ),
            one.pooled.rank,
        ]
        for one in members
    ]
    return RateTable(key, columns, rows)


def _same_mix(read: PeriodRead, alike: Alike) -> RateTable:
    columns = [
        ("code", TEXT),
        ("mean_wait", MINUTES),
        ("mean_wait_same_mix", MINUTES),
        ("within_target", SHARE),
        ("within_target_same_mix", SHARE),
        ("rate", SHARE),
        ("rate_same_mix", SHARE),
    ]
    rows: list[Sequence[Cell]] = [
        [
            hall.setup.hall.code,
            hall.figures["wait"]["mean"],
            None if alike.waits.figures[i] is None else round(alike.waits.figures[i] or 0.0, 2),
            hall.figures["wait"]["within_target"],
            _six(alike.within.figures[i]),
            hall.figures["ratings"]["rate"],
            _six(alike.rates.figures[i]),
        ]
        for i, hall in enumerate(read.halls)
    ]
    return RateTable(SAME_MIX, columns, rows)


def _six(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)


def named_tables(read: PeriodRead, rates: Rates, lang: str) -> list[tuple[str, Sequence[Sequence[Cell]]]]:
    """Return the tables as "rates.by_date" and the like, each with its header of keys."""
    return [
        (f"rates.{one.key}", [[key for key, _kind in one.columns], *one.rows]) for one in rate_tables(read, rates, lang)
    ]


def rates_document(read: PeriodRead, rates: Rates, lang: str) -> dict[str, Any]:
    """Return the tables by key, a list of rows each, as JSON has them: `answers` is one row, null where nobody could
    have rated.

    A table that the span lacks is an empty list. Halls and people are given by code only.
    """
    found: dict[str, Any] = {key: [] for key in (ANSWERS, BY_DATE, CHANGE, HALLS, SAME_MIX, STAFF)}
    for one in rate_tables(read, rates, lang):
        keys = [key for key, _kind in one.columns]
        found[one.key] = [
            {
                key: bool(cell) if key == "outside" else cell
                for key, cell in zip(keys, row, strict=True)
                if key != "name"
            }
            for row in one.rows
        ]
    found[ANSWERS] = next(iter(found[ANSWERS]), None)
    return found


# -- words -------------------------------------------------------------------------------------------------------------


def table_title(key: str, lang: str) -> str:
    """Return a table's title, short enough for the tab of a sheet."""
    return {
        ANSWERS: tr(lang, "Who answered", context="rates"),
        BY_DATE: tr(lang, "Rate by date", context="rates"),
        CHANGE: tr(lang, "Against the period before"),
        HALLS: tr(lang, "Rates of halls", context="rates"),
        STAFF: tr(lang, "Staff rates", context="rates"),
        SAME_MIX: tr(lang, "Like for like"),
    }[key]


def column_word(key: str, lang: str) -> str:
    """Return a column's title."""
    return {
        "answered": tr(lang, "Share that rated", context="rates"),
        "answered_at_least": tr(lang, "Below this a hint only", context="rates"),
        "lowest": tr(lang, "All others dissatisfied", context="rates"),
        "highest": tr(lang, "All others satisfied", context="rates"),
        "centre": tr(lang, "Rate of all", context="rates"),
        "limit_low": tr(lang, "Limit below", context="rates"),
        "limit_high": tr(lang, "Limit above", context="rates"),
        "outside": tr(lang, "Outside (1)", context="rates"),
        "what": tr(lang, "Which", context="rates"),
        "name": tr(lang, "Name", context="field"),
        "funnel95_low": tr(lang, "95 % of chance from", context="rates"),
        "funnel95_high": tr(lang, "95 % of chance to", context="rates"),
        "funnel998_low": tr(lang, "99.8 % of chance from", context="rates"),
        "funnel998_high": tr(lang, "99.8 % of chance to", context="rates"),
        "pooled": tr(lang, "Combined estimate", context="rates"),
        "weight": tr(lang, "Own weight", context="rates"),
        "place": tr(lang, "Place, from 30 ratings on", context="rates"),
        "mean_wait_same_mix": tr(lang, "Mean wait, same mix, min", context="rates"),
        "within_target_same_mix": tr(lang, "In time, same mix", context="rates"),
        "rate_same_mix": tr(lang, "Satisfied, same mix", context="rates"),
    }[key]


def change_word(what: str, lang: str) -> str:
    """Return which of the two periods a row is for, or that it is their difference."""
    return {
        "before": tr(lang, "before", context="rates"),
        "now": tr(lang, "now", context="rates"),
        "difference": tr(lang, "difference", context="rates"),
    }[what]
