"""A clerk's morning from sign-in to sign-out without the mouse, in both languages, read back from the log."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.desk import looking
from queuedesk.desk.queue import sign_in_and_pins
from tests.every_day import walked_in
from tests.hall import make_hall
from tests.processes import ran


@pytest.mark.journey
@pytest.mark.parametrize("lang", walked_in("zh_CN"))
def test_a_morning_by_keys_alone(tmp_path: Path, lang: str):
    hall = make_hall(tmp_path, time="10:40")
    sign_in_and_pins.set_pin(hall.desk, hall.ask(), "C3", "4001")
    hall.queue("A", "B", "A")

    done = ran(Path(__file__).with_name("keyboard_hands.py"), hall.path, lang)

    assert done.returncode == 0, done.stderr
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
        ("pause", None),
        ("resume", None),
        ("close", None),
    ]
    assert log[6].data["delivered"] == ["A", "B"]
    assert log[-1].data["left_to"] == "@manager"
