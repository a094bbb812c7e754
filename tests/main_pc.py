"""A hall's main PC as far as joining goes (a shared database, a gate, who lets PCs join), and the PC that joins."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from queuedesk.app.hosting import joining
from queuedesk.app.hosting.gate import CertificateWithKey, GuestGate
from queuedesk.app.hosting.joining import JoinService
from queuedesk.app.hosting.server import SharingProcessNote
from queuedesk.app.this_pc import config
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.network.sharing import JoinCode, PcKind, SharedPc
from queuedesk.desk import network
from queuedesk.desk.change import Ask
from tests.credentials import Shared, shared

LOOPBACK = "127.0.0.1"


@dataclass
class Host:
    """A main PC with the halls T and U."""

    hall: Shared
    gate: GuestGate
    own: CertificateWithKey

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.gate.addresses[0][1]}"

    def code(self, kind: PcKind = PcKind.STAFF, hall: int = 1) -> JoinCode:
        return network.make_join_code(self.hall.hall(hall=hall).desk, self.ask(), kind)

    def ask(self) -> Ask:
        return Ask(CONSOLE, self.hall.clock())

    def pcs(self) -> list[SharedPc]:
        return network.pcs_of_hall(self.hall.hall().desk, self.hall.clock())


@contextmanager
def open_host(url: str, own: CertificateWithKey) -> Iterator[Host]:
    """Let PCs join the empty database at the owner's address `url`."""
    with shared(url, "T", "U", since=datetime.now(UTC)) as hall:
        database = urlsplit(url)
        service = JoinService(hall.owner, own.fingerprint, hall.clock, database=database.path[1:])
        gate = GuestGate(own, [(LOOPBACK, 0)], servers=[(LOOPBACK, database.port)], join=service)
        gate.start()
        try:
            yield Host(hall, gate, own)
        finally:
            gate.stop()


def own_pc(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let this process be a PC of its own, with its settings in `folder`; return the folder they stand in."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr("socket.gethostname", lambda: "window-3")
    return config.config_file().parent


def kept(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()} if folder.exists() else {}


@contextmanager
def this_process_shares() -> Iterator[SharingProcessNote]:
    """Let this process be the one of its PC that shares a hall."""
    note = SharingProcessNote()
    note.become_sharing_process()
    try:
        yield note
    finally:
        note.stop_being_sharing_process()


def refusal(folder: Path, address: str, code: str) -> QueueDeskError:
    """Return how joining is refused; the PC is as it was."""
    before = kept(folder)
    with pytest.raises(QueueDeskError) as refused:
        joining.join_hall(address, code)
    assert kept(folder) == before
    return refused.value
