"""What commands need of this PC and its processes: declared here, done by `app`, which knows both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct

if TYPE_CHECKING:
    from subprocess import Popen

    from queuedesk.core.errors import OutsideError
    from queuedesk.core.log.pc_clock import ClockReliability
    from queuedesk.core.network.sharing import PcKind
    from queuedesk.core.queue.ticket import WindowCall
    from queuedesk.core.setup.hall import VoiceSpec
    from queuedesk.core.setup.rows import Setup
    from queuedesk.core.talk.screen import ScreenSpec
    from queuedesk.core.upkeep import SheetClaim
    from queuedesk.desk.change import Ask, Desk
    from queuedesk.store.engine.database import Database

Clock = Callable[[], datetime]
Document = dict[str, Any]


class PaperService(Protocol):
    """Slips of one hall. What prints gives {"printed", "printer", "error", "warning"}, never an exception for a
    printer's trouble; what saves writes a .png or .pdf, and raises OutsideError "cannot_write"."""

    def print_ticket(self, day: date, label: str, reprint: bool = False) -> Document: ...
    def print_papers_list(self, service: str, item: str | None = None) -> Document: ...
    def print_quiet_hours(self) -> Document: ...
    def print_slip(self, slip: Any) -> Document: ...
    def print_sample_ticket(self) -> Document: ...
    def print_test_slip(self, printer: str = "") -> Document: ...
    def save_ticket(self, day: date, label: str, path: Path) -> Path: ...
    def save_papers_list(self, service: str, item: str | None, path: Path) -> Path: ...
    def save_slip(self, slip: Any, path: Path) -> Path: ...
    def save_sample_ticket(self, path: Path, width: int = 576) -> Path: ...


class PrinterService(Protocol):
    """The printers of this PC: the system's, receipt printers on its cables, and the one chosen."""

    def printers(self) -> list[str]: ...
    def plugged_receipt_printers(self) -> list[tuple[str, str]]: ...
    def chosen_or_default_printer(self) -> str: ...
    def stored_printer_choice(self) -> str: ...
    def choose_printer(self, printer: str) -> None: ...
    def printer_status(self, printer: str) -> Document | None: ...


class Reports(Protocol):
    """The reports that this PC keeps."""

    def lower_process_priority(self) -> None: ...
    def write_due_reports(
        self,
        desk: Desk,
        folder: Path | None,
        now: datetime,
        *,
        gently: bool,
        counts: bool,
        reading: ClockReliability | None,
    ) -> Document: ...


class Backups(Protocol):
    """The automatic backups of this PC."""

    def backups_document(self, db: Database) -> Document: ...
    def make_due_backup(self, db: Database, now: datetime, *, at_once: bool, gently: bool) -> Document: ...
    def backup_folder_trouble_code(self, db: Database) -> str | None: ...
    def choose_folder(self, db: Database, ask: Ask, folder: str) -> None: ...


class Sheets(Protocol):
    """Printed sheets: what they say of logs, and whether this PC's still hold."""

    def printed_log_claims(self, sheet: str) -> list[SheetClaim]: ...
    def stored_report_status_rows(self, db: Database) -> list[dict[str, str]]: ...


class VoiceService(Protocol):
    """The voice of this PC."""

    def hear(
        self,
        setup: Setup,
        spec: VoiceSpec,
        ticket: str,
        window: str,
        minute: int,
        *,
        recall: bool = False,
        out: Path | None = None,
    ) -> Document: ...
    def clip_check_by_language(self, setup: Setup, folder: Path) -> dict[str, dict[str, list[str]]]: ...
    def synthesize_missing_clips(self, setup: Setup, folder: Path) -> dict[str, int]: ...


class ThisPcServices(Protocol):
    """This PC's screens, and what opens when somebody logs in."""

    def screen_documents(self, setup: Setup | None = None) -> list[Document]: ...
    def change_screen_choices(self, screen: str, changes: Mapping[str, Any]) -> ScreenSpec: ...
    def stop_using_screen(self, screen: str) -> None: ...
    def open_configured_screens(self, before: Sequence[str], screen: str | None = None) -> list[ScreenSpec]: ...
    def open_at_start(self, name: str, words: Sequence[str] | None) -> None: ...
    def autostart_names(self) -> list[str]: ...


class KioskSwitchSettings(Protocol):
    """The switches of this PC's kiosk."""

    def switches(self) -> Document: ...
    def store_switch_settings(self, kind: str, step_s: float) -> None: ...


class JoinResult(Protocol):
    """What this PC is once it has joined a shared hall."""

    @property
    def hall(self) -> str: ...
    @property
    def hall_name(self) -> str: ...
    @property
    def hall_name_en(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def db(self) -> str: ...
    @property
    def host(self) -> str: ...


class Joining(Protocol):
    """How this PC joins a shared hall, follows it to a new address, and leaves it."""

    def join(self, address: str, code: str, *, name: str | None = None) -> JoinResult: ...
    def rejoin(self, address: str) -> JoinResult: ...
    def leave(self) -> str: ...


class HallHostService(Protocol):
    """The process that shares a hall: call prepare() and open(), then run(), and close() in any case."""

    def prepare(self, ask: Callable[[], Ask], *, again: bool = False) -> Document | None: ...
    def open(self) -> Document: ...
    def code(self, ask: Ask, kind: PcKind) -> Document: ...
    def run(self) -> None: ...
    def close(self) -> None: ...


class SharingProcessNote(Protocol):
    """What this PC knows of the process that shares a hall."""

    def read(self) -> Document | None: ...
    def stop_sharing_and_wait(self) -> None: ...


class HostAutostart(Protocol):
    """How sharing a hall starts with this PC, or what else has a `name` there ("web")."""

    def add(self, words: Sequence[str], name: str = "host") -> Path: ...
    def remove(self, name: str = "host") -> None: ...
    def entry(self, name: str = "host") -> Path | None: ...


class DemoShowingService(Protocol):
    """A hall at which nobody works, shown: stations drawn into files by the command lines of pictures, each list of
    them in a process of its own, or open until this process ends; a slip as it was printed; a call spoken in each
    language that this PC has a voice for."""

    def has_screen(self) -> bool: ...
    def folder(self) -> Path: ...
    def draw(self, lines: Sequence[Sequence[Sequence[str]]]) -> bool: ...
    def open_station(self, words: Sequence[str]) -> Popen[bytes]: ...
    def save_ticket(self, desk: Desk, day: date, label: str, at: datetime, file: Path) -> None: ...
    def save_call(self, setup: Setup, call: WindowCall, files: Mapping[str, Path]) -> None: ...


class CommandServices(Struct, frozen=True, kw_only=True):
    """What `app` does for commands. Each part is a function that loads it, so that a command loads only what it needs.
    `hosting(file, clock, hall, listen, server)` shares the hall of a file; `put_away_password(address)` gives an
    address without its password."""

    settings_fault: Callable[[], OutsideError | None]
    own_language: Callable[[], str]
    own_hall: Callable[[], tuple[str | None, str | None]]
    joined_at: Callable[[], list[str] | None]
    sharing_has_stopped: Callable[[], bool]
    shares_halls_of: Callable[[Path], bool]
    owners_address: Callable[[], str | None]
    put_away_password: Callable[[str], str]
    own_kiosk: Callable[[Desk], str]
    pc_here: Callable[[Desk], str]
    paper: Callable[[Desk, Clock], PaperService]
    printers: Callable[[], PrinterService]
    reports: Callable[[], Reports]
    backups: Callable[[], Backups]
    sheets: Callable[[], Sheets]
    voice: Callable[[], VoiceService]
    this_pc: Callable[[], ThisPcServices]
    switches: Callable[[], KioskSwitchSettings]
    joining: Callable[[], Joining]
    hosting: Callable[[Path, Clock, str | None, list[tuple[str, int]], str | None], HallHostService]
    host_note: Callable[[], SharingProcessNote]
    host_autostart: Callable[[], HostAutostart]
    showing: Callable[[], DemoShowingService]
