"""Statements that go past SQLAlchemy: what they find and raise is what SQLAlchemy would."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from queuedesk.store.engine.statement import Statement
from queuedesk.store.schema.tables import calls, legs, tickets
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import Hall, simple_hall
from tests.store.statements import statements

pytestmark = ON_BOTH_ENGINES

OF_HALL = Statement(select(tickets).where(tickets.c.hall == bindparam("hall")).order_by(tickets.c.seq))


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


def test_rows_are_those_of_sqlalchemy_by_place_and_by_name(hall: Hall) -> None:
    hall.queue("A", "B")
    with hall.desk.db.read() as tx:
        found = OF_HALL.rows(tx, {"hall": 1})
        told = tx.execute(OF_HALL.made, {"hall": 1}).all()

    assert found == [tuple(row) for row in told]
    assert [(row.label, row.flags, row.arrived) for row in found] == [
        (row.label, row.flags, row.arrived) for row in told
    ]


def test_what_the_database_refuses_is_its_error(hall: Hall) -> None:
    label = hall.issue("A")
    with hall.desk.db.read() as tx:
        row = dict(tx.execute(select(legs).where(legs.c.label == label)).mappings().one())
    with pytest.raises(IntegrityError), hall.desk.db.write(1) as tx:
        Statement(insert(legs)).send(tx, row)


def test_a_missing_value_is_not_nothing(hall: Hall) -> None:
    with pytest.raises(KeyError), hall.desk.db.write(1) as tx:
        Statement(insert(calls)).send(tx, {"hall": 1})


def test_whoever_listens_to_the_engine_hears_them(hall: Hall) -> None:
    with statements(hall.desk.db) as asked, hall.desk.db.read() as tx:
        OF_HALL.rows(tx, {"hall": 1})
    assert len(asked) == 1
