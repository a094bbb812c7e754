"""What became of the visits: served, done at the first visit, at the wrong counter, without a form, with which outcome,
by class.

Definitions; a rate is always `n` ÷ `of`, and None where `of` is 0:

- served: tickets finished ÷ tickets issued less the void ones and those not over. Who left, was missed for good or was
  sent home by a day-end is in `of` and not in `n`.
- service_level: numerator and denominator of wait.within_target: legs called within the target ÷ legs called and legs
  left uncalled after longer than it. Who left sooner is in neither: `left_early` says how many. Legs that ended in
  redirect or that day-end closed are in none.
- first_visit: `of` finished tickets; `transferred` those with a leg that ended in `transfer` (a redirect is none: it
  puts right what the hall did wrong; nor are steps planned at issue or added); `returned` those of the others to which
  a ticket issued on the same date or within `days` days after was linked as the visit before (return_of), unless that
  one was void; `n` is the rest. `not_over`: finished tickets whose `days` have not all passed: their return may still
  come. `followed` are all tickets issued on the dates and the `days` days after, `linked` those of them that name an
  earlier visit: what nobody linked cannot count as a return.
- wrong_counter: `of` tickets issued, void ones left out, by the service they were issued for; `n` those whose first leg
  ended in redirect, called or not. `by_guide` are the tickets that a guide issued, `by_label` those taken at a kiosk by
  the key that was pressed (`item` None: the key was the service). A ticket of somebody served without one counts where
  it was served. `minutes_lost` as in redirects.
- form_free: `of` legs ended by `finish`, `n` those marked as done without a form; `minutes_each` is the rule
  form_free_minutes as it stands, `minutes_saved` is n times that, None while it is 0 (nobody measured it).
- outcomes: legs ended by `finish` by the outcome that was noted, code None where none was; most first.
- papers: `not_ready` people sent for papers without a ticket, `repeat` tickets of people who came back with them.
- missed: tickets missed at least once, and those of them that were put back in line (`reinstate`).
- questions: levels 1 to 5 of the two further questions, of ratings that were not excluded; who answered one need not
  answer the other.
- classes: `issued` as in the day's count, `finished` tickets, `wait` of the legs of such tickets as in wait; most
  issued first.

Sources: a ticket is a call answered or lost, so served, service_level and first_visit follow the connect rate, the
service level and the first-contact resolution of call centres.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.scope import Scope
from queuedesk.core.figures.measures.sums import Sums
from queuedesk.core.figures.measures.times import Figures, minutes_of_us, share, spread
from queuedesk.core.setup.values import Setup

KIOSK = "kiosk"
LEVELS = range(1, 6)
QUESTIONS = ("attitude", "competence")
_Key = TypeVar("_Key", bound=Hashable)


@dataclass(slots=True)
class Part(Generic[_Key]):
    """How many of how many, by whatever they are told apart by."""

    n: Counter[_Key] = field(default_factory=Counter)
    of: Counter[_Key] = field(default_factory=Counter)

    def count(self, of: Iterable[tuple[_Key, bool]]) -> None:
        """Count whatever comes as (what it is told apart by, whether it is so)."""
        for (by, is_so), n in Counter(of).items():
            self.of[by] += n
            if is_so:
                self.n[by] += n

    def merge(self, other: Part[_Key], renamed: Callable[[_Key], _Key]) -> None:
        """Add another hall's, each under its name among all halls."""
        for mine, theirs in ((self.n, other.n), (self.of, other.of)):
            for by, n in theirs.items():
                mine[renamed(by)] += n

    def row(self, by: _Key) -> Figures:
        return parts(self.n[by], self.of[by])

    def whole(self) -> Figures:
        return parts(self.n.total(), self.of.total())


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
    finished: int = 0
    transferred: int = 0
    returned: int = 0
    not_over: int = 0
    knows_links: bool = True
    followed: dict[tuple[str, date], tuple[int, int]] = field(default_factory=dict)
    """(tickets, those that name an earlier visit) by hall and date: a date that several look on at counts once."""
    wrong: Part[str] = field(default_factory=Part)
    guided: Part[str] = field(default_factory=Part)
    labels: Part[tuple[str, str | None]] = field(default_factory=Part)
    knows_labels: bool = True
    form_free: Part[str] = field(default_factory=Part)
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
        self._add_first_visits(setup, rows)

    def _add_legs(self, rows: DayRows, each: int) -> None:
        waits_of: dict[str, list[int]] = {}
        for tickets in rows.tickets_alike:
            waits_of |= dict.fromkeys([ticket.label for ticket in tickets], self.classes[tickets[0].klass].waits)
        for legs, waits, _handling in rows.alike:
            for leg, wait in zip(legs, waits, strict=False):  # all of them have a wait, or none
                waits_of[leg.label].append(wait)
            if legs[0].end == "finish":
                service = legs[0].service
                free = sum(leg.form_free for leg in legs)
                self.form_free.of[service] += len(legs)
                self.form_free.n[service] += free
                self.saving[each] += free
                self.outcomes.update([leg.outcome for leg in legs])

    def _add_tickets(self, rows: DayRows) -> None:
        if rows.reinstated is None:
            self.knows_reinstated = False
        if rows.keys is None:
            self.knows_labels = False
        came_back, keys = rows.reinstated or frozenset(), rows.keys or {}
        second = {leg.label for leg in rows.later_legs}
        for tickets in rows.tickets_alike:
            state, flags = tickets[0].state, tickets[0].flags
            klass = self.classes[tickets[0].klass]
            klass.issued += len(tickets)
            if state == "finished":
                klass.finished += len(tickets)
            if "repeat_papers" in flags:
                self.repeat += len(tickets)
            self.reinstated += sum(ticket.misses > 0 and ticket.label in came_back for ticket in tickets)
            if state == "void":
                continue
            firsts = [rows.first_legs[ticket.label] for ticket in tickets]
            self.wrong.count((leg.service, leg.end == "redirect") for leg in firsts)
            pairs = list(zip(tickets, firsts, strict=True))
            self.guided.count((t.guide, leg.end == "redirect") for t, leg in pairs if t.guide is not None)
            if KIOSK in flags:
                # A ticket that goes on to another line forgets what was pressed.
                pressed = [keys.get(t.label) if t.label in second else t.item for t in tickets]
                self.labels.count(
                    ((leg.service, key), leg.end == "redirect") for leg, key in zip(firsts, pressed, strict=True)
                )

    def _add_first_visits(self, setup: Setup, rows: DayRows) -> None:
        finished = {ticket.label for alike in rows.tickets_alike if alike[0].state == "finished" for ticket in alike}
        transfers = (alike.legs for alike in rows.alike if alike.legs[0].end == "transfer")
        straight = finished.difference(leg.label for legs in transfers for leg in legs)
        self.finished += len(finished)
        self.transferred += len(finished) - len(straight)
        if not rows.is_followed:
            self.not_over += len(finished)
        if rows.links is None:
            self.knows_links = False
            return
        self.returned += len(straight & rows.links.returned)
        for day, counts in rows.links.followed.items():
            self.followed[(setup.hall.code, day)] = counts

    def merge(self, other: VisitTally, hall: str, service: Callable[[str], str]) -> None:
        """Add what another hall has come to: people under "HALL/CODE", services under what `service` makes of their
        codes."""
        for name in ("finished", "transferred", "returned", "not_over", "repeat", "reinstated"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("knows_links", "knows_labels", "knows_reinstated"):
            setattr(self, name, getattr(self, name) and getattr(other, name))
        self.follow_days |= other.follow_days
        self.followed |= other.followed
        self.wrong.merge(other.wrong, service)
        self.guided.merge(other.guided, lambda guide: f"{hall}/{guide}")
        self.labels.merge(other.labels, lambda key: (service(key[0]), key[1]))
        self.form_free.merge(other.form_free, service)
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
        return {
            "served": parts(tally.tickets["finished"], tally.tickets["finished"] + tally.tickets["left"]),
            "service_level": {
                **parts(within, called + late),
                "target_minutes": scope.target_minutes,
                "left_early": tally.left_out["left_early"],
            },
            "first_visit": self._first_visit(),
            "wrong_counter": self._wrong_counter(scope, tally),
            "form_free": self._form_free(scope),
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

    def _first_visit(self) -> Figures:
        n = self.finished - self.transferred - self.returned
        counts = self.followed.values()
        known = self.knows_links
        return {
            "days": next(iter(self.follow_days)) if len(self.follow_days) == 1 else None,
            **(parts(n, self.finished) if known else {"n": None, "of": self.finished, "rate": None}),
            "transferred": self.transferred,
            "returned": self.returned if known else None,
            "not_over": self.not_over,
            "followed": sum(issued for issued, _ in counts) if known else None,
            "linked": sum(linked for _, linked in counts) if known else None,
        }

    def _wrong_counter(self, scope: Scope, tally: Sums) -> Figures:
        wrong, guided, labels = self.wrong, self.guided, self.labels
        services = in_order(scope.services, wrong.of)
        place = {code: i for i, code in enumerate(services)}
        keys = sorted(labels.of, key=lambda key: (place.get(key[0], len(place)), key[1] is not None, key[1] or ""))
        return {
            **wrong.whole(),
            "minutes_lost": minutes_of_us(tally.lost_us) if tally.has_log else None,
            "by_service": [{"code": code, **wrong.row(code)} for code in services],
            "by_guide": [{"code": code, **guided.row(code)} for code in in_order(scope.staff, guided.of)],
            "by_label": [{"service": key[0], "item": key[1], **labels.row(key)} for key in keys]
            if self.knows_labels
            else None,
        }

    def _form_free(self, scope: Scope) -> Figures:
        own = self.form_free
        is_measured = bool(self.saving) and not self.saving.get(0) and set(self.saving) != {0}
        return {
            **own.whole(),
            "minutes_each": next(iter(self.saving)) if len(self.saving) == 1 else None,
            "minutes_saved": sum(each * n for each, n in self.saving.items()) if is_measured else None,
            "by_service": [{"code": code, **own.row(code)} for code in in_order(scope.services, own.of)],
        }

    def _question(self, question: str) -> Figures:
        levels = {str(level): self.questions[(question, level)] for level in LEVELS}
        return {"n": sum(levels.values()), "levels": levels}


def parts(n: int, of: int) -> Figures:
    """Return a rate with its numerator and denominator."""
    return {"n": n, "of": of, "rate": share(n, of)}


def in_order(known: Iterable[str], seen: Collection[str]) -> list[str]:
    """Return the codes that were seen: those of the set-up in its order, then those that it no longer has."""
    codes = [code for code in known if code in seen]
    return codes + sorted(set(seen) - set(codes))
