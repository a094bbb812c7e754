"""A printer is tried from another station."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from queuedesk.app.services.printers import choose_printer
from queuedesk.app.station.wiring import Station, Wish, build_station
from queuedesk.app.this_pc import config
from queuedesk.desk.talk import devices
from queuedesk.features.equipment import verbs
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.style import LIGHT, Look
from tests.hall import Hall, make_hall


def raised(bug: BaseException) -> None:
    raise bug


@pytest.fixture
def tray(tmp_path: Path) -> Path:
    folder = tmp_path / "slips"
    folder.mkdir()
    return folder


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    from datetime import UTC, datetime

    hall = make_hall(tmp_path)
    hall.clock.now = datetime.now(UTC)
    return hall


@pytest.fixture
def guide(
    qapp: QApplication, tmp_path: Path, hall: Hall, tray: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Station]:
    """Return a front desk that follows the hall and prints into the tray."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    choose_printer(f"png:{tray}")
    station = build_station(
        Wish(name="guide", db=str(hall.path)),
        config=config.load(),
        look=Look(LIGHT),
        preferences=Preferences(lambda *_: None),
        on_bug=raised,
    )
    station.start()
    yield station
    station.window.end()
    station.stop()


def printed(tray: Path) -> int:
    return len(list(tray.glob("*.png")))


def test_the_station_prints_a_test_slip_and_reports_its_printer(
    hall: Hall, guide: Station, tray: Path, qtbot: QtBot
) -> None:
    tried = verbs.try_out(hall.desk, hall.ask(), "printer", text="a test")
    assert tried["station"] == ""
    qtbot.waitUntil(lambda: printed(tray) == 1)
    qtbot.waitUntil(lambda: ("printer", "guide", "up") in known(hall))
    tried = verbs.try_out(hall.desk, hall.ask(), "printer", text="a test")
    assert tried["station"] == "guide"

    qtbot.waitUntil(lambda: printed(tray) == 2)


def known(hall: Hall) -> list[tuple[str, str, str]]:
    return [(row["device"], row["station"], row["state"]) for row in devices.device_rows(hall.desk)]


def test_what_was_asked_long_ago_or_of_others_is_not_printed(
    hall: Hall, guide: Station, tray: Path, qtbot: QtBot
) -> None:
    devices.report(hall.desk, hall.ask(), "printer", "guide-2", None)
    verbs.try_out(hall.desk, hall.ask(), "printer", text="another's")
    verbs.try_out(hall.desk, hall.ask(), "display", text="shown")
    seq = hall.last().seq
    qtbot.waitUntil(lambda: guide.context.feed.state.now.seq >= seq)
    hall.clock.now += timedelta(minutes=2)

    assert printed(tray) == 0
