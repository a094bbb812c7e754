"""What somebody with a PC's login may put into a row: each kind of login tries each column of each table with values
that nobody could read, and the hall goes on answering."""

import io
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import BigInteger, Column, Double

from queuedesk.cli.main import run_command_line
from queuedesk.core import features
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import network
from queuedesk.desk.change import Ask
from queuedesk.desk.upkeep import examining
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.types import FlagColumn, IsoDateColumn, JsonColumn, UtcMomentColumn
from queuedesk.store.rights.tables import GRANTS, WORDS
from tests.cli.commands import ALONE
from tests.credentials import ANY_TIME, Shared, raw
from tests.desk.damage import whole_hall
from tests.hall import Clock
from tests.postgres import drop_database, new_database

pytestmark = pytest.mark.pg

NOW = datetime(2026, 11, 21, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
HUGE = 2**63 - 1
Written = tuple[str, str, object]
COLUMNS = [column for table in GRANTS for column in table.columns]
ROUNDS = (("x", -1, "[7]", "{}"), ("", 10**9, "[]", '{"x":[]}'), ("2026-13-45 A1", 0, '[["x"],{}]', '{"kind":7}'))
"""What may stand in a column of its type, and means nothing there: a text, a number, a list and an object in JSON."""
COMMANDS: tuple[tuple[PcKind, tuple[str, ...]], ...] = (
    *((kind, ("state",)) for kind in PcKind),
    *((kind, ("issue", "A")) for kind in PcKind),
    (PcKind.STAFF, ("call", "2")),
    (PcKind.PUBLIC, ("wait", "--service", "A")),
    (PcKind.STAFF, ("cases", "list")),
    *([(PcKind.STAFF, ("appointment", "list"))] if "appointments" in features.choosable_feature_names() else []),
    (PcKind.MANAGER, ("tickets", "--date", "2026-11-20")),
    (PcKind.MANAGER, ("report", "day", "--date", "2026-11-20", "--out", "{folder}/day.json")),
)


def unreadable(column: Column[Any]) -> list[object]:
    """Return what no reader could take from a column; any text is one."""
    kind = column.type
    if column in WORDS:
        return ["x", ""]
    if isinstance(kind, IsoDateColumn):
        return ["2026-13-45", "2026-02-30", "x", ""]
    if isinstance(kind, JsonColumn):
        return ["{", "", "7", '"x"']
    if isinstance(kind, Double):
        return ["NaN", "Infinity"]
    return [HUGE] if isinstance(kind, BigInteger | UtcMomentColumn | FlagColumn) else []


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """A hall with rows in most tables, shared, and nobody has a PIN."""
    url, file = new_database(), whole_hall(tmp_path_factory.mktemp("whole"))
    network.move_halls_to_server(file, url, Ask(CONSOLE, NOW), settle=network.install_pc_rights)
    made = Shared(url, Database.open(url), Clock(NOW))
    with made.owner.write() as tx:
        tx.exec_driver_sql(ANY_TIME)
        tx.exec_driver_sql("DELETE FROM pins")
    yield made
    made.owner.dispose()
    drop_database(url)


@pytest.fixture(scope="module")
def logins(place: Shared) -> dict[PcKind, str]:
    return {kind: place.pc(kind) for kind in PcKind}


@pytest.fixture
def copy(place: Shared, logins: dict[PcKind, str]) -> Iterator[str]:
    """The owner's address of a copy of the hall, which the same logins may enter."""
    place.owner.dispose()
    url = new_database(urlsplit(place.url).path[1:])
    with raw(url) as owner:
        for login in logins.values():
            owner.execute(f"GRANT CONNECT ON DATABASE {urlsplit(url).path[1:]} TO {urlsplit(login).username}")  # type: ignore[call-overload]
    yield url
    drop_database(url)


@pytest.fixture(scope="module")
def writable(logins: dict[PcKind, str]) -> dict[str, list[Column[Any]]]:
    """By each login's address, the columns that its rights let it write at all, whatever the value."""
    found: dict[str, list[Column[Any]]] = {}
    for url in logins.values():
        with psycopg.connect(url) as login:
            found[url] = [column for column in COLUMNS if takes(login, column, None) is not None]
    return found


def takes(login: psycopg.Connection, column: Column[Any], value: object) -> bool | None:
    """Whether the server lets this login put a value into some row, None where it lets it put none; nothing stays."""
    table, name = sql.Identifier(column.table.name), sql.Identifier(column.name)
    try:
        with login.transaction(force_rollback=True):
            rows = login.execute(sql.SQL("UPDATE {} SET {} = %s").format(table, name), [value]).rowcount
            login.execute("SET CONSTRAINTS ALL IMMEDIATE")
            return rows > 0
    except psycopg.Error as error:
        return None if str(error).startswith("permission denied for table") else False


def taken_by_any(writable: dict[str, list[Column[Any]]], values_of: Callable[..., Iterable[object]]) -> list[Written]:
    taken: dict[Written, None] = {}
    for url, columns in writable.items():
        with psycopg.connect(url) as login:
            for column in columns:
                for value in values_of(column):
                    if takes(login, column, value):
                        taken[column.table.name, column.name, value] = None
    return list(taken)


def test_no_login_puts_into_a_row_what_no_reader_can_take(writable: dict[str, list[Column[Any]]]) -> None:
    assert taken_by_any(writable, unreadable) == []
    assert len(COLUMNS) >= 490


def put(owner: psycopg.Connection, written: Iterable[Written]) -> None:
    """Put values into rows, each column's into another row of its table where there are several."""
    for at, (table, column, value) in enumerate(written):
        names = {"table": sql.Identifier(table), "column": sql.Identifier(column)}
        one = sql.SQL("SELECT ctid FROM {table} ORDER BY ctid OFFSET %s %% (SELECT count(*) FROM {table}) LIMIT 1")
        change = sql.SQL("UPDATE {table} SET {column} = %s WHERE ctid = ({one})").format(
            **names, one=one.format(**names)
        )
        owner.execute(change, [value, at])


def answers(url: str, words: Sequence[str], folder: Path) -> str:
    """Return what a command says instead of an answer; "" where it is done, or a call is refused by a rule."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        command = ["--db", url, "--json", *(w.format(folder=folder) for w in words)]
        status = run_command_line(command, {}, lambda: NOW, ALONE)
    told = out.getvalue()
    is_refused = status == 1 and words[0] == "call" and '"bug"' not in told
    return "" if status == 0 or is_refused else f"{words}: {status} {told}"


@pytest.mark.parametrize("values", ROUNDS, ids=["words", "none", "shapes"])
def test_the_hall_answers_whatever_a_login_may_still_write(logins, writable, copy: str, values, tmp_path: Path) -> None:
    written = taken_by_any(writable, lambda _column: values)
    assert len(written) > 100
    random.Random(len(written)).shuffle(written)  # Which column's value goes into which row of its table.
    with raw(copy) as owner:
        put(owner, written)
    there = {kind: urlsplit(url)._replace(path=urlsplit(copy).path).geturl() for kind, url in logins.items()}
    assert [said for kind, words in COMMANDS if (said := answers(there[kind], words, tmp_path))] == []
    db = Database.open(copy)
    try:
        failed = [finding for finding in examining.examine_database(db) if finding.status == examining.FAILED]
    finally:
        db.dispose()
    assert "windows (" in {finding.name: finding.what for finding in failed}["tables"]
