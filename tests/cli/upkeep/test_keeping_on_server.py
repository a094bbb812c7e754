"""Backup, restore, export, merge and doctor of a hall on a server: the same files as of a hall in a file."""

import psycopg
import pytest

from queuedesk.core.log.event import Event, first_broken_seq
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.desk.network import install_pc_rights
from queuedesk.store.engine.database import Database
from queuedesk.store.log.book import HallWriter
from tests.cli.commands import Console
from tests.cli.upkeep.test_keeping import data_checks, doctors_checks, served
from tests.credentials import denied, shared

NINE = "2026-11-20T01:00:00.000000+00:00"


@pytest.fixture
def there(console: Console, pg_url: str) -> Console:
    """A console of a hall on a server whose database has its rules, with a ticket rated and one waiting."""
    there = Console(pg_url, console.read, console.clock)  # type: ignore[arg-type]
    there.ask("init", "--preset", "power", "--all-hours", "--hall", "S")
    db = Database.open(pg_url)
    install_pc_rights(db)
    db.dispose()
    served(there)
    return there


def test_a_backup_goes_from_file_to_server_and_back(console, there, tmp_path):
    served(console)
    console.ask("backup", tmp_path / "one")
    told = there.ask("restore", tmp_path / "one")  # a hall of another code: beside the one that is there
    code = told["halls"][0]["hall"]
    beside = there.ask("--hall", code, "tickets")["tickets"]
    there.ask("--hall", code, "backup", tmp_path / "two")
    again = Console(tmp_path / "again.sqlite", console.read, console.clock)
    again.ask("restore", tmp_path / "two")
    assert beside == console.ask("tickets")["tickets"]
    assert again.ask("--hall", code, "tickets")["tickets"] == beside
    assert again.ask("--hall", "S", "tickets")["tickets"] == there.ask("--hall", "S", "tickets")["tickets"]
    assert data_checks(there)["tables"] == data_checks(again)["tables"] == "ok"


def test_a_restore_replaces_all_or_nothing_and_doctor_sees_what_was_changed(there, console, tmp_path, monkeypatch):
    """Between them a log is merged out of the server, and another one into it."""
    there.ask("backup", tmp_path / "one")
    before = there.log()
    there.ask("issue", "A")
    epoch = epoch_of(there)
    assert there.refused("restore", tmp_path / "one") == "needs_yes"
    assert len(there.log()) == len(before) + 1 and epoch_of(there) == epoch

    def fail(*_: object) -> None:
        raise psycopg.errors.AdminShutdown

    with monkeypatch.context() as broken:
        broken.setattr("queuedesk.store.log.book.rebuild_from_log_and_give_faults", fail)
        assert there.say("--json", "restore", tmp_path / "one", "--yes").status != 0
    assert len(there.log()) == len(before) + 1 and epoch_of(there) == epoch
    told = there.ask("restore", tmp_path / "one", "--yes")
    assert there.log()[: len(before)] == before
    assert [event["kind"] for event in there.log()[len(before) :]] == ["restore"]
    assert epoch_of(there) != epoch
    assert there.ask("issue", "A")["ticket"] == "A100"
    kept = Console(tmp_path / "kept.sqlite", there.read, there.clock)
    kept.ask("restore", told["copy"])
    assert [one["ticket"] for one in kept.ask("tickets")["tickets"]] == ["A001", "A002", "A003", "A004"]
    assert data_checks(there)["tables"] == "ok"
    there.ask("export", "--out", tmp_path / "log")
    office = Console(tmp_path / "office.sqlite", console.read, console.clock)
    assert office.ask("merge", tmp_path / "log")["halls"][0]["new"] is True
    assert office.log() == there.log()
    served(console)
    console.ask("export", "--out", tmp_path / "other")
    told = there.ask("--hall", "S", "merge", tmp_path / "other")["halls"][0]
    assert there.ask("--hall", "S", "merge", tmp_path / "other")["halls"][0]["added"] == 0
    there.ask("--hall", "S", "issue", "A")
    assert told["new"] is True
    db = Database.open(str(there.db))
    merged = looking.events_after(Desk(db, 2), 0)
    db.dispose()
    assert first_broken_seq(merged) is None
    assert [event.printed_fields() for event in merged] == console.log()
    assert data_checks(there)["tables"] == "ok"
    assert set(doctors_checks(there).values()) <= {"ok", "warning"}
    with psycopg.connect(str(there.db), autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute("UPDATE events SET actor = 'M1' WHERE seq = 3")
    assert doctors_checks(there)["chain"] == "failed"


def epoch_of(console: Console) -> str:
    with psycopg.connect(str(console.db)) as look:
        row = look.execute("SELECT epoch FROM database").fetchone()
    return str(row[0])


def test_a_pc_s_own_login_restores_nothing(shared_url, console, tmp_path):
    served(console)
    console.ask("backup", tmp_path / "one")
    with shared(shared_url) as hall:
        before = looking.events_after(Desk(hall.owner, 1), 0)
        pc = Console(hall.pc(PcKind.MANAGER), console.read, console.clock)  # type: ignore[arg-type]
        answer = pc.say("--json", "restore", tmp_path / "one", "--yes")
        assert answer.refusal == "not_this_pc"
        assert looking.events_after(Desk(hall.owner, 1), 0) == before


def test_a_log_that_ran_ahead_is_set_right_by_the_owner_alone(shared_url, console):
    """No PC's login takes anything out of the log's figures, by the program or beside it."""
    with shared(shared_url) as hall:
        owner, pc = hall.hall(), hall.hall(hall.pc(PcKind.MANAGER))
        joined = Console(hall.pc(PcKind.MANAGER), console.read, hall.clock)  # type: ignore[arg-type]
        console.db, console.clock = shared_url, hall.clock  # type: ignore[assignment]
        owner.issue("A")
        hall.clock.move(days=27_000)
        pc.issue("A")
        hall.clock.move(days=-27_000, minutes=5)
        assert joined.ask("clock", "set-right", "--preview")["tickets"] == 1
        assert joined.refused("--as", "M1", "clock", "set-right", "--yes") == "not_this_pc"
        with denied(), pc.desk.db.write(1) as tx:
            book = HallWriter(tx, 1)
            told = {"first": 2, "since": NINE, "was": NINE, "day": "2026-11-20", "series": {}, "date": "2026-11-20"}
            at = book.hall_counters().at or hall.clock()
            book.record_event(
                Event(seq=book.hall_counters().seq + 1, at=at, time=at, kind="set-right", actor="M1", data=told)
            )
        console.ask("clock", "set-right", "--yes")
        assert pc.issue("A") == "A002"
        assert pc.last().data["date"] == "2026-11-20"
        assert data_checks(console)["tables"] == "ok"
