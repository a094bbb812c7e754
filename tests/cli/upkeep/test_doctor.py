"""What doctor compares (a report with the hall, files with their hashes), and logs without a name in them."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from queuedesk import paths, watch
from queuedesk.app import main
from queuedesk.app.hosting.server import LOG, LOG_BYTES, PostgresServer
from queuedesk.app.station.program import CrashHandler
from queuedesk.cli import output
from queuedesk.cli.upkeep import LIST, damaged_program_files
from queuedesk.core.figures.periods import PrintedReportPagesChoice
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.upkeep import LogEndAnchor
from queuedesk.desk.queue import issuing
from queuedesk.desk.setting_up import add_hall
from queuedesk.reports import kept as kept_files
from queuedesk.reports.kept import report_pages_as_pdf
from tests.cli.commands import Answer, Console, process
from tests.desk.upkeep.test_examining import sheet as claims_now
from tests.hall import Hall, made_once, simple_hall, simple_setup
from tests.processes import anew, at_home
from tests.reports.read_back import text_of
from tests.rewritten import drop_after, rated_otherwise, rewrite

NEXT_MORNING = "2026-11-21T09:00+08:00"


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, served)


def served(folder: Path) -> Hall:
    hall = simple_hall(folder)
    hall.play("open 1 staff=C1", "issue A", "serve-out 1")
    hall.do("rate", "A001", 2)
    return hall


def rate_otherwise(hall: Hall) -> None:
    """Write the hall's log anew, with another level in its rating."""
    rewrite(hall, rated_otherwise(next(event.seq for event in hall.log() if event.kind == "rate")))


@pytest.fixture
def here(bare: Console, hall: Hall, own_choices: None, hall_alone: None) -> Console:
    bare.services = main.command_services()
    return bare


@pytest.fixture
def report(here: Console, tmp_path: Path) -> Path:
    """A kept report of the day, its text alone left: without what stands behind the PDF's end and managers' page."""
    assert here.ask("--at", NEXT_MORNING, "report", "due")["written"]
    (kept,) = [
        one.path for one in kept_files.reports_in_folder(tmp_path / "reports", None) if one.stamp.span.period == "day"
    ]
    file = tmp_path / "sheet.pdf"
    file.write_bytes(report_pages_as_pdf(kept, PrintedReportPagesChoice.ANNEX))
    return file


Against = Callable[[object], Answer]


@pytest.fixture
def against(here: Console) -> Against:
    return lambda sheet: here.say("--json", "--at", NEXT_MORNING, "doctor", "--against", sheet)


def found(answer: Answer, name: str = "against T") -> tuple[str, str]:
    (check,) = [check for check in answer.document["checks"] if check["name"] == name]
    return check["status"], check["message"]


def code_on(file: Path) -> str:
    """Return the code as somebody would type it who has nothing but the paper."""
    return text_of(file).split("Check code")[1].split()[0]


def test_a_report_holds_also_where_its_log_was_merged(here, against, report, tmp_path):
    assert against(report).status == 0
    holds = "It still holds: up to event 8 the log of T is the one this was printed from."
    assert found(against(report)) == ("ok", holds)
    assert found(against(code_on(report).lower().replace("-", " ")))[0] == "ok"
    here.ask("export", "--out", tmp_path / "log.zip")
    here.db = tmp_path / "other" / "hall.sqlite"
    here.db.parent.mkdir()
    here.ask("merge", tmp_path / "log.zip")
    assert found(against(report))[0] == "ok"


def test_a_rewritten_hall_is_found_by_its_kept_reports_and_by_any_sheet(here, against, report, hall):
    rate_otherwise(hall)
    plain = here.say("--json", "--at", NEXT_MORNING, "doctor")
    by_paper = against(code_on(report))
    assert [found(plain, name)[0] for name in ("integrity", "chain T", "tables T")] == ["ok"] * 3
    why = "Another event is there now: the log was changed."
    kept = f"A kept report no longer holds: that of 20 November 2026, up to event 8. {why}"
    assert found(plain, "kept T") == ("failed", kept)
    assert plain.status == by_paper.status == against(report).status == 1
    told = f"It no longer holds: the log of T up to event 8 is not the one this was printed from. {why}"
    assert found(by_paper) == found(against(report)) == ("failed", told)


def test_an_older_copy_lacks_events_and_says_how_many(against, report, hall):
    drop_after(hall, 5)
    assert found(against(report))[1].endswith("The log ends at event 5: 3 events are missing.")


def test_a_backup_that_was_put_back_is_told_as_such(here, against, hall, tmp_path):
    backup = tmp_path / "b.zip"
    here.ask("backup", backup)
    before = claims_now(hall)
    hall.play("issue A", "issue A")
    (late,) = claims_now(hall)
    late_code = anchor_of(hall).code
    hall.desk.db.dispose()
    here.ask("--at", "2026-11-20T13:30+08:00", "restore", backup, "--yes")
    answer = against(late_code)
    assert (answer.status, late.seq) == (1, before[0].seq + 2)
    assert found(answer) == (
        "failed",
        "What this was printed from, up to event 9 of T, is gone. "
        "A backup was restored on 20 November 2026 at 13:30. If nobody here knows of that, the log was changed.",
    )


def test_a_sheet_of_another_hall_and_one_without_a_hall_are_told_as_such(here, against, report, tmp_path):
    here.db = tmp_path / "another.sqlite"
    here.ask("init", "--preset", "bank", "--hall", "B")
    answer = against(report)
    assert answer.status == 1
    assert found(answer, "against B")[1].startswith("This is not of B, whose log starts differently")
    here.db = here.db.with_name("none.sqlite")
    answer = against(report)
    assert (answer.status, found(answer, "database")[0]) == (1, "failed")


def test_a_sheet_of_an_earlier_program_says_enough_and_the_installed_command_says_so_too(against, hall, tmp_path):
    assert found(against(made(tmp_path, f"SHA-256 of the last: {hall.last().hash}")))[0] == "ok"
    assert found(against(made(tmp_path, f"SHA-256 of the last: {'ab' * 32}")))[1].startswith("This sheet of an earlier")
    answer = process(hall.path, "--json", "doctor", "--against", anchor_of(hall).code)
    assert found(answer)[0] == "ok"


def made(folder: Path, *lines: str) -> Path:
    """Return a PDF with these lines."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(folder / "made.pdf"))
    for i, line in enumerate(lines):
        canvas.drawString(20, 800 - 20 * i, line)
    canvas.save()
    return folder / "made.pdf"


def anchor_of(hall: Hall) -> LogEndAnchor:
    log = hall.log()
    return LogEndAnchor(log=log[0].hash, seq=log[-1].seq, hash=log[-1].hash)


def unreadable(folder: Path) -> list[tuple[object, str, str]]:
    """Return what somebody may name by mistake, its code and how its sentence begins."""
    (folder / "text.pdf").write_text("no PDF", encoding="utf-8")
    (folder / "empty.pdf").touch()
    (folder / "cut.pdf").write_bytes(made(folder, "x").read_bytes()[:300])
    (folder / "large.pdf").touch()
    os.truncate(folder / "large.pdf", 210_000_000)
    here = socket.socket(socket.AF_UNIX)
    here.bind(str(folder / "socket.pdf"))
    here.close()
    return [
        (folder / "none.pdf", "no_such_file", "There is no file"),
        (folder / "text.pdf", "wrong_kind", f"{folder}/text.pdf is no PDF"),
        (folder / "empty.pdf", "wrong_kind", f"{folder}/empty.pdf is no PDF"),
        (folder / "cut.pdf", "wrong_kind", f"{folder}/cut.pdf is no PDF"),
        (made(folder, "Nothing of ours"), "no_code", f"{folder}/made.pdf prints no check code"),
        (folder / "large.pdf", "too_large", f"{folder}/large.pdf"),
        ("/dev/zero", "too_large", "/dev/zero"),
        ("/dev/null", "wrong_kind", "/dev/null is no PDF"),
        (folder / "socket.pdf", "cannot_read", f"{folder}/socket.pdf cannot be read"),
        (folder, "cannot_read", f"{folder} cannot be read"),
        (folder / "hall.sqlite", "wrong_kind", f"{folder}/hall.sqlite is no PDF"),
        ("4812-7F3A-K7QM-2XHT", "code_mistyped", "This check code has a slip in it"),
        ("x" * 300, "cannot_read", "xxx"),
    ]


def test_what_is_no_sheet_is_refused_in_one_sentence(here, hall, tmp_path):
    before = hall.path.read_bytes()
    for sheet, code, sentence in unreadable(tmp_path):
        told = here.say("--at", NEXT_MORNING, "doctor", "--against", sheet)
        answer = here.say("--json", "--at", NEXT_MORNING, "doctor", "--against", sheet)
        assert (told.status, answer.status, answer.refusal) == (1, 1, code), sheet
        assert told.err.startswith(sentence), (sheet, told.err)
        assert (told.out, told.err.count("\n")) == ("", 1)
    assert hall.path.read_bytes() == before
    assert [here.say("doctor", "--against", words).status for words in ("", "a\0b.pdf")] == [2, 2]


def test_a_report_of_all_halls_is_held_against_each(here, against, hall, tmp_path):
    other = {"code": "U", "name": "Another", "timezone": "Asia/Shanghai"}
    desk = add_hall(hall.desk.db, check_and_read_setup(simple_setup(hall=other)), hall.ask())
    issuing.issue_ticket(desk, hall.ask(), "A")
    here.ask("report", "week", "--halls", "all", "--date", "2026-11-20", "--out", tmp_path / "all.pdf")
    both = against(tmp_path / "all.pdf")
    assert (both.status, found(both, "against T")[0], found(both, "against U")[0]) == (0, "ok", "ok")
    rate_otherwise(hall)
    both = against(tmp_path / "all.pdf")
    assert (both.status, found(both, "against T")[0], found(both, "against U")[0]) == (1, "failed", "ok")


ROOT = Path(__file__).resolve().parents[3] / "resources"
READ_BY_THE_PROGRAM = (
    *("calendars", "demo", "fonts", "icons", "locale", "pinyin", "presets", "published", "sounds"),
    *("docs/guide", "docs/pictures"),
)


@pytest.fixture
def own(tmp_path, monkeypatch) -> Path:
    """A copy of resources/ in place of the real one."""
    folder = tmp_path / "resources"
    shutil.copytree(ROOT, folder)
    monkeypatch.setattr(paths, "_ROOT", folder)
    return folder


def test_the_list_names_what_the_program_reads_and_a_checkout_is_whole():
    """A new file there needs its line in resources/files.txt."""
    there = [file for folder in READ_BY_THE_PROGRAM for file in (ROOT / folder).rglob("*") if file.is_file()]
    listed = (ROOT / LIST).read_text(encoding="utf-8").splitlines()
    assert sorted(listed) == sorted(file.relative_to(ROOT).as_posix() for file in there if file.suffix != ".po")
    assert damaged_program_files() == []


PICTURE, CHINESE = "docs/pictures/kiosk-en.png", "locale/zh_CN/LC_MESSAGES/queuedesk.mo"
SPOILT: list[tuple[str, bytes | None]] = [
    *((name, None) for name in ("icons/bell.svg", "docs/guide/en/kiosk.md", CHINESE, PICTURE)),
    *(("icons/bell.svg", content) for content in (b"", b"\xff\xfe")),
    ("fonts/QDInter-Bold.ttf", b"<html>"),
    ("sounds/chime.wav", b"RIF"),
    (PICTURE, b"version https://"),
    (CHINESE, b"msgid"),
    *(("presets/bank.json", content) for content in (b'{"hall": ', b"[" * 100_000)),
]
"""Files, with what stands in them in place of what should; None: they are missing."""


def test_a_file_that_is_missing_or_of_another_kind_is_named_and_without_its_list_nobody_can_tell(own):
    for name, content in SPOILT:
        whole = (own / name).read_bytes()
        if content is None:
            (own / name).unlink()
        else:
            (own / name).write_bytes(content)
        assert damaged_program_files() == [f"resources/{name}"], (name, content)
        (own / name).write_bytes(whole)
    (own / LIST).unlink()
    assert damaged_program_files() == [f"resources/{LIST}"]


WORDS = ("Quexana", "13912348765", "REFQ77Z", "zzgrumblezz", "739104", "zztitlezz")
"""A member of staff, a telephone number, a reference, a complaint, a PIN, the title of a case."""
NAME, PHONE, REFERENCE, COMPLAINT, PIN, TITLE = WORDS
CASE = ("cases", "open", "A001", "--class", "complaint", "--title", TITLE, "--words", COMPLAINT, "--contact", PHONE)
CASE += ("--name", NAME, "--ref", REFERENCE, "--owner", "M1")
BREAKS = "CREATE TRIGGER broken BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'broken'); END"


def personal_words_in(folder: Path) -> list[tuple[str, str]]:
    """Return which words stand in which files of a folder."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [(path.name, word) for path in files for word in WORDS if word.encode() in path.read_bytes()]


@pytest.fixture
def day(console: Console) -> Console:
    """A hall with the words in every field, in which nothing can be written any more."""
    console.ask("staff", "set", "C1", f"name={NAME}", f"name_en={NAME}")
    console.ask("open", "1", "--staff", "C1")
    console.ask("issue", "A")
    console.ask("call", "1")
    console.ask(*CASE)
    with closing(sqlite3.connect(console.db)) as connection:
        connection.execute(BREAKS)
    return console


def test_commands_and_stations_log_a_bug_without_what_it_was_about(day: Console, qapp: object) -> None:
    done = anew("-m", "queuedesk", "--db", day.db, "--lang", "en", "--at", "2026-11-20T10:00:00+08:00", *CASE)
    assert "Something in QueueDesk went wrong (IntegrityError)" in done.stderr
    told = (paths.data_folder() / "log" / "commands.log").read_text(encoding="utf-8")
    assert "SQLITE_CONSTRAINT_TRIGGER" in told and "casework.py" in told
    handler = CrashHandler("guide")
    with pytest.raises(DBAPIError) as bug:
        day.say(*CASE)
    handler.log_and_report_bug(bug.value)
    handler.restore_handlers()
    assert "SQLITE_CONSTRAINT_TRIGGER" in (paths.data_folder() / "log" / "guide.log").read_text(encoding="utf-8")
    assert personal_words_in(paths.data_folder() / "log") == []
    assert not [word for word in WORDS if word in str(bug.value)], "what libraries log of it is without values too"


def test_a_pin_that_is_wrong_and_a_value_that_is_refused_are_in_no_file(console: Console, monkeypatch) -> None:
    console.ask("staff", "set", "C1", f"pin={PIN}")
    monkeypatch.setenv("QUEUEDESK_PIN", PIN)
    for words in (("--as", "M1", "open", "1"), ("cases", "open", PHONE), ("staff", "set", PHONE, f"pin={NAME}")):
        assert process(console.db, *words).status in (1, 2)
    beside = [path for path in console.db.parent.rglob("*") if path.is_file() and "hall.sqlite" not in path.name]
    assert not [path for path in beside if any(word.encode() in path.read_bytes() for word in WORDS)]


def test_a_report_of_a_bug_names_its_causes_and_no_value() -> None:
    def look_up(names: dict[str, int]) -> int:
        try:
            return names[NAME]
        except KeyError as error:
            raise ValueError(f"no {PHONE}") from error

    with pytest.raises(ValueError, match=PHONE) as bug:
        look_up({})
    bug.value.add_note("while the day was read")
    told = watch.bug_text(bug.value)
    assert told.index("KeyError") < told.index("ValueError") < told.index("while the day was read")
    assert "look_up" in told and not [word for word in WORDS if word in told]


def test_what_nobody_catches_in_another_process_is_printed_without_values() -> None:
    code = f"""
import logging, threading
from queuedesk.watch import report_bugs_without_values
report_bugs_without_values()
try:
    int("{NAME}")
except ValueError:
    logging.getLogger("library").exception("it failed")
thread = threading.Thread(target=lambda: int("{PHONE}x"))
thread.start()
thread.join()
int("{REFERENCE}")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=os.environ)
    assert done.stderr.count("ValueError") == 3 and done.returncode == 1
    assert not [word for word in WORDS if word in done.stderr.replace(code, "")]


def test_a_service_of_systemd_writes_to_its_journal_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    code = "from queuedesk.cli import output; print(output.log_bug_return_sentence(ValueError('a bug')))"
    with (tmp_path / "journal").open("w") as journal:
        stream = os.fstat(journal.fileno())
        env = at_home(tmp_path, JOURNAL_STREAM=f"{stream.st_dev}:{stream.st_ino}")
        line = [sys.executable, "-c", code]
        done = subprocess.run(line, env=env, stdout=subprocess.PIPE, stderr=journal, text=True, check=True)
    assert output.JOURNAL in done.stdout and "ValueError" in (tmp_path / "journal").read_text()
    assert not list(tmp_path.rglob("commands.log"))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PostgresServer]:
    own = PostgresServer(tmp_path / "postgres", settings={"fsync": "off", "shared_buffers": "'16MB'"})
    own.create_server_folder()
    own.start()
    yield own
    own.stop("immediate")


@pytest.mark.pg
@pytest.mark.waits
def test_the_server_logs_no_value_of_what_it_refuses_and_its_log_is_bounded(server: PostgresServer) -> None:
    with psycopg.connect(server.owner_url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE TABLE people (name text PRIMARY KEY, phone text NOT NULL)")
        insert = f"INSERT INTO people VALUES ('{NAME}', '{PHONE}')"
        connection.execute(insert)
        for statement in (
            insert,
            f"INSERT INTO people VALUES ('{REFERENCE}', NULL)",
            f"ALTER ROLE no PASSWORD '{PIN}'",
        ):
            with pytest.raises(psycopg.Error):
                connection.execute(statement)
        log = server.folder / LOG
        assert "duplicate key" in log.read_text() and "null value" in log.read_text()
        assert not [word for word in WORDS if word in log.read_text()]
        with log.open("a") as file:
            file.write("x" * LOG_BYTES)
        server.truncate_long_log()
        with pytest.raises(psycopg.Error):
            connection.execute(insert)
        assert log.read_text().count("duplicate key") == 1 and log.stat().st_size < LOG_BYTES
