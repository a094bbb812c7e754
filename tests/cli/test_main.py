"""What scripts rely on: statuses, one document or one sentence, ids that make a repeat safe, batches, whatever is
typed.
"""

import argparse
import contextlib
import io
import json
import random
import shlex
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from queuedesk.app.clock import real_clock
from queuedesk.app.station.launch import station_openers
from queuedesk.cli import main
from queuedesk.cli.command_table import COMMANDS, command_and_help_asked
from queuedesk.cli.job import GIVEN, DeskFunctionHandler
from queuedesk.cli.main import build_parser, run_command_line
from queuedesk.cli.stations import StationRequest
from queuedesk.core.errors import RuleError
from queuedesk.core.features import installed_features, list_in_features_package
from queuedesk.core.network.roles import CONSOLE, ReadScope
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.talk.screen import AT_A_WINDOW
from queuedesk.desk import setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.looking import events_after
from queuedesk.i18n import LANGUAGES, _, choose_language
from queuedesk.store.rights import pin_tries
from scripts.build_commands import every_command
from tests.cli.commands import ALONE, ROOT, Answer, Batch, Console, ended, loaded
from tests.cli.parsers import arguments, commands, every_parser
from tests.cli.upkeep.test_keeping import data_checks
from tests.credentials import shared
from tests.hall import Clock, Hall, make_hall, noon_zone, simple_setup
from tests.journeys.chain import first_broken
from tests.processes import Loaded, anew
from tests.relay import relay

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
    read = build_parser(station_openers()).parse_args(["--db", "x", *asked.command_line_words()])
    assert (read.command, read.db, read.hall, read.lang) == ("display", asked.db, "H", "en")
    assert (read.zone, read.layout, read.screen, read.size, read.kept) == ("East", "calls", "2", asked.size, False)


def bound() -> Iterator[tuple[str, argparse.ArgumentParser, DeskFunctionHandler]]:
    for words, parser in every_command(every_parser()):
        run = parser.get_default("run")
        if isinstance(run, DeskFunctionHandler):
            yield words, parser, run


def own(parser: argparse.ArgumentParser) -> set[str]:
    """Return the names of a command's own arguments."""
    return {one.dest for one in arguments(parser)} - {"help"}


def test_every_parameter_gets_its_argument_and_the_other_way_round_and_what_changes_the_hall_is_no_reading() -> None:
    found = list(bound())
    assert found
    whole = {one.dest for one in arguments(every_parser())}
    for words, parser, run in found:
        parameters = {name: one for name, one in signature(run.load_function()).parameters.items() if name not in GIVEN}
        assert run.named.keys() <= parameters.keys(), words
        asked = {name: run.named.get(name, name) for name in parameters}
        missing = {name for name, argument in asked.items() if argument not in own(parser)}
        assert all(parameters[name].default is not Parameter.empty for name in missing), words
        assert not {asked[name] for name in missing} & whole, f"{words}: an option of every command has this name"
        assert own(parser) - whole <= set(asked.values()), f"{words}: an argument reaches nothing"
        assert not run.at_window or "window" in own(parser), f"{words}: at no window"
        changes = "change" in signature(run.load_function()).parameters
        assert changes != bool(parser.get_default("reads")), words
        if "who" in signature(run.load_function()).parameters:
            assert parser.get_default("reads") is not ReadScope.HALL, f"{words}: it is read by nobody in particular"


OF_THIS_PC = {
    *("screens", "screen", "autostart", "switches", "printer", "print", "print-papers", "print-appointment", "backups"),
    *("join", "unjoin", "host", "demo"),
}
"""They act on the machine, not on the hall."""
NAMES = sorted(commands(every_parser()).keys() - OF_THIS_PC)
TYPED = """A B 3 1 C3 G1 A001 a2 B001 ٣ ² 0 -1 1e9 nan 2000000000 99999999999999999999 normal elderly front crowd k1
CD 2026-11-20 0001-01-01 9999-12-31 --ticket --reason --json --id --hall --as --date --service --then --class
--minutes --staff --place --yes --tag --comment -- --delivered A:² A:0 --return-of A001@2026-11-20 @ --since
--to-window --outcome list set add remove get name=x code=Y prefix=E services=A items=[{}] papers=[[]] pin=1234 text=
from=x value=1.5"""
WORDS = st.one_of(st.sampled_from([*TYPED.split(), "hours=1-5 8:00-9:00", "", " "]), st.text(max_size=12))
FEW_WORDS = st.lists(WORDS, max_size=7)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """A hall in the middle of its day, which what succeeds may change."""
    hall = make_hall(tmp_path_factory.mktemp("fuzz"), time="9:00")
    hall.play("open 3 staff=C3", "queue A A B A", "call 3")
    yield hall
    hall.desk.db.dispose()


def typed(db: Path, clock: Clock, line: list[str]) -> Answer:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = run_command_line(["--db", str(db), "--lang", "en", *line], openers={}, clock=clock, services=ALONE)
    return Answer(status, out.getvalue(), err.getvalue())


def seqs(desk: Desk) -> list[int]:
    return [event.seq for event in events_after(desk, 0)]


@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(name=st.sampled_from(NAMES), rest=FEW_WORDS)
def test_nothing_typed_breaks_the_contract(hall, monkeypatch, tmp_path, name, rest):
    monkeypatch.chdir(tmp_path)  # a word may be a file's name
    if name in ("doctor", "restore", "init") or "--follow" in rest:
        return
    before = seqs(hall.desk)
    answer = typed(hall.path, hall.clock, [name, *rest])
    assert answer.status in (0, 1, 2, 3)
    if answer.status:
        assert seqs(hall.desk) == before
    if answer.status in (1, 3):
        assert (answer.out + answer.err).count("\n") == 1
    if answer.status == 2:
        assert answer.out == ""
        assert answer.err.startswith("Usage: ")


def test_the_fuzz_knows_every_command():
    assert {"issue", "call", "restore", "service", "report"} <= set(NAMES)


LINES = Path(__file__).with_name("batch.txt").read_text(encoding="utf-8").splitlines()


def alone(console: Console, line: str) -> dict[str, Any]:
    """Return what a line should answer: what the command alone does."""
    answer = console.say("--json", *shlex.split(line))
    if answer.status == 2:
        return {"status": 2, "code": "usage", "message": answer.err.splitlines()[-1]}
    if line.startswith("events"):
        return {"status": 0, "out": [json.loads(one) for one in answer.out.splitlines()]}
    if answer.status:
        return {"status": answer.status, **answer.document["error"]}
    return {"status": 0, "out": answer.document}


def told(running: Loaded, line: str) -> dict[str, Any]:
    """Give a line to a batch that runs, and return its answer."""
    running.stdin.write(line + "\n")
    running.stdin.flush()
    answer: dict[str, Any] = json.loads(running.stdout.readline())
    return answer


def test_each_line_answers_as_the_command_alone_would(console: Console, batch: Batch, tmp_path: Path) -> None:
    other = Console(tmp_path / "other.sqlite", console.read, console.clock)
    shutil.copy(console.db, other.db)
    answers = batch(*LINES)
    for line, answer in zip(LINES, answers, strict=True):
        assert {key: answer[key] for key in answer if key != "line"} == alone(other, line), line
    assert {answer["status"] for answer in answers} == {0, 1, 2}
    logs = [one.log() for one in (console, other)]
    ours, theirs = ([(one["kind"], one["actor"], one["data"].get("number")) for one in log] for log in logs)
    assert ours == theirs


def test_rights_hold_for_each_line(console: Console, batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUEUEDESK_PIN", "4711")
    console.ask("open", "1", "--staff", "C1")
    for person in ("AD", "C1"):
        console.ask("staff", "set", person, "pin=4711", "--as", "AD")
    answers = batch(
        *("issue A", "issue A --as G1", "call 1 --as C1", "finish 1 --as M1", "issue A --as C1"),
        *("tickets", "events --as C1", "events --as M1", "--as AD access list"),
    )
    codes = [answer.get("code", "") for answer in answers]
    own = ["who_are_you", "", "", "", "not_your_role"]
    assert codes == [*own, "who_are_you", "not_for_you", "pin_needed", ""]
    noted = [row["code"] for row in answers[-1]["out"]["refusals"]]
    assert noted == [one for one in codes if one]
    assert [answer["status"] for answer in batch("recall 1", "call 1 --as G1", options=("--as", "C1"))] == [1, 1]
    monkeypatch.setenv("QUEUEDESK_PIN", "0815")
    assert [answer["code"] for answer in batch("call 1 --as C1")] == ["wrong_pin"]


def test_a_pin_is_checked_once_until_it_changes(console: Console, batch: Batch, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QUEUEDESK_PIN", "4711")
    for person in ("AD", "C1"):
        console.ask("staff", "set", person, "pin=4711", "--as", "AD")
    tried: list[str] = []
    count = pin_tries.count_pin_try
    monkeypatch.setattr(pin_tries, "count_pin_try", lambda tx, hall, who: tried.append(who) or count(tx, hall, who))
    answers = batch(
        *("--as C1 open 1 --staff C1", "--as C1 serve 1 A", "--as C1 tickets", "--as C1 finish 1"),
        *("--as AD staff set C1 pin=0815", "--as C1 serve 1 A", "--as C1 serve 1 A"),
    )
    assert [answer.get("code", "") for answer in answers] == ["", "", "", "", "", "wrong_pin", "wrong_pin"]
    assert tried == ["C1", "AD", "C1", "C1"]


@pytest.mark.usefixtures("console")
def test_lines_are_counted_and_broken_ones_stop_nothing(batch: Batch) -> None:
    too_long = b"issue A --ref " + b"x" * main.LONGEST_LINE * 3 + b"\n"
    broken = ("issue 'A", b"issue A\xff\n", b"issue A\0\n", too_long)
    answers = batch("\ufeff# a remark", b"\r\n   \n", b"issue A\r\n", *broken, b"issue A")
    told = [(answer["line"], answer["status"], answer.get("message", "")) for answer in answers]
    assert told == [
        (4, 0, ""),
        (5, 2, "The line ends within quotation marks or after a backslash."),
        (6, 2, "A is not readable text"),
        (7, 2, "A is not readable text"),
        (8, 2, f"A line has at most {main.LONGEST_LINE} bytes."),
        (9, 0, ""),
    ]
    assert answers[-1]["out"]["ticket"] == "A002"


def test_what_takes_a_process_for_itself_is_refused(console: Console, batch: Batch) -> None:
    console.openers = dict.fromkeys(station_openers(), lambda _request: 0)
    lines = [f"{name} --window 1" if name in AT_A_WINDOW else name for name in station_openers()]
    lines += ["batch", "host", "join 10.0.0.1 AB"]
    lines += ["events --follow", "report due --gently", "backups due --gently", "issue --help", "--version"]
    assert {answer["code"] for answer in batch(*lines)} == {"not_in_batch"}


def test_no_line_takes_or_writes_what_is_another_s_and_the_first_not_done_ends_it_if_asked(console, batch) -> None:
    answers = batch("issue A", "call", "issue A", options=("--stop-on-error",), status=2)
    assert [answer["status"] for answer in answers] == [0, 2]
    assert len(console.log()) == 2
    answers = batch("setup import /dev/stdin", "staff set C1 pin=?", "issue A")
    assert [answer["status"] for answer in answers] == [1, 2, 0]
    answers = batch("setup export /dev/stdout", "issue A")
    assert [answer.get("code") for answer in answers] == ["own_output", None]


@pytest.mark.parametrize(
    ("bug", "kind"),
    [
        (ZeroDivisionError(), "ZeroDivisionError"),
        (BrokenPipeError(), "BrokenPipeError"),
        (RuleError("no_such_code"), "KeyError"),
        (RuleError("not_there", kind="no such kind", code="A"), "KeyError"),
        (RecursionError(), "RecursionError"),
    ],
)
def test_a_bug_in_a_line_is_told_and_the_next_line_goes_on(console: Console, batch: Batch, bug: Exception, kind: str):
    def paper(_desk: Any, _clock: Any) -> Any:
        raise bug

    console.services = replace(console.services, paper=paper)
    answers = batch("issue A", "print A001", "issue A")
    assert [answer["status"] for answer in answers] == [0, 1, 0]
    assert answers[1]["code"] == "bug"
    assert answers[1]["message"].startswith(f"Something in QueueDesk went wrong ({kind});")


def test_a_program_talks_with_it_in_turns_also_while_the_hall_goes_and_comes(live: Console) -> None:
    running = loaded(live.db, "batch")

    said = partial(told, running)
    assert said("issue A")["out"]["ticket"] == "A001"
    live.ask("issue", "A")
    assert said("issue A")["out"]["ticket"] == "A003"
    away = live.db.with_name("away.sqlite")
    live.db.rename(away)
    assert [said("issue A")["code"] for _ in range(2)] == ["database_missing"] * 2
    away.rename(live.db)
    assert said("issue A")["out"]["ticket"] == "A004"
    live.db.rename(away)
    live.ask("init", "--preset", "bank", "--all-hours")
    assert said("state")["out"]["hall"] == "BANK"
    running.stdout.close()
    running.stdin.write("issue A\n" * 50)
    assert running.communicate() == ("", "")
    assert running.returncode == 0


@pytest.mark.pg
def test_the_login_of_a_shared_halls_pc_gives_lines_too_that_wait_for_the_server_as_their_questions_need(
    console: Console, batch: Batch, shared_url: str
):
    with shared(shared_url, "A") as place, relay(place.pc(PcKind.STAFF)) as way:
        console.clock, door = place.clock, place.pc(PcKind.PUBLIC)
        console.db = way.url  # type: ignore[assignment]

        def trips(lines: int) -> int:
            before = way.trips
            batch("open 1 --staff C1", *["issue A", "call 1", "start 1", "finish 1"] * lines)
            return way.trips - before

        few = trips(3)
        # Each looks which hall it is and who asks, three and four times, and then does what its command does by itself.
        assert (trips(5) - few) / 8 < 13
        answers = batch(f"--db {door} issue A", "call 1", "start 1")
        assert [answer["status"] for answer in answers] == [0, 0, 0]
        console.db = door  # type: ignore[assignment]
        answers = batch("issue A", "call 1", "issue A --as C1", "state")
    assert [answer.get("code", "") for answer in answers] == ["", "not_your_role", "public_pc", ""]


@pytest.mark.pg
def test_a_line_is_refused_while_the_server_is_frozen_and_done_once_when_it_is_repeated(pg_url: str) -> None:
    now = real_clock()
    setting_up.create_hall(pg_url, simple_setup(timezone=noon_zone(now)), Ask(CONSOLE, now)).db.dispose()
    with relay(pg_url) as way:
        running = loaded(way.url, "batch")  # type: ignore[arg-type]

        said = partial(told, running)
        assert said("--id one issue A")["out"]["ticket"] == "A001"
        way.silent = True
        assert said("--id two issue A")["code"] == "database_away"
        way.silent = False
        assert said("--id two issue A")["out"]["ticket"] == "A002"
        assert [event["ticket"] for event in said("events")["out"] if event["kind"] == "issue"] == ["A001", "A002"]
        assert running.communicate() == ("", "")


AT_ONCE = 8


def all_done(live: Console, *commands: Sequence[object]) -> list[Answer]:
    """Do these at once and return what each came to; who was told that the database is busy asks again."""
    answers = [ended(one) for one in [loaded(live.db, "--json", *words) for words in commands]]
    while busy := [n for n, answer in enumerate(answers) if answer.status and answer.refusal == "database_busy"]:
        for n in busy:
            answers[n] = ended(loaded(live.db, "--json", *commands[n]))
    return answers


def test_eight_at_once_give_no_number_twice_and_the_same_id_is_done_once(live: Console):
    given = [answer.document["ticket"] for answer in all_done(live, *[("issue", "A")] * AT_ONCE)]
    assert sorted(given) == [f"A{n:03d}" for n in range(1, AT_ONCE + 1)]
    answers = all_done(live, *[("--id", "same", "issue", "A")] * (AT_ONCE // 2))
    assert {answer.document["ticket"] for answer in answers} == {f"A{AT_ONCE + 1:03d}"}
    assert [event["seq"] for event in live.log()] == list(range(1, AT_ONCE + 3))


def test_eight_windows_at_once_call_no_customer_twice(live: Console):
    for n in range(1, 7):
        live.ask("open", n, "--staff", f"C{n}")
    for _time in range(4):
        live.ask("issue", "A")
    answers = all_done(live, *(("call", n) for n in range(1, 7)))
    assert Counter(answer.status for answer in answers) == {0: 4, 1: 2}
    assert len({answer.document["ticket"] for answer in answers if answer.status == 0}) == 4
    assert {answer.refusal for answer in answers if answer.status == 1} == {"nobody_waiting"}


def test_what_dies_at_any_moment_leaves_a_whole_hall(live: Console):
    dice = random.Random(7)
    for _time in range(12):
        running = [loaded(live.db, "issue", service) for service in "AB"]
        with suppress(subprocess.TimeoutExpired):
            running[0].wait(dice.uniform(0.0, 0.1))
        for one in running:
            one.kill()
            ended(one)
    checks = data_checks(live)
    assert (checks["integrity"], checks["chain"], checks["tables"]) == ("ok", "ok", "ok")
    assert live.ask("issue", "A")["state"] == "waiting"
