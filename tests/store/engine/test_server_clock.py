"""A server's clock and its plans of queries."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any

import pytest
from sqlalchemy import Connection

from queuedesk.core.log.event import Event
from queuedesk.core.log.pc_clock import ClockReliability, JumpDetectingClock
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.queue.overview import current_alerts
from queuedesk.core.queue.ticket import TicketState
from queuedesk.core.talk.device import CLOCK
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import issuing, opening
from queuedesk.desk.talk import devices
from queuedesk.desk.upkeep import clocks, examining
from queuedesk.i18n.queue.event_words import alert_words
from queuedesk.i18n.talk import device_event_text
from queuedesk.store.engine.database import Database
from queuedesk.store.parts import sharing
from tests import engines
from tests.bounded import until
from tests.desk.stage import stage
from tests.desk.upkeep.test_clocks import refusal_of
from tests.hall import Hall, noon_zone, simple_setup
from tests.postgres import drop_database, new_database
from tests.store.schema.test_tables import READS, WORKS
from tests.store.statements import listening

pytestmark = pytest.mark.pg


@dataclass
class Shared:
    desk: Desk

    def at_pc(self, **ahead: float) -> Ask:
        """Return what the console asks on a PC whose clock is so far ahead of the server's."""
        now = datetime.now(UTC) + timedelta(**ahead)
        return Ask(CONSOLE, now, reading=ClockReliability(now))

    def last(self) -> Event:
        return looking.events_after(self.desk, 0)[-1]


@pytest.fixture
def shared(pg_url: str) -> Iterator[Shared]:
    """A hall on a server with window 1 open and one waiting."""
    begins = datetime.now(UTC) - timedelta(minutes=5)
    desk = setting_up.create_hall(pg_url, simple_setup(timezone=noon_zone(begins)), Ask(CONSOLE, begins))
    made = Shared(desk)
    opening.open_window(desk, made.at_pc(), "1", staff="C1")
    issuing.issue_ticket(desk, made.at_pc(), "A")
    yield made
    desk.db.dispose()


def test_pcs_whose_clocks_are_days_off_end_nobodys_day(shared: Shared) -> None:
    labels = ["A001"]
    for days in (1, -1, 365, -365, 27_000):
        begun = datetime.now(UTC)
        labels.append(str(issuing.issue_ticket(shared.desk, shared.at_pc(days=days), "A")["ticket"]))
        done = datetime.now(UTC)
        last = shared.last()
        assert begun <= last.at <= done
        # told in whole seconds
        assert abs(int(last.data["skew_s"]) + days * 86_400) <= (done - begun).total_seconds() + 1
    assert labels == [f"A00{n}" for n in range(1, 7)]
    assert [e.kind for e in looking.events_after(shared.desk, 0)] == ["set-up", "open", *["issue"] * 6]
    states = {looking.find_ticket(shared.desk, last.date, one).state for one in labels}  # type: ignore[arg-type]
    assert states == {TicketState.WAITING}


def test_the_clock_is_read_when_the_hall_is_ours_not_when_we_began_to_wait(shared: Shared, pg_url: str) -> None:
    """A transaction's own time is that of its beginning: behind a long wait it would be before the log's end."""
    other = Desk(Database.open(pg_url), 1)
    begun = threading.Event()

    def wait_and_issue() -> None:
        begun.set()
        issuing.issue_ticket(other, shared.at_pc(), "A")

    thread = threading.Thread(target=wait_and_issue)
    with shared.desk.db.write(1) as tx:
        thread.start()
        begun.wait()
        mine = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        until(lambda: tx.exec_driver_sql(mine).scalar_one())
        let_go = tx.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    thread.join()
    other.db.dispose()
    assert shared.last().at >= let_go


@pytest.fixture
def left_open(pg_url: str) -> Iterator[Shared]:
    """The same, left open since yesterday by the server's clock."""
    yesterday = Ask(CONSOLE, datetime.now(UTC) - timedelta(days=1))
    desk = setting_up.create_hall(pg_url, simple_setup(timezone=noon_zone(yesterday.now)), yesterday)
    opening.open_window(desk, yesterday, "1", staff="C1")
    issuing.issue_ticket(desk, yesterday, "A")
    yield Shared(desk)
    desk.db.dispose()


def test_two_clocks_that_agree_bear_witness_for_a_server_elsewhere(left_open: Shared) -> None:
    """The main PC's own stations have its server's clock: that is no second one."""
    assert refusal_of(issuing.issue_ticket, left_open.desk, left_open.at_pc(), "A").code == "clock_ahead"
    left_open.desk.db.is_elsewhere = True
    assert refusal_of(issuing.issue_ticket, left_open.desk, left_open.at_pc(hours=-1), "A").code == "clock_ahead"
    assert issuing.issue_ticket(left_open.desk, left_open.at_pc(minutes=10), "A")["ticket"] == "A001"


def test_another_stations_sign_of_life_bears_witness_on_a_server_too(left_open: Shared) -> None:
    with left_open.desk.db.write(1) as tx:
        sharing.write_sign_of_life(tx, 1, ("display", "display@Door"), datetime.now(UTC) - timedelta(seconds=30))
    assert issuing.issue_ticket(left_open.desk, left_open.at_pc(), "A")["ticket"] == "A001"


def clock(**ahead: float) -> JumpDetectingClock:
    return JumpDetectingClock(lambda: datetime.now(UTC) + timedelta(**ahead), lambda: 0.0)


def told(shared: Shared) -> list[str]:
    of_clocks = (e.data for e in looking.events_after(shared.desk, 0) if e.data.get("device") == CLOCK)
    return [device_event_text(data, "en") for data in of_clocks]


def test_a_clock_that_agrees_is_never_told_of_and_a_wrong_one_once_until_it_is_right_and_is_an_alert(shared: Shared):
    """A slow way to the server is no skew, and a stated time is taken at its word."""
    now = datetime.now(UTC)
    around = timedelta(minutes=2.5)
    slow = cycle([now - around, now + around])  # before the question and after the answer
    clocks.report_clock_skew(shared.desk, JumpDetectingClock(lambda: next(slow), lambda: 0.0), "Door")
    clocks.report_clock_skew(shared.desk, clock(seconds=110), "Door")
    clocks.report_clock_skew(shared.desk, lambda: now - timedelta(days=1), "Door")  # stands where it was put
    assert told(shared) == []
    assert devices.device_rows(shared.desk) == []
    assert examining.own_clock_skew_cause(shared.desk.db, clock()) is None
    assert examining.own_clock_skew_cause(shared.desk.db, clock(minutes=9)) == "ahead 9"
    for ahead in (0, 7.4, 7.6, -200, 0, 0):
        clocks.report_clock_skew(shared.desk, clock(minutes=ahead), "Door")
    steps = ("7 min ahead, please set it right", "3 hours behind, please set it right", "works")
    assert told(shared) == [f"Clock on Door · {step}" for step in steps]
    clocks.report_clock_skew(shared.desk, clock(days=-400), "Door")
    now = datetime.now(UTC)
    state = looking.hall_state_now(shared.desk, now)
    (alert,) = (one for one in current_alerts(state, now) if one.device == CLOCK)
    assert alert_words(state, alert, now, "en").fact == "Clock on Door: 400 days behind, please set it right"
    (row,) = devices.device_rows(shared.desk)
    assert (row["station"], row["cause"]) == ("clock@Door", "behind 576000")

    issuing.issue_ticket(shared.desk, shared.at_pc(seconds=90), "A")
    assert "skew_s" not in shared.last().data
    stated = datetime.now(UTC) + timedelta(hours=1)
    issuing.issue_ticket(shared.desk, Ask(CONSOLE, stated), "A")
    assert shared.last().at == stated


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
