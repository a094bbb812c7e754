"""Logs say where a bug is, but no name, number or word that somebody typed: not even where the database quotes them."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from queuedesk import paths, watch
from queuedesk.app.hosting.server import LOG, LOG_BYTES, PostgresServer
from queuedesk.app.station.program import CrashHandler
from queuedesk.cli import output
from tests.cli.commands import Console, process
from tests.processes import anew, at_home

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
