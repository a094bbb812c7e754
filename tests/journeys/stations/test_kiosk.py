"""Customers alone at the kiosk, by touches only: tickets, place in line, papers, large text; read back from the log."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from queuedesk.desk import looking
from tests.every_day import walked_in
from tests.hall import make_hall
from tests.processes import ran


@pytest.mark.journey
@pytest.mark.parametrize("lang", walked_in("en"))
def test_customers_take_tickets_alone(tmp_path: Path, lang: str):
    hall = make_hall(tmp_path, time="10:40")
    hall.open("5", "C5")
    hall.queue("A", "C")
    for code in ("A", "B"):
        hall.do("set-row", "services", code, {"group": "柜台", "group_en": "Counter"})
    hall.do("set-pin", "M1", "4711")
    paper = tmp_path / "paper"
    for folder in ("config/queuedesk", "config/QueueDesk"):
        tmp_path.joinpath(folder).mkdir(parents=True)
        tmp_path.joinpath(folder, "config.json").write_text(json.dumps({"printer": f"png:{paper}"}), encoding="utf-8")
    home = dict.fromkeys(("XDG_CONFIG_HOME", "APPDATA"), str(tmp_path / "config"))

    done = ran(Path(__file__).with_name("kiosk_hands.py"), hall.path, lang, **home)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["two touches 2 A002", "several C002", f"large D001 {lang}"]
    said = [e for e in looking.events_after(hall.desk, 0) if e.actor == "station:K2"]
    assert [(e.kind, e.ticket, e.service, e.data["class"], e.data.get("steps")) for e in said] == [
        ("issue", "A002", "A", "normal", None),
        ("issue", "C002", "C", "elderly", ["B"]),
        ("issue", "D001", "D", "normal", None),
    ]
    assert {file.stem for file in paper.iterdir()} == {"A002", "C002", "D001", "papers-B-gmgh"}
