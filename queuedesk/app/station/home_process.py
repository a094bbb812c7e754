"""Home as a process of its own: it stays while stations run, and a PC has one for its hall."""

from __future__ import annotations

import platform
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QTimer

from queuedesk.app.services import printers
from queuedesk.app.station import own_hall, running
from queuedesk.app.station.processes import start_detached_program_process
from queuedesk.app.station.program import StationProgram
from queuedesk.app.station.running import RunningWindowNote
from queuedesk.app.this_pc import config, settings
from queuedesk.cli.job import JoiningService, read_json
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.features import import_reference, references_of_command_additions
from queuedesk.core.network.sharing import normalized_pc_name
from queuedesk.desk.setting_up import system_timezone
from queuedesk.stations.home import controller, stations_view, this_pc_page, wizard_view
from queuedesk.stations.home.page import JoinPage
from queuedesk.stations.window import context as window_context
from queuedesk.stations.window import frame, style
from queuedesk.store.engine.address import is_server_address

THIS_PC = "this-pc"


class HomeProcess:
    """The window with its two pages."""

    def __init__(self, program: StationProgram) -> None:
        request = program.request
        self._program = program
        self._tasks = None if request.screenshot else window_context.StationTaskLanes(program.crash.log_and_report_bug)
        self._asked = (request.db, request.hall)
        place, hall = self._current_place_and_hall()
        self.controller = controller.HomeController(
            place,
            self._tasks or window_context.InlineTasks(),
            program.clock,
            controller.HomeOutsideCalls(
                start=start_detached_program_process,
                read_file=read_json,
                keep=config.update_config,
                open_at_start=settings.replace_autostart_stations,
                here=running.stations_that_ran_here_today,
                hall_now=self._current_place_and_hall,
                order=running.write_front_or_close_order,
                timezone=system_timezone,
            ),
            hall=request.hall,
            own_hall=hall,
            is_named=request.db is not None,
            choice=controller.LastStationChoice(
                station=program.config.station, window=program.config.window, open_at_start=program.config.open_at_start
            ),
        )
        self.this_pc = controller.ThisPcController(
            settings.this_pc_settings_functions(), self.controller.hall_arguments, self.controller
        )
        help_page = "this-pc" if request.name == THIS_PC else "home"
        self.frame = frame.OnePageWindow(
            program.look, program.preferences, program.clock, help_page=help_page, leads_home=False
        )
        self.this_pc.opened.connect(self._close_window if request.name == THIS_PC else self.show_stations)
        self.controller.made.connect(self.show_stations)
        self._presence: RunningWindowNote | None = None
        self._has_offered_update = False
        self.controller.refused.connect(self._offer_update_where_hall_is_newer)
        self.controller.refresh_local_stations()
        self.controller.here_changed.connect(self._show_running_or_stations_page)
        self.controller.moved.connect(self._follow_moved_hall)
        if request.name == THIS_PC:
            self.show_this_pc_settings()
        else:
            self.show_stations_or_wizard()

    def try_become_home(self) -> bool:
        """Be the home of its hall on this PC; one that is open already comes to the front instead."""
        place = str(self.controller.place)
        if self._presence is not None:
            self._presence.stop()
        # Whatever the hall's code: its stations find home by the database.
        self._presence = RunningWindowNote(
            self.frame, running.HOME, (place, None), lambda: {"station": running.HOME}, self._program.clock
        )
        return self._presence.start(only=True) or not running.bring_home_to_front(place)

    def show_stations_or_wizard(self) -> None:
        if self.controller.hall_exists():
            self.show_stations()
        else:
            self._show_new_page(self._wizard_page)

    def _show_new_page(self, make: Callable[[], frame.WindowPage]) -> None:
        self.frame.show_page(make(), make)

    def _wizard_page(self) -> wizard_view.WizardPage:
        page = wizard_view.WizardPage(self._program.look, self.controller, self._program.preferences)
        page.join_wanted.connect(partial(self.show_join_page, self.show_stations_or_wizard))
        page.pc_file_chosen.connect(partial(self.show_pc_file_page, self.show_stations_or_wizard))
        return page

    def show_stations(self) -> None:
        """Show what runs on this PC, or while nothing does what it can do."""
        self._show_new_page(self._make_stations_page)

    def _make_stations_page(self) -> stations_view.RunningStationsPage | stations_view.StationsPage:
        kind = (
            stations_view.RunningStationsPage if self.controller.is_any_station_open() else stations_view.StationsPage
        )
        page = kind(self._program.look, self.controller)
        page.this_pc_wanted.connect(self.show_this_pc_settings)
        page.join_wanted.connect(partial(self.show_join_page, self.show_stations))
        return page

    def show_this_pc_settings(self) -> None:
        """Show the settings of this PC's screens; its back button leads to where the person came from."""
        self._show_new_page(self._this_pc_page)

    def _this_pc_page(self) -> this_pc_page.ThisPcPage:
        tasks = self._tasks or window_context.InlineTasks()
        page = this_pc_page.ThisPcPage(self._program.look, self.controller, self.this_pc, tasks)
        page.left.connect(self._close_window if self._program.request.name == THIS_PC else self.show_stations)
        page.join_wanted.connect(partial(self.show_join_page, self.show_this_pc_settings))
        page.pc_file_chosen.connect(partial(self.show_pc_file_page, self.show_this_pc_settings))
        return page

    def show_join_page(self, back: Callable[[], None]) -> None:
        """Ask for another hall's main PC and a code; `back` leads to where the person came from."""
        joining = controller.JoinController(
            self._tasks or window_context.InlineTasks(),
            _join_or_rejoin_hall,
            lambda: _joining_module().leave_shared_hall(),
            normalized_pc_name(platform.node()),
            self.controller,
        )
        joining.joined.connect(self._switch_to_hall_of_pc)
        joining.left.connect(self._switch_to_hall_of_pc)
        self._show_new_page(partial(self._join_page, joining, back))

    def _join_page(self, joining: controller.JoinController, back: Callable[[], None]) -> JoinPage:
        page = JoinPage(self._program.look, self.controller, joining)
        page.left.connect(back)
        return page

    def show_pc_file_page(self, back: Callable[[], None], path: str) -> None:
        """Show what a file would change on this PC; `back` leads to where the person came from."""
        here = config, settings, printers, _joining_module, own_hall.join_addresses_of_hall, _place_and_hall
        for adding in references_of_command_additions("join"):
            make = import_reference(adding)(
                self.controller, self._tasks or window_context.InlineTasks(), Path(path), here
            )
            self._show_new_page(partial(self._new_connected_pc_file_page, make, back))

    def _new_connected_pc_file_page(
        self, make: Callable[[style.Look], Any], back: Callable[[], None]
    ) -> frame.WindowPage:
        page = make(self._program.look)
        page.left.connect(back)
        page.done.connect(self._switch_to_hall_of_pc)
        return cast(frame.WindowPage, page)

    def _offer_update_where_hall_is_newer(self, trouble: QueueDeskError | None) -> None:
        """Show the page that updates this PC: once, as the person may go back to join another hall."""
        if trouble is None or trouble.code != "database_newer" or self._has_offered_update or self._tasks is None:
            return
        self._has_offered_update = True
        for adding in references_of_command_additions("newer"):
            make = import_reference(adding)(self.controller, self._tasks, trouble)
            # After the page that asked has heard the trouble too.
            QTimer.singleShot(0, self.frame, partial(self._show_new_page, partial(self._newer_hall_page, make)))

    def _newer_hall_page(self, make: Callable[[style.Look], Any]) -> frame.WindowPage:
        page = make(self._program.look)
        page.left.connect(self.show_stations)
        return cast(frame.WindowPage, page)

    def _show_running_or_stations_page(self) -> None:
        """Change between the two pages when the first station was opened, or the last one closed."""
        wanted = (
            stations_view.RunningStationsPage if self.controller.is_any_station_open() else stations_view.StationsPage
        )
        if isinstance(
            self.frame.current_page, stations_view.RunningStationsPage | stations_view.StationsPage
        ) and not isinstance(self.frame.current_page, wanted):
            self.show_stations()

    def _current_place_and_hall(self) -> tuple[Path | str, str | None]:
        return _place_and_hall(*self._asked)

    def _follow_moved_hall(self) -> None:
        """Show what runs on this PC where its hall is now: its stations have gone on there."""
        if self._presence is not None:
            self.try_become_home()
        if isinstance(self.frame.current_page, stations_view.RunningStationsPage | stations_view.StationsPage):
            self.show_stations()

    def _switch_to_hall_of_pc(self) -> None:
        """Work from now on in the hall that this PC now has."""
        self._asked = (None, None)
        self.controller.switch_to_hall_at(*self._current_place_and_hall())
        self.try_become_home()
        self.controller.refresh_local_stations()
        self.show_stations_or_wizard()

    def stop(self) -> None:
        if self._presence is not None:
            self._presence.stop()
        if self._tasks is not None:
            self._tasks.stop()

    def _close_window(self, _station: str = "") -> None:
        self.frame.close()


def _place_and_hall(db: str | None = None, hall: str | None = None) -> tuple[Path | str, str | None]:
    place, code = own_hall.requested_place_and_hall_code(db, hall)
    return place if is_server_address(place) else Path(place), code


def _joining_module() -> JoiningService:
    from queuedesk.app.hosting import joining  # with all of TLS: few join, and home opens at once

    return joining


def _join_or_rejoin_hall(address: str, code: str, name: str) -> object:
    return (
        _joining_module().join_hall(address, code, name=name)
        if code
        else _joining_module().rejoin_hall_at_new_address(address)
    )


def run_home_until_closed(program: StationProgram) -> int:
    """Open the home window; return the exit status when it has closed."""
    request = program.request
    try:
        home = HomeProcess(program)
        try:
            if request.screenshot is not None:
                from queuedesk.stations.window.picture import save_page_pictures

                save_page_pictures(home.frame, Path(request.screenshot), program.screenshot_size(), request.pages)
                home.frame.stop_and_emit_gone()
                return 0
            if request.name != THIS_PC and not home.try_become_home():
                return 0
            frame.open_window(home.frame, size=request.size, full_screen=False)
            return program.run(home.frame)
        finally:
            home.stop()
    finally:
        program.close()
