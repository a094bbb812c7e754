"""How each station opens from the command line; Qt loads only when one is asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from queuedesk.app.station.own_hall import requested_place_and_hall_code
from queuedesk.core.errors import OutsideError
from queuedesk.core.features import import_reference, installed_features, list_in_features_package
from queuedesk.core.talk.screen import HALL_SCREENS, OF_FEATURES, STAFF_STATIONS

if TYPE_CHECKING:
    from queuedesk.app.station.program import StationProgram
    from queuedesk.cli.stations import StationRequest

SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")

Opener = Callable[["StationRequest"], int]


def station_openers() -> Mapping[str, Opener]:
    """Return by station the function that opens it; it returns the exit status when the window has closed. Those of
    features are all in it: whether one is there is known to the command line."""
    screens = (name for name in HALL_SCREENS if name not in OF_FEATURES)
    names = (*STAFF_STATIONS, *screens, *list_in_features_package("WITH_STATION"))
    return {
        "home": open_home,
        "this-pc": open_home,
        "try-it": run_unsaved_hall_trial,
        **dict.fromkeys(names, open_station),
    }


def open_home(request: StationRequest) -> int:
    """Open the page that makes a hall or chooses what this PC does. Raises OutsideError "no_screen", "cannot_write"."""
    require_screen_or_offscreen(request)
    if request.screenshot is not None:
        import_hall_modules()
    elif request.name == "home" and _bring_open_home_to_front(request):
        return 0
    program = _new_program_showing_window(request)
    from queuedesk.app.station import home_process

    return home_process.run_home_until_closed(program)


def run_unsaved_hall_trial(request: StationRequest) -> int:
    """Open a trial of the whole hall, of which nothing is kept. Raises OutsideError "no_screen", "cannot_write"."""
    require_screen_or_offscreen(request)
    import_hall_modules()
    from queuedesk.app.station.program import StationProgram
    from queuedesk.app.station.wiring import one_window_services

    program = StationProgram(request)
    try:
        status: int = import_reference(next(one.trial for one in installed_features() if one.trial))(
            one_window_services(program)
        )
    finally:
        program.close()
    return status


def open_station(request: StationRequest) -> int:
    """Open a station of a hall. Raises OutsideError "no_screen", or "database_missing" and the like for a picture."""
    require_screen_or_offscreen(request)
    if request.kept and request.screenshot is None:
        from queuedesk.app.station import station_process

        return station_process.keep_station_alive(request.command_line_words(), request.station_log_name)
    if request.screenshot is not None:
        import_hall_modules()
        require_hall_opens(request)
    program = _new_program_showing_window(request)
    from queuedesk.app.station import station_process

    return station_process.run_station_until_closed(program)


def _bring_open_home_to_front(request: StationRequest) -> bool:
    """Bring this hall's home to the front where it is open already: another window would only come and go."""
    from queuedesk.app.station import running

    return running.bring_home_to_front(requested_place_and_hall_code(request.db, request.hall)[0])


def _new_program_showing_window(request: StationRequest) -> StationProgram:
    """Return the process of a window, which is seen already: all that reads a hall is loaded behind it."""
    from queuedesk.app.station.program import StationProgram

    program = StationProgram(request)
    if request.screenshot is None:
        program.show_opening_window()
        import_hall_modules()
    return program


def import_hall_modules() -> None:
    """Load what reads a hall, at one go: one module inside another's takes longer. Where nobody waits for a window that
    is before Qt, since PySide6 looks at each module loaded after it."""
    from queuedesk.desk import looking  # noqa: F401
    from queuedesk.i18n import refusals  # noqa: F401


def require_screen_or_offscreen(request: StationRequest) -> None:
    """Prepare drawing a picture without a screen. Raises OutsideError "no_screen": Qt itself would abort."""
    if request.screenshot is not None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    elif not has_screen():
        raise OutsideError("no_screen")


def require_hall_opens(request: StationRequest) -> None:
    """Raise what opening the hall raises, before all of Qt is loaded for a picture."""
    from queuedesk.app.station.own_hall import requested_place_and_hall_code
    from queuedesk.store.engine.database import Database

    db, _hall = requested_place_and_hall_code(request.db, request.hall)
    Database.open(db).dispose()


def has_screen() -> bool:
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in SCREENS)
