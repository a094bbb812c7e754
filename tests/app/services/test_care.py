"""What the page of backups is lent in a hall on a server: done as its owner, or told where it is done."""

from pathlib import Path

import pytest

from queuedesk.app.services.care import HallDataMaintenance
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.network import install_pc_rights
from queuedesk.store.engine.database import Database
from tests.cli.commands import Console
from tests.credentials import shared

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
