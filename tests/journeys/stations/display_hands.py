"""Runs the hall's display in its real window and takes a picture whenever it has painted what was asked for."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from queuedesk import i18n
from queuedesk.core.network.roles import station as station_actor
from queuedesk.desk.change import Desk
from queuedesk.desk.talk.announcing import note_shown
from queuedesk.stations.display import station
from queuedesk.stations.window.context import HallFeed, Services, StationContext, Tasks
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.shell import StationWindow
from queuedesk.stations.window.style import HALL, Look, apply
from queuedesk.store.engine.database import Database
from tests.hall import Clock, at
from tests.journeys.hands import fail, until


def main(path: str, lang: str, folder: Path) -> None:
    """Answer each line "N name SECONDS" of standard input with a picture and with the calls' words in it.

    The picture is taken so many seconds later, once the log has come to event N and nothing moves.
    """
    app = QApplication([])
    i18n.use(lang)
    look = Look(HALL)
    apply(app, look)
    clock = Clock(at("10:42"))
    desk = Desk(Database.open(path), 1)
    tasks = Tasks(fail)

    def keep(seq: int) -> None:
        tasks.run_long(lambda: note_shown(desk, seq, "display", clock()), lambda _none: None, fail)

    who, services = station_actor("display"), Services(note_shown=keep)
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
        window.grab().save(str(folder / f"{name}.png"))
        rows = [(row.label, row.window.before, row.window.number, row.window.behind) for row in page.view.rows()]
        print(json.dumps(rows), flush=True)
    window.close_anyway()
    context.feed.stop()
    tasks.stop()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
