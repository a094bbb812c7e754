"""A station as a process of its own, or its picture."""

from __future__ import annotations

from pathlib import Path

from queuedesk.app.kept import KeptLine
from queuedesk.app.processes import start_process
from queuedesk.app.program import Program
from queuedesk.app.wiring import FULL_SCREEN, Station, Wish, build_station
from queuedesk.cli.stations import StationRequest
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.people import Actor
from queuedesk.desk import looking, signing
from queuedesk.paths import hall_file
from queuedesk.stations.frame import Frame, open_window, take_picture
from queuedesk.stations.sorry import SorryPage

EXIT_DATABASE_AWAY = 3


def run(request: StationRequest) -> int:
    """Open the station and return its exit status when it has closed.

    Raises what opening the hall raises for a picture; a person is shown one sentence and the way home instead.
    """
    line = KeptLine()
    program = Program(request)
    try:
        line.start()
        return line.run(lambda: _run(program), lambda: program.was_told)
    finally:
        program.close()


def _run(program: Program) -> int:
    try:
        station = _built(program)
    except (OutsideError, RuleError) as trouble:
        if program.request.screenshot is not None or isinstance(trouble, RuleError):
            raise
        return _say_sorry(program, trouble)
    try:
        return _show(program, station)
    finally:
        station.stop()


def _built(program: Program) -> Station:
    request = program.request
    wish = Wish(
        name=request.name,
        db=str(request.db or hall_file()),
        hall=request.hall,
        window=request.window,
        zone=request.zone,
        screen=request.screen,
        layout=request.layout,
        picture=request.screenshot is not None,
        at=request.at,
    )
    return build_station(
        wish,
        config=program.config,
        look=program.look,
        preferences=program.preferences,
        on_bug=program.crash.take,
    )


def _show(program: Program, station: Station) -> int:
    request, window = program.request, station.window
    if request.screenshot is not None:
        if request.staff is not None:
            window.admit(_known(station, request.staff))
        take_picture(window, Path(request.screenshot), program.picture_size())
        window.end()
        return 0
    window.home_wanted.connect(lambda: _go_home(program, window))
    open_window(window, size=request.size, full_screen=request.name in FULL_SCREEN)
    station.start()
    if request.staff is not None and station.context.who is None:
        window.sign_in(request.staff)
    return program.run(window)


def _known(station: Station, staff: str) -> Actor:
    """Return who is in the picture: nothing is written, so nobody signs in."""
    person = looking.setup_of(station.context.desk).person(staff)
    if signing.has_pin(station.context.desk, staff):
        raise RuleError("who_are_you")
    return Actor(person.code, person.role)


def _go_home(program: Program, window: Frame) -> None:
    """Open home in a process of its own and close this window."""
    words = ["home"]
    if program.request.db:
        words = ["--db", str(program.request.db), *words]
    start_process(words)
    window.close()


def _say_sorry(program: Program, trouble: OutsideError) -> int:
    """Say in one sentence why the hall can't be opened, with the way to home."""
    frame = Frame(program.look, program.preferences, program.clock, help_page=program.request.name)
    page = SorryPage(program.look, trouble)
    page.home_wanted.connect(frame.home_wanted)
    frame.home_wanted.connect(lambda: _go_home(program, frame))
    frame.show_page(page)
    open_window(frame, size=program.request.size, full_screen=False)
    program.run(frame)
    return EXIT_DATABASE_AWAY
