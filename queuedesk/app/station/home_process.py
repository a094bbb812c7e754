"""Home as a process of its own: it stays while stations run, and a PC has one for its hall."""

from __future__ import annotations

import platform
from collections.abc import Callable
from functools import partial
from pathlib import Path

from queuedesk.app.station import running
from queuedesk.app.station.own_hall import hall_asked
from queuedesk.app.station.processes import start_process
from queuedesk.app.station.program import Program
from queuedesk.app.station.running import Presence
from queuedesk.app.this_pc import config, settings
from queuedesk.cli.job import read_json
from queuedesk.core.network.sharing import pc_name
from queuedesk.desk.setup.setting_up import system_timezone
from queuedesk.stations.home.controller import Choice, Deeds, HomeController, JoinController
from queuedesk.stations.home.page import JoinPage
from queuedesk.stations.home.stations_view import RunningPage, StationsPage
from queuedesk.stations.home.this_pc_controller import ThisPcController
from queuedesk.stations.home.this_pc_page import ThisPcPage
from queuedesk.stations.home.wizard_view import WizardPage
from queuedesk.stations.window.context import InlineTasks, Tasks
from queuedesk.stations.window.frame import Frame, WindowPage, open_window
from queuedesk.store.engine.address import is_server

THIS_PC = "this-pc"


class Home:
    """The window with its two pages."""

    def __init__(self, program: Program) -> None:
        request = program.request
        self._program = program
        self._tasks = None if request.screenshot else Tasks(program.crash.take)
        self._asked = (request.db, request.hall)
        place, hall = self._hall_now()
        self.controller = HomeController(
            place,
            self._tasks or InlineTasks(),
            program.clock,
            Deeds(
                start=start_process,
                read_file=read_json,
                keep=config.remember,
                open_at_start=settings.choose_at_start,
                here=running.listed,
                hall_now=self._hall_now,
                order=running.order,
                timezone=system_timezone,
            ),
            hall=request.hall,
            own_hall=hall,
            is_named=request.db is not None,
            choice=Choice(
                station=program.config.station,
                window=program.config.window,
                open_at_start=program.config.open_at_start,
            ),
        )
        self.this_pc = ThisPcController(settings.deeds(), self.controller.hall_words, self.controller)
        help_page = "this-pc" if request.name == THIS_PC else "home"
        self.frame = Frame(program.look, program.preferences, program.clock, help_page=help_page, leads_home=False)
        self.this_pc.opened.connect(self._leave if request.name == THIS_PC else self.show_stations)
        self.controller.made.connect(self.show_stations)
        self._presence: Presence | None = None
        self.controller.look_here()
        self.controller.here_changed.connect(self._follow_here)
        self.controller.moved.connect(self._follow_hall)
        if request.name == THIS_PC:
            self.show_this_pc()
        else:
            self.show_first()

    def is_first(self) -> bool:
        """Be the home of its hall on this PC; one that is open already comes to the front instead."""
        place = str(self.controller.place)
        if self._presence is not None:
            self._presence.stop()
        # Whatever the hall's code: its stations find home by the database.
        self._presence = Presence(
            self.frame, running.HOME, (place, None), lambda: {"station": running.HOME}, self._program.clock
        )
        return self._presence.start(only=True) or not running.bring_home(place)

    def show_first(self) -> None:
        if self.controller.hall_exists():
            self.show_stations()
        else:
            self._show(self._wizard_page)

    def _show(self, make: Callable[[], WindowPage]) -> None:
        self.frame.show_page(make(), make)

    def _wizard_page(self) -> WizardPage:
        page = WizardPage(self._program.look, self.controller, self._program.preferences)
        page.join_wanted.connect(partial(self.show_join, self.show_first))
        return page

    def show_stations(self) -> None:
        """Show what runs on this PC, or while nothing does what it can do."""
        self._show(self._stations_page)

    def _stations_page(self) -> RunningPage | StationsPage:
        kind = RunningPage if self.controller.is_used() else StationsPage
        page = kind(self._program.look, self.controller)
        page.this_pc_wanted.connect(self.show_this_pc)
        page.join_wanted.connect(partial(self.show_join, self.show_stations))
        return page

    def show_this_pc(self) -> None:
        """Show the settings of this PC's screens; its back button leads to where the person came from."""
        self._show(self._this_pc_page)

    def _this_pc_page(self) -> ThisPcPage:
        tasks = self._tasks or InlineTasks()
        page = ThisPcPage(self._program.look, self.controller, self.this_pc, tasks)
        page.left.connect(self._leave if self._program.request.name == THIS_PC else self.show_stations)
        page.join_wanted.connect(partial(self.show_join, self.show_this_pc))
        return page

    def show_join(self, back: Callable[[], None]) -> None:
        """Ask for another hall's main PC and a code; `back` leads to where the person came from."""
        joining = JoinController(
            self._tasks or InlineTasks(), _join, _leave_hall, pc_name(platform.node()), self.controller
        )
        joining.joined.connect(self._go_on)
        joining.left.connect(self._go_on)
        self._show(partial(self._join_page, joining, back))

    def _join_page(self, joining: JoinController, back: Callable[[], None]) -> JoinPage:
        page = JoinPage(self._program.look, self.controller, joining)
        page.left.connect(back)
        return page

    def _follow_here(self) -> None:
        """Change between the two pages when the first station was opened, or the last one closed."""
        wanted = RunningPage if self.controller.is_used() else StationsPage
        if isinstance(self.frame.page, RunningPage | StationsPage) and not isinstance(self.frame.page, wanted):
            self.show_stations()

    def _hall_now(self) -> tuple[Path | str, str | None]:
        db, hall = hall_asked(*self._asked)
        return db if is_server(db) else Path(db), hall

    def _follow_hall(self) -> None:
        """Show what runs on this PC where its hall is now: its stations have gone on there."""
        if self._presence is not None:
            self.is_first()
        if isinstance(self.frame.page, RunningPage | StationsPage):
            self.show_stations()

    def _go_on(self) -> None:
        """Work from now on in the hall that this PC now has."""
        self._asked = (None, None)
        self.controller.move_to(*self._hall_now())
        self.is_first()
        self.controller.look_here()
        self.show_first()

    def stop(self) -> None:
        if self._presence is not None:
            self._presence.stop()
        if self._tasks is not None:
            self._tasks.stop()

    def _leave(self, _station: str = "") -> None:
        self.frame.close()


def _join(address: str, code: str, name: str) -> object:
    from queuedesk.app.hosting import joining  # with all of TLS: few join, and home opens at once

    return joining.join(address, code, name=name) if code else joining.rejoin(address)


def _leave_hall() -> object:
    from queuedesk.app.hosting import joining

    return joining.leave()


def run(program: Program) -> int:
    """Open the home window; return the exit status when it has closed."""
    request = program.request
    try:
        home = Home(program)
        try:
            if request.screenshot is not None:
                from queuedesk.stations.window.picture import take_picture

                take_picture(home.frame, Path(request.screenshot), program.picture_size(), request.pages)
                home.frame.end()
                return 0
            if request.name != THIS_PC and not home.is_first():
                return 0
            open_window(home.frame, size=request.size, full_screen=False)
            return program.run(home.frame)
        finally:
            home.stop()
    finally:
        program.close()
