"""A station's window on this PC: which hall it shows, what is seen before that is read, its screen, its devices and
hands that tremble.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from queuedesk.app.hosting.credentials import switch_to_hall
from queuedesk.app.services import printers
from queuedesk.app.services.papers import SlipAndReportPrinter
from queuedesk.app.services.printers import choose_printer
from queuedesk.app.station import hall_screen, own_hall
from queuedesk.app.station.hall_screen import RESET_MS, ChildProcessAwakeHold, StationWindowPlacer, X11AwakeHold
from queuedesk.app.station.own_hall import PASSWORD, joined_hall_url_and_code, requested_place_and_hall_code
from queuedesk.app.station.wiring import Equipment, Station, StationBuildRequest, open_hall_and_build_station
from queuedesk.app.this_pc import config
from queuedesk.app.this_pc.config import Config, store_counter_window
from queuedesk.core.queue.overview import current_alerts
from queuedesk.core.talk.device import Device
from queuedesk.core.talk.screen import all_stations
from queuedesk.i18n.queue.event_words import alert_words
from queuedesk.paths import default_hall_file, password_file
from queuedesk.printing.spooler import NO_PRINTER, PICTURES
from queuedesk.stations.manager.station import ManagerView
from queuedesk.stations.window.context import InlineTasks
from queuedesk.stations.window.frame import Preferences
from queuedesk.stations.window.style import LIGHT, Look
from queuedesk.store.engine.hall_file import is_older_version
from queuedesk.store.upkeep import exchange
from tests import old_halls
from tests.app.wall import Wall
from tests.bounded import PATIENCE_S, Stopwatch, until
from tests.credentials import shared
from tests.hall import ADMIN, DAY, Hall, make_hall, simple_hall
from tests.printing.cups import cups
from tests.printing.virtual_printer import VirtualPrinter
from tests.processes import Loaded, at_home, ran
from tests.relay import relay
from tests.stations.seen import timer_of


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


JOINED = "postgresql://counter_3@192.168.1.5:7432/queuedesk?sslmode=verify-ca"
SHARED = "postgresql://qd_1@127.0.0.1:20001/queuedesk"


def test_a_pc_that_was_about_to_share_goes_where_its_hall_went_and_stays_in_the_file_until_then(tmp_path):
    hall = simple_hall(tmp_path)
    config.update_config({"moving_db": SHARED, "moving_hall": "T"})
    assert requested_place_and_hall_code(str(hall.path), None) == (str(hall.path), None)
    with hall.desk.db.write() as tx:
        exchange.set_or_clear_database_new_address(tx, SHARED)
    assert requested_place_and_hall_code(str(hall.path), None) == (SHARED, "T")
    switch_to_hall(JOINED, "CD")
    assert requested_place_and_hall_code(str(hall.path), None) == (JOINED, "CD")


def test_a_password_goes_from_the_address_into_the_environment(monkeypatch):
    monkeypatch.setenv(PASSWORD, "before")
    assert own_hall.move_password_to_environment("postgresql://a@h/d") == "postgresql://a@h/d"
    assert os.environ[PASSWORD] == "before"
    assert own_hall.move_password_to_environment("postgresql://a:p%40w@h/d") == "postgresql://a@h/d"
    assert os.environ[PASSWORD] == "p@w"


def test_what_opens_by_itself_finds_the_password_in_this_pcs_passfile_and_a_file_needs_none(monkeypatch):
    monkeypatch.setenv(PASSWORD, "se:cret")
    for words in (["display"], ["--db", "/data/hall.sqlite", "display"]):
        own_hall.store_environment_password(words)
        assert not password_file().exists()
    for address, line in (
        ("postgresql://a@192.168.1.5:7432/d?sslmode=require", "192.168.1.5:7432:d:a:se\\:cret\n"),
        ("postgresql://a@hall/d", "hall:5432:d:a:se\\:cret\n"),
        ("postgresql:///d?host=/run/pg&user=a", "/run/pg:5432:d:a:se\\:cret\n"),
    ):
        own_hall.store_environment_password(["--db", address, "display", "--kept"])
        assert password_file().read_text() == line
        assert password_file().stat().st_mode & 0o077 == 0 or os.name == "nt"
        password_file().unlink()


def test_a_pc_works_with_the_hall_that_is_named_else_the_one_it_joined_else_its_own_file():
    assert joined_hall_url_and_code() == (None, None)
    assert requested_place_and_hall_code(None, None) == (str(default_hall_file()), None)
    assert requested_place_and_hall_code(None, "CD") == (str(default_hall_file()), "CD")
    config.update_config({"db": JOINED, "hall": "CD"})
    assert joined_hall_url_and_code() == requested_place_and_hall_code(None, None) == (JOINED, "CD")
    assert requested_place_and_hall_code("/data/hall.sqlite", None) == ("/data/hall.sqlite", None)
    assert requested_place_and_hall_code(None, "MY") == (JOINED, "MY")


ADDED = [[name] for name in ("kiosk", "lobby") if name in all_stations()]
ADDED += [["plate", "--window", "3"]] if "plate" in all_stations() else []

OPENED_STATION = """
import os, signal, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from queuedesk.app.main import main
from queuedesk.app.station import screens
from queuedesk.app.station.program import StationProgram
from queuedesk.stations.widgets.panels import Label
from queuedesk.stations.window.frame import OnePageWindow

def windows():
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, OnePageWindow) and one.isVisible()]

def opened(program, open=StationProgram.show_opening_window):
    if "told" in TOLD:
        QTimer.singleShot(0, lambda: os.kill(os.getpid(), signal.SIGTERM))
    open(program)
    if "look" in TOLD:
        print(program.look.scale)
    if "claimed" in TOLD:
        screens.announce_screen_claim(program.request.screen, "another")
    for one in windows():
        print(one.windowTitle(), [part.text() for part in one.current_page.findChildren(Label) if part.text()], one.isFullScreen())

def run(program, frame, begin=lambda: None, run=StationProgram.run):
    def began():
        begin()
        print(type(frame).__name__, [one is frame for one in windows()])
        if "look" in TOLD:
            print(program.look.scale)
        if "older" in TOLD and type(frame) is OnePageWindow:
            print([part.text() for part in frame.current_page.findChildren(Label) if part.text()][1])
        elif "claimed" not in TOLD:
            QTimer.singleShot(0, frame.close_without_asking)
    return run(program, frame, began)

StationProgram.show_opening_window, StationProgram.run = opened, run
sys.exit(main())
"""


def opening(place, tmp_path, *words, told=""):
    """Open a station and close it when its page is there; return what it said and its status."""
    script = tmp_path / "station.py"
    script.write_text(OPENED_STATION.replace("TOLD", repr(told)), encoding="utf-8")
    words = words if "--lang" in words else ("--lang", "en", *words)
    station = Loaded([script, "--db", place, *words], at_home(tmp_path))
    said, trouble = station.communicate()
    assert trouble == ""
    return said.splitlines(), station.returncode


OF_STAFF = {
    "Front desk ['Front desk', 'Opening the hall …'] False": ["guide"],
    "窗口 3 ['窗口 3', '正在打开服务厅……'] False": ["--lang", "zh_CN", "counter", "--window", "3"],
    "QueueDesk ['QueueDesk'] False": ["home"],
}
IN_THE_HALL = [["display"], ["rating", "--window", "3"], *ADDED]


@pytest.mark.waits
@pytest.mark.parametrize(("frame", "words"), OF_STAFF.items(), ids=[words[-1] for words in OF_STAFF.values()])
def test_a_window_says_which_station_opens_until_its_page_is_there(tmp_path, frame, words):
    said, status = opening(make_hall(tmp_path).path, tmp_path, *words)
    window = "OnePageWindow" if words == ["home"] else "StationWindow"
    assert (said, status) == ([frame, f"{window} [True]"], 0)


@pytest.mark.waits
@pytest.mark.parametrize("words", IN_THE_HALL, ids=lambda words: words[0])
def test_a_page_in_the_hall_is_drawn_as_large_as_its_frame_was_which_says_nothing_to_customers(tmp_path, words):
    said, status = opening(make_hall(tmp_path).path, tmp_path, *words, told="look")
    scale, frame, window, again = said
    assert (scale.startswith("Scale("), again, window, status) == (True, scale, "StationWindow [True]", 0)
    assert words != ["kiosk"] or frame == "Kiosk [] True"


@pytest.mark.waits
def test_a_hall_that_cannot_be_opened_is_told_in_its_place(tmp_path):
    said, status = opening(tmp_path / "none.sqlite", tmp_path, "guide")
    assert (said[1:], status) == (["OnePageWindow [True]"], 3)


@pytest.mark.waits
def test_a_hall_of_an_older_program_is_brought_up_to_date_behind_a_window_and_opens_then(tmp_path):
    """A keeper hears the window meanwhile, and would kill a station that shows none in time."""
    hall = old_halls.file_of(old_halls.REVISIONS[-1], tmp_path)
    said, status = opening(hall, tmp_path, "guide", told="older")
    assert said[1:] == ["OnePageWindow [True]", "This hall is being updated.", "StationWindow [True]"]
    assert status == 0
    assert not is_older_version(hall)


@pytest.mark.waits
def test_who_is_told_to_end_while_its_window_opens_ends(tmp_path):
    said, status = opening(make_hall(tmp_path).path, tmp_path, "guide", told="told")
    assert (said[1:], status) == ([], 0)


@pytest.mark.waits
def test_a_station_whose_screen_is_not_there_is_not_seen_and_one_that_was_taken_meanwhile_it_leaves(tmp_path):
    """Where its screen is missing nothing covers another one's work."""
    hall = make_hall(tmp_path).path
    assert opening(hall, tmp_path, "display", "--screen", "7") == (["StationWindow []"], 0)
    said, status = opening(hall, tmp_path, "display", "--screen", "1", told="claimed")
    assert (said[1:], status) == (["StationWindow [True]"], 0)


@pytest.fixture
def window(qapp: QGuiApplication) -> Iterator[QWidget]:
    made = QWidget()
    yield made
    made.close()


def sort_screens() -> None:
    """Let the screens be as if one had been plugged in."""
    screen = QGuiApplication.primaryScreen()
    screen.geometryChanged.emit(screen.geometry())


def test_a_window_comes_back_when_the_screens_change_and_stays_closed_once_it_was_closed(window, qtbot) -> None:
    place = StationWindowPlacer(window, "display", None)
    place.show_in_place()
    assert window.isFullScreen()
    window.showNormal()
    sort_screens()
    qtbot.waitUntil(window.isFullScreen)
    window.close()
    place.stop()
    sort_screens()
    QTest.qWait(hall_screen.SETTLE_MS * 2)
    assert not window.isVisible()


def test_of_two_on_one_screen_the_one_that_was_chosen_last_stays_in_front(qtbot: QtBot) -> None:
    windows = [QWidget() for _ in range(3)]
    first, second, other = windows
    places = [StationWindowPlacer(window, "display", None) for window in (first, second)]
    try:
        for place in places:
            place.show_in_place()
            for timer in place.findChildren(QTimer):
                timer.setInterval(1)
        qtbot.waitUntil(second.isActiveWindow)
        for chosen in (first, second, first):
            chosen.activateWindow()
            qtbot.waitUntil(chosen.isActiveWindow)
            QTest.qWait(30)  # many times as long as the other one waits before it comes back
            assert chosen.isActiveWindow()
        other.show()
        other.activateWindow()
        qtbot.waitUntil(first.isActiveWindow)  # over what is no station it comes back
    finally:
        for place in places:
            place.stop()
        for window in windows:
            window.close()


class Unheard(QObject):
    """Keeps from a window that it has the keyboard, or lost it."""

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        return event.type() in (QEvent.Type.WindowActivate, QEvent.Type.WindowDeactivate)


def test_a_window_that_never_had_the_keyboard_takes_it(window: QWidget, qtbot: QtBot) -> None:
    """As where a system leaves it with the window from which this one was opened."""
    before, unheard = QWidget(), Unheard()
    qtbot.addWidget(before)
    place = StationWindowPlacer(window, "display", None)
    place.show_in_place()
    window.installEventFilter(unheard)
    before.show()
    before.activateWindow()
    qtbot.waitUntil(before.isActiveWindow)
    qtbot.waitUntil(window.isActiveWindow)
    place.stop()


ROOT = Path(__file__).resolve().parents[3]
# A session that says who asked it to stay awake, and when that one has left.
SESSION = """
from PySide6.QtCore import QCoreApplication
from PySide6.QtDBus import QDBusConnection, QDBusServiceWatcher, QDBusVirtualObject
app = QCoreApplication([])
class Saver(QDBusVirtualObject):
    def handleMessage(self, message, line):
        print(message.member(), *message.arguments(), flush=True)
        self.watcher = QDBusServiceWatcher(message.service(), line, QDBusServiceWatcher.WatchModeFlag.WatchForUnregistration)
        self.watcher.serviceUnregistered.connect(lambda _name: print("left", flush=True))
        line.send(message.createReply([7]))
        return True
    def introspect(self, path):
        return ""
bus, saver = QDBusConnection.sessionBus(), Saver()
bus.registerVirtualObject("/org/freedesktop/ScreenSaver", saver)
print(bus.registerService("org.freedesktop.ScreenSaver"), flush=True)
app.exec()
"""

# A station's side: nobody there at first, then held and given back.
AWAKE_STATION = """
import subprocess, sys
from PySide6.QtCore import QCoreApplication
from queuedesk.app.station.hall_screen import SessionAwakeHold
app = QCoreApplication([])
print(SessionAwakeHold().try_keep_awake())
session = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE, encoding="utf-8")
print(session.stdout.readline().strip())
hold = SessionAwakeHold()
print(hold.try_keep_awake())
print(session.stdout.readline().strip())
hold.release_hold()
print(session.stdout.readline().strip())
session.kill()
"""


@pytest.fixture
def wall() -> Iterator[Wall]:
    found = Wall()
    yield found
    found.stop()


def test_an_x_server_does_not_save_a_screen_that_is_held(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", wall.display)
    saver = wall.saver()
    wall.set_saver(2)
    until(lambda: saver.look()[1] > 1000)
    hold, began = X11AwakeHold(), time.monotonic()
    assert hold.try_keep_awake()
    until(lambda: saver.look()[1] <= 1000 * (time.monotonic() - began), "somebody to have been seen since")
    hold.renew_hold()
    assert not saver.look()[0]
    hold.release_hold()
    until(lambda: saver.look()[0])
    saver.close()


def test_a_session_is_asked_and_forgets_it_when_the_line_ends(tmp_path: Path) -> None:
    line = ["dbus-run-session", "--", sys.executable, "-c", AWAKE_STATION, SESSION]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(line, env=env, capture_output=True, encoding="utf-8", timeout=PATIENCE_S)
    said = ["False", "True", "True", "Inhibit QueueDesk Calls of the hall are shown here", "left"]
    assert done.stdout.splitlines() == said, done.stderr


def test_a_program_of_the_system_holds_until_it_is_let_go_and_without_server_bus_or_program_nothing(
    monkeypatch,
) -> None:
    hold = ChildProcessAwakeHold(["cat"])
    assert hold.try_keep_awake()
    child = hold._child
    assert child is not None and child.poll() is None
    hold.release_hold()
    hold.release_hold()
    assert child.poll() == 0
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    bus, system = hall_screen.SessionAwakeHold(), hall_screen.WindowsAwakeHold()
    programs = [ChildProcessAwakeHold([name]) for name in ("no-such-program", "false")]
    assert [hold.try_keep_awake() for hold in (bus, X11AwakeHold(), system, *programs)] == [False] * 5
    monkeypatch.setenv("DISPLAY", ":7919")
    assert not X11AwakeHold().try_keep_awake()


def test_what_holds_is_taken_once_and_given_back(qapp: QApplication) -> None:
    taken: list[str] = []

    class Way:
        def __init__(self, lets: bool) -> None:
            self.lets = lets

        def try_keep_awake(self) -> bool:
            taken.append("take")
            return self.lets

        def renew_hold(self) -> None:
            taken.append("again")

        def release_hold(self) -> None:
            taken.append("let go")

    awake = hall_screen.PcAwakeKeeper([Way(True), Way(False)])
    awake.start()
    awake.start()
    timer_of(awake, RESET_MS).timeout.emit()
    assert awake.names_of_holds == ["Way"]
    awake.stop()
    awake.stop()
    assert taken == ["take", "take", "again", "let go"]
    assert not timer_of(awake, RESET_MS).isActive()


def test_each_system_has_its_ways() -> None:
    ways = {
        "linux": ["SessionAwakeHold", "X11AwakeHold", "ChildProcessAwakeHold"],
        "win32": ["WindowsAwakeHold"],
        "darwin": ["ChildProcessAwakeHold"],
    }
    for system, names in ways.items():
        assert [type(way).__name__ for way in hall_screen.keep_awake_methods(system)] == names


PRINTER = ("printer", "K1")


def equipment(hall: Hall, qapp: QApplication, kind: str = "kiosk", name: str = "K1", **words: Any) -> Equipment:
    return Equipment(hall.desk, hall.clock, InlineTasks(), kind, name, **words)


def known(hall: Hall) -> dict[tuple[str, str], Device]:
    return hall.whole().devices


def test_the_second_of_a_name_on_one_pc_has_a_number_until_the_first_one_ends(hall, qapp):
    first, second, third = (equipment(hall, qapp) for _ in range(3))
    first.start()
    second.start()
    first.stop()
    third.start()
    assert [each.station_name_in_log for each in (first, second, third)] == ["K1", "K1#2", "K1"]
    assert {key: one.up_or_down for key, one in known(hall).items()} == {("kiosk", "K1"): "up", ("kiosk", "K1#2"): "up"}
    second.stop()
    third.stop()
    assert {one.cause for one in known(hall).values()} == {"stopped"}


def test_slips_tell_of_their_printer_and_one_that_failed_is_looked_at_until_it_is_ready_again(hall, qapp, tmp_path):
    """A PC without one has none to tell of."""
    one = equipment(hall, qapp, look_at_printer=printers.watched_printer_status)
    paper = SlipAndReportPrinter(hall.desk, hall.clock, one.report_print_result)
    label = hall.issue("A")
    choose_printer(NO_PRINTER)
    paper.print_ticket(DAY.date(), label)
    assert known(hall) == {}
    folder = tmp_path / "slips"
    choose_printer(f"{PICTURES}{folder}")
    paper.print_ticket(DAY.date(), label)
    assert known(hall)[PRINTER].is_up
    shutil.rmtree(folder)
    folder.write_text("in the way")
    paper.print_ticket(DAY.date(), label)
    assert known(hall)[PRINTER].cause == "printer_refused"
    folder.unlink()
    paper.print_papers_list("A")
    assert known(hall)[PRINTER].is_up
    shutil.rmtree(folder)
    one.start()
    one.report_print_result("printer_refused")
    one.send_heartbeat()
    assert known(hall)[PRINTER].cause == "printer_refused", "nobody can tell that it is ready"
    folder.mkdir()
    seq = hall.last().seq
    one.send_heartbeat()
    one.send_heartbeat()
    assert [(e.data["device"], e.data["state"]) for e in hall.log(seq)] == [("printer", "up")]
    one.stop()


def test_who_gives_tickets_knows_of_the_printer_before_the_first_one(hall, qapp):
    with VirtualPrinter() as printer:
        choose_printer(printer.choice)
        one = equipment(hall, qapp, look_at_printer=printers.watched_printer_status)
        seen: list[dict[str, str]] = []
        late: list[str] = []
        one.start()
        one.watch_printer(seen.append, late.extend)
        assert known(hall)[PRINTER].is_up
        printer.state = "cover"
        one.send_heartbeat()
        assert known(hall)[PRINTER].cause == "cover_open"
        printer.state = "paper_low"
        one.send_heartbeat()
        assert known(hall)[PRINTER].is_up
        one.stop()
    assert [one["cause"] for one in seen] == ["", "cover_open", ""]
    assert [one["warning"] for one in seen] == ["", "", "paper_low"]


def test_a_printer_of_the_system_stays_an_alert_until_a_slip_comes_out_or_its_queue_goes_on(
    hall, qapp, tmp_path, monkeypatch
):
    with cups(tmp_path / "cups") as server:
        monkeypatch.setenv("CUPS_SERVER", server.address)
        choose_printer(server.add("Front"))
        one = equipment(hall, qapp, look_at_printer=printers.watched_printer_status)
        one.start()
        hall.open("1", "C1")
        for cause in ("slow", "printer_refused"):
            one.report_print_result(cause)
            one.send_heartbeat()
            assert known(hall)[PRINTER].cause == cause, "an idle queue does not know better"
        one.report_print_result("out_of_paper")
        (alert,) = (each for each in current_alerts(hall.whole(), hall.clock()) if each.kind == "device_down")
        words = alert_words(hall.whole(), alert, hall.clock(), "en")
        assert (words.fact, words.figures) == ("Printer (K1): out of paper", "out of order since 9:00. Put paper in")
        server.run("cupsdisable", "Front")
        one.send_heartbeat()
        assert known(hall)[PRINTER].cause == "paused"
        server.run("cupsenable", "Front")
        one.send_heartbeat()
        assert known(hall)[PRINTER].is_up
    one.send_heartbeat()
    assert known(hall)[PRINTER].cause == "no_spooler"
    one.stop()


def test_while_the_hall_is_away_nothing_fails(hall, qapp):
    one = equipment(hall, qapp)
    one.start()
    away = hall.path.with_name("away")
    hall.path.rename(away)
    one.send_heartbeat()
    one.report_print_result("offline")
    one.report_voice_status(None)
    one.stop()
    away.rename(hall.path)
    assert list(known(hall)) == [("kiosk", "K1")]


def test_a_counter_is_no_device_but_its_printer_is_until_it_is_given_up(hall, qapp):
    counter = equipment(hall, qapp, "counter", "counter-3", look_at_printer=printers.watched_printer_status)
    counter.start()
    counter.report_print_result("offline")
    choose_printer(NO_PRINTER)
    counter.send_heartbeat()
    counter.stop()
    assert {key: one.cause for key, one in known(hall).items()} == {("printer", "counter-3"): "stopped"}
    name = equipment(hall, qapp, "display", "display-east/west #1").station_name_in_log
    assert name == "display-east west  1", "a name has no sign of another meaning"


AT = "2026-11-20T10:42:00+08:00"


def test_a_tremor_on_a_button_a_row_and_the_ribbon_acts_once_and_a_slow_second_press_again(tmp_path):
    hall = make_hall(tmp_path)
    hall.do("sign-in", "manager", "M1")
    hall.open("1", "C1")
    hall.queue("A")
    hall.queue("A")
    hall.call("1")
    told = """
import sys
from functools import partial
from queuedesk.app.main import main
from queuedesk.app.station import program
from queuedesk.app.station.launch import import_hall_modules
from queuedesk.app.station.painting import new_application

import_hall_modules()
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from queuedesk.stations.manager.pages import TICKETS, TODAY
from queuedesk.stations.manager.station import ManagerView
from queuedesk.stations.widgets.buttons import PaintedButton
from queuedesk.stations.widgets.charts.chart_view import DayRibbonView
from queuedesk.stations.widgets.lists.lists import TicketList
from queuedesk.stations.widgets.questions.dialogs import REPEAT_MS, RepeatedPressFilter

app = new_application()
now_ms = 0
program.RepeatedPressFilter = partial(RepeatedPressFilter, now_ms=lambda: now_ms)

def shown(kind):
    return next((one for one in app.allWidgets() if isinstance(one, kind) and one.isVisible()), None)

def pressed(name, widget, place, signal):
    global now_ms
    window, acts = shown(ManagerView).window(), []
    signal.connect(lambda *_: acts.append(name))
    handle, at = window.windowHandle(), widget.mapTo(window, place)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseDClick(handle, left, none, at)
    QTest.mouseClick(handle, left, none, at)
    quick = len(acts)
    now_ms += REPEAT_MS
    QTest.mouseClick(handle, left, none, at)
    print(name, quick, len(acts), flush=True)

def go():
    view = shown(ManagerView)
    if view is None or app.findChild(RepeatedPressFilter) is None or not shown(DayRibbonView) or not shown(DayRibbonView).strokes.names:
        return
    wait.stop()
    entry = next(one for one in app.allWidgets() if isinstance(one, PaintedButton) and one.objectName() == TODAY)
    pressed("button", entry, entry.rect().center(), entry.clicked)
    ribbon = shown(DayRibbonView)
    ribbon.picked.disconnect()  # It would open the ticket's story over itself.
    stroke = ribbon.up_to_date_layout().bounds_of_ticket(ribbon.strokes.names[0])
    pressed("ribbon", ribbon.viewport(), QPoint(round(stroke.left) + 3, round(stroke.top + stroke.height / 2)), ribbon.picked)
    view.open_page(TICKETS)
    rows.start(20)

def go_on():
    tickets = shown(TicketList)
    if tickets is None or not tickets.tickets.rowCount():
        return
    rows.stop()
    row = tickets.visualRect(tickets.tickets.index(0))
    pressed("row", tickets.viewport(), row.center(), tickets.chosen)
    app.exit(0)

wait, rows = QTimer(), QTimer()
wait.timeout.connect(go)
rows.timeout.connect(go_on)
wait.start(20)
sys.exit(main(sys.argv[1:]))
"""
    own = {"XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    done = ran("-c", told, "--db", hall.path, "manager", "--at", AT, **own)
    assert (done.stdout.split("\n"), done.stderr) == (["button 1 2", "ribbon 1 2", "row 1 2", ""], "")
