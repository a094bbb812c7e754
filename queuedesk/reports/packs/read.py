"""Reads what a pack is made of: the period, the one before, six months, and the other halls of the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.comparing import Difference
from queuedesk.core.figures.measures.document import LogRange, figures
from queuedesk.core.figures.measures.figure import scope_of
from queuedesk.core.figures.pack import MONTHS, DueDay, Point, due_days, points
from queuedesk.core.figures.periods import MONTH, dates_between, span_of
from queuedesk.core.network.roles import Actor, Read
from queuedesk.desk.change import Desk
from queuedesk.desk.figures.comparing import before as period_before
from queuedesk.desk.figures.comparing import compare_periods
from queuedesk.desk.improvement.documents import projects_of
from queuedesk.desk.improvement.effects import fading
from queuedesk.reports.figures.period import PeriodRead, days_counted, read_period
from queuedesk.reports.packs.others import HeldAgainst, held_against
from queuedesk.store.figures.counted import tally_of
from queuedesk.store.figures.measured import Reader
from queuedesk.store.parts import halls
from queuedesk.store.rights.withheld_ratings import reads_ratings

Figures = Mapping[str, Any]
STILL_FRESH = timedelta(days=14)


class MonthOf(Struct, frozen=True):
    """A month of the hall: its figures, None where nobody came in it, and on how many days somebody did."""

    first: date
    last: date
    figures: Figures | None
    days: int


class PackRead(Struct, frozen=True, kw_only=True):
    """A pack as of `read.now`. `before` are the figures of the period before, None where nobody came in it, and
    `before_span` its dates, `before_days` how many of them had tickets; `others` is None where there is no other
    hall."""

    read: PeriodRead
    before: Figures | None
    before_span: tuple[date, date]
    before_days: int
    months: tuple[MonthOf, ...]
    points: tuple[Point, ...]
    due: tuple[DueDay, ...]
    others: HeldAgainst | None
    projects: tuple[Figures, ...]
    fading: tuple[Figures, ...]

    @property
    def figures(self) -> Figures:
        return self.read.figures


def read_pack(desk: Desk, period: str, day: date, now: datetime, who: Actor | None = None) -> PackRead:
    """Read the pack of the period that contains `day` for `who`, None for the hall itself.

    Raises RuleError "not_for_you" on a PC whose login is not told ratings, OutsideError when the database does not
    answer.
    """
    with desk.db.read() as tx:
        if not reads_ratings(tx):
            raise RuleError("not_for_you", read=str(Read.FIGURES), role="")
    read = read_period(desk, period, day, now)
    first, before_day = read.first, period_before(period, day)
    months = _months(desk, read)
    before_span = span_of(period, before_day)
    if period == MONTH:
        earlier, before_days = months[-2].figures, months[-2].days
    else:
        earlier, before_days = _figures(desk, *before_span, now)
    changes: tuple[Difference, ...] = ()
    if earlier is not None and read.figures["issued"]:
        changes = compare_periods(desk, period, first, before_day, now).differences
    cases, fixes = read.halls[0].quality.cases, read.halls[0].quality.fixes
    uses = read.lead.uses
    if not uses("inspections"):
        fixes = ()
    # It is told of the last whole week: only a pack that is made while its time runs, or soon after, has it.
    is_fresh = read.local_now.date() <= read.last + STILL_FRESH
    faded = fading(desk, now) if is_fresh and uses("projects") else []
    return PackRead(
        read=read,
        before=earlier,
        before_span=before_span,
        before_days=before_days,
        months=months,
        points=tuple(points(read.figures, cases, fixes, changes, faded)),
        due=tuple(due_days(cases, fixes)),
        others=held_against(desk, read, who) if uses("halls") else None,
        projects=tuple(_projects(desk, read)) if uses("projects") else (),
        fading=tuple(faded),
    )


def _months(desk: Desk, read: PeriodRead) -> tuple[MonthOf, ...]:
    """Return the last six months, the one that ends with the period last."""
    found: list[MonthOf] = []
    day = read.last
    for _n in range(MONTHS):
        first, last = span_of(MONTH, day)
        own = read.period == MONTH and first == read.first
        known: Figures | None
        if own:
            known, days = read.figures if read.figures["issued"] else None, days_counted(read.tally)
        else:
            known, days = _figures(desk, first, last, read.now)
        found.insert(0, MonthOf(first, last, known, days))
        day = first - timedelta(days=1)
    return tuple(found)


def _figures(desk: Desk, first: date, last: date, now: datetime) -> tuple[Figures | None, int]:
    """Return the figures of a span, None where nobody came in it, and on how many days somebody did."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        tally = tally_of(Reader(tx, desk.hall, setup, now), dates_between(first, last), desk.db.path)
    found = figures(scope_of(setup, first, last), tally, LogRange())
    return (found if found["issued"] else None), days_counted(tally)


def _projects(desk: Desk, read: PeriodRead) -> Iterator[Figures]:
    """Yield the projects that were begun by the end and had not ended before."""
    for one in reversed(projects_of(desk, read.now)):
        ended = one["ended"] and datetime.fromisoformat(one["ended"]).date()
        if date.fromisoformat(one["date"]) <= read.last and (not ended or ended >= read.first):
            yield one
