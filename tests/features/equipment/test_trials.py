"""A printer and a voice are tried from another station."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from queuedesk.app.services.printers import choose_printer
from queuedesk.app.station.wiring import Station, StationBuildRequest, open_hall_and_build_station
from queuedesk.app.this_pc import config
from queuedesk.core.network.roles import CONSOLE, actor_of_station
from queuedesk.desk.change import Ask
from queuedesk.desk.talk import devices
from queuedesk.features.equipment import verbs
from queuedesk.stations.window.frame import Preferences
from queuedesk.stations.window.style import LIGHT, Look
from tests.app.services import test_speaking
from tests.app.services.test_speaking import Reader, said, what_became_of_the_last_event
from tests.hall import MANAGER, make_hall

hall, listen = test_speaking.hall, test_speaking.listen


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


TRIAL = {"text": "这是语音测试。", "text_en": "This is a test."}


def test_a_voice_that_is_tried_before_opening_says_its_sentence(hall, qtbot, listen):
    listen(Reader(), works=True)
    seq = verbs.try_device(hall.desk, Ask(MANAGER, hall.clock()), "voice", **TRIAL)["seq"]
    assert said(hall, qtbot, seq) == ("pyttsx3", "这是语音测试。 This is a test.")


def test_a_voice_elsewhere_that_is_tried_is_not_taken_for_this_one(hall, qtbot, listen):
    reader = Reader()
    listen(reader, works=True)
    devices.record_device_state(hall.desk, Ask(actor_of_station("display-9"), hall.clock()), "voice", "display-9", None)
    verbs.try_device(hall.desk, Ask(MANAGER, hall.clock()), "voice", "display-9", **TRIAL)
    hall.call("3")
    what_became_of_the_last_event(hall, qtbot)
    assert not any("测试" in text for text in reader.texts)


def raised(bug: BaseException) -> None:
    raise bug


@pytest.fixture
def guide(qapp: QApplication, tmp_path: Path) -> Iterator[Station]:
    """Return a front desk that follows a hall and prints into a folder."""
    tmp_path.joinpath("slips").mkdir()
    choose_printer(f"png:{tmp_path / 'slips'}")
    own = {"config": config.load_config(), "look": Look(LIGHT), "preferences": Preferences(lambda *_: None)}
    request = StationBuildRequest(name="guide", db=str(make_hall(tmp_path).path))
    station = open_hall_and_build_station(request, on_bug=raised, **own)
    station.start()
    yield station
    station.window.stop_and_emit_gone()
    station.stop()


def test_a_front_desk_prints_test_slips_that_were_asked_of_it_and_reports_its_printer(guide, tmp_path, qtbot):
    desk = guide.context.desk

    def ask() -> Ask:
        return Ask(CONSOLE, datetime.now(UTC))

    def printed() -> int:
        return len(list(tmp_path.glob("slips/*.png")))

    assert verbs.try_device(desk, ask(), "printer", text="a test")["station"] == ""
    qtbot.waitUntil(lambda: printed() == 1)
    up = {"device": "printer", "station": "guide", "state": "up"}
    qtbot.waitUntil(lambda: any(up.items() <= row.items() for row in devices.device_rows(desk)))
    assert verbs.try_device(desk, ask(), "printer", text="a test")["station"] == "guide"
    qtbot.waitUntil(lambda: printed() == 2)
    # What was asked of others is not printed.
    devices.record_device_state(desk, ask(), "printer", "guide-2", None)
    assert verbs.try_device(desk, ask(), "printer", "guide-2", text="another's")["station"] == "guide-2"
    seq = verbs.try_device(desk, ask(), "display", text="shown")["seq"]
    qtbot.waitUntil(lambda: guide.context.feed.state.now.seq >= seq)
    assert printed() == 2
