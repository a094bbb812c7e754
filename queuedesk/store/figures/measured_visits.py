"""Reads what visits of a business date led to: later tickets that name them, and facts only the log has."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from queuedesk.core.figures.measures.rows import Links
from queuedesk.core.log.shapes import fits
from queuedesk.core.queue.hallday import day_turns
from queuedesk.core.queue.ticket import State, visit_name
from queuedesk.core.setup.values import Setup
from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.log.wrong_times import rightly
from queuedesk.store.schema.tables import events, ratings, tickets

_ASKED: dict[str, ColumnElement[Any]] = {"hall": bindparam("hall"), "day": bindparam("day")}
# Tickets of a date by the visit that they name as the one before; most name none.
_NAMED = (
    select(tickets.c.return_of, func.count())
    .where(tickets.c.hall == _ASKED["hall"], tickets.c.date == _ASKED["day"], tickets.c.state != str(State.VOID))
    .group_by(tickets.c.return_of)
)
_LAST = select(func.max(tickets.c.date)).where(tickets.c.hall == bindparam("hall"))
_STALLS = select(events.c.data).where(
    events.c.hall == _ASKED["hall"], events.c.date == _ASKED["day"], events.c.kind == "stall"
)
_GIVEN = (ratings.c.level, ratings.c.staff, ratings.c.attitude, ratings.c.competence)
_RATINGS = (
    select(*_GIVEN, func.count())
    .where(ratings.c.hall == _ASKED["hall"], ratings.c.date == _ASKED["day"], ratings.c.excluded.is_(False))
    .group_by(*_GIVEN)
)


@dataclass(slots=True)
class VisitReader:
    """Reads one hall's dates, one after the other; later ones that were looked at once are kept."""

    tx: Transaction
    hall: int
    setup: Setup
    now: datetime
    _named: dict[date, dict[str | None, int]] = field(default_factory=dict)
    _last: date | None = None
    _rightly: ColumnElement[bool] | None = None

    def links(self, day: date) -> Links:
        """Return who of a business date came again within as many days as the hall looks on."""
        returned: set[str] = set()
        followed: dict[date, tuple[int, int]] = {}
        own = visit_name("", day)
        for n in range(min(self.setup.number("first_visit_days"), (self._latest() - day).days) + 1):
            later = day + timedelta(days=n)
            named = self._named_on(later)
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
        return Counter(
            data["reason"]
            for data in self.tx.execute(self._stalls(), self._asked(day)).scalars()
            if fits("stall", data)
        )

    def _stalls(self) -> Select[Any]:
        if self._rightly is None:
            self._rightly = rightly(self.tx, self.hall)
        return _STALLS.where(self._rightly)

    def ratings(self, day: date) -> tuple[list[tuple[int, str | None]], Counter[tuple[str, int]]]:
        """Return (level, staff) of every rating that counts, and the answers to the two further questions by question
        and level."""
        levels: list[tuple[int, str | None]] = []
        found: Counter[tuple[str, int]] = Counter()
        for level, staff, attitude, competence, n in self.tx.execute(_RATINGS, self._asked(day)):
            levels += [(level, staff)] * n
            if attitude is not None:
                found[("attitude", attitude)] += n
            if competence is not None:
                found[("competence", competence)] += n
        return levels, found

    def _latest(self) -> date:
        """Return the last date of which there can be a ticket: a rule may look on for years."""
        if self._last is None:
            self._last = self.tx.execute(_LAST, {"hall": self.hall}).scalar() or date.min
        return self._last

    def _named_on(self, day: date) -> dict[str | None, int]:
        if day not in self._named:
            self._named[day] = dict(iter(self.tx.execute(_NAMED, self._asked(day))))
        return self._named[day]

    def _asked(self, day: date) -> dict[str, Any]:
        return {"hall": self.hall, "day": day}
