"""Notes by reference number at front desk and counters: a number is typed, its notes are shown, another is kept, one is
deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import zip_longest
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.imports import half_width_text
from queuedesk.desk.change import Document
from queuedesk.desk.quality import thanking
from queuedesk.i18n import _, date_long, error_sentence
from queuedesk.stations.talk import FeatureTalkExtension
from queuedesk.stations.widgets.buttons import SecondaryButton, TextButton
from queuedesk.stations.widgets.panels import Label, set_scaled_margins
from queuedesk.stations.widgets.questions.dialogs import Dialog, ErrorLine, FormField
from queuedesk.stations.window.context import ServiceDocument
from queuedesk.stations.window.frame import MenuEntry
from queuedesk.stations.window.style import Look

LOOK, KEEP, DECLINE, DELETE = "look", "keep", "decline", "delete"
"""What is done with notes."""

LONGEST = 200
FOR_DAYS = 365
SHOWN = 4
Do = Callable[[str, dict[str, Any], Callable[[Any], None], Callable[[QueueDeskError], None]], None]
"""Does one of the four with its words, then calls the one or the other: `LOOK` gives the notes on a number."""


class _NoteRow(QWidget):
    """A note with the key that deletes it."""

    def __init__(self, look: Look, delete: Callable[[str], object]) -> None:
        super().__init__()
        self._note = ""
        self.text = Label(look, px=16, wrap=True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.button = TextButton(look, _("Delete"), height=44, px=15)
        self.button.clicked.connect(lambda: delete(self._note))
        line = QHBoxLayout(self)
        set_scaled_margins(look, line, spacing=12)
        line.addWidget(self.text, 1)
        line.addWidget(self.button)
        self.hide()

    def show_note(self, note: ServiceDocument | None) -> None:
        self.setVisible(note is not None)
        if note is not None:
            self._note = note["note"]
            until = _("until {date}", date=date_long(date.fromisoformat(note["until"])))
            self.text.setText(f"{note['words']} · {until}")
            self.button.setAccessibleName(_("Delete the note: {words}", words=note["words"]))


class ReferenceNotesDialog(Dialog):
    """Stays open until it is left, so `done` never comes. `do` does what is asked; with a `number` its notes are shown
    at once."""

    done = Signal()

    def __init__(self, host: QWidget, look: Look, today: date, do: Do, *, number: str = "") -> None:
        effect = _("Only with the customer's consent. The number itself is not kept; a note is deleted after its date.")
        super().__init__(host, look, title=_("Notes by reference number"), effect=effect, width=680)
        self._do_it, self._looked = do, ""
        self.number = FormField(self.look, _("The customer's number"), hint=_("such as an account number"))
        self.look_button = SecondaryButton(self.look, _("Look", context="notes"), height=48)
        self.look_button.clicked.connect(self.search_notes_on_typed_number)
        line = QHBoxLayout()
        set_scaled_margins(self.look, line, spacing=12)
        line.addWidget(self.number, 1)
        line.addWidget(self.look_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(line)
        self.found = Label(self.look, px=16, bold=True, wrap=True)
        self.found.hide()
        self.body.addWidget(self.found)
        self.rows = [_NoteRow(self.look, self._delete_note) for _row in range(SHOWN)]
        for row in self.rows:
            self.body.addWidget(row)
        self.words = FormField(self.look, _("New note"))
        self.until = FormField(self.look, _("Keep it until"), hint=_("such as 2026-11-20"))
        self.until.set_value((today + timedelta(days=FOR_DAYS)).isoformat())
        new = QHBoxLayout()
        set_scaled_margins(self.look, new, spacing=12)
        new.addWidget(self.words, 2)
        new.addWidget(self.until, 1)
        self.body.addLayout(new)
        self.trouble = ErrorLine(self.look)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.decline_button = TextButton(self.look, _("Asked, does not want one"), height=56, px=17)
        self.decline_button.clicked.connect(partial(self._run_act, DECLINE))
        self.buttons.insertWidget(0, self.decline_button)
        self.add_answer_buttons(_("Back"), "", self.keep_note)
        self.number.edited.connect(self._update_buttons)
        self.words.edited.connect(self._update_buttons)
        self.number.set_value(number)
        self._update_buttons()
        if number:
            self.search_notes_on_typed_number()

    def first_focus_widget(self) -> QWidget:
        return self.number.edit

    def search_notes_on_typed_number(self) -> None:
        """Show the notes on the number that is typed."""
        self._looked = self._typed_number
        self._run_act(LOOK, ref=self._looked)

    def keep_note(self) -> None:
        """Keep what is typed, if its date can be read."""
        try:
            until = date.fromisoformat(half_width_text(self.until.value()).strip())
        except ValueError:
            self.until.set_error(_("A date such as 2026-11-20"))
            return
        self.until.set_error("")
        self._looked = self._typed_number
        self._run_act(KEEP, ref=self._looked, words=self.words.value().strip(), until=until)

    @property
    def _typed_number(self) -> str:
        return half_width_text(self.number.value()).strip()

    def _run_act(self, what: str, **words: Any) -> None:
        self.trouble.hide()
        self._do_it(what, words, partial(self._handle_act_answer, what), self._show_refusal)

    def _handle_act_answer(self, what: str, answer: Any) -> None:
        if what == LOOK:
            self.show_notes(answer)
            return
        if what == KEEP:
            self.words.set_value("")
            self._update_buttons()
        if what == DECLINE:
            self._show_status_text(_("Noted: asked, and none wanted."))
        else:
            self._run_act(LOOK, ref=self._looked)

    def _show_refusal(self, trouble: QueueDeskError) -> None:
        self.trouble.show_refusal(error_sentence(trouble))

    def show_notes(self, notes: Sequence[ServiceDocument]) -> None:
        """Show the notes on the number that was looked for."""
        self._show_status_text(_("On this number:") if notes else _("No note on this number."))
        for row, note in zip_longest(self.rows, notes[:SHOWN]):
            row.show_note(note)
        self._fit_to_host()

    def _show_status_text(self, text: str) -> None:
        self.found.setText(text)
        self.found.show()

    def _delete_note(self, note: str) -> None:
        self._run_act(DELETE, note=note)

    def _update_buttons(self, _edited: object = None) -> None:
        self.look_button.setEnabled(bool(self._typed_number))
        if not self._typed_number:
            self.yes_button.disable_with_reason(_("Type the number first"))
        elif not self.words.value().strip():
            self.yes_button.disable_with_reason(_("Write a note first"))
        else:
            self.yes_button.enable_with_label(_("The customer agrees: save it"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.number.edit.hasFocus() and self._typed_number:
            self.search_notes_on_typed_number()
        else:
            super().keyPressEvent(event)


class NotesTalkPart(FeatureTalkExtension):
    """Asks for a customer's number and shows the notes on it, where the hall keeps any."""

    @property
    def _are_reference_notes_on(self) -> bool:
        return self.context.feed.setup.is_rule_on("reference_notes")

    def customer_menu_entries(self) -> list[MenuEntry]:
        if not self._are_reference_notes_on:
            return []
        return [MenuEntry(_("Notes by reference number"), self._open_notes_dialog, enabled=self.talking.can_be_used)]

    def look_up_notes(self, ref: str) -> None:
        """Show the notes on a reference, if there are any."""
        if self._are_reference_notes_on:
            self._run_note_act(LOOK, {"ref": ref}, partial(self._open_notes_if_any, ref), self._ignore_lookup_refusal)

    def _open_notes_if_any(self, ref: str, notes: list[Document]) -> None:
        if notes:
            self._open_notes_dialog(ref)

    def _ignore_lookup_refusal(self, _trouble: QueueDeskError) -> None:
        """A reference too short or too long to have a note is one all the same."""

    def _open_notes_dialog(self, number: str = "") -> None:
        # seldom needed, a station starts sooner

        context, talking = self.context, self.talking
        talking.put(
            ReferenceNotesDialog(
                talking.host(), context.look, context.feed.business_date, self._run_note_act, number=number
            )
        )

    def _run_note_act(
        self, what: str, words: dict[str, Any], done: Callable[[Any], None], refused: Callable[[QueueDeskError], None]
    ) -> None:
        desk, ask = self.context.desk, self.context.new_ask()
        acts: dict[str, Callable[..., Any]] = {
            LOOK: thanking.customer_notes_for_reference,
            KEEP: thanking.add_customer_note,
            DECLINE: thanking.record_customer_declined_note,
            DELETE: thanking.delete_note_about_customer,
        }
        self.context.tasks.run(lambda: acts[what](desk, ask, **words), done, refused)
