"""What a station's process is built from."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from queuedesk.app import config
from queuedesk.app.tools import choose_window
from queuedesk.app.wiring import Wish, build_station
from queuedesk.stations.preferences import Preferences
from queuedesk.stations.style import LIGHT, Look
from tests.hall import make_hall


def raised(bug: BaseException) -> None:
    raise bug


@pytest.mark.parametrize(("kept", "window"), [("5", "5"), ("99", None)])
def test_a_counter_goes_on_at_the_window_chosen_last(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: str, window: str | None
) -> None:
    """Chosen once at this PC, it is not asked again; another hall's window means nothing here."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    path = make_hall(tmp_path).path
    choose_window(kept)
    station = build_station(
        Wish(name="counter", db=str(path)),
        config=config.load(),
        look=Look(LIGHT),
        preferences=Preferences(lambda *_: None),
        on_bug=raised,
    )
    found = station.context.options["window"]
    station.window.end()
    station.stop()

    assert found == window
