"""A guide's quarter of an hour in a process of its own, by keys and clicks, read back from the log and from the
slips."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.desk import looking
from queuedesk.desk.queue import calling
from tests.every_day import walked_in
from tests.hall import make_hall
from tests.journeys.stations.talk import Talk


@pytest.mark.journey
@pytest.mark.parametrize("lang", walked_in("zh_CN"))
def test_customers_from_greeting_to_ticket(tmp_path: Path, lang: str):
    hall = make_hall(tmp_path, time="10:30")
    hall.open("5", "C5")
    hall.queue("A")
    hall.call("5")
    calling.miss(hall.desk, hall.ask(), "5")
    slips = tmp_path / "slips"
    slips.mkdir()

    with Talk("guide_hands.py", hall.path, slips, lang, home=tmp_path) as guide:
        guide.end()

    log = [e for e in looking.events_after(hall.desk, 0) if e.actor == "G1"]
    assert [(e.kind, e.ticket, e.service) for e in log] == [
        ("sign-in", None, None),
        ("issue", "B001", "B"),
        ("issue", "A002", "A"),
        ("not-ready", None, "B"),
        ("reinstate", "A001", "A"),
        ("redirect", "B001", "C"),
        ("issue", "D001", "D"),
        ("void", "D001", "D"),
    ]
    assert log[1].data["item"] == "gmgh"
    assert log[2].data["class"] == "elderly"
    assert log[7].data["reason"] == "undone"
    assert {file.name for file in slips.iterdir()} == {
        "B001.png",
        "A002.png",
        "A002-2.png",
        "D001.png",
        "papers-B-gmgh.png",
        "page.png",
    }
