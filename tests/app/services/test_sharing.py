"""What pages are lent of a shared hall: who may share it and how it is shared, and its backups, made as its owner or
where that is done.
"""

import threading
from pathlib import Path

import pytest

from queuedesk.app.hosting.server import FOLDER, ExternalHallServer
from queuedesk.app.services.care import HallDataMaintenance
from queuedesk.app.services.sharing import THREAD, SharingTools
from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.network.sharing import PcKind, SharingStatus
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.network import install_pc_rights
from queuedesk.store.engine.database import Database
from tests.bounded import until
from tests.cli.commands import Console
from tests.credentials import shared
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


ADMIN = Actor("M1", Role.ADMIN)


def test_a_hall_beside_and_a_backup_put_back_are_the_owners(bare, pg_url, tmp_path):
    there = Console(pg_url, bare.read, bare.clock)  # type: ignore[arg-type]
    there.ask("init", "--preset", "bank", "--all-hours", "--hall", "S")
    db = Database.open(pg_url)
    try:
        install_pc_rights(db)
        care = HallDataMaintenance(Desk(db, 1), pg_url, "manager@Main", bare.clock)
        ask = Ask(ADMIN, bare.clock())
        known = care.backups_overview()
        assert (known["hall"], known["is_here"], known["takes_halls"]) == ("S", True, True)
        assert care.add_hall(ask, "clinic", "B2", "Clinic") == {"hall": "B2", "name": "Clinic"}
        assert [code for code, _name, _en in looking.hall_codes_and_names(db)] == ["S", "B2"]
        for who, code, refused in ((Role.ADMIN, "B2", "exists"), (Role.MANAGER, "B3", "not_your_role")):
            with pytest.raises(RuleError, match=refused):
                care.add_hall(Ask(Actor("M1", who), bare.clock()), "clinic", code, "Clinic")
        file = care.write_manual_backup(ask, tmp_path / "b.zip")
        there.ask("--hall", "S", "issue", "A")
        seen = {row["hall"]: row["state"] for row in care.preview_restore(ask, file)["halls"]}
        assert seen == {"S": "older", "B2": "same"}
        assert Path(care.restore(ask, file)["copy"]).is_file()
        staying = [event for event in looking.events_after(Desk(db, 1), 0) if event.kind == "sign-in"]
        assert [(event.staff, event.data["station"]) for event in staying] == [("M1", "manager@Main")]
    finally:
        db.dispose()


def test_a_pc_that_joined_is_told_what_is_known_and_changes_nothing(bare, shared_url, tmp_path):
    with shared(shared_url) as hall:
        url = str(hall.pc(PcKind.MANAGER))
        db = Database.open(url)
        try:
            care = HallDataMaintenance(Desk(db, 1), url, "manager", hall.clock)
            ask = Ask(ADMIN, hall.clock())
            known = care.backups_overview()
            assert (known["is_here"], known["takes_halls"], known["backups"]) == (False, False, [])
            file = care.write_manual_backup(ask, tmp_path / "own.zip")
            for refused in (
                lambda: care.restore(ask, file),
                lambda: care.choose_folder_and_back_up(ask, str(tmp_path)),
                lambda: care.add_hall(ask, "bank", "B2", "Bank"),
            ):
                with pytest.raises(OutsideError, match="not_this_pc"):
                    refused()
        finally:
            db.dispose()
