"""Counts and times of business dates, added up: of one date, of a quarter, of several halls; never a mean of means."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from queuedesk.core.figures.measures import conditions
from queuedesk.core.figures.measures.day import HALF_HOUR_US, DayRows
from queuedesk.core.figures.measures.devices import DeviceTally
from queuedesk.core.figures.measures.diversion import DiversionTally
from queuedesk.core.figures.measures.help import HelpTally
from queuedesk.core.figures.measures.lines import LineTally
from queuedesk.core.figures.measures.promise import PromiseTally
from queuedesk.core.figures.measures.rows import LegsAlike
from queuedesk.core.figures.measures.spans import idle_us, length, open_us, pauses_us, taking_us
from queuedesk.core.figures.measures.sums import COUNTED, DayLine, HourTally, ServiceTally, Sums
from queuedesk.core.figures.measures.targets import TargetTally
from queuedesk.core.figures.measures.visits import VisitTally
from queuedesk.core.figures.satisfaction import SATISFIED_LEVELS


@dataclass(slots=True)
class Tally(Sums):
    """Everything a report is made of."""

    visits: VisitTally = field(default_factory=VisitTally)
    lines: LineTally = field(default_factory=LineTally)
    diversion: DiversionTally = field(default_factory=DiversionTally)
    devices: DeviceTally = field(default_factory=DeviceTally)
    help: HelpTally = field(default_factory=HelpTally)
    promises: PromiseTally = field(default_factory=PromiseTally)
    targets: TargetTally = field(default_factory=TargetTally)

    def add(self, rows: DayRows) -> None:
        """Add one business date."""
        before = {name: self.day.n(name) for name in ("issued", "finished", "left")}
        waits, within, late = _sums(self.services.values())
        level_counts = Counter(self.levels)
        for figure in COUNTED:
            self.counted[figure.key].add(figure, rows)
        for alike in rows.alike:
            self._add_legs(alike, rows.target_us)
        self._add_tickets(rows)
        for shift in rows.shifts:
            self.worked.add(shift.staff)
            window = self.windows[shift.window]
            window.open_us += length([open_us(shift, rows.until)])
            window.paused_us += length(pauses_us(shift, rows.until))
        for (level, staff), n in Counter(rows.ratings).items():
            self.levels[level] += n
            if staff is not None:
                self.staff[staff].levels[level] += n
        self.not_ready += rows.not_ready
        for (reason, _label), n in rows.overtakes.items():
            self.overtakes[reason] += n
        self.no_number += rows.no_number
        self.wrong_time += rows.wrong_time
        self._add_spans(rows)
        waited_us = self._add_hours(rows)
        all_waits, all_within, all_late = _sums(self.services.values())
        rated = self.levels - level_counts
        line = None
        if rows.tickets:
            line = DayLine(
                hall=rows.setup.hall.code,
                day=rows.day,
                **{name: self.day.n(name) - n for name, n in before.items()},
                waits=all_waits - waits,
                waited_us=waited_us,
                within=all_within - within,
                asked=all_waits - waits + all_late - late,
                rated=rated.total(),
                satisfied=sum(rated[level] for level in SATISFIED_LEVELS),
            )
            self.days.append(line)
        self.visits.add(rows)
        self.lines.add(rows)
        self.diversion.add(rows)
        self.devices.add(rows)
        self.help.add(rows)
        self.promises.add(rows)
        self.targets.add(rows, line)

    def _add_legs(self, alike: LegsAlike, target_us: int) -> None:
        """Add legs of one kind: what holds for one of them holds for all."""
        one, n = alike.legs[0], len(alike.legs)
        service = self.services[one.service]
        staff = None
        if one.staff is not None:
            staff = self.staff[one.staff]
            self.worked.add(one.staff)
        if conditions.is_finished(one):
            service.finished += n
            if one.window is not None:
                self.windows[one.window].finished += n
            if staff is not None:
                staff.finished += n
        elif conditions.has_left(one):
            service.left += n
        if conditions.is_misdirected(one):
            service.redirected += n
            self.redirects[one.service] += n
        else:
            service.issued += n
        service.waits += alike.waits
        service.within += sum(wait <= target_us for wait in alike.waits)
        if conditions.left_uncalled(one):
            service.late += sum(conditions.left_late(leg, target_us) for leg in alike.legs)
        self.ways += conditions.ways_us(alike.legs)
        service.handling += alike.handling
        if staff is not None:
            staff.handling += alike.handling

    def _add_tickets(self, rows: DayRows) -> None:
        passed = [ticket.overtaken for ticket in rows.tickets if ticket.overtaken]
        self.overtaken += len(passed)
        self.overtaken_most = max(self.overtaken_most, *passed, 0)
        called = rows.called
        for ticket in rows.tickets:
            if ticket.promise_high is None:
                continue
            over = conditions.beyond_promise_us(ticket, called.get(ticket.label))
            if over is not None:
                self.promised += 1
                if over > 0:
                    self.beyond += 1
                    self.beyond_us += over
        unrated = (own for own in rows.tickets_alike if conditions.is_unrated(own[0]))
        for staff, n in Counter(rows.last_legs[ticket.label].staff for own in unrated for ticket in own).items():
            if staff is not None:
                self.staff[staff].unrated += n

    def _add_spans(self, rows: DayRows) -> None:
        spans = rows.spans
        if spans is None:
            self.has_log = False
            return
        for code, served in spans.served.items():
            self.windows[code].served_us += length(served)
        for staff, lost in spans.lost:
            self.lost_us += lost
            if staff is not None:
                self.staff[staff].lost_us += lost
        for staff, idle in idle_us(rows.setup, rows.shifts, spans, rows.until).items():
            self.staff[staff].idle_us += idle

    def _add_hours(self, rows: DayRows) -> int:
        """Add the half-hours from the first arrival to the last call; return what all those counted waited."""
        halves = rows.half_hours
        slots = [self.hours.setdefault(slot, HourTally()) for slot in halves.slots]
        for at, n in Counter(halves.at(ticket.arrived) for ticket in rows.tickets).items():
            if at < len(slots):
                slots[at].arrivals += n
        calls: Counter[int] = Counter()
        waits: dict[int, list[int]] = defaultdict(list)
        for legs, own_waits, _handling in rows.alike:
            places = [halves.at(leg.called) for leg in legs if leg.called is not None]
            calls.update(places)
            for at, wait in zip(places, own_waits, strict=False):  # all of them have a wait, or none
                waits[at].append(wait)
        weekday = rows.day.isoweekday()
        for at, n in calls.items():
            if at < 0:
                continue
            slots[at].calls += n
            if own := waits.get(at):
                slots[at].waits += len(own)
                slots[at].waited_us += sum(own)
                cell = (weekday, halves.slots[at][1])
                known, waited = self.heat.get(cell, (0, 0))
                self.heat[cell] = (known + len(own), waited + sum(own))
        taking = [(s.window, span) for s in rows.shifts for span in taking_us(s, rows.until)]
        for i, slot in enumerate(slots):
            begin, over = halves.start + i * HALF_HOUR_US, halves.start + (i + 1) * HALF_HOUR_US
            windows = {w for w, (opened, closed) in taking if begin <= opened < over or opened < begin < closed}
            slot.open_windows = max(slot.open_windows, len(windows))
        return sum(sum(own) for own in waits.values())

    def merge(self, other: Tally, hall: str, service: Callable[[str], str]) -> None:
        """Add what another hall has come to: its windows and people under "HALL/CODE", its services under what
        `service` makes of their codes."""
        self.has_log = self.has_log and other.has_log
        for code, theirs in other.services.items():
            ours = self.services[service(code)]
            for name in ("issued", "finished", "left", "redirected", "within", "late", "waits", "handling"):
                setattr(ours, name, getattr(ours, name) + getattr(theirs, name))
        self.windows.update({f"{hall}/{code}": one for code, one in other.windows.items()})
        self.staff.update({f"{hall}/{code}": one for code, one in other.staff.items()})
        self.worked |= {f"{hall}/{code}" for code in other.worked}
        for slot, hour in other.hours.items():
            mine = self.hours.setdefault(slot, HourTally())
            for name in ("arrivals", "calls", "waits", "waited_us", "open_windows"):
                setattr(mine, name, getattr(mine, name) + getattr(hour, name))
        for cell, (n, waited) in other.heat.items():
            known = self.heat.get(cell, (0, 0))
            self.heat[cell] = (known[0] + n, known[1] + waited)
        for name in ("days", "ways", "levels", "overtakes", "no_number", "wrong_time"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("lost_us", "overtaken", "promised", "beyond", "beyond_us"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.overtaken_most = max(self.overtaken_most, other.overtaken_most)
        for code, n in other.redirects.items():
            self.redirects[service(code)] += n
        for code, n in other.not_ready.items():
            self.not_ready[service(code)] += n
        for figure in COUNTED:
            self.counted[figure.key].merge(figure, other.counted[figure.key], hall, service)
        self.visits.merge(other.visits, hall, service)
        self.lines.merge(other.lines, hall, service)
        self.diversion.merge(other.diversion, hall, service)
        self.devices.merge(other.devices, hall, service)
        self.help.merge(other.help, hall, service)
        self.promises.merge(other.promises, hall, service)
        self.targets.merge(other.targets, hall, service)


def _sums(services: Iterable[ServiceTally]) -> tuple[int, int, int]:
    """Return the number of waits, how many were within the target, how many left later than it."""
    waits = within = late = 0
    for service in services:
        waits, within, late = waits + len(service.waits), within + service.within, late + service.late
    return waits, within, late
