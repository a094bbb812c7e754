"""Three halls of one database compared in a month, against the same worked out from their printed logs."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CONSOLE, CUSTOMER
from queuedesk.desk import figures, looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import rating
from queuedesk.desk.upkeep import maintenance
from queuedesk.features.halls.verbs import compare_halls, comparison_document
from queuedesk.sim.demand import SimulatedDay
from tests.hall import preset
from tests.reports.days import asked, hall, kept, printed_log
from tests.reports.figures.recompute_halls import compared, counted

AFTER = datetime(2026, 12, 30, 12, tzinfo=UTC)
DECEMBER = date(2026, 12, 1)
DAYS = {date(2026, 11, 19): 8, date(2026, 12, 1): 70}
LEVELS = {"CD": [5, 5, 4, 4, 3, 1], "WEST": [5, 4, 4, 3, 3, 3, 3, 3, 3, 3, 3, 1], "NORTH": [5, 2, 2, 1]}


def live(desk: Desk, code: str, rng: Random) -> None:
    """Let days pass in a hall, most customers rate, and two ratings of each day be taken out."""
    for day, customers in DAYS.items():
        SimulatedDay(desk, day, rng.randint(1, 99), customers=customers).play()
        now = (looking.last_event_time(desk) or AFTER) + timedelta(minutes=1)
        for ticket in list(looking.hall_state_on(desk, day).tickets.values()):
            if ticket.rating is None and rng.random() < 0.8:
                with suppress(RuleError):
                    rating.rate_visit(desk, Ask(CUSTOMER, now), ticket.label, rng.choice(LEVELS[code]))
        for _day, label in rng.sample(list(looking.hall_state_on(desk, day).ratings), 2):
            left_out = {"changes": {"rating": "excluded"}, "reason": "chosen", "second": "AD"}
            figures.correct_leg_or_rating(desk, asked(now), label, day=day, **left_out)


@kept
def three_halls(folder: Path) -> Desk:
    rng, document = Random(5), preset()
    desk = hall(folder, hall=document["hall"] | {"region": "East"})
    live(desk, "CD", rng)
    for code in ("WEST", "NORTH"):
        own = document["hall"] | {"code": code, "name": code, "name_en": code, "region": "West"}
        services = [row | {"name": "别的"} if row["code"] == "C" else row for row in document["services"]]
        (folder / code).mkdir()
        other = hall(folder / code, hall=own, services=services if code == "WEST" else document["services"])
        live(other, code, rng)
        maintenance.export_hall_log(other, CONSOLE, folder / f"{code}.log", AFTER)
        other.db.dispose()
        maintenance.merge_exported_log(folder / f"{code}.log", folder / "hall.sqlite", asked(AFTER))
    return desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return three_halls(tmp_path)


def test_a_month_of_three_halls_comes_to_the_same_from_their_logs(desk):
    document = comparison_document(compare_halls(desk, CONSOLE, "month", DECEMBER, AFTER))
    logs = {code: printed_log(Desk(desk.db, looking.hall_id_by_code(desk.db, code))) for code in LEVELS}
    november, december = ([str(day) for day in DAYS if day.month == month] for month in (11, 12))
    found = compared({code: counted(log, december, AFTER) for code, log in logs.items()})
    before = compared({code: counted(log, november, AFTER) for code, log in logs.items()})
    keys = ("n", "satisfied", "rate", "alike", "spread", "lies", "lies_as_counted")
    for row in document["halls"]:
        own = found[row["hall"]]
        assert {key: row[key] for key in keys} == pytest.approx({key: own[key] for key in keys}, abs=1e-6), row["hall"]
        then = before[row["hall"]]
        assert (row["before"]["n"], row["before"]["rate"]) == pytest.approx((then["n"], then["rate"]), abs=1e-6)
    assert sorted(document["moved"]) == sorted(code for code, own in found.items() if own.get("moved"))
    assert document["all"]["n"] == sum(own["n"] for own in found.values()) > 150
    west = next(one for one in document["regions"] if one["region"] == "West")
    assert west["n"] == found["WEST"]["n"] + found["NORTH"]["n"]
    assert {row["lies"] for row in document["halls"]} == {"above", "below"} or "inside" in str(document)
