"""One process of a PC shares its hall, and others read what it does and ask it to stop."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from queuedesk.app.hosting.server import HostNote
from queuedesk.core.errors import RuleError
from tests.bounded import PATIENCE_S


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("APPDATA", str(tmp_path))


def test_what_is_written_is_read_while_it_is_so():
    own, other = HostNote(), HostNote()
    assert other.read() is None

    own.take()
    own.write({"hall": "T"})
    found = other.read()
    own.release()

    assert found is not None and found["hall"] == "T"
    assert other.read() is None


def test_a_second_one_is_refused_and_takes_nothing_away():
    own, second = HostNote(), HostNote()
    own.take()
    own.write({"hall": "T"})

    with pytest.raises(RuleError) as refused:
        second.take()
    second.release()

    assert refused.value.code == "host_running"
    assert HostNote().read() is not None
    own.release()


def test_a_note_of_one_that_died_says_nothing_to_any_of_those_that_ask_at_once():
    own = HostNote()
    own.take()
    own.write({"hall": "T"})
    own._lock.release()  # as the system does when a process ends
    found: list[object] = []

    def ask() -> None:
        found.extend(HostNote().read() for _ in range(100))

    asking = [threading.Thread(target=ask) for _ in range(4)]
    for each in asking:
        each.start()
    for each in asking:
        each.join()

    assert found == [None] * 400


def test_it_is_asked_to_stop_and_waited_for():
    own = HostNote()
    own.take()
    asking = threading.Thread(target=HostNote().stop_it)
    asking.start()
    while not own.is_told_to_stop():
        assert asking.is_alive()
    own.release()
    asking.join(PATIENCE_S)

    assert not asking.is_alive()
    with pytest.raises(RuleError) as refused:
        HostNote().stop_it()
    assert refused.value.code == "host_not_running"


def test_what_was_begun_and_cut_off_is_known_until_somebody_begins_anew(tmp_path: Path):
    own, file = HostNote(), tmp_path / "hall.sqlite"
    own.take()
    own.begin({"file": str(file), "since": "2026-11-20T09:00:00+00:00", "words": ["host"]})
    assert HostNote().cut_off() is None, "it is still at it"
    own.release(goes_on=True)  # all that is left of one that was killed, or lets another take over

    found = HostNote().cut_off()
    assert found is not None and found["words"] == ["host"]
    assert HostNote().interrupted(file) == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert HostNote().interrupted(tmp_path / "other.sqlite") is None

    own.take()
    own.release()
    assert HostNote().cut_off() is None
