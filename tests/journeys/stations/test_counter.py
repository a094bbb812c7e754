"""A clerk's morning at window 3 in a process of its own, by keys and clicks, read back from the log."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.desk import looking
from tests.every_day import walked_in
from tests.hall import make_hall
from tests.journeys.stations.talk import Talk


@pytest.mark.journey
@pytest.mark.parametrize("lang", walked_in("en"))
def test_two_customers_from_sign_in_to_closing(tmp_path: Path, lang: str):
    hall = make_hall(tmp_path, time="10:40")
    hall.queue("A", "B")
    picture = tmp_path / "counter.png"

    with Talk("counter_hands.py", hall.path, picture, lang, home=tmp_path) as counter:
        counter.end()

    log = [e for e in looking.events_after(hall.desk, 0) if e.actor == "C3"]
    assert [(e.kind, e.ticket) for e in log] == [
        ("open", None),
        ("call", "A001"),
        ("recall", "A001"),
        ("start", "A001"),
        ("park", "A001"),
        ("unpark", "A001"),
        ("finish", "A001"),
        ("call", "B001"),
        ("start", "B001"),
        ("finish", "B001"),
        ("close", None),
    ]
    assert {e.window for e in log} == {"3"}
    assert log[4].data["reason"] == "copying"
    assert picture.stat().st_size > 10_000
