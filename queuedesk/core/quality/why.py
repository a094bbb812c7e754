"""Why customers are dissatisfied: reasons and further answers of ratings by service, window, hour, class and item.

The share of a reason is of all ratings that count, as reasons are asked for only after a low one; that of a further
question is the share of low answers among its answers. Both have Wilson's 95 % interval; there is none of fewer than
FEWEST ratings. A rating counts for its ticket's last leg and for the hour of the customer's arrival.

The stretch is how long the clerk had been at the window without a break when that leg began. No table is by person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct, field

from queuedesk.core.figures.comparing import NOTHING, Parts, joined_figure_path, split_figure_path
from queuedesk.core.figures.drilldown.rows import RATINGS, SHIFTS, DrilldownDay, FigureRow, RowQuery
from queuedesk.core.figures.measures.day import QUESTIONS
from queuedesk.core.figures.measures.rows import LegRow, moment_of, to_epoch_micros
from queuedesk.core.figures.satisfaction import FEWEST_RANKED, SATISFIED_LEVELS, ShareWithInterval, share_with_interval
from queuedesk.core.queue.ticket import Shift

FEWEST = FEWEST_RANKED
SERVICE, WINDOW, HOUR, CLASS, ITEM = "service", "window", "hour", "class", "item"
DIMENSIONS = (SERVICE, WINDOW, HOUR, CLASS, ITEM)
"""The dimensions that ratings can be grouped and filtered by."""
TAG, LOW, ANSWERED, STRETCH = "tag", "low", "answered", "stretch"
BY = "by"
"""The first name in the path of a view (is_view), with the dimension that the ratings are grouped by."""
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
        return self.level not in SATISFIED_LEVELS

    @property
    def band(self) -> str | None:
        return None if self.stretch_us is None else BANDS[min(2, self.stretch_us // HOUR_US)]

    def named(self, by: str) -> str:
        own = {SERVICE: self.service, WINDOW: self.window, CLASS: self.klass, ITEM: self.item}
        return f"{self.hour:02}:00" if by == HOUR else own[by] or NOTHING


def counted_rated_visits(day: DrilldownDay) -> Iterator[RatedVisit]:
    """Yield the ratings of a date that count."""
    zone = day.rows.setup.zone
    for rating in day.more.ratings:
        ticket, legs = day.tickets.get(rating.label), day.legs.get(rating.label)
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
            hour=moment_of(ticket.arrived).astimezone(zone).hour,
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
    shares: Mapping[str, ShareWithInterval]


class RatingReasonsAndAnswers(Struct, frozen=True):
    """The reasons and answers of a period's ratings, grouped by the dimension `by`. `groups` counts the ratings of each
    group, the largest first, hours in order."""

    n: int
    low: int
    by: str
    groups: Mapping[str, int] = field(default_factory=dict)
    reasons: Sequence[ReasonOrQuestionRow] = ()
    questions: Sequence[ReasonOrQuestionRow] = ()
    stretch: Mapping[str, ShareWithInterval] = field(default_factory=dict)

    @property
    def is_long_stretch_worse(self) -> bool:
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
        name = visit.named(by)
        groups[name] += 1
        low += visit.is_low
        for tag in visit.tags:
            tags.setdefault(tag, Counter())[name] += 1
        for question, level in zip(QUESTIONS, visit.answers, strict=True):
            if level is not None:
                answers[question][1][name] += 1
                answers[question][0][name] += level not in SATISFIED_LEVELS
        if visit.band is not None:
            bands[1][visit.band] += 1
            bands[0][visit.band] += visit.is_low
    order = sorted(groups) if by == HOUR else [name for name, _n in sorted(groups.items(), key=lambda g: (-g[1], g[0]))]
    reasons = [
        ReasonOrQuestionRow(
            tag, sum(own.values()), {name: share_with_interval(own[name], groups[name]) for name in order}
        )
        for tag, own in tags.items()
    ]
    questions = [
        ReasonOrQuestionRow(
            question, sum(few.values()), {name: share_with_interval(few[name], of[name]) for name in order}
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
        stretch={band: share_with_interval(bands[0][band], bands[1][band]) for band in BANDS} if bands[1] else {},
    )


# -- the tickets behind a count ----------------------------------------------------------------------------------------
# Each name in such a path is a condition: "why.tag:waited_long.service:A" are service A's ratings with that reason.

Chosen = tuple[tuple[str, str], ...]


def rating_conditions_path(chosen: Iterable[tuple[str, str]]) -> str:
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
    why = count_reasons_and_answers((visit for visit in rated if meets_conditions(visit, tuple(only))), by)
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


def meets_conditions(visit: RatedVisit, chosen: Chosen) -> bool:
    return all(_meets_condition(visit, what, value) for what, value in chosen)


def _meets_condition(visit: RatedVisit, what: str, value: str) -> bool:
    if what in DIMENSIONS:
        return visit.named(what) == value
    if what == TAG:
        return value in visit.tags
    if what == STRETCH:
        return visit.band == value
    if value == NOTHING:
        return visit.is_low
    level = visit.answers[QUESTIONS.index(value)]
    return level is not None and (what == ANSWERED or level not in SATISFIED_LEVELS)


def rated_tickets_query(parts: Parts) -> RowQuery | None:
    """Return the query for the tickets behind a path of ratings, None for conditions that do not exist."""
    chosen = _parse_conditions(parts)
    if len(chosen) == 1 and chosen[0][0] == TICKET:
        label = chosen[0][1]
        return RowQuery(lambda day: iter([FigureRow(label)] if label in day.tickets else []))
    for what, value in chosen:
        exists = what in (*DIMENSIONS, TAG, STRETCH) or (what in (LOW, ANSWERED) and value in (*QUESTIONS, NOTHING))
        if not exists or (what == ANSWERED and value == NOTHING):
            return None

    def find(day: DrilldownDay) -> Iterator[FigureRow]:
        return (FigureRow(visit.label) for visit in counted_rated_visits(day) if meets_conditions(visit, chosen))

    return RowQuery(find, frozenset({RATINGS, SHIFTS}))
