"""The program's entry: the command line with what commands and stations need of this PC. Each part is loaded at first
use; Qt only when something is drawn or a station opens."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from queuedesk import watch
from queuedesk.app.clock import pc_clock
from queuedesk.app.station import own_hall
from queuedesk.app.station.launch import station_openers
from queuedesk.app.station.painting import ensure_offscreen_application, keep_application_alive, new_application
from queuedesk.cli.job import CommandServices
from queuedesk.core.features import feature_by_name, import_reference, list_in_features_package, set_installed_features

if TYPE_CHECKING:
    from queuedesk.app.hosting.hosting import SharedHallHost
    from queuedesk.app.hosting.server import SharingProcessNote
    from queuedesk.app.services.papers import SlipAndReportPrinter
    from queuedesk.app.services.speaking import VoiceTester
    from queuedesk.cli import job
    from queuedesk.core.errors import OutsideError
    from queuedesk.desk.change import Desk
    from queuedesk.printing.spooler import PrinterService

set_installed_features(list_in_features_package("FEATURES"))


def command_services() -> CommandServices:
    return CommandServices(
        settings_fault=settings_fault,
        own_language=chosen_pc_language,
        own_hall=own_hall.joined_hall_url_and_code,
        joined_at=own_hall.join_addresses_of_hall,
        sharing_has_stopped=own_hall.is_main_pc_not_sharing,
        shares_halls_of=own_hall.is_sharing_moved_halls_of,
        owners_address=own_hall.shared_database_owner_url,
        put_away_password=own_hall.move_password_to_environment,
        own_kiosk=own_hall.kiosk_name_in_log,
        pc_here=own_hall.pc_name_in_hall,
        paper=new_slip_report_printer,
        printers=load_printer_services,
        reports=load_kept_reports_module,
        backups=load_kept_reports_module,
        sheets=load_kept_reports_module,
        voice=new_voice_tester,
        this_pc=load_pc_settings_module,
        switches=load_config_module,
        joining=load_hall_joining_functions,
        hosting=new_hall_host,
        host_note=sharing_process_note,
        host_autostart=load_host_autostart_module,
        showing=load_demo_showing_module,
    )


def settings_fault() -> OutsideError | None:
    from queuedesk.app.this_pc import config

    return config.config_file_error()


def chosen_pc_language() -> str:
    from queuedesk.app.this_pc import config

    return config.language_in_config_file()


def new_slip_report_printer(desk: Desk, clock: Callable[[], datetime]) -> SlipAndReportPrinter:
    ensure_offscreen_application()
    from queuedesk.app.services.papers import SlipAndReportPrinter

    return SlipAndReportPrinter(desk, clock)


def load_printer_services() -> PrinterService:
    from queuedesk.app.services import printers as found

    return found


def load_kept_reports_module() -> job.KeptFilesService:
    from queuedesk.app.services import kept_reports as found

    return found


def new_voice_tester() -> VoiceTester:
    from queuedesk.app.services.speaking import VoiceTester

    return VoiceTester()


def load_pc_settings_module() -> job.ThisPcServices:
    ensure_application_if_screen()
    from queuedesk.app.this_pc import settings

    return settings


def load_config_module() -> job.PcChoices:
    from queuedesk.app.this_pc import config

    return config


def load_hall_joining_functions() -> job.JoiningService:
    from queuedesk.app.hosting import joining as found

    return found


def new_hall_host(
    file: Path, clock: Callable[[], datetime], hall: str | None, listen: list[tuple[str, int]], server: str | None
) -> SharedHallHost:
    from queuedesk.app.hosting.hosting import SharedHallHost

    return SharedHallHost(file, clock, hall=hall, listen=listen, server=server)


def sharing_process_note() -> SharingProcessNote:
    from queuedesk.app.hosting.server import SharingProcessNote

    return SharingProcessNote()


def load_host_autostart_module() -> job.HostAutostart:
    from queuedesk.app.hosting import autostart

    return autostart


def load_demo_showing_module() -> job.DemoShowingService:
    from queuedesk.app.this_pc import showing as found

    return found


def ensure_application_if_screen() -> None:
    """Tell Qt about the screens; without any, Qt runs without one, and so does whatever asks for them."""
    from PySide6.QtWidgets import QApplication

    from queuedesk.app.station.launch import has_screen

    if QApplication.instance() is None and has_screen():
        from queuedesk.app.station.station_process import is_screen_server_answering

        if is_screen_server_answering(os.environ):
            keep_application_alive(new_application())


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status. Qt is loaded only when a station opens."""
    for first in filter(None, map(feature_by_name, list_in_features_package("AT_START") if argv is None else ())):
        import_reference(first.at_start)()
    from queuedesk.cli.main import run_command_line

    words = list(sys.argv[1:] if argv is None else argv)
    status = run_command_line(words, openers=station_openers(), clock=pc_clock, services=command_services())
    if argv is None and not watch.are_all_lanes_idle():
        # A thread that nobody waits for still reads something: Python and Qt would be taken apart under it.
        import logging

        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    if argv is None and "PySide6" not in sys.modules:  # Qt's objects are taken apart in the order of a collection.
        gc.freeze()  # The process ends: to look through all that it loaded would be a fifth of a command.
    return status
