"""Figures: compares two periods of a hall on equal weekdays, cites figures as they are now, reads the tickets behind
one, and corrects a ticket's history.

A figure is cited by its path; the page of figures of a period, a chart or a table of it can be cited too. A correction
is a new event; the old value stays in the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.figures import comparing, drilldown, drilldown_rows, periods
from queuedesk.core.figures.measures.document import LogRange, ReportTally, figures_document
from queuedesk.core.figures.measures.figure import BY_SERVICE, hall_figure_scope
from queuedesk.core.figures.measures.figures import MIXED, HallDateCounts, figure_splitting_share_by_service
from queuedesk.core.figures.measures.rows import rounded_minutes_from_us
from queuedesk.core.log import apply
from queuedesk.core.log.event import utc_stamp
from queuedesk.core.log.state import RATINGS, SHIFTS, TICKETS
from queuedesk.core.network.roles import Role
from queuedesk.core.quality import case as cases
from queuedesk.core.quality.figures import is_reasons_view_path as is_why_view
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.ticket import Leg, Ticket
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import (
    LONGEST_TEXT,
    Desk,
    Document,
    HallChange,
    runs_in_transaction,
    ticket_document_after_change,
)
from queuedesk.desk.looking import business_date_of_change
from queuedesk.desk.quality.hearing import reasons_view_of_ratings
from queuedesk.desk.queue.calling import require_valid_delivered_services
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures import measured
from queuedesk.store.figures.counted import Told, tally_of_dates
from queuedesk.store.figures.measured import HallReader
from queuedesk.store.parts import halls, part_tables, tickets


class ComparedSpan(Struct, frozen=True, kw_only=True):
    """One of two spans: its dates, those compared, and the figures of these."""

    first: date
    last: date
    chosen: comparing.ChosenDates
    figures: Document
    tally: ReportTally
    parts: dict[str, comparing.NumeratorAndDenominator]
    mixes: dict[str, comparing.Mix]


class Comparison(Struct, frozen=True, kw_only=True):
    """A period compared with an earlier or later one of its kind. `is_running`: a compared day is not over and has its
    counts until now."""

    setup: Setup
    period: str
    now: datetime
    ours: ComparedSpan
    theirs: ComparedSpan
    is_running: bool
    differences: tuple[comparing.FigureDifference, ...]

    @property
    def compared_day_count(self) -> int:
        return len(self.ours.chosen.days)

    def difference_of_figure_at_path(self, path: str) -> comparing.FigureDifference | None:
        return next((difference for difference in self.differences if difference.path == path), None)


def date_to_compare(period: str, day: date, against: str) -> date:
    """Return a date of the period to compare with: BEFORE, LAST_YEAR (for a day or week the same weekday a year ago,
    else the same dates), or a date as "2026-11-19"."""
    if against == comparing.BEFORE:
        return periods.date_in_previous_period(period, day)
    if against != comparing.LAST_YEAR:
        return date.fromisoformat(against)
    if period in (periods.DAY, periods.WEEK):
        return day - timedelta(weeks=52)
    return periods.period_span_containing(period, day)[0].replace(year=day.year - 1)


def compare_periods(
    desk: Desk,
    period: str,
    day: date,
    against: date,
    now: datetime,
    *,
    then: tuple[date, date | None] | None = None,
    told: Told | None = None,
) -> Comparison:
    """Compare the period of `day` with the period of `against`. `then` repeats an earlier comparison: its date, and the
    date that was running then. `told` reports dates that have to be counted (tally_of_dates). Raises RuleError
    "same_period", OutsideError when the database does not answer."""
    spans = periods.period_span_containing(period, day), periods.period_span_containing(period, against)
    if spans[0] == spans[1]:
        raise RuleError("same_period", date=against)
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        last, running = then or (date.max, today_if_visit_or_window_open(tx, desk.hall, business_date(setup, now)))
        ours_of, theirs_of = (days_of_span(tx, desk.hall, setup, span, last=last, running=running) for span in spans)
        chosen = comparing.choose_equal_weekdays(ours_of, theirs_of)
        reader = HallReader(tx, desk.hall, setup, now)
        ours, theirs = (
            _figures_of_compared_span(reader, setup, span, own, desk.db.path, told=told)
            for span, own in zip(spans, chosen, strict=True)
        )
    return Comparison(
        setup=setup,
        period=period,
        now=now,
        ours=ours,
        theirs=theirs,
        is_running=running in (*ours.chosen.days, *theirs.chosen.days),
        differences=tuple(
            comparing.document_differences(
                ours.figures, theirs.figures, ours.parts, theirs.parts, our_mixes=ours.mixes, their_mixes=theirs.mixes
            )
        ),
    )


def days_of_span(
    tx: Transaction, hall: int, setup: Setup, span: tuple[date, date], *, last: date, running: date | None
) -> comparing.SpanDatesAndBusyDates:
    """Return a span's dates for choose_equal_weekdays(); after `last` is no ticket yet, `running` is not over."""
    busy = frozenset(day for day in tickets.dates_with_tickets(tx, hall, *span) if day <= last)
    return comparing.SpanDatesAndBusyDates(periods.dates_between(*span), busy, running, setup.calendar)


def today_if_visit_or_window_open(tx: Transaction, hall: int, today: date) -> date | None:
    """Return today while a window or a visit is open, else None."""
    is_open = any(shift.date == today for shift in part_tables.objects_still_open(tx, hall, SHIFTS).values())
    return today if is_open or any(t.date == today for t in tickets.open_tickets(tx, hall)) else None


def _figures_of_compared_span(
    reader: HallReader,
    setup: Setup,
    span: tuple[date, date],
    chosen: comparing.ChosenDates,
    path: Path | None,
    *,
    told: Told | None,
) -> ComparedSpan:
    tally = tally_of_dates(reader, chosen.days, path, told=told)
    document = figures_document(hall_figure_scope(setup, *span), tally, LogRange())
    return ComparedSpan(
        first=span[0],
        last=span[1],
        chosen=chosen,
        figures=document,
        tally=tally,
        parts=share_counts_by_path(document, tally),
        mixes={path: numerator_and_denominator_by_service(tally, path) for path in MIXED},
    )


def share_counts_by_path(document: Document, tally: ReportTally) -> dict[str, comparing.NumeratorAndDenominator]:
    return comparing.share_counts_in_document(document) | _within_target_counts(tally)


def numerator_and_denominator_by_service(tally: ReportTally, path: str) -> comparing.Mix:
    """Return a share's parts by service; empty for shares that are not of the whole hall."""
    codes = tally.steps_tally.counts[BY_SERVICE, "of"]
    if path in ("wait.within_target", "measures.service_level.rate"):
        return {code: comparing.NumeratorAndDenominator(*tally.called_in_time_and_all_steps(code)) for code in codes}
    figure = figure_splitting_share_by_service(path)
    if figure is None:
        return {}
    counts = tally.counted[figure.key].counts
    of = counts[BY_SERVICE, "of"]
    return {
        code: comparing.NumeratorAndDenominator(counts[BY_SERVICE, "n"][code], n)
        for code, n in of.items()
        if code is not None
    }


def _within_target_counts(tally: ReportTally) -> dict[str, comparing.NumeratorAndDenominator]:
    """Return the parts of the shares called within the target, which the document lacks."""
    by_service = {
        comparing.joined_figure_path("services", code, "wait", "within_target"): comparing.NumeratorAndDenominator(
            *tally.called_in_time_and_all_steps(code)
        )
        for code in tally.steps_tally.counts[BY_SERVICE, "of"]
    }
    return {
        "wait.within_target": comparing.NumeratorAndDenominator(*tally.called_in_time_and_all_steps()),
        **by_service,
    }


# -- views: many figures together --------------------------------------------------------------------------------------


def view_figures_for_period(
    desk: Desk,
    path: str,
    period: str,
    day: date,
    now: datetime,
    *,
    against: date | None = None,
    then: cases.CitedFigures | None = None,
) -> cases.CitedFigures:
    """Return a view's figures for the period of `day`, compared with the period of `against`; `then` repeats an earlier
    view with its dates. Raises as compare_periods()."""
    first, last = periods.period_span_containing(period, day)
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        as_of = then.as_of if then else business_date(setup, now)
        running = (as_of if then.was_running else None) if then else today_if_visit_or_window_open(tx, desk.hall, as_of)
        tally = tally_of_dates(
            HallReader(tx, desk.hall, setup, now), periods.dates_between(first, min(last, as_of)), desk.db.path
        )
        document = figures_document(hall_figure_scope(setup, first, last), tally, LogRange())
    versus = compare_periods(desk, period, day, against, now, then=(as_of, running)) if against else None
    ours = (
        {
            key: difference.ours
            for key in periods.main_figure_paths()
            if (difference := versus.difference_of_figure_at_path(key))
        }
        if versus and path == periods.PAGE
        else {}
    )
    theirs = _figures_of_period_view(path, versus.theirs.figures, versus.theirs.tally) if versus else {}
    if versus is not None and path == periods.PAGE:
        theirs = {
            key: difference.theirs
            for key in periods.main_figure_paths()
            if (difference := versus.difference_of_figure_at_path(key))
        }
    return cases.CitedFigures(
        period=period,
        as_of=as_of,
        was_running=running is not None,
        against=versus.theirs.first if versus else None,
        figures=_figures_of_period_view(path, document, tally),
        ours=ours,
        theirs=theirs,
    )


def _figures_of_period_view(path: str, document: Document, tally: ReportTally) -> dict[str, float | None]:
    if path == periods.HEAT:
        return {
            comparing.joined_figure_path(str(weekday), label): rounded_minutes_from_us(waited / n)
            for (weekday, label), (n, waited) in sorted(tally.heat.items())
            if n
        }
    if path not in (periods.DAYS, periods.MONTHS):
        return periods.view_numbers_by_path(path, document)
    lines: dict[str, list[HallDateCounts]] = defaultdict(list)
    for line in tally.days:
        lines[line.day.isoformat()[: 7 if path == periods.MONTHS else None]].append(line)
    values: dict[str, float | None] = {}
    for name, group in lines.items():
        waits = sum(line.waits for line in group)
        values[comparing.joined_figure_path(name, "issued")] = sum(line.issued for line in group)
        values[comparing.joined_figure_path(name, "mean_wait")] = (
            rounded_minutes_from_us(sum(line.waited_us for line in group) / waits) if waits else None
        )
    return values


MOST_SHOWN = 2000


def tickets_behind_figure(
    desk: Desk,
    path: str,
    first: date,
    last: date,
    now: datetime,
    *,
    most: int | None = MOST_SHOWN,
    without: Collection[date] = (),
) -> drilldown_rows.FigureDrilldown:
    """Return the tickets behind a figure of the business dates from `first` to `last` except `without`, at most `most`
    of them (None: all). Dates are read one by one; a year of 250,000 tickets takes some seconds. Raises OutsideError
    when the database does not answer."""
    query = drilldown.row_query_of_path(path)
    if query is None:
        return drilldown_rows.FigureDrilldown(
            path=path, first=first, last=last, total=0, rows=(), has_tickets=False, by_amount=False
        )
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        reader = HallReader(tx, desk.hall, setup, now)
        days_after = setup.setting_as_int("first_visit_days") if query.looks_on else 0
        needs = frozenset().union(*(part.needs for part in _queries_of_all_share_parts(path, query)))
        all_dates = (first + timedelta(days=n) for n in range((last - first).days + 1 + days_after))
        dates = [day for day in all_dates if day not in without]
        behind = drilldown.rows_behind_figure(path, measured.query_days_with_parts(reader, dates, needs), most)
        rows = _figure_row_details_with_tickets(tx, desk.hall, behind.rows, now)
    return drilldown_rows.FigureDrilldown(
        path=path,
        first=first,
        last=last,
        total=behind.total,
        rows=rows,
        has_tickets=True,
        by_amount=query.by_amount,
        value=behind.value,
    )


def _queries_of_all_share_parts(path: str, query: drilldown_rows.RowQuery) -> list[drilldown_rows.RowQuery]:
    """Return the query and those of the share's other parts, which are read together."""
    others = (
        drilldown.row_query_of_path(share_path) for share_path in drilldown.paths_of_share_rest_and_whole(path) or ()
    )
    return [query, *(other for other in others if other is not None)]


def _figure_row_details_with_tickets(
    tx: Transaction, hall: int, rows: tuple[tuple[date, drilldown_rows.FigureRow], ...], now: datetime
) -> tuple[drilldown_rows.FigureRowDetails, ...]:
    labels: dict[date, set[str]] = defaultdict(set)
    for day, row in rows:
        if row.label:
            labels[day].add(row.label)
    tickets_of = {day: measured.tickets_of_date_by_label(tx, hall, day, names) for day, names in labels.items()}
    return tuple(
        drilldown_rows.figure_row_with_ticket_details(day, row, tickets_of[day][row.label] if row.label else None, now)
        for day, row in rows
    )


def new_citation_of_current_figure(
    desk: Desk, now: datetime, path: str, *, first: date, last: date, against: str = ""
) -> cases.Citation:
    """Return a figure of the dates from `first` to `last` with its value, or a view of a period with all its figures
    and those compared `against`; a year of many tickets takes some seconds. Raises as casework.cite_figure_in_case for
    dates and paths."""
    cited = cases.Citation(what=cases.CITED_FIGURE, name=path, first=first, last=last)
    if cases.is_rating_reasons_page(path):
        return _ratings_view_citation(desk, now, cited, against)
    return (
        _citation_of_compared_view(desk, now, cited, against)
        if periods.is_view_path(path)
        else _figure_citation_with_value(desk, now, cited)
    )


def _figure_citation_with_value(desk: Desk, now: datetime, cited: cases.Citation) -> cases.Citation:
    if not cited.first <= cited.last <= business_date_of_change(desk, now):
        raise RuleError("bad_value", field="date", value=cited.last.isoformat(), why="out_of_range")
    behind = tickets_behind_figure(desk, cited.name, cited.first, cited.last, now, most=1)
    if not behind.has_tickets:
        raise RuleError("bad_value", field="figure", value=cited.name, why="not_a_choice")
    return replace(cited, value=behind.value)


def _ratings_view_citation(desk: Desk, now: datetime, cited: cases.Citation, against: str) -> cases.Citation:
    """Cite a view of ratings; it has no comparison."""
    if against or not cited.first <= cited.last <= business_date_of_change(desk, now):
        raise RuleError("bad_value", field="date", value=against or cited.last.isoformat(), why="out_of_range")
    if not is_why_view(cited.name):
        raise RuleError("bad_value", field="figure", value=cited.name, why="not_a_choice")
    return replace(
        cited, what=cases.CITED_PAGE, view=reasons_view_of_ratings(desk, cited.name, (cited.first, cited.last), now)
    )


def _citation_of_compared_view(desk: Desk, now: datetime, cited: cases.Citation, against: str) -> cases.Citation:
    path, first, day = cited.name, cited.first, business_date_of_change(desk, now)
    period = periods.named_period_of_dates(first, cited.last, day) if first <= day else None
    if period is None:
        raise RuleError("bad_value", field="date", value=cited.last.isoformat(), why="out_of_range")
    if not periods.is_view_on_period_page(path, period):
        raise RuleError("bad_value", field="figure", value=path, why="not_a_choice")
    against_date = date_to_compare(period, first, against) if against else None
    view = view_figures_for_period(desk, path, period, first, now, against=against_date)
    what = cases.CITED_PAGE if path == periods.PAGE else cases.CITED_CHART
    return replace(cited, what=what, last=periods.period_span_containing(period, first)[1], view=view)


def current_figures_of_cited_view(
    desk: Desk, cited: cases.Citation, then: cases.CitedFigures, now: datetime
) -> cases.CitedFigures:
    """Return the current figures of a cited view, for the dates that it had then."""
    if cases.is_rating_reasons_page(cited.name):
        return reasons_view_of_ratings(desk, cited.name, (cited.first, cited.last), now, as_of=then.as_of)
    return view_figures_for_period(desk, cited.name, then.period, cited.first, now, against=then.against, then=then)


LEVELS = range(1, 6)
MOST_DAYS_APART = timedelta(days=2)  # time zone and late day-end are within it; dates near the limits have no hall time


@runs_in_transaction("correct")
def correct_leg_or_rating(
    change: HallChange,
    label: str,
    *,
    leg: int | None = None,
    changes: Mapping[str, Any],
    reason: str,
    second: str | None = None,
    alone: bool = False,
    day: date | None = None,
) -> Document:
    """Correct one leg of a ticket (counted from 1, else the last one) or its rating. `changes` may have outcome, note,
    form_free, delivered, item; with a `second` person whose PIN the caller has checked as for a sign-in, also started,
    finished (`datetime`), staff and rating (1 to 5, or "excluded" from the figures). core.log.apply.may_agree says who
    may be second; where nobody may, the actor sets `alone`, which log, history and report show. Raises RuleError
    "unknown_ticket", "wrong_state" (void), "bad_value", "leg_not_finished", "not_rated", "bad_level", "unknown_item",
    "unknown_service", "unknown_staff", "not_a_clerk", "times_order", "nothing_to_correct", "reason_needed",
    "second_needed", "same_person", "not_a_second", "nobody_else", "not_alone"."""
    ticket = change.ticket_by_label(label, day)
    ticket.require_may("correct")
    part = _find_leg(ticket, leg)
    rating = change.book.find_record(RATINGS, ticket.id)
    new: dict[str, Any] = {}
    old: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in (*apply.ALONE, *apply.WITH_SECOND):
            raise RuleError(
                "bad_value", field="value", value=name, why="not_a_choice", limit=[*apply.ALONE, *apply.WITH_SECOND]
            )
        if name == "rating" and rating is None:
            raise RuleError("not_rated", ticket=label)
        if name not in ("item", "rating") and part.finished is None:
            raise RuleError("leg_not_finished", ticket=label, leg=part.n)
        after, before = (
            _checked_correction_value(change, part, name, value),
            apply.current_value_for_correction(part, rating, name),
        )
        if after != before:
            new[name], old[name] = after, before
    if not new:
        raise RuleError("nothing_to_correct", ticket=label)
    _require_possible_leg_times(change, ticket, part, new)
    change.required_reason(reason)
    able = apply.staff_who_may_witness_correction(change.setup, change.who.name, {part.staff, new.get("staff")})
    is_alone = _is_corrected_by_one_person(
        change, second, able, [name for name in new if name in apply.WITH_SECOND], alone=alone
    )
    data: dict[str, Any] = {
        "leg": part.n,
        "old": _values_as_logged(old),
        "new": _values_as_logged(new),
        "second": second,
    }
    if is_alone:
        data["alone"] = True
    elif second is not None and change.setup.person_by_code(second).role not in apply.LEADING:
        data["witness"] = True
    if "rating" in new:
        data["salt"] = change.salts()
    change.record(
        "correct", ticket=ticket.id, service=part.service, window=part.window, staff=part.staff, reason=reason, **data
    )
    return {
        **ticket_document_after_change(change, ticket),
        "flags": sorted(change.book.get_record(TICKETS, ticket.id).public_flags),
    }


def _find_leg(ticket: Ticket, n: int | None) -> Leg:
    if n is None:
        return ticket.current_leg
    if not 1 <= n <= len(ticket.legs):
        raise RuleError("bad_value", field="leg", value=n, why="out_of_range")
    return ticket.legs[n - 1]


def _checked_correction_value(change: HallChange, leg: Leg, name: str, value: Any) -> Any:
    """Return a new value as stored. Raises RuleError for one that does not fit."""
    if name in ("started", "finished"):
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise RuleError("bad_value", field=name, value=value, why="not_a_time")
        return value
    if name == "rating":
        if value != apply.EXCLUDED and (isinstance(value, bool) or not isinstance(value, int) or value not in LEVELS):
            raise RuleError("bad_level", value=value)
        return value
    if name == "staff":
        person = change.setup.person_by_code(str(value))
        if person.role is Role.GUIDE:
            raise RuleError("not_a_clerk", staff=person.code)
        return person.code
    if name == "form_free":
        if not isinstance(value, bool):
            raise RuleError("bad_value", field=name, value=value, why="not_a_choice", limit=["on", "off"])
        return value
    if name == "delivered":
        require_valid_delivered_services(change, value)
        return list(value)
    return _checked_text(change, leg, name, str(value or "").strip() or None)


def _checked_text(change: HallChange, leg: Leg, name: str, text: str | None) -> str | None:
    if text is not None and len(text) > LONGEST_TEXT:
        raise RuleError("bad_value", field=name, value=text[:20], why="too_long")
    if name == "item" and text is not None:
        change.setup.service_by_code(leg.service).item_by_code(text)
    if name == "outcome" and text is None and change.setup.settings["outcome_required"] == "on":
        raise RuleError("bad_value", field="outcome", value=None, why="empty")
    return text


def _require_possible_leg_times(change: HallChange, ticket: Ticket, leg: Leg, new: Mapping[str, Any]) -> None:
    times = [new[name] for name in ("started", "finished") if name in new]
    if not times:
        return
    following = ticket.legs[leg.n] if leg.n < len(ticket.legs) else None
    is_on_day = all(
        abs(time.date() - ticket.date) <= MOST_DAYS_APART
        and time <= change.now
        and business_date(change.setup, time) == ticket.date
        for time in times
    )
    if not (is_on_day and apply.has_leg_consistent_times(apply.corrected_leg(leg, new), following)):
        raise RuleError("times_order", ticket=ticket.label, date=ticket.date)


def _is_corrected_by_one_person(
    change: HallChange, second: str | None, able: Sequence[str], names: Sequence[str], *, alone: bool
) -> bool:
    """Whether fields that need two people are corrected by one alone; `able` may be the second person, `names` are
    the fields that need one."""
    if second is not None:
        if second == change.who.name:
            raise RuleError("same_person", staff=second)
        if change.setup.person_by_code(second).code not in able:
            raise (RuleError("not_a_second", staff=second, people=list(able)) if able else RuleError("nobody_else"))
        return False
    if not names:
        return False
    if able:
        raise RuleError("not_alone" if alone else "second_needed", people=list(able))
    if not alone:
        raise RuleError("nobody_else")
    return True


def _values_as_logged(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: utc_stamp(value) if isinstance(value, datetime) else value for name, value in values.items()}
