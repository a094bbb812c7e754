"""The diversion part of the figures: offers, the ledger of the span, the hall's share, several halls together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from msgspec.structs import replace

from queuedesk.core.figures.measures.document import DiversionTally
from queuedesk.core.figures.measures.figure import FigureTally, Scope
from queuedesk.core.figures.measures.figures import DIVERSION
from queuedesk.core.figures.measures.rows import DiversionRows
from queuedesk.core.imports.channel import ChannelTotal, month_of

FIRST, LAST = month_of(date(2026, 10, 1))
SCOPE = Scope(hall="T", first=FIRST, last=LAST, target_minutes=15, services=["A", "B"])
MONTH = ChannelTotal(channel="POS机", service="A", first=FIRST, last=LAST, n=30)
DAY = replace(MONTH, channel="bank", site="East", first=date(2026, 10, 3), last=date(2026, 10, 3), n=10)


class Added:
    """Dates added up: the offers, and what other channels reported."""

    def __init__(self) -> None:
        self.offers, self.totals = FigureTally(), DiversionTally()

    def merge(self, other: Added, hall: str, service: Callable[[str], str]) -> None:
        self.offers.merge(DIVERSION, other.offers, hall, service)
        self.totals.merge(other.totals, hall, service)

    def document(self, scope: Scope) -> Any:
        return self.offers.document(DIVERSION, scope, self.totals.besides(scope))


def tally(first: date, days: int, **own: DiversionRows) -> Added:
    found = Added()
    for n in range(days):
        day = first + timedelta(days=n)
        rows: Any = SimpleNamespace(day=day, diversion=own.get(f"d{day:%m%d}", DiversionRows()))
        found.offers.add(DIVERSION, rows)
        found.totals.add(rows)
    return found


def test_a_month_with_offers_a_whole_channel_and_a_site() -> None:
    offers = Counter({("bank", True): 2, ("bank", False): 1, ("online", False): 1})
    found = tally(
        FIRST,
        31,
        d1002=DiversionRows(offers=offers, finished={"A": 20, "B": 9}),
        d1003=DiversionRows(offers=Counter({("bank", True): 1}), totals=[DAY, replace(DAY, site="West", n=2)]),
        d1031=DiversionRows(totals=[MONTH], finished={"A": 22}),
    )

    assert found.document(SCOPE) == {
        "offered": 5,
        "accepted": 3,
        "declined": 2,
        "rate": 0.6,
        "by_channel": [
            {"code": "bank", "offered": 4, "accepted": 3},
            {"code": "online", "offered": 1, "accepted": 0},
        ],
        "ledger": [
            {"channel": "bank", "service": "A", "n": 12},
            {"channel": "POS机", "service": "A", "n": 30},
        ],
        "hall_share": [{"service": "A", "hall": 42, "elsewhere": 42, "share": 0.5}],
    }


def test_a_month_that_the_span_does_not_hold_whole_stays_out() -> None:
    found = tally(
        date(2026, 10, 2), 30, d1003=DiversionRows(totals=[DAY], finished={"A": 5}), d1031=DiversionRows(totals=[MONTH])
    )

    document = found.document(SCOPE)

    assert document["ledger"] == [{"channel": "bank", "service": "A", "n": 10}]
    assert document["hall_share"] == [{"service": "A", "hall": 5, "elsewhere": 10, "share": 0.333333}]


def test_without_offers_and_totals_nothing_can_be_said() -> None:
    document = tally(FIRST, 31, d1003=DiversionRows(finished={"A": 5})).document(SCOPE)

    assert (document["offered"], document["rate"], document["ledger"], document["hall_share"]) == (0, None, [], [])


def test_halls_together_hold_each_against_its_own_ledger() -> None:
    together = Added()
    one = tally(FIRST, 31, d1002=DiversionRows(finished={"A": 10}), d1031=DiversionRows(totals=[MONTH]))
    other = tally(
        FIRST, 31, d1002=DiversionRows(finished={"A": 50}), d1003=DiversionRows(totals=[DAY], finished={"A": 5})
    )
    together.merge(one, "N", lambda code: code)
    together.merge(other, "S", lambda code: f"S/{code}")
    document = together.document(replace(SCOPE, hall=None, services=["A", "S/A"]))

    assert document["ledger"] == [
        {"channel": "bank", "service": "S/A", "n": 10},
        {"channel": "POS机", "service": "A", "n": 30},
    ]
    assert [(row["service"], row["hall"], row["elsewhere"]) for row in document["hall_share"]] == [
        ("A", 10, 30),
        ("S/A", 5, 10),
    ]
