"""A printer and a voice are tried from another station."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from queuedesk.app.services.printers import choose_printer
from queuedesk.app.station.wiring import Station, Wish, build_station
from queuedesk.app.this_pc import config
from queuedesk.core.network.roles import station
from queuedesk.desk.change import Ask
from queuedesk.desk.talk import devices
from queuedesk.features.equipment import verbs
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.style import LIGHT, Look
from tests.app.services import test_speaking
from tests.app.services.test_speaking import Reader, said, what_became_of_the_last_event
from tests.hall import MANAGER, Hall, make_hall

hall, listen = test_speaking.hall, test_speaking.listen


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


TRIAL = {"text": "这是语音测试。", "text_en": "This is a test."}


def test_a_voice_that_is_tried_before_opening_says_its_sentence(hall, qtbot, listen):
    listen(Reader(), works=True)
    seq = verbs.try_out(hall.desk, Ask(MANAGER, hall.clock()), "voice", **TRIAL)["seq"]

    assert said(hall, qtbot, seq) == ("pyttsx3", "这是语音测试。 This is a test.")


def test_a_voice_elsewhere_that_is_tried_is_not_taken_for_this_one(hall, qtbot, listen):
    reader = Reader()
    listen(reader, works=True)
    devices.report(hall.desk, Ask(station("display-9"), hall.clock()), "voice", "display-9", None)
    verbs.try_out(hall.desk, Ask(MANAGER, hall.clock()), "voice", "display-9", **TRIAL)
    hall.call("3")
    what_became_of_the_last_event(hall, qtbot)

    assert not any("测试" in text for text in reader.texts)


def raised(bug: BaseException) -> None:
    raise bug


@pytest.fixture
def slips_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "slips"
    folder.mkdir()
    return folder


@pytest.fixture
def hall_of_now(tmp_path: Path) -> Hall:
    hall_of_now = make_hall(tmp_path)
    hall_of_now.clock.now = datetime.now(UTC)
    return hall_of_now


@pytest.fixture
def guide(qapp: QApplication, hall_of_now: Hall, slips_folder: Path) -> Iterator[Station]:
    """Return a front desk that follows the hall and prints into a folder."""
    choose_printer(f"png:{slips_folder}")
    station = build_station(
        Wish(name="guide", db=str(hall_of_now.path)),
        config=config.load(),
        look=Look(LIGHT),
        preferences=Preferences(lambda *_: None),
        on_bug=raised,
    )
    station.start()
    yield station
    station.window.end()
    station.stop()


def printed(slips_folder: Path) -> int:
    return len(list(slips_folder.glob("*.png")))


def test_the_station_prints_a_test_slip_and_reports_its_printer(
    hall_of_now: Hall, guide: Station, slips_folder: Path, qtbot: QtBot
) -> None:
    tried = verbs.try_out(hall_of_now.desk, hall_of_now.ask(), "printer", text="a test")
    assert tried["station"] == ""
    qtbot.waitUntil(lambda: printed(slips_folder) == 1)
    known = partial(devices.device_rows, hall_of_now.desk)
    up = {"device": "printer", "station": "guide", "state": "up"}
    qtbot.waitUntil(lambda: any(up.items() <= row.items() for row in known()))
    tried = verbs.try_out(hall_of_now.desk, hall_of_now.ask(), "printer", text="a test")
    assert tried["station"] == "guide"

    qtbot.waitUntil(lambda: printed(slips_folder) == 2)


def test_what_was_asked_long_ago_or_of_others_is_not_printed(
    hall_of_now: Hall, guide: Station, slips_folder: Path, qtbot: QtBot
) -> None:
    devices.report(hall_of_now.desk, hall_of_now.ask(), "printer", "guide-2", None)
    verbs.try_out(hall_of_now.desk, hall_of_now.ask(), "printer", text="another's")
    verbs.try_out(hall_of_now.desk, hall_of_now.ask(), "display", text="shown")
    seq = hall_of_now.last().seq
    qtbot.waitUntil(lambda: guide.context.feed.state.now.seq >= seq)
    hall_of_now.clock.now += timedelta(minutes=2)

    assert printed(slips_folder) == 0
