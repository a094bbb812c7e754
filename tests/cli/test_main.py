"""What scripts rely on: statuses, one document or one sentence, ids that make a repeat safe."""

import argparse
import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from queuedesk.app.station.launch import station_openers
from queuedesk.cli import main
from queuedesk.cli.command_table import COMMANDS, command_and_help_asked
from queuedesk.cli.main import build_parser, run_command_line
from queuedesk.cli.stations import StationRequest
from queuedesk.core.features import installed_features, list_in_features_package
from queuedesk.i18n import LANGUAGES, _, choose_language
from tests.cli.commands import ROOT, Answer, ended, loaded
from tests.cli.parsers import arguments, commands
from tests.cli.services import ALONE
from tests.journeys.chain import first_broken
from tests.processes import anew

LATER = {*list_in_features_package("FEATURES")} - {*list_in_features_package("IN_LOG")}
REGISTERS = [f"queuedesk.features.{name}" for name in LATER]
NOT_OF_A_CALL = (
    *("PySide6", "numpy", "PIL", "alembic", "psycopg", "reportlab", "openpyxl", "xlsxwriter", "qrcode", "pypinyin"),
    *("queuedesk.reports", "queuedesk.sim", "queuedesk.stations", "queuedesk.printing", "queuedesk.voice"),
    *("queuedesk.core.charts", "queuedesk.core.figures.measures.document", "queuedesk.i18n.refusals"),
    *REGISTERS,
    *("queuedesk.cli.stations", "queuedesk.cli.setup", "queuedesk.cli.figures", "queuedesk.cli.upkeep"),
    *(f"queuedesk.desk.{subject}" for subject in ("quality", "appraisal", "improvement", "figures", "network")),
    *("queuedesk.store.rights.functions", "queuedesk.app.hosting.hosting", "getpass"),
)
"""What no command of the queue loads: it would wait for it each time."""
MOST_OF_ISSUE = 195
"""So many of our modules `issue` loads, each half a millisecond: a subject that comes to them is loaded later."""
NOT_SAID = (
    *("sqlalchemy", "queuedesk.core.log.event", "queuedesk.core.setup.rows", "queuedesk.desk"),
    *("queuedesk.store.schema", "queuedesk.store.log"),
    *NOT_OF_A_CALL,
)
"""What the program loads only for a command that is carried out."""


def test_commands_speak_as_asked_then_as_this_pc_then_as_its_system(monkeypatch, capsys):
    monkeypatch.delenv("LC_MESSAGES")
    for words, own, system, beginning in (
        ([], "", "C.UTF-8", "Usage: "),
        ([], "", "zh_CN.UTF-8", "用法："),
        ([], "", "fr_FR.UTF-8", "Usage: "),
        ([], "zh_CN", "en_US.UTF-8", "用法："),
        ([], "en", "zh_CN.UTF-8", "Usage: "),
        (["--lang=zh_CN"], "en", "en_US.UTF-8", "用法："),
    ):
        monkeypatch.setenv("LANG", system)
        services = replace(ALONE, own_language=lambda own=own: own)
        run_command_line([*words, "--help"], openers={}, clock=lambda: datetime.now(UTC), services=services)
        assert capsys.readouterr().out.startswith(beginning)


def test_without_a_command_and_a_home_there_is_only_usage_and_words_of_a_person_never_break_the_one_line(console):
    assert console.say().status == 2
    answer = console.say("issue", "A\n\x1b[31mB")
    assert (answer.status, answer.err.count("\n")) == (1, 1)
    assert "\x1b" not in answer.err


def test_help_and_version_are_done_and_a_database_that_is_missing_or_none_is_3(bare):
    assert bare.say("--version").out.startswith("QueueDesk ")
    page = bare.say("--help")
    assert (page.status, page.err) == (0, "")
    assert "issue" in page.out
    assert bare.say("issue", "--help").status == 0
    assert bare.say("--json", "state").refusal == "database_missing"
    assert bare.say("state").status == 3
    bare.db.write_text("no database\n" * 300)
    assert bare.say("state").status == 3
    assert bare.db.read_text() == "no database\n" * 300


def test_commands_load_only_what_they_need(live):
    told = """
import json, sys
from queuedesk.app.main import main

for words, unwanted in json.loads(sys.argv[1]):
    status = main(words)
    names = [name for name, module in sys.modules.items() if "__file__" in vars(module)]  # not what stands for one
    loaded = [one for one in unwanted if any(name == one or name.startswith(one + ".") for name in names)]
    print(status, loaded, sum(name.startswith("queuedesk.") for name in sys.modules), file=sys.stderr)
"""
    hall = ["--db", str(live.db)]
    help_lists = [(["--help"], [one for one in NOT_SAID if one not in REGISTERS])]
    lines = [
        (["--version"], NOT_SAID),
        (["issue", "--help"], ["sqlalchemy", "queuedesk.desk", *NOT_OF_A_CALL]),
        *(([*hall, *words], NOT_OF_A_CALL) for words in (["issue", "A"], ["state"], ["open", "1", "--staff", "C1"])),
        *(([*hall, *words], NOT_OF_A_CALL) for words in (["call", "1"], ["wait", "--service", "A"])),
    ]
    done = [anew("-c", told, json.dumps(one)) for one in (help_lists, lines)]
    told_of = [line.rsplit(" ", 1) for one in done for line in one.stderr.splitlines()]
    assert [what for what, _count in told_of] == ["0 []"] * (1 + len(lines))
    assert int(told_of[3][1]) <= MOST_OF_ISSUE


def test_each_module_adds_the_commands_that_it_is_loaded_for_and_the_help_is_the_same_without_it():
    parsers = commands(build_parser(station_openers()))
    of_features = [list(texts) for one in installed_features() for texts in one.commands.values()]
    assert list(parsers) == [name for names in [*COMMANDS.values(), *of_features] for name in names]
    assert [name for name, parser in parsers.items() if not (commands(parser) or parser.get_default("run"))] == []
    assert build_parser(station_openers(), ["--help"]).format_help() == build_parser(station_openers()).format_help()
    of_issue = commands(build_parser(station_openers(), ["issue"]))["issue"]
    assert of_issue.format_help() == parsers["issue"].format_help()


def test_a_command_line_names_one_command_whatever_else_its_words_may_be():
    lines = {"forum issue 4 note": "forum", "--as call --json forum list": "forum", "--db=x --id -h note list": "note"}
    for words, named in {**lines, "--lang en": "", "issue --help": "issue"}.items():
        assert command_and_help_asked(words.split())[0] == named


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_command_tells_its_own_use(lang):
    choose_language(lang)

    def walk(parser, name):
        assert parser.format_help().startswith(_("Usage: ")), name
        for option in arguments(parser):
            if isinstance(option.default, str) and option.type is not None and option.default != argparse.SUPPRESS:
                option.type(option.default)  # As it is read where nobody gives it: it must not be refused.
        for sub, below in commands(parser).items():
            walk(below, f"{name} {sub}")

    walk(build_parser(station_openers()), "queuedesk")


def test_a_reader_that_has_enough_is_no_fault(console):
    running = loaded(console.db, "events", "--follow")
    running.stdout.readline()
    running.stdout.close()
    console.ask("issue", "A")
    assert ended(running) == Answer(0, "", "")


def test_a_bug_is_one_sentence_too():
    code = (
        "import sys; from datetime import datetime; from queuedesk.cli.main import run_command_line;"
        "from queuedesk.app.main import command_services;"
        "sys.exit(run_command_line(sys.argv[1:], openers={'home': lambda request: 1 // 0}, clock=datetime.now, services=command_services()))"
    )
    done = anew("-c", code, "--lang", "en", "home")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Something in QueueDesk went wrong (ZeroDivisionError);")
    assert done.stderr.count("\n") == 1


def test_follow_prints_what_happens_and_an_interrupt_ends_it_quietly(console):
    running = loaded(console.db, "--json", "events", "--follow", "--since", "1")
    try:
        console.ask("issue", "A")
        line = json.loads(running.stdout.readline())
        running.send_signal(signal.SIGINT)
        answer = ended(running)
    finally:
        running.kill()
    assert (answer.status, answer.err) == (130, "")
    assert (line["seq"], line["kind"], line["ticket"]) == (2, "issue", "A001")


def test_a_full_disk_behind_standard_output_is_said(console, monkeypatch):
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        line = [sys.executable, "-m", "queuedesk", "--db", str(console.db), "--lang", "en", "--json", "state"]
        done = subprocess.run(line, stdout=full, stderr=subprocess.PIPE, encoding="utf-8", cwd=ROOT)
    assert done.returncode == 1
    assert done.stderr.startswith("Standard output cannot be written")
    monkeypatch.setattr(sys, "stdout", None)
    assert run_command_line(["--db", str(console.db), "state"], openers={}, clock=console.clock, services=ALONE) == 1


def test_a_long_log_is_read_in_pages_and_anybody_can_check_it(console, monkeypatch):
    monkeypatch.setattr("queuedesk.cli.looking.PAGE", 3)
    for _n in range(7):
        console.ask("issue", "A", "--ref", "=1+1")
    assert [event["seq"] for event in console.log()] == list(range(1, 9))
    assert [event["seq"] for event in console.log(3)] == [4, 5, 6, 7, 8]
    assert first_broken(console.log()) is None


def test_a_station_is_opened_with_what_was_asked_and_no_words_at_all_open_home(console):
    """What a person types first: the program's name and nothing else."""
    asked: list[StationRequest] = []
    console.openers = {"counter": lambda request: asked.append(request) or 0}
    picture = ("--screenshot", "a.png", "--size", "1366x768", "--at", "9:42")
    status = console.say("--as", "C1", "counter", "--window", "1", *picture).status
    request = asked.pop()
    assert (status, request.name, request.window, request.staff, request.lang) == (0, "counter", "1", "C1", "en")
    assert (request.screenshot, request.size, request.db) == ("a.png", (1366, 768), str(console.db))
    assert (request.at.utcoffset(), request.at.hour, request.at.minute) == (timedelta(hours=8), 9, 42)
    assert console.say("guide").status == 2
    home = {"home": lambda request: asked.append(request) or 7}
    assert run_command_line([], openers=home, clock=console.clock, services=ALONE) == 7
    assert [request.name for request in asked] == ["home"]


def test_the_words_of_a_request_ask_for_the_same() -> None:
    place = {"db": "/halls/east hall.sqlite", "hall": "H", "lang": "en", "zone": "East"}
    asked = StationRequest(name="display", layout="calls", screen="2", size=(90, 90), **place)
    read = main.build_parser(station_openers()).parse_args(["--db", "x", *asked.command_line_words()])
    assert (read.command, read.db, read.hall, read.lang) == ("display", asked.db, "H", "en")
    assert (read.zone, read.layout, read.screen, read.size, read.kept) == ("East", "calls", "2", asked.size, False)
