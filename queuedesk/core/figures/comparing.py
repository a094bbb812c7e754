"""Compares two spans of dates on equal weekdays: as many Mondays in one as in the other, and so for each weekday.

- Only dates on which a ticket was issued are compared. Of a weekday on which the spans have not the same number of such
  dates, those of the longer row that come last are left out: the beginnings of two months are compared with each other,
  not the one's beginning with the other's end.
- A holiday and a day with special hours are like no other day: they are left out. A make-up working day is compared
  with make-up working days alone.
- A date that is not over has not all its customers yet: it is left out, unless its span is that one date.
- Differences are the span's own figure less that of the span it is compared with.
- Of a share (numerator ÷ denominator) the difference has Newcombe's 95 % interval (satisfaction.compare). The verdict
  is "higher" or "lower" where the interval leaves 0 out, else "cannot_tell": chance alone may have made the difference.
  Of shares of the whole hall it is "cannot_tell", too, where the same mix of services turns the sign (same_mix).
  Counts and minutes have no verdict.

Paths of figures in a document are "wait.n", "services.B.wait.mean", "hours.10:30.calls". A row of a list is named by
its code, its half-hour, the kind of what was left out, or its service and item as in "A/elderly". A full stop inside a
name has a backslash before it; the second half-hour of one name, where clocks are put back, ends in "#2".

With the same mix of services in both spans, a change is one of the work, not of the customers' requests. Direct
standardization: Σ wₛ(p₂ₛ − p₁ₛ) over the services that both spans have, wₛ the service's part of the rows of both
together (J. L. Fleiss, Statistical Methods for Rates and Proportions, 1981, ch. 14). Each service may have improved
and the whole worsened, where the requests changed (E. H. Simpson, The interpretation of interaction in contingency
tables, JRSS B 13, 1951): where the standardized difference has another sign than the plain one, there is no verdict."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from queuedesk.core.figures.satisfaction import satisfaction_rate_difference
from queuedesk.core.setup.hall import MAKE_UP, NO_DAYS, Calendar, weekday_typical_of
from queuedesk.core.talk.remarks import DayNote

Parts = tuple[str, ...]
NAMED_BY = (
    ("code",),
    ("service", "item"),
    ("channel", "service"),
    ("device", "station"),
    ("month", "channel"),
    ("date", "ticket"),
    ("date", "window", "from"),
    ("measure",),
    ("from",),
    ("what",),
    ("reason",),
    ("kind",),
    ("service",),
)
"""Keys that name a row of a list: the first of these tuples that the row has in full."""
NOTHING = "-"
"""The name of a row about those without a value, such as no noted outcome."""
_PART = re.compile(r"((?:[^.\\]|\\.)*)(?:\.|$)", re.DOTALL)


def split_figure_path(path: str) -> Parts:
    """Split a path into its names; their backslashes are removed."""
    if "\\" not in path:  # nearly every path, and a document has thousands
        return tuple(path.split("."))
    escaped = [match[1] for match in _PART.finditer(path)]
    return tuple(re.sub(r"\\(.)", r"\1", name, flags=re.DOTALL) for name in escaped[: _number_of_names_in_path(path)])


def _number_of_names_in_path(path: str) -> int:
    return len(re.sub(r"\\.", "", path, flags=re.DOTALL).split("."))


def joined_figure_path(*parts: str) -> str:
    """Join names into a path; full stops and backslashes inside a name get a backslash."""
    return ".".join(part.replace("\\", "\\\\").replace(".", "\\.") for part in parts)


def figure_paths_and_values(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the path and value of every figure in document order, including texts and nulls."""
    for parts, value in _walk_document((), document):
        yield joined_figure_path(*parts), value


def _walk_document(parents: Parts, value: object) -> Iterator[tuple[Parts, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _walk_document((*parents, key), inner)
    elif isinstance(value, list):
        for name, row in uniquely_named_rows(value):
            yield from _walk_document((*parents, name), row)
    else:
        yield parents, value


def uniquely_named_rows(rows: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """Yield each row with its name; a repeated name ends in "#2", "#3" …"""
    seen: Counter[str] = Counter()
    for at, row in enumerate(rows):
        name = row_name(row, at) if isinstance(row, Mapping) else str(at)
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name}#{seen[name]}", row


def row_name(row: Mapping[str, Any], at: int) -> str:
    """Return the values of the first keys of NAMED_BY that the row has, else its index from 0."""
    for keys in NAMED_BY:
        if all(key in row for key in keys):
            return "/".join(NOTHING if row[key] is None else str(row[key]) for key in keys)
    return str(at)


Side = Mapping[str, tuple[float, int]]
"""By service: a span's figure, and the number of rows behind it."""


def standardized_difference(before: Side, after: Side) -> float | None:
    """Return the difference, after less before, with the mix of both spans; None without a service in common."""
    common = [code for code in before if before[code][1] and after.get(code, (0, 0))[1]]
    whole = sum(before[code][1] + after[code][1] for code in common)
    if not whole:
        return None
    return sum((before[code][1] + after[code][1]) * (after[code][0] - before[code][0]) for code in common) / whole


def is_reversed_by_same_mix(difference: float | None, alike: float | None) -> bool:
    """Whether the same mix of services reverses or removes a difference."""
    return bool(difference) and alike is not None and alike * (difference or 0.0) <= 0


RUNNING, NO_TICKETS, SURPLUS, UNLIKE = "running", "no_tickets", "surplus", "unlike"
"""Why a date is not compared: it is not over, has no tickets, the other span has fewer dates of its weekday, it is a
holiday or has special hours."""
COUNT, MINUTES, SHARE = "count", "minutes", "share"
OF_MIX = "mix"
"""Why a significant change gets no verdict: the mix of services may have caused it."""
_SHARE_NAMES = frozenset({"rate", "within_target", "share", "late", "early"})
_PARAMETER_NAMES = frozenset({"target_minutes", "days", "minutes_each", "low", "high", "first_seq", "last_seq"})
"""Numbers of the document that are parameters of figures, not results."""
_GROUPS_NOT_COMPARED = frozenset({"log", "targets", "rules", "cases", "quality"})
_EVENT_LISTS = frozenset({"pauses", "longest_waits", "devices"})
"""Measures that list single events: no event of one span has a counterpart in the other."""


class ShareChangeVerdict(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"
    CANNOT_TELL = "cannot_tell"


class LeftOutDate(Struct, frozen=True):
    """A date that is not compared, and why: RUNNING, NO_TICKETS, SURPLUS or UNLIKE."""

    day: date
    why: str


class ChosenDates(Struct, frozen=True):
    """The dates of a span that are compared, and those that are not, both in order."""

    days: tuple[date, ...]
    left_out: tuple[LeftOutDate, ...]


class SpanDatesAndBusyDates(Struct, frozen=True):
    """The dates of a span from the first to the last; `busy` are those with a ticket, `running` one that is not
    over, `calendar` the hall's."""

    days: Sequence[date]
    busy: frozenset[date]
    running: date | None = None
    calendar: Calendar = NO_DAYS

    def weekday_or_make_up(self, day: date) -> int | None:
        """Return a date's weekday or MAKE_UP, None for an unusual date; a single-date span always has its own."""
        return day.isoweekday() if len(self.days) == 1 else weekday_typical_of(self.calendar, day)


def choose_equal_weekdays(
    ours: SpanDatesAndBusyDates, theirs: SpanDatesAndBusyDates
) -> tuple[ChosenDates, ChosenDates]:
    """Choose the dates to compare: equally many of each weekday in both spans, the earliest ones."""
    our_days, their_days = _comparable_days_by_weekday(ours), _comparable_days_by_weekday(theirs)
    used = {weekday: min(len(our_days[weekday]), len(their_days[weekday])) for weekday in range(1, MAKE_UP + 1)}
    return _chosen_dates(ours, our_days, used), _chosen_dates(theirs, their_days, used)


def _comparable_days_of_span(span: SpanDatesAndBusyDates) -> list[date]:
    alone = len(span.days) == 1
    return [
        day
        for day in span.days
        if day in span.busy and (alone or day != span.running) and span.weekday_or_make_up(day) is not None
    ]


def _comparable_days_by_weekday(span: SpanDatesAndBusyDates) -> dict[int, list[date]]:
    by_weekday: dict[int, list[date]] = defaultdict(list)
    for day in _comparable_days_of_span(span):
        by_weekday[span.weekday_or_make_up(day) or day.isoweekday()].append(day)
    return by_weekday


def _chosen_dates(
    span: SpanDatesAndBusyDates, by_weekday: Mapping[int, Sequence[date]], used: Mapping[int, int]
) -> ChosenDates:
    days = sorted(day for weekday, n in used.items() for day in by_weekday[weekday][:n])
    usable = set(_comparable_days_of_span(span))
    left_out = []
    for day in span.days:
        if day in days:
            continue
        left_out.append(LeftOutDate(day, _reason_date_left_out(span, day, usable)))
    return ChosenDates(tuple(days), tuple(left_out))


def _reason_date_left_out(span: SpanDatesAndBusyDates, day: date, usable: set[date]) -> str:
    if day in usable:
        return SURPLUS
    if day not in span.busy:
        return NO_TICKETS
    return UNLIKE if span.weekday_or_make_up(day) is None else RUNNING


# -- figures -------------------------------------------------------------------------------------------------------


class NumeratorAndDenominator(Struct, frozen=True):
    """A share's numerator and denominator."""

    n: int
    of: int

    @property
    def rate(self) -> float | None:
        return self.n / self.of if self.of else None


Mix = Mapping[str, NumeratorAndDenominator]
"""A share's parts by service."""
NO_MIXES: Mapping[str, Mix] = {}


class FigureDifference(Struct, frozen=True, kw_only=True):
    """A figure of both spans. Shares are in 0..1; their difference has a 95 % interval where both have a denominator.
    `alike` is a share's difference with the same mix of services; `is_of_mix`: it reverses the sign, so the verdict is
    CANNOT_TELL. `kind` is COUNT, MINUTES or SHARE; `ours_of` and `theirs_of` are a share's numerators and
    denominators."""

    path: str
    kind: str
    ours: float | None
    theirs: float | None
    difference: float | None
    ours_of: NumeratorAndDenominator | None = None
    theirs_of: NumeratorAndDenominator | None = None
    low: float | None = None
    high: float | None = None
    verdict: ShareChangeVerdict | None = None
    alike: float | None = None
    is_of_mix: bool = False


def document_differences(
    ours: Mapping[str, Any],
    theirs: Mapping[str, Any],
    our_parts: Mapping[str, NumeratorAndDenominator],
    their_parts: Mapping[str, NumeratorAndDenominator],
    *,
    our_mixes: Mapping[str, Mix] = NO_MIXES,
    their_mixes: Mapping[str, Mix] = NO_MIXES,
) -> list[FigureDifference]:
    """Return the difference of every figure of two documents, in document order. The `parts` of shares and their
    `mixes` (parts by service) are keyed by path. A count missing on one side is 0 there; a time or share missing on one
    side has no difference."""
    our_values, their_values = dict(_comparable_figures(ours)), dict(_comparable_figures(theirs))
    result = []
    for path in dict.fromkeys((*our_values, *their_values)):
        our_value, their_value = our_values.get(path), their_values.get(path)
        kind = figure_kind(path, our_value, their_value)
        if kind == COUNT:
            our_value, their_value = our_value or 0, their_value or 0
        if kind == SHARE and (path in our_parts or path in their_parts):
            parts = (
                our_parts.get(path, NumeratorAndDenominator(0, 0)),
                their_parts.get(path, NumeratorAndDenominator(0, 0)),
            )
            alike = share_difference_at_same_mix(their_mixes.get(path, {}), our_mixes.get(path, {}))
            result.append(_difference_of_shares(path, *parts, alike))
        elif kind is not None:
            digits = 6 if kind == SHARE else 2
            difference = None if our_value is None or their_value is None else round(our_value - their_value, digits)
            result.append(
                FigureDifference(path=path, kind=kind, ours=our_value, theirs=their_value, difference=difference)
            )
    return result


def share_difference_at_same_mix(before: Mix, after: Mix) -> float | None:
    """Return a share's standardized difference, after less before; None without a service in common."""
    sides = ({code: (part.rate or 0.0, part.of) for code, part in side.items()} for side in (before, after))
    return standardized_difference(*sides)


def _difference_of_shares(
    path: str, ours: NumeratorAndDenominator, theirs: NumeratorAndDenominator, alike: float | None
) -> FigureDifference:
    difference = satisfaction_rate_difference((theirs.n, theirs.of - theirs.n), (ours.n, ours.of - ours.n))
    verdict = None
    if difference.low is not None and difference.high is not None:
        verdict = (
            ShareChangeVerdict.HIGHER
            if difference.low > 0
            else ShareChangeVerdict.LOWER
            if difference.high < 0
            else ShareChangeVerdict.CANNOT_TELL
        )
    is_of_mix = verdict not in (None, ShareChangeVerdict.CANNOT_TELL) and is_reversed_by_same_mix(
        difference.difference, alike
    )
    return FigureDifference(
        path=path,
        kind=SHARE,
        ours=round_share(ours.rate),
        theirs=round_share(theirs.rate),
        difference=round_share(difference.difference),
        ours_of=ours,
        theirs_of=theirs,
        low=round_share(difference.low),
        high=round_share(difference.high),
        verdict=ShareChangeVerdict.CANNOT_TELL if is_of_mix else verdict,
        alike=round_share(alike),
        is_of_mix=is_of_mix,
    )


def _comparable_figures(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for path, value in figure_paths_and_values(document):
        parts = split_figure_path(path)
        if parts[0] in _GROUPS_NOT_COMPARED or parts[-1] in _PARAMETER_NAMES or isinstance(value, str):
            continue
        if parts[0] == "measures" and parts[1:2] and parts[1] in _EVENT_LISTS:
            continue
        if "ledger" in parts or (len(parts) == 1 and value is None):
            continue
        yield path, value


def figure_kind(path: str, *values: float | None) -> str | None:
    """Return COUNT, MINUTES or SHARE by the path's last name and the values' types; None without a value."""
    present = [value for value in values if value is not None]
    if not present:
        return None
    if split_figure_path(path)[-1] in _SHARE_NAMES:
        return SHARE
    return COUNT if all(isinstance(value, int) for value in present) else MINUTES


def share_counts_in_document(document: Mapping[str, Any]) -> dict[str, NumeratorAndDenominator]:
    """Return numerators and denominators of the shares whose counts the document contains, by path."""
    return dict(_paths_and_share_counts_of_group((), document))


def _paths_and_share_counts_of_group(
    parents: tuple[str, ...], group: Mapping[str, Any]
) -> Iterator[tuple[str, NumeratorAndDenominator]]:
    if "rate" in group:
        for n, of in (("n", "of"), ("satisfied", "n"), ("accepted", "offered")):
            if isinstance(group.get(n), int) and isinstance(group.get(of), int):
                yield joined_figure_path(*parents, "rate"), NumeratorAndDenominator(group[n], group[of])
                break
    for key, value in group.items():
        if isinstance(value, Mapping):
            yield from _paths_and_share_counts_of_group((*parents, key), value)
        elif isinstance(value, list):
            yield from _shares_in_rows((*parents, key), value)


def _shares_in_rows(parents: tuple[str, ...], rows: Iterable[Any]) -> Iterator[tuple[str, NumeratorAndDenominator]]:
    for name, row in uniquely_named_rows(rows):
        if isinstance(row, Mapping):
            yield from _paths_and_share_counts_of_group((*parents, name), row)


def round_share(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


BEFORE, LAST_YEAR = "before", "year"
"""Comparisons without a chosen date: with the previous period, with the same one a year ago."""


class ChartStepFigures(Struct, frozen=True, kw_only=True):
    """The dates from `first` to `last` together; minutes with two decimals as in the document, None if unknown."""

    first: date
    last: date
    issued: int
    waits: int
    mean_wait: float | None
    within: int
    asked: int
    rated: int
    satisfied: int


class HeatMapCellFigures(Struct, frozen=True, kw_only=True):
    """A half-hour of an ISO weekday: the number of waits and their mean in minutes, not yet rounded."""

    weekday: int
    half_hour: str
    waits: int
    mean_wait: float


class DatesOfComparedSpan(Struct, frozen=True, kw_only=True):
    """One of two compared spans: the dates used, and those left out."""

    first: date
    last: date
    days: tuple[date, ...]
    left_out: tuple[LeftOutDate, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every date with a ticket is compared: the span's tickets are then those of the comparison."""
        return all(out.why == NO_TICKETS for out in self.left_out)


class PeriodComparison(Struct, frozen=True, kw_only=True):
    """Comparison of the period with another on equal weekdays. `slots` are the other period's partners of the period's
    own, None where a date has no partner; `hours` are the half-hours of the other's document, for a single day."""

    ours: DatesOfComparedSpan
    theirs: DatesOfComparedSpan
    is_running: bool
    slots: tuple[ChartStepFigures | None, ...]
    hours: tuple[dict[str, Any], ...]
    hour_waits: tuple[int, ...]
    differences: dict[str, FigureDifference]


class PeriodChartData(Struct, frozen=True, kw_only=True):
    """`figures` is the document of the commands; `hour_waits` counts the waits in the mean of each of its half-hours,
    in order. `slots` are the period's days, or months of a year; none of a single day."""

    period: str
    first: date
    last: date
    now: datetime
    figures: dict[str, Any]
    hour_waits: tuple[int, ...]
    slots: tuple[ChartStepFigures, ...]
    heat: tuple[HeatMapCellFigures, ...]
    notes: tuple[DayNote, ...]
    versus: PeriodComparison | None = None
