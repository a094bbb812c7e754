"""Offers, notices, notes, alerts and corrections from scripts."""

import json

import pytest

from tests.cli.commands import Console, begun_once


def served(console: Console) -> None:
    console.ask("staff", "add", "M2", "name=Li", "role=manager")
    console.ask("open", "3", "--staff", "C3")
    console.ask("issue", "A")
    console.ask("call", 3)
    console.ask("start", 3)
    console.clock.move(minutes=10)
    console.ask("finish", 3)
    console.ask("rate", "A001", 2)


@pytest.fixture
def hall(console: Console) -> Console:
    """A001 was served at window 3 by C3 from 10:00 to 10:10 and rated 2; two people of the hall may confirm."""
    return begun_once(console, served)


def test_an_offer_is_counted_whether_it_is_taken_or_not(hall):
    hall.ask("issue", "A")

    assert hall.ask("divert", "A", "--to", "self_service") == {"service": "A", "to": "self_service", "accepted": True}
    assert hall.ask("divert", "A", "--to", "bank", "--declined", "--ticket", "a2")["accepted"] is False
    assert [(e["kind"], e["ticket"], e["data"]["to"], e["data"]["accepted"]) for e in hall.log()[-2:]] == [
        ("offer", None, "self_service", True),
        ("offer", "A002", "bank", False),
    ]
    assert hall.refused("divert", "A", "--to", "pub") == "bad_value"
    assert hall.say("divert", "A", "--to", "bank", "--declined").out == "A  Bank  declined\n"
    assert hall.say("divert", "A").status == 2


def test_a_notice_is_pushed_and_stopped(hall):
    hall.ask("window", "set", "3", "zone=东区", "zone_en=East")
    first = hall.ask("notice", "push", "演习", "--en", "Drill", "--minutes", 5, "--zone", "east")
    second = hall.ask("notice", "push", "停电")

    assert set(first) == {
        *("seq", "text", "text_en", "zone", "display", "since", "begins", "until", "spoken", "emergency")
    }
    assert (first["zone"], first["text_en"], first["until"][11:16], second["until"]) == ("东区", "Drill", "10:15", None)
    assert hall.ask("notice", "pushed") == {"notices": [first, second]}
    hall.clock.move(minutes=5)
    assert hall.ask("notice", "pushed") == {"notices": [second]}
    assert hall.refused("notice", "stop", first["seq"]) == "not_there"
    assert hall.ask("notice", "stop", second["seq"]) == second
    assert hall.say("notice", "pushed").out == "No notices.\n"


def test_the_end_of_the_day_ends_what_was_pushed_even_after_everything_else_ended(hall):
    hall.ask("day-end")
    hall.ask("notice", "push", "停电")
    hall.ask("day-end")

    assert hall.log()[-1]["data"]["notices"]
    assert hall.ask("notice", "pushed") == {"notices": []}


def test_a_note_explains_a_day_and_may_be_taken_back(hall):
    note = hall.ask("note", "add", "outage", "停电", "--date", "2026-11-18", "--from", "8:30", "--to", "11:00")

    assert note == {
        "seq": note["seq"],
        "date": "2026-11-18",
        "kind": "outage",
        "text": "停电",
        "from": "08:30",
        "to": "11:00",
        "by": "console",
    }
    assert hall.ask("note", "list", "--date", "2026-11-18") == {"notes": [note]}
    assert hall.ask("note", "list", "--date", "2026-11-20") == {"notes": []}
    assert "Outage  停电" in hall.say("note", "list").out
    assert hall.refused("note", "remove", note["seq"], "--reason", " ") == "reason_needed"
    hall.ask("note", "remove", note["seq"], "--reason", "wrong day")
    assert hall.ask("note", "list") == {"notes": []}
    assert hall.say("state").status == 0, "a note on another day moves no date"
    assert hall.ask("issue", "A")["visit"].startswith("2026-11-20")


def test_an_alert_that_somebody_has_seen_stays_and_says_so(hall):
    hall.ask("issue", "A")
    hall.clock.move(minutes=12)
    before = [a for a in hall.ask("state")["alerts"] if a["kind"] == "long_wait"]
    seen = hall.ask("ack", "long_wait", "--service", "A", "--as", "M2")["alerts"]
    (after,) = [a for a in hall.ask("state")["alerts"] if a["kind"] == "long_wait"]

    assert [(a["acknowledged"], a["acknowledged_by"]) for a in before] == [(False, None)]
    assert {**seen[0], "message": after["message"]} == after
    assert (after["level"], after["acknowledged"], after["acknowledged_by"]) == ("amber", True, "M2")
    assert after["since"] == before[0]["since"]
    assert "(seen by M2)" in hall.say("state").out
    assert [e["kind"] for e in hall.log()[-2:]] == ["alarm", "ack"]
    assert hall.refused("ack", "long_wait") == "already_acknowledged"
    assert hall.refused("ack", "crowd") == "no_alert"
    hall.clock.move(minutes=5)
    (red,) = [a for a in hall.ask("state")["alerts"] if a["kind"] == "long_wait"]
    assert (red["level"], red["acknowledged"]) == ("red", False), "a higher level is nobody's yet"


def test_one_person_corrects_what_no_money_hangs_on(hall):
    answer = hall.ask("correct", "a1", "outcome=done", "delivered=A:2,B", "form_free=on", "--reason", "left out")

    assert (answer["state"], answer["flags"]) == ("finished", ["corrected"])
    assert hall.log()[-1]["data"] == {
        "date": "2026-11-20",
        "leg": 1,
        "reason": "left out",
        "old": {"outcome": None, "delivered": [], "form_free": False},
        "new": {"outcome": "done", "delivered": ["A:2", "B"], "form_free": True},
    }
    assert hall.ask("tickets")["tickets"][0]["flags"] == ["corrected"]
    assert hall.refused("correct", "A001", "outcome=done", "--reason", "r") == "nothing_to_correct"
    assert hall.refused("correct", "A001", "service=B", "--reason", "r") == "bad_value"


def test_times_people_and_ratings_take_two(hall):
    change = ("correct", "A001", "finished=10:06:30", "staff=C4", "rating=excluded", "--reason", "forgot the key")

    assert hall.refused(*change) == "second_needed"
    assert hall.refused(*change, "--as", "M2", "--second", "M2") == "same_person"
    assert hall.refused(*change, "--second", "C4") == "not_a_second"
    answer = hall.ask(*change, "--second", "M2")
    assert (answer["finished"][11:19], answer["staff"]) == ("10:06:30", "C4")
    assert answer["flags"] == ["corrected", "rating_excluded"]
    for wrong in ("finished=9:59", "finished=10:11", "started=2026-11-19T10:00", "finished=0001-01-01T00:00"):
        assert hall.refused("correct", "A001", wrong, "--reason", "r", "--second", "M2") == "times_order"
    assert hall.refused("correct", "A001", "finished=noon", "--reason", "r", "--second", "M2") == "bad_value"


def test_a_clerk_hands_a_window_over_to_who_is_there(hall, monkeypatch):
    hall.ask("staff", "set", "C4", "pin=1147")
    monkeypatch.setenv("QUEUEDESK_PIN", "4711")
    monkeypatch.delenv("QUEUEDESK_SECOND_PIN", raising=False)
    over = ("--as", "C3", "hand-over", "3", "--staff", "C4")

    assert hall.refused(*over) == "who_are_you"
    monkeypatch.setenv("QUEUEDESK_SECOND_PIN", "1147")
    assert hall.ask(*over)["staff"] == "C4"
    assert hall.ask("--as", "M1", "hand-over", "3", "--staff", "C3")["staff"] == "C3"


def test_the_second_person_proves_who_it_is(hall, monkeypatch):
    hall.ask("staff", "set", "M1", "pin=4711")
    hall.ask("staff", "set", "M2", "pin=1147", "--as", "AD")
    change = ("correct", "A001", "rating=3", "--reason", "r", "--as", "M1", "--second", "M2")
    monkeypatch.setenv("QUEUEDESK_PIN", "4711")
    monkeypatch.delenv("QUEUEDESK_SECOND_PIN", raising=False)

    assert hall.refused(*change) == "who_are_you"
    monkeypatch.setenv("QUEUEDESK_SECOND_PIN", "4711")
    assert hall.refused(*change) == "wrong_pin"
    monkeypatch.setenv("QUEUEDESK_SECOND_PIN", "1147")
    assert hall.ask(*change)["rating"] == 3
    assert json.loads(hall.say("--json", "events", "--as", "M1").out.splitlines()[-1])["data"]["second"] == "M2"
