"""Customers who come back or have an appointment, at a front desk in a process of its own, read back from the log."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.features.appointments import verbs as booking
from queuedesk.features.appointments.verbs import Wish
from queuedesk.printing.qr import ticket_text
from tests.every_day import walked_in
from tests.hall import Clock, Hall, at, create_hall, preset
from tests.journeys.stations.talk import Talk


def yesterdays_hall(folder: Path) -> Hall:
    """Return a hall whose B001 was put off to today and whose B002 was served."""
    document = preset("power")
    document["settings"] = {**document.get("settings", {}), "overnight": "early_place"}
    clock = Clock(at("10:00") - timedelta(days=1))
    path = folder / "hall.sqlite"
    hall = Hall(create_hall(path, document, Ask(CONSOLE, clock())), clock, path)
    hall.issue("B", item="gmgh")
    hall.issue("B")
    hall.do("defer", "B001")
    hall.open("3", "C3")
    hall.serve_out("3")
    hall.do("day-end")
    hall.clock.now = at("10:30")
    return hall


@pytest.mark.journey
@pytest.mark.parametrize("lang", walked_in("en"))
def test_returns_offers_and_appointments(tmp_path: Path, lang: str):
    hall = yesterdays_hall(tmp_path)
    hall.open("5", "C5")
    for time, name, service in (("10:50", "Hu Min", "B"), ("11:00", "Li Da", "A"), ("16:00", "Chen", "C")):
        hall.do("book", Wish(service=service, at=at(time), name=name))
    yesterday = at("10:00").date() - timedelta(days=1)
    code = looking.setup_of(hall.desk).hall.code
    text = ticket_text(code, yesterday, "B001", hall.ticket("B001", yesterday).token)
    slips = tmp_path / "slips"
    slips.mkdir()

    with Talk("guide_visits_hands.py", hall.path, slips, lang, text, home=tmp_path) as guide:
        guide.end()

    log = [e for e in looking.events_after(hall.desk, 0) if e.actor == "G1"]
    assert [(e.kind, e.ticket, e.service) for e in log] == [
        ("sign-in", None, None),
        ("issue", "B001", "B"),
        ("issue", "A001", "A"),
        ("offer", None, "A"),
        ("offer", None, "A"),
        ("issue", "B002", "B"),
        ("issue", "A002", "A"),
        ("book", None, "A"),
        ("unbook", None, "C"),
    ]
    first, second = log[1].data, log[2].data
    assert (first["return_of"], first["repeat"], first["item"]) == (f"B001@{yesterday}", True, "gmgh")
    assert hall.ticket("B001").place == hall.ticket("B001", yesterday).arrived
    assert (second["return_of"], second["steps"]) == (f"B002@{yesterday}", ["C"])
    assert [(e.data["to"], e.data["accepted"]) for e in log[3:5]] == [("bank", False), ("self_service", True)]
    assert log[8].data["reason"] == "customer_off"
    states = {row["name"]: row["state"] for row in booking.appointments_of(hall.desk, hall.date)}
    assert states == {"Hu Min": "came", "Li Da": "came", "Wu": "booked", "Chen": "cancelled"}
    assert {file.stem for file in slips.iterdir()} == {"B001", "A001", "B002", "A002", "returns", "list"}
    hall.must_follow_from_its_log()
