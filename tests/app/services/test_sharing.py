"""What the set-up is told of how its hall is shared, and who may share it."""

import threading
from pathlib import Path

import pytest

from queuedesk.app.hosting.server import FOLDER, ExternalHallServer
from queuedesk.app.services.sharing import THREAD, SharingTools
from queuedesk.app.this_pc import config
from queuedesk.core.errors import RuleError
from queuedesk.core.network.sharing import SharingStatus
from queuedesk.desk.change import Ask, Desk
from queuedesk.store.engine.database import Database
from tests.bounded import until
from tests.hall import GUIDE, MANAGER, at, make_hall
from tests.main_pc import this_process_shares

FAR = "postgresql://qd_1@192.168.1.5:7432/queuedesk?sslmode=verify-ca&sslrootcert=/home/a/hall-12345678.pem"
GIVEN = "postgresql://qd_1@db.example:5432/queuedesk?sslmode=verify-full&sslrootcert=/etc/ssl/own.pem"
OWN = "postgresql://qd_1@127.0.0.1:5433/queuedesk"


def status(url: str, place: str) -> SharingStatus:
    db = Database(url)
    try:
        return SharingTools(Desk(db, 1), place, lambda: at("10:42")).sharing_status()
    finally:
        db.dispose()


def test_a_hall_in_a_file_is_shared_by_nobody_yet(tmp_path: Path) -> None:
    hall = make_hall(tmp_path)
    tools = SharingTools(hall.desk, str(hall.path), hall.clock)
    assert tools.sharing_status() == SharingStatus(is_shared=False)
    with pytest.raises(RuleError, match="not_your_role"):
        tools.start_sharing(Ask(GUIDE, hall.clock()))


def test_a_server_to_which_another_process_moves_the_hall_is_not_forgotten(tmp_path: Path) -> None:
    hall = make_hall(tmp_path)
    with this_process_shares():
        server = ExternalHallServer(tmp_path / FOLDER, "postgresql://owner:secret@db.example/hall")
        server.start()
        answer = SharingTools(hall.desk, str(hall.path), hall.clock).start_sharing(Ask(MANAGER, hall.clock()))
        with pytest.raises(RuleError, match="host_running"):
            until(answer)
        assert ExternalHallServer(tmp_path / FOLDER).owner_url() == server.owner_url()


def test_the_main_pc_says_whether_it_lets_others_in(pg_url: str) -> None:
    """While this process is about to share the hall that has not stopped."""
    go_on = threading.Event()
    sharing = threading.Thread(target=go_on.wait, name=THREAD)
    sharing.start()
    try:
        assert status(pg_url, OWN) == SharingStatus(is_shared=True, is_host=True, begins=True, own_role="qd_1")
    finally:
        go_on.set()
        sharing.join()
    assert status(pg_url, OWN) == SharingStatus(is_shared=True, is_host=True, own_role="qd_1")
    config.config_file().parent.mkdir(parents=True, exist_ok=True)
    with this_process_shares() as note:
        assert not status(pg_url, OWN).runs, "it has begun, and takes nobody in yet"
        note.write({"addresses": ["192.168.1.5:7432"], "file": "/nowhere/hall.sqlite"})
        there = status(pg_url, OWN)
        assert (there.runs, there.addresses) == (True, ("192.168.1.5:7432",))


def test_a_pc_that_has_joined_tells_further_ones_the_address_it_knows_and_none_of_somebody_elses_server(pg_url: str):
    for place, addresses in ((FAR, ("192.168.1.5:7432",)), (GIVEN, ())):
        told = SharingStatus(is_shared=True, runs=True, addresses=addresses, own_role="qd_1")
        assert status(pg_url, place) == told
