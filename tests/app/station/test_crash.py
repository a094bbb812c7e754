"""What nobody foresaw is written down and told, and the process goes on."""

import logging
import os
import signal
import threading

import pytest
from PySide6.QtCore import QObject, Signal

from queuedesk.app.station.program import CrashHandler, Interrupts
from queuedesk.app.this_pc import config


class Clicker(QObject):
    clicked = Signal()


@pytest.fixture
def handler(qapp, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    handler = CrashHandler("guide")
    handler.install()
    yield handler
    handler.remove()


def log_text() -> str:
    return (config.made_folder("log") / "guide.log").read_text(encoding="utf-8")


def fail() -> None:
    raise ZeroDivisionError("seven by nothing")


def test_a_bug_in_a_slot_is_logged_with_version_and_station(qtbot, handler):
    clicker = Clicker()
    clicker.clicked.connect(fail)

    with qtbot.captureExceptions(), qtbot.waitSignal(handler.happened) as told:
        handler.install()  # pytest-qt has put its own hook in front
        clicker.clicked.emit()

    assert told.args == [str(config.made_folder("log") / "guide.log")]
    assert "ZeroDivisionError: seven by nothing" in log_text()
    assert "version 0.1.0 station guide" in log_text()


def test_a_bug_in_a_thread_is_told_on_the_gui_thread(qtbot, handler):
    where = []
    handler.happened.connect(lambda _path: where.append(threading.current_thread()))

    with qtbot.waitSignal(handler.happened):
        worker = threading.Thread(target=fail)
        worker.start()
        worker.join()

    assert where == [threading.main_thread()]


def test_a_disk_that_can_not_be_written_keeps_nobody_from_opening(qapp, tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))

    handler = CrashHandler("guide")
    handler.take(ZeroDivisionError("told on the console"))
    handler.remove()

    assert "told on the console" in capsys.readouterr().err


def test_the_log_is_closed_at_the_end(handler):
    handler.remove()

    assert logging.getLogger("queuedesk").handlers == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_heard_at_once(qtbot, number):
    interrupts = Interrupts()

    with qtbot.waitSignal(interrupts.wanted):
        os.kill(os.getpid(), number)

    interrupts.remove()
