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


def opening(place, tmp_path, *words, told=""):
    """Open a station and close it when its page is there; return what it said and its status."""
    script = tmp_path / "station.py"
    script.write_text(STATION.replace("TOLD", repr(told)), encoding="utf-8")
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


@pytest.mark.parametrize(("frame", "words"), OF_STAFF.items(), ids=[words[-1] for words in OF_STAFF.values()])
def test_a_window_says_which_station_opens_until_its_page_is_there(tmp_path, frame, words):
    said, status = opening(make_hall(tmp_path).path, tmp_path, *words)
    window = "OnePageWindow" if words == ["home"] else "StationWindow"
    assert (said, status) == ([frame, f"{window} [True]"], 0)


@pytest.mark.parametrize("words", IN_THE_HALL, ids=lambda words: words[0])
def test_a_page_in_the_hall_is_drawn_as_large_as_its_frame_was_which_says_nothing_to_customers(tmp_path, words):
    said, status = opening(make_hall(tmp_path).path, tmp_path, *words, told="look")
    scale, frame, window, again = said
    assert (scale.startswith("Scale("), again, window, status) == (True, scale, "StationWindow [True]", 0)
    assert words != ["kiosk"] or frame == "Kiosk [] True"


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


def test_a_station_whose_screen_is_not_there_is_not_seen_and_one_that_was_taken_meanwhile_it_leaves(tmp_path):
    """Where its screen is missing nothing covers another one's work."""
    hall = make_hall(tmp_path).path
    assert opening(hall, tmp_path, "display", "--screen", "7") == (["StationWindow []"], 0)
    said, status = opening(hall, tmp_path, "display", "--screen", "1", told="claimed")
    assert (said[1:], status) == (["StationWindow [True]"], 0)
