"""The directory of the demo's hall, and what its front desk offers there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from queuedesk.desk.change import Ask
from queuedesk.desk.queue import issuing
from queuedesk.sim.demand import FeatureDemoPart, SimulatedCustomer

STREETS = (
    ("运河街", "Canal Street"),
    ("东门", "East Gate"),
    ("环路", "Ring Road"),
    ("人民路", "People's Road"),
    ("解放街", "Liberation Street"),
    ("新村", "New Village"),
    ("车站", "Station Road"),
    ("南市", "South Market"),
    ("北苑", "North Garden"),
    ("桥头", "Bridge End"),
    ("西湖里", "West Lake Lane"),
    ("建设路", "Construction Road"),
)
KINDS = (
    ("post_office", "邮政", "Post"),
    ("post_office", "邮政", "Post"),
    ("bank", "储蓄所", "Savings bank"),
    ("shop", "便民超市", "Corner shop"),
    ("post_office", "邮政", "Post"),
)
PLACES = 62
WEEK, DAYS_A_WEEK = [{"days": "1-6", "from": "08:30", "to": "17:00"}], [{"days": "1-7", "from": "07:30", "to": "21:00"}]
PRINTED = ["A/dyfp", "A/dyzd"]


def demo_partner_places() -> list[dict[str, Any]]:
    """Return the places of the directory: a machine in the hall, the telephone, and partners' windows up to PLACES."""
    found: list[dict[str, Any]] = [
        {"code": "M1", "name": "自助终端", "name_en": "Self-service machine", "kind": "self_service", "distance_m": 0,
         "takes": [*PRINTED, "B/lxdh"], "hours": [{"days": "1-7", "from": "09:00", "to": "16:30"}]},
        {"code": "T1", "name": "网上国网", "name_en": "Power app", "kind": "online",
         "takes": [*PRINTED, "B/fgd", "B/lxdh", "D/tdcx"]},
    ]  # fmt: skip
    for n in range(PLACES - len(found)):
        (kind, word, word_en), (street, street_en) = KINDS[n % len(KINDS)], STREETS[n % len(STREETS)]
        number = n // len(STREETS) + 1
        found.append(
            {
                "code": f"P{n + 1}",
                "name": f"{word}{street}{f'{number} 号点' if number > 1 else ''}",
                "name_en": f"{word_en}, {street_en}{f' {number}' if number > 1 else ''}",
                "kind": kind,
                "takes": ["A/jdf"],
                "hours": DAYS_A_WEEK if kind == "shop" else WEEK,
                "distance_m": 350 + 170 * n,
                "region": "东城" if n < PLACES // 2 else "城郊",
            }
        )
    return found


OFFERED: Mapping[tuple[str, str], tuple[str, int]] = {
    ("A", "jdf"): ("post_office", 18),
    ("A", "dyfp"): ("self_service", 51),
    ("A", "dyzd"): ("self_service", 47),
    ("B", "lxdh"): ("online", 9),
    ("D", "tdcx"): ("online", 11),
}
"""What the front desk offers for an item, and how many of a hundred take it up."""
OFFERED_EACH = 2


def demo_channel_offer(service: str, item: str | None, day: date, n: int) -> tuple[str, bool] | None:
    """Return which channel the front desk offers to the `n`th customer of a date, and whether it is taken up; None for
    whom it offers nothing."""
    offer = OFFERED.get((service, item or ""))
    if offer is None or n % OFFERED_EACH:
        return None
    channel, taken = offer
    return channel, (day.toordinal() * 37 + n * 61) % 100 < taken


class WhyComeDemoPart(FeatureDemoPart):
    """Who could have gone elsewhere hears so when they have a ticket."""

    @staticmethod
    def set_up(document: dict[str, Any]) -> dict[str, Any]:
        return {**document, "partners": demo_partner_places()}

    def on_arrival(self, person: SimulatedCustomer, now: datetime) -> None:
        offer = demo_channel_offer(person.service, person.item, self.day.day, len(self.day.people))
        if offer is not None and person.ready:
            ask, (to, taken) = Ask(self.day.guide, now), offer
            issuing.record_offered_channel(self.desk, ask, person.service, to=to, declined=not taken, item=person.item)
