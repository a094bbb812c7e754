"""Counts and times of business dates, added up: of one date, of a quarter, of several halls; never a mean of means.

- questions: levels 1 to 5 of the two further questions, of ratings that were not excluded; who answered one need not
  answer the other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from queuedesk.core.figures.measures import conditions
from queuedesk.core.figures.measures.day import HALF_HOUR_US, DayRows
from queuedesk.core.figures.measures.devices import DeviceTally
from queuedesk.core.figures.measures.diversion import DiversionTally
from queuedesk.core.figures.measures.figure import Scope
from queuedesk.core.figures.measures.help import HelpTally
from queuedesk.core.figures.measures.lines import LineTally
from queuedesk.core.figures.measures.promise import PromiseTally
from queuedesk.core.figures.measures.spans import idle_us, length, open_us, pauses_us, taking_us
from queuedesk.core.figures.measures.sums import COUNTED, DayLine, HourTally, Sums
from queuedesk.core.figures.measures.targets_reached import TargetTally
from queuedesk.core.figures.measures.times import Figures, minutes_of_us, share
from queuedesk.core.figures.satisfaction import SATISFIED_LEVELS

LEVELS = range(1, 6)
QUESTIONS = ("attitude", "competence")


@dataclass(slots=True)
class VisitTally:
    """How far returns were followed, minutes saved and answers to further questions, added up.

    What only later dates can tell is None in the document once a date was added without it.
    """

    follow_days: set[int] = field(default_factory=set)
    knows_links: bool = True
    followed: dict[tuple[str, date], tuple[int, int]] = field(default_factory=dict)
    """(tickets, those that name an earlier visit) by hall and date: a date that several look on at counts once."""
    saving: Counter[int] = field(default_factory=Counter)
    """Legs without a form by the minutes that each of them saved."""
    questions: Counter[tuple[str, int]] = field(default_factory=Counter)

    def add(self, rows: DayRows) -> None:
        """Add one business date."""
        self.follow_days.add(rows.setup.number("first_visit_days"))
        self.questions += rows.questions
        finished = (alike.legs for alike in rows.alike if alike.legs[0].end == "finish")
        self.saving[rows.setup.number("form_free_minutes")] += sum(leg.form_free for legs in finished for leg in legs)
        if rows.links is None:
            self.knows_links = False
        else:
            self.followed |= {(rows.setup.hall.code, day): counts for day, counts in rows.links.followed.items()}

    def merge(self, other: VisitTally, hall: str, service: Callable[[str], str]) -> None:
        """Add another hall's sums."""
        self.knows_links = self.knows_links and other.knows_links
        self.follow_days |= other.follow_days
        self.followed |= other.followed
        self.saving.update(other.saving)
        self.questions += other.questions

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
            "questions": {question: self._question(question) for question in QUESTIONS},
        }

    def besides(self, tally: Sums) -> Figures:
        """Return the parts of other measures that are computed here."""
        counts, known = self.followed.values(), self.knows_links
        is_measured = bool(self.saving) and not self.saving[0] and set(self.saving) != {0}
        return {
            "days": next(iter(self.follow_days)) if len(self.follow_days) == 1 else None,
            "followed": sum(issued for issued, _ in counts) if known else None,
            "linked": sum(linked for _, linked in counts) if known else None,
            "minutes_lost": minutes_of_us(tally.lost_us) if tally.has_log else None,
            "minutes_each": next(iter(self.saving)) if len(self.saving) == 1 else None,
            "minutes_saved": sum(each * n for each, n in self.saving.items()) if is_measured else None,
            "not_ready": tally.not_ready.total(),
        }

    def _question(self, question: str) -> Figures:
        levels = {str(level): self.questions[(question, level)] for level in LEVELS}
        return {"n": sum(levels.values()), "levels": levels}


@dataclass(slots=True)
class Tally(Sums):
    """All the sums that a report is made from."""

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
        within, asked = self.in_time()
        level_counts = Counter(self.levels)
        for figure in COUNTED:
            self.counted[figure.key].add(figure, rows)
        self.worked |= {own.legs[0].staff for own in rows.alike if own.legs[0].staff is not None}
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
        all_within, all_asked = self.in_time()
        rated = self.levels - level_counts
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

    def _add_tickets(self, rows: DayRows) -> None:
        passed = [ticket.overtaken for ticket in rows.tickets if ticket.overtaken]
        self.overtaken += len(passed)
        self.overtaken_most = max(self.overtaken_most, *passed, 0)
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
        """Add another hall's sums: its windows and people as "HALL/CODE"; `service` translates the codes of its
        services."""
        self.has_log = self.has_log and other.has_log
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
        for name in ("days", "levels", "overtakes", "no_number", "wrong_time", "lost_us", "overtaken"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.overtaken_most = max(self.overtaken_most, other.overtaken_most)
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
