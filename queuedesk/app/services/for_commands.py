"""What commands borrow from layers beside theirs; each is loaded when it is first used."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from queuedesk.app.clock import real_clock
from queuedesk.app.station.own_hall import (
    joined_at,
    own_hall,
    own_kiosk,
    owners_address,
    pc_here,
    put_away_password,
    shares_halls_of,
    sharing_has_stopped,
)
from queuedesk.app.station.painting import keep_application, prepare_painting
from queuedesk.app.this_pc import switches
from queuedesk.core.log.clocks import Reading

if TYPE_CHECKING:
    from queuedesk.app.services.papers import PaperTools
    from queuedesk.core.errors import OutsideError
    from queuedesk.core.setup.values import Setup
    from queuedesk.core.setup.voice import VoiceSpec
    from queuedesk.core.staffing.day import StaffingDay
    from queuedesk.core.upkeep.check_code import Claim
    from queuedesk.desk.change import Ask, Desk
    from queuedesk.store.engine.database import Database


def command_tools() -> Mapping[str, Callable[..., Any]]:
    """Return them by the names that the command line knows."""
    return {
        "print_ticket": print_ticket,
        "print_papers": print_papers,
        "print_appointment": print_appointment,
        "paper": paper,
        "read_logo": read_logo,
        "printers": printers,
        "plugged_printers": plugged_printers,
        "chosen_printer": chosen_printer,
        "kept_printer": kept_printer,
        "choose_printer": choose_printer,
        "printer_status": printer_status,
        "report": report,
        "compare": compare,
        "save_staffing": save_staffing,
        "reports_due": reports_due,
        "claims_of": claims_of,
        "kept_standing": kept_standing,
        "backups": backups,
        "backups_due": backups_due,
        "backups_trouble": backups_trouble,
        "choose_backups": choose_backups,
        "what_if_pdf": what_if_pdf,
        "demo": demo,
        "this_pc": this_pc,
        "own_hall": own_hall,
        "settings_fault": settings_fault,
        "pc_here": pc_here,
        "own_kiosk": own_kiosk,
        "owners_address": owners_address,
        "joined_at": joined_at,
        "sharing_has_stopped": sharing_has_stopped,
        "shares_halls_of": shares_halls_of,
        "put_away_password": put_away_password,
        "switches": switches.switches,
        "keep_switches": switches.keep_switches,
        "hear_voice": hear_voice,
        "clips_found": clips_found,
        "write_clips": write_clips,
        "join": join,
        "hosting": hosting,
        "host_note": host_note,
        "host_autostart": host_autostart,
        "unjoin": unjoin,
    }


def claims_of(sheet: str) -> list[Claim]:
    """Return what a sheet says of logs; as app.sheets.claims_of."""
    from queuedesk.app.services import sheets

    return sheets.claims_of(sheet)


def kept_standing(db: Database) -> list[dict[str, str]]:
    """Return whether the reports that this PC keeps still hold; as app.sheets.kept_standing."""
    from queuedesk.app.services import sheets

    return sheets.kept_standing(db)


def print_ticket(desk: Desk, day: date, ticket: str) -> dict[str, Any]:
    """Print a ticket; {"printed", "printer", "error", "warning"}."""
    return paper(desk, real_clock).print_ticket(day, ticket)


def print_papers(desk: Desk, service: str, item: str | None = None) -> dict[str, Any]:
    """Print a list of papers; {"printed", "printer", "error", "warning"}."""
    return paper(desk, real_clock).print_papers(service, item)


def print_appointment(desk: Desk, number: int) -> dict[str, Any]:
    """Print an appointment's slip; {"printed", "printer", "error", "warning"}."""
    return paper(desk, real_clock).print_appointment(number)


def paper(desk: Desk, clock: Callable[[], datetime]) -> PaperTools:
    """Return what prints slips of a hall and saves them."""
    prepare_painting()
    from queuedesk.app.services.papers import PaperTools

    return PaperTools(desk, clock)


def read_logo(path: Path) -> str:
    """Return a picture as a set-up keeps the hall's sign. Raises OutsideError "no_such_file", "cannot_read", RuleError
    "bad_value"."""
    prepare_painting()
    from queuedesk.printing import logo

    return logo.logo_text(path)


def settings_fault() -> OutsideError | None:
    """Return what is wrong with the file of this PC's choices, None for nothing."""
    from queuedesk.app.this_pc import config

    return config.fault()


def printers() -> list[str]:
    """Return the names of the system's printers."""
    prepare_painting()
    from queuedesk.app.services import printers as known

    return known.printers()


def plugged_printers() -> list[tuple[str, str]]:
    """Return what may be a receipt printer on this PC, as its choice and what it calls itself."""
    from queuedesk.app.services import printers as known

    return known.plugged_printers()


def chosen_printer() -> str:
    """Return the printer of this PC, "" for none."""
    prepare_painting()
    from queuedesk.app.services import printers as known

    return known.chosen_printer()


def kept_printer() -> str:
    """Return the printer that was chosen for this PC, "" for none; the system's own choice is not asked for."""
    from queuedesk.app.this_pc import config

    return config.load().printer


def choose_printer(printer: str) -> None:
    """Print there from now on. Raises RuleError "bad_printer", OutsideError "cannot_write"."""
    from queuedesk.app.services import printers as known

    known.choose_printer(printer)


def printer_status(printer: str) -> dict[str, Any] | None:
    """Return {"cause", "warning"} of a printer, None where nobody can tell."""
    from queuedesk.app.services import printers as known

    return known.printer_status(printer)


def report(desk: Desk, period: str, day: date, path: Path, **asked: Any) -> Any:
    """Write a period's report as a file, as `reports.write.write` says. Raises OutsideError "cannot_write"."""
    from queuedesk.reports.figures.write import write

    return write(desk, period, day, path, **asked)


def compare(desk: Desk, period: str, day: date, against: date, path: Path, **asked: Any) -> Any:
    """Write two periods compared as a file, as `reports.compare_files.write` says. Raises RuleError "same_period",
    OutsideError "cannot_write"."""
    from queuedesk.reports.figures.compare_files import write

    return write(desk, period, day, against, path, **asked)


def save_staffing(desk: Desk, found: StaffingDay, path: Path, **asked: Any) -> Any:
    """Write a day's windows as a file, as `reports.staffing_files.write` says. Raises OutsideError "cannot_write"."""
    from queuedesk.reports.papers.staffing_files import write

    return write(desk, found, path, **asked)


def reports_due(
    desk: Desk, folder: Path | None, now: datetime, *, gently: bool, reading: Reading | None
) -> dict[str, Any]:
    """Write the reports that are due, `gently` beside everything else, as `app.kept_reports.write_due` says."""
    from queuedesk.app.services import kept_reports

    if gently:
        kept_reports.lower_priority()
    return kept_reports.write_due(desk, folder, now, gently=gently, reading=reading)


def backups(db: Database) -> dict[str, Any]:
    """Return the backups of a database and where they go, as `app.kept_backups.backups_document` says."""
    from queuedesk.app.services import kept_backups

    return kept_backups.backups_document(db)


def backups_due(db: Database, now: datetime, *, at_once: bool, gently: bool) -> dict[str, Any]:
    """Make a backup if one is due, `gently` beside everything else, as `app.kept_backups.make_due` says."""
    from queuedesk.app.services import kept_backups
    from queuedesk.app.services.kept_reports import lower_priority

    if gently:
        lower_priority()
    return kept_backups.make_due(db, now, at_once=at_once, gently=gently)


def backups_trouble(db: Database) -> str | None:
    from queuedesk.app.services import kept_backups

    return kept_backups.folder_trouble(db)


def choose_backups(db: Database, ask: Ask, folder: str) -> None:
    """Keep backups there from now on, as `app.kept_backups.choose_folder` says."""
    from queuedesk.app.services import kept_backups

    kept_backups.choose_folder(db, ask, folder)


def hear_voice(setup: Setup, spec: VoiceSpec, ticket: str, window: str, minute: int, **asked: Any) -> dict[str, Any]:
    """Say a call on this PC, or write it to a file, as `app.voice_trials.VoiceTrials.hear` says."""
    from queuedesk.app.services.voice_trials import VoiceTrials

    return VoiceTrials().hear(setup, spec, ticket, window, minute, **asked)


def clips_found(setup: Setup, folder: Path) -> dict[str, dict[str, list[str]]]:
    """Return which recorded words a folder has and lacks, as `app.voice_trials.clips_found` says."""
    from queuedesk.app.services import voice_trials

    return voice_trials.clips_found(setup, folder)


def write_clips(setup: Setup, folder: Path) -> dict[str, int]:
    """Write what is missing of recorded words, as `app.voice_trials.write_clips` says."""
    from queuedesk.app.services import voice_trials

    return voice_trials.write_clips(setup, folder)


def what_if_pdf(desk: Desk, figures: dict[str, Any], path: Path, now: datetime, lang: str) -> Path:
    """Write the page about a day that was played again. Raises OutsideError "cannot_write"."""
    from queuedesk.app.services.whatifs import write_pdf

    return write_pdf(desk, figures, path, now, lang=lang)


def demo(*, out: Path | None, lang: str, json: bool) -> int:
    """Play a day in a throw-away hall; return the exit status."""
    from queuedesk.app.this_pc import demo as playing

    return playing.run(out=out, lang=lang, json=json)


def this_pc() -> Any:
    """Return what is known of this PC's screens and of what opens with it: `app.this_pc`."""
    prepare_screens()
    from queuedesk.app.this_pc import settings as found

    return found


def join(address: str, code: str, *, name: str | None = None) -> Any:
    """Make this PC one of a shared hall's, as `app.joining.join` says; without a code as `rejoin` does."""
    from queuedesk.app.hosting import joining

    return joining.join(address, code, name=name) if code else joining.rejoin(address)


def hosting(file: Path, clock: Callable[[], datetime], *, listen: Sequence[str] = (), **asked: Any) -> Any:
    """Return what shares the hall of a file with other PCs, as `app.hosting.Hosting` says; `listen` as
    `core.joining.read_address` reads it."""
    from queuedesk.app.hosting.hosting import Hosting
    from queuedesk.core.network.joining import read_address

    return Hosting(file, clock, listen=[read_address(address) for address in listen], **asked)


def host_note() -> Any:
    """Return what is known of the process that shares a hall of this PC: `app.host_note.HostNote`."""
    from queuedesk.app.hosting.note import HostNote

    return HostNote()


def host_autostart() -> Any:
    """Return how a shared hall opens with this PC: `app.host_autostart`."""
    from queuedesk.app.hosting import autostart as found

    return found


def unjoin() -> str:
    """Let this PC work in no shared hall any more, as `app.joining.leave` says."""
    from queuedesk.app.hosting import joining

    return joining.leave()


def prepare_screens() -> None:
    """Let Qt see the screens that there are; without any it goes without, and so does who asks for them."""
    from PySide6.QtWidgets import QApplication

    from queuedesk.app.station.launch import has_screen
    from queuedesk.app.station.watchdog import screen_is_there

    if QApplication.instance() is None and has_screen() and screen_is_there(os.environ):
        keep_application(QApplication(["queuedesk"]))
