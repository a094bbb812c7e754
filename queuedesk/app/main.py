"""The program's entry: the command line with what commands and stations need of this PC. Each part is loaded at first
use; Qt only when something is drawn or a station opens."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from queuedesk import watch
from queuedesk.app.clock import pc_clock
from queuedesk.app.station import own_hall
from queuedesk.app.station.launch import openers
from queuedesk.app.station.painting import keep_application, new_application, prepare_painting
from queuedesk.cli.services import Services
from queuedesk.core.features import install, listed_names

if TYPE_CHECKING:
    from queuedesk.app.hosting.hosting import Hosting
    from queuedesk.app.hosting.server import HostNote
    from queuedesk.app.services.papers import PaperTools
    from queuedesk.app.services.speaking import VoiceTrials
    from queuedesk.cli.services import (
        Backups,
        HostAutostart,
        Joining,
        Printers,
        Reports,
        Sheets,
        Showing,
        Switches,
        ThisPc,
    )
    from queuedesk.core.errors import OutsideError
    from queuedesk.desk.change import Desk

install(listed_names("FEATURES"))


def command_services() -> Services:
    return Services(
        settings_fault=settings_fault,
        own_language=own_language,
        own_hall=own_hall.own_hall,
        joined_at=own_hall.joined_at,
        sharing_has_stopped=own_hall.sharing_has_stopped,
        shares_halls_of=own_hall.shares_halls_of,
        owners_address=own_hall.owners_address,
        put_away_password=own_hall.put_away_password,
        own_kiosk=own_hall.own_kiosk,
        pc_here=own_hall.pc_here,
        paper=paper,
        printers=printers,
        reports=reports,
        backups=backups,
        sheets=sheets,
        voice=voice,
        this_pc=this_pc,
        switches=switches,
        joining=joining,
        hosting=hosting,
        host_note=host_note,
        host_autostart=host_autostart,
        showing=showing,
    )


def settings_fault() -> OutsideError | None:
    from queuedesk.app.this_pc import config

    return config.fault()


def own_language() -> str:
    """Return the language that was chosen at this PC, "" if none was."""
    from queuedesk.app.this_pc import config

    return config.language()


def paper(desk: Desk, clock: Callable[[], datetime]) -> PaperTools:
    prepare_painting()
    from queuedesk.app.services.papers import PaperTools

    return PaperTools(desk, clock)


def printers() -> Printers:
    from queuedesk.app.services import printers as found

    return found


def reports() -> Reports:
    from queuedesk.app.services import kept_reports as found

    return found


def backups() -> Backups:
    from queuedesk.app.services import kept_reports as found

    return found


def sheets() -> Sheets:
    from queuedesk.app.services import kept_reports as found

    return found


def voice() -> VoiceTrials:
    from queuedesk.app.services.speaking import VoiceTrials

    return VoiceTrials()


def this_pc() -> ThisPc:
    prepare_screens()
    from queuedesk.app.this_pc import settings

    return settings


def switches() -> Switches:
    from queuedesk.app.this_pc import config

    return config


def joining() -> Joining:
    from queuedesk.app.hosting import joining as found

    return found


def hosting(
    file: Path, clock: Callable[[], datetime], hall: str | None, listen: list[tuple[str, int]], server: str | None
) -> Hosting:
    from queuedesk.app.hosting.hosting import Hosting

    return Hosting(file, clock, hall=hall, listen=listen, server=server)


def host_note() -> HostNote:
    from queuedesk.app.hosting.server import HostNote

    return HostNote()


def host_autostart() -> HostAutostart:
    from queuedesk.app.hosting import autostart

    return autostart


def showing() -> Showing:
    from queuedesk.app.this_pc import showing as found

    return found


def prepare_screens() -> None:
    """Tell Qt about the screens; without any, Qt runs without one, and so does whatever asks for them."""
    from PySide6.QtWidgets import QApplication

    from queuedesk.app.station.launch import has_screen
    from queuedesk.app.station.station_process import screen_is_there

    if QApplication.instance() is None and has_screen() and screen_is_there(os.environ):
        keep_application(new_application())


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status. Qt is loaded only when a station opens."""
    from queuedesk.cli.main import run

    words = list(sys.argv[1:] if argv is None else argv)
    status = run(words, openers=openers(), clock=pc_clock, services=command_services())
    if argv is None and not watch.is_at_rest():
        # A thread that nobody waits for still reads something: Python and Qt would be taken apart under it.
        import logging

        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    return status
