"""Text messages for the hall's gateway: each goes into a file once, with numbers that are kept beside the log."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import pytest

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.desk.change import Document
from queuedesk.desk.queue import calling
from queuedesk.desk.setup import setting_up
from queuedesk.desk.talk import alarms
from queuedesk.features.appointments import verbs as booking
from queuedesk.features.appointments.verbs import Wish
from queuedesk.features.thanks import papers, verbs
from queuedesk.store.log import journal
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import ADMIN, MANAGER, Hall, clerk, simple_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = simple_hall(tmp_path)
    hall.open("1", "C1")
    return hall


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def export(hall: Hall, file: Path, again: int | None = None) -> Document:
    return papers.export(hall.desk, hall.ask(MANAGER), file, "en", again=again)


@ON_BOTH_ENGINES
def test_a_warning_is_exported_once_to_who_has_a_number(hall: Hall, tmp_path: Path) -> None:
    for code, of in (("C1", ["A"]), ("C2", ["A"])):
        setting_up.set_row(hall.desk, hall.ask(ADMIN), "staff", code, {"warned_of": of})
    kept = verbs.set_number(hall.desk, hall.ask(MANAGER), "C2", "+86 138 0013 5176")
    assert kept["number"] == "861 •••• 5176"
    hall.issue("A")
    hall.clock.move(minutes=40)
    alarms.raise_due(hall.desk, hall.ask())

    # What can't be written is not lost.
    with pytest.raises(OutsideError):
        export(hall, tmp_path / "no folder" / "x.csv")
    done = export(hall, tmp_path / "one.csv")
    (row,) = rows_of(tmp_path / "one.csv")
    assert (row["kind"], row["number"]) == ("warning", "008613800135176")
    assert "long wait" in row["text"] and row["valid_until"] > row["time"]
    assert (done["messages"], done["without_number"]) == (1, 1)
    event = hall.last()
    assert (event.kind, event.actor, event.data["messages"]) == ("texts", "M1", [row["id"]])
    log = str([one.data for one in hall.log()])
    assert "0013 5176" not in log and "00135176" not in log, "no number is in the log"

    assert export(hall, tmp_path / "two.csv")["export"] is None and not (tmp_path / "two.csv").exists()
    export(hall, tmp_path / "again.csv", again=event.seq)
    assert rows_of(tmp_path / "again.csv") == [row]
    with pytest.raises(RuleError, match="not_there"):
        export(hall, tmp_path / "x.csv", again=1)
    with pytest.raises(RuleError, match="not_your_role"):
        verbs.set_number(hall.desk, hall.ask(clerk("C1")), "C1", "1")
    setting_up.remove_row(hall.desk, hall.ask(ADMIN), "staff", "C2")
    assert verbs.numbers_of(hall.desk) == {}


def test_customers_get_messages_only_by_the_rule_and_while_their_contact_is_kept(hall: Hall, tmp_path: Path) -> None:
    wish = Wish(service="A", at=hall.clock() + timedelta(minutes=20), name="Hu", contact="13900001111")
    seq = booking.book(hall.desk, hall.ask(MANAGER), wish)["appointment"]
    label = booking.arrive(hall.desk, hall.ask(MANAGER), seq)["ticket"]
    assert export(hall, tmp_path / "a.csv")["messages"] == 0, "the rule is off"
    setting_up.change_part(hall.desk, hall.ask(ADMIN), "settings", {"customer_texts": "on"})

    export(hall, tmp_path / "b.csv")
    (near,) = rows_of(tmp_path / "b.csv")
    assert (near["kind"], near["number"]) == ("near", "13900001111") and label in near["text"]
    hall.clock.move(minutes=10)
    hall.call("1")
    export(hall, tmp_path / "c.csv")
    (called,) = rows_of(tmp_path / "c.csv")
    assert called["kind"] == "called" and "Window 1" in called["text"]
    calling.start(hall.desk, hall.ask(), "1")
    calling.finish(hall.desk, hall.ask(), "1")
    with hall.desk.db.write(hall.desk.hall) as tx:
        journal.forget_contacts(tx, hall.desk.hall, hall.date + timedelta(days=99))
    assert export(hall, tmp_path / "d.csv")["messages"] == 0, "the contact is deleted"


@ON_BOTH_ENGINES
def test_a_message_counts_who_comes_from_another_service_first(tmp_path: Path) -> None:
    always = [{"days": "1-7", "from": "0:00", "to": "24:00"}]
    services = [
        {"code": code, "name": code, "prefix": code, "hours": always, "handling_target": minutes}
        for code, minutes in (("A", 5), ("B", 60))
    ]
    windows = [{"code": str(n), "services": [code]} for n, code in enumerate("AAAB", 1)]
    hall = simple_hall(tmp_path, services=services, windows=windows, settings={"customer_texts": "on"})
    for n in "1234":
        hall.open(n, f"C{n}")
    for _ in range(3):
        hall.issue("A", then=["B"])
    hall.issue("B")
    for n in "1234":
        hall.call(n)
        hall.do("start", n)
    hall.clock.move(minutes=1)
    wish = Wish(service="B", at=hall.clock() + timedelta(minutes=5), name="Hu", contact="13900001111")
    seq = booking.book(hall.desk, hall.ask(MANAGER), wish)["appointment"]
    label = booking.arrive(hall.desk, hall.ask(MANAGER), seq)["ticket"]
    export(hall, tmp_path / "a.csv")
    (joined,) = rows_of(tmp_path / "a.csv")

    assert (joined["kind"], joined["text"]) == ("joined", f"Test hall: your number is {label}, 3 before you.")
