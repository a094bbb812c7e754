"""A manager's day at the manager's station in a process of its own, in both languages, read back from log and file."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.desk import looking
from queuedesk.desk.queue import sign_in_and_pins
from tests.every_day import walked_in
from tests.hall import ADMIN, at, make_hall
from tests.processes import ran


@pytest.mark.journey
@pytest.mark.parametrize("lang", walked_in("en"))
def test_alert_note_notice_correction_and_table_by_hand(tmp_path: Path, lang: str):
    hall = make_hall(tmp_path, time="10:20")
    sign_in_and_pins.set_pin(hall.desk, hall.ask(ADMIN), "AD", "2468")
    sign_in_and_pins.set_pin(hall.desk, hall.ask(ADMIN), "M1", "1357")
    hall.open("3", "C3")
    hall.queue("B", "B", "A")
    hall.serve_out("3", minutes=14)
    folder = tmp_path / "reports"
    folder.mkdir()

    done = ran(Path(__file__).with_name("manager_day_hands.py"), hall.path, folder, lang)

    assert done.returncode == 0, done.stderr
    log = [e for e in looking.events_after(hall.desk, 0) if e.actor == "M1"]
    assert [e.kind for e in log] == ["sign-in", "ack", "day-note", "notice", "notice", "correct"]
    assert (log[2].data["kind"], log[2].data["from"], log[2].data["to"]) == ("outage", 610, 630)
    assert log[3].data["text"] == "Cards work again"
    assert log[4].data["withdrawn"] == log[3].seq
    assert (log[5].ticket, log[5].data["second"], log[5].data["reason"]) == ("B001", "AD", "finish pressed late")
    assert hall.ticket("B001").leg.finished == at("10:33")
    assert "B001" in (folder / "CD-2026-11-20-tickets.csv").read_text(encoding="utf-8-sig")
    assert (folder / "today.png").stat().st_size > 10_000
    hall.must_follow_from_its_log()
