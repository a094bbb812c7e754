"""What a business date knows of other channels, read from the tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import bindparam, func, select

from queuedesk.core.figures.measures.rows import DiversionRows
from queuedesk.core.imports.channel import ChannelTotal, month_of
from queuedesk.core.setup.values import Setup
from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.parts import channels
from queuedesk.store.schema.tables import offers

_OFFERS = (
    select(offers.c.to, offers.c.accepted, func.count())
    .where(offers.c.hall == bindparam("hall"), offers.c.date == bindparam("day"))
    .group_by(offers.c.to, offers.c.accepted)
)


@dataclass(slots=True)
class DiversionReader:
    """Reads one hall's dates, one after the other: of other channels a month at once, and what the hall finished only beside totals."""

    tx: Transaction
    hall: int
    setup: Setup
    now: datetime
    _month: date | None = field(default=None, init=False)
    _totals: dict[date, list[ChannelTotal]] = field(default_factory=dict, init=False)
    _finished: dict[date, Counter[str]] = field(default_factory=dict, init=False)

    def day(self, day: date) -> DiversionRows:
        """Return what is known of one business date."""
        if self._month != day.replace(day=1):
            self._read_month(day)
        found = self.tx.execute(_OFFERS, {"hall": self.hall, "day": day})
        return DiversionRows(
            offers={(to, bool(accepted)): n for to, accepted, n in found},
            totals=self._totals.get(day, ()),
            finished=self._finished.get(day, {}),
        )

    def _read_month(self, day: date) -> None:
        first, last = month_of(day)
        self._month = first
        known = sorted(channels.totals(self.tx, self.hall, first, last), key=lambda one: one.last)
        self._totals = {end: list(own) for end, own in groupby(known, key=lambda one: one.last)}
        self._finished = {}
        if not known:
            return
        reported = {one.service for one in known}
        for (service, its_day), n in channels.finished_by_service(self.tx, self.hall, first, last).items():
            if service in reported:
                self._finished.setdefault(its_day, Counter())[service] += n
