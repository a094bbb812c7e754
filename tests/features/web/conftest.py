"""A hall whose tickets have links to pages of their own, and a browser that the tests of a file share."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser

from queuedesk.app.main import command_services
from tests.cli.commands import Console
from tests.features.web.browsing import a_browser
from tests.features.web.serving import STARTING
from tests.hall import Hall, hall_of, simple_hall, simple_setup

ADDRESS = "http://192.168.1.20:8080"


def linking_hall(folder: Path, **settings: object) -> Hall:
    row = {**simple_setup()["hall"], "features": ["web", "kiosk", "appointments"], "web_address": ADDRESS}
    return simple_hall(folder, hall=row, settings=settings)


@pytest.fixture
def hall(tmp_path: Path, request: pytest.FixtureRequest) -> Hall:
    return hall_of(request, tmp_path, linking_hall)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as made:
        yield made


@pytest.fixture
def console(hall: Hall, bare: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Console:
    """A console of the hall, on a PC without services of the system; what the PC stores is apart, also for processes
    that are started."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "own"))
    bare.db, bare.clock = hall.path, lambda: datetime.now(UTC)
    bare.services = replace(command_services(), host_autostart=lambda: STARTING)
    return bare
