"""What other channels report of the demo's days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from numpy.random import default_rng

from queuedesk.core.imports import ChannelTotal
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.features.channels import verbs
from queuedesk.sim.demand import Act, FeatureDemoPart

ELSEWHERE: Mapping[str, Mapping[str, int]] = {
    "A": {"online": 412, "self_service": 96, "bank": 61, "post_office": 38},
    "B": {"online": 47},
    "C": {"online": 9},
    "D": {"95598": 118, "online": 26},
}
"""How many each channel serves on a day, by the hall's services."""
LAST_MINUTE = 24 * 60
PAID = "A"
PAID_CENTS = 12_600
"""The service that is paid, and how much on average."""


def demo_channel_totals(setup: Setup, day: date) -> list[ChannelTotal]:
    """Return what the other channels served on a date."""
    rng, found = default_rng(day.toordinal()), []
    for service, channels in ELSEWHERE.items():
        if service in setup.services:
            for channel, usual in channels.items():
                n = int(rng.poisson(usual))
                cents = round(n * PAID_CENTS * float(rng.normal(1, 0.04))) if service == PAID else None
                one = ChannelTotal(channel=channel, service=service, first=day, last=day, n=n, amount_cents=cents)
                found.append(one)
    return found


def import_demo_totals(desk: Desk, setup: Setup, ask: Ask) -> Document:
    return verbs.import_channel_totals(desk, ask, demo_channel_totals(setup, setup.to_hall_time(ask.now).date()))


class ChannelsDemoPart(FeatureDemoPart):
    """The manager enters what they report at the end of each day."""

    @staticmethod
    def acts_of_demo_day(ago: int) -> Iterator[tuple[int, Act]]:
        yield LAST_MINUTE, import_demo_totals
