"""What every station is built from; `app` makes one for each window it opens.

What stations need of this PC and its processes is declared here and done by `app`, which knows both. The lanes for work
off the GUI thread, the station's copy of the hall, acts that are done one at a time, and the lock on a customers'
screen are here too."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

from msgspec import Struct
from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, QTimer, Signal, SignalInstance, Slot
from shiboken6 import isValid

from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.features import import_reference, installed_features
from queuedesk.core.figures.periods import PrintedReportPagesChoice
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Actor
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.screen import station_name_at_pc
from queuedesk.core.waits.estimates import Estimates
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.looking import new_command_id
from queuedesk.desk.queue import opening
from queuedesk.feed.follower import HallCopy, HallSnapshot
from queuedesk.i18n import are_hall_words, list_text, moment_short, time_hm, use_hall_words
from queuedesk.printing.qr import TicketCodeContent, parse_ticket_code
from queuedesk.printing.spooler import PrinterService
from queuedesk.stations.window.style import Look
from queuedesk.store.engine.address import is_server_address, parse_server_address
from queuedesk.watch import WatchedThread, WorkQueueThread, report_bug

if TYPE_CHECKING:
    from queuedesk.core.figures.comparing import PeriodChartData
    from queuedesk.core.network.sharing import JoinCode, PcKind, SharedPc, SharingStatus
    from queuedesk.core.setup.hall import TicketDesign, VoiceSpec
    from queuedesk.core.upkeep import ClaimResult
    from queuedesk.store.engine.database import Database
    from queuedesk.store.figures.counted import Told
    from queuedesk.voice.saying import VoiceStatus


ServiceDocument = Mapping[str, Any]
Answer = Callable[[], ServiceDocument | None]
"""Gives None until what was begun is done, then what came of it, or raises the trouble."""


class StationSounds(Protocol):
    """The small sounds of a station; see app/services/sounds.py."""

    def play(self, name: str) -> None: ...
    def was_last_sound_heard(self) -> bool | None: ...


class SpeakerToCustomers(Protocol):
    """A voice that reads to the customer who asks for it; see app/services/sounds.py."""

    def can_speak(self) -> bool: ...
    def speak(self, parts: Sequence[str], language: str) -> None: ...
    def stop_speaking(self) -> None: ...
    def set_volume_step(self, step: int) -> int: ...


class HallPaperService(Protocol):
    """Slips, reports and tables of the hall; see app/services/papers.py. What prints gives {"printed", "printer",
    "error", "warning"}, never an exception for a printer's trouble. All but draw_sample_ticket() may take seconds."""

    def print_ticket(self, day: date, label: str, reprint: bool = False) -> ServiceDocument: ...
    def print_papers_list(self, service: str, item: str | None = None) -> ServiceDocument: ...
    def print_quiet_hours(self) -> ServiceDocument: ...
    def print_slip(self, slip: Any) -> ServiceDocument: ...
    def print_sample_ticket(self, design: TicketDesign) -> ServiceDocument: ...
    def print_test_slip(self, printer: str = "") -> ServiceDocument: ...
    def draw_sample_ticket(self, setup: Setup, design: TicketDesign, width: int) -> Any: ...
    def write_period_report(
        self, period: str, day: date, path: Path, *, printed_by: str | None = None, told: Told | None = None
    ) -> Path: ...
    def write_ticket_history_pdf(self, day: date, label: str, path: Path, *, printed_by: str | None = None) -> Path: ...
    def save_day_tickets_table(self, day: date, path: Path) -> Path: ...
    def save_figure_tickets(
        self, path: str, first: date, last: date, file: Path, *, title: str = "", without: tuple[date, ...] = ()
    ) -> Path: ...


class SheetPrinter(Protocol):
    """The printer of sheets of this PC, and PDFs; see app/services/printers.py. All may take seconds."""

    def report_printer_choices(self) -> ServiceDocument: ...
    def choose_report_printer(self, printer: str) -> None: ...
    def print_pdf(
        self, path: Path, printer: str = "", *, pages: PrintedReportPagesChoice = PrintedReportPagesChoice.ALL
    ) -> str: ...
    def save_report_pages(self, path: Path, target: Path, pages: PrintedReportPagesChoice) -> None: ...
    def pages_in(self, path: Path) -> dict[PrintedReportPagesChoice, int]: ...
    def choose_report_pages(self, pages: PrintedReportPagesChoice) -> None: ...
    def pdf_page_images(self, path: Path, dpi: float) -> Sequence[Any]: ...


class PeriodChartFigureReader(Protocol):
    """The figures of a period for charts; see app/services/pictures.py. read() may take seconds, in which `told` hears
    how many dates of how many are counted, on the thread that reads; stop() ends it."""

    def read(self, period: str, day: date, against: str = "", *, told: Told | None = None) -> PeriodChartData: ...
    def stop(self) -> None: ...


class VoiceTester(Protocol):
    """How a call sounds on this PC; see app/services/speaking.py. All but trial_call_texts() and stop_playing() take
    seconds."""

    def trial_call_texts(
        self, setup: Setup, spec: VoiceSpec, ticket: str, window: str, *, recall: bool = False
    ) -> Mapping[str, Any]: ...
    def play_trial_call(
        self, setup: Setup, spec: VoiceSpec, ticket: str, window: str, minute: int, *, recall: bool = False
    ) -> ServiceDocument: ...
    def stop_playing(self) -> None: ...
    def voice_links_and_player(self) -> ServiceDocument: ...
    def clips_folder_and_check(self, setup: Setup) -> ServiceDocument: ...


class StoredReportTools(Protocol):
    """The reports that this PC keeps; see app/services/kept_reports.py. All may take seconds."""

    def stored_reports_document(self) -> ServiceDocument: ...
    def choose_reports_folder(self, folder: str) -> None: ...
    def print_stored_report(
        self, path: Path, printer: str = "", *, pages: PrintedReportPagesChoice = PrintedReportPagesChoice.ALL
    ) -> str: ...


class AutomaticReportService(Protocol):
    """Automatic reports; see app/services/repeated_work.py. All return at once."""

    def start_if_due(self) -> None: ...
    def write_due_reports_now(self, done: Callable[[dict[str, Any]], None]) -> None: ...
    def last_trouble(self) -> ServiceDocument | None: ...


class ThisPcChoicesStore(Protocol):
    """What this PC remembers of its use; see app/this_pc/config.py. All raise OutsideError "cannot_write"."""

    def store_counter_window(self, window: str) -> None: ...
    def store_bar_position(self, x: int, y: int) -> None: ...
    def store_writing_hand(self, *, left: bool) -> None: ...
    def store_switch_settings(self, kind: str, step_s: float) -> None: ...


class HallSharing(Protocol):
    """Sharing this hall among several PCs. app/services/sharing.py says what each function does and raises."""

    def sharing_status(self) -> SharingStatus: ...
    def start_sharing(self, ask: Ask, server: str | None = None) -> Answer: ...
    def stop(self, ask: Ask) -> None: ...
    def code(self, ask: Ask, kind: PcKind) -> JoinCode: ...
    def is_join_code_open(self) -> bool: ...
    def pcs_of_hall(self) -> Sequence[SharedPc]: ...
    def withdraw_pc(self, ask: Ask, role: str) -> object: ...


class HallDataCare(Protocol):
    """Care for this hall's data: backup, restore, export and merge; see app/services/care.py for what each raises."""

    def backups_overview(self) -> ServiceDocument: ...
    def start_backup_now(self, ask: Ask) -> Answer: ...
    def choose_folder_and_back_up(self, ask: Ask, folder: str) -> Answer: ...
    def write_manual_backup(self, ask: Ask, path: Path) -> Path: ...
    def preview_restore(self, ask: Ask, file: Path) -> ServiceDocument: ...
    def restore(self, ask: Ask, file: Path, *, other_hall: bool = False) -> ServiceDocument: ...
    def export_log(self, ask: Ask, path: Path) -> Path: ...
    def preview_merge(self, ask: Ask, file: Path) -> ServiceDocument: ...
    def merge_log(self, ask: Ask, file: Path) -> ServiceDocument: ...
    def add_hall(self, ask: Ask, preset: str, code: str, name: str) -> ServiceDocument: ...
    def check_hall_data(self, ask: Ask) -> ServiceDocument: ...
    def repair_hall_data(self, ask: Ask, backup: Path) -> ServiceDocument: ...


class StationServices(Struct, frozen=True, kw_only=True):
    """What `app` does for a station; None where this station has no use for it, or this PC can't. `folder(part)` makes
    "reports" or "tickets" among the user's files and returns it; `write_setup` and `read_setup` are about set-up files;
    `check_sheet(sheet)` tells what became of a kept sheet, a PDF or a check code; `look_for_backups()` makes one where
    it is due; `watch_printer(told, told_late)` tells how this PC's printer stands ({"cause", "warning"}) whenever it
    was looked at, and of slips that came out late; `note_shown(seq)` tells the hall that a call is on the screen;
    `report_media(cause)` why the display's media can't be shown, None for they can; `voice_status()` how its voice
    stands; `open_this_pc()` opens what the PC's screens show; `owners_database()` opens the database as its owner where
    this PC shares the hall;
    `start_command(words)` starts a command for this hall, which goes on when the station closes, and returns what gives
    its output once it has ended, None before; `own_addresses(version)` are this PC's, of IP 4 or 6."""

    sounds: StationSounds | None = None
    speech: SpeakerToCustomers | None = None
    paper: HallPaperService | None = None
    printers: PrinterService | None = None
    sheet_printer: SheetPrinter | None = None
    pictures: PeriodChartFigureReader | None = None
    voice_trials: VoiceTester | None = None
    kept_reports: StoredReportTools | None = None
    due_reports: AutomaticReportService | None = None
    own_choices: ThisPcChoicesStore | None = None
    sharing: HallSharing | None = None
    care: HallDataCare | None = None
    owners_database: Callable[[], AbstractContextManager[Database]] | None = None
    folder: Callable[[str], Path] | None = None
    write_setup: Callable[[Path, object], None] | None = None
    read_setup: Callable[[Path], Any] | None = None
    check_sheet: Callable[[str], Sequence[ClaimResult]] | None = None
    look_for_backups: Callable[[], object] | None = None
    watch_printer: Callable[[Callable[[dict[str, str]], object], Callable[[list[str]], object]], None] | None = None
    note_shown: Callable[[int], None] | None = None
    report_media: Callable[[str | None], None] | None = None
    voice_status: Callable[[], VoiceStatus] | None = None
    open_this_pc: Callable[[], None] | None = None
    start_command: Callable[[Sequence[str]], Callable[[], str | None]] | None = None
    own_addresses: Callable[[int], Sequence[str]] | None = None


T = TypeVar("T")
Done = Callable[[Any], None]
Refused = Callable[[QueueDeskError], None]
ASK_AGAIN_FOR_S = 8.0
"""So long a command is asked again after it was first asked: longer than a server that is mended by itself takes,
shorter than patience."""
FOLLOW_FOR_S = 60.0
"""So long the hall of a file that has moved is looked for: a busy PC takes long to start what shares it."""
PAUSE_S = 0.25
CLOSING_S = 0.3
"""So long a station that closes waits for what may be dropped, in case it is about to end."""
PATIENCE_S = 120.0
"""A backup of a large hall is proven by then; a printer was given up long before."""
STEP_S = 0.05
UNANSWERED = ("database_away", "database_busy")
MOVED = "hall_moved"

_log = logging.getLogger("queuedesk")


class WorkLanes(Protocol):
    """What a controller needs: `run` in order of asking, `run_in_long_work_lane` and `run_in_side_lane` beside it;
    answers come back on the GUI thread. `may_drop` is for work that only matters to the window: a closing station
    neither begins nor awaits it. Anything else is done first. `has_unanswered_requests` says whether somebody still
    waits for one."""

    @property
    def has_unanswered_requests(self) -> bool: ...
    def run(self, work: Callable[[], T], done: Callable[[T], None], refused: Refused) -> None: ...
    def run_in_long_work_lane(
        self, work: Callable[[], T], done: Callable[[T], None], refused: Refused, *, may_drop: bool = False
    ) -> None: ...
    def run_in_side_lane(
        self, work: Callable[[], T], done: Callable[[T], None], refused: Refused, *, may_drop: bool = False
    ) -> None: ...


class StationTaskLanes(QObject):
    """Three serial workers. Trouble of the two known kinds goes to `refused`; anything else is a bug and goes to
    `on_bug`. A command with an id of its own (StationContext.ask) that got no answer is asked again, with the same id,
    for ASK_AGAIN_FOR_S. Then it is refused, and `unanswered` carries its trouble: nobody knows yet whether it was done
    (looking.command_outcome tells). What a file refused because its hall has moved is asked where it is now, as soon as
    `follow` has found it there; also by a station that closes. A request while `trouble` returns one is refused with it
    at once, as the screen already says that nobody answers. `steady_s` is a steady clock in seconds; tests give their
    own."""

    unanswered = Signal(object)
    _answered = Signal(object)

    def __init__(
        self,
        on_bug: Callable[[BaseException], None],
        parent: QObject | None = None,
        *,
        ask_again_for_s: float = ASK_AGAIN_FOR_S,
        follow_for_s: float = FOLLOW_FOR_S,
        steady_s: Callable[[], float] = time.monotonic,
    ) -> None:
        # Whoever stops them and lets go must not leave them to a worker's thread: Qt would be destroyed there.
        super().__init__(parent or QCoreApplication.instance())
        self._on_bug, self._ask_again_for_s, self._follow_for_s = on_bug, ask_again_for_s, follow_for_s
        self._steady_s = steady_s
        self.trouble: Callable[[], OutsideError | None] = lambda: None
        self.follow: Callable[[], bool] = lambda: False
        self._commands, self._long, self._aside = (
            WorkQueueThread("commands"),
            WorkQueueThread("long"),
            WorkQueueThread("aside"),
        )
        self._held: list[Callable[[], None]] | None = None
        self._unanswered = 0  # on the GUI thread alone
        self._stopped = False
        self._silence: OutsideError | None = None  # on the aside lane's thread alone
        self._stopping = threading.Event()
        self._answered.connect(self._deliver_unless_gone)

    @property
    def has_unanswered_requests(self) -> bool:
        return self._unanswered > 0

    @property
    def is_closing(self) -> bool:
        """Whether the station closes: only what was asked before is still done."""
        return self._stopping.is_set()

    def hold_requests_until_start(self) -> None:
        """Keep all requests until `start`: beside a window that is being built they would only delay it."""
        self._held = []

    def release_requests(self) -> None:
        """Do what was held, and everything else at once."""
        held, self._held = self._held or [], None
        for submit in held:
            submit()

    def run(self, work: Callable[[], T], done: Callable[[T], None], refused: Refused) -> None:
        """Do `work` after all earlier requests; call `done` or `refused` on the GUI thread."""
        if (trouble := self.trouble()) is not None:
            refused(trouble)
            return
        self._submit_to_lane(self._commands, lambda: self._run_with_retries(work), done, refused)

    def run_in_long_work_lane(
        self, work: Callable[[], T], done: Callable[[T], None], refused: Refused, *, may_drop: bool = False
    ) -> None:
        """Do `work` where it delays no command."""
        self._submit_to_lane(self._long, work, done, refused, may_drop=may_drop)

    def run_in_side_lane(
        self, work: Callable[[], T], done: Callable[[T], None], refused: Refused, *, may_drop: bool = False
    ) -> None:
        """Do `work` beside commands and papers: signs of life, reading in another process."""
        self._submit_to_lane(
            self._aside, lambda: self._run_unless_server_silent(work), done, refused, may_drop=may_drop
        )

    def stop(self, patience_s: float = PATIENCE_S) -> None:
        """Finish requested commands, slips, papers and backups, but deliver no more results. Droppable work is
        abandoned after a moment, the rest after `patience_s`, and logged. Close the window first."""
        self.release_requests()
        self._stopped = True
        self._stopping.set()
        lanes = (self._commands, self._long, self._aside)
        for lane in lanes:
            lane.close()
        began = time.monotonic()
        for lane in lanes:
            lane.wait_until_idle(max(0.0, began + CLOSING_S - time.monotonic()))
            while lane.has_undroppable_work_left and time.monotonic() < began + patience_s:
                # A keeper waits for signs of life until the end.
                QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
                lane.wait_until_idle(STEP_S)
        if any(lane.has_undroppable_work_left for lane in lanes):
            _log.error("closed after %d s with something left undone", patience_s)

    def _run_unless_server_silent(self, work: Callable[[], T]) -> T:
        """Do work beside commands; a closing station meets a silent server once, not at each sign of life."""
        if self._silence is not None and self.is_closing:
            raise self._silence
        try:
            answer = work()
        except OutsideError as trouble:
            self._silence = OutsideError(trouble.code, **trouble.details) if trouble.code in UNANSWERED else None
            raise
        self._silence = None
        return answer

    def _run_with_retries(self, work: Callable[[], T]) -> T:
        give_up, follow_by = self._steady_s() + self._ask_again_for_s, 0.0
        while True:
            try:
                return work()
            except OutsideError as trouble:
                if trouble.code not in UNANSWERED or "command" not in trouble.details:
                    raise
                if self._steady_s() + PAUSE_S >= give_up or self._stopping.wait(PAUSE_S):
                    self.unanswered.emit(trouble)
                    raise
            except RuleError as refusal:
                now = self._steady_s()
                follow_by = follow_by or now + self._follow_for_s
                if refusal.code != MOVED or now >= follow_by:
                    raise
                if not self.follow():
                    time.sleep(PAUSE_S)
                # What it waited for the file is no time of the server's.
                give_up = self._steady_s() + self._ask_again_for_s

    def _submit_to_lane(
        self, lane: WorkQueueThread, work: Callable[[], Any], done: Done, refused: Refused, *, may_drop: bool = False
    ) -> None:
        request = _Request(work, done, refused)
        if not self._stopped:
            self._unanswered += 1
        submit = partial(lane.submit, partial(self._work_and_emit_answer, request, may_drop), may_drop=may_drop)
        if self._held is not None:
            self._held.append(submit)
        elif not self._stopped:
            submit()

    def _work_and_emit_answer(self, request: _Request, may_drop: bool) -> None:
        self._work_and_note_answer(request, may_drop)
        self._answered.emit(request)

    def _work_and_note_answer(self, request: _Request, may_drop: bool) -> None:
        try:
            answer = request.work()
        except QueueDeskError as trouble:
            if self._stopped and not may_drop:
                _log.warning("refused after the window was closed: %s", trouble.code)
            request.answer = request.refused, trouble
        except BaseException as bug:  # noqa: BLE001 - carried to the one handler on the GUI thread
            if self._stopped:
                report_bug(bug)
            request.answer = self._on_bug, bug
        else:
            request.answer = request.done, answer

    @Slot(object)
    def _deliver_unless_gone(self, request: _Request) -> None:
        self._unanswered -= 1
        receiver, value = request.take_answer()
        if not self._stopped:
            tell_unless_gone(receiver, value)


class _Request:
    """What a page asked of a lane. The lane may be the last to hold it, so the GUI thread empties it: what is left of a
    page that has gone would be destroyed on the lane's thread, which ends the program."""

    def __init__(self, work: Callable[[], Any], done: Done, refused: Refused) -> None:
        self.work, self.done, self.refused = work, done, refused
        self.answer: tuple[Callable[[Any], None], object] | None = None

    def take_answer(self) -> tuple[Callable[[Any], None], Any]:
        """Return who is told and what, once, on the GUI thread."""
        assert self.answer is not None
        answer = self.answer
        vars(self).clear()
        return answer


def tell_unless_gone(receiver: Callable[..., object], *values: object) -> None:
    """Tell what asked, unless it has gone meanwhile: the day's end takes a page away while an answer for it is on its
    way. By a signal it may be told from any thread."""
    parts = _parts_told_by(receiver)
    if parts and not any(map(isValid, parts)):
        return
    try:
        receiver(*values)
    except RuntimeError:
        # Of a signal only its emission tells that its page has gone; what its slots raise does not come back here.
        if not isinstance(getattr(_without_given_values(receiver), "__self__", None), SignalInstance):
            raise


def _parts_told_by(receiver: object) -> list[QObject]:
    """Return whose function this is; of one written within another, of whom it knows from there."""
    receiver = _without_given_values(receiver)
    owner = getattr(receiver, "__self__", receiver)
    if isinstance(owner, QObject):
        return [owner]
    known = [cell.cell_contents for cell in getattr(receiver, "__closure__", None) or ()]
    return [part for one in known if one is not receiver for part in _parts_told_by(one)]


def _without_given_values(receiver: object) -> object:
    while isinstance(receiver, partial):
        receiver = receiver.func
    return receiver


class InlineTasks:
    """The same, done at once on the caller's thread: for pictures and for tests of controllers."""

    has_unanswered_requests = False

    def run(self, work: Callable[[], T], done: Callable[[T], None], refused: Refused) -> None:
        try:
            answer = work()
        except QueueDeskError as trouble:
            refused(trouble)
        else:
            done(answer)

    def run_in_long_work_lane(
        self, work: Callable[[], T], done: Callable[[T], None], refused: Refused, *, may_drop: bool = False
    ) -> None:
        self.run(work, done, refused)

    def run_in_side_lane(
        self, work: Callable[[], T], done: Callable[[T], None], refused: Refused, *, may_drop: bool = False
    ) -> None:
        self.run(work, done, refused)


def main_pc_address(place: object) -> str | None:
    """Return the address of the main PC of the hall at `place`, or of its servers, "" if it is this PC, None if the
    hall is a file."""
    if not isinstance(place, str) or not is_server_address(place):
        return None
    try:
        address = parse_server_address(place)
    except OutsideError:
        return None
    return "" if address.is_on_this_pc else list_text(list(dict.fromkeys(host for host, _port in address.hosts)))


MOVING_MS = 5000
"""So long a window whose hall is shared now has to open there before it says so."""


class HallFeed(QObject):
    """What a station shows: `state`, kept up by the log. Read it on the GUI thread only. `changed` carries the events
    just applied (a list, in order; without those of a paper day, so it may be empty); `replaced` says that `state` is a
    new one (another business date, or a database with another history); `reworded` that windows or tickets have another
    name in this hall now, or that it uses other languages; `away` carries since when the hall can't be had, or waits
    for staff to say what day it is, once more when the reason changes (`trouble`), `back` that it can again: `state` is
    kept meanwhile. `moved` says that the hall is shared now: it is away only once this window has had time to open
    there, as what is asked meanwhile is done there. Where `state` can't follow an event a fresh snapshot takes its
    place, with `replaced`, and `changed` for what came meanwhile; `on_bug` is told, unless the event is only about what
    is not loaded here."""

    changed = Signal(list)
    reworded = Signal()
    replaced = Signal()
    moved = Signal()
    away = Signal(datetime)
    back = Signal()
    _came = Signal(list)
    _lost = Signal(object)
    _found = Signal()
    _reset = Signal(object)
    _learned = Signal(object, object)

    def __init__(
        self,
        desk: Desk,
        clock: Callable[[], datetime],
        parent: QObject | None = None,
        *,
        on_bug: Callable[[BaseException], object] = report_bug,
    ) -> None:
        """Take a snapshot now. Raises OutsideError when the database is away."""
        super().__init__(parent)
        self._desk = desk
        self._clock = clock
        self.away_since: datetime | None = None
        self._languages: tuple[str, ...] = ()
        self.trouble: QueueDeskError | None = None
        self.knows_where: Callable[[], bool] = lambda: False
        """Tells whether this PC knows where a hall that moved went."""
        self.moves_on = False
        """Whether the hall moved and this window is about to open there."""
        self.opened = clock()
        self._copy = HallCopy(desk, clock, on_bug=on_bug)
        self._use_hall_words()
        self._came.connect(self._apply_new_events)
        self._lost.connect(self.note_hall_unreachable)
        self._found.connect(self.note_hall_reachable)
        self._reset.connect(self._replace_state)
        self._learned.connect(self._store_estimates_and_emit_change)
        self._trouble_since: datetime | None = None
        self._moving = QTimer(self)
        self._moving.setSingleShot(True)
        self._moving.setInterval(MOVING_MS)
        self._moving.timeout.connect(self._emit_away_signal)
        self._learner: WatchedThread | None = None
        self._follower = self._copy.log_follower(
            on_events=self._came.emit, on_away=self._lost.emit, on_back=self._found.emit, on_snapshot=self._reset.emit
        )

    @property
    def state(self) -> HallState:
        return self._copy.state

    @state.setter
    def state(self, state: HallState) -> None:
        self._copy.state = state

    @property
    def business_date(self) -> date:
        return self._copy.day

    @property
    def was_put_back(self) -> bool | None:
        """Told with `replaced`; see HallCopy."""
        return self._copy.was_put_back

    @property
    def setup(self) -> Setup:
        return self._copy.setup

    @property
    def is_shared(self) -> bool:
        return self._desk.db.is_shared

    @property
    def place(self) -> str:
        """The hall's file, or its address without a password."""
        return self._desk.db.place

    @property
    def is_moving(self) -> bool:
        """Whether the hall is shared now and this window is about to open there: what it does is not seen here."""
        return self._moving.isActive() or self.moves_on

    def start(self) -> None:
        self._follower.start()

    def stop(self) -> None:
        """End the follower's thread, and requests under way."""
        self._moving.stop()
        self._follower.stop()
        if self._learner is not None:
            self._learner.join()

    def switch_to_new_business_date(self) -> None:
        """Drop yesterday when the business date has turned; stations call it once a minute."""
        if self._copy.change_day_if_due():
            self._start_loading_estimates()
            self.replaced.emit()

    @Slot(list)
    def _apply_new_events(self, new: list[Event]) -> None:
        fresh = self._copy.apply_and_list_new_events(new)
        if fresh:
            self._use_hall_words()
            if any(event.kind == "set-up" for event in fresh):
                self._start_loading_estimates()
            # What was put in from paper is over: nobody is called by it, though lines and lists are others now.
            self.changed.emit([event for event in fresh if not event.is_paper])
            self.switch_to_new_business_date()

    @Slot(object)
    def note_hall_unreachable(self, trouble: OutsideError) -> None:
        """Note that the hall is out of reach; the time is that of the first trouble, the reason the last one's."""
        self.trouble = trouble
        self._trouble_since = self.away_since or self._trouble_since or self._clock()
        if trouble.code == "hall_moved" and self.away_since is None:
            self._moving.start()
            self.moved.emit()
        else:
            self._emit_away_signal()

    @Slot()
    def _emit_away_signal(self) -> None:
        self._moving.stop()
        self.moves_on = self.trouble is not None and self.trouble.code == "hall_moved" and self.knows_where()
        self.away_since = self._trouble_since
        self.away.emit(self.away_since)

    def note_away_for_clock_doubt(self, trouble: QueueDeskError, since: datetime) -> None:
        """Tell customers' screens that everything has stopped, since then, until staff has confirmed the day."""
        if self.away_since is None:
            self.trouble, self.away_since = trouble, since
            self.away.emit(since)

    def away_since_text(self, since: datetime) -> str:
        """Return the time of `since`, with its day where that is not today; a time alone would be one still to come."""
        since, now = self.setup.to_hall_time(since), self.setup.to_hall_time(self._clock())
        return time_hm(since) if since.date() == now.date() else moment_short(since)

    def end_away_for_clock_doubt(self) -> None:
        if self.trouble is not None and self.trouble.code == "clock_ahead":
            self.note_hall_reachable()

    @Slot()
    def note_hall_reachable(self) -> None:
        self.away_since = self.trouble = self._trouble_since = None
        self._moving.stop()
        self.moves_on = False
        self.back.emit()

    @Slot(object)
    def _replace_state(self, fresh: HallSnapshot) -> None:
        came = self._copy.take_snapshot_and_give_missed_events(fresh)
        self._use_hall_words()
        self.replaced.emit()
        self._copy.was_put_back = False
        if came:
            self.changed.emit(came)

    def _start_loading_estimates(self) -> None:
        """Take what past dates teach about today; while the database is away, the old values stay. The answer comes
        later, so that no window waits."""
        if not self.is_shared:
            self._pass_estimates_to(self._set_estimates_of_hall_state, self.business_date)
            return
        asked = partial(self._pass_estimates_to, self._learned.emit, self.business_date, self._learner)
        self._learner = WatchedThread(asked, "learning", again_s=None)
        self._learner.start()

    def _pass_estimates_to(
        self, told: Callable[[date, Estimates], object], day: date, before: WatchedThread | None = None
    ) -> None:
        if before is not None:
            before.join()
        with suppress(OutsideError):  # The follower says so.
            told(day, looking.wait_estimates_before(self._desk, day))

    def _set_estimates_of_hall_state(self, day: date, learned: Estimates) -> None:
        if day == self.business_date:
            self.state.learned = learned

    @Slot(object, object)
    def _store_estimates_and_emit_change(self, day: date, learned: Estimates) -> None:
        self._set_estimates_of_hall_state(day, learned)
        self.changed.emit([])

    def _use_hall_words(self) -> None:
        """Call windows and tickets as the hall does, and note its languages."""
        hall = self.setup.hall
        words, languages = hall.words, hall.languages
        if languages != self._languages or not are_hall_words(words.window, words.ticket, hall=hall.name):
            use_hall_words(words.window, words.ticket, hall=hall.name)
            self._languages = languages
            self.reworded.emit()


@dataclass
class StationContext:
    """The hall, its feed, the clock and the lanes of one station's process. `name` is the station as its PC calls it
    ("guide", "counter-3", "display"), `pc` what a hall of several PCs calls that, "" in one of one PC; `who` acts
    there, None until somebody signed in. `services` is what `app` does for a station (printing a slip, writing the
    day's PDF, speaking)."""

    desk: Desk
    feed: HallFeed
    tasks: WorkLanes
    look: Look
    clock: Callable[[], datetime]
    name: str
    who: Actor | None = None
    services: StationServices = field(default_factory=StationServices)
    options: Mapping[str, Any] = field(default_factory=dict)
    pc: str = ""
    confirm_clock: Callable[[QueueDeskError, Actor, Callable[[], object]], object] = lambda _trouble, _who, _again: None
    """Asks who has just proven to be here whether the time is right, which was refused as "clock_ahead", and goes on
    with what was refused."""

    @property
    def own_name(self) -> str:
        """The station's name among all PCs of the hall, for signing in and for announcement reports."""
        return station_name_at_pc(self.name, self.pc)

    def new_ask(self, who: Actor | None = None) -> Ask:
        """Return a request now by the person here, or `who`, for one desk function; make it before queueing the work.
        By its id the command lane can ask a server again."""
        who = who or self.who
        if who is None:
            raise ValueError("nobody is at this station")
        return Ask.ask_from_clock(self.clock, who, new_command_id(), is_for_server=True)

    def read_scanned_ticket_code(
        self, text: str, done: Callable[[TicketCodeContent | None], None], refused: Callable[[QueueDeskError], None]
    ) -> None:
        """Give `done` what a scanned code says, None for any text that is no ticket's code: at once for the plain code,
        from the command lane for that of a feature. `refused` gets why such a code is not valid."""
        readers = [owner.scanned_link for owner in installed_features() if owner.scanned_link]
        code, now = parse_ticket_code(text), self.clock()
        if code is not None or not readers:
            done(code)
            return
        read = (import_reference(reader)(self.desk, text, now) for reader in readers)
        self.tasks.run(lambda: next((found for found in read if found is not None), None), done, refused)


P = ParamSpec("P")


class SingleCommandRunner(QObject):
    """Does one thing at a time beside the window and tells what became of it: `done` gives the verb and its document,
    `refused` the verb and the trouble. `busy` is the verb that is under way, "" while none is; `busy_changed` says
    whether one is, for the buttons."""

    done = Signal(str, dict)
    refused = Signal(str, object)
    busy_changed = Signal(bool)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.busy = ""

    def start_unless_busy(
        self, verb: str, work: Callable[[], T], then: Callable[[T], object] | None = None, *, is_long: bool = False
    ) -> None:
        """Do `work` on the command lane, or on that of long work, unless something is under way. `then` gets the answer
        in place of those who wait for `done`."""
        if self.busy:
            return
        self._set_busy_and_emit(verb)
        lane = self.context.tasks.run_in_long_work_lane if is_long else self.context.tasks.run
        lane(
            work,
            partial(self._end_busy_and_pass_answer, then or partial(self.done.emit, verb)),
            partial(self._on_refused, verb),
        )

    def run_desk_function(
        self, verb: str, act: Callable[Concatenate[Desk, Ask, P], Document], *words: P.args, **more: P.kwargs
    ) -> None:
        self.start_unless_busy(verb, partial(act, self.context.desk, self.context.new_ask(), *words, **more))

    def _end_busy_and_pass_answer(self, then: Callable[[T], object], answer: T) -> None:
        self._set_busy_and_emit("")
        tell_unless_gone(then, answer)

    def _on_refused(self, verb: str, trouble: QueueDeskError) -> None:
        self._set_busy_and_emit("")
        self.refused.emit(verb, trouble)

    def _set_busy_and_emit(self, verb: str) -> None:
        self.busy = verb
        self.busy_changed.emit(bool(verb))


SHORTEST_PIN, LONGEST_PIN = opening.PIN_LENGTHS[0], opening.PIN_LENGTHS[-1]


class PinLock(QObject):
    """Knows whether there is a PIN, collects its digits and unlocks. `changed` with every digit and answer."""

    changed = Signal()

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._go: Callable[[], None] | None = None
        self._checking = False
        self.pin = ""
        self.trouble: QueueDeskError | None = None
        self.is_locked = False
        self.is_granted = False
        self.find_out_if_any_manager_has_pin()

    def is_open(self) -> bool:
        return self.is_granted or not self.is_locked

    @property
    def is_asking(self) -> bool:
        return self._go is not None

    def find_out_if_any_manager_has_pin(self) -> None:
        """Find out whether a manager or admin has a PIN."""
        desk = self._context.desk
        self._context.tasks.run(
            lambda: opening.has_any_manager_pin(desk), self._note_whether_locked_by_pin, self._ignore_unread_lock
        )

    def _note_whether_locked_by_pin(self, locked: bool) -> None:
        self.is_locked = locked

    def _ignore_unread_lock(self, _trouble: QueueDeskError) -> None:
        """The hall's file is away: what was known holds."""

    def do_or_await_pin(self, go: Callable[[], None]) -> bool:
        """Do `go` at once if nothing is locked; else remember it and return False."""
        if not self.is_locked:
            go()
            return True
        self._go, self.pin, self.trouble = go, "", None
        return False

    def add_or_delete_digit(self, digit: str) -> None:
        """Add a digit; "" deletes the last one."""
        self.trouble = None
        self.pin = (self.pin + digit)[:LONGEST_PIN] if digit else self.pin[:-1]
        self.changed.emit()

    def check_typed_pin(self) -> None:
        if self._checking or len(self.pin) < SHORTEST_PIN or self._go is None:
            return
        self._checking = True
        desk, pin, now = self._context.desk, self.pin, self._context.clock()
        self._context.tasks.run(
            lambda: opening.manager_of_pin(desk, pin, now=now),
            self._on_unlock_granted,
            self._clear_pin_and_note_trouble,
        )

    def _on_unlock_granted(self, _who: object) -> None:
        go, self._go, self._checking, self.pin = self._go, None, False, ""
        self.changed.emit()
        self.is_granted = True
        if go is not None:
            go()

    def _clear_pin_and_note_trouble(self, trouble: QueueDeskError) -> None:
        self._checking, self.pin, self.trouble = False, "", trouble
        self.changed.emit()

    def cancel_and_relock(self) -> None:
        """Note that nobody wants to leave any more."""
        was_asking, self._go, self.pin, self.trouble = self.is_asking, None, "", None
        self.is_granted = False
        if was_asking:
            self.changed.emit()
