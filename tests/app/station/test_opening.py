"""What is seen of a window before its hall is read: the frame of its station, until its page takes over."""

import pytest

from queuedesk.core.talk.screen import all_stations
from queuedesk.store.engine.hall_file import is_older_version
from tests import old_halls
from tests.hall import make_hall
from tests.processes import Loaded, at_home

pytestmark = pytest.mark.waits
ADDED = [[name] for name in ("kiosk", "lobby") if name in all_stations()]
ADDED += [["plate", "--window", "3"]] if "plate" in all_stations() else []

STATION = """
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


def opening(place, tmp_path, *words, told="", lang="en"):
    """Open a station and close it when its page is there; return what it said and its status."""
    script = tmp_path / "station.py"
    script.write_text(STATION.replace("TOLD", repr(told)), encoding="utf-8")
    station = Loaded([script, "--db", place, "--lang", lang, *words], at_home(tmp_path))
    said, trouble = station.communicate()
    assert trouble == ""
    return said.splitlines(), station.returncode


@pytest.mark.parametrize(
    ("words", "lang", "frame", "window"),
    [
        (["guide"], "en", "Front desk ['Front desk', 'Opening the hall …'] False", "StationWindow"),
        (["counter", "--window", "3"], "zh_CN", "窗口 3 ['窗口 3', '正在打开服务厅……'] False", "StationWindow"),
        *((words, "en", "Kiosk [] True", "StationWindow") for words in ADDED if words == ["kiosk"]),
        (["home"], "en", "QueueDesk ['QueueDesk'] False", "OnePageWindow"),
    ],
)
def test_a_window_says_which_station_opens_until_its_page_is_there(tmp_path, words, lang, frame, window):
    said, status = opening(make_hall(tmp_path).path, tmp_path, *words, lang=lang)
    assert (said, status) == ([frame, f"{window} [True]"], 0)


@pytest.mark.parametrize("words", [["display"], ["rating", "--window", "3"], *ADDED], ids=lambda words: words[0])
def test_a_page_in_the_hall_is_drawn_as_large_as_its_frame_was(tmp_path, words):
    said, status = opening(make_hall(tmp_path).path, tmp_path, *words, told="look")
    scales = [line for line in said if line.startswith("Scale(")]
    assert (len(scales), len(set(scales)), status) == (2, 1, 0)


def test_a_hall_that_cannot_be_opened_is_told_in_its_place(tmp_path):
    said, status = opening(tmp_path / "none.sqlite", tmp_path, "guide")
    assert (said[1:], status) == (["OnePageWindow [True]"], 3)


def test_a_hall_of_an_older_program_is_brought_up_to_date_behind_a_window_and_opens_then(tmp_path):
    """A keeper hears the window meanwhile, and would kill a station that shows none in time."""
    hall = old_halls.file_of(old_halls.REVISIONS[-1], tmp_path)
    said, status = opening(hall, tmp_path, "guide", told="older")
    assert said[1:] == ["OnePageWindow [True]", "This hall is being updated.", "StationWindow [True]"]
    assert status == 0
    assert not is_older_version(hall)


def test_who_is_told_to_end_while_its_window_opens_ends(tmp_path):
    said, status = opening(make_hall(tmp_path).path, tmp_path, "guide", told="told")
    assert (said[1:], status) == ([], 0)


def test_a_station_whose_screen_is_not_there_is_not_seen(tmp_path):
    """Where its screen is missing nothing covers another one's work."""
    said, status = opening(make_hall(tmp_path).path, tmp_path, "display", "--screen", "7")
    assert (said, status) == (["StationWindow []"], 0)


def test_a_station_whose_screen_was_taken_while_it_opened_leaves_it(tmp_path):
    said, status = opening(make_hall(tmp_path).path, tmp_path, "display", "--screen", "1", told="claimed")
    assert (said[1:], status) == (["StationWindow [True]"], 0)
