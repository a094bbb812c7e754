"""Bringing the tables on a server up to date: by their owner alone, with the rights of all PCs, on a server that can.

What a file does alike is in test_migrate.py.
"""

from __future__ import annotations

import shutil

import psycopg
import pytest
from sqlalchemy import text

from queuedesk.core.errors import OutsideError
from queuedesk.core.network.roles import CUSTOMER
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk.upkeep.examining import FAILED, examine
from queuedesk.paths import data_folder
from queuedesk.store.engine import database
from queuedesk.store.engine.database import Database
from queuedesk.store.log import events
from queuedesk.store.upkeep import pack
from tests.credentials import shared
from tests.store.engine.later import THIS


def asked(url: str, question: str) -> object:
    with psycopg.connect(url) as look:
        row = look.execute(question.encode()).fetchone()
    return row and row[0]


def test_a_pc_s_own_login_changes_no_tables(shared_url, become_later):
    with shared(shared_url) as made:
        pc = made.pc(PcKind.MANAGER)
        become_later()
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


def test_pcs_are_given_the_rights_that_a_newer_program_counts_on(shared_url, become_later):
    with shared(shared_url) as made:
        pc = made.pc(PcKind.STAFF)
        with psycopg.connect(shared_url) as owner:
            owner.execute("REVOKE ALL ON moves FROM qd_staff")  # as if the table were new
        become_later()
        Database.open(shared_url).dispose()

        db = Database.open(pc)
        with db.read() as tx:
            assert tx.execute(text("SELECT count(*) FROM moves")).scalar_one() == 0
        db.dispose()


def test_how_customers_rated_goes_through_an_update_and_its_proof(shared_url, become_later):
    shutil.rmtree(data_folder() / "backups", ignore_errors=True)
    with shared(shared_url) as made:
        hall = made.hall()
        hall.open("1", "C1")
        label = hall.issue("A")
        hall.serve_out("1")
        made.hall(made.pc(PcKind.PUBLIC)).do("rate", label, 2, who=CUSTOMER)
        become_later()
        Database.open(shared_url).dispose()

        [copy] = (data_folder() / "backups").iterdir()
        assert pack.of_backup(copy)[1]["ratings"] == 1
        for kind, level in ((PcKind.MANAGER, 2), (PcKind.STAFF, None)):
            db = Database.open(made.pc(kind))
            assert [one for one in examine(db) if one.status == FAILED] == []
            with db.read() as tx:
                assert [one.data.get("level") for one in events.of_kinds(tx, 1, ("rate",))] == [level]
            db.dispose()
