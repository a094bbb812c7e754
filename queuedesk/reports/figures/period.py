"""The figures of a span of business dates, of one hall or of every hall in the database and all together; and of one
date. Papers for people leave out figures of features that are off, scripts get them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.charts.ribbon import Ribbon
from queuedesk.core.errors import OutsideError
from queuedesk.core.features import features, load, used
from queuedesk.core.figures.day_ribbon import ribbon_of
from queuedesk.core.figures.measures.day import DayRows, Span, pauses_us
from queuedesk.core.figures.measures.document import LogRange, Tally, figures
from queuedesk.core.figures.measures.figure import Scope, scope_of
from queuedesk.core.figures.measures.times import moment_of, spread
from queuedesk.core.figures.periods import dates_between, span_of
from queuedesk.core.log.state import CHECKS, DAY_NOTES, WAIVERS
from queuedesk.core.quality import figures as quality_figures
from queuedesk.core.quality.figures import QualityRows
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
from queuedesk.i18n import named, names, tr
from queuedesk.i18n.numerals import UNKNOWN
from queuedesk.reports.figures.figure_words import service_name
from queuedesk.store.figures import measured
from queuedesk.store.figures.arrivals import rated_by_service
from queuedesk.store.figures.counted import Told, tally_of
from queuedesk.store.figures.measured import Reader, log_range
from queuedesk.store.figures.quality import ribbon_tickets, rows_between
from queuedesk.store.log import book, log_dates
from queuedesk.store.parts import halls, part_tables

# Names for the codes in figures of one hall, or of several ("HALL/CODE").


class Coded(Struct, frozen=True):
    """The set-ups behind the figures, the requested one first; `together` if the figures are of all of them."""

    setups: Sequence[Setup]
    together: bool = False

    @property
    def lead(self) -> Setup:
        return self.setups[0]

    def uses(self, feature: str) -> bool:
        """Return whether any of the halls uses a feature (core/features.py)."""
        return any(setup.uses(feature) for setup in self.setups)

    def service(self, code: str, lang: str) -> str:
        """Return "A Pay a bill"."""
        setup, own, prefix = self._split(code)
        known = [setup] if setup else [one for one in self.setups if own in one.services]
        if self.together and not prefix and len(known) == 1:
            prefix = f"{known[0].hall.code}/"
        return prefix + service_name(known[0] if known else self.lead, own, lang)

    def item(self, service: str, item: str | None, lang: str) -> str:
        """Return "A Pay a bill · Print an invoice", only the service without an item."""
        said = self.service(service, lang)
        if not item:
            return said
        setup, own, _prefix = self._split(service)
        known = setup or next((one for one in self.setups if own in one.services), self.lead)
        return f"{said} · {names.item_name(known, own, item, lang)}"

    def staff(self, code: str | None, lang: str) -> str:
        """Return a person's name; a dash for nobody."""
        if not code:
            return UNKNOWN
        setup, own, prefix = self._split(code)
        return prefix + names.staff_name(setup or self.lead, own, lang)

    def klass(self, code: str, lang: str) -> str:
        """Return the name of a priority class."""
        known = next((one for one in self.setups if code in one.classes), self.lead)
        return names.class_name(known, code, lang)

    def _split(self, code: str) -> tuple[Setup | None, str, str]:
        """Return the hall that a code names, None where it names none, the code there, and what stands before the
        name."""
        for setup in self.setups if self.together else ():
            prefix = f"{setup.hall.code}/"
            if code.startswith(prefix):
                return setup, code.removeprefix(prefix), prefix
        return None, code, ""


class HallRead(Struct, frozen=True, kw_only=True):
    """One hall's span: its figures, the sums they are made from, the notes on its days. `rated` are (satisfied,
    dissatisfied) by service, `before` those of the period before, of all services."""

    setup: Setup
    figures: dict[str, Any]
    anchor: Anchor | None
    tally: Tally
    quality: QualityRows
    notes: tuple[DayNote, ...]
    rated: Mapping[str, tuple[int, int]]
    before: tuple[int, int]


def days_counted(tally: Tally) -> int:
    """Return on how many days of these sums somebody took a ticket."""
    return len({line.day for line in tally.days})


class PeriodRead(Struct, frozen=True, kw_only=True):
    """A span as of `now`.

    `document` is what the commands print; `lead` is the requested hall. With `together` the figures are of all halls,
    `halls` are all of them, and `tally` their sums.
    """

    period: str
    first: date
    last: date
    now: datetime
    lead: Setup
    halls: tuple[HallRead, ...]
    figures: dict[str, Any]
    tally: Tally
    document: dict[str, Any]
    together: bool

    def service_name(self, code: str, lang: str) -> str:
        """Return a service's name in the figures: "A Pay a bill", "WEST/C Permits" where halls use C for different
        services."""
        setup, own, prefix = self._service(code)
        return prefix + service_name(setup, own, lang)

    def service_told(self, code: str, lang: str) -> str:
        """Return a service's name in a sentence, with its hall's for several halls: "C Permits (West Hall)"."""
        setup, own, prefix = self._service(code)
        said = service_name(setup, own, lang)
        hall = named(setup.hall.name, setup.hall.name_en, lang)
        return tr(lang, "{service} ({hall})", context="service of a hall", service=said, hall=hall) if prefix else said

    def handling_target(self, code: str) -> int | None:
        """Return a service's handling target in minutes, None where it has none."""
        setup, own, _prefix = self._service(code)
        spec = setup.services.get(own)
        return spec.handling_target if spec else None

    def _service(self, code: str) -> tuple[Setup, str, str]:
        """Return the set-up that knows the service, its code there, and what stands before that among all halls."""
        for read in self.halls:
            prefix = f"{read.setup.hall.code}/"
            if self.together and code.startswith(prefix):
                return read.setup, code.removeprefix(prefix), prefix
        known = [read.setup for read in self.halls if code in read.setup.services]
        prefix = f"{known[0].hall.code}/" if self.together and len(known) == 1 else ""
        return known[0] if known else self.lead, code, prefix

    @property
    def coded(self) -> Coded:
        """The names for its codes."""
        others = [read.setup for read in self.halls if read.setup.hall.code != self.lead.hall.code]
        return Coded([self.lead, *others], self.together)

    @property
    def anchor(self) -> Anchor | None:
        """The end of the one log that the figures are made from; None for several logs."""
        return None if self.together else self.halls[0].anchor

    @property
    def local_now(self) -> datetime:
        return self.lead.local(self.now)

    @property
    def is_running(self) -> bool:
        """Whether its last date is not over yet."""
        return self.local_now.date() <= self.last


def read_period(
    desk: Desk, period: str, day: date, now: datetime, *, every_hall: bool = False, told: Told | None = None
) -> PeriodRead:
    """Read the period that contains `day` in one transaction; `told` hears of dates that have to be counted (tally_of).
    Raises OutsideError when the database does not answer."""
    first, last = span_of(period, day)
    with desk.db.read() as tx:
        lead = halls.setup(tx, halls.load(tx, desk.hall))
        ids = [id for id, _code in halls.listed(tx)] if every_hall else [desk.hall]
        reads = []
        for id in ids:
            setup = halls.setup(tx, halls.load(tx, id))
            logged = log_dates.by_date(tx, id, first, last)
            tally = tally_of(
                Reader(tx, id, setup, now), dates_between(first, last), desk.db.path, logged=logged, told=told
            )
            log = log_range(tx, id, logged.values())
            notes = tuple(part_tables.of_days(tx, id, DAY_NOTES, first, last).values())
            scope = scope_of(setup, first, last)
            ratings = rated_by_service(tx, id, first, last)
            quality = rows_between(tx, id, setup, (first, last), now)
            before = rated_by_service(tx, id, *span_of(period, first - timedelta(days=1))).values()
            reads.append(
                HallRead(
                    setup=setup,
                    figures=figures(scope, tally, log, quality),
                    anchor=log_dates.anchor(tx, id, log.last_seq),
                    tally=tally,
                    quality=quality,
                    notes=notes,
                    rated=ratings,
                    before=(sum(s for s, _d in before), sum(d for _s, d in before)),
                )
            )
    if not every_hall:
        own = reads[0]
        document, tally = own.figures, own.tally
        return PeriodRead(
            period=period,
            first=first,
            last=last,
            now=now,
            lead=lead,
            halls=(own,),
            figures=document,
            tally=tally,
            document=document,
            together=False,
        )
    together = _together(reads)
    quality = quality_figures.together([read.quality for read in reads])
    pooled = figures(_scope_of_all(reads, first, last), together, LogRange(), quality)
    return PeriodRead(
        period=period,
        first=first,
        last=last,
        now=now,
        lead=lead,
        halls=tuple(reads),
        figures=pooled,
        tally=together,
        document={"halls": [read.figures for read in reads], "all": pooled},
        together=True,
    )


def _together(reads: list[HallRead]) -> Tally:
    found = Tally()
    for read in reads:
        found.merge(read.tally, read.setup.hall.code, service_code([one.setup for one in reads], read.setup))
    return found


def _scope_of_all(reads: list[HallRead], first: date, last: date) -> Scope:
    targets = {read.setup.number("wait_target_minutes") for read in reads}
    setups = [read.setup for read in reads]
    codes = [service_code(setups, setup)(code) for setup in setups for code in setup.services]
    return Scope(
        hall=None,
        first=first,
        last=last,
        target_minutes=targets.pop() if len(targets) == 1 else None,
        services=list(dict.fromkeys(codes)),
        windows=[f"{read.setup.hall.code}/{code}" for read in reads for code in read.setup.windows],
        staff=[f"{read.setup.hall.code}/{code}" for read in reads for code in read.setup.staff],
    )


def service_code(setups: Sequence[Setup], of: Setup) -> Callable[[str], str]:
    """Return a function for a service's code among all halls: its own where every hall that has it means the same
    service."""
    names: dict[str, set[str]] = {}
    for setup in setups:
        for code, service in setup.services.items():
            names.setdefault(code, set()).add(service.name)

    def common(code: str) -> str:
        return code if len(names.get(code, ())) == 1 else f"{of.hall.code}/{code}"

    return common


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


def unused_paths(names: Coded) -> tuple[str, ...]:
    """Return the paths of figures that belong to features which none of the halls uses."""
    off = (one for one in features() if not names.uses(one.name))
    return tuple(path for one in off for figure in one.figures for path in (figure, f"quality.{figure}"))


def used_figures(figures: dict[str, Any], names: Coded) -> dict[str, Any]:
    """Return a document without the figures and rules that none of the halls uses; itself where they use all."""
    found: Mapping[str, Any] = figures
    for path in unused_paths(names):
        found = _without(found, path)
    rules = {rule for one in features() if not names.uses(one.name) for rule in one.rules}
    if rules and "rules" in found:
        found = {**found, "rules": [{key: row[key] for key in row if key not in rules} for row in found["rules"]]}
    return dict(found) if found is not figures else figures


def as_used(read: PeriodRead) -> PeriodRead:
    """Return a period with the figures that its halls use."""
    names = read.coded
    halls = tuple(replace(one, figures=used_figures(one.figures, names)) for one in read.halls)
    return replace(read, figures=used_figures(read.figures, names), halls=halls)


def is_unused(path: str, paths: tuple[str, ...]) -> bool:
    """Whether a path is one of these or leads below one."""
    return any(path == one or path.startswith(f"{one}.") for one in paths)


def _without(tree: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    key, _dot, rest = path.partition(".")
    if key not in tree or (rest and not isinstance(tree[key], Mapping)):
        return tree
    if not rest:
        return {name: value for name, value in tree.items() if name != key}
    inner = _without(tree[key], rest)
    return tree if inner is tree[key] else {**tree, key: inner}
