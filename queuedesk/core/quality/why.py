"""Why customers are dissatisfied: the reasons and the answers of ratings, by where and when they were given.

A reason's share is of all ratings that count, since a reason is asked for only after a low one; the share of a further
question is that of low answers among those who answered it. Both have Wilson's 95 % interval, and none is given of
fewer than FEWEST ratings. A rating belongs to its ticket's last step; its hour is that in which the customer came.

The stretch is the time that the window's clerk had been there without a break when that step began. People are in no
table here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct, field

from queuedesk.core.figures.comparing import NOTHING, Parts, parts_of, path_of
from queuedesk.core.figures.drilldown.rows import RATINGS, SHIFTS, DayBehind, FigureRow, Query
from queuedesk.core.figures.measures.day import QUESTIONS
from queuedesk.core.figures.measures.rows import LegRow, micros, moment_of
from queuedesk.core.figures.satisfaction import FEWEST_RANKED, SATISFIED_LEVELS, Share, share
from queuedesk.core.queue.ticket import Shift

FEWEST = FEWEST_RANKED
SERVICE, WINDOW, HOUR, CLASS, ITEM = "service", "window", "hour", "class", "item"
DIMENSIONS = (SERVICE, WINDOW, HOUR, CLASS, ITEM)
"""What ratings are counted by, and what they can be chosen by."""
TAG, LOW, ANSWERED, STRETCH = "tag", "low", "answered", "stretch"
BY = "by"
"""Names in a path what the ratings are counted by: such a path is all reasons and answers together (is_view)."""
TICKET = "ticket"
"""One ticket by its number, rated or not."""
BANDS = ("under_1h", "1h_to_2h", "over_2h")
HOUR_US = 3_600_000_000


class RatedVisit(NamedTuple):
    """A rating that counts. `hour` is that of the hall's clock; `item` is `service/item`, "" without one or where the
    visit went on to another line; `stretch_us` None where nobody knows since when the clerk was there."""

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
        """Return what names its row when ratings are counted `by` one of DIMENSIONS."""
        own = {SERVICE: self.service, WINDOW: self.window, CLASS: self.klass, ITEM: self.item}
        return f"{self.hour:02}:00" if by == HOUR else own[by] or NOTHING


def visits(day: DayBehind) -> Iterator[RatedVisit]:
    """Yield a date's ratings that count."""
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
            stretch_us=_stretch_us(day.more.shifts, legs[-1]),
        )


def _stretch_us(shifts: Sequence[Shift], leg: LegRow) -> int | None:
    """Return how long the clerk of a step had been at the window without a pause when it began."""
    begun = leg.started if leg.started is not None else leg.called
    if begun is None:
        return None
    for shift in shifts:
        closed = begun if shift.closed is None else micros(shift.closed)
        if (shift.window, shift.staff) == (leg.window, leg.staff) and micros(shift.opened) <= begun <= closed:
            breaks = [micros(one.end) for one in shift.pauses if one.end is not None and micros(one.end) <= begun]
            return begun - max((micros(shift.opened), *breaks))
    return None


# -- counting ----------------------------------------------------------------------------------------------------------


class Row(Struct, frozen=True):
    """A reason or a question: `n` in all, and its share in each group."""

    key: str
    n: int
    shares: Mapping[str, Share]


class Why(Struct, frozen=True):
    """What the ratings of a time say. `groups` has how many ratings each has, those with most first, hours in their
    order."""

    n: int
    low: int
    by: str
    groups: Mapping[str, int] = field(default_factory=dict)
    reasons: Sequence[Row] = ()
    questions: Sequence[Row] = ()
    stretch: Mapping[str, Share] = field(default_factory=dict)

    @property
    def is_long_stretch_worse(self) -> bool:
        """Whether the last band's whole interval lies above the first one's share."""
        first, last = self.stretch.get(BANDS[0]), self.stretch.get(BANDS[-1])
        if first is None or last is None or first.rate is None or last.low is None:
            return False
        return last.low > first.rate


def counted(rated: Iterable[RatedVisit], by: str) -> Why:
    """Return what `rated` say, counted `by` one of DIMENSIONS."""
    groups: Counter[str] = Counter()
    tags: dict[str, Counter[str]] = {}
    said: dict[str, tuple[Counter[str], Counter[str]]] = {one: (Counter(), Counter()) for one in QUESTIONS}
    bands: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    low = 0
    for one in rated:
        name = one.named(by)
        groups[name] += 1
        low += one.is_low
        for tag in one.tags:
            tags.setdefault(tag, Counter())[name] += 1
        for question, level in zip(QUESTIONS, one.answers, strict=True):
            if level is not None:
                said[question][1][name] += 1
                said[question][0][name] += level not in SATISFIED_LEVELS
        if one.band is not None:
            bands[1][one.band] += 1
            bands[0][one.band] += one.is_low
    order = sorted(groups) if by == HOUR else [name for name, _n in sorted(groups.items(), key=lambda g: (-g[1], g[0]))]
    reasons = [
        Row(tag, sum(own.values()), {name: share(own[name], groups[name]) for name in order})
        for tag, own in tags.items()
    ]
    questions = [
        Row(question, sum(few.values()), {name: share(few[name], of[name]) for name in order})
        for question, (few, of) in said.items()
        if of
    ]
    return Why(
        n=sum(groups.values()),
        low=low,
        by=by,
        groups={name: groups[name] for name in order},
        reasons=sorted(reasons, key=lambda row: (-row.n, row.key)),
        questions=questions,
        stretch={band: share(bands[0][band], bands[1][band]) for band in BANDS} if bands[1] else {},
    )


# -- the tickets behind a count ----------------------------------------------------------------------------------------
# Each name of such a path is a condition: "why.tag:waited_long.service:A" has the ratings with that reason there.

Chosen = tuple[tuple[str, str], ...]


def path(chosen: Iterable[tuple[str, str]]) -> str:
    """Return the path of the ratings that meet all conditions, each one of DIMENSIONS, TAG, LOW (a question, or
    NOTHING for the rating itself), ANSWERED or STRETCH, with its value."""
    return path_of("why", *(f"{what}:{value}" for what, value in chosen))


def conditions(path: str) -> Chosen:
    """Return the conditions of such a path, none for any other."""
    parts = parts_of(path)
    return _conditions(parts[1:]) if parts[0] == "why" else ()


def _conditions(parts: Parts) -> Chosen:
    return tuple((what, value) for what, _colon, value in (part.partition(":") for part in parts))


def is_view(path: str) -> bool:
    """Whether a path names all that ratings say together: counted by one of DIMENSIONS, and chosen by others."""
    chosen = conditions(path)
    return chosen[:1] in [((BY, one),) for one in DIMENSIONS] and all(what in DIMENSIONS for what, _v in chosen[1:])


def view_of(rated: Iterable[RatedVisit], path: str) -> dict[str, int]:
    """Return how many of `rated` each reason, answer and group of such a path has, by its path behind it."""
    (_by, by), *only = conditions(path)
    why = counted((one for one in rated if meets(one, tuple(only))), by)
    found = {_named((LOW, NOTHING)): why.low}
    found |= {_named((by, name)): n for name, n in why.groups.items()}
    for what, rows in ((TAG, why.reasons), (LOW, why.questions)):
        found |= {_named((what, row.key), (by, name)): one.n for row in rows for name, one in row.shares.items()}
    return found | {_named((STRETCH, band), (LOW, NOTHING)): one.n for band, one in why.stretch.items()}


def _named(*chosen: tuple[str, str]) -> str:
    return path_of(*(f"{what}:{value}" for what, value in chosen))


def ticket_in(path: str) -> str | None:
    """Return the number of the one ticket behind a path, None for a figure."""
    chosen = conditions(path)
    return chosen[0][1] if len(chosen) == 1 and chosen[0][0] == TICKET else None


def meets(one: RatedVisit, chosen: Chosen) -> bool:
    """Whether a rating meets all conditions."""
    return all(_meets(one, what, value) for what, value in chosen)


def _meets(one: RatedVisit, what: str, value: str) -> bool:
    if what in DIMENSIONS:
        return one.named(what) == value
    if what == TAG:
        return value in one.tags
    if what == STRETCH:
        return one.band == value
    if value == NOTHING:
        return one.is_low
    level = one.answers[QUESTIONS.index(value)]
    return level is not None and (what == ANSWERED or level not in SATISFIED_LEVELS)


def query(parts: Parts) -> Query | None:
    """Return what finds the tickets behind such a path; None where it names what there is not."""
    chosen = _conditions(parts)
    if len(chosen) == 1 and chosen[0][0] == TICKET:
        label = chosen[0][1]
        return Query(lambda day: iter([FigureRow(label)] if label in day.tickets else []))
    for what, value in chosen:
        known = what in (*DIMENSIONS, TAG, STRETCH) or (what in (LOW, ANSWERED) and value in (*QUESTIONS, NOTHING))
        if not known or (what == ANSWERED and value == NOTHING):
            return None

    def find(day: DayBehind) -> Iterator[FigureRow]:
        return (FigureRow(visit.label) for visit in visits(day) if meets(visit, chosen))

    return Query(find, frozenset({RATINGS, SHIFTS}))
