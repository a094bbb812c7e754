"""Wakes followers of a shared hall: the word sent after a commit, and the listener that hears it."""

from __future__ import annotations

import selectors
import socket
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

import psycopg
from psycopg import pq
from sqlalchemy.exc import DBAPIError

from queuedesk.core.errors import OutsideError
from queuedesk.store.engine import server_link
from queuedesk.store.engine.faults import outside_error_of
from queuedesk.watch import WatchedThread

if TYPE_CHECKING:
    from sqlalchemy import Connection


BEAT_S = 1.0
"""How often a listener asks for the hall's seq all the same: a word may be lost, a network fall silent."""
ANSWER_S = 1.2
RETRY_S = 0.5
CLOSE_S = 0.3
# Where the engine sends no word, the seq is asked for this often while things happen, and less often in a quiet hall.
POLL_S, REST_POLL_S, SLOWER = 0.05, 0.2, 1.1
# So many commits in a row that were found by their seq, while no word of them came: a pooler keeps the words to itself.
UNHEARD = 3

MOST_DIGITS = 19  # a seq has no more, and Python reads no number of thousands
_ANNOUNCE = "SELECT set_config('synchronous_commit', 'off', true), pg_notify(%s, %s)"
_MARK = "SELECT d.epoch, h.seq FROM database d, halls h WHERE h.id = {}"
_MUTE = "queuedesk mute"
Mark = tuple[str, int]


def commit_channel_name(hall: int) -> str:
    """Return the name of the channel for a hall's commits: other halls' stations are not woken."""
    return f"queuedesk_{hall}"


def commit_and_notify_followers(tx: Connection, hall: int, *, before: int) -> None:
    """Commit with the last writes of a change, then tell the followers of `hall` the new end of its log, unless it is
    still `before`, where the transaction began. Raises DBAPIError where nothing was committed. That nobody could be
    told raises nothing: followers find out by themselves within BEAT_S."""
    driver, is_committed = server_link.raw_server_connection(tx), False
    try:
        with driver.pipeline():
            server_link.take_deferred_writes_function(tx)()
            tx.commit()
            is_committed = True
            # In the transaction itself, or waiting for the disk, it would make all halls wait for each other.
            if (seq := server_link.log_end_seq_set_by_transaction(tx, hall)) not in (None, before) and not tx.info.get(
                _MUTE
            ):
                driver.execute(_ANNOUNCE, (commit_channel_name(hall), str(seq)))
    except psycopg.Error as error:
        if not is_committed:
            raise DBAPIError.instance(None, None, error, psycopg.Error, dialect=tx.dialect) from error
        if driver.closed:
            tx.invalidate()
        else:
            tx.info[_MUTE] = True  # An engine that has no such function.


class ListenableServer(Protocol):
    """What a listener needs of its database (store/engine/database.py)."""

    place: str

    def open_separate_connection(self) -> psycopg.Connection[Any]: ...
    def interrupt(self) -> None: ...


class CommitListener:
    """Listens for commits in one hall, with its own connection and a thread that starts with the first
    wait_for_commit(). It finds out within BEAT_S + ANSWER_S that the server is gone or the network silent, whatever the
    system does about dead connections, and then interrupts everything in this process that waits for the server. With
    `patience_s` it begins so much later and interrupts after so much silence; without a `hall`, 0, it hears of no
    commits."""

    def __init__(self, db: ListenableServer, hall: int, *, patience_s: float = 0.0) -> None:
        self._db = db
        self._hall = hall
        self._patience_s = patience_s
        self._heard = 0.0
        self._changed = threading.Condition()
        self._news = False
        self._nudged = False
        self._trouble: BaseException | None = None
        self._doubted = False
        self._meets = False
        self._closing = False
        self._line: DeadlineConnection | None = None
        self._bell, self._ringer = socket.socketpair()
        self._bell.setblocking(False)
        self._thread = WatchedThread(
            self._listen_and_reconnect, f"listener of hall {hall}", failed=self._report_to_waiters, again_s=RETRY_S
        )

    def wait_for_commit(self, timeout_s: float) -> bool:
        """Return True when there may be something new since the last True, False after `timeout_s` or a nudge. Raises
        OutsideError."""
        with self._changed:
            if not self._thread.was_started and not self._closing:
                self._thread.start()
            self._changed.wait_for(lambda: self._news or self._nudged or self._trouble or self._closing, timeout_s)
            if self._trouble is not None:
                trouble, self._trouble = self._trouble, None
                raise trouble
            news, self._news, self._nudged = self._news, False, False
            return news

    def nudge(self) -> None:
        """End the current wait, or else the next one."""
        with self._changed:
            self._nudged = True
            self._changed.notify_all()

    def recheck_database(self) -> None:
        """Check at once whether the server is there: the next wait_for_commit() returns True if so."""
        self._doubted = True
        if self._meets:
            self._wake_listener()

    def close(self) -> None:
        """End the thread and its connection; a connection that is just being made may take CLOSE_S longer."""
        self._closing = True
        self._wake_listener()
        if (line := self._line) is not None:
            line.end_from_elsewhere()
        self.nudge()
        if self._thread.was_started:
            self._thread.join(CLOSE_S)
        else:
            self._close_bell_sockets()

    def _wake_listener(self) -> None:
        with suppress(OSError):  # The thread has ended.
            self._ringer.send(b"!")

    def _close_bell_sockets(self) -> None:
        self._ringer.close()
        self._bell.close()

    def _listen_and_reconnect(self) -> None:
        self._sleep_until_notified_or_timeout(None, self._patience_s)
        self._heard = time.monotonic()
        while not self._closing:
            try:
                self._listen_until_error()
            except (psycopg.Error, OSError) as error:
                if isinstance(error, _ServerSilenceError):
                    self._interrupt_after_patience()
                trouble = outside_error_of(error, self._db.place)
                if trouble is None and isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError)):
                    trouble = OutsideError("database_away", path=self._db.place)
                if trouble is None:
                    raise
                self._report_to_waiters(trouble)
            except OutsideError as trouble:
                if isinstance(trouble.__cause__, psycopg.errors.ConnectionTimeout):
                    self._interrupt_after_patience()
                self._report_to_waiters(trouble)
            self._sleep_until_notified_or_timeout(None, RETRY_S)
        self._close_bell_sockets()

    def _interrupt_after_patience(self) -> None:
        """Interrupt what waits there, too, and would learn of the silence from the system, late."""
        if time.monotonic() - self._heard >= self._patience_s:
            self._db.interrupt()

    def _report_to_waiters(self, trouble: BaseException | None = None) -> None:
        with self._changed:
            self._news, self._trouble = trouble is None, trouble
            self._changed.notify_all()

    def _listen_until_error(self) -> None:
        """Listen until the end, or until an error."""
        self._meets = False
        with DeadlineConnection(self._db.open_separate_connection()) as line:
            self._line = line
            # In this order: what is committed between the two is announced.
            rhythm = _PollSchedule(hears=line.try_statement(f"LISTEN {commit_channel_name(self._hall)}"))
            mark = self._read_epoch_and_seq(line)
            self._doubted, self._meets = False, True
            self._report_to_waiters()
            while not self._closing:
                if seqs := line.notified_seqs():
                    rhythm.note_notification()
                    # Not only a greater one: any login may say any number, and would keep the true ones from being
                    # heard.
                    if any(seq != mark[1] for seq in seqs):
                        mark = (mark[0], max(seqs))
                        self._report_to_waiters()
                self._sleep_until_notified_or_timeout(line, rhythm.seconds_until_poll())
                if self._doubted or rhythm.seconds_until_poll() <= 0:
                    doubted, self._doubted = self._doubted, False
                    before, mark = mark, self._read_epoch_and_seq(line)
                    rhythm.note_polled(moved=mark != before)
                    if doubted or mark != before:
                        self._report_to_waiters()

    def _read_epoch_and_seq(self, line: DeadlineConnection) -> Mark:
        # What asks for no table waits for nobody who changes them.
        rows = line.query_rows(_MARK.format(self._hall) if self._hall else "SELECT")
        self._heard = time.monotonic()
        return (rows[0][0], int(rows[0][1])) if self._hall and rows else ("", 0)

    def _sleep_until_notified_or_timeout(self, line: DeadlineConnection | None, pause_s: float) -> None:
        """Sleep until a word comes, somebody rings, or the time is over."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._bell, selectors.EVENT_READ)
            if line is not None:
                selector.register(line.socket, selectors.EVENT_READ)
            ready = selector.select(max(0.0, pause_s))
        if any(key.fileobj is self._bell for key, _events in ready):
            self._bell.recv(1024)
        elif ready and line is not None:
            line.read_input()


class _ServerSilenceError(psycopg.OperationalError):
    """The server, or the way to it, gave no answer in time."""


class DeadlineConnection:
    """A connection on which every question has its deadline."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._pg = connection.pgconn
        self.socket = self._pg.socket

    def __enter__(self) -> DeadlineConnection:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def end_from_elsewhere(self) -> None:
        """End it from another thread, also while it waits for an answer."""
        server_link.shut_connection_socket(self._connection)

    def try_statement(self, statement: str) -> bool:
        """Tell whether the server can do this; False when it refuses."""
        try:
            self.query_rows(statement)
        except psycopg.Error:
            if self._pg.status != pq.ConnStatus.OK:
                raise
            return False
        return True

    def query_rows(self, statement: str) -> list[list[str]]:
        """Return the rows. Raises psycopg.Error, also when no answer came within ANSWER_S."""
        self._pg.send_query(statement.encode())
        self._pg.flush()
        end = time.monotonic() + ANSWER_S
        rows: list[list[str]] = []
        refused = None
        while True:
            while self._pg.is_busy():
                self._await_and_read_input(end)
            result = self._pg.get_result()
            if result is None:
                break
            if result.status not in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
                refused = psycopg.errors.error_from_result(result)
            rows += [
                [(result.get_value(row, column) or b"").decode() for column in range(result.nfields)]
                for row in range(result.ntuples)
            ]
        if refused is not None:
            raise refused
        return rows

    def read_input(self) -> None:
        """Read what has come. Raises psycopg.Error when the connection ended."""
        self._pg.consume_input()

    def notified_seqs(self) -> list[int]:
        seqs = []
        while (word := self._pg.notifies()) is not None:
            seqs.append(int(word.extra) if word.extra.isdigit() and len(word.extra) <= MOST_DIGITS else 0)
        return seqs

    def _await_and_read_input(self, end: float) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self.socket, selectors.EVENT_READ)
            # Whoever slept past the end finds what came meanwhile: it is read before anything is called silent.
            if not (selector.select(max(0.0, end - time.monotonic())) or selector.select(0)):
                raise _ServerSilenceError
        self.read_input()


class _PollSchedule:
    """When to ask for the seq again."""

    def __init__(self, *, hears: bool) -> None:
        self._hears = hears
        self._unheard = 0
        self._pause_s = BEAT_S if hears else POLL_S
        self._due = time.monotonic() + self._pause_s

    def seconds_until_poll(self) -> float:
        return self._due - time.monotonic()

    def note_notification(self) -> None:
        self._unheard = 0

    def note_polled(self, *, moved: bool) -> None:
        """Note that the seq was asked for, and whether it had moved without a word."""
        self._unheard += moved
        if self._hears and self._unheard < UNHEARD:
            self._pause_s = BEAT_S
        else:
            self._pause_s = POLL_S if moved else min(REST_POLL_S, self._pause_s * SLOWER)
        self._due = time.monotonic() + self._pause_s
