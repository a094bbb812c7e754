"""Reads what surrounds a business date: what its visits led to, its targets and rules, other channels, devices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select

from queuedesk.core.figures.measures.rows import (
    DeviceRows,
    DiversionRows,
    Links,
    RatingRow,
    TargetRows,
)
from queuedesk.core.figures.measures.targets_reached import standing
from queuedesk.core.imports.channel import ChannelTotal, month_of
from queuedesk.core.log.event import fits
from queuedesk.core.log.state import DEVICES
from queuedesk.core.queue.hallday import day_begins, day_turns
from queuedesk.core.queue.ticket import State, visit_name
from queuedesk.core.setup.field_kinds import read_row
from queuedesk.core.setup.file import SETTINGS
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.sentences import Partner
from queuedesk.core.talk.device import Device
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures.by_date import ByDate
from queuedesk.store.figures.set_ups import SetUps
from queuedesk.store.log.wrong_times import rightly
from queuedesk.store.parts import devices, imports, part_tables
from queuedesk.store.schema.tables import (
    events,
    offers,
    ratings,
    tickets,
)

# -- what visits led to: later tickets that name them, and facts that only the log has ---------------------------------

# Tickets of a date by the visit that they name as the one before; most name none.
ASKED: dict[str, ColumnElement[Any]] = {"hall": bindparam("hall"), "day": bindparam("day")}
_SPAN: tuple[ColumnElement[Any], ColumnElement[Any]] = (bindparam("first"), bindparam("last"))
_NAMED = (
    select(tickets.c.date, tickets.c.return_of, func.count())
    .where(tickets.c.hall == ASKED["hall"], tickets.c.date.between(*_SPAN), tickets.c.state != str(State.VOID))
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
class VisitReader:
    """Reads one hall's dates, one after the other; later dates, once read, are kept."""

    tx: Transaction
    hall: int
    setup: Setup
    now: datetime
    span: tuple[date, date] | None = None
    _named: ByDate[dict[str | None, int]] = field(init=False)
    _stalls: ByDate[Counter[str]] = field(init=False)
    _ratings: ByDate[dict[RatingRow, int]] = field(init=False)
    _last: date | None = None
    _rightly: ColumnElement[bool] | None = None

    def __post_init__(self) -> None:
        looks_on = timedelta(days=self.setup.number("first_visit_days"))
        span = None if self.span is None else (self.span[0], min(self.span[1], date.max - looks_on) + looks_on)
        self._named = ByDate(self._named_between, {}, span)
        self._stalls = ByDate(self._stalls_between, Counter(), self.span)
        self._ratings = ByDate(self._ratings_between, {}, self.span)

    def links(self, day: date) -> Links:
        """Return the customers of a business date who came again within the days that the hall waits for returns."""
        returned: set[str] = set()
        followed: dict[date, tuple[int, int]] = {}
        own = visit_name("", day)
        for n in range(min(self.setup.number("first_visit_days"), (self._latest() - day).days) + 1):
            later = day + timedelta(days=n)
            named = self._named.on(later)
            if not named:
                continue
            returned |= {visit.removesuffix(own) for visit in named if visit is not None and visit.endswith(own)}
            issued = sum(named.values())
            followed[later] = (issued, issued - named.get(None, 0))
        return Links(frozenset(returned), followed)

    def is_followed(self, day: date) -> bool:
        """Whether all those days have passed."""
        return self.now >= day_turns(self.setup, day + timedelta(days=self.setup.number("first_visit_days")))

    def stalls(self, day: date) -> Counter[str]:
        """Return how often somebody waited for another system, by reason."""
        return self._stalls.on(day)

    def rightly(self) -> ColumnElement[bool]:
        """Return the hall's condition of that name (wrong_times.py)."""
        if self._rightly is None:
            self._rightly = rightly(self.tx, self.hall)
        return self._rightly

    def ratings(self, day: date) -> dict[RatingRow, int]:
        """Return how often a rating that counts was given, with its answers to the two further questions."""
        return self._ratings.on(day)

    def _latest(self) -> date:
        """Return the last date of which there can be a ticket: a rule may look on for years."""
        if self._last is None:
            self._last = self.tx.execute(_LAST, {"hall": self.hall}).scalar() or date.min
        return self._last

    def _named_between(self, first: date, last: date) -> dict[date, dict[str | None, int]]:
        found: dict[date, dict[str | None, int]] = {}
        for day, visit, n in self.tx.execute(_NAMED, {"hall": self.hall, "first": first, "last": last}):
            found.setdefault(day, {})[visit] = n
        return found

    def _stalls_between(self, first: date, last: date) -> dict[date, Counter[str]]:
        found: dict[date, Counter[str]] = {}
        asked = {"hall": self.hall, "first": first, "last": last}
        for day, data in self.tx.execute(_STALLS.where(self.rightly()), asked):
            if day is not None and fits("stall", data):
                found.setdefault(day, Counter())[data["reason"]] += 1
        return found

    def _ratings_between(self, first: date, last: date) -> dict[date, dict[RatingRow, int]]:
        found: dict[date, dict[RatingRow, int]] = {}
        for day, level, staff, attitude, competence, service, n in self.tx.execute(
            _RATINGS, {"hall": self.hall, "first": first, "last": last}
        ):
            found.setdefault(day, {})[RatingRow(level, staff, attitude, competence, service=service)] = n
        return found


# -- targets and rules: as the hall was set up at the date's end, by the log -------------------------------------------

_PARTS = ("targets", "settings", "classes")


@dataclass(slots=True)
class TargetReader:
    """Reads one hall's dates. The hall's changes of targets and rules are read once; what still runs lasts until
    `now`."""

    tx: Transaction
    hall: int
    setup: Setup
    now: datetime
    _set_ups: SetUps = field(init=False)
    _standing: dict[tuple[int, int], TargetRows] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._set_ups = SetUps(self.tx, self.hall, _PARTS)

    def day(self, day: date) -> TargetRows:
        """Return what is known of one business date."""
        at = self._set_ups.at(day)
        then = self._set_ups.of(at) or self.setup.document
        rows = (*then.get("targets", ()), *self.setup.targets)
        # Nothing else of a date decides what stands on it.
        begun = sum(date.fromisoformat(str(row["from"])) <= day for row in rows if row.get("from"))
        if (at, begun) not in self._standing:
            self._standing[at, begun] = self._stood(then, day)
        return self._standing[at, begun]

    def _stood(self, then: Mapping[str, Any], day: date) -> TargetRows:
        settings = {**SETTINGS, **then.get("settings", {})}
        credits = {row["code"]: row.get("credit_minutes") or 0 for row in then.get("classes", ())}
        return standing(day, then.get("targets", ()), self.setup.targets, settings, credits)


# -- the directory of other places, as it stood at the date's end ------------------------------------------------------


@dataclass(slots=True)
class DirectoryReader:
    """Reads one hall's directory by date. A date before it was first written goes by what was written then: the places
    were there."""

    tx: Transaction
    hall: int
    _set_ups: SetUps = field(init=False)
    _known: dict[int, tuple[Partner, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._set_ups = SetUps(self.tx, self.hall, ("partners",))

    def on(self, day: date) -> Sequence[Partner]:
        """Return the places of a business date."""
        begun = self._set_ups.first_with("partners")
        at = self._set_ups.at(day if begun is None else max(day, begun))
        if at not in self._known:
            rows = (self._set_ups.of(at) or {}).get("partners", ())
            self._known[at] = tuple(read_row(Partner, row) for row in rows)
        return self._known[at]


# -- other channels ----------------------------------------------------------------------------------------------------

_OFFERS = (
    select(offers.c.date, offers.c.to, offers.c.accepted, func.count())
    .where(offers.c.hall == ASKED["hall"], offers.c.date.between(*_SPAN))
    .group_by(offers.c.date, offers.c.to, offers.c.accepted)
)


@dataclass(slots=True)
class DiversionReader:
    """Reads one hall's dates, one after the other: other channels' totals a month at a time, and what the hall finished
    only where there are totals."""

    tx: Transaction
    hall: int
    setup: Setup
    now: datetime
    span: tuple[date, date] | None = None
    _offers: ByDate[dict[tuple[str, bool], int]] = field(init=False)
    _month: date | None = field(default=None, init=False)
    _totals: dict[date, list[ChannelTotal]] = field(default_factory=dict, init=False)
    _finished: dict[date, Counter[str]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._offers = ByDate(self._offers_between, {}, self.span)

    def day(self, day: date) -> DiversionRows:
        """Return what is known of one business date."""
        if self._month != day.replace(day=1):
            self._read_month(day)
        return DiversionRows(
            offers=self._offers.on(day),
            totals=self._totals.get(day, ()),
            finished=self._finished.get(day, {}),
            elsewhere=frozenset(
                one.service for own in self._totals.values() for one in own if one.first <= day <= one.last
            ),
        )

    def _offers_between(self, first: date, last: date) -> dict[date, dict[tuple[str, bool], int]]:
        found: dict[date, dict[tuple[str, bool], int]] = {}
        for day, to, accepted, n in self.tx.execute(_OFFERS, {"hall": self.hall, "first": first, "last": last}):
            found.setdefault(day, {})[to, bool(accepted)] = n
        return found

    def _read_month(self, day: date) -> None:
        first, last = month_of(day)
        self._month = first
        known = sorted(imports.channel_totals(self.tx, self.hall, first, last), key=lambda one: one.last)
        self._totals = {end: list(own) for end, own in groupby(known, key=lambda one: one.last)}
        self._finished = {}
        if not known:
            return
        reported = {one.service for one in known}
        for (service, its_day), n in imports.finished_by_service(self.tx, self.hall, first, last).items():
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

    def day(self, day: date) -> DeviceRows:
        """Return what is known of one business date."""
        if self._devices is None:
            self._devices = tuple(part_tables.of_days(self.tx, self.hall, DEVICES).values())
        if not self._devices:
            return DeviceRows()
        lasted = devices.outages_between(self.tx, self.hall, day_begins(self.setup, day), day_turns(self.setup, day))
        return DeviceRows(devices=self._devices, outages=tuple(lasted.values()))
