"""Credentials of PCs: made, used for the work, taken away; what each kind may do as data; and the log of a hall that
nobody shares, kept by the database itself, whoever owns the tables."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy import text

from queuedesk.core.log.event import SHAPES
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.desk import setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.upkeep import examining
from queuedesk.store import schema
from queuedesk.store.engine.database import Database
from queuedesk.store.rights import functions, grants
from queuedesk.store.rights.tables import ALL, EVENTS, GRANTS
from tests.bounded import PATIENCE_S, until
from tests.credentials import ANY_TIME, Shared, denied, raw, shared
from tests.hall import Clock, Hall, at, simple_setup
from tests.postgres import make_role


@pytest.fixture
def two(shared_url: str) -> Iterator[Shared]:
    with shared(shared_url, "A", "B") as made:
        yield made


def role_of(url: str) -> str:
    return str(urlsplit(url).username)


def test_every_pc_reads_its_hall_only_a_managers_gives_credentials_and_no_password_is_kept(two: Shared) -> None:
    """Also once the rights were installed again; a manager's gives and takes them in its own hall alone, where
    tests/app/hosting/test_joining.py sees it do so, and who is withdrawn cut off."""
    pcs = {kind: two.pc(kind) for kind in PcKind}
    with two.owner.write() as tx:
        grants.install_rights(tx)
        tx.exec_driver_sql(ANY_TIME)
    two.hall(pcs[PcKind.STAFF]).issue("A")
    for kind, url in pcs.items():
        assert [event.kind for event in two.hall(url).log()] == ["set-up", "issue"], kind
        if kind is not PcKind.MANAGER:
            with denied(), two.desk(url).db.write() as tx:
                grants.add_pc(tx, 1, "One more", PcKind.MANAGER, made_by="M1", now=two.clock())
        else:
            manager, neighbour = two.desk(url), two.pc(PcKind.STAFF, hall=2)
            with denied(), manager.db.write() as tx:
                grants.add_pc(tx, 2, "Mine too", PcKind.STAFF, made_by="M1", now=two.clock())
            with denied(), manager.db.write() as tx:
                grants.withdraw_pc(tx, role_of(neighbour))
        with two.owner.read() as tx:
            own = {"r": role_of(url)}
            kept = tx.execute(text("SELECT rolpassword FROM pg_authid WHERE rolname = :r"), own).scalar_one()
            rows = str(tx.execute(text("SELECT * FROM pcs")).all())
        assert kept.startswith("SCRAM-SHA-256$")
        assert str(urlsplit(url).password) not in kept + rows


def test_a_managers_pc_looks_on_where_the_other_hall_lets_it(two: Shared) -> None:
    with two.owner.write() as tx:
        tx.exec_driver_sql(
            """UPDATE halls SET setup = jsonb_set(setup::jsonb, '{hall,seen_by}', '["A/M1"]')::text WHERE code = 'B'"""
        )
    with raw(two.pc(PcKind.MANAGER)) as manager, raw(two.pc(PcKind.STAFF)) as clerk:
        assert manager.execute("SELECT code FROM halls ORDER BY id").fetchall() == [("A",), ("B",)]
        assert manager.execute("SELECT DISTINCT hall FROM events ORDER BY hall").fetchall() == [(1,), (2,)]
        assert manager.execute("UPDATE halls SET code = 'C' WHERE id = 2").rowcount == 0
        assert clerk.execute("SELECT code FROM halls").fetchall() == [("A",)]
    with raw(two.pc(PcKind.MANAGER, hall=2)) as neighbour:
        assert neighbour.execute("SELECT code FROM halls").fetchall() == [("B",)]


def test_an_owner_who_is_no_superuser_gives_withdraws_and_cuts_off_who_keeps_others_waiting(empty_pg_url: str) -> None:
    """A PC may hold the lock of its own hall, and lift its own time limits; not for long."""
    parts = urlsplit(empty_pg_url)
    name = f"owner_{parts.path[1:]}"
    with raw(empty_pg_url) as superuser:
        for role in ("qd_public", "qd_web", "qd_staff", "qd_manager"):
            make_role(superuser, role)
        superuser.execute(
            f"CREATE ROLE {name} LOGIN CREATEROLE PASSWORD 'x';"
            f" GRANT qd_public, qd_web, qd_staff, qd_manager TO {name} WITH ADMIN OPTION;"
            f" ALTER DATABASE {parts.path[1:]} OWNER TO {name}"
        )
    url = parts._replace(netloc=f"{name}:x@{parts.hostname}:{parts.port}").geturl()
    Database.create(url).dispose()
    with shared(url, "A") as foreign:
        pc, door = foreign.pc(PcKind.STAFF), foreign.pc(PcKind.PUBLIC)
        assert foreign.hall(pc).issue("A") == "A001"
        with raw(door) as thief, raw(pc) as clerk, ThreadPoolExecutor(1) as beside:
            thief.execute(
                "SET idle_in_transaction_session_timeout = 0; BEGIN; SELECT id FROM halls WHERE id = 1 FOR UPDATE"
            )
            assert foreign.cut_off() == []  # no one waiting yet
            waiting = beside.submit(clerk.execute, "SELECT id FROM halls WHERE id = 1 FOR UPDATE")
            assert until(foreign.cut_off) == [role_of(door)]
            assert waiting.result(PATIENCE_S).fetchone() == (1,)
            with pytest.raises(psycopg.OperationalError):
                thief.execute("SELECT 1")
        with foreign.owner.write() as tx:
            assert grants.withdraw_pc(tx, role_of(pc))
        with pytest.raises(psycopg.OperationalError):
            raw(pc)


# -- what each kind of PC may do, as data: no table forgotten, nothing that could touch the log ------------------------


def test_every_table_is_somebodys_by_columns_that_are_there_and_the_log_is_read_and_appended_to_by_each_kind() -> None:
    assert EVENTS[PcKind.PUBLIC] < EVENTS[PcKind.WEB] < EVENTS[PcKind.STAFF] < EVENTS[PcKind.MANAGER] < SHAPES.keys()
    assert {table.name for table in GRANTS} == set(schema.halls.metadata.tables)
    for table, grants_of in GRANTS.items():
        for grant in grants_of.values():
            assert {*grant.reads, *grant.updates} - {"*"} <= set(table.columns.keys()), table.name
    for kind in PcKind:
        grant = GRANTS[schema.events][kind]
        assert (grant.inserts, grant.updates, grant.deletes) == (True, (), False), kind
        assert grant.reads == (ALL if kind is PcKind.MANAGER else tuple(schema.events.columns.keys())), kind


# -- the log of a hall on a server that nobody shares ------------------------------------------------------------------


@pytest.fixture
def hall(pg_url: str) -> Iterator[Hall]:
    db = Database.open(pg_url)
    clock = Clock(at("9:00"))
    desk = setting_up.add_hall(db, check_and_read_setup(simple_setup()), Ask(CONSOLE, clock()))
    made = Hall(desk, clock, None)  # type: ignore[arg-type]
    made.queue("A")
    yield made
    db.dispose()


def test_its_owner_changes_nothing_in_the_log_and_an_older_one_is_kept_once_opened(hall: Hall, pg_url: str) -> None:
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
        assert examining.is_log_protected(hall.desk.db)
        assert len(hall.log()) == 2
        owner.execute("DROP FUNCTION qd_event, qd_kept, qd_log_at_end, qd_hall_at_end, qd_rewriting CASCADE")
    assert not examining.is_log_protected(hall.desk.db)
    Database.open(pg_url).dispose()
    assert examining.is_log_protected(hall.desk.db)


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
            assert not functions.are_log_triggers_enabled(tx)
        Database.open(pg_url).dispose()
        mine = Hall(Desk(db, 1), hall.clock, None)  # type: ignore[arg-type]
        assert mine.issue("A") == "A002"
        with raw(own_url) as thief, pytest.raises(psycopg.Error):
            thief.execute("DELETE FROM events")
        db.dispose()
        owner.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")
