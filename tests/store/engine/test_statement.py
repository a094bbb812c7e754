"""Statements that go past SQLAlchemy: what they find and raise is what SQLAlchemy would."""

from typing import Any

import psycopg
import pytest
from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from queuedesk.store.engine.database import Database
from queuedesk.store.engine.server_link import raw_server_connection
from queuedesk.store.engine.types import FixedStatement
from queuedesk.store.schema import calls, legs, tickets
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import Hall
from tests.store.statements import statements

OF_HALL = FixedStatement(select(tickets).where(tickets.c.hall == bindparam("hall")).order_by(tickets.c.seq))


@ON_BOTH_ENGINES
def test_rows_are_those_of_sqlalchemy_what_the_database_refuses_is_its_error_and_who_listens_hears_them(hall: Hall):
    hall.queue("A", "B")
    with hall.desk.db.read() as tx:
        found = OF_HALL.fetch_rows(tx, {"hall": 1})
        told = tx.execute(OF_HALL.made, {"hall": 1}).all()
    assert found == [tuple(row) for row in told]
    mine, theirs = ([(row.label, row.flags, row.arrived) for row in rows] for rows in (found, told))
    assert mine == theirs
    label = hall.issue("A")
    with hall.desk.db.read() as tx:
        row = dict(tx.execute(select(legs).where(legs.c.label == label)).mappings().one())
    with pytest.raises(IntegrityError), hall.desk.db.write(1) as tx:
        FixedStatement(insert(legs)).execute(tx, row)
    with pytest.raises(KeyError), hall.desk.db.write(1) as tx:
        FixedStatement(insert(calls)).execute(tx, {"hall": 1})
    with statements(hall.desk.db) as asked, hall.desk.db.read() as tx:
        OF_HALL.fetch_rows(tx, {"hall": 1})
    assert len(asked) == 1


def test_a_server_is_sent_a_statement_again_by_the_cursor_that_knows_it(pg_url: str) -> None:
    asked: list[tuple[object, bool]] = []

    class Heard(psycopg.Cursor[Any]):
        def execute(self, query: Any, *args: Any, **words: Any) -> "Heard":
            asked.append((self, "FROM tickets" in query))
            super().execute(query, *args, **words)
            return self

    db = Database.open(pg_url)
    for _n in range(2):
        with db.read() as tx:
            raw_server_connection(tx).cursor_factory = Heard
            assert [OF_HALL.fetch_rows(tx, {"hall": hall}) for hall in (1, 2)] == [[], []]
    db.dispose()
    used = [cursor for cursor, is_it in asked if is_it]
    assert (len(used), len(set(used))) == (4, 1)
