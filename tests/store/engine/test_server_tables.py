"""Bringing the tables on a server up to date: once, after a backup, all or nothing, and only by their owner."""

from __future__ import annotations

import shutil
import threading
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from sqlalchemy import text

from queuedesk.core.errors import OutsideError
from queuedesk.core.network.roles import CONSOLE, CUSTOMER
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.setup.file import check_setup
from queuedesk.desk.change import Ask
from queuedesk.desk.setup.setting_up import add_hall
from queuedesk.desk.upkeep.examining import FAILED, examine
from queuedesk.paths import data_folder
from queuedesk.store.engine import database, migrate
from queuedesk.store.engine.database import Database
from queuedesk.store.log import events
from queuedesk.store.upkeep import pack
from queuedesk.store.upkeep.pack import Backup
from tests.credentials import shared
from tests.hall import at, simple_setup

THIS = migrate.REVISION
LATER = f"{int(THIS) + 1:04}"
NEXT = f"""
import sqlalchemy as sa
from alembic import op

revision = "{LATER}"
down_revision = "{THIS}"

def upgrade() -> None:
    with op.batch_alter_table("comments") as batch:
        batch.add_column(sa.Column("size", sa.BigInteger, nullable=False, server_default="7"))
"""


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make this the program of one revision later; returns the place of that revision."""
    migrations = tmp_path / "later"
    shutil.copytree(migrate.MIGRATIONS, migrations, ignore=shutil.ignore_patterns("__pycache__"))
    revision = migrations / "versions" / f"{LATER}_next.py"
    revision.write_text(NEXT, encoding="utf-8")
    monkeypatch.setattr(migrate, "MIGRATIONS", migrations)
    for module in (database, database):
        monkeypatch.setattr(module, "REVISION", LATER)
    return revision


@pytest.fixture
def hall(pg_url: str) -> str:
    """A hall, made by today's program."""
    shutil.rmtree(data_folder() / "backups", ignore_errors=True)
    db = Database.open(pg_url)
    add_hall(db, check_setup(simple_setup()), Ask(CONSOLE, at("9:00")))
    db.dispose()
    return pg_url


def asked(url: str, question: str) -> object:
    with psycopg.connect(url) as look:
        row = look.execute(question.encode()).fetchone()
    return row and row[0]


def size(url: str) -> object:
    question = (
        "SELECT column_default FROM information_schema.columns WHERE table_name = 'comments' AND column_name = 'size'"
    )
    return asked(url, question)


def test_an_older_database_is_brought_up_to_date_after_a_backup(hall, request):
    request.getfixturevalue("later")
    Database.open(hall).dispose()

    assert asked(hall, "SELECT version_num FROM alembic_version") == LATER
    assert size(hall) is not None
    [copy] = (data_folder() / "backups").iterdir()
    assert copy.name == f"T-{THIS}.zip"
    with Backup(copy) as backup:
        assert [(one.code, one.seq) for one in backup.check()] == [("T", 1)]


def test_who_is_still_at_work_when_a_newer_program_comes_reads_and_writes_no_more(hall, request):
    at_work = Database.open(hall)
    with at_work.read():
        pass
    request.getfixturevalue("later")
    Database.open(hall).dispose()
    request.getfixturevalue("monkeypatch").undo()

    for transaction in (at_work.read, at_work.write, partial(at_work.write, 1)):
        with pytest.raises(OutsideError) as refused, transaction():
            pass
        assert (refused.value.code, refused.value.details["version"]) == ("database_newer", int(LATER))
    at_work.dispose()


def test_of_several_only_the_first_changes_anything(hall, request):
    request.getfixturevalue("later")
    threads = [threading.Thread(target=lambda: Database.open(hall).dispose()) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert asked(hall, "SELECT version_num FROM alembic_version") == LATER
    assert len(list((data_folder() / "backups").iterdir())) == 1


def test_what_fails_on_the_way_changes_nothing(hall, request):
    later = request.getfixturevalue("later")
    later.write_text(NEXT + "    raise ZeroDivisionError\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(OutsideError) as refused:
            Database.open(hall)

    told = refused.value.details | {"path": ""}
    assert refused.value.code == "database_not_upgraded"
    assert told == {"path": "", "version": int(THIS), "cause": "ZeroDivisionError: "}
    assert asked(hall, "SELECT version_num FROM alembic_version") == THIS
    assert size(hall) is None
    assert len(list((data_folder() / "backups").iterdir())) == 1


def test_a_pc_s_own_login_changes_no_tables(shared_url, request):
    with shared(shared_url) as made:
        pc = made.pc(PcKind.MANAGER)
        request.getfixturevalue("later")
        with pytest.raises(OutsideError) as refused:
            Database.open(pc)

    assert (refused.value.code, refused.value.details["version"]) == ("database_older", int(THIS))
    assert asked(shared_url, "SELECT version_num FROM alembic_version") == THIS


def test_a_server_that_lacks_what_a_hall_needs_is_refused_before_anything_is_made(empty_pg_url, monkeypatch):
    version = int(asked(empty_pg_url, "SHOW server_version_num"))
    monkeypatch.setattr(database, "_LEAST", (version // 10000 + 1) * 10000)
    with pytest.raises(OutsideError) as refused:
        Database.create(empty_pg_url)

    told = {name: refused.value.details[name] for name in ("version", "least")}
    assert (refused.value.code, told) == (
        "server_too_old",
        {"version": version // 10000, "least": version // 10000 + 1},
    )
    assert asked(empty_pg_url, "SELECT to_regclass('halls')") is None


def test_a_newer_program_s_database_is_refused(pg_url):
    with psycopg.connect(pg_url) as owner:
        owner.execute("UPDATE alembic_version SET version_num = '0099'")
    with pytest.raises(OutsideError) as refused:
        Database.open(pg_url)

    parts = urlsplit(pg_url)
    place = urlunsplit(parts._replace(netloc=f"{parts.username}@{parts.hostname}:{parts.port}"))
    assert (refused.value.code, refused.value.details) == ("database_newer", {"version": 99, "path": place})


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM alembic_version",
        "INSERT INTO alembic_version VALUES ('0001')",
        "UPDATE alembic_version SET version_num = 'abc'",
        "UPDATE alembic_version SET version_num = '0007'",
    ],
    ids=["none", "two", "words", "before servers"],
)
def test_a_database_that_says_no_revision_is_damaged(pg_url, change):
    with psycopg.connect(pg_url) as owner:
        owner.execute(change)

    with pytest.raises(OutsideError) as refused:
        Database.open(pg_url)
    assert refused.value.code == "database_damaged"


def test_pcs_are_given_the_rights_that_a_newer_program_counts_on(shared_url, request):
    with shared(shared_url) as made:
        pc = made.pc(PcKind.STAFF)
        with psycopg.connect(shared_url) as owner:
            owner.execute("REVOKE ALL ON moves FROM qd_staff")  # as if the table were new
        request.getfixturevalue("later")
        Database.open(shared_url).dispose()

        db = Database.open(pc)
        with db.read() as tx:
            assert tx.execute(text("SELECT count(*) FROM moves")).scalar_one() == 0
        db.dispose()


def test_how_customers_rated_goes_through_an_update_and_its_proof(shared_url, request):
    shutil.rmtree(data_folder() / "backups", ignore_errors=True)
    with shared(shared_url) as made:
        hall = made.hall()
        hall.open("1", "C1")
        label = hall.issue("A")
        hall.serve_out("1")
        made.hall(made.pc(PcKind.PUBLIC)).do("rate", label, 2, who=CUSTOMER)
        request.getfixturevalue("later")
        Database.open(shared_url).dispose()

        [copy] = (data_folder() / "backups").iterdir()
        assert pack.of_backup(copy)[1]["ratings"] == 1
        for kind, level in ((PcKind.MANAGER, 2), (PcKind.STAFF, None)):
            db = Database.open(made.pc(kind))
            assert [one for one in examine(db) if one.status == FAILED] == []
            with db.read() as tx:
                assert [one.data.get("level") for one in events.of_kinds(tx, 1, ("rate",))] == [level]
            db.dispose()
