"""How far a period's satisfaction rate can be trusted: by date, against the period before, of halls and of people side
by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from msgspec import Struct

from queuedesk.core.figures.halls import Point, SameMix, Shrunk, funnel, p_chart, partly_pooled, same_mix
from queuedesk.core.figures.measures.figure import BY_SERVICE
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
from queuedesk.i18n import named, tr
from queuedesk.reports.figures.cells import COUNT, MINUTES, SHARE, TEXT, Cell
from queuedesk.reports.figures.period import HallRead, PeriodRead, service_code
from queuedesk.reports.figures.slots import Slot, bar_step, slots

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
