"""One of each station as the program builds it, all following one hall."""

import time
from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QApplication

from queuedesk.app.station.wiring import Station, StationBuildRequest, open_hall_and_build_station
from queuedesk.app.this_pc.config import Config
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.talk.screen import all_stations
from queuedesk.stations.window.frame import Preferences
from queuedesk.stations.window.style import Look, apply_look_to_app
from tests.bounded import PATIENCE_S
from tests.hall import Hall
from tests.whole_halls import differences

STATIONS = all_stations()


class AllStations:
    """One of each station; `bugs` are what any of them met. Call `stop` at the end."""

    def __init__(self, hall: Hall, app: QApplication, names: Sequence[str] = STATIONS) -> None:
        self._app = app
        self.bugs: list[BaseException] = []
        apply_look_to_app(app, Look())
        self.stations: list[Station] = []
        for name in names:
            window = "3" if name in ("counter", "plate", "rating") else None
            wish = StationBuildRequest(name=name, db=str(hall.path), window=window, at=hall.clock())
            look, preferences = Look(), Preferences(lambda _name, _value: None)  # each its own, as in its process
            own: dict[str, Any] = {"look": look, "preferences": preferences, "on_bug": self.bugs.append}
            self.stations.append(open_hall_and_build_station(wish, config=Config(), **own))
        for station in self.stations:
            station.start()
            if station.context.who is None:
                station.window.open_page_for_person(Actor("M1", Role.MANAGER))
            station.window.resize(1024, 768)
            station.window.show()

    def must_stand_at(self, state: HallState, patience_s: float = PATIENCE_S) -> None:
        """Wait until each shows what a fresh snapshot says; name the parts that differ when one does not."""
        end = time.monotonic() + patience_s
        while behind := self.behind(state):
            self._app.processEvents()
            time.sleep(0.005)  # for the threads that read the log
            assert time.monotonic() < end, behind

    def behind(self, state: HallState) -> dict[str, list[str]]:
        """Return the stations that show something else than `state`, with the parts that differ."""
        found = {one.context.name: one.context.feed.state for one in self.stations}
        if late := {name: ["now"] for name, shown in found.items() if shown.now.seq < state.now.seq}:
            return late  # Only then it takes all parts of each, again and again, to see it.
        return {name: parts for name, shown in found.items() if (parts := differences(shown, state))}

    def stop(self) -> None:
        for station in self.stations:
            station.window.close_without_asking()
            station.stop()
            station.window.deleteLater()
