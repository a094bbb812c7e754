"""Reads the rows behind figures, the tickets behind one of them, and what surrounds a business date.

Only the columns that are needed are read, a date at a time; a month at a time where many dates are asked for one after
the other: a year would need thousands of statements, each of which a server's PC waits for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from itertools import groupby, starmap
from typing import Any, Generic, TypeVar

from msgspec.structs import replace
from sqlalchemy import ColumnElement, Select, Table, Text, and_, bindparam, func, literal_column, select, type_coerce

from queuedesk.core.figures import drilldown_rows as rows_behind
from queuedesk.core.figures.drilldown_rows import (
    LOST_STAYS,
    NOT_READY,
    OFFERS,
    OPINIONS,
    PARTNERS,
    PASSINGS,
    RATINGS,
    STALLS,
    STAYS,
    WHOLE,
    DayDataBesidesTickets,
    DrilldownDay,
)
from queuedesk.core.figures.measures.day import DayRows, DaySpans, reinstated_ticket_labels, tickets_that_need_log
from queuedesk.core.figures.measures.document import LogRange
from queuedesk.core.figures.measures.rows import (
    ChannelOfferRow,
    DeviceRows,
    ExternalSystemWait,
    LegRow,
    OtherChannelRows,
    OvertakingRow,
    PersonWithoutTicket,
    RatingRow,
    ReturnVisitLinks,
    TargetsInForce,
    TicketRow,
    to_epoch_micros,
)
from queuedesk.core.figures.measures.targets_reached import targets_and_rules_in_force
from queuedesk.core.figures.periods import dates_between
from queuedesk.core.imports import ChannelTotal, month_first_and_last
from queuedesk.core.log import state
from queuedesk.core.log.event import are_event_data_readable
from queuedesk.core.log.state import DEVICES, HELP_CALLS, SHIFTS, RecordKind
from queuedesk.core.log.ticket_history import ReducedTimelineEvent, TicketStay, timeline_of_tickets_on_date
from queuedesk.core.queue.hallday import begin_of_day, end_of_day
from queuedesk.core.queue.ticket import OPEN_STATES, Rating, Shift, Ticket, TicketState, log_name_of_dated_ticket
from queuedesk.core.setup import field_kinds
from queuedesk.core.setup.file import SETTINGS
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.sentences import Partner
from queuedesk.core.talk.device import Device
from queuedesk.core.talk.messages import HelpCall
from queuedesk.store.engine.types import BigInt, FixedStatement, Transaction, value_from_json
from queuedesk.store.log import events as log
from queuedesk.store.log.events import time_is_right_condition
from queuedesk.store.log.log_dates import LogEventsOfDate, SetUpVersions
from queuedesk.store.parts import part_tables, sharing
from queuedesk.store.parts.tickets import tickets_with_labels
from queuedesk.store.schema import (
    calls,
    events,
    help_calls,
    legs,
    not_ready,
    offers,
    opinions,
    overtakes,
    ratings,
    shifts,
    tickets,
)

T = TypeVar("T")


@dataclass(slots=True)
class CachedValuesByDate(Generic[T]):
    """`read` returns what each of some dates has, from the first to the last, those left out `nothing`. Without `span`,
    the first and the last date that will be asked for, each is read alone."""

    read: Callable[[date, date], Mapping[date, T]]
    nothing: T
    span: tuple[date, date] | None = None
    _months: dict[date, Mapping[date, T]] = field(default_factory=dict, init=False)

    def value_on(self, day: date) -> T:
        first, last = day, day
        if self.span is not None and self.span[0] <= day <= self.span[1]:
            begins, ends = month_first_and_last(day)
            first, last = max(begins, self.span[0]), min(ends, self.span[1])
        if first not in self._months:
            self._months[first] = self.read(first, last)
        return self._months[first].get(day, self.nothing)


# -- what visits led to: later tickets that name them, and facts that only the log has ---------------------------------

# Tickets of a date by the visit that they name as the one before; most name none.
ASKED: dict[str, ColumnElement[Any]] = {"hall": bindparam("hall"), "day": bindparam("day")}
_SPAN: tuple[ColumnElement[Any], ColumnElement[Any]] = (bindparam("first"), bindparam("last"))
_NAMED = (
    select(tickets.c.date, tickets.c.return_of, func.count())
    .where(tickets.c.hall == ASKED["hall"], tickets.c.date.between(*_SPAN), tickets.c.state != str(TicketState.VOID))
    .group_by(tickets.c.date, tickets.c.return_of)
)
_LAST = select(func.max(tickets.c.date)).where(tickets.c.hall == bindparam("hall"))
_STALLS = select(events.c.date, events.c.data).where(
    events.c.hall == ASKED["hall"], events.c.date.between(*_SPAN), events.c.kind == "stall"
)
_GIVEN = (ratings.c.level, ratings.c.staff, ratings.c.attitude, ratings.c.competence, ratings.c.service)
_RATINGS = (
    select(ratings.c.date, *_GIVEN, func.count())
    .where(ratings.c.hall == ASKED["hall"], ratings.c.date.between(*_SPAN), ratings.c.excluded.is_(False))
    .group_by(ratings.c.date, *_GIVEN)
)


@dataclass(slots=True)
class ReturnStallAndRatingReader:
    """Reads one hall's dates, one after the other; later dates, once read, are kept."""

    tx: Transaction
    hall: int
    setup: Setup
    now: datetime
    span: tuple[date, date] | None = None
    _named: CachedValuesByDate[dict[str | None, int]] = field(init=False)
    _stalls: CachedValuesByDate[Counter[str]] = field(init=False)
    _ratings: CachedValuesByDate[dict[RatingRow, int]] = field(init=False)
    _last: date | None = None
    _rightly: ColumnElement[bool] | None = None

    def __post_init__(self) -> None:
        looks_on = timedelta(days=self.setup.setting_as_int("first_visit_days"))
        span = None if self.span is None else (self.span[0], min(self.span[1], date.max - looks_on) + looks_on)
        self._named = CachedValuesByDate(self._ticket_counts_by_earlier_visit, {}, span)
        self._stalls = CachedValuesByDate(self._stall_reason_counts_by_date, Counter(), self.span)
        self._ratings = CachedValuesByDate(self._rating_counts_by_date, {}, self.span)

    def links_from_day_to_later_visits(self, day: date) -> ReturnVisitLinks:
        """Return the customers of a business date who came again within the days that the hall waits for returns."""
        returned: set[str] = set()
        followed: dict[date, tuple[int, int]] = {}
        own = log_name_of_dated_ticket("", day)
        for n in range(min(self.setup.setting_as_int("first_visit_days"), (self._last_ticket_date() - day).days) + 1):
            later = day + timedelta(days=n)
            named = self._named.value_on(later)
            if not named:
                continue
            returned |= {visit.removesuffix(own) for visit in named if visit is not None and visit.endswith(own)}
            issued = sum(named.values())
            followed[later] = (issued, issued - named.get(None, 0))
        return ReturnVisitLinks(frozenset(returned), followed)

    def is_revisit_period_over(self, day: date) -> bool:
        return self.now >= end_of_day(self.setup, day + timedelta(days=self.setup.setting_as_int("first_visit_days")))

    def stall_counts_by_reason(self, day: date) -> Counter[str]:
        return self._stalls.value_on(day)

    def right_time_condition(self) -> ColumnElement[bool]:
        """Return the hall's condition of that name (store/log/events.py)."""
        if self._rightly is None:
            self._rightly = time_is_right_condition(self.tx, self.hall)
        return self._rightly

    def rating_counts_on(self, day: date) -> dict[RatingRow, int]:
        """Return how often a rating that counts was given, with its answers to the two further questions."""
        return self._ratings.value_on(day)

    def _last_ticket_date(self) -> date:
        """Return the last date of which there can be a ticket: a rule may look on for years."""
        if self._last is None:
            self._last = self.tx.execute(_LAST, {"hall": self.hall}).scalar() or date.min
        return self._last

    def _ticket_counts_by_earlier_visit(self, first: date, last: date) -> dict[date, dict[str | None, int]]:
        found: dict[date, dict[str | None, int]] = {}
        for day, visit, n in self.tx.execute(_NAMED, {"hall": self.hall, "first": first, "last": last}):
            found.setdefault(day, {})[visit] = n
        return found

    def _stall_reason_counts_by_date(self, first: date, last: date) -> dict[date, Counter[str]]:
        found: dict[date, Counter[str]] = {}
        asked = {"hall": self.hall, "first": first, "last": last}
        for day, data in self.tx.execute(_STALLS.where(self.right_time_condition()), asked):
            if day is not None and are_event_data_readable("stall", data):
                found.setdefault(day, Counter())[data["reason"]] += 1
        return found

    def _rating_counts_by_date(self, first: date, last: date) -> dict[date, dict[RatingRow, int]]:
        found: dict[date, dict[RatingRow, int]] = {}
        for day, level, staff, attitude, competence, service, n in self.tx.execute(
            _RATINGS, {"hall": self.hall, "first": first, "last": last}
        ):
            found.setdefault(day, {})[RatingRow(level, staff, attitude, competence, service=service)] = n
        return found


# -- targets and rules: as the hall was set up at the date's end, by the log -------------------------------------------

_PARTS = ("targets", "settings", "classes")


@dataclass(slots=True)
class TargetsInForceReader:
    """Reads one hall's dates. The hall's changes of targets and rules are read once; what still runs lasts until
    `now`."""

    tx: Transaction
    hall: int
    setup: Setup
    now: datetime
    _set_ups: SetUpVersions = field(init=False)
    _standing: dict[tuple[int, int], TargetsInForce] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._set_ups = SetUpVersions(self.tx, self.hall, _PARTS)

    def read_day(self, day: date) -> TargetsInForce:
        """Return what is known of one business date."""
        at = self._set_ups.version_index_at_end_of_date(day)
        then = self._set_ups.set_up_version_at_index(at) or self.setup.document
        rows = (*then.get("targets", ()), *self.setup.targets)
        # Nothing else of a date decides what stands on it.
        begun = sum(date.fromisoformat(str(row["from"])) <= day for row in rows if row.get("from"))
        if (at, begun) not in self._standing:
            self._standing[at, begun] = self._targets_of_day(then, day)
        return self._standing[at, begun]

    def _targets_of_day(self, then: Mapping[str, Any], day: date) -> TargetsInForce:
        settings = {**SETTINGS, **then.get("settings", {})}
        credits = {row["code"]: row.get("credit_minutes") or 0 for row in then.get("classes", ())}
        return targets_and_rules_in_force(day, then.get("targets", ()), self.setup.targets, settings, credits)


# -- the directory of other places, as it stood at the date's end ------------------------------------------------------


@dataclass(slots=True)
class PlacesDirectoryReader:
    """Reads one hall's directory by date. A date before it was first written goes by what was written then: the places
    were there."""

    tx: Transaction
    hall: int
    _set_ups: SetUpVersions = field(init=False)
    _known: dict[int, tuple[Partner, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._set_ups = SetUpVersions(self.tx, self.hall, ("partners",))

    def partner_places_on_date(self, day: date) -> Sequence[Partner]:
        """Return the places of a business date."""
        begun = self._set_ups.first_date_with_part("partners")
        at = self._set_ups.version_index_at_end_of_date(day if begun is None else max(day, begun))
        if at not in self._known:
            rows = (self._set_ups.set_up_version_at_index(at) or {}).get("partners", ())
            self._known[at] = tuple(field_kinds.read_row(Partner, row) for row in rows)
        return self._known[at]


# -- other channels ----------------------------------------------------------------------------------------------------

_OFFERS = (
    select(offers.c.date, offers.c.to, offers.c.accepted, func.count())
    .where(offers.c.hall == ASKED["hall"], offers.c.date.between(*_SPAN))
    .group_by(offers.c.date, offers.c.to, offers.c.accepted)
)


@dataclass(slots=True)
class OtherChannelTotalsReader:
    """Reads one hall's dates, one after the other: other channels' totals a month at a time, and what the hall finished
    only where there are totals."""

    tx: Transaction
    hall: int
    setup: Setup
    now: datetime
    span: tuple[date, date] | None = None
    _offers: CachedValuesByDate[dict[tuple[str, bool], int]] = field(init=False)
    _month: date | None = field(default=None, init=False)
    _totals: dict[date, list[ChannelTotal]] = field(default_factory=dict, init=False)
    _finished: dict[date, Counter[str]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._offers = CachedValuesByDate(self._offer_counts_by_date, {}, self.span)

    def read_day(self, day: date) -> OtherChannelRows:
        """Return what is known of one business date."""
        if self._month != day.replace(day=1):
            self._load_month_totals(day)
        return OtherChannelRows(
            offers=self._offers.value_on(day),
            totals=self._totals.get(day, ()),
            finished=self._finished.get(day, {}),
            elsewhere=frozenset(
                total.service for own in self._totals.values() for total in own if total.first <= day <= total.last
            ),
        )

    def _offer_counts_by_date(self, first: date, last: date) -> dict[date, dict[tuple[str, bool], int]]:
        found: dict[date, dict[tuple[str, bool], int]] = {}
        for day, to, accepted, n in self.tx.execute(_OFFERS, {"hall": self.hall, "first": first, "last": last}):
            found.setdefault(day, {})[to, bool(accepted)] = n
        return found

    def _load_month_totals(self, day: date) -> None:
        first, last = month_first_and_last(day)
        self._month = first
        totals = sorted(part_tables.channel_totals(self.tx, self.hall, first, last), key=lambda one: one.last)
        self._totals = {end: list(own) for end, own in groupby(totals, key=lambda one: one.last)}
        self._finished = {}
        if not totals:
            return
        reported = {total.service for total in totals}
        for (service, its_day), n in part_tables.finished_legs_by_service_and_date(
            self.tx, self.hall, first, last
        ).items():
            if service in reported:
                self._finished.setdefault(its_day, Counter())[service] += n


# -- devices ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class DeviceReader:
    """Reads one hall's dates, one after the other; the devices themselves are read once. What still runs lasts until
    `now`."""

    tx: Transaction
    hall: int
    setup: Setup
    now: datetime
    _devices: Sequence[Device] | None = field(default=None, init=False)

    def read_day(self, day: date) -> DeviceRows:
        """Return what is known of one business date."""
        if self._devices is None:
            self._devices = tuple(part_tables.objects_of_days(self.tx, self.hall, DEVICES).values())
        if not self._devices:
            return DeviceRows()
        lasted = sharing.outages_between(self.tx, self.hall, begin_of_day(self.setup, day), end_of_day(self.setup, day))
        return DeviceRows(devices=self._devices, outages=tuple(lasted.values()))


# -- tickets and legs --------------------------------------------------------------------------------------------------

_NUMBERS = frozenset({"arrived", "not_before", "joined", "called", "started", "finished", "ended"})
_FLAGS = frozenset({"start_assumed", "inaccurate", "form_free"})
MOST_SINGLE = 0.25


def _raw_column(column: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    """Return the column as it stands in the table: whole numbers, and JSON as its text."""
    if name in _NUMBERS or name in _FLAGS:
        return type_coerce(column, BigInt).label(name)
    return type_coerce(column, Text).label(name) if name == "flags" else column


_TICKETS = FixedStatement(
    select(*(_raw_column(tickets.c[name], name) for name in TicketRow.__struct_fields__)).where(
        tickets.c.hall == ASKED["hall"], tickets.c.date == ASKED["day"]
    )
)
_LEGS = FixedStatement(
    # Only the ticket's row tells whether it is void: _of_void marks those few.
    select(
        *(_raw_column(legs.c[name], name) for name in LegRow.__struct_fields__[:-1]),
        literal_column("0").label("is_void"),
    ).where(legs.c.hall == ASKED["hall"], legs.c.date == ASKED["day"])
)
_VOID = FixedStatement(
    select(tickets.c.label).where(
        tickets.c.hall == ASKED["hall"], tickets.c.date == ASKED["day"], tickets.c.state == str(TicketState.VOID)
    )
)
# Calls that are not the first of a leg at the window where it ended: of those only the log tells what became.
_OTHER_CALLS = FixedStatement(
    select(calls.c.label)
    .select_from(
        calls.outerjoin(
            legs,
            and_(
                *(legs.c[key] == calls.c[key] for key in ("hall", "date", "label", "window")),
                legs.c.called == calls.c.time,
            ),
        )
    )
    .where(calls.c.hall == ASKED["hall"], calls.c.date == ASKED["day"], legs.c.n.is_(None))
)
_LAST_TIME = select(func.max(events.c.time)).where(events.c.hall == ASKED["hall"], events.c.date == ASKED["day"])


def _count_by_date_statement(table: Table, *by: str) -> Select[Any]:
    """Return what counts the rows of some dates by date and other columns."""
    columns = [table.c[name] for name in ("date", *by)]
    among = (table.c.hall == ASKED["hall"], table.c.date.between(bindparam("first"), bindparam("last")))
    return select(*columns, func.count()).where(*among).group_by(*columns)


_NOT_READY = _count_by_date_statement(not_ready, "service")
_OVERTAKES = _count_by_date_statement(overtakes, "reason", "label")
_BEGINS_AND_ENDS = select(
    *(
        select(end(table.c.date)).where(table.c.hall == ASKED["hall"]).scalar_subquery()
        for table in (tickets, shifts, opinions, not_ready, overtakes, help_calls)
        for end in (func.min, func.max)
    )
)
_OPINIONS = _count_by_date_statement(opinions)
_LOGGED = select(
    *(
        select(end(events.c.date)).where(events.c.hall == ASKED["hall"]).scalar_subquery()
        for end in (func.min, func.max)
    )
)


@dataclass(slots=True)
class HallReader:
    """Reads the rows of one hall; what still runs lasts until `now`. `span` are the first and the last of many dates
    that will be asked for."""

    tx: Transaction
    hall: int
    setup: Setup
    now: datetime
    span: tuple[date, date] | None = None
    visits: ReturnStallAndRatingReader = field(init=False)
    diversion: OtherChannelTotalsReader = field(init=False)
    devices: DeviceReader = field(init=False)
    targets: TargetsInForceReader = field(init=False)
    directory: PlacesDirectoryReader = field(init=False)
    _shifts: CachedValuesByDate[list[Shift]] = field(init=False)
    _help_calls: CachedValuesByDate[list[HelpCall]] = field(init=False)
    _not_ready: CachedValuesByDate[Counter[Any]] = field(init=False)
    _overtakes: CachedValuesByDate[Counter[Any]] = field(init=False)
    _opinions: CachedValuesByDate[Counter[Any]] = field(init=False)
    _moves: log.TimelineEventReader | None = field(default=None, init=False)
    _taken: Counter[date] | None = field(default=None, init=False)
    _dates: tuple[date, date] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        given = (self.tx, self.hall, self.setup, self.now)
        self.visits, self.directory = (
            ReturnStallAndRatingReader(*given, self.span),
            PlacesDirectoryReader(self.tx, self.hall),
        )
        self.diversion = OtherChannelTotalsReader(*given, self.span)
        self.devices, self.targets = DeviceReader(*given), TargetsInForceReader(*given)
        self._shifts = CachedValuesByDate(partial(self._part_objects_by_date, SHIFTS), [], self.span)
        self._help_calls = CachedValuesByDate(partial(self._part_objects_by_date, HELP_CALLS), [], self.span)
        self._not_ready = CachedValuesByDate(partial(self._counts_by_date, _NOT_READY), Counter(), self.span)
        self._overtakes = CachedValuesByDate(partial(self._counts_by_date, _OVERTAKES), Counter(), self.span)
        self._opinions = CachedValuesByDate(partial(self._counts_by_date, _OPINIONS), Counter(), self.span)

    def read_day(self, day: date, *, most_single: float = MOST_SINGLE) -> DayRows:
        """Return the rows of one business date. The places of people come from the legs of tickets with an ordinary
        course and from the log for the others; the whole log of the date is read if the others are more than
        `most_single` of all tickets."""
        asked = {"hall": self.hall, "day": day}
        begins, ends = self._first_and_last_data_date()
        happened = begins <= day <= ends
        its_tickets, its_legs = self._ticket_and_leg_rows(asked) if happened else ([], [])
        around = self.rows_that_other_dates_may_change(day)
        runs = any(s.closed is None for s in around.shifts) or any(t.state in OPEN_STATES for t in its_tickets)
        until = self._end_of_open_spans(day) if runs else to_epoch_micros(min(self.now, end_of_day(self.setup, day)))
        spans = DaySpans()
        moves: list[ReducedTimelineEvent] = []
        odd: set[str] = set()
        if its_tickets:
            odd = tickets_that_need_log(its_tickets, its_legs) | {
                label for (label,) in _OTHER_CALLS.fetch_raw_rows(self.tx, asked)
            }
        reads_all = len(odd) > most_single * len(its_tickets)
        if odd:
            self._moves = self._moves or log.TimelineEventReader(self.tx, self.hall, self.visits.right_time_condition())
            moves = self._moves.events_of_date(day, None if reads_all else sorted(odd))
            spans.add_spans_of_day_timeline(timeline_of_tickets_on_date(moves), until)
        rows = replace(
            around,
            tickets=its_tickets,
            legs=its_legs,
            ratings=self.visits.rating_counts_on(day) if its_tickets else {},
            until=until,
            wrong_time=self._removed_ticket_count(day),
            no_number=self._opinions.value_on(day).total() if happened else 0,
            not_ready=self._not_ready.value_on(day) if happened else Counter(),
            overtakes=self._overtakes.value_on(day) if happened else Counter(),
            spans=spans,
            reinstated=reinstated_ticket_labels(moves),
            stalls=self.visits.stall_counts_by_reason(day) if its_tickets else Counter(),
        )
        if not reads_all:
            for alike in rows.legs_combined_by_kind:
                if plain := [leg for leg in alike.legs if leg.label not in odd] if odd else alike.legs:
                    spans.add_legs_without_log(plain, until)
        return rows

    def rows_that_other_dates_may_change(self, day: date) -> DayRows:
        """Return of one business date what an event of another date can change, without its tickets and legs."""
        begins, ends = self._first_and_last_data_date()
        happened = begins <= day <= ends
        return DayRows(
            setup=self.setup,
            day=day,
            tickets=(),
            legs=(),
            shifts=self._shifts.value_on(day) if happened else (),
            ratings={},
            until=0,
            links=self.visits.links_from_day_to_later_visits(day),
            is_followed=self.visits.is_revisit_period_over(day),
            diversion=self.diversion.read_day(day),
            devices=self.devices.read_day(day),
            help_calls=self._help_calls.value_on(day) if happened else (),
            targets=self.targets.read_day(day),
        )

    def _part_objects_by_date(self, part: RecordKind[Any, Any], first: date, last: date) -> dict[date, list[Any]]:
        found: dict[date, list[Any]] = {}
        for day in part_tables.objects_of_days(self.tx, self.hall, part, first, last).values():
            found.setdefault(day.date, []).append(day)
        return found

    def _counts_by_date(self, statement: Select[Any], first: date, last: date) -> dict[date, Counter[Any]]:
        found: dict[date, Counter[Any]] = {}
        for day, *by, n in self.tx.execute(statement, {"hall": self.hall, "first": first, "last": last}):
            found.setdefault(day, Counter())[by[0] if len(by) == 1 else tuple(by)] = n
        return found

    def read_tickets_and_legs_of_day(self, day: date) -> DayRows:
        """Return only one business date's tickets and legs: no spans, nothing of the log or of other dates."""
        its_tickets, its_legs = self._ticket_and_leg_rows({"hall": self.hall, "day": day})
        return DayRows(setup=self.setup, day=day, tickets=its_tickets, legs=its_legs, shifts=(), ratings={}, until=0)

    def read_legs(self, day: date) -> list[LegRow]:
        """Return the legs of one business date; what a login without ratings may read."""
        asked = {"hall": self.hall, "day": day}
        return self._leg_rows(asked, {label for (label,) in _VOID.fetch_raw_rows(self.tx, asked)})

    def _ticket_and_leg_rows(self, asked: dict[str, Any]) -> tuple[list[TicketRow], list[LegRow]]:
        # Each column by a name of its own: a rest of them in a list would take twice as long.
        its_tickets = [
            TicketRow(
                label,
                state,
                at,
                early,
                misses,
                passed,
                _flags_from_json(flags),
                said,
                low,
                high,
                point,
                naive,
                by,
                k,
                i,
                g,
                of,
            )
            for label, state, at, early, misses, passed, flags, said, low, high, point, naive, by, k, i, g, of in (
                _TICKETS.fetch_raw_rows(self.tx, asked)
            )
        ]
        void = {ticket.label for ticket in its_tickets if ticket.state == "void"}
        return its_tickets, self._leg_rows(asked, void) if its_tickets else []

    def _leg_rows(self, asked: dict[str, Any], void: set[str]) -> list[LegRow]:
        found = list(starmap(LegRow, _LEGS.fetch_raw_rows(self.tx, asked)))
        return [replace(leg, is_void=True) if leg.label in void else leg for leg in found] if void else found

    def _first_and_last_data_date(self) -> tuple[date, date]:
        """Return the first and the last date of which there is anything but offers: of a year that goes on, or that the
        hall began in, the others are not asked for."""
        if self._dates is None:
            found = [day for day in self.tx.execute(_BEGINS_AND_ENDS, {"hall": self.hall}).one() if day is not None]
            self._dates = (min(found), max(found)) if found else (date.max, date.min)
        return self._dates

    def logged_dates_between(self, first: date, last: date) -> list[date]:
        """Return the dates of a span that somebody typed, from the first to the last of which the log has anything."""
        begins, ends = self.tx.execute(_LOGGED, {"hall": self.hall}).one()
        return [] if begins is None else dates_between(max(first, begins), min(last, ends))

    def _removed_ticket_count(self, day: date) -> int:
        if self._taken is None:
            self._taken = log.ticket_counts_removed_by_time_fix(self.tx, self.hall)
        return self._taken[day]

    def _end_of_open_spans(self, day: date) -> int:
        """Return until when running spans last: as end_of_open_spans() of measures/document.py says."""
        until = to_epoch_micros(min(self.now, end_of_day(self.setup, day)))
        last_time = _LAST_TIME.where(log.written_by_right_clock_condition(self.tx, self.hall))
        last = self.tx.execute(last_time, {"hall": self.hall, "day": day}).scalar()
        return until if last is None else max(until, to_epoch_micros(last))


def log_range(tx: Transaction, hall: int, logged: Iterable[LogEventsOfDate]) -> LogRange:
    """Return the part of the log that belongs to some business dates, by what it has of each (log_dates.by_date)."""
    dates = list(logged)
    if not dates:
        return LogRange()
    ends = max(one.last for one in dates)
    return LogRange(min(one.first for one in dates), ends, log.event_with_seq(tx, hall, ends).hash)


@lru_cache(maxsize=256)
def _flags_from_json(text: str) -> frozenset[str]:
    return frozenset(value_from_json(text))


# -- the tickets behind a figure ---------------------------------------------------------------------------------------

_LABELS_AT_ONCE = 500


def query_days_with_parts(reader: HallReader, days: Iterable[date], needs: frozenset[str]) -> Iterator[DrilldownDay]:
    """Yield the dates with the parts of DayDataBesidesTickets that `needs` names, including dates without a ticket."""
    for day in days:
        rows = reader.read_day(day) if WHOLE in needs else reader.read_tickets_and_legs_of_day(day)
        yield DrilldownDay(rows, _day_extras(reader, rows, needs))


def _day_extras(reader: HallReader, rows: DayRows, needs: frozenset[str]) -> DayDataBesidesTickets:
    tx, hall, day = reader.tx, reader.hall, rows.day
    ratings = part_tables.objects_of_days(tx, hall, state.RATINGS, day, day).values() if RATINGS in needs else ()
    passings = part_tables.objects_of_days(tx, hall, state.OVERTAKES, day, day).values() if PASSINGS in needs else ()
    without = part_tables.objects_of_days(tx, hall, state.NOT_READY, day, day).values() if NOT_READY in needs else ()
    opinions = part_tables.objects_of_days(tx, hall, state.OPINIONS, day, day).values() if OPINIONS in needs else ()
    stays: tuple[TicketStay, ...] = ()
    if STAYS in needs:
        stays = timeline_of_tickets_on_date(log.timeline_events_of_date(tx, hall, day)).stays
    elif LOST_STAYS in needs:
        wrong = sorted({leg.label for leg in rows.legs if leg.end == "redirect"})
        stays = timeline_of_tickets_on_date(log.timeline_events_of_date(tx, hall, day, wrong)).stays if wrong else ()
    stalls = log.events_of_kind_on_date(tx, hall, day, "stall") if STALLS in needs else ()
    offers = part_tables.objects_of_days(tx, hall, state.OFFERS, day, day).values() if OFFERS in needs else ()
    shifts = part_tables.objects_of_days(tx, hall, SHIFTS, day, day).values() if rows_behind.SHIFTS in needs else ()
    return DayDataBesidesTickets(
        ratings=[_rating_row(rating) for rating in ratings],
        shifts=tuple(shifts),
        partners=reader.directory.partner_places_on_date(day) if PARTNERS in needs else (),
        passings=[
            OvertakingRow(passing.label, passing.reason, passing.by, to_epoch_micros(passing.time))
            for passing in passings
        ],
        not_ready=[PersonWithoutTicket(ready.service, to_epoch_micros(ready.time)) for ready in without],
        opinions=[PersonWithoutTicket(at=to_epoch_micros(opinion.time)) for opinion in opinions],
        stays=stays,
        stalls=[ExternalSystemWait(e.data.get("reason"), e.ticket or "", to_epoch_micros(e.time)) for e in stalls],
        offers=[
            ChannelOfferRow(o.to, o.accepted, o.ticket or "", o.service, to_epoch_micros(o.time), o.item)
            for o in offers
        ],
    )


def _rating_row(one: Rating) -> RatingRow:
    return RatingRow(
        one.level,
        one.staff,
        one.attitude,
        one.competence,
        one.label,
        not one.excluded,
        one.tags,
        one.service,
        one.window,
    )


def tickets_of_date_by_label(tx: Transaction, hall: int, day: date, labels: Iterable[str]) -> dict[str, Ticket]:
    """Return the tickets of a business date with these numbers, with their legs."""
    wanted = sorted(set(labels))
    found: dict[str, Ticket] = {}
    for start in range(0, len(wanted), _LABELS_AT_ONCE):
        for ticket in tickets_with_labels(tx, hall, day, wanted[start : start + _LABELS_AT_ONCE]):
            found[ticket.label] = ticket
    return found
