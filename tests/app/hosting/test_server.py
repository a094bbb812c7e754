"""The server of a shared hall, the notes of the process that shares it, and where other PCs reach this one."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from queuedesk.app.hosting import server
from queuedesk.app.hosting.hosting import addresses_for_other_pcs, own_ip_addresses
from queuedesk.app.hosting.server import ExternalHallServer, SharingProcessNote, hall_server_for_folder
from queuedesk.core.errors import OutsideError, RuleError
from tests.bounded import PATIENCE_S


def test_a_given_server_is_remembered_with_its_password_for_this_user_alone(tmp_path: Path):
    assert isinstance(hall_server_for_folder(tmp_path, None), server.LocalHallServer)
    hall_server_for_folder(tmp_path, "postgresql://o:secret@db/q").start()
    again, file = hall_server_for_folder(tmp_path, None), tmp_path / "server.json"
    assert isinstance(again, ExternalHallServer) and again.owner_url() == "postgresql://o:secret@db/q"
    assert file.stat().st_mode & 0o77 == 0
    file.write_text("{")
    with pytest.raises(OutsideError, match="cannot_read"):
        hall_server_for_folder(tmp_path, None).owner_url()


def test_what_one_process_writes_is_read_while_it_shares_alone_and_what_was_cut_off_until_one_begins_anew(tmp_path):
    own, second, file = SharingProcessNote(), SharingProcessNote(), tmp_path / "hall.sqlite"
    assert second.read() is None
    own.become_sharing_process()
    own.write({"hall": "T"})
    own.write_sharing_facts({"file": str(file), "since": "2026-11-20T09:00:00+00:00", "words": ["host"]})
    with pytest.raises(RuleError, match="host_running"):
        second.become_sharing_process()
    second.stop_being_sharing_process()
    assert SharingProcessNote().read()["hall"] == "T"
    assert SharingProcessNote().interrupted_sharing_facts() is None, "it is still at it"
    own.stop_being_sharing_process(goes_on=True)  # all that is left of one that was killed, or lets another take over
    assert SharingProcessNote().read() is None
    assert SharingProcessNote().interrupted_sharing_facts()["words"] == ["host"]
    assert SharingProcessNote().start_of_interrupted_sharing(file) == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert SharingProcessNote().start_of_interrupted_sharing(tmp_path / "other.sqlite") is None
    own.become_sharing_process()
    own.stop_being_sharing_process()
    assert SharingProcessNote().interrupted_sharing_facts() is None


def test_addresses_are_told_as_people_type_them():
    before, everywhere = own_ip_addresses(4), addresses_for_other_pcs([("0.0.0.0", 7432)])
    assert addresses_for_other_pcs([("192.0.2.7", 7432), ("::1", 5)]) == ["192.0.2.7:7432", "[::1]:5"]
    # Networks of other tests come and go meanwhile.
    stays = [f"{address}:7432" for address in before if address in own_ip_addresses(4)] or ["0.0.0.0:7432"]
    assert [one for one in everywhere if one in stays] == stays


def test_a_note_of_one_that_died_says_nothing_to_any_of_those_that_ask_at_once():
    own = SharingProcessNote()
    own.become_sharing_process()
    own.write({"hall": "T"})
    own._lock.release()  # as the system does when a process ends
    found: list[object] = []

    def ask() -> None:
        found.extend(SharingProcessNote().read() for _ in range(100))

    asking = [threading.Thread(target=ask) for _ in range(4)]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    assert found == [None] * 400


def test_it_is_asked_to_stop_and_waited_for_and_who_would_go_on_for_it_does_not_begin(tmp_path: Path):
    own, late = SharingProcessNote(), SharingProcessNote()
    own.become_sharing_process()
    own.write_sharing_facts({"file": str(tmp_path / "hall.sqlite"), "words": ["host"]})
    asking = threading.Thread(target=SharingProcessNote().stop_sharing_and_wait)
    asking.start()
    while not own.is_stop_requested():
        assert asking.is_alive()
    own.stop_being_sharing_process(goes_on=True)  # it was about to leave its place to another
    asking.join(PATIENCE_S)
    assert not asking.is_alive()
    with pytest.raises(RuleError, match="host_not_running"):
        SharingProcessNote().stop_sharing_and_wait()
    with pytest.raises(RuleError, match="host_not_running"):
        late.become_sharing_process(again=True)
    assert not SharingProcessNote().is_some_process_sharing()
    late.become_sharing_process()
    assert not late.is_stop_requested()
    late.stop_being_sharing_process()
