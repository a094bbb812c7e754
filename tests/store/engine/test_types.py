"""Values and statements that go past SQLAlchemy's own: stored plainly, the same on the way back, and what is found and
raised is what SQLAlchemy would."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.schema import CreateIndex, CreateTable

from queuedesk.core.log.event import EARLIEST, LATEST, utc_stamp
from queuedesk.store import schema
from queuedesk.store.engine import types
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.server_link import raw_server_connection
from queuedesk.store.engine.types import FixedStatement
from queuedesk.store.schema import calls, legs, tickets
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import Hall
from tests.store.statements import statements

WORDS = ["waiting", "it's over"]
metadata = sa.MetaData()
kept = sa.Table(
    "kept",
    metadata,
    sa.Column("id", types.BigInt, primary_key=True),
    sa.Column("moment", types.UtcMomentColumn),
    sa.Column("later", types.UtcMomentColumn),
    sa.Column("day", types.IsoDateColumn),
    sa.Column("json", types.JsonColumn),
    sa.Column("flag", types.FlagColumn),
    sa.Column("state", sa.Text),
    sa.Column("real", types.Real),
    sa.Column("text", sa.Text),
    sa.Column("bytes", sa.LargeBinary),
)
types.make_tables_strict(schema.metadata_of_all_tables())


@pytest.fixture
def tx():
    engine = sa.create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


NINE = datetime(2026, 3, 2, 9, 0, 0, 123457, tzinfo=UTC)


@pytest.mark.parametrize(
    ("column", "value", "stored"),
    [
        ("moment", NINE, 1772442000123457),
        ("day", date(2026, 3, 2), "2026-03-02"),
        ("json", {"b": [1, None, {"d": 1, "c": "é"}], "a": "号"}, '{"a":"号","b":[1,null,{"c":"é","d":1}]}'),
        ("json", [], "[]"),
        ("flag", True, 1),
        ("flag", False, 0),
        ("real", 0.1, 0.1),
        *((name, None, None) for name in ("moment", "day", "json", "flag", "state", "real", "text", "bytes")),
    ],
)
def test_a_value_is_stored_plainly_and_comes_back_the_same(tx, column, value, stored):
    tx.execute(kept.insert(), {column: value})
    assert tx.exec_driver_sql(f"SELECT {column} FROM kept").scalar() == stored
    back = tx.execute(sa.select(kept.c[column])).scalar()
    assert back == value
    assert type(back) is type(value)


def test_a_moment_of_another_zone_is_the_same_in_utc_and_columns_compare_with_what_they_mean(tx):
    tx.execute(kept.insert(), {"moment": NINE.astimezone(timezone(timedelta(hours=8)))})
    back = tx.execute(sa.select(kept.c.moment)).scalar()
    assert (back, back.tzinfo) == (NINE, UTC)
    tx.execute(kept.insert(), {"moment": NINE, "day": NINE.date(), "flag": True, "state": "waiting"})
    is_waiting = kept.c.flag.is_(True) & kept.c.state.in_(WORDS)
    found = sa.select(sa.func.count()).where(kept.c.moment == NINE, kept.c.day > date(2026, 3, 1), is_waiting)
    assert tx.execute(found).scalar() == 1
    tx.execute(kept.insert(), {"moment": NINE, "later": NINE + timedelta(seconds=2)})
    assert tx.execute(sa.select(kept.c.later - kept.c.moment).where(kept.c.later.is_not(None))).scalar() == 2_000_000


@given(st.datetimes(EARLIEST.replace(tzinfo=None), LATEST.replace(tzinfo=None) - timedelta(microseconds=1)))
def test_no_microsecond_is_lost(naive):
    moment = naive.replace(tzinfo=UTC)
    assert types.moment_from_microseconds(types.to_microseconds(moment)) == moment
    assert types.log_time_text(types.to_microseconds(moment)) == utc_stamp(moment)


def test_what_lies_outside_of_all_years_reads_as_a_time_that_no_hall_has():
    for beyond in (EARLIEST - timedelta(microseconds=1), LATEST, datetime.max.replace(tzinfo=UTC)):
        assert types.moment_from_microseconds(types.to_microseconds(beyond)) == LATEST
    assert types.log_time_text(568_971_820_800_000_000) == "20000-01-01T00:00:00.000000+00:00", "as a server prints it"


@given(st.integers(-210_866_803_200_000_000, 2**63 - 1))  # from 4713 before Christ, where a server's calendar begins
def test_a_time_of_any_year_is_printed_and_found_again(us):
    printed = types.log_time_text(us)
    assert types.moment_from_microseconds(us) is not None
    if us >= types.to_microseconds(datetime(1, 1, 1, tzinfo=UTC)):
        assert types.microseconds_from_log_time(printed) == us


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("moment", datetime(2026, 3, 2, 9, 0)),  # noqa: DTZ001 - the lack of a zone is the point
        ("day", NINE),
        ("flag", 1),
        ("json", float("nan")),
    ],
)
def test_what_the_column_does_not_mean_is_refused_on_the_way_in(tx, column, value):
    with pytest.raises(StatementError):
        tx.execute(kept.insert(), {column: value})


def test_a_partial_index_holds_values_as_they_are_stored_and_postgresql_has_a_wide_type_for_each():
    where = kept.c.state.in_(WORDS) & kept.c.flag.is_(True)
    copy = kept.to_metadata(sa.MetaData())
    index = sa.Index("some", copy.c.moment, sqlite_where=where, postgresql_where=where)
    for dialect in (sqlite.dialect(), postgresql.dialect()):
        made = str(CreateIndex(index).compile(dialect=dialect))
        assert made.endswith("WHERE state IN ('waiting', 'it''s over') AND flag = 1")
    made = str(CreateTable(kept).compile(dialect=postgresql.dialect()))
    types = [line.split()[1] for line in made.splitlines() if line.startswith("\t") and "KEY" not in line]
    wide = "BIGSERIAL BIGINT, BIGINT, TEXT, TEXT, BIGINT, TEXT, DOUBLE TEXT, BYTEA,"
    assert types == wide.split()


KINDS = (sa.String, sa.DateTime, sa.Date, sa.Boolean, sa.Numeric, sa.JSON, sa.BigInteger, sa.Double)
LOOSE = [sa.String(4), sa.Enum(*WORDS), *(kind() for kind in KINDS)]


@pytest.mark.parametrize("loose", LOOSE, ids=repr)
def test_a_type_that_strict_tables_do_not_know_is_refused(loose):
    other = sa.MetaData()
    sa.Table("some", other, sa.Column("id", sa.Integer, primary_key=True), sa.Column("loose", loose))
    with pytest.raises(TypeError, match=r"some\.loose"):
        types.make_tables_strict(other)


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSONS, st.booleans(), st.sampled_from(["", " ", ",", "]", "\ufeff"]))
@example(value="\ud83d", is_escaped=True, rest="")
@example(value=1e308, is_escaped=False, rest="0")
@example(value=2**70, is_escaped=False, rest="")
@example(value="a\tb", is_escaped=False, rest="")
def test_a_stored_text_has_the_value_that_it_has_for_everybody(value: Any, is_escaped: bool, rest: str) -> None:
    text = json.dumps(value, ensure_ascii=is_escaped) + rest
    try:
        wanted = json.loads(text)
    except ValueError:
        wanted = text
    assert repr(types.event_data_from_json(text)) == repr(wanted)


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
