"""Does the chores due every minute, and finds out what became of unanswered commands. Every station tries the chores;
the second finds none left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.features import feature_chores, import_reference
from queuedesk.core.log.state import LogAheadOfClock
from queuedesk.core.network.roles import HALL, Actor
from queuedesk.core.queue.hallday import business_date
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.looking import CommandOutcome, command_outcome
from queuedesk.desk.talk import alarms, devices
from queuedesk.desk.upkeep import clocks
from queuedesk.i18n import current_language
from queuedesk.i18n.queue.event_words import late_outcome_sentence
from queuedesk.stations.window.context import SheetPrinter, StationContext

EVERY_MS = 60_000
Done = Callable[[Document], None]
Refused = Callable[[QueueDeskError], None]


class HallRoutineWork(QObject):
    """Ends days that are over, writes alarms and which stations have vanished, does what features have to do in the
    hall's own name, and lets the station's picture turn with the date. Reports and backups that are due make themselves
    in processes of their own, by services of the program; that of backups asks the database first. `doubted` carries
    why it is not certain that the time has come (RuleError "clock_ahead"): staff has to confirm it. `certain` says that
    it is, and carries by how much the log runs ahead nevertheless (Ahead, or None)."""

    doubted = Signal(object)
    certain = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.do)

    def start(self) -> None:
        self._timer.start()
        self.do()

    def stop(self) -> None:
        self._timer.stop()

    def do(self) -> None:
        desk, ask = self._context.desk, Ask.by(self._context.clock, HALL)
        self._context.tasks.run(
            lambda: self._end_due_days_and_check_log(desk, ask), self._turn_day_and_emit, self._on_day_end_refused
        )
        # Nobody waits for an alarm, so it keeps no call waiting either. A device that is lost is one.
        self._context.tasks.run_in_long_work_lane(
            lambda: devices.record_lost_stations(desk, ask), self._ignore_done_chore, self._ignore_chore_trouble
        )
        self._context.tasks.run_in_long_work_lane(
            lambda: alarms.record_due_and_ended_alarms(desk, ask), self._ignore_done_chore, self._ignore_chore_trouble
        )
        for chore in feature_chores():
            self._context.tasks.run_in_long_work_lane(
                partial(_run_chore, chore, desk, ask), self._ignore_done_chore, self._ignore_chore_trouble
            )
        services = self._context.services
        if (printer := services.sheet_printer) is not None and self._has_warning_slips_to_print():
            self._context.tasks.run_in_long_work_lane(
                lambda: _print_due_warning_slips(desk, ask, printer),
                self._ignore_done_chore,
                self._ignore_chore_trouble,
            )
        if services.due_reports is not None:
            services.due_reports.look()
        if services.look_for_backups is not None:
            self._context.tasks.run_in_long_work_lane(
                services.look_for_backups, self._ignore_done_chore, self._ignore_chore_trouble
            )

    def _has_warning_slips_to_print(self) -> bool:
        setup = self._context.feed.setup
        return setup.is_on("warning_slip") and not setup.hall.simulated

    @staticmethod
    def _end_due_days_and_check_log(desk: Desk, ask: Ask) -> LogAheadOfClock | None:
        clocks.end_due(desk, ask)
        return clocks.how_far_log_is_ahead(desk, ask)

    def _turn_day_and_emit(self, ahead: LogAheadOfClock | None) -> None:
        self._context.feed.switch_to_new_business_date()
        self.certain.emit(ahead)

    def _on_day_end_refused(self, trouble: QueueDeskError) -> None:
        if trouble.code == "clock_ahead":
            self.doubted.emit(trouble)
        else:
            self._context.feed.switch_to_new_business_date()

    def _ignore_done_chore(self, _document: object) -> None:
        """The feed brings what was ended or raised."""

    def _ignore_chore_trouble(self, _trouble: QueueDeskError) -> None:
        """The next minute tries again; a database that is away is told by the feed."""


def _run_chore(chore: str, desk: Desk, ask: Ask) -> Document:
    done: Document = import_reference(chore)(desk, ask)  # loaded here: no station's start waits for it
    return done


def _print_due_warning_slips(desk: Desk, ask: Ask, printer: SheetPrinter) -> int:
    from queuedesk.reports.papers import slips  # draws PDFs: no station's start waits for it

    return slips.print_unseen_warnings(desk, ask, printer, current_language())


# -- a clock that is doubted, a log that runs ahead of it ----------------------------------------------------------


class ClockCommands:
    """What a person says about the time, done on the lane of commands."""

    def __init__(self, context: StationContext) -> None:
        self._context = context

    def confirm(self, who: Actor, seen: datetime, done: Done, refused: Refused) -> None:
        """Say that it is as late as the question said that was `seen`: the answer to why the day's end was refused."""
        desk, ask = self._context.desk, self._context.ask(who)
        self._context.tasks.run(lambda: clocks.confirm_time(desk, ask, seen), done, refused)

    def preview(self, who: Actor, done: Done, refused: Refused) -> None:
        """Give `done` what setting a log right that runs ahead would change."""
        desk, ask = self._context.desk, self._context.ask(who)
        self._context.tasks.run(lambda: clocks.preview_log_time_correction(desk, ask), done, refused)

    def set_right(self, who: Actor, leap: Document, done: Done, refused: Refused) -> None:
        desk, ask, seen = self._context.desk, self._context.ask(who), datetime.fromisoformat(leap["now"])
        self._context.tasks.run(lambda: clocks.correct_log_time(desk, ask, leap["first"], seen), done, refused)


# -- commands without an answer -------------------------------------------------------------------------------------

AGAIN_MS = 2000


class UnansweredCommands(QObject):
    """Finds out what became of commands without an answer. `done` carries the event of one that was done; then `told` a
    sentence for the person here, and whether it was done."""

    told = Signal(str, bool)
    done = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._kept: dict[str, OutsideError] = {}
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self.ask)
        context.feed.back.connect(self.ask)

    @Slot(object)
    def keep(self, trouble: OutsideError) -> None:
        """Remember a command by the trouble that names it, and ask about it as soon as the hall can be reached."""
        self._kept[str(trouble.details["command"])] = trouble
        self._again.start()

    @Slot()
    def ask(self) -> None:
        """Ask the log what became of each; nothing while the hall is away."""
        context, self._kept, kept = self._context, {}, self._kept
        if context.feed.away_since is not None:
            self._kept = kept
            return
        for command, trouble in kept.items():
            work = partial(command_outcome, context.desk, command)
            context.tasks.run(
                work, partial(self._report_found_outcome, trouble), partial(self._keep_for_next_try, trouble)
            )

    def _keep_for_next_try(self, trouble: OutsideError, _again: QueueDeskError) -> None:
        self.keep(trouble)

    def _report_found_outcome(self, trouble: OutsideError, found: CommandOutcome) -> None:
        asked, setup = trouble.details["asked"], self._context.feed.setup
        if not isinstance(asked, datetime) or business_date(setup, asked) != self._context.feed.day:
            return  # Nobody waits any more for what was asked on another date.
        if found.event is not None:
            self.done.emit(found.event)
        self.told.emit(late_outcome_sentence(setup, str(trouble.details["verb"]), asked, found), found.is_done)
