"""On PostgreSQL, too, every statement that stations wait for finds its rows by an index, however long the history."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from sqlalchemy import Connection

from queuedesk.desk.change import Desk
from tests import engines
from tests.desk.stage import stage
from tests.hall import Hall
from tests.postgres import drop_database, new_database
from tests.store.schema.test_tables import READS, WORKS
from tests.store.statements import listening

pytestmark = pytest.mark.pg
DAYS, EACH_DAY = 30, 100
# A row of the stage, again and again: what changes from one to the next. Numbers of events go down from the log's
# beginning.
HISTORY = {
    "tickets": "date = his_day, label = 'A' || lpad(nth::text, 3, '0'), state = 'finished', seq = -run, turn = -run",
    "legs": "date = his_day, label = 'A' || lpad(nth::text, 3, '0'), n = 1",
    "calls": "date = his_day, label = 'A' || lpad(nth::text, 3, '0'), seq = -run, time = time - run::bigint * 60000000",
    "ratings": "date = his_day, label = 'A' || lpad(nth::text, 3, '0')",
    "overtakes": "date = his_day, label = 'A' || lpad(nth::text, 3, '0'), seq = -run",
    "shifts": "date = his_day, id = -run, closed = opened",
    "events": "date = his_day, ticket = 'A' || lpad(nth::text, 3, '0'), seq = -run, kind = 'finish', at = at - run, time = time - run",
}


class UndoneError(Exception):
    """What takes back a command that was only watched."""


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """A hall in the middle of its morning, after a month of 100 tickets a day, beside a hall that has as many."""
    played = stage(tmp_path_factory.mktemp("stage"), settings={"overnight": "early_place"})
    db = engines.Lent(new_database())
    db.fill(played.path)
    played.desk.db.dispose()
    db.console.execute(
        'INSERT INTO halls SELECT (jsonb_populate_record(one, \'{"id": 2, "code": "U"}\')).* FROM halls one'
    )
    for table, changes in HISTORY.items():
        db.console.execute(_multiplied(table, changes).encode())
    db.console.execute("ANALYZE")
    yield Hall(Desk(db, 1), played.clock, played.path)
    db.close()
    drop_database(db.address)


def _multiplied(table: str, changes: str) -> str:
    pairs = re.findall(r"(\w+) = (.+?)(?:, (?=\w+ = )|$)", f"hall = hall_id, {changes}")
    made = ", ".join(f"'{name}', {value}" for name, value in pairs)
    return (
        f"INSERT INTO {table} SELECT (jsonb_populate_record(one, jsonb_build_object({made}))).* "
        f"FROM {table} one, generate_series(1, 2) hall_id, "
        f"generate_series(1, {DAYS}) back, generate_series(1, {EACH_DAY}) nth, "
        f"LATERAL (SELECT back * {EACH_DAY} + nth AS run, (date '2026-11-19' - back)::text AS his_day) made "
        f"WHERE one.ctid = (SELECT min(ctid) FROM {table})"
    )


@contextmanager
def watched(hall: Hall) -> Iterator[list[tuple[str, Any]]]:
    """Give the list of (statement, plan) of all that is asked within the block; what it writes is taken back."""
    found: list[tuple[str, Any]] = []
    wrote: list[str] = []

    def note(connection: Connection, cursor: Any, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            plan = connection.connection.driver_connection.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
            found.append((statement, plan))
        if not statement.startswith("SELECT"):
            wrote.append(statement)

    def undo(connection: Connection) -> None:
        if wrote:
            connection.connection.rollback()
            raise UndoneError

    try:
        with listening(hall.desk.db, before_cursor_execute=note, commit=undo), suppress(UndoneError):
            yield found
    finally:
        hall.desk.db.followed.clear()


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def walks(found: list[tuple[str, Any]]) -> list[tuple[str, str]]:
    """Return the statements that go through all rows, or all rows of the hall, of a table that grows."""
    walked = []
    for statement, cursor in found:
        (answer,) = cursor.fetchone()
        plan = answer if isinstance(answer, list) else json.loads(answer)
        for node in nodes(plan[0]["Plan"]):
            table, condition = node.get("Relation Name"), node.get("Index Cond", "")
            through_all = node["Node Type"] == "Seq Scan" and table in HISTORY
            index = node.get("Index Name", "")
            of_history = tuple(f"{kind}_{name}" for kind in ("pk", "ix") for name in HISTORY)
            through_the_hall = re.fullmatch(r"\(hall = .*?\)", condition) and index.startswith(of_history)
            if through_all or (through_the_hall and node["Plan Rows"] > EACH_DAY * 4):
                walked.append((statement, f"{node['Node Type']} {table or index} {condition}"))
    return walked


@pytest.mark.parametrize("work", WORKS.values(), ids=WORKS)
def test_no_command_and_no_screen_walks_through_the_history(hall: Hall, work: Callable[[Hall], object]) -> None:
    with watched(hall) as found:
        work(hall)
    assert found
    assert walks(found) == []


@pytest.mark.parametrize("work", READS)
def test_each_finds_its_rows_by_an_index(hall: Hall, work: Callable[[Any], object]) -> None:
    with watched(hall) as found, hall.desk.db.read() as tx:
        work(tx)
    assert walks(found) == []


def test_a_walk_would_be_seen(hall: Hall) -> None:
    for walk in ("tickets WHERE token = 'none'", "events WHERE hall = 1 AND actor = 'none'"):
        with watched(hall) as found, hall.desk.db.read() as tx:
            tx.exec_driver_sql(f"SELECT count(*) FROM {walk}")
        assert len(walks(found)) == 1
