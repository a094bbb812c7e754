"""What a shared hall's main PC does for it while no station is open."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from queuedesk.app.hosting.hosting import HostChores
from queuedesk.core.network.sharing import PcKind, PcState, pc_state
from queuedesk.desk import looking, network
from queuedesk.desk.change import Desk
from queuedesk.store.engine.database import Database
from tests.bounded import PATIENCE_S, until
from tests.hall import Hall, simple_hall


@pytest.fixture
def shared(tmp_path: Path, pg_url: str) -> Iterator[Hall]:
    hall = simple_hall(tmp_path)
    hall.open("1", "C1")
    hall.queue("A")
    network.move_halls_to_server(hall.path, pg_url, hall.ask(), settle=network.install_pc_rights)
    hall.desk.db.dispose()
    db = Database.open(pg_url)
    yield Hall(Desk(db, 1), hall.clock, hall.path)
    db.dispose()


@contextmanager
def at_work(chores: HostChores) -> Iterator[None]:
    chores.start()
    try:
        yield
    finally:
        chores.stop()


def test_a_main_pc_is_seen_ends_a_date_that_is_over_and_goes_on_after_a_bug(shared, caplog):
    """A chore that meets a bug is tried again and said in the log."""
    db, tried = shared.desk.db, threading.Semaphore(0)

    def spoiled_clock() -> datetime:
        tried.release()
        raise ZeroDivisionError

    with at_work(HostChores(db, spoiled_clock, "nobody", every_s=0.01)):
        assert all(tried.acquire(timeout=PATIENCE_S) for _ in range(2))
    assert "a chore met a bug" in caplog.text
    role, _password = network.create_pc_credential(db, "T", PcKind.MANAGER, name="Main", by="M1", now=shared.clock())
    with at_work(HostChores(db, shared.clock, role)):
        pcs = partial(network.pcs_of_hall, shared.desk, shared.clock())
        until(lambda: [pc_state(pc, shared.clock()) for pc in pcs()] == [PcState.HERE])
    assert looking.events_after(shared.desk, 0)[-1].kind != "day-end"
    tomorrow = shared.clock() + timedelta(days=1)
    with at_work(HostChores(db, lambda: tomorrow, "")):
        until(lambda: looking.events_after(shared.desk, 0)[-1].kind == "day-end")
    assert looking.events_after(shared.desk, 0)[-1].actor == "hall"
