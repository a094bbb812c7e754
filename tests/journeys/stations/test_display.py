"""Calls from one process, seen in the pictures of the display in another."""

import json
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from queuedesk import i18n
from queuedesk.core.network.roles import actor_of_station as station_actor
from queuedesk.desk.change import Desk
from queuedesk.desk.queue import calling
from queuedesk.desk.talk import announcing
from queuedesk.desk.talk.announcing import record_call_shown
from queuedesk.stations.display import station
from queuedesk.stations.window.context import HallFeed, StationContext, StationServices, StationTaskLanes
from queuedesk.stations.window.frame import Preferences
from queuedesk.stations.window.shell import StationWindow
from queuedesk.stations.window.style import HALL, Look, apply_look_to_app
from queuedesk.store.engine.database import Database
from tests.every_day import walked_in
from tests.hall import Clock, Hall, at, make_hall
from tests.journeys.hands import fail, until
from tests.journeys.stations.talk import PrinterConversation


def hands(path: str, lang: str, folder: str) -> None:
    """Answer each line "N name SECONDS" with a picture and its calls, so long after event N, at rest."""
    app = QApplication([])
    i18n.use(lang)
    look = Look(HALL)
    apply_look_to_app(app, look)
    clock = Clock(at("10:42"))
    desk = Desk(Database.open(path), 1)
    tasks = StationTaskLanes(fail)

    def keep(seq: int) -> None:
        tasks.run_in_long_work_lane(lambda: record_call_shown(desk, seq, "display", clock()), lambda _none: None, fail)

    who, services = station_actor("display"), StationServices(note_shown=keep)
    context = StationContext(desk, HallFeed(desk, clock), tasks, look, clock, "display", who=who, services=services)
    preferences = Preferences(lambda _name, _value: None)
    window = StationWindow(context, station.build, station.ROLES, preferences, theme=HALL, chores=False)
    window.resize(1920, 1080)
    window.show()
    window.start()
    page = window.page
    assert isinstance(page, station.DisplayPage)
    print("ready", flush=True)
    for line in sys.stdin:
        seq, name, seconds = line.split()
        until(lambda last=int(seq): page.controller.state.now.seq >= last, f"event {seq}")
        until(lambda: not page.view.is_moving(), "rest")
        clock.move(seconds=float(seconds))
        page.tick(clock())
        until(lambda: not page.view.is_moving(), "rest")
        window.grab().save(f"{folder}/{name}.png")
        rows = [(row.label, row.window.before, row.window.number, row.window.behind) for row in page.view.rows()]
        print(json.dumps(rows), flush=True)
    window.close_without_asking()
    context.feed.stop()
    tasks.stop()


# What stands before and behind the window's number.
WORDS = {"en": ("Window", ""), "zh_CN": ("", "号窗口")}
AMBER, DARK, WHITE, INK = "#ffc93c", "#15211d", "#f8f9f5", "#1a1300"
# Of the three rows at 1920×1080: left, width, height, and from one to the next.
LEFT, WIDTH, TOP, HEIGHT, STEP = 48, 1270, 84, 247, 263


class Display:
    """The display's process; `picture` waits for all that the log holds, `rows` are the words in the last."""

    def __init__(self, hall: Hall, folder: Path, talk: PrinterConversation) -> None:
        self.hall, self.folder, self.talk = hall, folder, talk
        self.rows: list[list[str]] = []
        assert talk.heard() == "ready"

    def picture(self, name: str, seconds: float = 0) -> QImage:
        """Return what hangs on the wall, `seconds` later."""
        self.talk.tell(self.hall.length(), name, seconds)
        self.rows = json.loads(self.talk.heard())
        return QImage(str(self.folder / f"{name}.png"))


def grounds(picture: QImage) -> list[str]:
    """Return the colour of each row's ground, beside its number and inside its frame."""
    return [picture.pixelColor(LEFT + 30, TOP + row * STEP + HEIGHT - 22).name() for row in range(3)]


def share(picture: QImage, row: int, color: str) -> float:
    """Return how much of a row has that very colour."""
    step = 4
    points = [(LEFT + x, TOP + row * STEP + y) for x in range(0, WIDTH, step) for y in range(0, HEIGHT, step)]
    return sum(picture.pixelColor(*point).name() == color for point in points) / len(points)


@pytest.mark.journey
@pytest.mark.parametrize("lang", walked_in("zh_CN"))
def test_a_call_stands_in_amber_on_the_wall(tmp_path: Path, lang: str):
    hall = make_hall(tmp_path, time="10:42")
    hall.open("1", "C1")
    hall.open("3", "C3")
    hall.queue("A", "B")

    with PrinterConversation(hands, hall.path, lang, tmp_path, home=tmp_path) as talk:
        display = Display(hall, tmp_path, talk)
        hall.call("1")
        hall.call("3")
        two = display.picture("two")
        before, behind = WORDS[lang]
        assert display.rows == [["B001", before, "3", behind], ["A001", before, "1", behind]]
        later = display.picture("later", 21)
        calling.recall(hall.desk, hall.ask(), "1")
        recalled = display.picture("recalled")
        calling.miss(hall.desk, hall.ask(), "3")
        missed = display.picture("missed")
        assert [label for label, *_window in display.rows] == ["A001"]
        talk.end()

    assert grounds(two)[:2] == [AMBER, AMBER]
    assert share(two, 0, AMBER) > 0.6
    assert 0.08 < share(two, 0, INK) < 0.3, "the number and its window"
    assert two.pixelColor(LEFT + WIDTH // 2, TOP + 3).name() == WHITE, "the frame"
    assert grounds(later)[:2] == [DARK, DARK]
    assert 0.08 < share(later, 0, WHITE) < 0.3
    assert grounds(recalled)[:2] == [AMBER, DARK]
    assert grounds(missed)[0] == AMBER
    assert share(missed, 1, DARK) == 0
    calls = [e.seq for e in hall.log() if e.kind in ("call", "recall")]
    assert all(announcing.announcement_reports_of_call(hall.desk, seq)[0].station == "display" for seq in calls)
