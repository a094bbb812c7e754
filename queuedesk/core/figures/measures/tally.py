"""Counts and times of business dates, added up: of one date, of a quarter, of several halls; never a mean of means."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date

from msgspec import Struct, field

from queuedesk.core.figures.measures.day import HALF_HOUR_US, DayRows
from queuedesk.core.figures.measures.devices import DeviceTally
from queuedesk.core.figures.measures.diversion import DiversionTally
from queuedesk.core.figures.measures.figure import Scope
from queuedesk.core.figures.measures.lines import LineTally
from queuedesk.core.figures.measures.promise import PromiseTally
from queuedesk.core.figures.measures.spans import taking_us
from queuedesk.core.figures.measures.sums import COUNTED, DayLine, HourTally, Sums
from queuedesk.core.figures.measures.targets_reached import TargetTally
from queuedesk.core.figures.measures.times import Figures, share


class VisitTally(Struct):
    """How far returns were followed and minutes saved, added up.

    What only later dates can tell is None in the document once a date was added without it.
    """

    follow_days: set[int] = field(default_factory=set)
    knows_links: bool = True
    followed: dict[tuple[str, date], tuple[int, int]] = field(default_factory=dict)
    """(tickets, those that name an earlier visit) by hall and date: a date that several look on at counts once."""
    saving: Counter[int] = field(default_factory=Counter)
    """Legs without a form by the minutes that each of them saved."""

    def add(self, rows: DayRows) -> None:
        """Add one business date."""
        self.follow_days.add(rows.setup.number("first_visit_days"))
        finished = (alike.legs for alike in rows.alike if alike.legs[0].end == "finish" and rows.has_forms)
        self.saving[rows.setup.number("form_free_minutes")] += sum(leg.form_free for legs in finished for leg in legs)
        if rows.links is None:
            self.knows_links = False
        else:
            self.followed |= {(rows.setup.hall.code, day): counts for day, counts in rows.links.followed.items()}

    def merge(self, other: VisitTally) -> None:
        """Add the sums of other dates or halls."""
        self.knows_links = self.knows_links and other.knows_links
        self.follow_days |= other.follow_days
        self.followed |= other.followed
        self.saving.update(other.saving)

    def document(self, scope: Scope, tally: Sums) -> Figures:
        """Return these measures; `tally` is the whole that they are part of."""
        n, of = tally.in_time()
        return {
            "service_level": {
                "n": n,
                "of": of,
                "rate": share(n, of),
                "target_minutes": scope.target_minutes,
                "left_early": tally.left_out.n("left_early"),
            },
        }

    def besides(self) -> Figures:
        """Return the parts of other measures that are computed here."""
        counts, known = self.followed.values(), self.knows_links
        is_measured = bool(self.saving) and not self.saving[0] and set(self.saving) != {0}
        return {
            "days": next(iter(self.follow_days)) if len(self.follow_days) == 1 else None,
            "followed": sum(issued for issued, _ in counts) if known else None,
            "linked": sum(linked for _, linked in counts) if known else None,
            "minutes_each": next(iter(self.saving)) if len(self.saving) == 1 else None,
            "minutes_saved": sum(each * n for each, n in self.saving.items()) if is_measured else None,
        }


class Tally(Sums):
    """All the sums that a report is made from."""

    visits: VisitTally = field(default_factory=VisitTally)
    lines: LineTally = field(default_factory=LineTally)
    diversion: DiversionTally = field(default_factory=DiversionTally)
    devices: DeviceTally = field(default_factory=DeviceTally)
    promises: PromiseTally = field(default_factory=PromiseTally)
    targets: TargetTally = field(default_factory=TargetTally)

    @classmethod
    def of(cls, days: Iterable[DayRows]) -> Tally:
        """Return the sums of several business dates."""
        found = cls()
        for rows in days:
            found.add(rows)
        return found

    def add(self, rows: DayRows) -> None:
        """Add one business date."""
        before = {name: self.day.n(name) for name in ("issued", "finished", "left")}
        rated = {name: self.ratings.n(name) for name in ("n", "satisfied")}
        within, asked = self.in_time()
        for figure in COUNTED:
            self.counted[figure.key].add(figure, rows)
        waited_us = self._add_hours(rows)
        all_within, all_asked = self.in_time()
        line = None
        if rows.tickets:
            line = DayLine(
                hall=rows.setup.hall.code,
                day=rows.day,
                **{name: self.day.n(name) - n for name, n in before.items()},
                waits=sum(len(own.waits) for own in rows.alike),
                waited_us=waited_us,
                within=all_within - within,
                asked=all_asked - asked,
                rated=self.ratings.n("n") - rated["n"],
                satisfied=self.ratings.n("satisfied") - rated["satisfied"],
            )
            self.days.append(line)
        self.visits.add(rows)
        self.lines.add(rows)
        self.diversion.add(rows)
        self.devices.add(rows)
        self.promises.add(rows)
        self.targets.add(rows, line)

    def _add_hours(self, rows: DayRows) -> int:
        """Add the half-hours from the first arrival to the last call; return what all those counted waited."""
        halves = rows.half_hours
        slots = [self.hours.setdefault(slot, HourTally()) for slot in halves.slots]
        for at, n in rows.came.items():
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

    def extend(self, other: Tally) -> None:
        """Add the sums of later dates of the same hall, as if these had been added one by one."""
        for slot, hour in other.hours.items():
            mine = self.hours.setdefault(slot, HourTally())
            mine.put(hour)
            mine.open_windows = max(mine.open_windows, hour.open_windows)
        self._add_heat(other)
        self.days += other.days
        for figure in COUNTED:
            self.counted[figure.key].extend(other.counted[figure.key])
        self.visits.merge(other.visits)
        self.lines.extend(other.lines)
        self.diversion.extend(other.diversion)
        self.devices.extend(other.devices)
        self.promises.merge(other.promises, str)
        self.targets.extend(other.targets)

    def _add_heat(self, other: Tally) -> None:
        for cell, (n, waited) in other.heat.items():
            known = self.heat.get(cell, (0, 0))
            self.heat[cell] = (known[0] + n, known[1] + waited)

    def merge(self, other: Tally, hall: str, service: Callable[[str], str]) -> None:
        """Add another hall's sums: its windows and people as "HALL/CODE"; `service` translates the codes of its
        services."""
        for slot, hour in other.hours.items():
            mine = self.hours.setdefault(slot, HourTally())
            mine.put(hour)
            mine.open_windows += hour.open_windows
        self._add_heat(other)
        self.days += other.days
        for figure in COUNTED:
            self.counted[figure.key].merge(figure, other.counted[figure.key], hall, service)
        self.visits.merge(other.visits)
        self.lines.merge(other.lines, hall, service)
        self.diversion.merge(other.diversion, hall, service)
        self.devices.merge(other.devices, hall, service)
        self.promises.merge(other.promises, service)
        self.targets.merge(other.targets, hall, service)
