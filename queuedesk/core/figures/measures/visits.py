"""What became of the visits: served, done at the first visit, at the wrong counter, without a form, with which outcome,
by class.

Definitions; a rate is always `n` ÷ `of`, and None where `of` is 0:

- service_level: numerator and denominator of wait.within_target: legs called within the target ÷ legs called and legs
  left uncalled after longer than it. Who left sooner is in neither: `left_early` says how many. Legs that ended in
  redirect or that day-end closed are in none.
- outcomes: legs ended by `finish` by the outcome that was noted, code None where none was; most first.
- papers: `not_ready` people sent for papers without a ticket, `repeat` tickets of people who came back with them.
- missed: tickets missed at least once, and those of them that were put back in line (`reinstate`).
- questions: levels 1 to 5 of the two further questions, of ratings that were not excluded; who answered one need not
  answer the other.
- classes: `issued` as in the day's count, `finished` tickets, `wait` of the legs of such tickets as in wait; most
  issued first.

The shares of visits are those of `shares`. Source: service_level follows the service level of call centres.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.figure import FigureTally
from queuedesk.core.figures.measures.scope import Scope
from queuedesk.core.figures.measures.shares import SHARES
from queuedesk.core.figures.measures.sums import Sums
from queuedesk.core.figures.measures.times import Figures, minutes_of_us, share, spread
from queuedesk.core.setup.values import Setup

LEVELS = range(1, 6)
QUESTIONS = ("attitude", "competence")


@dataclass(slots=True)
class ClassTally:
    """Tickets of a class; waits in microseconds."""

    issued: int = 0
    finished: int = 0
    waits: list[int] = field(default_factory=list)


@dataclass(slots=True)
class VisitTally:
    """Visits, added up. What only the log or later dates tell is None in the document once a date was added without."""

    follow_days: set[int] = field(default_factory=set)
    shares: dict[str, FigureTally] = field(default_factory=lambda: {figure.key: FigureTally() for figure in SHARES})
    knows_links: bool = True
    followed: dict[tuple[str, date], tuple[int, int]] = field(default_factory=dict)
    """(tickets, those that name an earlier visit) by hall and date: a date that several look on at counts once."""
    saving: dict[int, int] = field(default_factory=dict)
    """Legs without a form by the minutes that each of them saved."""
    outcomes: Counter[str | None] = field(default_factory=Counter)
    repeat: int = 0
    reinstated: int = 0
    knows_reinstated: bool = True
    questions: Counter[tuple[str, int]] = field(default_factory=Counter)
    classes: dict[str, ClassTally] = field(default_factory=lambda: defaultdict(ClassTally))

    def add(self, setup: Setup, rows: DayRows) -> None:
        """Add one business date of the hall that `setup` is of."""
        self.follow_days.add(setup.number("first_visit_days"))
        each = setup.number("form_free_minutes")
        self.saving.setdefault(each, 0)
        self.questions += rows.questions
        self._add_legs(rows, each)
        self._add_tickets(rows)
        for figure in SHARES:
            self.shares[figure.key].add(figure, rows)
        if rows.links is None:
            self.knows_links = False
        else:
            self.followed |= {(setup.hall.code, day): counts for day, counts in rows.links.followed.items()}

    def _add_legs(self, rows: DayRows, each: int) -> None:
        waits_of: dict[str, list[int]] = {}
        for tickets in rows.tickets_alike:
            waits_of |= dict.fromkeys([ticket.label for ticket in tickets], self.classes[tickets[0].klass].waits)
        for legs, waits, _handling in rows.alike:
            for leg, wait in zip(legs, waits, strict=False):  # all of them have a wait, or none
                waits_of[leg.label].append(wait)
            if legs[0].end == "finish":
                self.saving[each] += sum(leg.form_free for leg in legs)
                self.outcomes.update([leg.outcome for leg in legs])

    def _add_tickets(self, rows: DayRows) -> None:
        if rows.reinstated is None:
            self.knows_reinstated = False
        came_back = rows.reinstated or frozenset()
        for tickets in rows.tickets_alike:
            state, flags = tickets[0].state, tickets[0].flags
            klass = self.classes[tickets[0].klass]
            klass.issued += len(tickets)
            if state == "finished":
                klass.finished += len(tickets)
            if "repeat_papers" in flags:
                self.repeat += len(tickets)
            self.reinstated += sum(ticket.misses > 0 and ticket.label in came_back for ticket in tickets)

    def merge(self, other: VisitTally, hall: str, service: Callable[[str], str]) -> None:
        """Add what another hall has come to: people under "HALL/CODE", services under what `service` makes of their
        codes."""
        self.repeat += other.repeat
        self.reinstated += other.reinstated
        self.knows_links = self.knows_links and other.knows_links
        self.knows_reinstated = self.knows_reinstated and other.knows_reinstated
        self.follow_days |= other.follow_days
        self.followed |= other.followed
        for figure in SHARES:
            self.shares[figure.key].merge(figure, other.shares[figure.key], hall, service)
        for each, n in other.saving.items():
            self.saving[each] = self.saving.get(each, 0) + n
        self.outcomes += other.outcomes
        self.questions += other.questions
        for klass, theirs in other.classes.items():
            mine = self.classes[klass]
            mine.issued += theirs.issued
            mine.finished += theirs.finished
            mine.waits += theirs.waits

    # -- the document ------------------------------------------------------------------------------------------------

    def document(self, scope: Scope, tally: Sums) -> Figures:
        """Return these measures; `tally` is the whole that they are part of."""
        services = tally.services.values()
        within, late = sum(one.within for one in services), sum(one.late for one in services)
        called = sum(len(one.waits) for one in services)
        besides = self._besides(tally)
        return {
            **{figure.key: self.shares[figure.key].document(figure, scope, besides) for figure in SHARES},
            "service_level": {
                "n": within,
                "of": called + late,
                "rate": share(within, called + late),
                "target_minutes": scope.target_minutes,
                "left_early": tally.left_out["left_early"],
            },
            "outcomes": [
                {"code": code, "n": n}
                for code, n in sorted(self.outcomes.items(), key=lambda one: (-one[1], one[0] is None, one[0] or ""))
            ],
            "papers": {"not_ready": tally.not_ready.total(), "repeat": self.repeat},
            "missed": {
                "n": tally.tickets["ever_missed"],
                "reinstated": self.reinstated if self.knows_reinstated else None,
            },
            "questions": {question: self._question(question) for question in QUESTIONS},
            "classes": [
                {"code": code, "issued": own.issued, "finished": own.finished, "wait": spread(own.waits)}
                for code, own in sorted(self.classes.items(), key=lambda one: (-one[1].issued, one[0]))
            ],
        }

    def _besides(self, tally: Sums) -> Figures:
        """Return the parts of shares that are no counts of theirs."""
        counts, known = self.followed.values(), self.knows_links
        is_measured = bool(self.saving) and not self.saving.get(0) and set(self.saving) != {0}
        return {
            "days": next(iter(self.follow_days)) if len(self.follow_days) == 1 else None,
            "followed": sum(issued for issued, _ in counts) if known else None,
            "linked": sum(linked for _, linked in counts) if known else None,
            "minutes_lost": minutes_of_us(tally.lost_us) if tally.has_log else None,
            "minutes_each": next(iter(self.saving)) if len(self.saving) == 1 else None,
            "minutes_saved": sum(each * n for each, n in self.saving.items()) if is_measured else None,
        }

    def _question(self, question: str) -> Figures:
        levels = {str(level): self.questions[(question, level)] for level in LEVELS}
        return {"n": sum(levels.values()), "levels": levels}
