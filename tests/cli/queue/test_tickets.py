"""The queue's commands: printing, and one number a person by a reference that stands nowhere in clear text."""

import sqlite3
from types import SimpleNamespace

from msgspec.structs import replace

from queuedesk.core.errors import OutsideError
from tests.cli.commands import Console
from tests.cli.upkeep.test_keeping import is_whole


def test_a_printer_prints_and_its_trouble_tells_what_was_done_all_the_same(console):
    printed = []
    done = {"printed": True, "error": None}
    paper = SimpleNamespace(
        print_ticket=lambda day, label: printed.append((str(day), label)) or done,
        print_papers_list=lambda service, item: printed.append((service, item)) or done,
    )
    console.services = replace(console.services, paper=lambda _desk, _clock: paper)
    issued = console.ask("issue", "A", "--print")
    console.ask("not-ready", "B", "--item", "gmgh", "--print")
    assert printed == [(issued["arrived"][:10], "A001"), ("B", "gmgh")]
    refused = {"printed": False, "error": OutsideError("printer_refused", printer="T1")}
    paper = SimpleNamespace(print_papers_list=lambda *_what: refused)
    console.services = replace(console.services, paper=lambda _desk, _clock: paper)
    counted = console.say("not-ready", "B", "--item", "gmgh", "--print")
    assert counted.err == "Counted. The printer T1 did not print: please read the list of papers out.\n"
    assert [event["kind"] for event in console.log()][-1] == "not-ready"


PHONE = "138 0013 8000"


def test_a_reference_stands_nowhere_in_clear_and_is_kept_for_its_day(console: Console) -> None:
    console.ask("settings", "set", "one_number", "on")
    for option, reference in (("--ref", PHONE), ("--person", "13900139000")):
        first = console.ask("issue", "A", option, reference, "--id", f"id{option}")
        assert console.ask("issue", "A", option, reference, "--id", f"id{option}") == first
    with sqlite3.connect(console.db) as file:
        kept = str(file.execute("SELECT command, words, answer FROM commands").fetchall())
        logged = str(file.execute("SELECT data FROM events").fetchall())
    assert "one-number:" in kept
    assert not any(form in kept + logged for form in (PHONE, "13800138000", "13900139000"))
    assert is_whole(console)
    console.ask("day-end")
    with sqlite3.connect(console.db) as file:
        assert file.execute("SELECT count(*) FROM commands WHERE command LIKE 'one-number:%'").fetchone() == (0,)
    assert console.ask("issue", "A", "--ref", PHONE)["ticket"] == "A003"
