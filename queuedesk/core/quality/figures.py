"""Quality figures of a period (cases, inspections, comments, reasons, warnings, forums), the rows that each counts, and
why customers are dissatisfied.

- Figures show the state at the end of the period (now, if it is running): later changes do not alter them, except a
  forum's issues and the cases made of them, which are always current.
- cases: `opened` in the period, `reopened` in it after the verdict "dissatisfied", `closed` in it and still closed at
  its end; `open` and `overdue` at its end. A case counts once in each. `before` are earlier cases that are open at the
  end or were closed in the period: before + opened − closed = open. by_department goes by the owner's department at the
  end.
- days_to_close: working days of the hall's calendar from opening to closing, of the cases that `closed` counts.
- call_backs and verdicts count each time. `not_reached` are cases closed after three tries, `no_contact` those without
  a usable contact; neither is a verdict: the rate is satisfied ÷ (satisfied + dissatisfied).
- contacts: of the cases opened in the period, those whose customer was asked for a contact, and gave a valid one.
- inspections count on the date on which they began, planned ones on the planned date. The score is the mean of the
  signed ones. coverage is of the whole months that the period touches until now; a minimum applies only to months that
  the hall's log covers completely.
- rectifications close only by a second look of another person; `proven` ones wait for it.
- reasons: shares of all ratings that count; none of fewer than thirty.
- warnings: alerts that the set-up sends to a person. Forums count on the day they were held.
- A figure that is not available is None, with the reason in `why`.

The share of a reason is of all ratings that count, as reasons are asked for only after a low one; that of a further
question is the share of low answers among its answers. Both have Wilson's 95 % interval; there is none of fewer than
FEWEST ratings. A rating counts for its ticket's last leg and for the hour of the customer's arrival.

The stretch is how long the clerk had been at the window without a break when that leg began. No table is by person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from statistics import mean, median
from typing import Any, NamedTuple

from msgspec import Struct, field

from queuedesk.core.figures import periods, satisfaction
from queuedesk.core.figures.comparing import NOTHING, Parts, joined_figure_path, split_figure_path, uniquely_named_rows
from queuedesk.core.figures.drilldown_rows import RATINGS, SHIFTS, DrilldownDay, FigureRow, RowQuery
from queuedesk.core.figures.measures.day import QUESTIONS
from queuedesk.core.figures.measures.rows import LegRow, to_epoch_micros, to_moment
from queuedesk.core.log.event import Event
from queuedesk.core.quality.case import (
    NO_ANSWER,
    REACHED,
    SOURCES,
    Case,
    CaseOutcome,
    CaseStep,
    CustomerVerdict,
    Rectification,
)
from queuedesk.core.quality.inspection import CHANNELS, DONE, Inspection, channel_coverage, month_first_and_last
from queuedesk.core.queue.ticket import Shift
from queuedesk.core.setup.hall import Calendar, is_working_day, working_days_between

FEWEST = satisfaction.FEWEST_RANKED
SERVICE, WINDOW, HOUR, CLASS, ITEM = "service", "window", "hour", "class", "item"
DIMENSIONS = (SERVICE, WINDOW, HOUR, CLASS, ITEM)
"""The dimensions that ratings can be grouped and filtered by."""
TAG, LOW, ANSWERED, STRETCH = "tag", "low", "answered", "stretch"
BY = "by"
"""The first name in the path of a view (is_view_path), with the dimension that the ratings are grouped by."""
TICKET = "ticket"
"""One ticket by its number, rated or not."""
BANDS = ("under_1h", "1h_to_2h", "over_2h")
HOUR_US = 3_600_000_000


class RatedVisit(NamedTuple):
    """A rating that counts. `hour` is the hall's hour of arrival; `item` is `service/item`, "" without one or if the
    visit went on to another line; `stretch_us` is None if the clerk's shift is not known."""

    day: date
    label: str
    level: int
    tags: tuple[str, ...]
    answers: tuple[int | None, ...]
    service: str
    window: str
    hour: int
    klass: str
    item: str
    stretch_us: int | None

    @property
    def is_low(self) -> bool:
        return self.level not in satisfaction.SATISFIED_LEVELS

    @property
    def band_of_time_since_break(self) -> str | None:
        return None if self.stretch_us is None else BANDS[min(2, self.stretch_us // HOUR_US)]

    def row_name_in_breakdown(self, by: str) -> str:
        own = {SERVICE: self.service, WINDOW: self.window, CLASS: self.klass, ITEM: self.item}
        return f"{self.hour:02}:00" if by == HOUR else own[by] or NOTHING


def counted_rated_visits(day: DrilldownDay) -> Iterator[RatedVisit]:
    """Yield the ratings of a date that count."""
    zone = day.rows.setup.time_zone
    for rating in day.more.ratings:
        ticket, legs = day.tickets_by_label.get(rating.label), day.legs_by_label.get(rating.label)
        if not rating.counts or ticket is None or not legs:
            continue
        yield RatedVisit(
            day=day.day,
            label=rating.label,
            level=rating.level,
            tags=tuple(dict.fromkeys(rating.tags)),
            answers=tuple(getattr(rating, question) for question in QUESTIONS),
            service=rating.service,
            window=rating.window or "",
            hour=to_moment(ticket.arrived).astimezone(zone).hour,
            klass=ticket.klass,
            item=f"{rating.service}/{ticket.item}" if ticket.item else "",
            stretch_us=_us_since_break(day.more.shifts, legs[-1]),
        )


def _us_since_break(shifts: Sequence[Shift], leg: LegRow) -> int | None:
    """Return the microseconds since the clerk's last break (or opening) when a leg began, None if not known."""
    begun = leg.started if leg.started is not None else leg.called
    if begun is None:
        return None
    for shift in shifts:
        closed = begun if shift.closed is None else to_epoch_micros(shift.closed)
        if (shift.window, shift.staff) == (leg.window, leg.staff) and to_epoch_micros(shift.opened) <= begun <= closed:
            ends = [to_epoch_micros(pause.end) for pause in shift.pauses if pause.end is not None]
            return begun - max((to_epoch_micros(shift.opened), *(end for end in ends if end <= begun)))
    return None


# -- counting ----------------------------------------------------------------------------------------------------------


class ReasonOrQuestionRow(Struct, frozen=True):
    """A reason or question: the number of its mentions or answers, and its share in each group."""

    key: str
    n: int
    shares: Mapping[str, satisfaction.ShareWithInterval]


class RatingReasonsAndAnswers(Struct, frozen=True):
    """The reasons and answers of a period's ratings, grouped by the dimension `by`. `groups` counts the ratings of each
    group, the largest first, hours in order."""

    n: int
    low: int
    by: str
    groups: Mapping[str, int] = field(default_factory=dict)
    reasons: Sequence[ReasonOrQuestionRow] = ()
    questions: Sequence[ReasonOrQuestionRow] = ()
    stretch: Mapping[str, satisfaction.ShareWithInterval] = field(default_factory=dict)

    @property
    def is_worse_long_after_break(self) -> bool:
        """Whether the whole interval of the last band is above the share of the first."""
        first, last = self.stretch.get(BANDS[0]), self.stretch.get(BANDS[-1])
        if first is None or last is None or first.rate is None or last.low is None:
            return False
        return last.low > first.rate


def count_reasons_and_answers(rated: Iterable[RatedVisit], by: str) -> RatingReasonsAndAnswers:
    """Count the reasons and answers of `rated`, grouped `by` one of DIMENSIONS."""
    groups: Counter[str] = Counter()
    tags: dict[str, Counter[str]] = {}
    answers: dict[str, tuple[Counter[str], Counter[str]]] = {name: (Counter(), Counter()) for name in QUESTIONS}
    bands: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    low = 0
    for visit in rated:
        name = visit.row_name_in_breakdown(by)
        groups[name] += 1
        low += visit.is_low
        for tag in visit.tags:
            tags.setdefault(tag, Counter())[name] += 1
        for question, level in zip(QUESTIONS, visit.answers, strict=True):
            if level is not None:
                answers[question][1][name] += 1
                answers[question][0][name] += level not in satisfaction.SATISFIED_LEVELS
        if visit.band_of_time_since_break is not None:
            bands[1][visit.band_of_time_since_break] += 1
            bands[0][visit.band_of_time_since_break] += visit.is_low
    order = sorted(groups) if by == HOUR else [name for name, _n in sorted(groups.items(), key=lambda g: (-g[1], g[0]))]
    reasons = [
        ReasonOrQuestionRow(
            tag, sum(own.values()), {name: satisfaction.share_with_interval(own[name], groups[name]) for name in order}
        )
        for tag, own in tags.items()
    ]
    questions = [
        ReasonOrQuestionRow(
            question, sum(few.values()), {name: satisfaction.share_with_interval(few[name], of[name]) for name in order}
        )
        for question, (few, of) in answers.items()
        if of
    ]
    return RatingReasonsAndAnswers(
        n=sum(groups.values()),
        low=low,
        by=by,
        groups={name: groups[name] for name in order},
        reasons=sorted(reasons, key=lambda row: (-row.n, row.key)),
        questions=questions,
        stretch={band: satisfaction.share_with_interval(bands[0][band], bands[1][band]) for band in BANDS}
        if bands[1]
        else {},
    )


# -- the tickets behind a count ----------------------------------------------------------------------------------------
# Each name in such a path is a condition: "why.tag:waited_long.service:A" are service A's ratings with that reason.

Chosen = tuple[tuple[str, str], ...]


def figure_path_of_rating_conditions(chosen: Iterable[tuple[str, str]]) -> str:
    """Build the path of the ratings that meet all conditions: pairs of one of DIMENSIONS, TAG, LOW (a question, or
    NOTHING for the rating itself), ANSWERED or STRETCH, and its value."""
    return joined_figure_path("why", *(f"{what}:{value}" for what, value in chosen))


def rating_conditions_of_path(path: str) -> Chosen:
    """Return the conditions of a path of ratings, none for any other path."""
    parts = split_figure_path(path)
    return _parse_conditions(parts[1:]) if parts[0] == "why" else ()


def _parse_conditions(parts: Parts) -> Chosen:
    return tuple((what, value) for what, _colon, value in (part.partition(":") for part in parts))


def is_reasons_view_path(path: str) -> bool:
    """Whether a path stands for all reasons and answers, grouped by one of DIMENSIONS and filtered by others."""
    chosen = rating_conditions_of_path(path)
    return chosen[:1] in [((BY, name),) for name in DIMENSIONS] and all(what in DIMENSIONS for what, _v in chosen[1:])


def rating_counts_of_view(rated: Iterable[RatedVisit], path: str) -> dict[str, int]:
    """Count the ratings of each reason, answer and group in a view; the keys are paths below that of the view."""
    (_by, by), *only = rating_conditions_of_path(path)
    why = count_reasons_and_answers((visit for visit in rated if is_visit_meeting_conditions(visit, tuple(only))), by)
    counts = {_condition_path((LOW, NOTHING)): why.low}
    counts |= {_condition_path((by, name)): n for name, n in why.groups.items()}
    for what, rows in ((TAG, why.reasons), (LOW, why.questions)):
        for row in rows:
            counts |= {_condition_path((what, row.key), (by, name)): part.n for name, part in row.shares.items()}
    return counts | {_condition_path((STRETCH, band), (LOW, NOTHING)): part.n for band, part in why.stretch.items()}


def _condition_path(*chosen: tuple[str, str]) -> str:
    return joined_figure_path(*(f"{what}:{value}" for what, value in chosen))


def ticket_number_in_path(path: str) -> str | None:
    """Return the number of the one ticket behind a path, None for a figure."""
    chosen = rating_conditions_of_path(path)
    return chosen[0][1] if len(chosen) == 1 and chosen[0][0] == TICKET else None


def is_visit_meeting_conditions(visit: RatedVisit, chosen: Chosen) -> bool:
    return all(_is_condition_met(visit, what, value) for what, value in chosen)


def _is_condition_met(visit: RatedVisit, what: str, value: str) -> bool:
    if what in DIMENSIONS:
        return visit.row_name_in_breakdown(what) == value
    if what == TAG:
        return value in visit.tags
    if what == STRETCH:
        return visit.band_of_time_since_break == value
    if value == NOTHING:
        return visit.is_low
    level = visit.answers[QUESTIONS.index(value)]
    return level is not None and (what == ANSWERED or level not in satisfaction.SATISFIED_LEVELS)


def rated_tickets_query(parts: Parts) -> RowQuery | None:
    """Return the query for the tickets behind a path of ratings, None for conditions that do not exist."""
    chosen = _parse_conditions(parts)
    if len(chosen) == 1 and chosen[0][0] == TICKET:
        label = chosen[0][1]
        return RowQuery(lambda day: iter([FigureRow(label)] if label in day.tickets_by_label else []))
    for what, value in chosen:
        exists = what in (*DIMENSIONS, TAG, STRETCH) or (what in (LOW, ANSWERED) and value in (*QUESTIONS, NOTHING))
        if not exists or (what == ANSWERED and value == NOTHING):
            return None

    def find_matching_rows(day: DrilldownDay) -> Iterator[FigureRow]:
        return (
            FigureRow(visit.label) for visit in counted_rated_visits(day) if is_visit_meeting_conditions(visit, chosen)
        )

    return RowQuery(find_matching_rows, frozenset({RATINGS, SHIFTS}))


Document = dict[str, Any]
NOT_BEGUN = "not_begun"
NONE_CLOSED, NONE_SAID, NONE_ASKED, NONE_SCORED = "none_closed", "none_said", "none_asked", "none_scored"
NONE_ACKNOWLEDGED, DIFFERENT = "none_acknowledged", "different_calendars"
"""The reasons why a figure is not available."""
SAID = (*(str(verdict) for verdict in CustomerVerdict), str(CaseOutcome.NOT_REACHED), str(CaseOutcome.NO_CONTACT))
"""The results of asking customers: verdicts, or that they could not be asked."""
STANDING = ("opened", "open", "overdue", "reopened", "closed")
"""The counts of cases: of all, of a source and of a class."""


class CaseRowForFigures(NamedTuple):
    """A case in the period. `said` are the results of asking the customer, in order; `days` the working days to its
    closing, None if it did not close in the period; `due` the last day of its next step, None for a closed case."""

    number: str
    source: str
    klass: str
    opened: bool
    open: bool
    overdue: bool
    reopened: bool
    closed: bool
    reached: int
    no_answer: int
    said: tuple[str, ...]
    days: int | None
    asked: bool
    valid: bool
    department: str | None = None
    due: date | None = None


class InspectionAtEndOfPeriod(NamedTuple):
    """An inspection at the end of the period; `score` of a hundred, None until signed; `findings` counts deductions."""

    seq: int
    day: date
    channel: str
    is_done: bool
    score: int | None
    findings: int


class RectificationFigureRow(NamedTuple):
    """A rectification in the period."""

    seq: int
    opened: bool
    open: bool
    overdue: bool
    proven: bool
    closed: bool
    due: date | None = None


class WarningAcknowledgementRow(NamedTuple):
    """An alert sent to a person, and the seconds until it was acknowledged, None if it was not."""

    seq: int
    seconds: int | None


class RatingRow(NamedTuple):
    """A rating that counts, and is low or has reasons."""

    day: date
    label: str
    level: int
    tags: tuple[str, ...]


class ForumFigureRow(NamedTuple):
    """A forum; `cases` are those made of its issues."""

    seq: int
    attendees: int
    issues: int
    cases: tuple[str, ...]


class QualityRows(Struct, frozen=True, kw_only=True):
    """The rows behind the figures of the dates from `first` to `last`, of one hall or of several. `until` is the date
    of the state, `begun` the first date of each hall's log. `covering` are the inspections of all months, `least` the
    minimum a month by channel, both by hall. `comments` are ids with whether they were read, `ratings` is the number
    that count, `rated` are those that are low or have reasons. `calendar` is None if the halls' calendars differ."""

    first: date
    last: date
    until: date
    has_begun: bool
    calendar: Calendar | None
    begun: tuple[date, ...]
    least: tuple[Mapping[str, int], ...]
    cases: tuple[CaseRowForFigures, ...] = ()
    inspections: tuple[InspectionAtEndOfPeriod, ...] = ()
    covering: tuple[tuple[Inspection, ...], ...] = ()
    fixes: tuple[RectificationFigureRow, ...] = ()
    comments: tuple[tuple[str, bool], ...] = ()
    ratings: int = 0
    rated: tuple[RatingRow, ...] = ()
    warnings: tuple[WarningAcknowledgementRow, ...] = ()
    thanks: tuple[int, ...] = ()
    forums: tuple[ForumFigureRow, ...] = ()


def combine_hall_rows(halls: Sequence[QualityRows]) -> QualityRows:
    def rows_of_all_halls(name: str) -> tuple[Any, ...]:
        return tuple(row for rows in halls for row in getattr(rows, name))

    first, calendars = halls[0], [rows.calendar for rows in halls]
    own = ("begun", "least", "covering")
    lists = (*own, "cases", "inspections", "fixes", "comments", "rated", "warnings", "thanks", "forums")
    return QualityRows(
        first=first.first,
        last=first.last,
        until=first.until,
        has_begun=any(rows.has_begun for rows in halls),
        ratings=sum(rows.ratings for rows in halls),
        calendar=calendars[0] if all(calendar == calendars[0] for calendar in calendars) else None,
        **{name: rows_of_all_halls(name) for name in lists},
    )


# -- records in their state at the end of a period ---------------------------------------------------------------------


class DateRange(Struct, frozen=True):
    """The dates from `first` to `last`; `today` is the hall's, which may be earlier than the last."""

    first: date
    last: date
    today: date

    def has_date(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    @property
    def state_date(self) -> date:
        """The date of the state that figures show."""
        return min(self.last, self.today)


def case_figure_row_from_events(
    case: Case, log: Iterable[Event], dates: DateRange, calendar: Calendar, department: str | None = None
) -> CaseRowForFigures:
    """Return the row of a case in its state at the end; `log` are its events until then, `department` the owner's."""
    reached = no_answer = 0
    reopened, said, closed = False, list[str](), None
    for event in log:
        data, day = event.data, event.date
        step, verdict = data.get("step"), data.get("verdict")
        closed = day if step == CaseStep.CLOSE else closed
        if not dates.has_date(day):
            continue
        reopened = reopened or step == CaseStep.REOPEN or verdict == CustomerVerdict.DISSATISFIED
        if step == CaseStep.CALL_BACK:
            reached += data.get("result") == REACHED
            no_answer += data.get("result") == NO_ANSWER
        if verdict:
            said.append(verdict)
        elif step == CaseStep.CLOSE and data.get("result") in (CaseOutcome.NOT_REACHED, CaseOutcome.NO_CONTACT):
            said.append(data["result"])
    is_new, is_closed = dates.has_date(case.date), not case.is_open and dates.has_date(closed)
    return CaseRowForFigures(
        number=case.number,
        source=case.source,
        klass=case.klass,
        opened=is_new,
        open=case.is_open,
        overdue=case.is_overdue(dates.state_date),
        reopened=reopened,
        closed=is_closed,
        reached=reached,
        no_answer=no_answer,
        said=tuple(said),
        days=working_days_between(calendar, case.date, closed) if is_closed and closed else None,
        asked=is_new and (case.asked or case.contact is not None),
        valid=is_new and case.contact is not None,
        department=department,
        due=case.next_step_due_date(dates.state_date),
    )


def inspection_figure_row(inspection: Inspection) -> InspectionAtEndOfPeriod:
    """Return the row of an inspection in its state at the end."""
    is_done, findings = inspection.state == DONE, sum(bool(mark.taken) for mark in inspection.marks)
    score = inspection.score.points_per_hundred if is_done else None
    return InspectionAtEndOfPeriod(inspection.seq, inspection.date, inspection.channel, is_done, score, findings)


def rectification_figure_row(fix: Rectification, closed: date | None, dates: DateRange) -> RectificationFigureRow:
    """Return the row of a rectification in its state at the end; `closed` is the date of the look that closed it."""
    return RectificationFigureRow(
        seq=fix.seq,
        opened=dates.has_date(fix.date),
        open=fix.is_open,
        overdue=fix.is_late(dates.state_date),
        proven=fix.is_open and fix.is_proven,
        closed=not fix.is_open and dates.has_date(closed),
        due=fix.due,
    )


def warning_figure_row(alarm: Event, acknowledged: datetime | None) -> WarningAcknowledgementRow:
    """Return the row of an alert with the seconds until its acknowledgement."""
    took = None if acknowledged is None else round((acknowledged - alarm.time).total_seconds())
    return WarningAcknowledgementRow(alarm.seq, took)


# -- figures with their rows -------------------------------------------------------------------------------------------


class FigureWithRowNames(Struct, frozen=True):
    """A figure, and the names of the rows that it counts: case numbers, seqs of inspections, ids of comments, tickets
    as "2026-11-19 A012"."""

    value: object
    rows: tuple[str, ...] = ()


def figures_with_rows_by_path(quality: QualityRows) -> dict[str, FigureWithRowNames]:
    """Return every figure with its rows, by its path in the document, such as "cases.by_source.rating.opened"."""
    return dict(_figure_paths_and_cells((), _cell_tree(quality)))


def quality_figures_document(quality: QualityRows) -> Document:
    """Return the figures as commands print them."""
    plain: Document = _values_without_rows(_cell_tree(quality))
    return plain


def opened_closed_overdue_cases(quality: QualityRows) -> Document:
    """Return the three figures of cases that are shown with those of the queue; None before the hall's log begins."""
    own = quality_figures_document(quality)
    return {name: own["cases"][name] if quality.has_begun else None for name in ("opened", "closed", "overdue")}


NOTED = {"inspections": "done", "comments": "n", "warnings": "told", "thanks": "n", "forums": "n"}
"""The kinds of record other than cases, each with the figure that counts them."""


def has_no_records(quality: Mapping[str, Any]) -> bool:
    """Whether a document has no records of the period and no open ones from before. It may lack the parts that a hall
    does not use; reasons of ratings do not count, as customers give them."""
    if "why" in quality:
        return True
    cases = quality["cases"]
    return not (
        any(cases[name] for name in STANDING)
        or cases["call_backs"]["n"]
        or any(quality.get("rectifications", {}).values())
        or any(quality.get(name, {}).get(n) for name, n in NOTED.items())
    )


def _figure_paths_and_cells(before: tuple[str, ...], tree: Any) -> Iterator[tuple[str, FigureWithRowNames]]:
    if isinstance(tree, FigureWithRowNames):
        yield joined_figure_path(*before), tree
    elif isinstance(tree, Mapping):
        for key, inner in tree.items():
            yield from _figure_paths_and_cells((*before, key), inner)
    else:
        for (name, _row), inner in zip(uniquely_named_rows(_values_without_rows(tree)), tree, strict=True):
            yield from _figure_paths_and_cells((*before, name), inner)


def _values_without_rows(tree: Any) -> Any:
    if isinstance(tree, FigureWithRowNames):
        return tree.value
    if isinstance(tree, Mapping):
        return {key: _values_without_rows(value) for key, value in tree.items()}
    return [_values_without_rows(row) for row in tree]


def _cell_tree(quality: QualityRows) -> Document:
    if not quality.has_begun:
        return {"why": FigureWithRowNames(NOT_BEGUN)}
    return {
        "cases": _case_figures_with_row_names(quality.cases),
        "inspections": _cells_over_all_inspections(quality),
        "rectifications": {
            name: _count_cell(str(fix.seq) for fix in quality.fixes if getattr(fix, name))
            for name in ("opened", "open", "overdue", "proven", "closed")
        },
        "comments": {
            "n": _count_cell(id for id, _is_read in quality.comments),
            "unread": _count_cell(id for id, is_read in quality.comments if not is_read),
        },
        "reasons": _rating_reason_cells(quality.rated, quality.ratings),
        "warnings": _warning_cells(quality.warnings),
        "thanks": {"n": _count_cell(map(str, quality.thanks))},
        "forums": _forum_cells(quality.forums),
        "calendar": _working_and_marked_days_document(quality),
    }


def _count_cell(rows: Iterable[str]) -> FigureWithRowNames:
    own = tuple(rows)
    return FigureWithRowNames(len(own), own)


def _sum_cell(rows: Iterable[tuple[str, int]]) -> FigureWithRowNames:
    """Return the cell of a sum to which a row may add more than one."""
    own = [(row, n) for row, n in rows if n]
    return FigureWithRowNames(sum(n for _row, n in own), tuple(row for row, _n in own))


def _round_or_none(value: float | None, digits: int) -> float | None:
    return None if value is None else round(float(value), digits)


def _reason_cell_if_missing(is_known: object, why: str) -> FigureWithRowNames:
    return FigureWithRowNames(None if is_known else why)


def _case_figures_with_row_names(rows: Sequence[CaseRowForFigures]) -> Document:
    days = [(row.number, row.days) for row in rows if row.days is not None]
    closed = tuple(number for number, _days in days)
    asked, valid = ([row.number for row in rows if getattr(row, name)] for name in ("asked", "valid"))
    classes = sorted({row.klass for row in rows})
    return {
        **_case_counts_by_state(rows),
        "before": _count_cell(row.number for row in rows if _is_carried_over(row)),
        "days_to_close": {
            "n": FigureWithRowNames(len(days), closed),
            "median": FigureWithRowNames(_round_or_none(median(n for _number, n in days), 1) if days else None, closed),
            "why": _reason_cell_if_missing(days, NONE_CLOSED),
        },
        "call_backs": {
            "n": _sum_cell((row.number, row.reached + row.no_answer) for row in rows),
            "reached": _sum_cell((row.number, row.reached) for row in rows),
            "no_answer": _sum_cell((row.number, row.no_answer) for row in rows),
        },
        "verdicts": _verdict_cells(rows),
        "contacts": {
            "valid": _count_cell(valid),
            "asked": _count_cell(asked),
            "rate": FigureWithRowNames(_round_or_none(len(valid) / len(asked), 6) if asked else None, tuple(asked)),
            "why": _reason_cell_if_missing(asked, NONE_ASKED),
        },
        "by_source": _case_count_rows_by_code(rows, SOURCES, lambda row: row.source),
        "by_class": _case_count_rows_by_code(rows, classes, lambda row: row.klass),
        "by_department": _case_count_rows_by_department(rows),
    }


def _case_counts_by_state(rows: Iterable[CaseRowForFigures]) -> Document:
    cases = list(rows)
    return {name: _count_cell(row.number for row in cases if getattr(row, name)) for name in STANDING}


def _case_count_rows_by_code(
    rows: Sequence[CaseRowForFigures], codes: Sequence[str], of: Callable[[CaseRowForFigures], str]
) -> list[Document]:
    """Return a row for each code that has cases in the period."""
    by_code = [
        {"code": FigureWithRowNames(code), **_case_counts_by_state(row for row in rows if of(row) == code)}
        for code in codes
    ]
    return [row for row in by_code if any(row[name].value for name in STANDING)]


def _is_carried_over(row: CaseRowForFigures) -> bool:
    return not row.opened and (row.open or row.closed)


def _case_count_rows_by_department(rows: Sequence[CaseRowForFigures]) -> list[Document]:
    """Return a row for each department with cases, the one without a department last."""
    counted = [row for row in rows if row.opened or row.open or row.closed]
    by_department = []
    for code in sorted({row.department for row in counted}, key=lambda name: (name is None, name or "")):
        own = [row for row in counted if row.department == code]
        before = _count_cell(row.number for row in own if _is_carried_over(row))
        counts = {
            name: _count_cell(row.number for row in own if getattr(row, name)) for name in ("opened", "closed", "open")
        }
        overdue = _count_cell(row.number for row in own if row.overdue)
        by_department.append({"code": FigureWithRowNames(code), "before": before, **counts, "overdue": overdue})
    return by_department


def _verdict_cells(rows: Sequence[CaseRowForFigures]) -> Document:
    verdicts = {name: _sum_cell((row.number, row.said.count(name)) for row in rows) for name in SAID}
    satisfied, against = verdicts[CustomerVerdict.SATISFIED], verdicts[CustomerVerdict.DISSATISFIED]
    good = sum(row.said.count(CustomerVerdict.SATISFIED) for row in rows)
    n = good + sum(row.said.count(CustomerVerdict.DISSATISFIED) for row in rows)
    behind = tuple(dict.fromkeys((*satisfied.rows, *against.rows)))
    ends = satisfaction.wilson_interval(good, n) if n else None
    return {
        **verdicts,
        "rate": FigureWithRowNames(_round_or_none(good / n, 6) if n else None, behind),
        "low": FigureWithRowNames(_round_or_none(ends.low, 6) if ends else None, behind),
        "high": FigureWithRowNames(_round_or_none(ends.high, 6) if ends else None, behind),
        "why": _reason_cell_if_missing(n, NONE_SAID),
    }


def _cells_over_all_inspections(quality: QualityRows) -> Document:
    rows = quality.inspections
    return {
        **_inspection_counts_and_scores(rows),
        "findings": _sum_cell((str(row.seq), row.findings) for row in rows if row.is_done),
        "by_channel": [
            {"code": FigureWithRowNames(channel), **_inspection_counts_and_scores(own)}
            for channel in CHANNELS
            if (own := [row for row in rows if row.channel == channel])
        ],
        "coverage": _inspection_coverage_rows(quality),
    }


def _inspection_counts_and_scores(rows: Sequence[InspectionAtEndOfPeriod]) -> Document:
    scored = [row for row in rows if row.score is not None]
    seqs = tuple(str(row.seq) for row in scored)
    score = mean(row.score or 0 for row in scored) if scored else None
    return {
        "planned": _count_cell(str(row.seq) for row in rows),
        "done": _count_cell(str(row.seq) for row in rows if row.is_done),
        "score": {
            "n": FigureWithRowNames(len(scored), seqs),
            "mean": FigureWithRowNames(_round_or_none(score, 2), seqs),
            "why": _reason_cell_if_missing(scored, NONE_SCORED),
        },
    }


def _inspection_coverage_rows(quality: QualityRows) -> list[Document]:
    months = sorted(
        {day.replace(day=1) for day in periods.dates_between(quality.first, min(quality.last, quality.until))}
    )
    rows = []
    for first in months:
        last = month_first_and_last(first)[1]
        counts: dict[str, Counter[str]] = {}
        seqs: dict[str, list[str]] = {}
        for own, begun, least in zip(quality.covering, quality.begun, quality.least, strict=True):
            within = [inspection for inspection in own if first <= inspection.date <= last]
            for row in channel_coverage(within, least if begun <= first else {}):
                counts.setdefault(row.channel, Counter()).update(done=row.done, planned=row.planned, least=row.least)
            for each in within:
                if each.state == DONE:
                    seqs.setdefault(each.channel, []).append(str(each.seq))
        for channel in (channel for channel in CHANNELS if channel in counts):
            done, planned, wanted = (counts[channel][name] for name in ("done", "planned", "least"))
            behind = tuple(seqs.get(channel, ()))
            rows.append(
                {
                    "month": FigureWithRowNames(f"{first:%Y-%m}"),
                    "channel": FigureWithRowNames(channel),
                    "done": FigureWithRowNames(done, behind),
                    "planned": FigureWithRowNames(planned, behind),
                    "least": FigureWithRowNames(wanted),
                    "short": FigureWithRowNames(max(0, wanted - done), behind),
                }
            )
    return rows


def _rating_reason_cells(rated: Sequence[RatingRow], ratings: int) -> Document:
    names = {rating: f"{rating.day.isoformat()} {rating.label}" for rating in rated}
    tags: dict[str, list[str]] = {}
    for rating in rated:
        for tag in dict.fromkeys(rating.tags):
            tags.setdefault(tag, []).append(names[rating])
    rows = []
    for tag, own in sorted(tags.items(), key=lambda row: (-len(row[1]), row[0])):
        part, behind = satisfaction.share_with_interval(len(own), ratings), tuple(own)
        ends = {
            name: FigureWithRowNames(_round_or_none(getattr(part, name), 6), behind) for name in ("rate", "low", "high")
        }
        rows.append(
            {
                "code": FigureWithRowNames(tag),
                "n": FigureWithRowNames(part.n, behind),
                "of": FigureWithRowNames(part.of),
                **ends,
            }
        )
    return {
        "ratings": FigureWithRowNames(ratings),
        "low": _count_cell(names[rating] for rating in rated if rating.level not in satisfaction.SATISFIED_LEVELS),
        "tags": rows,
    }


def _warning_cells(rows: Sequence[WarningAcknowledgementRow]) -> Document:
    seen = [(str(row.seq), row.seconds) for row in rows if row.seconds is not None]
    behind = tuple(seq for seq, _seconds in seen)
    return {
        "told": _count_cell(str(row.seq) for row in rows),
        "acknowledged": FigureWithRowNames(len(seen), behind),
        "median_seconds": FigureWithRowNames(
            _round_or_none(median(s for _seq, s in seen), 1) if seen else None, behind
        ),
        "why": _reason_cell_if_missing(seen, NONE_ACKNOWLEDGED),
    }


def _forum_cells(rows: Sequence[ForumFigureRow]) -> Document:
    cases = [number for row in rows for number in row.cases]
    return {
        "n": _count_cell(str(row.seq) for row in rows),
        "attendees": _sum_cell((str(row.seq), row.attendees) for row in rows),
        "issues": _sum_cell((str(row.seq), row.issues) for row in rows),
        "cases": _count_cell(cases),
    }


def _working_and_marked_days_document(quality: QualityRows) -> Document:
    days = periods.dates_between(quality.first, quality.last)
    calendar = quality.calendar
    if calendar is None:
        return {
            "days": FigureWithRowNames(len(days)),
            "working": FigureWithRowNames(None),
            "marked": [],
            "why": FigureWithRowNames(DIFFERENT),
        }
    marked = [(day, special) for day in days if (special := calendar.entry_on(day)) is not None]
    return {
        "days": FigureWithRowNames(len(days)),
        "working": _count_cell(day.isoformat() for day in days if is_working_day(calendar, day)),
        "marked": [
            {
                "date": FigureWithRowNames(day.isoformat()),
                "kind": FigureWithRowNames(calendar_day.kind),
                "working": FigureWithRowNames(is_working_day(calendar, day)),
            }
            for day, calendar_day in marked
        ],
        "why": FigureWithRowNames(None),
    }
