"""Who reads what from the command line once people have PINs, and what the access journal tells of it."""

import csv
from pathlib import Path

import pytest

from queuedesk.app.main import command_services
from queuedesk.core.network.roles import MAY, MAY_READ, ReadScope, Role
from tests.cli.commands import Console, begun_once
from tests.core.added import own_verbs
from tests.rights_page import by_name, table

PIN = "4711"
ONE_OF_EACH: dict[ReadScope, tuple[str, ...]] = {
    ReadScope.HALL: ("state",),
    ReadScope.WORK: ("tickets",),
    ReadScope.NAMES: ("print-appointment", "{appointment}", "--out", "{folder}/slip.png"),
    ReadScope.FIGURES: ("report", "day", "--out", "{folder}/day.json"),
    ReadScope.LOG: ("events",),
    ReadScope.REFUSALS: ("access", "list"),
}
PEOPLE: dict[str, tuple[str, ...]] = {
    "nobody": (), "guide": ("--as", "G1"), "clerk": ("--as", "C1"), "manager": ("--as", "M1"),
    "admin": ("--as", "AD"), "reader": ("--as", "R1"), "without PIN": ("--as", "M2"),
}  # fmt: skip
"""The columns of the page's table: who asks, in a hall where M1, C1, AD and R1 have PINs."""
ELSEWHERE = {"backups list", "autostart show", "printer list", "printer show", "screen list", "switches show"}
"""Ask for a verb, or show this PC's own choices alone."""


@pytest.fixture
def hall(bare: Console, monkeypatch: pytest.MonkeyPatch) -> Console:
    """A001 was rated 2, somebody has an appointment, and M1, C1 and AD have PINs; M2 and G1 have none."""
    bare.services = command_services()
    monkeypatch.setenv("QUEUEDESK_PIN", PIN)
    return begun_once(bare, act_before)


def act_before(console: Console) -> None:
    console.ask("init", "--preset", "power", "--all-hours", "--hall", "CD")
    console.ask("staff", "add", "M2", "name=Li", "role=manager")
    console.ask("open", "3", "--staff", "C3")
    console.ask("serve", "3", "A")
    console.clock.move(minutes=5)
    console.ask("finish", "3")
    console.ask("rate", "A001", "2", "--comment", "slow")
    console.ask("appointment", "add", "A", "--at", "16:00", "--name", "Hu Min")
    console.ask("staff", "add", "R1", "name=Lin", "role=reader")
    for person in ("M1", "C1", "R1"):
        console.ask("staff", "set", person, f"pin={PIN}", "--as", "AD")
    console.ask("staff", "set", "AD", f"pin={PIN}", "--as", "AD")


def test_each_is_read_by_those_whom_the_table_names(hall: Console, tmp_path: Path) -> None:
    number = hall.ask("--as", "M1", "appointment", "list")["appointments"][0]["appointment"]
    for row in table("Who reads what"):
        words = [word.format(folder=tmp_path, appointment=number) for word in ONE_OF_EACH[ReadScope(row["what"])]]
        told = {}
        for who, named in PEOPLE.items():
            answer = hall.say("--json", *named, *words)
            told[who] = "yes" if answer.status == 0 else f"`{answer.refusal}`"
        assert {who: row[who] for who in PEOPLE} == told, row["what"]


def ratings(file: Path) -> list[str]:
    return [row["rating"] for row in csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())]


def test_the_page_says_which_role_reads_and_does_what() -> None:
    for row in table("Who reads what"):
        for role in (Role.GUIDE, Role.CLERK, Role.MANAGER, Role.ADMIN, Role.READER):
            assert (row[str(role)] == "yes") == (ReadScope(row["what"]) in MAY_READ[role]), row
    for role in Role:
        told = by_name("Who does what", "verbs", str(role))
        assert told == {verb: "yes" if verb in MAY[role] else "no" for verb in own_verbs()}


def test_no_clerk_learns_how_somebody_was_rated(hall: Console, tmp_path: Path) -> None:
    file = tmp_path / "tickets.csv"
    for who in (("--as", "C1"), ("--as", "G1"), ("--as", "M2")):
        assert "rating" not in hall.ask(*who, "tickets")["tickets"][0]
        hall.ask(*who, "tickets", "--csv", file)
        assert ratings(file) == [""]
        assert "rating" not in hall.ask(*who, "wait", "A001")
    assert "rating" not in hall.ask("wait", "A001")
    assert hall.ask("--as", "M1", "wait", "A001")["rating"] == 2
    assert hall.ask("--as", "M1", "tickets")["tickets"][0]["rating"] == 2
    hall.ask("--as", "M1", "tickets", "--csv", file)
    assert ratings(file) == ["2"]


def test_a_manager_without_a_pin_is_anybody_and_a_backup_and_an_export_ask_for_an_admin(hall, tmp_path):
    for words in (("backup", f"{tmp_path}/b"), ("export", "--out", f"{tmp_path}/e")):
        assert hall.refused(*words) == "who_are_you"
        assert hall.refused("--as", "C1", *words) == "not_your_role"
        assert hall.refused("--as", "M2", *words) == "not_your_role"
        assert hall.ask("--as", "AD", *words)["file"]
    answer = hall.say("--as", "M2", "day-end")
    told = "Others here have PINs but M2 has none, so this could be anybody; please ask an admin to give M2 a PIN.\n"
    assert (answer.status, answer.err) == (1, told)
    assert hall.ask("--as", "M2", "issue", "A")["ticket"] == "A002"
    assert hall.refused("--as", "M2", "sign-in", "manager", "M2") == "pin_needed"
    assert hall.refused("--as", "G1", "sign-in", "manager", "M1") == "not_your_role"
    assert hall.ask("--as", "M1", "sign-in", "manager", "M1")["staff"] == "M1"
    hall.ask("--as", "AD", "staff", "set", "M2", f"pin={PIN}")
    assert hall.ask("--as", "M2", "tickets")["tickets"][0]["rating"] == 2


def test_an_admin_without_one_gives_the_first_pins(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUEUEDESK_PIN", PIN)
    console.ask("staff", "set", "C1", f"pin={PIN}")
    assert console.ask("--as", "AD", "staff", "set", "AD", f"pin={PIN}") == {"code": "AD", "pin": True}
    console.ask("--as", "AD", "staff", "add", "A2", "name=Bo", "role=admin")
    assert console.refused("--as", "A2", "staff", "set", "C1", "pin=") == "pin_needed"


def test_the_access_journal_tells_who_was_refused(hall: Console) -> None:
    hall.refused("events")
    hall.refused("--as", "C1", "report", "day", "--out", "x.json")
    hall.clock.move(days=1)
    hall.refused("--as", "C1", "day-end")
    hall.refused("--as", "G1", "export", "--out", "x")
    rows = hall.ask("--as", "M1", "access", "list")["refusals"]
    assert [(row["actor"], row["verb"], row["code"]) for row in rows] == [
        ("console", "sign-in", "who_are_you"),
        ("C1", "read-figures", "not_for_you"),
        ("C1", "day-end", "not_your_role"),
        ("G1", "export", "not_your_role"),
    ]
    assert rows[0]["at"] == "2026-11-20T10:05:00+08:00"
    assert len(hall.ask("--as", "M1", "access", "list", "--to", "2026-11-20")["refusals"]) == 2
    assert len(hall.ask("--as", "M1", "access", "list", "--from", "2026-11-21")["refusals"]) == 2
    assert "Read reports and ratings  not for this role" in hall.say("--as", "M1", "access", "list").out
