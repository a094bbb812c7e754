"""Draws the pages that show what is on a PC (its name, screens, folders, printers, addresses) on an invented one.

    python scripts/invented_pc.py FOLDER LANGUAGE

The pages are the program's own, of a hall that is made for them. Invented is only what they ask of the PC, so that a
picture is the same wherever it is drawn, and shows nothing of that machine.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from msgspec.structs import replace

from queuedesk.app.main import main as run_program
from queuedesk.app.services import printers
from queuedesk.app.services.care import HallDataMaintenance
from queuedesk.app.services.kept_reports import StoredReportTools, verify_sheet_claims
from queuedesk.app.services.repeated_work import DueReportWriter
from queuedesk.app.services.sharing import SharingTools
from queuedesk.app.station.program import StationProgram
from queuedesk.app.station.wiring import StationBuildRequest, open_hall_and_build_station
from queuedesk.app.this_pc import settings
from queuedesk.app.this_pc.config import config_file
from queuedesk.app.this_pc.screenshots import delete_all_windows
from queuedesk.cli.stations import StationRequest
from queuedesk.core.figures.periods import DAY, MONTH, WEEK, CalendarPeriod, PrintedReportPagesChoice, report_file_name
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.network.sharing import CODE_LASTS, PORT, JoinCode, PcKind, SharedPc, SharingStatus, format_address
from queuedesk.core.upkeep import HOLDS, BackupCopy, KeptReportCheck, ReportChecks, SheetCheckResult, superseded_copies
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask
from queuedesk.desk.queue.opening import open_window, require_and_get_proven_actor, set_pin
from queuedesk.stations.manager.network.sharing_page import SharingPage
from queuedesk.stations.manager.setup_frame.draft import BACKUPS, PCS
from queuedesk.stations.manager.station import ManagerView
from queuedesk.stations.window.picture import let_qt_settle, save_page_pictures
from queuedesk.stations.window.shell import StationWindow

ZONE = "Asia/Shanghai"
FOUNDED = datetime(2026, 10, 1, 0, 0, tzinfo=UTC)
OPENED = datetime(2026, 11, 27, 0, 25, tzinfo=UTC)
NOW = datetime(2026, 11, 27, 2, 41, tzinfo=UTC)
SIZE, LARGER = (1366, 768), (1440, 810)
ADMIN, MANAGER, PIN = "AD", "M1", "2580"
CLERKS = {"1": "C1", "2": "C2", "3": "C3"}
PERSONAL_FOLDERS = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "XDG_DATA_HOME", "XDG_CONFIG_HOME")

PC = "FRONTDESK"
HOME = "/home/frontdesk"
DATA = f"{HOME}/.local/share/queuedesk"
STICK = "/media/frontdesk/BACKUP"
ADDRESS = format_address("192.168.1.20", PORT)
TICKET_PRINTER, OFFICE_PRINTER = "POS-80", "OFFICE-A4"
CODE = "7KRM4XPT"
SCREENS = ("HDMI-1", "HDMI-2")
PIXELS = (1920, 1080)
CHOICES = {
    "printer": TICKET_PRINTER,
    "report_printer": OFFICE_PRINTER,
    "media_folder": f"{HOME}/Pictures",
    "clips_folder": f"{HOME}/Voice",
    "screens": [
        {"screen": "1", "station": "display", "layout": "standard", "size": "55", "distance_m": 8},
        {"screen": "2", "station": "plate", "window": "1", "size": "32", "distance_m": 5},
    ],
}
OTHER_PCS = (
    ("COUNTER-1", PcKind.STAFF),
    ("COUNTER-2", PcKind.STAFF),
    ("DISPLAY", PcKind.PUBLIC),
    ("MANAGER", PcKind.MANAGER),
)
EVENTS_A_DAY, EVENTS = 1450, 84_100
LARGEST_BACKUP, GROWTH = 5_200_000, 70_000
BYTES = {DAY: 81_000, WEEK: 96_000, MONTH: 148_000}
EVENING = time(10, 0)
"""Half an hour after the hall closes, by UTC."""
SUNDAY = 7


def main(folder: Path, language: str) -> None:
    """Draw every page of the invented PC into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as own:
        switch_on(Path(own))
        file = Path(own, "hall.sqlite")
        found_hall(file)
        with (
            patch.object(platform, "node", return_value=PC),
            patch.object(printers, "report_printer_choices", return_value=report_printers()),
        ):
            draw_pages_of_home(file, folder, language)
            draw_manager_pages(file, folder, language)


def switch_on(own: Path) -> None:
    """Let this process find the invented PC's screens and its choices, and nothing of the person who runs it."""
    os.environ |= dict.fromkeys(PERSONAL_FOLDERS, str(own))
    width, height = PIXELS
    shown = [
        {"name": name, "x": n * width, "y": 0, "width": width, "height": height, "dpr": 1}
        for n, name in enumerate(SCREENS)
    ]
    screens = own / "screens.json"
    screens.write_text(json.dumps({"screens": shown}), encoding="utf-8")
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={screens}"
    config_file().parent.mkdir(parents=True)
    config_file().write_text(json.dumps(CHOICES), encoding="utf-8")
    settings.set_open_at_start(settings.SCREENS, [settings.SCREENS])


def found_hall(file: Path) -> None:
    """Make the hall, with the windows that are open on the morning of the pictures and a PIN of its manager."""
    ready = setting_up.setup_document_for_new_hall(setting_up.demo_setup_of_preset("power"), timezone=ZONE)
    desk = setting_up.create_hall(file, ready, Ask(CONSOLE, FOUNDED))
    set_pin(desk, Ask(CONSOLE, FOUNDED), MANAGER, PIN)
    for window, clerk in CLERKS.items():
        open_window(desk, Ask(CONSOLE, OPENED), window, staff=clerk)
    desk.db.dispose()


def draw_pages_of_home(file: Path, folder: Path, language: str) -> None:
    # At the usual size the English word for the whole hall has no room in its list.
    for name, (width, height) in (("home", SIZE), ("this-pc", LARGER)):
        words = ["--db", str(file), "--lang", language, name, "--size", f"{width}x{height}", "--at", NOW.isoformat()]
        if status := run_program([*words, "--screenshot", str(folder / f"{name}-{language}.png")]):
            sys.exit(status)
        delete_all_windows()


def draw_manager_pages(file: Path, folder: Path, language: str) -> None:
    """Draw what an admin sees of kept reports, of backups, and of the hall's PCs before and after it is shared."""
    request = StationRequest(name="manager", db=str(file), lang=language, screenshot=str(folder), size=SIZE, at=NOW)
    program = StationProgram(request)

    def save(window: StationWindow, name: str) -> None:
        save_page_pictures(window, folder / f"manager-{name}-{language}.png", SIZE)

    try:
        with manager_window(program, file, is_shared=False) as (window, view):
            view.page_openers()["kept"]()
            save(window, "kept")
            for part in (BACKUPS, PCS):
                view.ways.open_set_up_part(part)
                save(window, f"setup-{part}")
        with manager_window(program, file, is_shared=True) as (window, view):
            view.ways.open_set_up_part(PCS)
            let_qt_settle()
            page = window.findChild(SharingPage)
            assert page is not None
            page.code.first_button.click()
            save(window, "setup-joining")
    finally:
        program.close()


@contextmanager
def manager_window(
    program: StationProgram, file: Path, *, is_shared: bool
) -> Iterator[tuple[StationWindow, ManagerView]]:
    wish = StationBuildRequest(name="manager", db=str(file), at=NOW, picture=True)
    station = open_hall_and_build_station(
        wish,
        config=program.config,
        look=program.look,
        preferences=program.preferences,
        on_bug=program.crash.log_and_report_bug,
    )
    try:
        context, window = station.context, station.window
        desk, place, clock = context.desk, str(file), context.clock
        context.services = replace(
            context.services,
            sharing=InventedSharing(desk, place, clock, is_shared=is_shared),
            care=InventedCare(desk, place, context.own_name, clock),
            kept_reports=InventedReports(desk, clock),
            due_reports=DueReportWriter(place, context.feed.setup, context.feed, clock, by_itself=False),
            check_sheet=partial(verify_sheet_claims, desk),
        )
        window.open_page_for_person(require_and_get_proven_actor(desk, ADMIN))
        assert isinstance(window.current_page, ManagerView)
        yield window, window.current_page
        window.stop_and_emit_gone()
    finally:
        station.stop()
        delete_all_windows()


# -- what the pages are told of the PC ---------------------------------------------------------------------------------


def report_printers() -> dict[str, Any]:
    return {
        "names": [OFFICE_PRINTER],
        "chosen": OFFICE_PRINTER,
        "usual": OFFICE_PRINTER,
        "pages": PrintedReportPagesChoice.SUMMARY,
    }


class InventedSharing(SharingTools):
    """A hall that is in its file, or shared by this PC with some others."""

    def __init__(self, *given: Any, is_shared: bool) -> None:
        super().__init__(*given)
        self._is_shared = is_shared

    def sharing_status(self) -> SharingStatus:
        if not self._is_shared:
            return SharingStatus(is_shared=False)
        return SharingStatus(is_shared=True, is_host=True, runs=True, addresses=(ADDRESS,), own_role=PC)

    def code(self, ask: Ask, kind: PcKind) -> JoinCode:
        return JoinCode(CODE, kind, "", ask.now + CODE_LASTS)

    def is_join_code_open(self) -> bool:
        return True

    def pcs_of_hall(self) -> Sequence[SharedPc]:
        rows = ((PC, PcKind.MANAGER), *OTHER_PCS)
        joined = (FOUNDED + timedelta(minutes=8 * n) for n in range(len(rows)))
        return [
            SharedPc(name, "", name, kind, made, ADMIN, NOW, None)
            for (name, kind), made in zip(rows, joined, strict=True)
        ]


class InventedCare(HallDataMaintenance):
    """A hall with the backups of its evenings on a stick, as long as they are kept."""

    def backups_overview(self) -> dict[str, Any]:
        setup = looking.setup_of_hall(self._desk)
        code = setup.hall.code
        copies = [BackupCopy(f"{day:%Y-%m-%d-%H%M%S}.zip", day) for day in evenings()]
        gone = superseded_copies(copies, NOW)
        made = [
            {
                "file": f"{STICK}/{code}-3f9a12c4/{copy.name}",
                "made": setup.to_hall_time(copy.made).isoformat(),
                "size": LARGEST_BACKUP - n * GROWTH,
                "halls": [],
            }
            for n, copy in enumerate(copies)
            if copy not in gone
        ]
        last = made[0]["made"]
        note = {"hall": code, "made": last, "proven": last, "seq": EVENTS, "place": STICK, "pc": PC}
        return {
            "folder": STICK,
            "is_own_choice": True,
            "same_disk": False,
            "halls": [{**note, "same_disk": False, "trouble": None}],
            "backups": made,
            "copies": [],
            "hall": code,
            "is_here": True,
            "takes_halls": False,
        }


class InventedReports(StoredReportTools):
    """A hall whose reports were written each evening; those of days were printed the next morning."""

    def stored_reports_document(self) -> dict[str, Any]:
        code = looking.setup_of_hall(self._desk).hall.code
        rows, checks = [], []
        for n, span in enumerate(finished_periods()):
            seq = EVENTS - (NOW.date() - span.last).days * EVENTS_A_DAY
            standing = SheetCheckResult(word=HOLDS, seq=seq, last=EVENTS)
            written = datetime.combine(span.last, EVENING, UTC) + timedelta(minutes=3)
            checks.append(KeptReportCheck(span, seq, standing))
            rows.append(
                {
                    "file": f"{DATA}/reports/{report_file_name(span, code, 1)}",
                    "period": span.period,
                    "from": span.first.isoformat(),
                    "to": span.last.isoformat(),
                    "edition": 1,
                    "written": written,
                    "size": BYTES[span.period] + n * 700,
                    "printed": written + timedelta(hours=14) if span.period == DAY else None,
                    "standing": standing,
                }
            )
        return {
            "folder": f"{DATA}/reports",
            "is_own_choice": False,
            "reports": rows,
            "formers": ReportChecks(tuple(checks)),
        }


def evenings() -> list[datetime]:
    """Return the ends of the hall's days before this one, the latest first."""
    days = (NOW.date() - FOUNDED.date()).days
    return [datetime.combine(NOW.date() - timedelta(days=n), EVENING, UTC) for n in range(1, days + 1)]


def finished_periods() -> list[CalendarPeriod]:
    """Return what reports were due of, in the order of their page."""
    spans = []
    for day in (evening.date() for evening in evenings()):
        if (day + timedelta(days=1)).day == 1:
            spans.append(CalendarPeriod(MONTH, day.replace(day=1), day))
        if day.isoweekday() == SUNDAY:
            spans.append(CalendarPeriod(WEEK, day - timedelta(days=SUNDAY - 1), day))
        spans.append(CalendarPeriod(DAY, day, day))
    return spans


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
