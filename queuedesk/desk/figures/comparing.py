"""Compares two periods of a hall on equal weekdays."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.comparing import Chosen, Difference, Part, SpanDays, differences, equal_weekdays, shares_in
from queuedesk.core.figures.figure_path import path_of
from queuedesk.core.figures.hall_comparison import HallBeside, beside, may_see
from queuedesk.core.figures.measures.document import LogRange, day_figures, figures
from queuedesk.core.figures.measures.figure import BY_SERVICE, scope_of
from queuedesk.core.figures.measures.sums import DayLine
from queuedesk.core.figures.measures.tally import Tally
from queuedesk.core.figures.measures.times import minutes_of_us
from queuedesk.core.figures.periods import DAY, WEEK, span_of
from queuedesk.core.figures.pictured import BEFORE, LAST_YEAR
from queuedesk.core.figures.view import DAYS, HEAT, MAIN, MONTHS, PAGE, figures_of
from queuedesk.core.log.state import SHIFTS, HallState
from queuedesk.core.log.whole_event import UNFOLDABLE
from queuedesk.core.network.roles import Actor
from queuedesk.core.quality.cited import View
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.overview import alerts, set_up
from queuedesk.core.queue.ticket import seconds
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Desk, Document
from queuedesk.desk.documents import iso
from queuedesk.desk.live_hall import follow
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures.measured import Reader
from queuedesk.store.log import events, snapshot
from queuedesk.store.parts import devices, halls, tickets
from queuedesk.store.parts import part_tables as parts
from queuedesk.store.parts.halls import LogEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two spans: its dates, those of them that are compared, and the figures of these."""

    first: date
    last: date
    chosen: Chosen
    figures: Document
    tally: Tally
    parts: dict[str, Part]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A period against an earlier or later one of its kind. `is_running`: the compared day is not over, its counts are
    those until now."""

    setup: Setup
    period: str
    now: datetime
    ours: Side
    theirs: Side
    is_running: bool
    differences: tuple[Difference, ...]

    @property
    def days(self) -> int:
        """The number of dates compared, the same of both."""
        return len(self.ours.chosen.days)

    def at(self, path: str) -> Difference | None:
        """Return the difference of a figure, None where neither span has it."""
        return next((one for one in self.differences if one.path == path), None)


def before(period: str, day: date) -> date:
    """Return a date of the period before the one that contains `day`; for a single day, its weekday a week ago."""
    if period in (DAY, WEEK):
        return day - timedelta(days=7)
    return span_of(period, day)[0] - timedelta(days=1)


def against_day(period: str, day: date, against: str) -> date:
    """Return a date of the period that `against` means: BEFORE, LAST_YEAR (for a day or week the same weekday a year
    ago, else the same dates), or a date as "2026-11-19"."""
    if against == BEFORE:
        return before(period, day)
    if against != LAST_YEAR:
        return date.fromisoformat(against)
    if period in (DAY, WEEK):
        return day - timedelta(weeks=52)
    return span_of(period, day)[0].replace(year=day.year - 1)


def compare_periods(
    desk: Desk, period: str, day: date, against: date, now: datetime, *, then: tuple[date, date | None] | None = None
) -> Comparison:
    """Return the period that contains `day` compared with the one that contains `against`; with `then` the dates that
    were compared on an earlier date, given with the date that was not over then.

    Raises RuleError "same_period", OutsideError when the database does not answer.
    """
    spans = span_of(period, day), span_of(period, against)
    if spans[0] == spans[1]:
        raise RuleError("same_period", date=against)
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        last, running = then or (date.max, not_over(tx, desk.hall, business_date(setup, now)))
        known = [
            SpanDays(
                _days(*span),
                frozenset(one for one in tickets.busy_days(tx, desk.hall, *span) if one <= last),
                running,
                setup.calendar,
            )
            for span in spans
        ]
        chosen = equal_weekdays(*known)
        reader = Reader(tx, desk.hall, setup, now)
        ours, theirs = (_side(reader, setup, span, own) for span, own in zip(spans, chosen, strict=True))
    return Comparison(
        setup=setup,
        period=period,
        now=now,
        ours=ours,
        theirs=theirs,
        is_running=running in (*ours.chosen.days, *theirs.chosen.days),
        differences=tuple(differences(ours.figures, theirs.figures, ours.parts, theirs.parts)),
    )


def not_over(tx: Transaction, hall: int, today: date) -> date | None:
    """Return today while a window is open or a visit is not over."""
    is_open = any(shift.date == today for shift in parts.still_open(tx, hall, SHIFTS).values())
    return today if is_open or any(t.date == today for t in tickets.open_tickets(tx, hall)) else None


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _side(reader: Reader, setup: Setup, span: tuple[date, date], chosen: Chosen) -> Side:
    tally = Tally()
    for day in chosen.days:
        tally.add(reader.day(day))
    document = figures(scope_of(setup, *span), tally, LogRange())
    return Side(
        first=span[0],
        last=span[1],
        chosen=chosen,
        figures=document,
        tally=tally,
        parts=shares_in(document) | _in_time(tally),
    )


def _in_time(tally: Tally) -> dict[str, Part]:
    """Return the parts of the shares called within the target, which the document tells without them."""
    known = {
        path_of("services", code, "wait", "within_target"): Part(*tally.in_time(code))
        for code in tally.steps.counts[BY_SERVICE, "of"]
    }
    return {"wait.within_target": Part(*tally.in_time()), **known}


# -- the document --------------------------------------------------------------------------------------------------


def comparison_document(found: Comparison) -> Document:
    """Return the comparison as commands print it."""
    return {
        "hall": found.setup.hall.code,
        "period": found.period,
        "days": found.days,
        "running": found.is_running,
        "this": _side_document(found.ours),
        "against": _side_document(found.theirs),
        "differences": [_difference_document(one) for one in found.differences],
    }


def _side_document(side: Side) -> Document:
    return {
        "from": side.first.isoformat(),
        "to": side.last.isoformat(),
        "dates": [day.isoformat() for day in side.chosen.days],
        "left_out": [{"date": one.day.isoformat(), "why": one.why} for one in side.chosen.left_out],
        "figures": side.figures,
    }


def _difference_document(one: Difference) -> dict[str, Any]:
    document: dict[str, Any] = {
        "path": one.path,
        "kind": one.kind,
        "this": one.ours,
        "against": one.theirs,
        "difference": one.difference,
    }
    if one.ours_of is not None and one.theirs_of is not None:
        document |= {
            "this_n": one.ours_of.n,
            "this_of": one.ours_of.of,
            "against_n": one.theirs_of.n,
            "against_of": one.theirs_of.of,
            "low": one.low,
            "high": one.high,
            "verdict": one.verdict and str(one.verdict),
        }
    return document


# -- many figures looked at together ---------------------------------------------------------------------------------


def look_at(
    desk: Desk,
    path: str,
    period: str,
    day: date,
    now: datetime,
    *,
    against: date | None = None,
    then: View | None = None,
) -> View:
    """Return the figures of a view of the period that contains `day`, held against the period that contains `against`;
    with `then` those of the dates that it was of. Raises as compare_periods()."""
    first, last = span_of(period, day)
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        as_of = then.as_of if then else business_date(setup, now)
        running = (as_of if then.was_running else None) if then else not_over(tx, desk.hall, as_of)
        tally = Tally()
        for rows in Reader(tx, desk.hall, setup, now).days(first, min(last, as_of)):
            tally.add(rows)
        document = figures(scope_of(setup, first, last), tally, LogRange())
    versus = compare_periods(desk, period, day, against, now, then=(as_of, running)) if against else None
    ours = {one: known.ours for one in MAIN if (known := versus.at(one))} if versus and path == PAGE else {}
    theirs = _seen(path, versus.theirs.figures, versus.theirs.tally) if versus else {}
    if versus is not None and path == PAGE:
        theirs = {one: known.theirs for one in MAIN if (known := versus.at(one))}
    return View(
        period=period,
        as_of=as_of,
        was_running=running is not None,
        against=versus.theirs.first if versus else None,
        figures=_seen(path, document, tally),
        ours=ours,
        theirs=theirs,
    )


def _seen(path: str, document: Document, tally: Tally) -> dict[str, float | None]:
    if path == HEAT:
        return {
            path_of(str(weekday), label): minutes_of_us(waited / n)
            for (weekday, label), (n, waited) in sorted(tally.heat.items())
            if n
        }
    if path not in (DAYS, MONTHS):
        return figures_of(path, document)
    lines: dict[str, list[DayLine]] = defaultdict(list)
    for line in tally.days:
        lines[line.day.isoformat()[: 7 if path == MONTHS else None]].append(line)
    found: dict[str, float | None] = {}
    for name, own in lines.items():
        waits = sum(line.waits for line in own)
        found[path_of(name, "issued")] = sum(line.issued for line in own)
        found[path_of(name, "mean_wait")] = (
            minutes_of_us(sum(line.waited_us for line in own) / waits) if waits else None
        )
    return found


# Follows the halls of one database side by side.

MOST_TO_FOLLOW = 1000
"""A log that has grown by more is read from its tables."""


@dataclass(slots=True)
class _Known:
    """A hall as it was read last, with the figures of its business date."""

    state: HallState
    day: date
    figures: Document


class HallsBeside:
    """What somebody may see of the halls in the desk's database, for one thread at a time.

    A station follows its one hall; this asks for the ends of all logs in one statement and reads only those that have
    grown: a listening connection for each of sixty halls would be too many for a server.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._setups: dict[int, tuple[str, Setup]] = {}
        self._known: dict[int, _Known] = {}

    def look(self, who: Actor, now: datetime) -> list[HallBeside]:
        """Return the own hall and those that `who` may look at, in the order in which they were made.

        Raises RuleError "not_your_role", OutsideError when the database does not answer.
        """
        who.must("halls")
        with self._desk.db.read() as tx:
            seen = self._seen(tx, who)
            for end in seen:
                self._bring_up(tx, end, now)
            signs = devices.last_signs(tx, [end.id for end in seen])
        rows = []
        for end in seen:
            known = self._known[end.id]
            rows.append(beside(known.state, known.figures, alerts(known.state, now), signs.get(end.id), now))
        return rows

    def are_several(self, who: Actor) -> bool:
        """Whether `who` may look at more than the own hall."""
        with self._desk.db.read() as tx:
            return len(self._seen(tx, who)) > 1

    def state_of(self, code: str) -> HallState | None:
        """Return a hall as look() last read it, None where it did not; the next look may replace it."""
        return next((one.state for one in self._known.values() if set_up(one.state).hall.code == code), None)

    def _seen(self, tx: Transaction, who: Actor) -> list[LogEnd]:
        ends = halls.ends(tx)
        own = next((end.code for end in ends if end.id == self._desk.hall), "")
        seen = [end for end in ends if may_see(who, own, self._setup(tx, end))]
        self._known = {end.id: self._known[end.id] for end in seen if end.id in self._known}
        return seen

    def _setup(self, tx: Transaction, end: LogEnd) -> Setup:
        kept = self._setups.get(end.id)
        if kept is None or kept[0] != end.setup_hash:
            kept = self._setups[end.id] = end.setup_hash, halls.setup(tx, halls.load(tx, end.id))
        return kept[1]

    def _bring_up(self, tx: Transaction, end: LogEnd, now: datetime) -> None:
        day = business_date(self._setup(tx, end), now)
        known = self._known.get(end.id)
        if known is not None and known.day == day and known.state.now.hash == end.hash:
            return
        if known is None or not _caught_up(tx, known.state, end):
            state = snapshot.of_day(tx, end.id, day)
        else:
            state = known.state
            state.forget_before(day)
        self._known[end.id] = _Known(state, day, day_figures(state, day, now))


def halls_document(desk: Desk, who: Actor, now: datetime) -> list[Document]:
    """Return what `who` may see of the database's halls, as the command prints it. Raises as HallsBeside.look()."""
    side = HallsBeside(desk)
    return [_row(one, set_up(state), now) for one in side.look(who, now) if (state := side.state_of(one.code))]


def _row(one: HallBeside, setup: Setup, now: datetime) -> Document:
    longest = round(seconds(one.longest_since, now) / 60, 1) if one.longest_since is not None else None
    return {
        "hall": one.code,
        "name": one.name,
        "name_en": one.name_en,
        "waiting": one.waiting,
        "longest_wait": longest,
        "open_windows": one.open_windows,
        "served": one.served,
        "within_target": one.within_target,
        "target_minutes": one.target_minutes,
        "past_target": one.late.n if one.late is not None else 0,
        "alerts": {"red": one.red, "amber": one.amber},
        "silent_since": iso(setup, one.silent_since),
    }


def _caught_up(tx: Transaction, state: HallState, end: LogEnd) -> bool:
    """Apply what the log has after `state`; False where that is too much, or another log stands there now."""
    if not 0 <= end.seq - state.now.seq <= MOST_TO_FOLLOW:
        return False
    new = events.after(tx, end.id, state.now.seq - 1)
    if not new or (new[0].seq, new[0].hash) != (state.now.seq, state.now.hash):
        return False
    try:
        for event in new[1:]:
            follow(event, state)
    except UNFOLDABLE:
        return False
    return True
