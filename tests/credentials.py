"""A shared hall to test in: a server's database with the rules of rights.install, and logins of its PCs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from queuedesk.core.errors import OutsideError
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.desk import setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.store.engine.database import Database
from queuedesk.store.rights import grants
from tests.hall import SHANGHAI, Clock, Hall, at, noon_zone, simple_setup


@dataclass
class Shared:
    """Halls in one database on a server, and its owner's way in."""

    url: str
    owner: Database
    clock: Clock
    doors: list[Database] = field(default_factory=list)

    def pc(self, kind: PcKind, hall: int = 1) -> str:
        with self.owner.write() as tx:
            role, password = grants.add_pc(tx, hall, f"{kind} PC", kind, made_by="console", now=self.clock())
        parts = urlsplit(self.url)
        return urlunsplit(parts._replace(netloc=f"{role}:{password}@{parts.hostname}:{parts.port}"))

    def desk(self, url: str, hall: int = 1) -> Desk:
        db = Database.open(url, is_patient=True)
        self.doors.append(db)
        return Desk(db, hall)

    def hall(self, url: str | None = None, hall: int = 1) -> Hall:
        """Return a hall to act in, as the owner or with a PC's address."""
        desk = Desk(self.owner, hall) if url is None else self.desk(url, hall)
        return Hall(desk, self.clock, None)  # type: ignore[arg-type]

    def cut_off(self) -> list[str]:
        """Cut off at once who keeps others waiting, and return their logins."""
        with self.owner.write() as tx:
            return grants.cut_off_and_list_unwanted_roles(tx, 0)

    def pass_by(self, *, minutes: int) -> None:
        """Let codes become so much older: the server's own clock can't be moved."""
        with self.owner.write() as tx:
            tx.exec_driver_sql(f"UPDATE joins SET expires = expires - {minutes * 60_000_000}")


# The server's own clock can't be moved: what tests do on a day of theirs is of any time to it.
ANY_TIME = "CREATE OR REPLACE FUNCTION public.qd_now() RETURNS bigint LANGUAGE sql AS 'SELECT NULL::bigint'"
# What the rights leave on this function, which a database has before them too.
MARK = "SELECT obj_description(to_regprocedure('public.qd_hall()'), 'pg_proc')"


@contextmanager
def shared(
    url: str, *codes: str, by_the_clock: bool = False, since: datetime | None = None, **changes: Any
) -> Iterator[Shared]:
    """Make a shared database of simple halls with these codes, the first of them number 1, on the usual day or
    `since` then: now for stations of this PC, which doubt a clock that is days ahead; `by_the_clock` that of the server
    holds events. A database that has its rights (tests/postgres.py) takes a fifth of the time."""
    owner = Database.open(url, is_patient=True)  # A server on a busy PC may answer late.
    made = Shared(url, owner, Clock(since or at("9:00")))
    zone = noon_zone(since) if since else SHANGHAI.key
    try:
        with owner.write() as tx:
            if tx.exec_driver_sql(MARK).scalar_one() is None:
                grants.install_rights(tx)
            if not by_the_clock:
                tx.exec_driver_sql(ANY_TIME)
        for code in codes or ("T",):
            document = simple_setup(timezone=zone, **changes)
            document["hall"] = {**document["hall"], "code": code}
            setting_up.add_hall(owner, check_and_read_setup(document), Ask(CONSOLE, made.clock()))
        yield made
    finally:
        for db in [owner, *made.doors]:
            db.dispose()


@contextmanager
def denied(sqlstate: str = "42501") -> Iterator[None]:
    """Expect the database itself to refuse what is done through the store."""
    with pytest.raises((DBAPIError, OutsideError)) as refused:
        yield
    error = refused.value if isinstance(refused.value, DBAPIError) else refused.value.__cause__
    assert isinstance(error, DBAPIError)
    assert getattr(error.orig, "sqlstate", None) == sqlstate


def raw(url: str) -> psycopg.Connection:
    return psycopg.connect(url, autocommit=True)
