"""A station as a process of its own, at a hall that cannot be had yet."""

from __future__ import annotations

import os
import socket
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import looking
from tests.bounded import PATIENCE_S
from tests.credentials import shared
from tests.processes import Loaded
from tests.relay import relay

pytestmark = pytest.mark.waits

ROOT = Path(__file__).resolve().parents[3]


def test_a_station_that_starts_before_its_server_opens_by_itself(tmp_path: Path, shared_url: str) -> None:
    with shared(shared_url, since=datetime.now(UTC)) as there:
        parts = urlsplit(there.pc(PcKind.PUBLIC))
        with socket.create_server(("127.0.0.1", 0)) as door:
            door.settimeout(PATIENCE_S)
            port = door.getsockname()[1]
            way = urlunsplit(parts._replace(netloc=f"{parts.username}:{parts.password}@127.0.0.1:{port}"))
            own = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_DATA_HOME", "HOME"), str(tmp_path))
            env = {**os.environ, **own, "PYTHONPATH": str(ROOT), "QUEUEDESK_DB": way}
            station = Loaded(["-m", "queuedesk", "display"], env)
            for _ in range(2):  # the second time the station has its window
                door.accept()[0].close()
        try:
            with relay(urlunsplit(parts), port=port):
                until = time.monotonic() + PATIENCE_S
                while not any(
                    one.actor.startswith("station:display@") for one in looking.events_after(there.hall().desk, 0)
                ):
                    assert time.monotonic() < until
                    assert station.poll() is None
                    time.sleep(0.1)
                station.terminate()
                assert station.wait(PATIENCE_S) == 0
        finally:
            station.kill()
            station.communicate()
