"""What is round every window of the program."""

import logging
import os
import shutil
import signal
import threading

import pytest
from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QLabel

from queuedesk import i18n
from queuedesk.app.station import program
from queuedesk.app.station.program import CrashHandler, QtTextTranslator, TerminationSignalHandler
from queuedesk.app.station.wiring import StationBuildRequest, open_hall_and_build_station
from queuedesk.app.this_pc import config
from queuedesk.app.this_pc.config import Config
from queuedesk.paths import resource_path
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.window import style
from queuedesk.stations.window.frame import OnePageWindow, Preferences
from queuedesk.stations.window.style import Look
from tests.hall import at, make_hall


@pytest.fixture(autouse=True)
def english():
    i18n.choose_language("en")


@pytest.mark.usefixtures("qapp")
def test_the_title_bar_says_which_station_it_is(tmp_path):
    """The task bar tells two counters apart."""
    path = make_hall(tmp_path).path

    def titles(name: str, window: str | None) -> list[str]:
        preferences = Preferences(lambda _name, _value: None)
        wish = StationBuildRequest(name=name, window=window, db=str(path), picture=True)
        built = open_hall_and_build_station(wish, config=Config(), look=Look(), preferences=preferences, on_bug=raised)
        program.keep_window_title_updated(built.window, preferences, name)
        found = []
        for language in ("en", "zh_CN"):
            preferences.set_language(language)
            found.append(built.window.windowTitle())
        built.window.stop_and_emit_gone()
        built.stop()
        built.window.deleteLater()
        return found

    counter = ["Counter 3 – Pay a bill, Account services", "窗口 3 – 电费缴纳、业务办理"]
    assert titles("counter", "3") == counter
    assert titles("guide", None) == ["Front desk – East City Power Service Hall", "引导台 – 城东供电营业厅"]


def raised(bug):
    raise bug


@pytest.fixture
def lost(tmp_path, monkeypatch):
    """A copy of the program's files in which one icon is gone."""
    there = resource_path("icons").parent
    shutil.copyfile(there / "files.txt", tmp_path / "files.txt")
    shutil.copytree(there / "icons", tmp_path / "icons")
    (tmp_path / "icons/check.svg").unlink()
    caches = (style._icon_renderer, style._icon_names_of_program_files, style.icon_pixmap)
    for cache in caches:
        cache.cache_clear()
    monkeypatch.setattr(style, "resource_path", tmp_path.joinpath)
    yield
    for cache in caches:
        cache.cache_clear()


def test_a_station_without_one_of_its_icons_works_and_says_which(qtbot, lost):
    look = Look()
    frame = OnePageWindow(look, Preferences(lambda _name, _value: None), lambda: at("10:00"), help_page="guide")
    qtbot.addWidget(frame)
    frame.show()
    assert style.icon_pixmap("check", "#000000", 24).toImage().pixelColor(12, 12).alpha() == 0
    with pytest.raises(FileNotFoundError):
        style.icon_pixmap("no such icon", "#000000", 24)
    program.show_missing_files_card(frame, look, style.missing_icon_files())
    [card] = frame.findChildren(ConfirmDialog)
    said = " ".join(label.text() for label in card.findChildren(QLabel))
    told = "1 file of the program is missing or damaged: resources/icons/check.svg; please install QueueDesk again."
    assert told in said


def test_what_fails_again_and_again_shows_one_card_at_a_time(qtbot):
    """Something that fails with each drawing would else need a press for each second that it lasted."""
    look = Look()
    frame = OnePageWindow(look, Preferences(lambda _name, _value: None), lambda: at("10:00"), help_page="guide")
    qtbot.addWidget(frame)
    frame.show()

    def open_cards() -> list[ConfirmDialog]:
        return [card for card in frame.findChildren(ConfirmDialog) if card.isVisible()]

    for _second in range(3):
        program.show_unexpected_error_card(frame, look, "/log/guide.log")
    [card] = open_cards()
    card.safe_button.click()
    assert open_cards() == []
    program.show_unexpected_error_card(frame, look, "/log/guide.log")
    assert len(open_cards()) == 1, "what fails after somebody went on is said again"


def cancel() -> str:
    return QCoreApplication.translate("QPlatformTheme", "Cancel")


def test_follows_the_language_of_the_window(qapp):
    i18n.choose_language("zh_CN")
    preferences = Preferences(lambda _name, _value: None)
    words = QtTextTranslator(qapp, preferences)
    assert cancel() == "取消"
    preferences.set_language("en")
    assert cancel() == "Cancel"
    preferences.set_language("zh_CN")
    assert cancel() == "取消"
    qapp.removeTranslator(words)


@pytest.fixture
def handler(qapp):
    handler = CrashHandler("guide")
    handler.install()
    yield handler
    handler.restore_handlers()


def fail() -> None:
    raise ZeroDivisionError("seven by nothing")


def test_a_bug_in_a_slot_or_a_thread_is_told_on_the_gui_thread_and_logged_with_version_and_station(qtbot, handler):
    class Clicker(QObject):
        clicked = Signal()

    clicker, where = Clicker(), []
    clicker.clicked.connect(fail)
    handler.happened.connect(lambda _path: where.append(threading.current_thread()))
    log = config.ensure_data_folder("log") / "guide.log"
    with qtbot.captureExceptions(), qtbot.waitSignal(handler.happened) as told:
        handler.install()  # pytest-qt has put its own hook in front
        clicker.clicked.emit()
    assert told.args == [str(log)]
    said = log.read_text(encoding="utf-8")
    assert "\nZeroDivisionError\n" in said and "seven by nothing" not in said.replace('("seven by nothing")', "")
    assert "version 0.1.0 station guide" in said
    with qtbot.waitSignal(handler.happened):
        worker = threading.Thread(target=fail)
        worker.start()
        worker.join()
    assert where == [threading.main_thread()] * 2


def test_a_disk_that_can_not_be_written_keeps_nobody_from_opening(qapp, tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    handler = CrashHandler("guide")
    handler.log_and_report_bug(ZeroDivisionError("told on the console"))
    handler.restore_handlers()
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert logging.getLogger("queuedesk").handlers == [], "the log is closed at the end"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_heard_at_once(qtbot, number):
    interrupts = TerminationSignalHandler()
    with qtbot.waitSignal(interrupts.wanted):
        os.kill(os.getpid(), number)
    interrupts.restore_handlers()
