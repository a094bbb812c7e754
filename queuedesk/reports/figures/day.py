"""The report of one business date: its figures, its file."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime
from itertools import chain
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.charts.ribbon import Ribbon
from queuedesk.core.errors import OutsideError
from queuedesk.core.features import load, used
from queuedesk.core.figures.day_ribbon import ribbon_of
from queuedesk.core.figures.measures.day import DayRows, Span, pauses_us
from queuedesk.core.figures.measures.document import Tally, figures
from queuedesk.core.figures.measures.figure import scope_of
from queuedesk.core.figures.measures.times import moment_of, spread
from queuedesk.core.log.state import CHECKS, DAY_NOTES, WAIVERS
from queuedesk.core.queue.hallday import day_turns
from queuedesk.core.queue.overview import Late, past_target
from queuedesk.core.queue.ticket import OPEN_STATES
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.opening_checks import Check, Waiver
from queuedesk.core.talk.remarks import DayNote
from queuedesk.core.upkeep import Anchor, BackupNote
from queuedesk.desk.change import Desk
from queuedesk.desk.staffing.forecasting import usual_waiting
from queuedesk.desk.talk.announcing import Unheard, unheard
from queuedesk.desk.upkeep import backing_up
from queuedesk.reports.figures.figure_words import service_name
from queuedesk.reports.figures.period import Coded
from queuedesk.store.figures import measured
from queuedesk.store.figures.quality import ribbon_tickets, rows_between
from queuedesk.store.log import book, log_dates
from queuedesk.store.parts import halls, part_tables

# One reading of one business date: the figures that every format shows, and what sentences about them need besides.


AddedLine = Callable[[str], str]
"""Gives one line of a feature's in a language."""


class PauseTaken(Struct, frozen=True):
    """One pause of a window, on the hall's clock; `end` is None while it lasts."""

    window: str
    start: datetime
    end: datetime | None
    reason: str
    waiting: float
    """People who waited on average while it lasted, for whatever that window may serve."""


class AtWindow(Struct, frozen=True):
    """The people who sat at a window, in order of arrival, and the mean handling of what was finished there, in
    minutes."""

    staff: tuple[str, ...]
    handling: float | None


class DayRead(Struct, frozen=True, kw_only=True):
    """A business date as of `now`. `figures` is the document of the commands."""

    setup: Setup
    day: date
    now: datetime
    figures: dict[str, Any]
    pauses: tuple[PauseTaken, ...]
    unheard: tuple[Unheard, ...]
    """Calls that a voice could not say or that no station announced."""
    notes: tuple[DayNote, ...]
    checks: tuple[Check, ...]
    waivers: tuple[Waiver, ...]
    at_windows: dict[str, AtWindow]
    is_running: bool
    ribbon: Ribbon
    """The date as strokes and lanes, with what is usual of its weekday."""
    anchor: Anchor | None
    """The end of the log that the figures stand on."""
    issued: tuple[datetime, datetime] | None = None
    """When the first and the last ticket of the date were issued."""
    late: Late | None = None
    """Who waits past the target, on a day that still runs."""
    added: tuple[AddedLine, ...] = ()
    """What features that the hall uses have to say of the date."""
    backup: BackupNote | None = None
    """What is known of the hall's backups; None where none are made, or whoever reads may not know."""

    @property
    def coded(self) -> Coded:
        return Coded([self.setup])

    def service_name(self, code: str, lang: str) -> str:
        """Return a service's name in the figures: "A Pay a bill"."""
        return service_name(self.setup, code, lang)

    def service_told(self, code: str, lang: str) -> str:
        """Return a service's name in a sentence: in one hall just its name."""
        return self.service_name(code, lang)

    def handling_target(self, code: str) -> int | None:
        """Return a service's handling target in minutes, None where it has none."""
        spec = self.setup.services.get(code)
        return spec.handling_target if spec else None

    @property
    def local_now(self) -> datetime:
        return self.setup.local(self.now)


def read_day(desk: Desk, day: date, now: datetime) -> DayRead:
    """Read a business date in one transaction, without the hall's lock. Raises OutsideError when the database does not
    answer."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        # What later dates tell of this one stands in the tables only.
        rows = measured.Reader(tx, desk.hall, setup, now).day(day)
        tally = Tally.of([rows])
        quality = rows_between(tx, desk.hall, setup, (day, day), now)
        log = measured.log_range(tx, desk.hall, log_dates.by_date(tx, desk.hall, day, day).values())
        document = figures(scope_of(setup, day, day), tally, log, quality)
        anchor = log_dates.anchor(tx, desk.hall, document["log"]["last_seq"])
        is_open = any(s.closed is None for s in rows.shifts) or any(t.state in OPEN_STATES for t in rows.tickets)
        is_running = is_open and now < day_turns(setup, day)
        came = [one.arrived for one in rows.tickets]
        its_tickets = ribbon_tickets(tx, desk.hall, day)
        checks = part_tables.of_days(tx, desk.hall, CHECKS, day, day)
        waivers = part_tables.of_days(tx, desk.hall, WAIVERS, day, day)
        notes = part_tables.of_days(tx, desk.hall, DAY_NOTES, day, day)
        late = past_target(book.watched(tx, desk.hall), now) if is_running else None
    return DayRead(
        setup=setup,
        day=day,
        now=now,
        figures=document,
        pauses=tuple(_pauses(rows)),
        unheard=tuple(unheard(desk, day, now)),
        at_windows=_at_windows(rows),
        checks=tuple(checks.values()),
        waivers=tuple(waivers.values()),
        notes=tuple(notes.values()),
        is_running=is_running,
        issued=(moment_of(min(came)), moment_of(max(came))) if came else None,
        ribbon=replace(ribbon_of(setup, day, its_tickets, rows.shifts, now), usual=usual_waiting(desk, day)),
        anchor=anchor,
        late=late,
        added=tuple(line for one in used(setup.hall) if one.report for line in load(one.report)(desk, day)),
        backup=_backup(desk, setup),
    )


def _backup(desk: Desk, setup: Setup) -> BackupNote | None:
    if setup.hall.simulated:
        return None
    with suppress(OutsideError):
        return backing_up.note_of(desk)
    return None


def _pauses(rows: DayRows) -> Iterator[PauseTaken]:
    setup = rows.setup
    for shift in rows.shifts:
        services = setup.served_in(shift)
        for pause, span in zip(shift.pauses, pauses_us(shift, rows.until), strict=True):
            end = setup.local(pause.end) if pause.end else None
            waiting = _mean_waiting(rows, services, span)
            yield PauseTaken(shift.window, setup.local(pause.start), end, pause.reason, waiting)


def _at_windows(rows: DayRows) -> dict[str, AtWindow]:
    """Return the windows at which somebody sat or was served."""
    staff: dict[str, list[str]] = {}
    for shift in sorted(rows.shifts, key=lambda one: one.opened):
        staff.setdefault(shift.window, []).append(shift.staff)
    times: dict[str, list[int]] = {}
    for alike in rows.alike:
        if alike.handling and (window := alike.legs[0].window) is not None:
            times.setdefault(window, []).extend(alike.handling)
    return {
        code: AtWindow(tuple(dict.fromkeys(staff.get(code, ()))), spread(times.get(code, []))["mean"])
        for code in staff.keys() | times.keys()
    }


def _mean_waiting(rows: DayRows, services: frozenset[str], span: Span) -> float:
    """Return how many tickets for `services` waited on average in a span; 0 where no time passed."""
    start, end = span
    if end <= start or rows.spans is None:
        return 0.0
    free = ((came, left) for service in services for came, left in rows.spans.waiting.get(service, ()))
    held = ((one.start, one.end) for one in rows.spans.held if one.service in services)
    return sum(max(0, min(left, end) - max(came, start)) for came, left in chain(free, held)) / (end - start)


def figures_of_day(desk: Desk, day: date, now: datetime) -> dict[str, Any]:
    """Return the figures of a business date as of `now`; a date without tickets gives zeros and None."""
    return read_day(desk, day, now).figures
