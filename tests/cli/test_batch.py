"""Other software gives commands line by line to one process: each line answers as the command alone would."""

import json
import shlex
import shutil
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from queuedesk.app.clock import real_clock
from queuedesk.app.station.launch import station_openers
from queuedesk.cli import main as module
from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.talk.screen import AT_A_WINDOW
from queuedesk.desk import setting_up
from queuedesk.desk.change import Ask
from queuedesk.store.rights import pin_tries
from tests.cli.commands import Batch, Console, loaded
from tests.credentials import shared
from tests.hall import noon_zone, simple_setup
from tests.processes import Loaded
from tests.relay import relay

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
    too_long = b"issue A --ref " + b"x" * module.LONGEST_LINE * 3 + b"\n"
    broken = ("issue 'A", b"issue A\xff\n", b"issue A\0\n", too_long)
    answers = batch("\ufeff# a remark", b"\r\n   \n", b"issue A\r\n", *broken, b"issue A")
    told = [(answer["line"], answer["status"], answer.get("message", "")) for answer in answers]
    assert told == [
        (4, 0, ""),
        (5, 2, "The line ends within quotation marks or after a backslash."),
        (6, 2, "A is not readable text"),
        (7, 2, "A is not readable text"),
        (8, 2, f"A line has at most {module.LONGEST_LINE} bytes."),
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

    console.services = structs.replace(console.services, paper=paper)
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
