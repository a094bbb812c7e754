"""What each kind of PC may do, as data: no table forgotten, nothing that could touch the log."""

from __future__ import annotations

import pytest
from sqlalchemy import Table

from queuedesk.core.log.event import SHAPES
from queuedesk.core.network.sharing import PcKind
from queuedesk.store import schema
from queuedesk.store.rights.tables import ALL, EVENTS, GRANTS


def test_every_table_is_somebodys() -> None:
    assert {table.name for table in GRANTS} == set(schema.halls.metadata.tables)


@pytest.mark.parametrize("kind", PcKind)
def test_the_log_is_read_and_appended_to(kind: PcKind) -> None:
    grant = GRANTS[schema.events][kind]
    assert (grant.inserts, grant.updates, grant.deletes) == (True, (), False)
    assert grant.reads == (ALL if kind is PcKind.MANAGER else tuple(schema.events.columns.keys()))


@pytest.mark.parametrize("table", GRANTS, ids=str)
def test_columns_that_are_named_are_there(table: Table) -> None:
    names = set(table.columns.keys())
    for grant in GRANTS[table].values():
        assert {*grant.reads, *grant.updates} - {"*"} <= names


def test_each_kind_of_pc_appends_what_the_one_before_it_does() -> None:
    assert EVENTS[PcKind.PUBLIC] < EVENTS[PcKind.STAFF] < EVENTS[PcKind.MANAGER] < SHAPES.keys()
