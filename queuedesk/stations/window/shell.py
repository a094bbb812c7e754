"""The window of a station that follows a hall: sign-in, what is said while the data is away, chores, the way out.

A passer-by can't leave a full screen: every way out asks for a manager's PIN, where one has a PIN. Chores are due every
minute: every station tries them, the second finds none left. What became of unanswered commands is found out here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, QTimer, Signal, SignalInstance, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk import i18n
from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.features import feature_chores, features_used_by_hall, import_reference
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import TimesOfLogAheadOfClock, UnconfirmedClockJump
from queuedesk.core.network.roles import HALL, Actor
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.rows import field_and_choice_languages, hall_languages
from queuedesk.core.talk.screen import HALL_SCREENS
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.looking import CommandOutcome, command_outcome
from queuedesk.desk.talk import devices, messaging
from queuedesk.desk.upkeep import clocks
from queuedesk.i18n import _, clock_words, current_language, error_sentence, list_text, name_in_language
from queuedesk.stations.signing_in import SignInController, SignInView
from queuedesk.stations.widgets import buttons, message_place, paint, panels, topbar
from queuedesk.stations.widgets.questions.dialogs import REPEATS, ConfirmDialog
from queuedesk.stations.window import away, frame, style
from queuedesk.stations.window.context import LONGEST_PIN, SHORTEST_PIN, PinLock, SheetPrinter, StationContext

EVERY_MS = 60_000
Done = Callable[[Document], None]
Refused = Callable[[QueueDeskError], None]


class HallRoutineWork(QObject):
    """Ends days that are over, writes alarms and which stations have vanished, does what features have to do in the
    hall's own name, and lets the station's picture turn with the date. Reports and backups that are due make themselves
    in processes of their own, by services of the program; that of backups asks the database first. `doubted` carries
    why it is not certain that the time has come (RuleError "clock_ahead"): staff has to confirm it. `certain` says that
    it is, and carries by how much the log runs ahead nevertheless (TimesOfLogAheadOfClock, or None)."""

    doubted = Signal(object)
    certain = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._timer = panels.repeating_timer(self, EVERY_MS, self.do_routine_work)

    def start(self) -> None:
        self._timer.start()
        self.do_routine_work()

    def stop(self) -> None:
        self._timer.stop()

    def do_routine_work(self) -> None:
        desk, ask = self._context.desk, Ask.ask_from_clock(self._context.clock, HALL)
        self._context.tasks.run(
            lambda: self._end_due_days_and_find_log_ahead(desk, ask), self._turn_day_and_emit, self._on_day_end_refused
        )
        # Nobody waits for an alarm, so it keeps no call waiting either. A device that is lost is one.
        self._context.tasks.run_in_long_work_lane(
            lambda: devices.record_lost_stations(desk, ask), self._ignore_done_chore, self._ignore_chore_trouble
        )
        self._context.tasks.run_in_long_work_lane(
            lambda: messaging.record_and_count_alarm_changes(desk, ask),
            self._ignore_done_chore,
            self._ignore_chore_trouble,
        )
        for chore in feature_chores():
            self._context.tasks.run_in_long_work_lane(
                partial(_run_chore, chore, desk, ask), self._ignore_done_chore, self._ignore_chore_trouble
            )
        services = self._context.services
        if (printer := services.sheet_printer) is not None and self._is_warning_slip_rule_on():
            self._context.tasks.run_in_long_work_lane(
                lambda: _print_and_count_due_warning_slips(desk, ask, printer),
                self._ignore_done_chore,
                self._ignore_chore_trouble,
            )
        if services.due_reports is not None:
            services.due_reports.start_if_due()
        if services.look_for_backups is not None:
            self._context.tasks.run_in_long_work_lane(
                services.look_for_backups, self._ignore_done_chore, self._ignore_chore_trouble
            )

    def _is_warning_slip_rule_on(self) -> bool:
        setup = self._context.feed.setup
        return setup.is_rule_on("warning_slip") and not setup.hall.simulated

    @staticmethod
    def _end_due_days_and_find_log_ahead(desk: Desk, ask: Ask) -> TimesOfLogAheadOfClock | None:
        clocks.end_due(desk, ask)
        return clocks.log_and_clock_time_if_log_ahead(desk, ask)

    def _turn_day_and_emit(self, ahead: TimesOfLogAheadOfClock | None) -> None:
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


def _print_and_count_due_warning_slips(desk: Desk, ask: Ask, printer: SheetPrinter) -> int:
    from queuedesk.reports.papers import tickets  # draws PDFs: no station's start waits for it

    return tickets.print_and_count_unseen_warning_slips(desk, ask, printer, current_language())


# -- a clock that is doubted, a log that runs ahead of it ----------------------------------------------------------


class _ClockCorrectionRequests:
    """What a person says about the time, done on the lane of commands."""

    def __init__(self, context: StationContext) -> None:
        self._context = context

    def confirm_time(self, who: Actor, seen: datetime, done: Done, refused: Refused) -> None:
        """Say that it is as late as the question said that was `seen`: the answer to why the day's end was refused."""
        desk, ask = self._context.desk, self._context.new_ask(who)
        self._context.tasks.run(lambda: clocks.confirm_time(desk, ask, seen), done, refused)

    def preview_log_correction(self, who: Actor, done: Done, refused: Refused) -> None:
        """Give `done` what setting a log right that runs ahead would change."""
        desk, ask = self._context.desk, self._context.new_ask(who)
        self._context.tasks.run(lambda: clocks.preview_log_time_correction(desk, ask), done, refused)

    def correct_log_ahead(self, who: Actor, leap: Document, done: Done, refused: Refused) -> None:
        desk, ask, seen = self._context.desk, self._context.new_ask(who), datetime.fromisoformat(leap["now"])
        self._context.tasks.run(lambda: clocks.correct_log_time(desk, ask, leap["first"], seen), done, refused)


# -- commands without an answer -------------------------------------------------------------------------------------

AGAIN_MS = 2000


class _UnansweredCommandsChecker(QObject):
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
        self._again.timeout.connect(self.ask_log_for_outcomes)
        context.feed.back.connect(self.ask_log_for_outcomes)

    @Slot(object)
    def remember_command(self, trouble: OutsideError) -> None:
        """Remember a command by the trouble that names it, and ask about it as soon as the hall can be reached."""
        self._kept[str(trouble.details["command"])] = trouble
        self._again.start()

    @Slot()
    def ask_log_for_outcomes(self) -> None:
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
        self.remember_command(trouble)

    def _report_found_outcome(self, trouble: OutsideError, found: CommandOutcome) -> None:
        from queuedesk.i18n.queue.event_words import late_command_outcome_sentence  # the words of all events

        asked, setup = trouble.details["asked"], self._context.feed.setup
        if not isinstance(asked, datetime) or business_date(setup, asked) != self._context.feed.business_date:
            return  # Nobody waits any more for what was asked on another date.
        if found.event is not None:
            self.done.emit(found.event)
        self.told.emit(late_command_outcome_sentence(setup, str(trouble.details["verb"]), asked, found), found.is_done)


# -- a manager's PIN at the lower edge of a hall's screen ----------------------------------------------------------

WIDE_PX, HIGH_PX = 960, 118
LEAST_SCALE, LARGEST_SCALE = 0.7, 1.6
DELETE = "delete"
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PinStrip(QWidget):
    """Asks for the digits of a PIN over `host`, by the keyboard or its own keys, and passes them to the lock. Esc and
    「Back」 cancel."""

    spoken_role = paint.GROUP

    def __init__(self, host: QWidget, lock: PinLock) -> None:
        super().__init__(host)
        self._host, self._lock = host, lock
        self._look = style.Look(style.LIGHT, style.Scale(), self)
        self._title = panels.Label(self._look, px=20, bold=True)
        self._trouble = panels.Label(self._look, px=16, token="red")
        self.keys = {name: self._new_key_button(name) for name in (*"1234567890", DELETE)}
        self.enter_button = buttons.PrimaryButton(self._look, height=52, px=18)
        self.enter_button.clicked.connect(lock.check_typed_pin)
        self.back_button = buttons.SecondaryButton(self._look, key="Esc", height=52, px=18)
        self.back_button.clicked.connect(lock.cancel_and_relock)
        head, row = QHBoxLayout(), QHBoxLayout()
        panels.set_scaled_margins(self._look, head, spacing=24)
        panels.set_scaled_margins(self._look, row, spacing=8)
        head.addWidget(self._title)
        head.addWidget(self._trouble, 1)
        for key in self.keys.values():
            row.addWidget(key, 1)
        row.addWidget(self.enter_button, 3)
        row.addWidget(self.back_button, 2)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(self._look, column, (20, 8, 20, 10), 6)
        column.addLayout(head)
        column.addLayout(row)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty(REPEATS, True)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        lock.changed.connect(self.refresh)
        host.installEventFilter(self)
        self.hide()

    def _new_key_button(self, name: str) -> buttons.Button:
        digit = "" if name == DELETE else name
        key = buttons.SecondaryButton(self._look, digit, icon="backspace" if name == DELETE else None, height=52, px=22)
        key.setObjectName(f"key-{name}")
        key.setProperty(REPEATS, True)
        key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        key.clicked.connect(partial(self._lock.add_or_delete_digit, digit))
        return key

    def refresh(self) -> None:
        lock = self._lock
        if not lock.is_asking:
            self.hide()
            return
        ready = len(lock.pin) >= SHORTEST_PIN
        self._title.setText(_("Enter a manager's PIN"))
        self._trouble.setText(error_sentence(lock.trouble) if lock.trouble else "")
        self.keys[DELETE].setAccessibleName(_("Delete"))
        self.back_button.setText(_("Back"))
        if ready:
            self.enter_button.enable_with_label(_("Unlock"))
        else:
            self.enter_button.disable_with_reason(_("Enter the PIN"))
        self.setAccessibleName(" ".join(filter(None, (self._title.text(), self._trouble.text()))))
        if not self.isVisible():
            self._place_at_foot()
            self.show()
            self.raise_()
            self.setFocus(Qt.FocusReason.PopupFocusReason)
        self.update()

    def _place_at_foot(self) -> None:
        host = self._host
        fit = min(host.width() / WIDE_PX, host.height() / HIGH_PX, LARGEST_SCALE)
        self._look.set_scale(style.Scale(max(LEAST_SCALE, fit)))
        width = min(host.width(), self._look.px(WIDE_PX))
        height = min(host.height(), self._look.px(HIGH_PX))
        self.setGeometry((host.width() - width) // 2, host.height() - height, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place_at_foot()
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # No key of the page above may act while a PIN is typed.
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, digit = event.key(), event.text()
        if key == Qt.Key.Key_Escape:
            self._lock.cancel_and_relock()
        elif key in _ENTER and not event.isAutoRepeat():
            self._lock.check_typed_pin()
        elif key == Qt.Key.Key_Backspace:
            self._lock.add_or_delete_digit("")
        elif digit.isascii() and digit.isdecimal():
            self._lock.add_or_delete_digit(digit)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = paint.Painter(self, self._look), self._look
        painter.fillRect(self.rect(), look.color("surface"))
        painter.fillRect(QRectF(0, 0, self.width(), look.px(3)), look.color("primary"))
        # A dot for each digit, beside the title; a PIN that matched nothing leaves none.
        side, gap = look.px(13), look.px(10)
        right = self.width() - look.gap(20) - LONGEST_PIN * (side + gap)
        middle = self._title.geometry().center().y()
        painter.setPen(QPen(look.color("ink"), look.px(2)))
        for n in range(max(SHORTEST_PIN, len(self._lock.pin))):
            painter.setBrush(look.color("ink" if n < len(self._lock.pin) else "surface"))
            painter.drawEllipse(QRectF(right + n * (side + gap), middle - side / 2, side, side))


GUARDED = frozenset({"display", "plate", "line", "rating"})
"""Stations whose window guards their page; the kiosk asks for the PIN on its own pages."""
ASKED_MS = 20_000
"""A question that nobody answers goes: a child at the keyboard asked it."""
GRANTED_MS = 30_000
"""What a manager has unlocked is locked again after that."""
LOOK_AGAIN_TICKS = 60

_FUNCTION_KEYS = frozenset(Qt.Key(Qt.Key.Key_F1.value + n) for n in range(12))
_LEAVING = frozenset({Qt.Key.Key_Q, Qt.Key.Key_W})


class WindowLockGuard(QObject):
    """Guards one window. `locked` when an unlocked window is locked again."""

    locked = Signal()

    def __init__(self, context: StationContext, window: QWidget) -> None:
        super().__init__(window)
        self.lock = PinLock(context, self)
        self.strip = PinStrip(window, self.lock)
        self._ticks = 0
        self._asked, self._granted = QTimer(self), QTimer(self)
        for timer, after_ms in ((self._asked, ASKED_MS), (self._granted, GRANTED_MS)):
            timer.setSingleShot(True)
            timer.setInterval(after_ms)
        self._asked.timeout.connect(self.lock.cancel_and_relock)
        self._granted.timeout.connect(self._lock_again)
        self.lock.changed.connect(self._asked.start)

    def is_open(self) -> bool:
        return self.lock.is_open()

    def is_open_else_ask_pin(self, go: Callable[[], None]) -> bool:
        """Return whether the way is open; else ask for a PIN and do `go` after it."""
        if self.lock.is_open():
            return True

        def note_granted_and_go() -> None:
            self._granted.start()
            go()

        self.lock.do_or_await_pin(note_granted_and_go)
        self.lock.changed.emit()
        return False

    def handle_leaving_key(self, event: QKeyEvent, menu: Callable[[], None]) -> bool:
        """Handle a key that might lead out: ask for the PIN, or if there is none, show the menu."""
        key = event.key()
        leaving = key in _LEAVING and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.isAutoRepeat() or not (key == Qt.Key.Key_Escape or key in _FUNCTION_KEYS or leaving):
            return False
        if self.is_open_else_ask_pin(menu) and key in (Qt.Key.Key_Escape, Qt.Key.Key_F10):
            menu()
        return True

    def check_pin_set_once_a_minute(self) -> None:
        """Check once a minute whether a manager has a PIN by now."""
        self._ticks += 1
        if self._ticks % LOOK_AGAIN_TICKS == 0:
            self.lock.find_out_if_any_manager_has_pin()

    def stop(self) -> None:
        self._asked.stop()
        self._granted.stop()

    def _lock_again(self) -> None:
        self.lock.cancel_and_relock()
        self.locked.emit()


# -- whether the time is right, and a log that runs ahead of the clock ---------------------------------------------


class DoubtfulClockQuestion(QObject):
    """Asks the person at a station of staff about a doubtful clock; meanwhile customers' screens say that the front
    desk helps. The message in `place` stays while the question is open: it asks again after a No. `answered` says that
    somebody said yes."""

    answered = Signal()

    def __init__(
        self,
        context: StationContext,
        host: QWidget,
        place: Callable[[], message_place.StationMessageBar],
        *,
        is_staff: bool,
    ) -> None:
        super().__init__(host)
        self._answers = _ClockCorrectionRequests(context)
        self._ahead: TimesOfLogAheadOfClock | None = None
        self._context, self._host, self._place, self._is_staff = context, host, place, is_staff
        self._doubt: UnconfirmedClockJump | None = None
        self._refused = ""
        self.dialog: ConfirmDialog | None = None

    @Slot(object)
    def note_doubt_and_ask(self, trouble: QueueDeskError) -> None:
        """Note that nothing goes on until somebody has answered; a person signed in here is asked at once, the first
        time."""
        first, self._doubt = self._doubt is None, self._clock_doubt_of_trouble(trouble)
        self._ahead = None
        if self._doubt is None:
            return
        if not self._is_staff:
            self._context.feed.note_away_for_clock_doubt(trouble, self._doubt.last.astimezone(UTC))
            return
        self.refresh()
        if first:
            self._open_clock_question()

    @Slot(object)
    def note_time_is_certain(self, ahead: TimesOfLogAheadOfClock | None) -> None:
        """Note that the time is certain; if the log runs `ahead` all the same, that is shown until it is set right."""
        if ahead is None or not self._is_staff:
            self.end_doubt()
            return
        if self._ahead is None:
            self.end_doubt()
        self._ahead = ahead
        self.refresh()

    @Slot()
    def end_doubt(self) -> None:
        """Note that the time is certain: it was confirmed, or the clock or the log was set right."""
        self._doubt, self._ahead, self._refused = None, None, ""
        self._context.feed.end_away_for_clock_doubt()
        self._place().tell(message_place.MessageRank.CLOCK)
        if self.dialog is not None:
            self.dialog.close_dialog()
            self.dialog = None

    def ask_proven_person_to_confirm_clock(
        self, trouble: QueueDeskError, who: Actor, again: Callable[[], object]
    ) -> None:
        """Ask `who`, who is proven to be here; after a Yes repeat `again`, which was refused."""
        self._doubt = self._clock_doubt_of_trouble(trouble) or self._doubt
        self._open_clock_confirmation(who, again)

    def refresh(self) -> None:
        """Tell it in the language of the moment, where messages are told now."""
        if self._ahead is not None:
            self._show_log_ahead_message(self._ahead)
            return
        if self._doubt is None or not self._is_staff:
            return
        is_here = self._context.who is not None and self._context.who.is_staff
        second = self._refused or (
            clock_words.clock_answers_effect_text(self._doubt) if is_here else _("Anyone who signs in can confirm it.")
        )
        self._show_clock_message(clock_words.clock_question_text(self._doubt), second, _("Answer") if is_here else "")

    def _show_clock_message(self, fact: str, more: str, word: str) -> None:
        presses = (message_place.MessageButtonVerbAndWord("answer", word),) if word else ()
        self._place().tell(
            message_place.MessageRank.CLOCK,
            message_place.StationMessage("amber", "clock", fact, more, presses),
            do=self._open_clock_question,
        )

    # -- a log that runs ahead --
    def _show_log_ahead_message(self, ahead: TimesOfLogAheadOfClock) -> None:
        may = self._may_correct_log_time() and not self._context.feed.is_shared
        if self._context.feed.is_shared:
            second = _("A manager can correct it on the main PC: queuedesk clock set-right.")
        elif may:
            second = _("If so, the log can be corrected.")
        else:
            second = _("A manager who signs in can correct it.")
        self._show_clock_message(
            clock_words.log_ahead_of_clock_sentence(ahead), self._refused or second, _("Set right") if may else ""
        )

    def _may_correct_log_time(self) -> bool:
        who = self._context.who
        return who is not None and who.may("set-right")

    def _preview_log_correction(self) -> None:
        who = self._context.who
        if who is not None and self.dialog is None:
            self._answers.preview_log_correction(
                who, partial(self._ask_to_confirm_correction, who), self._on_correction_refused
            )

    def _ask_to_confirm_correction(self, who: Actor, leap: dict[str, Any]) -> None:
        if self._ahead is None or self.dialog is not None:
            return
        self.dialog = ConfirmDialog(
            self._host,
            self._context.look,
            title=clock_words.log_ahead_of_clock_sentence(self._ahead),
            effect=clock_words.clock_leap_repair_text(leap),
            safe=_("Not now", context="clock"),
            act=_("Set right"),
            danger=False,
        )
        self.dialog.done.connect(lambda: self._correct_log_clock(who, leap))
        self.dialog.refused.connect(self._forget_correction_dialog)
        self.dialog.open_dialog()

    def _correct_log_clock(self, who: Actor, leap: dict[str, Any]) -> None:
        self.dialog = None
        self._answers.correct_log_ahead(who, leap, self._on_log_time_corrected, self._on_correction_refused)

    def _on_log_time_corrected(self, _document: object) -> None:
        self.end_doubt()
        self.answered.emit()

    def _on_correction_refused(self, trouble: QueueDeskError) -> None:
        if trouble.code == "log_not_ahead":  # Somebody else was first.
            self._on_log_time_corrected(None)
            return
        self._refused = error_sentence(trouble)
        self.refresh()

    def _forget_correction_dialog(self) -> None:
        self.dialog = None

    @staticmethod
    def _clock_doubt_of_trouble(trouble: QueueDeskError) -> UnconfirmedClockJump | None:
        found = trouble.details.get("doubt")
        return found if isinstance(found, UnconfirmedClockJump) else None

    def _open_clock_question(self, *_pressed: object) -> None:
        if self._ahead is not None:
            self._preview_log_correction()
            return
        who = self._context.who
        if who is not None and who.is_staff:
            self._open_clock_confirmation(who, lambda: None)

    def _open_clock_confirmation(self, who: Actor, again: Callable[[], object]) -> None:
        if self._doubt is None or self.dialog is not None:
            return
        asked = self._doubt
        self.dialog = ConfirmDialog(
            self._host,
            self._context.look,
            title=clock_words.clock_question_text(asked),
            effect=clock_words.clock_answers_effect_text(asked),
            safe=_("No", context="clock"),
            act=_("Yes", context="clock"),
            danger=False,
        )
        self.dialog.done.connect(lambda: self._confirm_clock_time(asked, who, again))
        self.dialog.refused.connect(self._on_clock_denied)
        self.dialog.open_dialog()

    def _confirm_clock_time(self, asked: UnconfirmedClockJump, who: Actor, again: Callable[[], object]) -> None:
        self.dialog = None

        def on_clock_confirmed(_document: object) -> None:
            self.end_doubt()
            self.answered.emit()
            again()

        self._answers.confirm_time(who, asked.now, on_clock_confirmed, self._on_clock_confirm_refused)

    def _on_clock_confirm_refused(self, trouble: QueueDeskError) -> None:
        if trouble.code == "nothing_to_confirm":  # Somebody else was first.
            self.end_doubt()
            self.answered.emit()
            return
        self._doubt = self._clock_doubt_of_trouble(trouble) or self._doubt
        self._refused = error_sentence(trouble) if trouble.code != "clock_ahead" else ""
        self.refresh()

    def _on_clock_denied(self) -> None:
        self.dialog = None
        self._refused = _("Please set this PC's clock; then everything continues by itself.")
        self.refresh()


MOST_NAMED = 2
"""So many services are named in a title bar."""
Build = Callable[[StationContext], frame.StationPage]


class StationWindow(frame.OnePageWindow):
    """A station's page in its window. With `roles` somebody signs in first, is remembered by the log until sign-out or
    day-end, and then `context.who` is set and the page built; without roles the page is built at once."""

    def __init__(
        self,
        context: StationContext,
        build: Build,
        roles: tuple[str, ...],
        preferences: frame.Preferences,
        *,
        theme: style.Theme | None = None,
        chores: bool = True,
    ) -> None:
        super().__init__(context.look, preferences, context.clock, help_page=_station_kind(context.name), theme=theme)
        self.context, self._build, self._roles = context, build, roles
        self._own_page: frame.StationPage | None = None
        self._to_see = ""
        self._place = ("", "")
        self._guard = WindowLockGuard(context, self) if _station_kind(context.name) in GUARDED else None
        if self._guard is not None:
            self._guard.locked.connect(self.hide_help)
        self._signing_in = SignInController(context, roles, self)
        self._signing_in.signed_in.connect(self.open_page_for_person)
        self._signing_in.signed_out.connect(self._show_sign_in)
        self._signing_in.refused.connect(self._toast_refusal)
        self._chores = HallRoutineWork(context, self) if chores else None
        self._is_public = _station_kind(context.name) in HALL_SCREENS
        self.clock_question = DoubtfulClockQuestion(context, self, lambda: self.messages, is_staff=not self._is_public)
        context.confirm_clock = self.clock_question.ask_proven_person_to_confirm_clock
        if self._chores:
            self._chores.doubted.connect(self.clock_question.note_doubt_and_ask)
            self._chores.certain.connect(self.clock_question.note_time_is_certain)
            self.clock_question.answered.connect(self._chores.do_routine_work)
        self.unanswered = _UnansweredCommandsChecker(context, self)
        self.unanswered.told.connect(self._show_command_outcome)
        self.unanswered.done.connect(self._pass_unanswered_event_to_page)
        feed = context.feed
        self._heard: list[tuple[SignalInstance, Callable[..., None]]] = [
            (feed.away, self._show_hall_away),
            (feed.back, self._clear_hall_away),
            (feed.changed, self._follow_log_events),
            (feed.replaced, self._recheck_signed_in_person),
            (feed.reworded, self._rebuild_in_hall_language),
        ]
        for signal, slot in self._heard:
            signal.connect(slot)
        self._use_hall_language()
        if roles and context.who is None:
            context.who = self._signing_in.actor_still_signed_in()
        if roles and context.who is None:
            self._show_sign_in()
        else:
            self._build_and_show_station_page()

    def start(self) -> None:
        self.context.feed.start()
        if self._chores:
            self._chores.start()

    def sign_in(self, staff: str) -> None:
        self._signing_in.choose_person(staff)

    def sign_out_act(self) -> Callable[[], None] | None:
        who = self.context.who
        return self.sign_out if self._roles and who is not None and who.is_staff else None

    def own_menu_entries(self) -> list[frame.MenuEntry]:
        entries = super().own_menu_entries()
        if self._own_page is not None and not self._is_public:
            menus = [one.menu for one in reversed(features_used_by_hall(self.context.feed.setup.hall)) if one.menu]
            entries += [entry for menu in menus for entry in import_reference(menu)(self, self.context)]
        if self._is_public:
            # A full screen has no title bar: its menu closes it, and leads to what this PC shows where.
            if (open_this_pc := self.context.services.open_this_pc) is not None:
                entries.append(frame.MenuEntry(_("This PC"), open_this_pc))
            entries.append(frame.MenuEntry(_("Close this screen"), self._close_window))
        return entries

    def visible_page_key(self) -> str:
        """Return what is visible of the station's page, for `see` of a window that replaces this one."""
        return self._own_page.visible_page_key() if self._own_page is not None else ""

    def show_page_by_key(self, what: str, before: StationContext) -> None:
        """Show what was visible in the window before, to the person who was here; a shared hall knows them only by the
        station's name in `before`."""
        self._to_see = what
        if self._own_page is None:
            self._signing_in.move_sign_in_to_renamed_station(before)
        else:
            self._own_page.continue_from_context(before)
        self._show_requested_page()

    def _show_requested_page(self) -> None:
        if self._to_see and self._own_page is not None:
            self._own_page.show_page_by_key(self._to_see)
            self._to_see = ""

    def sign_out(self) -> None:
        """Sign the person out, once unsaved work may be discarded."""
        if self._own_page is None or self._own_page.may_sign_out():
            self._sign_out()
            return
        asked = ConfirmDialog(
            self,
            self.look,
            title=_("Sign out now?"),
            effect=self._own_page.closing_effect_text(),
            safe=_("Stay", context="sign out"),
            act=_("Sign out"),
        )
        asked.done.connect(self._sign_out)
        asked.open_dialog()

    def _sign_out(self) -> None:
        if self.context.who is not None:
            self._signing_in.sign_out(self.context.who)

    def show_page(  # type: ignore[override]
        self, page: frame.StationPage, again: Callable[[], frame.StationPage] | None = None
    ) -> None:
        super().show_page(page, again)
        page.sign_out_wanted.connect(self.sign_out)
        page.help_wanted.connect(self.show_help_page)
        self.clock_question.refresh()
        self._mark_demo_or_replay()
        if self.context.feed.away_since is not None:
            self._show_hall_away(self.context.feed.away_since)

    def remake_contents(self) -> None:
        super().remake_contents()
        self._mark_demo_or_replay()
        self.clock_question.refresh()
        if self._guard is not None:
            self._guard.strip.refresh()
        if self.context.feed.away_since is not None:
            self._show_hall_away(self.context.feed.away_since)

    def menu_languages(self) -> tuple[str, ...]:
        """Return the languages offered here: a screen for customers has those of its hall."""
        return field_and_choice_languages(self.context.feed.setup) if self._is_public else super().menu_languages()

    def _use_hall_language(self) -> None:
        if i18n.is_language_guessed():
            i18n.choose_language(hall_languages(self.context.feed.setup)[0])
        elif i18n.current_language() not in (known := self.menu_languages()):
            i18n.choose_language(known[0])

    def _rebuild_in_hall_language(self) -> None:
        self._use_hall_language()
        self.remake_contents()

    def _mark_demo_or_replay(self) -> None:
        """Say quietly on every page of staff that nothing in this hall is real, or that it was recorded elsewhere."""
        hall = self.context.feed.setup.hall
        word = _("Replayed days") if hall.replayed else _("Demonstration") if hall.simulated else ""
        short = _("Rerun") if hall.replayed else _("Demo") if hall.simulated else ""
        for bar in self.findChildren(topbar.TopBar):
            bar.set_quiet_mark(word)
        for side in self.findChildren(topbar.SideNav):
            side.set_quiet_mark(word, short)

    def stop_and_emit_gone(self) -> None:
        while self._heard:  # The feed ends later: a server may be found silent when the page is gone.
            signal, slot = self._heard.pop()
            signal.disconnect(slot)
        if self._chores:
            self._chores.stop()
        if self._guard is not None:
            self._guard.stop()
        super().stop_and_emit_gone()

    # -- the way out --
    def may_leave(self, go: Callable[[], None]) -> bool:
        return super().may_leave(go) and (self._guard is None or self._guard.is_open_else_ask_pin(go))

    def may_close(self) -> bool:
        return super().may_close() and (self._guard is None or self._guard.is_open())

    def show_menu(self, place: QPoint) -> None:
        if self._guard is None or self._guard.is_open_else_ask_pin(lambda: frame.OnePageWindow.show_menu(self, place)):
            super().show_menu(place)

    def _close_window(self) -> None:
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        corner = self.mapToGlobal(QPoint(self.width(), 0))
        if self._guard is None or not self._guard.handle_leaving_key(
            event, lambda: frame.OnePageWindow.show_menu(self, corner)
        ):
            super().keyPressEvent(event)

    def _tick_page(self) -> None:
        super()._tick_page()
        if self._guard is not None:
            self._guard.check_pin_set_once_a_minute()
        if (place := self.window_number_and_title()) != self._place:
            self._place = place
            self.place_changed.emit()

    def window_number_and_title(self) -> tuple[str, str]:
        setup = self.context.feed.setup
        code = self._own_page.own_window_code() if self._own_page is not None else ""
        spec = setup.windows.get(code)
        if spec is None:
            return code, name_in_language(setup.hall.name, setup.hall.name_en)
        services = [
            name_in_language(one.name, one.name_en) for one in setup.services.values() if one.code in spec.services
        ]
        served = list_text([*services[:MOST_NAMED], *(["…"] if len(services) > MOST_NAMED else [])])
        own = name_in_language(spec.name, spec.name_en)
        return code, own if own not in ("", code) else served

    # -- who is here --
    def _show_sign_in(self, why: str = "") -> None:
        """Let somebody sign in; `why` is told to whoever was here and did not sign out."""
        self.context.who = None
        was_there, self._own_page = self._own_page is not None, None
        ask = partial(SignInView, self.context, self._signing_in, _station_kind(self.context.name), why=why)
        self.show_page(ask(), ask)
        if was_there:
            self.person_left.emit()

    def open_page_for_person(self, who: Actor) -> None:
        """Open the page for a signed-in person; one whose page is made anew stays where they were."""
        here = self.context.who
        if self._own_page is not None and here is not None and here.name == who.name:
            self._to_see = self._own_page.visible_page_key()
        self.context.who = who
        self._build_and_show_station_page()
        self._show_requested_page()

    def _build_and_show_station_page(self) -> None:
        self._own_page = self._build(self.context)
        self.show_page(self._own_page, self._rebuild_own_page)

    def _rebuild_own_page(self) -> frame.StationPage:
        """Return the page that goes on in another language where the one shown was."""
        seen = self._own_page.visible_page_key() if self._own_page is not None else ""
        self._own_page = (self._own_page and self._own_page.remade_page()) or self._build(self.context)
        self._own_page.show_page_by_key(seen)
        return self._own_page

    def is_busy(self) -> bool:
        return self.context.tasks.has_unanswered_requests

    def _follow_log_events(self, events: list[Event]) -> None:
        """Look who is here when the log tells of this station or of a day's end; other events may come before our own
        sign-in."""
        if self._chores and any(e.kind in ("clock", "set-right") for e in events):
            self._chores.do_routine_work()
        if any(e.kind == "day-end" or e.data.get("station") == self.context.own_name for e in events):
            self._recheck_signed_in_person()

    def _recheck_signed_in_person(self) -> None:
        who = self.context.who
        if not self._roles or who is None or self._own_page is None:
            return
        remembered = self._signing_in.person_signed_in_before()
        if self.context.feed.was_put_back is None:
            self._show_sign_in(why=_("This is now another hall's data. Please sign in again."))
        elif self.context.feed.was_put_back and self._signing_in.is_still_staff_with_role(who):
            self._signing_in.sign_in_again_after_restore(who)
        elif remembered is None:
            why = _("The restored data does not have you signed in at this station. Please sign in again.")
            self._show_sign_in(why=why if self.context.feed.was_put_back else "")
        elif replace(remembered, unproven=who.unproven) != who:
            self.open_page_for_person(remembered)

    def _toast_refusal(self, _verb: str, trouble: QueueDeskError) -> None:
        if self._own_page is not None:
            self.say_toast(error_sentence(trouble), icon="warning")

    # -- what got no answer --
    def _show_command_outcome(self, text: str, is_done: bool) -> None:
        if self._own_page is not None:
            self._own_page.clear_no_answer_message()
        if self.context.who is not None and self.context.who.is_staff:
            self.say_toast(text, icon="check" if is_done else "warning")

    def _pass_unanswered_event_to_page(self, event: Event) -> None:
        if self._own_page is not None:
            self._own_page.handle_done_but_unanswered(event)

    # -- what is told on the page --
    @property
    def messages(self) -> message_place.StationMessageBar:
        assert isinstance(self._page, frame.StationPage)
        return self._page.messages

    def _show_hall_away(self, since: datetime) -> None:
        page, local = self._page, self.context.feed.setup.to_hall_time(since)
        if isinstance(page, frame.StationPage) and type(page).show_hall_away is not frame.StationPage.show_hall_away:
            page.show_hall_away(local)
        else:
            away.show_or_clear_hall_away_message(self.messages, self.context.feed, local)

    def _clear_hall_away(self) -> None:
        away.show_or_clear_hall_away_message(self.messages, self.context.feed, None)
        if isinstance(self._page, frame.StationPage):
            self._page.show_hall_away(None)


def _station_kind(name: str) -> str:
    """Return the kind of a station: "counter" of "counter-3"."""
    return name.partition("-")[0]


VOICE_AFTER_MS = 100
"""So long after its first picture a window with a voice loads it: the picture must not wait for its libraries."""


class MultiStationWindowServices(Struct, frozen=True, kw_only=True):
    """What `app` gives a feature that shows several stations of a hall of its own in one window. `hall_asked()` returns
    the place and the code of the hall that the command line means, `folder(part)` is as in StationServices,
    `passed_s()` counts seconds by a clock that nobody sets. `note_shown_by` returns a display's note_shown;
    `speak(display, tell)` says its calls, unless this PC is not heard (`is_heard`), tells of each on any thread why it
    was not heard, and returns what ends that. `show(frame, begin)` draws the picture where one is asked for
    (`is_picture`); else it calls `begin` and returns the exit status once the window is closed."""

    look: style.Look
    preferences: frame.Preferences
    clock: Callable[[], datetime]
    passed_s: Callable[[], float]
    on_bug: Callable[[BaseException], None]
    hall_asked: Callable[[], tuple[str, str | None]]
    folder: Callable[[str], Path]
    is_picture: bool
    is_heard: bool
    note_shown_by: Callable[[StationContext], Callable[[int], None]]
    speak: Callable[[StationContext, Callable[[str | None], None]], Callable[[], None]]
    show: Callable[[frame.OnePageWindow, Callable[[], None]], int]
