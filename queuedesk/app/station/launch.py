"""How each station opens from the command line; Qt loads only when one is asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from queuedesk.app.station.own_hall import hall_asked
from queuedesk.core.errors import OutsideError
from queuedesk.core.features import features, listed_names, load
from queuedesk.core.talk.screen import HALL_SCREENS, OF_FEATURES, STAFF_STATIONS

if TYPE_CHECKING:
    from queuedesk.app.station.program import Program
    from queuedesk.cli.stations import StationRequest

SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


Opener = Callable[["StationRequest"], int]


def openers() -> Mapping[str, Opener]:
    """Return by station the function that opens it; it returns the exit status when the window has closed. Those of
    features are all in it: whether one is there is known to the command line."""
    screens = (name for name in HALL_SCREENS if name not in OF_FEATURES)
    names = (*STAFF_STATIONS, *screens, *listed_names("WITH_STATION"))
    return {"home": open_home, "this-pc": open_home, "try-it": open_trial, **dict.fromkeys(names, open_station)}


def open_home(request: StationRequest) -> int:
    """Open the page that makes a hall or chooses what this PC does. Raises OutsideError "no_screen", "cannot_write"."""
    must_have_screen(request)
    if request.screenshot is not None:
        load_hall()
    elif request.name == "home" and _home_is_there(request):
        return 0
    program = _opening(request)
    from queuedesk.app.station import home_process

    return home_process.run(program)


def open_trial(request: StationRequest) -> int:
    """Open a trial of the whole hall, of which nothing is kept. Raises OutsideError "no_screen", "cannot_write"."""
    must_have_screen(request)
    load_hall()
    from queuedesk.app.station.program import Program
    from queuedesk.app.station.wiring import one_window

    program = Program(request)
    try:
        status: int = load(next(one.trial for one in features() if one.trial))(one_window(program))
    finally:
        program.close()
    return status


def open_station(request: StationRequest) -> int:
    """Open a station of a hall. Raises OutsideError "no_screen", or "database_missing" and the like for a picture."""
    must_have_screen(request)
    if request.kept and request.screenshot is None:
        from queuedesk.app.station import station_process

        return station_process.keep(request.words(), request.station)
    if request.screenshot is not None:
        load_hall()
        must_have_hall(request)
    program = _opening(request)
    from queuedesk.app.station import station_process

    return station_process.run(program)


def _home_is_there(request: StationRequest) -> bool:
    """Bring this hall's home to the front where it is open already: another window would only come and go."""
    from queuedesk.app.station import running

    return running.bring_home(hall_asked(request.db, request.hall)[0])


def _opening(request: StationRequest) -> Program:
    """Return the process of a window, which is seen already: all that reads a hall is loaded behind it."""
    from queuedesk.app.station.program import Program

    program = Program(request)
    if request.screenshot is None:
        program.open()
        load_hall()
    return program


def load_hall() -> None:
    """Load what reads a hall, at one go: one module inside another's takes longer. Where nobody waits for a window that
    is before Qt, since PySide6 looks at each module loaded after it."""
    from queuedesk.desk import looking  # noqa: F401
    from queuedesk.i18n import refusals  # noqa: F401


def must_have_screen(request: StationRequest) -> None:
    """Prepare drawing a picture without a screen. Raises OutsideError "no_screen": Qt itself would abort."""
    if request.screenshot is not None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    elif not has_screen():
        raise OutsideError("no_screen")


def must_have_hall(request: StationRequest) -> None:
    """Raise what opening the hall raises, before all of Qt is loaded for a picture."""
    from queuedesk.app.station.own_hall import hall_asked
    from queuedesk.store.engine.database import Database

    db, _hall = hall_asked(request.db, request.hall)
    Database.open(db).dispose()


def has_screen() -> bool:
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in SCREENS)
