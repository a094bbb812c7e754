"""What other channels served, by the totals that they reported.

- ledger: totals whose whole month or date lies in the span, sites of a channel together.
- hall_share: of a service, what the hall finished on the dates that the ledger covers (those of its months, and its
  dates) ÷ (those + ledger). Finished is counted as in `services`: legs ended by `finish`, or by day-end while served or
  set aside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date

from msgspec import Struct, field

from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.figure import Scope, in_order
from queuedesk.core.figures.measures.rows import DiversionRows
from queuedesk.core.figures.measures.times import Figures, share
from queuedesk.core.imports.channel import ChannelTotal, covered
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.ticket import FINISHED_ENDS
from queuedesk.core.talk.remarks import CHANNELS


def diversion_rows(state: HallState, day: date) -> DiversionRows:
    """Return the other channels' rows of `day` from a hall in memory."""
    legs = [leg for ticket in state.tickets.values() if ticket.date == day for leg in ticket.legs]
    return DiversionRows(
        offers=Counter((one.to, one.accepted) for one in state.offers if one.date == day),
        totals=[one for one in state.totals.values() if one.last == day],
        finished=Counter(leg.service for leg in legs if leg.finished is not None and leg.end in FINISHED_ENDS),
        elsewhere=frozenset(one.service for one in state.totals.values() if one.first <= day <= one.last),
    )


class DiversionTally(Struct):
    """Reported totals, added up. `first` is the earliest date added; `elsewhere` are the totals within the span, by
    (channel, service)."""

    first: date | None = None
    totals: list[ChannelTotal] = field(default_factory=list)
    finished: Counter[tuple[str, date]] = field(default_factory=Counter)
    merged: Counter[tuple[str, str]] = field(default_factory=Counter)
    merged_hall: Counter[str] = field(default_factory=Counter)

    def add(self, rows: DayRows) -> None:
        """Add one business date."""
        own = rows.diversion
        self.first = rows.day if self.first is None else min(self.first, rows.day)
        self.totals += own.totals
        self.finished.update({(service, rows.day): n for service, n in own.finished.items()})

    def extend(self, other: DiversionTally) -> None:
        """Add other dates of the same hall."""
        firsts = [one for one in (self.first, other.first) if one is not None]
        self.first = min(firsts, default=None)
        self.totals += other.totals
        self.finished.update(other.finished)

    def merge(self, other: DiversionTally, hall: str, service: Callable[[str], str]) -> None:
        """Add another hall's sums; `service` translates the codes of its services."""
        for (channel, code), n in other._elsewhere().items():
            self.merged[(channel, service(code))] += n
        for code, n in other._hall().items():
            self.merged_hall[service(code)] += n

    def besides(self, scope: Scope) -> Figures:
        """Return what other channels served, and the hall's share, beside the offers of "diversion"."""
        elsewhere, hall = self._elsewhere(), self._hall()
        by_service: Counter[str] = Counter()
        for (_channel, code), n in elsewhere.items():
            by_service[code] += n
        return {
            "ledger": [
                {"channel": channel, "service": code, "n": elsewhere[channel, code]}
                for channel in in_order(CHANNELS, {channel for channel, _code in elsewhere})
                for code in in_order(scope.services, by_service)
                if (channel, code) in elsewhere
            ],
            "hall_share": [
                {"service": code, "hall": hall[code], "elsewhere": by_service[code], "share": share(hall[code], hall[code] + by_service[code])}
                for code in in_order(scope.services, by_service)
            ],
        }  # fmt: skip

    def _in_span(self) -> list[ChannelTotal]:
        return [one for one in self.totals if self.first is not None and self.first <= one.first]

    def _elsewhere(self) -> Counter[tuple[str, str]]:
        """Return what other channels served in the span, by channel and service."""
        found = Counter(self.merged)
        for one in self._in_span():
            found[(one.channel, one.service)] += one.n
        return found

    def _hall(self) -> Counter[str]:
        """Return what the hall finished of each service on the dates that the ledger covers."""
        found = Counter(self.merged_hall)
        last = max((one.last for one in self.totals), default=date.min)
        for service, days in covered(self._in_span(), self.first or date.min, last).items():
            found[service] += sum(self.finished[(service, day)] for day in days)
        return found
