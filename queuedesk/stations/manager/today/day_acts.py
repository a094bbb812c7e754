"""What the manager does about the day (alerts seen, notices on the displays, notes): the questions asked first, and
what is said afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.features import correction_question_reference, import_reference
from queuedesk.core.queue.ticket import Rating, Ticket
from queuedesk.core.setup.time_of_day import parse_clock_minutes
from queuedesk.core.talk.remarks import NOTE_KINDS, DayNote
from queuedesk.desk.change import Document
from queuedesk.desk.talk import messaging
from queuedesk.i18n import _, error_sentence, figure_range
from queuedesk.i18n.queue.line_words import REASONS, reason_words
from queuedesk.i18n.talk import day_note_kind_word
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.today.alert_words import AlertText
from queuedesk.stations.widgets.lists.strips import SetAsideTicketRow, Toast
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from queuedesk.stations.widgets.panels import EqualCellGrid, set_scaled_margins
from queuedesk.stations.widgets.questions.dialogs import Dialog, ErrorLine, FormField, ReasonDialog
from queuedesk.stations.window.context import SingleCommandRunner
from queuedesk.stations.window.style import Look

if TYPE_CHECKING:
    from queuedesk.stations.manager.today.notices_page import NoticeDraft, NoticesPage


class AlertNoticeAndNoteController(SingleCommandRunner):
    """`done`: verb (acknowledge, push, withdraw, add_note, remove_note) and document; `refused`: verb and trouble."""

    def acknowledge_alert(self, alert: AlertText) -> None:
        self.run_desk_function("acknowledge", messaging.acknowledge_alert, alert.kind, **alert.alert_subject)

    def push_notice(self, wanted: NoticeDraft) -> None:
        """Put a notice on the displays, at once or at its time."""
        ask, context = self.context.new_ask(), self.context
        setup, day = context.feed.setup, context.feed.business_date

        def push_drafted_notice() -> Document:
            return messaging.push_notice(
                context.desk,
                ask,
                wanted.text,
                text_en=wanted.text_en,
                minutes=wanted.minutes,
                zone=wanted.zone,
                display=wanted.display,
                begins=messaging.moment_of_typed_time_on_date(setup, day, wanted.begins) if wanted.begins else None,
                spoken=wanted.spoken,
            )

        self.start_unless_busy("push", push_drafted_notice)

    def withdraw_notice(self, seq: int) -> None:
        self.run_desk_function("withdraw", messaging.withdraw_notice, seq)

    def add_note(self, kind: str, text: str, start: str, end: str) -> None:
        """Write a note on today, with hall times or "" if unknown."""
        self.run_desk_function("add_note", messaging.add_day_note, kind, text, start=start or None, end=end or None)

    def remove_note(self, seq: int, reason: str) -> None:
        self.run_desk_function("remove_note", messaging.remove_day_note, seq, reason=reason)


# -- notes in words ----------------------------------------------------------------------------------------------------


def note_time_range_text(note: DayNote) -> str:
    """Return from when to when a note applies; "" if not given."""
    start, end = (None if m is None else f"{m // 60}:{m % 60:02}" for m in (note.start, note.end))
    if start and end:
        return figure_range(start, end)
    if start:
        return _("from {time}", context="note", time=start)
    return _("until {time}", context="note", time=end) if end else ""


def note_line_text(note: DayNote) -> str:
    """Return a note in one line: "Outage 10:10–10:40: card machines"."""
    head = " ".join(part for part in (day_note_kind_word(note.kind), note_time_range_text(note)) if part)
    return _("{head}: {text}", context="note", head=head, text=note.text)


# -- the notes of a day ------------------------------------------------------------------------------------------------

MOST_SHOWN = 4
FIELDS = {"from": "start", "to": "end", "text": "text"}


class TypedDayNote(Struct, frozen=True):
    """A note as typed: kind, words, hall times or ""."""

    kind: str
    text: str
    start: str
    end: str


class DayNotesDialog(Dialog):
    """`wanted` gives a TypedDayNote, `removal_wanted` the DayNote to remove. It stays open until it is closed."""

    wanted = Signal(object)
    removal_wanted = Signal(object)

    def __init__(self, host: QWidget, look: Look, notes: Sequence[DayNote]) -> None:
        effect = _("Anything that explains how busy the day is. It is shown on the chart and kept in the log.")
        super().__init__(host, look, title=_("Notes on today"), effect=effect, width=760)
        self.rows: dict[int, SetAsideTicketRow] = {}
        for note in notes[-MOST_SHOWN:]:
            row = SetAsideTicketRow(self.look, height=52, rule=True)
            words = note_line_text(note)
            button = _("Remove")
            row.set_row(
                "waiting",
                day_note_kind_word(note.kind),
                " ".join(filter(None, (note_time_range_text(note), note.text))),
                button,
                spoken=_("Remove: {note}", note=words),
            )
            row.acted.connect(partial(self._close_and_emit_removal, note))
            self.body.addWidget(row)
            self.rows[note.seq] = row
        self.kinds: dict[str, ToggleChoice] = {}
        grid = EqualCellGrid(self.look, gap=8)
        for kind in NOTE_KINDS:
            choice = ToggleChoice(self.look, day_note_kind_word(kind), height=52, px=17)
            choice.setAutoExclusive(True)
            choice.clicked.connect(self._show_errors_and_yes_button)
            self.kinds[kind] = choice
        grid.set_widgets(list(self.kinds.values()))
        self.body.addWidget(grid)
        self.text = FormField(self.look, _("What was it?"), hint=_("so that it makes sense later"))
        self.start = FormField(self.look, _("From", context="note"), hint=_("such as 10:10, or empty"))
        self.end = FormField(self.look, _("To", context="note"), hint=_("optional"))
        line = QHBoxLayout()
        set_scaled_margins(self.look, line, spacing=16)
        line.addWidget(self.text, 3)
        line.addWidget(self.start, 1)
        line.addWidget(self.end, 1)
        self.body.addLayout(line)
        self.trouble = ErrorLine(self.look)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.add_answer_buttons(_("Close", context="dialog"), "", self._emit_note_if_valid)
        for field in (self.text, self.start, self.end):
            field.edited.connect(self._show_errors_and_yes_button)
        self._show_errors_and_yes_button()

    def _close_and_emit_removal(self, note: DayNote) -> None:
        self.close_dialog()
        self.removal_wanted.emit(note)

    def chosen_kind(self) -> str:
        return next((code for code, choice in self.kinds.items() if choice.isChecked()), "")

    def _show_errors_and_yes_button(self) -> None:
        for field in (self.text, self.start, self.end):
            field.set_error("")
        self.trouble.hide()
        wrong = self._time_errors()
        for field, told in wrong.items():
            field.set_error(told)
        if not self.chosen_kind():
            self.yes_button.disable_with_reason(_("Choose what it was first"))
        elif not self.text.value().strip():
            self.yes_button.disable_with_reason(_("Write a few words first"))
        elif wrong:
            self.yes_button.disable_with_reason(_("Fix the times first"))
        else:
            self.yes_button.enable_with_label(_("Note it"))

    def _time_errors(self) -> dict[FormField, str]:
        """Return the sentence for a time that is none, or for an end that is not after the start."""
        wrong: dict[FormField, str] = {}
        minutes: dict[FormField, int] = {}
        for name, field in (("from", self.start), ("to", self.end)):
            text = _typed_time_text(field)
            try:
                if text:
                    minutes[field] = parse_clock_minutes(text)
            except ValueError:
                wrong[field] = error_sentence(RuleError("bad_value", field=name, value=text, why="not_a_time"))
        if len(minutes) == 2 and minutes[self.end] <= minutes[self.start]:
            wrong[self.end] = _("must be after {time}", time=_typed_time_text(self.start))
        return wrong

    def _emit_note_if_valid(self) -> None:
        if self.chosen_kind() and self.text.value().strip() and not self._time_errors():
            start, end = _typed_time_text(self.start), _typed_time_text(self.end)
            self.wanted.emit(TypedDayNote(self.chosen_kind(), self.text.value().strip(), start, end))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._emit_note_if_valid()
        else:
            super().keyPressEvent(event)

    def show_trouble(self, trouble: QueueDeskError) -> None:
        field = str(trouble.details.get("field", "")) if isinstance(trouble, RuleError) else ""
        if field in FIELDS:
            getattr(self, FIELDS[field]).set_error(error_sentence(trouble))
        else:
            self.trouble.show_refusal(error_sentence(trouble))

    def first_focus_widget(self) -> QWidget:
        return next(iter(self.kinds.values()))


def _typed_time_text(field: FormField) -> str:
    return field.value().strip().replace("：", ":")


class DayActDialogs(QObject):
    """Asks over `page`, has `desk` act, reports in `toast`; a refused dialog stays open and says why. `corrected` says
    that a ticket was corrected, `pushed` that a notice was taken, `push_refused` why one was not."""

    corrected = Signal()
    pushed = Signal()
    push_refused = Signal(object)

    def __init__(
        self, page: QWidget, controller: ManagerController, day_controller: AlertNoticeAndNoteController, toast: Toast
    ) -> None:
        super().__init__(page)
        self._page, self._controller, self._day_controller = page, controller, day_controller
        self._toast = toast
        self._look = controller.context.look
        # The dialog now open, if any.
        self.dialog: Dialog | None = None
        # The last one that says why it was refused.
        self._asking: Any = None
        self._correcting: Any = None
        day_controller.done.connect(self._close_and_report_done)
        day_controller.refused.connect(self._show_refusal)

    def connect_notices_page(self, notices: NoticesPage) -> None:
        self.pushed.connect(notices.reset_page)
        self.push_refused.connect(notices.show_trouble)
        self._day_controller.busy_changed.connect(notices.set_busy)
        notices.push_wanted.connect(self._day_controller.push_notice)
        notices.withdraw_wanted.connect(self._day_controller.withdraw_notice)

    def acknowledge_alert(self, alert: AlertText) -> None:
        self._day_controller.acknowledge_alert(alert)

    def open_day_notes(self) -> None:
        day = self._controller.business_date
        notes = [note for note in self._controller.hall_state.day_notes if note.day == day]
        dialog = DayNotesDialog(self._page, self._look, notes)
        dialog.wanted.connect(self._add_note)
        dialog.removal_wanted.connect(self._ask_note_removal)
        self._asking = dialog
        self._keep_and_open_dialog(dialog)

    def open_ticket_correction(self, ticket: Ticket, rating: Rating | None) -> None:
        if self._correcting is None:
            self._correcting = import_reference(correction_question_reference())(self._controller.context, self)
            self._correcting.done.connect(self._close_and_report_done)
            self._correcting.refused.connect(self._show_refusal)
        self._asking = self._correcting.make_correction_dialog(self._page, ticket, rating)
        self._keep_and_open_dialog(self._asking)

    def _keep_and_open_dialog(self, dialog: Dialog) -> None:
        self.dialog = dialog
        dialog.destroyed.connect(self._forget_closed_dialog)
        dialog.open_dialog()

    def _forget_closed_dialog(self, gone: QObject) -> None:
        if self.dialog is gone:
            self.dialog = None

    def _add_note(self, note: TypedDayNote) -> None:
        self._day_controller.add_note(note.kind, note.text, note.start, note.end)

    def _ask_note_removal(self, note: DayNote) -> None:
        question = ReasonDialog(
            self._page,
            self._look,
            title=_("Remove this note?"),
            effect=note_line_text(note),
            reasons=[(code, reason_words(code)) for code in REASONS["note"]],
            missing=_("Choose a reason first"),
            no=_("Leave it there"),
            yes=_("Remove it"),
        )
        question.done.connect(partial(self._day_controller.remove_note, note.seq))
        self._keep_and_open_dialog(question)

    def _close_and_report_done(self, verb: str, document: dict[str, Any]) -> None:
        if verb in ("add_note", "correct") and self.dialog is not None:
            self.dialog.close_dialog()
        if verb == "push":
            self.pushed.emit()
        if verb == "correct":
            self.corrected.emit()
        self._toast.show_toast(_done_message(verb, document))

    def _show_refusal(self, verb: str, trouble: QueueDeskError) -> None:
        is_open = self._asking is not None and self.dialog is self._asking
        if is_open:
            self._asking.show_trouble(trouble)
        elif verb == "push":
            self.push_refused.emit(trouble)
        else:
            self._toast.show_toast(error_sentence(trouble), icon="warning")


def _done_message(verb: str, document: dict[str, Any]) -> str:
    return {
        "acknowledge": _("Marked as seen by you"),
        "push": _("The notice will be on the displays at {time}", time=begins)
        if (begins := str(document.get("begins") or "")[11:16])
        else _("The notice is on the displays"),
        "withdraw": _("The notice is off the displays"),
        "add_note": _("Noted; it is on the day's chart"),
        "remove_note": _("The note is removed"),
        "correct": _("{ticket} is corrected", ticket=document.get("ticket", "")),
    }[verb]
