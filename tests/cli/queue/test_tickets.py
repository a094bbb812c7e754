"""The queue's commands: each does what its name says, and answers with the ticket as it now stands."""

from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from queuedesk.core.errors import OutsideError
from queuedesk.core.log.event import QUEUE_KINDS
from tests.cli.commands import Console, begun_once

TICKET = {
    *("ticket", "service", "item", "state", "class", "arrived", "ahead", "wait", "wait_reason", "window", "calls"),
    *("overtaken", "visit"),
}
# A day on which every command of the queue is used once: the words, and what they answer with.
DAY = [
    ("call 3", "A001 called"),
    ("recall 3", "A001 called"),
    ("start 3", "A001 serving"),
    ("stall 3 --reason network", "A001 serving"),
    ("unstall 3", "A001 serving"),
    ("park 3 --reason copying", "A001 parked"),
    ("unpark 3 a1", "A001 serving"),
    ("add 3 B", "A001 serving"),
    ("finish 3 --outcome ok --note x --form-free --delivered A:2 B", "A001 waiting"),
    ("call 3 --ticket Ａ００３ --reason frail", "A003 called"),
    ("miss 3", "A003 missed"),
    ("reinstate A003", "A003 waiting"),
    ("call 3 --ticket A003 --reason came_back", "A003 called"),
    ("return 3 --reason wrong_number", "A003 waiting"),
    ("leave A003", "A003 left"),
    ("call 3 --ticket A002 --reason frail", "A002 called"),
    ("transfer 3 B --place end --note x", "A002 waiting"),
    ("postpone A001", "A001 waiting"),
    ("need A001 deaf", "A001 waiting"),
    ("fetched A001", "A001 waiting"),
    ("redirect --ticket A002 A", "A002 waiting"),
    ("serve 3 B --reason one_question", "B001 serving"),
    ("redirect 3 A", "B001 waiting"),
    ("void B001 --reason twice", "B001 void"),
    ("call 3 --ticket A001 --reason frail", "A001 called"),
    ("finish 3", "A001 finished"),
    ("reopen 3", "A001 serving"),
    ("finish 3", "A001 finished"),
    ("rate A001 4 --attitude 5", "A001 finished"),
    ("rate A001 --tag other --comment thanks", "A001 finished"),
    ("defer A002", "A002 left"),
]


def three_waiting(console: Console) -> None:
    console.ask("settings", "set", "overnight", "early_place")
    console.ask("open", "3", "--staff", "C3")
    for _ in range(3):
        console.ask("issue", "A")


@pytest.fixture
def hall(console: Console) -> Console:
    """Window 3 with C3, and three tickets for it."""
    return begun_once(console, three_waiting)


def test_a_ticket_has_every_field_of_the_contract(console):
    ticket = console.ask("issue", "A", "--class", "elderly", "--then", "B", "C")

    assert set(ticket) == TICKET
    assert (ticket["ticket"], ticket["state"], ticket["class"], ticket["visit"]) == (
        *("A001", "waiting", "elderly"),
        ticket["arrived"][:10] + "-A001",
    )


def test_every_command_of_the_queue_does_what_it_says(hall):
    answers = [hall.ask(*words.split()) for words, _ in DAY]
    hall.ask("pause", 3, "--reason", "break", "--minutes", 10)
    hall.ask("resume", 3)
    hall.ask("close", 3)

    assert [f"{answer['ticket']} {answer['state']}" for answer in answers] == [state for _, state in DAY]
    assert {event["kind"] for event in hall.log()} - {"set-up", "reasons", "need"} == QUEUE_KINDS


def test_what_is_known_appears_in_the_answer(hall):
    hall.ask("call", 3)
    hall.ask("start", 3)
    hall.ask("finish", 3)

    rated = hall.ask("rate", "A001", 5)
    assert {"called", "started", "finished"} <= set(rated)
    assert (rated["staff"], rated["window"], rated["calls"], rated["rating"]) == ("C3", "3", 1, 5)


def test_a_recall_after_the_last_call_misses(hall):
    hall.ask("call", 3)

    assert [hall.ask("recall", 3)["state"] for _ in range(3)] == ["called", "called", "missed"]
    assert hall.log()[-1]["kind"] == "miss"


def test_a_ticket_of_another_date_is_named_by_it(hall):
    yesterday = hall.clock.now.date()
    hall.clock.move(days=1)

    assert hall.refused("reinstate", "A001") == "unknown_ticket"
    assert hall.ask("issue", "A", "--return-of", f"A001@{yesterday}")["ticket"] == "A001"
    assert hall.refused("leave", "A001", "--date", str(yesterday)) == "wrong_state"
    assert hall.ask("wait", "A001", "--date", str(yesterday))["state"] == "left"


def test_closing_while_people_wait_is_warned_of(hall):
    answer = hall.say("--json", "close", 3)

    assert answer.document["unserved"] == ["A"]
    assert answer.err == "People are waiting for A, and no open window serves them.\n"


def test_the_clerk_at_the_window_acts_while_nobody_has_a_pin(hall):
    hall.ask("call", 3)
    hall.ask("leave", "A002")

    assert [event["actor"] for event in hall.log(6)] == ["C3", "console"]


def test_day_end_ends_and_says_what(hall):
    hall.ask("call", 3)

    ended = hall.ask("day-end")
    assert (ended["waiting"], ended["gone"], ended["windows"]) == (2, 1, 1)
    before = hall.log()
    assert hall.say("day-end").status == 0
    assert hall.log() == before


def test_people_at_stations_are_noted(console):
    assert console.ask("sign-in", "guide", "G1") == {"station": "guide", "staff": "G1"}
    assert console.ask("sign-out", "guide") == {"station": "guide", "staff": None}
    assert console.refused("sign-out", "guide") == "not_signed_in"


def test_a_print_without_a_printer_leaves_a_valid_ticket(console):
    answer = console.say("issue", "A", "--print")

    assert (answer.status, answer.out) == (1, "")
    assert answer.err == "No printer: please write down A001; it is valid.\n"
    assert console.ask("wait", "A001")["state"] == "waiting"


def test_a_printers_trouble_names_what_is_valid_all_the_same(console):
    def refuse(*_what):
        return {"printed": False, "error": OutsideError("printer_refused", printer="T1")}

    def miss(*_what):
        return {"printed": False, "printer": None, "error": OutsideError("no_printer", printer="")}

    paper = SimpleNamespace(print_ticket=miss, print_papers=refuse)
    console.services = replace(console.services, paper=lambda _desk, _clock: paper)
    assert console.say("issue", "A", "--print").err == "No printer: please write down A001; it is valid.\n"
    told = console.say("--json", "issue", "A", "--print").document["error"]
    assert told == {"code": "no_printer", "message": "No printer: please write down A002; it is valid."}
    counted = console.say("not-ready", "B", "--item", "gmgh", "--print")
    assert counted.err == "Counted. The printer T1 did not print: please read the list of papers out.\n"
    assert [event["kind"] for event in console.log()][-1] == "not-ready"


def test_a_printer_prints(console):
    printed = []
    done = {"printed": True, "error": None}
    paper = SimpleNamespace(
        print_ticket=lambda day, label: printed.append((str(day), label)) or done,
        print_papers=lambda service, item: printed.append((service, item)) or done,
    )
    console.services = replace(console.services, paper=lambda _desk, _clock: paper)
    issued = console.ask("issue", "A", "--print")
    console.ask("not-ready", "B", "--item", "gmgh", "--print")

    assert printed == [(issued["arrived"][:10], "A001"), ("B", "gmgh")]


def test_a_service_is_lent_and_taken_back(console):
    console.ask("open", "1", "--staff", "C1")
    assert console.ask("--as", "G1", "lend", 1, "B")["services"] == ["A", "B"]
    assert console.say("lend", 1, "B", "--back").out == "window 1  Open  C1  A\n"
    assert console.refused("lend", 1, "B", "--back") == "not_lent"
