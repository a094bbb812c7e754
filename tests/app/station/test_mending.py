"""A hall that can't be opened is mended from the page that says so."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt

from queuedesk import i18n
from queuedesk.app.station.station_process import _offer_mending
from queuedesk.core.errors import OutsideError
from queuedesk.desk.upkeep import maintenance
from queuedesk.stations.window.away import UnavailablePage
from queuedesk.stations.window.context import InlineTasks
from queuedesk.stations.window.style import Look
from queuedesk.store.engine.database import Database
from tests.hall import CONSOLE, Hall, simple_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = simple_hall(tmp_path)
    hall.queue("A")
    return hall


def sorry(qtbot: Any, hall: Hall, *, leads_home: bool = True) -> UnavailablePage:
    i18n.use("en")
    page = UnavailablePage(
        Look(), OutsideError("database_damaged", path=str(hall.path)), retries=True, leads_home=leads_home
    )
    qtbot.addWidget(page)
    program: Any = SimpleNamespace(request=SimpleNamespace(db=str(hall.path), hall=None), clock=hall.clock)
    _offer_mending(program, page, InlineTasks())  # type: ignore[arg-type]
    page.show()
    return page


def press(qtbot: Any, page: UnavailablePage) -> str:
    qtbot.mouseClick(page.mend_button, Qt.MouseButton.LeftButton)
    return page.second.text()


def test_it_says_what_it_would_do_and_then_does_it(qtbot: Any, hall: Hall) -> None:
    folder = hall.path.parent / "backups"
    folder.mkdir()
    maintenance.back_up(hall.desk.db, CONSOLE, folder / "b.zip", hall.clock())
    hall.desk.db.dispose()
    hall.path.write_bytes(b"spoilt")
    page = sorry(qtbot, hall)

    assert page.mend_button.text() == "See what can be repaired"
    assert str(folder / "b.zip") in press(qtbot, page)
    assert hall.path.read_bytes() == b"spoilt"
    assert page.mend_button.text() == "Repair it"
    assert "Done." in press(qtbot, page)
    assert not page.mend_button.isVisible()
    Database.open(hall.path).dispose()


def test_without_a_backup_it_says_so_and_changes_nothing(qtbot: Any, hall: Hall) -> None:
    hall.desk.db.dispose()
    hall.path.write_bytes(b"spoilt")
    page = sorry(qtbot, hall)

    assert "No backup was found" in press(qtbot, page)
    assert not page.mend_button.isVisible()
    assert hall.path.read_bytes() == b"spoilt"


def test_a_screen_of_customers_offers_nothing(qtbot: Any, hall: Hall) -> None:
    assert not sorry(qtbot, hall, leads_home=False).mend_button.isVisible()


def test_no_other_trouble_offers_it(qtbot: Any, hall: Hall) -> None:
    page = sorry(qtbot, hall)
    page.show_trouble(OutsideError("database_away", path="hall.sqlite"))

    assert not page.mend_button.isVisible()
