"""Checking the equipment from the command line."""

from __future__ import annotations

from tests.cli.commands import Console


def test_a_window_opens_after_its_checks(console: Console) -> None:
    console.ask("settings", "set", "opening_checks", "on")
    refusal = console.say("--json", "open", "1", "--staff", "C1")
    assert (refusal.status, refusal.document["error"]["code"]) == (1, "checks_missing")
    assert "Voice, Display, Printer" in refusal.document["error"]["message"]
    for device in ("voice", "display", "printer"):
        done = console.ask("check", device, "--passed")
        assert (done["device"], done["station"], done["passed"]) == (device, "", True)

    assert console.ask("open", "1", "--staff", "C1")["state"] == "open"
    assert console.ask("check", "list")["missing"] == []


def test_where_calls_are_only_shown_a_window_opens_without_a_check_of_the_voice(console: Console) -> None:
    console.ask("settings", "set", "opening_checks", "on")
    console.ask("voice", "set", "spoken=off")
    refusal = console.say("--json", "check", "voice", "--passed")
    assert (refusal.status, refusal.document["error"]["code"]) == (1, "bad_value")
    for device in ("display", "printer"):
        console.ask("check", device, "--passed")

    assert console.ask("open", "1", "--staff", "C1")["state"] == "open"


def test_the_list_says_what_was_found_what_is_missing_and_what_was_waived(console: Console) -> None:
    console.ask("settings", "set", "opening_checks", "on")
    console.ask("check", "voice", "--passed")
    console.ask("check", "printer", "--failed", "torn paper")
    console.ask("open", "1", "--staff", "C1", "--waive", "the mechanic comes at nine")
    document = console.ask("check", "list")

    assert [(row["device"], row["passed"], row["cause"]) for row in document["checks"]] == [
        ("voice", True, None),
        ("printer", False, "torn paper"),
    ]
    assert [(row["device"], row["lack"]) for row in document["missing"]] == [
        ("display", "unchecked"),
        ("printer", "failed"),
    ]
    (waived,) = document["waivers"]
    assert (waived["window"], waived["reason"], waived["missing"]) == (
        "1",
        "the mechanic comes at nine",
        ["display", "printer"],
    )
    assert console.say("check", "list").out.splitlines() == [
        "10:00  Voice  checked  console",
        "10:00  Printer  failed: torn paper  console",
        "10:00  window 1 opened without Display, Printer: the mechanic comes at nine",
        "Display  not checked yet",
        "Printer  failed: torn paper",
    ]


def test_another_date_has_nothing_missing(console: Console) -> None:
    console.ask("check", "voice", "--passed")

    assert console.ask("check", "list", "--date", "2026-11-19") == {
        "date": "2026-11-19",
        "asked": False,
        "checks": [],
        "missing": [],
        "waivers": [],
    }
    assert "settings set opening_checks on" in console.say("check", "list").out


def test_a_trial_is_put_on_the_display(console: Console) -> None:
    tried = console.ask("check", "display", "--try")

    assert (tried["device"], tried["station"]) == ("display", "")
    (event,) = [one for one in console.log() if one["kind"] == "check"]
    assert event["data"]["text_en"] == "Screen test: 0 1 2 3 4 5 6 7 8 9. Please go on waiting."


def test_what_is_said_of_a_device_has_to_be_said(console: Console) -> None:
    for words in (("check", "voice"), ("check", "kiosk", "--passed"), ("check", "voice", "--passed", "--failed", "x")):
        assert console.say(*words).status == 2
