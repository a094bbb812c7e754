"""Counts and times of business dates, added up: of one date, of a quarter, of several halls; never a mean of means."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from queuedesk.core.figures.measures import conditions
from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.devices import DeviceTally
from queuedesk.core.figures.measures.diversion import DiversionTally
from queuedesk.core.figures.measures.help import HelpTally
from queuedesk.core.figures.measures.lines import LineTally
from queuedesk.core.figures.measures.promise import PromiseTally
from queuedesk.core.figures.measures.rows import LegRow, LegsAlike, TicketRow
from queuedesk.core.figures.measures.slots import HALF_HOUR_US, half_hours
from queuedesk.core.figures.measures.spans import idle_us, length, open_us, pauses_us, taking_us
from queuedesk.core.figures.measures.sums import DayLine, HourTally, ServiceTally, Sums
from queuedesk.core.figures.measures.targets import TargetTally
from queuedesk.core.figures.measures.times import MINUTE_US
from queuedesk.core.figures.measures.visits import VisitTally
from queuedesk.core.figures.satisfaction import SATISFIED_LEVELS
from queuedesk.core.log.correction import CORRECTED_ALONE
from queuedesk.core.setup.values import Setup


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

    def add(self, setup: Setup, rows: DayRows) -> None:
        """Add one business date of the hall that `setup` is of."""
        before = Counter(self.tickets)
        waits, within, late = _sums(self.services.values())
        level_counts = Counter(self.levels)
        target_us = setup.number("wait_target_minutes") * MINUTE_US
        for alike in rows.alike:
            self._add_legs(alike, target_us)
        called = {label: leg.called for label, leg in rows.first_legs.items()}
        for leg in rows.later_legs:
            if leg.called is not None:
                called[leg.label] = min(leg.called, called[leg.label] or leg.called)
        last = {**rows.first_legs, **{leg.label: leg for leg in rows.later_legs}}
        for tickets in rows.tickets_alike:
            self._add_tickets(tickets, called, last)
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
        self.left_out["no_number"] += rows.no_number
        self.left_out["wrong_time"] += rows.wrong_time
        self._add_spans(setup, rows)
        waited_us = self._add_hours(setup, rows)
        more = self.tickets - before
        all_waits, all_within, all_late = _sums(self.services.values())
        rated = self.levels - level_counts
        line = None
        if rows.tickets:
            line = DayLine(
                hall=setup.hall.code,
                day=rows.day,
                issued=more["issued"],
                finished=more["finished"],
                left=more["left"],
                waits=all_waits - waits,
                waited_us=waited_us,
                within=all_within - within,
                asked=all_waits - waits + all_late - late,
                rated=rated.total(),
                satisfied=sum(rated[level] for level in SATISFIED_LEVELS),
            )
            self.days.append(line)
        self.visits.add(setup, rows)
        self.lines.add(setup, rows)
        self.diversion.add(setup, rows)
        self.devices.add(setup, rows)
        self.help.add(setup, rows)
        self.promises.add(setup, rows)
        self.targets.add(setup, rows, line)

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
        self.ways += conditions.ways_us(alike.legs)
        service.handling += alike.handling
        if staff is not None:
            staff.handling += alike.handling
        self._leave_out(alike, service, target_us)

    def _leave_out(self, alike: LegsAlike, service: ServiceTally, target_us: int) -> None:
        """Count what of legs of one kind is in no mean, or in none of some."""
        out, legs = self.left_out, alike.legs
        if conditions.left_uncalled(legs[0]):
            early = sum(conditions.left_early(leg, target_us) for leg in legs)
            out["left_uncalled"] += len(legs)
            out["left_early"] += early
            service.late += len(legs) - early
        if legs[0].inaccurate:
            out["inaccurate"] += len(legs)
        if legs[0].start_assumed and conditions.counts(legs[0]):
            out["start_assumed"] += len(legs)
        if alike.handling:
            out["held_minutes"] += sum(leg.held_s for leg in legs)
            out["stalled_minutes"] += sum(leg.stalled_s for leg in legs)

    def _add_tickets(
        self, tickets: Sequence[TicketRow], called: Mapping[str, int | None], last: Mapping[str, LegRow]
    ) -> None:
        """Add tickets of one state and the same flags; `called` is when each was first called, `last` its last leg."""
        counts, out = self.tickets, self.left_out
        one, n = tickets[0], len(tickets)
        counts["issued"] += n
        counts[one.state] += n
        counts["ever_called"] += sum(called[ticket.label] is not None for ticket in tickets)
        counts["ever_missed"] += sum(ticket.misses > 0 for ticket in tickets)
        if conditions.is_no_show(one):
            counts["no_show"] += n
        if one.state == "void":
            out["void"] += n
        elif conditions.is_open(one):
            out["open"] += n
        if "paper" in one.flags:
            out["paper_unpromised"] += n
        if "rating_excluded" in one.flags:
            out["excluded"] += n
        if CORRECTED_ALONE in one.flags:
            out["corrected_alone"] += n
        if one.state == "finished":
            self._add_unrated([ticket for ticket in tickets if conditions.is_unrated(ticket)], last)
        else:
            counts["waiting_at_end"] += sum(conditions.waited_at_end(t, last[t.label]) for t in tickets)
        passed = [ticket.overtaken for ticket in tickets if ticket.overtaken]
        self.overtaken += len(passed)
        self.overtaken_most = max(self.overtaken_most, *passed, 0)
        for ticket in tickets:
            if ticket.promise_high is not None:
                self._add_promise(ticket, called[ticket.label])

    def _add_unrated(self, tickets: Sequence[TicketRow], last: Mapping[str, LegRow]) -> None:
        self.left_out["unrated"] += len(tickets)
        for staff, n in Counter(last[ticket.label].staff for ticket in tickets).items():
            if staff is not None:
                self.staff[staff].unrated += n

    def _add_promise(self, ticket: TicketRow, called: int | None) -> None:
        over = conditions.beyond_promise_us(ticket, called)
        if over is not None:
            self.promised += 1
            if over > 0:
                self.beyond += 1
                self.beyond_us += over
        elif conditions.promised_in_vain(ticket, called):
            self.left_out["promised_uncalled"] += 1

    def _add_spans(self, setup: Setup, rows: DayRows) -> None:
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
        for staff, idle in idle_us(setup, rows.shifts, spans, rows.until).items():
            self.staff[staff].idle_us += idle

    def _add_hours(self, setup: Setup, rows: DayRows) -> int:
        """Add the half-hours from the first arrival to the last call; return what all those counted waited."""
        halves = half_hours(setup, rows)
        slots = [self.hours.setdefault(slot, HourTally()) for slot in halves.slots]
        for at, n in Counter(halves.at(ticket.arrived) for ticket in rows.tickets).items():
            if at < len(slots):
                slots[at].arrivals += n
            else:
                self.left_out["late_arrivals"] += n
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
        for name in ("days", "ways", "tickets", "levels", "overtakes", "left_out"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("lost_us", "overtaken", "promised", "beyond", "beyond_us"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.overtaken_most = max(self.overtaken_most, other.overtaken_most)
        for code, n in other.redirects.items():
            self.redirects[service(code)] += n
        for code, n in other.not_ready.items():
            self.not_ready[service(code)] += n
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
