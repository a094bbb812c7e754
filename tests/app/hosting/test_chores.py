"""What a shared hall's main PC does for it while no station is open."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from queuedesk.app.hosting.hosting import HostChores
from queuedesk.core.network.sharing import PcKind, PcState, pc_state
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.desk.network import sharing
from queuedesk.store.engine.database import Database
from tests.bounded import PATIENCE_S, until
from tests.hall import Hall, simple_hall


@pytest.fixture
def shared(tmp_path: Path, pg_url: str) -> Iterator[Hall]:
    """A hall on a server, with somebody who waits."""
    hall = simple_hall(tmp_path)
    hall.open("1", "C1")
    hall.queue("A")
    sharing.share(hall.path, pg_url, hall.ask(), settle=sharing.prepare)
    hall.desk.db.dispose()
    db = Database.open(pg_url)
    yield Hall(Desk(db, 1), hall.clock, hall.path)
    db.dispose()


def test_a_date_that_is_over_is_ended(shared: Hall) -> None:
    tomorrow = shared.clock() + timedelta(days=1)
    chores = HostChores(shared.desk.db, lambda: tomorrow, "")
    chores.start()
    try:
        until(lambda: looking.events_after(shared.desk, 0)[-1].kind == "day-end")
    finally:
        chores.stop()
    assert looking.events_after(shared.desk, 0)[-1].actor == "hall"
    shared.desk.db.dispose()


def test_the_main_pc_itself_is_seen(shared: Hall) -> None:
    db = shared.desk.db
    role, _password = sharing.admit(db, "T", PcKind.MANAGER, name="Main", by="M1", now=shared.clock())
    chores = HostChores(db, shared.clock, role)
    chores.start()
    try:
        until(
            lambda: [pc_state(pc, shared.clock()) for pc in sharing.pcs(shared.desk, shared.clock())] == [PcState.HERE]
        )
    finally:
        chores.stop()
    db.dispose()


def test_a_chore_that_meets_a_bug_is_tried_again_and_said_in_the_log(
    shared: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    tried = threading.Semaphore(0)

    def spoiled_clock() -> datetime:
        tried.release()
        raise ZeroDivisionError

    chores = HostChores(shared.desk.db, spoiled_clock, "nobody", every_s=0.01)
    chores.start()
    again = all(tried.acquire(timeout=PATIENCE_S) for _ in range(2))
    chores.stop()

    assert again
    assert "a chore met a bug" in caplog.text
