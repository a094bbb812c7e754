"""What a station's process is built from."""

from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication, QEvent

from queuedesk.app.station.wiring import Station, StationBuildRequest, open_hall_and_build_station
from queuedesk.app.this_pc import config
from queuedesk.app.this_pc.config import Config, store_counter_window
from queuedesk.stations.manager.station import ManagerView
from queuedesk.stations.window.frame import Preferences
from queuedesk.stations.window.style import LIGHT, Look
from tests.bounded import Stopwatch
from tests.credentials import shared
from tests.hall import ADMIN, make_hall
from tests.relay import relay


def raised(bug: BaseException) -> None:
    raise bug


def built(wish: StationBuildRequest, own: Config) -> Station:
    kept = Preferences(lambda *_: None)
    return open_hall_and_build_station(wish, config=own, look=Look(LIGHT), preferences=kept, on_bug=raised)


def test_a_counter_goes_on_at_the_window_chosen_last(qapp, tmp_path):
    """Chosen once at this PC, it is not asked again; another hall's window means nothing here."""
    path = make_hall(tmp_path).path
    for kept, window in (("5", "5"), ("99", None)):
        store_counter_window(kept)
        station = built(StationBuildRequest(name="counter", db=str(path)), config.load_config())
        found = station.context.options["window"]
        station.window.stop_and_emit_gone()
        station.stop()
        assert found == window


def test_a_managers_paper_is_shown_and_saved_in_this_pcs_own_folder(qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "own"))
    hall = make_hall(tmp_path, time="10:20")
    hall.queue("B")
    station = built(StationBuildRequest(name="manager", db=str(hall.path), at=hall.clock()), Config(voice=False))
    try:
        station.window.open_page_for_person(ADMIN)
        station.window.show()
        station.start()
        qtbot.waitUntil(lambda: isinstance(station.window.current_page, ManagerView))
        page = station.window.current_page
        page.show_ticket_history(hall.ticket("B001"))
        qtbot.waitUntil(lambda: len(page.report_page.sheets) == 1)
        assert page.report_page.save_button.isVisible() and page.report_page.print_button.isVisible()
        page.report_page.save_button.click()
        saved = config.ensure_data_folder("reports") / f"CD-{hall.date}-B001.pdf"
        qtbot.waitUntil(saved.exists)
    finally:
        station.window.stop_and_emit_gone()
        station.stop()
        station.window.close_without_asking()
        station.window.deleteLater()


def test_a_window_closes_at_once_while_the_server_is_silent_and_its_process_soon(shared_url, qtbot):
    """The display's last sign of life finds a server that takes words and answers none."""
    with shared(shared_url, "T", since=datetime.now(UTC)) as there, relay(shared_url) as way:
        station = built(StationBuildRequest(name="display", db=way.url), Config(voice=False))
        station.window.show()
        station.start()
        # With nothing under way that would meet the silence for itself, one lane after the other.
        lanes = station.context.tasks
        qtbot.waitUntil(lambda: bool(there.hall().whole().devices) and not lanes.has_unanswered_requests)
        way.silent = True
        with Stopwatch() as closing:
            station.window.close_without_asking()
        assert not station.window.isVisible() and closing.s < 1
        with Stopwatch() as stopping:
            station.stop()
        # Half a second, and what closing began: silence is known after 2.2 s.
        assert closing.s + stopping.s < 3.5
        station.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
