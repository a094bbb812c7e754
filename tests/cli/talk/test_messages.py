"""Messages, calls for help, notices at a time and emergencies from scripts."""

import pytest

from tests.cli.commands import Console, begun_once


def begun(console: Console) -> None:
    console.ask("open", "3", "--staff", "C3")


@pytest.fixture
def hall(console: Console) -> Console:
    """Window 3 is open with C3; it is ten."""
    return begun_once(console, begun)


def test_a_message_goes_to_a_window_and_is_seen_there_once(hall):
    sent = hall.ask("--as", "G1", "message", "send", 3, "客户去了您的窗口", "--en", "A customer is on the way to you")

    assert (sent["by"], sent["from"], sent["to"], sent["seen"]) == ("G1", "guide", "counter-3", [])
    assert hall.ask("message", "list") == {"messages": [sent]}
    hall.clock.move(minutes=1)
    seen = hall.ask("--as", "C3", "message", "seen", sent["seq"])
    assert [(one["place"], one["by"], one["at"][11:16]) for one in seen["seen"]] == [("counter-3", "C3", "10:01")]
    log = len(hall.log())
    assert hall.ask("--as", "C3", "message", "seen", sent["seq"]) == seen
    assert len(hall.log()) == log
    assert hall.say("message", "list").out == (
        f"{sent['seq']}  10:00  Front desk to Window 3  A customer is on the way to you  seen: Window 3 10:01\n"
    )


def test_a_message_to_all_is_seen_by_each_place(hall):
    sent = hall.ask("--as", "C3", "message", "send", "all", "材料用完了")

    assert sent["from"] == "counter-3"
    assert hall.refused("--as", "C3", "message", "seen", sent["seq"]) == "not_for_you"
    hall.ask("--as", "G1", "message", "seen", sent["seq"])
    both = hall.ask("message", "seen", sent["seq"], "--at", "manager")
    assert [one["place"] for one in both["seen"]] == ["guide", "manager"]


def test_what_nobody_read_is_there_on_the_next_day(hall):
    kept = hall.ask("message", "send", "manager", "打印机没纸了")
    over = hall.ask("message", "send", "all", "早点关门")
    hall.clock.move(hours=23)

    assert hall.refused("message", "seen", over["seq"]) == "not_there"
    assert hall.ask("message", "list") == {"messages": [kept]}
    hall.ask("message", "seen", kept["seq"])
    assert hall.ask("message", "list") == {"messages": []}
    assert len(hall.ask("message", "list", "--date", "2026-11-20")["messages"]) == 2


REFUSED = (
    (("message", "send", "99", "x"), "bad_value"),
    (("message", "send", "guide", "x" * 101), "bad_value"),
    (("--as", "G1", "message", "send", "guide", "x"), "bad_value"),
    (("--as", "C1", "message", "send", "guide", "x"), "no_place"),
    (("--as", "C1", "message", "send", "guide", "x", "--from", "3"), "not_your_window"),
    (("--as", "C1", "message", "send", "2", "x", "--from", "guide"), "not_your_role"),
    (("--as", "C1", "message", "send", "2", "x", "--from", "manager"), "not_your_role"),
    (("--as", "G1", "message", "send", "2", "x", "--from", "manager"), "not_your_role"),
    (("message", "seen", "1"), "not_there"),
    (("help-call", "press", "hall"), "bad_value"),
    (("--as", "C1", "help-call", "press", "3"), "not_your_window"),
    (("help-call", "ack", "1"), "not_there"),
    (("help-call", "arrived", "1"), "not_there"),
    (("notice", "push", "x", "--display", "display-9"), "bad_value"),
    (("notice", "push", "x", "--at", "9:59"), "bad_value"),
    (("notice", "push", "x", "--at", "noon"), "bad_value"),
    (("notice", "emergency", "9"), "bad_value"),
    (("notice", "emergency", "--end"), "no_emergency"),
    (("--as", "C3", "notice", "emergency"), "not_your_role"),
    (("--as", "G1", "notice", "push", "x"), "not_your_role"),
)


def test_what_is_refused_changes_nothing(hall):
    before = hall.log()
    for words, code in REFUSED:
        assert hall.refused(*words) == code, words
        assert hall.log() == before, words


def test_a_call_for_help_is_answered_and_ends(hall):
    call = hall.ask("--as", "C3", "help-call", "press", 3, "--about", "有争执", "--en", "There is an argument")

    assert (call["place"], call["by"], call["end"]) == ("counter-3", "C3", None)
    assert hall.refused("help-call", "press", "3") == "help_called"
    assert hall.refused("--as", "C3", "help-call", "ack", call["seq"]) == "not_your_role"
    hall.clock.move(seconds=20)
    assert hall.ask("--as", "G1", "help-call", "ack", call["seq"])["helper"] == "G1"
    assert hall.refused("help-call", "ack", call["seq"]) == "help_answered"
    hall.clock.move(seconds=40)
    over = hall.ask("--as", "C3", "help-call", "arrived", call["seq"])
    assert (over["acknowledged"][11:19], over["ended"][11:19], over["end"]) == ("10:00:20", "10:01:00", "arrived")
    assert hall.refused("help-call", "arrived", call["seq"]) == "not_there"
    assert "Window 3  There is an argument  G1 is coming (10:00)" in hall.say("help-call", "list").out


def test_a_call_for_help_is_taken_back_with_a_reason_and_the_day_ends_the_rest(hall):
    first = hall.ask("help-call", "press", "kiosk")

    assert hall.refused("help-call", "cancel", first["seq"], "--reason", " ") == "reason_needed"
    assert hall.ask("help-call", "cancel", first["seq"], "--reason", "pressed_by_mistake")["end"] == "cancelled"
    hall.ask("help-call", "press", "kiosk")
    hall.ask("day-end")
    assert [one["end"] for one in hall.ask("help-call", "list")["help_calls"]] == ["cancelled", "day_end"]
    assert "nobody came" in hall.say("help-call", "list").out


def test_a_notice_begins_at_its_time(hall):
    later = hall.ask("notice", "push", "即将结束营业", "--at", "16:30", "--minutes", 30, "--spoken")

    assert (later["begins"][11:16], later["until"][11:16], later["spoken"]) == ("16:30", "17:00", True)
    assert hall.ask("notice", "pushed") == {"notices": [later]}
    assert "from 16:30  until 17:00  read aloud" in hall.say("notice", "pushed").out
    assert hall.ask("notice", "stop", later["seq"]) == later


def test_one_emergency_stands_until_it_is_ended(hall):
    first = hall.ask("--as", "G1", "notice", "emergency")

    assert (first["emergency"], first["spoken"], first["until"]) == (True, True, None)
    assert first["text_en"].startswith("Emergency. Leave the building now")
    second = hall.ask("notice", "emergency", "请到东门集合", "--en", "Please gather at the east door")
    assert hall.ask("notice", "pushed") == {"notices": [second]}
    assert hall.ask("notice", "emergency", "--end") == second
    assert hall.ask("notice", "pushed") == {"notices": []}
    assert hall.say("notice", "emergency", "2", "--end").status == 2
