"""The log of a hall on a server that nobody shares: kept by the database itself, whoever owns the tables."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest

from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.setup.file import check_setup
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.setup import setting_up
from queuedesk.desk.upkeep import examining
from queuedesk.store.engine.database import Database
from queuedesk.store.rights import functions
from tests.credentials import raw
from tests.hall import Clock, Hall, at, simple_setup


@pytest.fixture
def hall(pg_url: str) -> Iterator[Hall]:
    db = Database.open(pg_url)
    clock = Clock(at("9:00"))
    desk = setting_up.add_hall(db, check_setup(simple_setup()), Ask(CONSOLE, clock()))
    made = Hall(desk, clock, None)  # type: ignore[arg-type]
    made.queue("A")
    yield made
    db.dispose()


def test_its_owner_changes_nothing_in_the_log(hall: Hall, pg_url: str) -> None:
    with raw(pg_url) as owner:
        for statement in (
            "UPDATE events SET actor = 'M1'",
            "DELETE FROM events WHERE seq = 2",
            "TRUNCATE events",
            'INSERT INTO events SELECT hall, seq + 1, at, time, kind, actor, date, ticket, service, "window", staff, command,'
            " data, prev, hash FROM events WHERE seq = 2",
            "UPDATE halls SET seq = 1",
        ):
            with pytest.raises(psycopg.Error) as refused:
                owner.execute(statement.encode())
            assert refused.value.sqlstate in ("42501", "QD001")
    assert examining.is_log_kept(hall.desk.db)
    assert len(hall.log()) == 2


def test_an_older_databases_log_is_kept_once_its_owner_opens_it(hall: Hall, pg_url: str) -> None:
    with raw(pg_url) as owner:
        owner.execute("DROP FUNCTION qd_event, qd_kept, qd_log_at_end, qd_hall_at_end, qd_rewriting CASCADE")
    assert not examining.is_log_kept(hall.desk.db)

    Database.open(pg_url).dispose()

    assert examining.is_log_kept(hall.desk.db)


def test_a_login_that_the_owner_let_in_works_and_makes_no_triggers(hall: Hall, pg_url: str) -> None:
    parts, name = urlsplit(pg_url), f"let_in_{os.getpid()}"
    with raw(pg_url) as owner:
        owner.execute(
            f"CREATE ROLE {name} LOGIN PASSWORD 'x'; DROP TRIGGER qd_event ON events;"
            f" GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}"
        )
        own_url = parts._replace(netloc=f"{name}:x@{parts.hostname}:{parts.port}").geturl()
        db = Database.open(own_url)
        with db.read() as tx:
            assert not functions.stands(tx)
        Database.open(pg_url).dispose()
        mine = Hall(Desk(db, 1), hall.clock, None)  # type: ignore[arg-type]

        assert mine.issue("A") == "A002"
        with raw(own_url) as thief, pytest.raises(psycopg.Error):
            thief.execute("DELETE FROM events")
        db.dispose()
        owner.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")
