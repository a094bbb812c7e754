"""Connections to a hall on a PostgreSQL server, and how a transaction begins there.

The driver is loaded where a hall is on a server, and nowhere else: it takes a tenth of a second of every start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from queuedesk.core.errors import OutsideError
from queuedesk.paths import password_file
from queuedesk.store.engine.address import parse_server_address, url_without_password

if TYPE_CHECKING:
    import psycopg

CONNECT_S = 2.0
"""For a connection in all, whatever its server's name leads to; the library's own limit is for each address."""
LONGEST_CONNECT_S = 60.0
SILENT_MS = 2500
# What the server does by itself to whoever asks for a hall's lock, in ms: a PC that falls asleep with it gives it back
# before the next in line stops waiting.
LOCK_WAIT_MS, IDLE_MS = 5000, 4000
_VERSION = "(SELECT version_num FROM alembic_version)"
HALL_COLUMNS = ("id", "seq", "hash", "at", "date", "normal_calls", "calls_date", "setup_hash")
"""What a transaction that locks a hall reads of it at once."""
_LOCKED = "queuedesk locked"
_KEPT = "queuedesk kept"
_HALL = "queuedesk hall"
_END = "queuedesk end"
_AT_END = "queuedesk at end"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OPTIONS: dict[str, Any] = {
    "connect_timeout": int(CONNECT_S),
    "tcp_user_timeout": SILENT_MS,
    "keepalives": 1,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 2,
    "application_name": "queuedesk",
}
# Of whoever waits for a server that has only just started, on a disk that may be slow.
_PATIENT = {"connect_timeout": int(LONGEST_CONNECT_S), "tcp_user_timeout": int(LONGEST_CONNECT_S * 1000)}
# So often a statement is sent before the server keeps it prepared, as the driver does by itself.
PREPARED_AFTER = 5
# A station's lanes share these; what goes beyond is closed after use, because a server's connections are counted.
KEPT_CONNECTIONS = 2


class TransactionStart(NamedTuple):
    """How a transaction begins: what comes first, and the question that a server process plans once and keeps by its
    name. `hall` is what the question names $1."""

    first: str
    name: str
    question: str
    hall: int = 0

    @property
    def plain_query(self) -> str:
        return f"{self.first}; {self.question.replace('$1', f'{self.hall:d}')}"

    @property
    def text_of_prepare_command(self) -> str:
        """What has the server keep the question."""
        return f"PREPARE {self.name} (bigint) AS {self.question}"

    @property
    def prepared_query(self) -> str:
        return f"{self.first}; EXECUTE {self.name} ({self.hall:d})"


_WHO = f"SELECT pg_backend_pid(), {_VERSION}"
READ = TransactionStart("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "queuedesk_who", _WHO)
"""The question is what makes the moment: a snapshot is taken at the first."""
WRITE = TransactionStart("BEGIN", "queuedesk_who", _WHO)
# The clock is read outside of the locking part: there it would be what it said before the wait.
_LOCK = (
    f"SELECT pg_backend_pid(), {_VERSION}, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, held.*"
    f" FROM (SELECT {', '.join(HALL_COLUMNS)} FROM halls WHERE id = $1 FOR NO KEY UPDATE) held"
)


class _Pool(QueuePool):
    """Keeps connections until dispose(), and closes then what comes back later: nobody would ask it again, and the
    server would keep them open."""

    _is_over = False

    def dispose(self) -> None:
        self._is_over = True
        super().dispose()

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        super()._do_return_conn(record)
        if self._is_over:  # Asked after the return: whichever comes first, one of both finds it.
            super().dispose()


def server_engine(connect: Callable[[], psycopg.Connection[Any]]) -> Engine:
    """Return SQLAlchemy's engine over `connect`; its user sends BEGIN with begin_transaction(), or each statement
    stands alone."""
    return create_engine(
        "postgresql+psycopg://",
        creator=connect,
        use_native_hstore=False,
        poolclass=_Pool,
        pool_size=KEPT_CONNECTIONS,
        max_overflow=-1,
        pool_use_lifo=True,
        hide_parameters=True,
    )


def open_server_connection(url: str, *, is_patient: bool = False) -> psycopg.Connection[Any]:
    """Open a connection in which each statement outside of begin_transaction() is a transaction of its own, and none is
    prepared until begin_transaction(). What the address says goes before our own limits; a patient one waits
    LONGEST_CONNECT_S and bears a server that stands still. Of several hosts the one that can be written is taken. Where
    the address has no password, this PC's passfile is asked. Raises psycopg.Error, OutsideError "bad_url" (path)."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    from queuedesk.store.engine.server_login import connect_and_log_in

    hosts = parse_server_address(url).hosts
    try:
        given = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise OutsideError("bad_url", path=url_without_password(url)) from error
    known: dict[str, Any] = _OPTIONS | (_PATIENT if is_patient else {})
    if len(hosts) > 1 and given.get("target_session_attrs") in ("primary", "read-write"):
        del given["target_session_attrs"]  # Each is asked itself: a pooler still says what its server was.
    if "password" not in given and (file := password_file()).exists():
        known["passfile"] = str(file)
    connection = connect_and_log_in(
        {**known, **given}, _connect_timeout_s(given.get("connect_timeout", known["connect_timeout"]))
    )
    connection.prepare_threshold = None
    return connection


def _connect_timeout_s(said: object) -> float:
    """Return how long to try, in all: what the address says as the library reads it, where that is a time."""
    try:
        seconds = int(str(said))
    except ValueError:
        return CONNECT_S
    return max(CONNECT_S, seconds) if seconds > 0 else LONGEST_CONNECT_S


def hall_lock_transaction_start(hall: int) -> TransactionStart:
    """Return how a transaction begins that may change `hall`: one query to the server, which waits for its turn."""
    waits = f"BEGIN; SET LOCAL lock_timeout = {LOCK_WAIT_MS}; SET LOCAL idle_in_transaction_session_timeout = {IDLE_MS}"
    return TransactionStart(waits, "queuedesk_lock", _LOCK, hall)


class BeginResult(NamedTuple):
    """What the beginning of a transaction found: the revision of the tables, and for hall_lock_transaction_start() the
    hall's seq, 0 if there is no such hall."""

    version: str | None
    seq: int


def begin_transaction(tx: Connection, start: TransactionStart) -> BeginResult:
    """Begin a transaction with READ, WRITE or hall_lock_transaction_start(). The server's time is kept with the
    connection: hall_lock_time(). If the answering server process is the one that accepted this connection, statements
    are prepared from now on. A pooler uses another one for each transaction, which has none of the last one's prepared
    statements."""
    driver = raw_server_connection(tx)
    cursor = _send_begin(tx, driver, start)
    while cursor.nextset():
        pass
    row = cursor.fetchone()
    if row is None:
        row = (None, None)  # There is no such hall to lock.
    if row[0] == driver.pgconn.backend_pid and driver.prepare_threshold is None:
        driver.prepare_threshold = PREPARED_AFTER
    clock_us, *hall = row[2:] or (None,)
    tx.info[_LOCKED], tx.info[_HALL] = clock_us, tuple(hall)
    tx.info.pop(_AT_END, None)
    tx.info.pop(_END, None)
    return BeginResult(row[1], hall[HALL_COLUMNS.index("seq")] if hall else 0)


def _send_begin(tx: Connection, driver: psycopg.Connection[Any], start: TransactionStart) -> psycopg.Cursor[Any]:
    """Begin a transaction; a server process that stays the same plans its question once."""
    if driver.prepare_threshold is None:
        return driver.execute(start.plain_query)
    import psycopg

    kept: set[str] = tx.info.setdefault(_KEPT, set())
    if start.name not in kept:
        # It is still there if the driver had prepared nothing itself when something was undone.
        with suppress(psycopg.errors.DuplicatePreparedStatement):
            driver.execute(start.text_of_prepare_command, prepare=False)
        kept.add(start.name)
    try:
        return driver.execute(start.prepared_query)
    except psycopg.errors.InvalidSqlStatementName:
        # The driver has its server process forget everything after some statements, and tells nobody.
        driver.rollback()
        kept.clear()
        return driver.execute(start.plain_query)


def roll_back_if_begun(tx: Connection) -> None:
    """Undo what was not committed, if there is any."""
    if not tx.invalidated and raw_server_connection(tx).info.transaction_status:
        tx.info.pop(_KEPT, None)  # After this the driver has everything forgotten.
    tx.rollback()


def take_already_read_hall_row(tx: Connection, hall: int) -> tuple[Any, ...] | None:
    """Return HALL_COLUMNS of the hall that this transaction locked, as the driver gave them, to the first who asks;
    None where they may have changed since, or were not read."""
    row: tuple[Any, ...] | None = tx.info.pop(_HALL, None)
    return row if row and row[0] == hall else None


def forget_locked_row(tx: Connection) -> None:
    """Note that a hall's row is about to be changed."""
    tx.info.pop(_HALL, None)


def note_new_log_end(tx: Connection, hall: int, seq: int) -> None:
    """Note that a hall's row is about to get this seq."""
    forget_locked_row(tx)
    tx.info[_END] = (hall, seq)


def log_end_seq_set_by_transaction(tx: Connection, hall: int) -> int | None:
    """Return the seq that this transaction gave the hall's row; None if it gave it none."""
    known, seq = tx.info.get(_END, (None, None))
    return seq if known == hall else None


def hall_lock_time(tx: Connection) -> datetime | None:
    """Return the server's time when this transaction got its hall's lock; None for a file, or without such a lock."""
    if tx.dialect.name == "sqlite":
        return None
    us: int | None = tx.info.get(_LOCKED)
    return None if us is None else _EPOCH + timedelta(microseconds=us)


def raw_server_connection(tx: Connection) -> psycopg.Connection[Any]:
    driver: psycopg.Connection[Any] | None = tx.connection.driver_connection
    assert driver is not None
    return driver


def shut_connection_socket(driver: psycopg.Connection[Any]) -> None:
    """End a connection from outside: anybody waiting for an answer is told at once that there will be none."""
    import socket

    import psycopg

    try:
        line = socket.socket(fileno=driver.fileno())
    except (OSError, psycopg.Error):
        return  # Whoever waited was told at this moment.
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # The other side was first.
    finally:
        line.detach()


def driver_errors() -> tuple[type[Exception], ...]:
    import psycopg

    return (psycopg.Error,)


def run_writes_at_commit(tx: Connection, writes: Callable[[], None]) -> None:
    """Let `writes` be the last of this transaction: on a server they go with its commit, in one round trip. A file has
    them at once."""
    if tx.dialect.name == "sqlite":
        writes()
    else:
        tx.info[_AT_END] = writes


def take_deferred_writes_function(tx: Connection) -> Callable[[], None]:
    """Return what run_writes_at_commit() was given, for whoever commits now."""
    writes: Callable[[], None] = tx.info.pop(_AT_END, lambda: None)
    return writes


@contextmanager
def pipelined_writes(tx: Connection) -> Iterator[None]:
    """Send the block's writes without waiting for each answer, in one round trip to the server. Nothing may be read
    meanwhile. A file needs no round trips and is written as usual. Raises DBAPIError at the end of the block."""
    if tx.dialect.name == "sqlite":
        yield
        return
    import psycopg

    try:
        with raw_server_connection(tx).pipeline():
            yield
    except psycopg.Error as error:
        raise DBAPIError.instance(None, None, error, psycopg.Error, dialect=tx.dialect) from error
