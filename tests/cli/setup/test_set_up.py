"""Setting up from scripts: rows by key=value, rules, PINs, and the whole as a file."""

import json

import pytest

from queuedesk.core.setup.presets import PRESETS
from queuedesk.i18n import use_words
from tests.cli.commands import Console
from tests.hall import preset


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_ready_to_use(bare, preset):
    made = bare.ask("init", "--preset", preset, "--all-hours", "--hall", "H1", "--name", "试点厅")
    windows = bare.ask("window", "list")["windows"]
    every = {row["code"] for row in bare.ask("service", "list")["services"]}

    assert (made["hall"], made["name"]) == ("H1", "试点厅")
    assert len(every) >= (1 if preset == "other" else 3)
    assert len(windows) >= (2 if preset == "other" else 4)
    assert sum(set(window["services"]) == every for window in windows) >= 2
    assert bare.ask("issue", sorted(every)[0])["state"] == "waiting"
    assert [event["kind"] for event in bare.log()] == ["set-up", "issue"]


def test_a_preset_that_is_not_there_is_refused_by_those_that_are(bare):
    assert bare.say("init", "--preset", "zoo").err == (
        "There is no preset zoo; there are power, bank, clinic, government, library, pharmacy, post, telecom, other.\n"
    )
    assert not bare.db.exists()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], "LIB"),
        (["--name", "Maple Street Library"], "MSL"),
        (["--name", "Maple Street Library", "--hall", "X"], "X"),
    ],
)
def test_a_hall_has_a_code_of_its_own(bare, words, code):
    assert bare.ask("init", "--preset", "library", *words)["hall"] == code


def test_facts_of_a_preset_are_kept_suggested_or_left_out(bare):
    bare.ask("init", "--preset", "clinic", "--facts", "suggest")
    found = {row["code"]: row["suggested"] for row in bare.ask("service", "suggested")["services"]}
    assert list(found) == ["A", "B", "C", "D"]
    assert found["A"]["fees"]["fees_en"] == "By the published tariff"
    assert "  Fees: By the published tariff\n" in bare.say("--lang", "en", "service", "suggested").out

    assert bare.ask("service", "keep", "A", "--facts", "fees,steps") == {
        "services": [{"code": "A", "facts": ["fees", "steps"]}]
    }
    assert [row["code"] for row in bare.ask("service", "drop", "--all")["services"]] == ["A", "B", "C", "D"]
    assert bare.ask("service", "keep", "--all") == {"services": []}
    assert [event["kind"] for event in bare.log()] == ["set-up"] * 6
    assert bare.say("service", "keep", "A", "--facts", "price").status == 1
    assert bare.say("service", "keep").status == bare.say("service", "keep", "A", "--all").status == 2


@pytest.mark.parametrize(("facts", "papers"), [((), 1), (("--facts", "keep"), 1), (("--facts", "drop"), 0)])
def test_a_script_gets_the_facts_unless_it_says_otherwise(bare, facts, papers, tmp_path):
    bare.ask("init", "--preset", "clinic", *facts)
    bare.ask("setup", "export", tmp_path / "hall.json")

    row = json.loads((tmp_path / "hall.json").read_text(encoding="utf-8"))["services"][0]
    assert (len(row.get("papers") or ()), "suggested" in row) == (papers, False)


def test_a_hall_has_no_notices_that_nobody_gave(bare):
    bare.ask("init", "--preset", "government")

    assert bare.ask("notice", "list") == {"notices": []}


def test_lists_have_the_shapes_of_the_contract(console):
    assert set(console.ask("service", "list")["services"][0]) == {"code", "name", "prefix", "handling_target"}
    assert set(console.ask("staff", "list")["staff"][0]) == {"code", "name", "role", "skills"}
    assert set(console.ask("window", "list")["windows"][0]) == {
        *("code", "state", "staff", "services", "ticket", "back"),
    }
    assert {row["code"] for row in console.ask("class", "list")["classes"]} == {
        *("normal", "elderly", "disabled", "pregnant", "appointment"),
    }


def test_a_service_is_added_changed_and_removed(console):
    console.ask(
        "service", "add", "E", "name=充电桩", "prefix=e", "hours=1-5 8:00-24:00; 6 9:00-12:00", "first=1", "last=50"
    )
    console.ask("service", "set", "E", "name_en=Chargers", "handling_target=１２", "last_ticket=")
    console.ask("window", "set", "6", "services=A,B,E")
    console.ask("issue", "E")

    rows = {row["code"]: row for row in console.ask("service", "list")["services"]}
    assert (rows["E"]["prefix"], rows["E"]["handling_target"]) == ("E", 12)
    assert console.refused("service", "remove", "E") == "needs_yes"
    assert console.refused("service", "remove", "E", "--yes") == "in_use"
    console.ask("void", "E001", "--reason", "x")
    assert console.ask("service", "remove", "E", "--yes") == {"removed": "E"}
    assert console.ask("wait", "E001")["state"] == "void"


REFUSED = (
    (("service", "add", "A", "name=x", "prefix=A"), "already_there"),
    (("service", "add", "E", "name=x", "prefix=O"), "bad_value"),
    (("service", "set", "Z", "name=x"), "not_there"),
    (("service", "set", "A", "colour=red"), "bad_value"),
    (("service", "set", "A", "hours=always"), "bad_value"),
    (("service", "set", "A", "first=x"), "bad_value"),
    (("service", "set", "A", "items=[1"), "bad_value"),
    (("window", "add", "9"), None),
    (("window", "add", "9", "services=A,Q"), "bad_value"),
    (("window", "set", "1", "quick=maybe"), "bad_value"),
    (("staff", "add", "C9", "name=x", "role=king"), "bad_value"),
    (("staff", "set", "C1", "pin=12"), "bad_value"),
    (("staff", "set", "C1", "pin=１２３４", "name=x"), None),
    (("target", "add", "measure=wait", "value=abc"), "bad_value"),
    (("target", "add", "value=15"), "bad_value"),
    (("hall", "set", "words=window:booth"), "bad_value"),
    (("hall", "set", "words=room"), "bad_value"),
    (("hall", "set", "code=X"), "bad_value"),
    (("settings", "set", "crowd", "many"), "bad_value"),
    (("settings", "set", "croud", "9"), "unknown_setting"),
    (("settings", "get", "croud"), "unknown_setting"),
)


def test_what_no_hall_can_work_with_is_refused(console):
    before = console.log()
    for words, code in REFUSED:
        answer = console.say("--json", *words)
        assert answer.status == (1 if code else 2), words
        assert code is None or answer.refusal == code, words
        assert console.log() == before, words


def test_rows_without_a_code_go_by_their_number(console):
    count = len(console.ask("notice", "list")["notices"])
    console.ask("notice", "add", "text=今天系统维护", "from=2026-11-20", "to=2026-11-21")
    console.ask("target", "add", "measure=wait", "value=98.5", "from=2026-11-01")

    assert console.ask("notice", "list")["notices"][count]["code"] == str(count + 1)
    assert console.ask("target", "list")["targets"][0]["value"] == "98.5"
    assert console.ask("notice", "remove", count + 1, "--yes") == {"removed": str(count + 1)}


def test_a_target_names_a_measure_that_is_known(console):
    console.ask("target", "add", "measure=satisfaction", "value=９８％")
    answer = console.say("target", "add", "measure=smiles", "value=5")

    assert console.ask("target", "list")["targets"][0]["value"] == 98
    assert answer.status == 1
    assert "smiles does not fit; possible: satisfaction, within_target, served, first_visit, mean_wait" in answer.err


def test_rules_are_listed_read_and_changed(console):
    assert console.ask("settings", "list")["settings"]["crowd"] == 20
    assert console.ask("settings", "set", "crowd", "３０") == {"key": "crowd", "value": 30}
    assert console.ask("settings", "get", "crowd") == {"key": "crowd", "value": 30}


def test_the_hall_itself_is_shown_and_changed(console):
    before = console.ask("hall", "show")
    assert (before["code"], before["opens"], before["words"]) == (
        "CD",
        "08:30",
        {"window": "window", "ticket": "ticket"},
    )
    after = console.ask("hall", "set", "phone=95598", "opens=８:00", "words=window：desk")

    assert after == {**before, "phone": "95598", "opens": "08:00", "words": {"window": "desk", "ticket": "ticket"}}
    assert console.ask("hall", "show") == after
    assert console.ask("hall", "set", "words=")["words"] == before["words"]
    assert "words  window:window,ticket:ticket" in console.say("hall", "show").out


def test_a_hall_s_words_are_said_by_commands_too(console):
    console.ask("hall", "set", "words=window:counter")
    try:
        assert "counter 1" in console.say("window", "list").out
        assert console.say("call", "1").err == "Counter 1 is closed; please open it first.\n"
        assert console.ask("window", "list")["windows"][0]["code"] == "1"
        assert "open a window" in console.say("--help").out
    finally:
        use_words()


def test_a_service_takes_all_that_the_set_up_file_has(console):
    console.ask(
        *("service", "set", "A", "group=缴费", "group_en=Payments", "quota=60", "line_limit=20", "form_free=off"),
        *("fees=免费", "fees_en=Free", r"steps=取号\n缴费", "papers_version=2", "papers_date=2026-10-01"),
    )
    row = console.log()[-1]["data"]["row"]

    assert (row["quota"], row["line_limit"], row["form_free"], row["steps"]) == (60, 20, False, "取号\n缴费")
    assert (
        console.say("service", "set", "A", r"steps_en=Ticket\nWindow", "quota=50").out
        == "A  Pay a bill  Ticket / Window  50\n"
    )
    assert console.refused("service", "set", "A", "quota=0") == "bad_value"
    assert console.refused("service", "set", "A", "max_returns=3") == "bad_value"
    console.ask("service", "set", "A", "quota=1", "line_limit=", "max_returns=0")
    assert console.log()[-1]["data"]["row"]["max_returns"] == 0
    console.ask("issue", "A")
    assert console.refused("issue", "A") == "quota_full"


@pytest.mark.parametrize("keep", [False, True])
def test_a_service_with_another_name_keeps_what_the_preset_says_when_told_to(bare, keep):
    bare.ask("init", "--preset", "power")
    before = bare.ask("service", "set", "C", "last_ticket=9:00")
    after = bare.ask("service", "set", "C", "name_en=Loans", *["--keep"] * keep)

    assert (bool(before["items"]), bool(after["items"]), after["name_en"]) == (True, keep, "Loans")
    assert (after["steps_en"] == before["steps_en"]) == keep


def test_export_then_import_gives_an_equal_hall(console, bare, tmp_path):
    console.ask("service", "set", "A", "name=交费")
    console.ask("settings", "set", "overnight", "early_place")
    console.ask("hall", "set", "words=window:room,ticket:number")
    console.ask("service", "add", "E", "name=充电桩", "prefix=E")
    console.ask("service", "remove", "E", "--yes")
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    assert console.ask("setup", "export", first) == {"file": str(first)}
    other = Console(tmp_path / "other.sqlite", console.read, console.clock)
    other.ask("setup", "import", first)
    other.ask("setup", "export", second)

    assert json.loads(first.read_text("utf-8")) == json.loads(second.read_text("utf-8"))
    assert [event["kind"] for event in other.log()] == ["set-up"]


def test_import_into_a_hall_adds_and_changes_and_removes_nothing(console, tmp_path):
    file = tmp_path / "setup.json"
    console.ask("setup", "export", file)
    before = console.log()
    console.ask("setup", "import", file)
    assert console.log() == before

    document = json.loads(file.read_text("utf-8"))
    document["services"] = [{**document["services"][0], "name": "新名", "handling_target": 7}]
    document["windows"] = [{"code": "9", "services": ["A"]}]
    file.write_text(json.dumps(document), encoding="utf-8")
    counts = console.ask("setup", "import", file)

    assert counts["windows"] == 7
    assert console.ask("service", "list")["services"][0]["name"] == "新名"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "no_such_file"),
        ("no json", "wrong_kind"),
        ("[1, 2]", "wrong_kind"),
        ('{"hall": {}, "services": []}', "wrong_kind"),
        ('{"hall": {"code": "X", "name": "Y"}, "services": [], "windows": []}', "bad_setup"),
        ('{"hall": 7, "services": 1.5, "windows": null}', "bad_setup"),
        ("[" * 100_000, "too_large"),
    ],
)
def test_a_file_that_is_no_set_up_is_refused(bare, tmp_path, content, code):
    file = tmp_path / "setup.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")

    assert bare.refused("setup", "import", file) == code
    assert not bare.db.exists()


def test_a_file_that_cannot_be_written_is_said(console, tmp_path):
    assert console.refused("setup", "export", tmp_path / "nowhere" / "x.json") == "cannot_write"
    assert console.refused("setup", "export", tmp_path) == "cannot_write"


def test_once_a_pin_is_set_who_changes_something_says_who(console, monkeypatch):
    monkeypatch.delenv("QUEUEDESK_PIN", raising=False)
    assert console.ask("staff", "set", "AD", "pin=4711") == {"code": "AD", "pin": True}

    assert console.refused("issue", "A") == "who_are_you"
    assert console.refused("--as", "AD", "issue", "A") == "who_are_you"
    assert console.say("state").status == 0
    monkeypatch.setenv("QUEUEDESK_PIN", "0000")
    assert console.refused("--as", "AD", "issue", "A") == "wrong_pin"
    assert console.refused("--as", "XX", "issue", "A") == "unknown_staff"
    monkeypatch.setenv("QUEUEDESK_PIN", "4711")
    assert console.ask("--as", "AD", "issue", "A")["ticket"] == "A001"
    assert console.refused("events") == "who_are_you"
    assert console.ask("--as", "AD", "staff", "set", "AD", "pin=") == {"code": "AD", "pin": False}
    assert console.log()[-2]["actor"] == "AD"
    assert console.ask("issue", "A")["ticket"] == "A002"


def test_an_import_that_made_the_hall_answers_the_same_again(bare, tmp_path):
    file = tmp_path / "power.json"
    file.write_text(json.dumps(preset("power")), encoding="utf-8")

    first = bare.ask("--id", "s1", "setup", "import", file)

    assert bare.ask("--id", "s1", "setup", "import", file) == first
    assert len(bare.log()) == 1


def test_a_role_keeps_to_what_it_may(console):
    assert console.refused("--as", "G1", "call", "1") == "not_your_role"
    assert console.refused("--as", "C1", "settings", "set", "crowd", "9") == "not_your_role"
    console.ask("--as", "G1", "issue", "A")
    console.ask("--as", "C1", "open", "1", "--staff", "C1")
    assert console.refused("--as", "C2", "call", "1") == "not_your_window"
    assert console.ask("--as", "M1", "call", "1")["staff"] == "C1"


def test_a_pin_stands_nowhere_in_clear(console):
    console.ask("--id", "p1", "staff", "set", "AD", "pin=90417263")

    stored = b"".join(file.read_bytes() for file in console.db.parent.iterdir() if file.is_file())
    assert b"90417263" not in stored
    assert "90417263" not in json.dumps(console.log())


@pytest.mark.parametrize("days", ["-1", "10000", "99999999999"])
def test_a_rule_out_of_range_says_what_is_possible(console, days):
    answer = console.say("settings", "set", "report_keep_days", days)

    assert (answer.status, answer.err) == (1, f"report_keep_days: {days} does not fit; possible: 0–9999.\n")


@pytest.mark.parametrize("words", [("backup", ""), ("satisfaction", "check", ""), ("channels", "import", " ")])
def test_a_file_without_a_name_is_wrong_usage(console, words):
    answer = console.say(*words)

    assert (answer.status, answer.out) == (2, "")
