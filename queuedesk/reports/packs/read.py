"""Reads what a pack is made of: the period, the one before, six months, and the other halls of the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.comparing import Difference
from queuedesk.core.figures.hall_comparison import Parts, may_see, same_mix
from queuedesk.core.figures.halls_compared import TOO_FEW, Counts, HallCounts, compare_halls
from queuedesk.core.figures.measures.document import LogRange, figures
from queuedesk.core.figures.measures.figure import BY_SERVICE, scope_of
from queuedesk.core.figures.measures.figures import WRONG_COUNTER
from queuedesk.core.figures.measures.tally import Tally
from queuedesk.core.figures.measures.times import MINUTE_US
from queuedesk.core.figures.pack import MONTHS, DueDay, Point, due_days, points
from queuedesk.core.figures.periods import MONTH, span_of
from queuedesk.core.network.roles import Actor, Read, Role
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Desk
from queuedesk.desk.figures.comparing import before as period_before
from queuedesk.desk.figures.comparing import compare_periods
from queuedesk.desk.improvement.documents import projects_of
from queuedesk.desk.improvement.effects import fading
from queuedesk.reports.figures.period import HallRead, PeriodRead, read_period, service_code
from queuedesk.store.figures.measured import Reader
from queuedesk.store.log import journal
from queuedesk.store.parts import halls
from queuedesk.store.rights.withheld_ratings import reads_ratings

Figures = Mapping[str, Any]
STILL_FRESH = timedelta(days=14)
RATE, WAIT, WRONG = "ratings.rate", "wait.mean", WRONG_COUNTER.rate_path
"""The figures that are held against other halls and shown over six months."""


@dataclass(frozen=True, slots=True)
class MonthOf:
    """A month of the hall: its figures, None where nobody came in it."""

    first: date
    last: date
    figures: Figures | None


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure of this hall like for like, and that of all halls together. `said` is where a share lies, as
    halls_compared has it; of minutes nothing is said but TOO_FEW."""

    own: float | None
    all: float | None
    said: str | None


@dataclass(frozen=True, slots=True)
class HeldAgainst:
    """The hall held against the others, by path; `halls` is how many there are with it."""

    halls: int
    found: Mapping[str, Beside]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackRead:
    """A pack as of `read.now`. `before` are the figures of the period before, None where nobody came in it; `others` is
    None where there is no other hall that may be looked at."""

    read: PeriodRead
    before: Figures | None
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
    earlier = months[-2].figures if period == MONTH else _figures(desk, *span_of(period, before_day), now)
    changes: tuple[Difference, ...] = ()
    if earlier is not None and read.figures["issued"]:
        changes = compare_periods(desk, period, first, before_day, now).differences
    quality = read.halls[0].quality
    # It is told of the last whole week: only a pack that is made while its time runs, or soon after, has it.
    is_fresh = read.local_now.date() <= read.last + STILL_FRESH
    faded = fading(desk, now) if is_fresh else []
    return PackRead(
        read=read,
        before=earlier,
        months=months,
        points=tuple(points(read.figures, quality.cases, quality.fixes, changes, faded)),
        due=tuple(due_days(quality.cases, quality.fixes)),
        others=_held(desk, read, who),
        projects=tuple(_projects(desk, read)),
        fading=tuple(faded),
    )


def _months(desk: Desk, read: PeriodRead) -> tuple[MonthOf, ...]:
    """Return the last six months, the one that ends with the period last."""
    found: list[MonthOf] = []
    day = read.last
    for _n in range(MONTHS):
        first, last = span_of(MONTH, day)
        own = read.period == MONTH and first == read.first
        known = (read.figures if read.figures["issued"] else None) if own else _figures(desk, first, last, read.now)
        found.insert(0, MonthOf(first, last, known))
        day = first - timedelta(days=1)
    return tuple(found)


def _figures(desk: Desk, first: date, last: date, now: datetime) -> Figures | None:
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        tally = Tally()
        for rows in Reader(tx, desk.hall, setup, now).days(first, last):
            tally.add(rows)
    found = figures(scope_of(setup, first, last), tally, LogRange())
    return found if found["issued"] else None


def _projects(desk: Desk, read: PeriodRead) -> Iterator[Figures]:
    """Yield the projects that were begun by the end and had not ended before."""
    for one in reversed(projects_of(desk, read.now)):
        ended = one["ended"] and datetime.fromisoformat(one["ended"]).date()
        if date.fromisoformat(one["date"]) <= read.last and (not ended or ended >= read.first):
            yield one


# -- the other halls ---------------------------------------------------------------------------------------------------


def _held(desk: Desk, read: PeriodRead, who: Actor | None) -> HeldAgainst | None:
    """Return the hall beside those that `who`, or for None anybody of this hall, may look at; None without any."""
    own = read.lead.hall.code
    with desk.db.read() as tx:
        others = {id: halls.setup(tx, halls.load(tx, id)) for id, code in halls.listed(tx) if code != own}
        # Where its people have PINs nobody looks at a hall without a name.
        unnamed = who is not None and who.role is Role.CONSOLE
        open_ones = [one for id, one in others.items() if not (unnamed and journal.pin_salts(tx, id))]
    seen = {own, *(setup.hall.code for setup in open_ones if _may_look(who, own, setup))}
    # On a PC of a shared hall what can be read of the others depends on its login: half a hall is no hall.
    if len(seen) == 1 or desk.db.is_shared:
        return None
    every = read_period(desk, read.period, read.first, read.now, every_hall=True).halls
    known = [one for one in every if one.setup.hall.code in seen]
    at = next(n for n, one in enumerate(known) if one.setup.hall.code == own)
    rated, wrong = ([parts(one, known) for one in known] for parts in (_rated, _wrong))
    return HeldAgainst(
        len(known),
        {
            RATE: _share_of(known, rated, read.first, own),
            WAIT: _wait_of([_waited(one, known) for one in known], at),
            WRONG: _share_of(known, wrong, read.first, own),
        },
    )


def _may_look(who: Actor | None, own: str, setup: Setup) -> bool:
    if who is None:
        return any(one.startswith(f"{own}/") for one in setup.hall.seen_by)
    return may_see(who, own, setup)


def _share_of(known: Sequence[HallRead], counts: Sequence[Mapping[str, Counts]], day: date, own: str) -> Beside:
    """Return a share beside that of all halls; all is counted for the period, not by date."""
    named = [
        HallCounts(code=one.setup.hall.code, name=one.setup.hall.name, name_en="", days={day: services})
        for one, services in zip(known, counts, strict=True)
    ]
    found = compare_halls(named)
    hall = found.hall(own)
    assert hall is not None
    return Beside(hall.alike, found.all.rate, hall.verdict)


def _wait_of(parts: Sequence[Parts], at: int) -> Beside:
    alike = same_mix(parts).figures[at]
    total, n = (sum(one[k] for own in parts for one in own.values()) for k in (0, 1))
    return Beside(alike, total / n if n else None, None if alike is not None else TOO_FEW)


def _rated(one: HallRead, every: Sequence[HallRead]) -> dict[str, Counts]:
    code = service_code(list(every), one)
    return {code(name): counts for name, counts in one.rated.items()}


def _waited(one: HallRead, every: Sequence[HallRead]) -> Parts:
    code, steps = service_code(list(every), one), one.tally.steps
    waits = {name: steps.times_of(BY_SERVICE, "wait", name) for name in steps.counts[BY_SERVICE, "of"]}
    return {code(name): (sum(own) / MINUTE_US, len(own)) for name, own in waits.items()}


def _wrong(one: HallRead, every: Sequence[HallRead]) -> dict[str, Counts]:
    code, rows = service_code(list(every), one), one.figures["measures"][WRONG_COUNTER.key]["by_service"]
    return {code(row["code"]): (row["n"], row["of"] - row["n"]) for row in rows}
