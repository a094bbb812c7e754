"""Notes what a customer says to somebody of the hall: words, what they are, and whether they are about a ticket."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.quality.case import CLASSES
from queuedesk.core.queue import hallday
from queuedesk.i18n import _, say
from queuedesk.i18n.quality.comment_words import comment_class
from queuedesk.stations.manager.parts.inputs import TextArea
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from queuedesk.stations.widgets.panels import EvenGrid
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.questions.forms import ErrorLine, FormField
from queuedesk.stations.window.page import page_of
from queuedesk.stations.window.style import Look

ROWS = 3


class SpokenDialog(Dialog):
    """`wanted` gives the words, what they are, and a ticket's number or "". It stays open until it is noted: `done`."""

    wanted = Signal(str, str, str)
    done = Signal()

    def __init__(self, host: QWidget, look: Look, ticket: str = "") -> None:
        super().__init__(
            host,
            look,
            title=_("What does the customer say?"),
            effect=_("Only managers read it. Please leave out names and ID numbers."),
            width=640,
        )
        self.text = TextArea(self.look, ROWS)
        self.body.addWidget(FormField(self.look, _("In the customer's words"), edit=self.text, has_line=False))
        self.kinds: dict[str, ToggleChoice] = {}
        grid = EvenGrid(self.look, gap=8)
        for klass in CLASSES:
            choice = ToggleChoice(self.look, comment_class(klass), height=52, px=17)
            choice.setAutoExclusive(True)
            choice.clicked.connect(self._show)
            self.kinds[klass] = choice
        grid.set_widgets(list(self.kinds.values()))
        self.body.addWidget(grid)
        self.ticket = FormField(self.look, _("The ticket's number"), hint=_("optional"))
        self.ticket.set_value(ticket)
        self.body.addWidget(self.ticket)
        self.trouble = ErrorLine(self.look)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.put_answers(_("Don't note it"), "", self._do)
        self.text.typed.connect(self._show)
        self.ticket.edited.connect(self._show)
        self._show()

    def klass(self) -> str:
        """Return what it is, "" while nothing is chosen."""
        return next((code for code, choice in self.kinds.items() if choice.isChecked()), "")

    def _show(self, _edited: object = None) -> None:
        self.trouble.hide()
        if not self.text.text().strip():
            self.yes_button.block(_("Write a few words first"))
        elif not self.klass():
            self.yes_button.block(_("Choose what kind it is first"))
        else:
            self.yes_button.allow(_("Note it for the manager"))

    def _do(self) -> None:
        typed = self.ticket.value().strip().upper()
        found = hallday.parts(typed) if len(typed) <= 12 else None
        self.wanted.emit(self.text.text().strip(), self.klass(), hallday.label(*found) if found else typed)

    def show_trouble(self, trouble: QueueDeskError) -> None:
        """Show why it was not noted."""
        self.trouble.refuse(say(trouble))
        self.trouble.show()

    def first_focus(self) -> QWidget:
        return self.text


Note = Callable[[tuple[str, str, str], Callable[[], None], Callable[[QueueDeskError], None]], None]
"""Notes words, what they are, and a number or ""; then calls the one or the other."""


class SpokenComments(QObject):
    """Asks over `page`'s station and notes the answer; `said` is what was done, with an icon."""

    said = Signal(str, str)

    def __init__(
        self,
        page: QWidget,
        look: Look,
        note: Note,
        *,
        host: Callable[[], QWidget] | None = None,
        put: Callable[[Dialog], None] = Dialog.open_dialog,
    ) -> None:
        """`host` gives what the question stands over, `put` opens it where the page has one at a time."""
        super().__init__(page)
        self._look, self._note_down, self._put = look, note, put
        self._host = host or (lambda: page_of(page) or page.window())
        self.dialog: SpokenDialog | None = None

    def open_dialog(self, ticket: str = "") -> None:
        """Ask what the customer says; `ticket` stands in the field of the number."""
        dialog = SpokenDialog(self._host(), self._look, ticket)
        dialog.wanted.connect(self._note)
        dialog.destroyed.connect(self._forget)
        self.dialog = dialog
        self._put(dialog)

    def _forget(self) -> None:
        self.dialog = None

    def _note(self, text: str, klass: str, ticket: str) -> None:
        self._note_down((text, klass, ticket), self._noted, self._refused)

    def _noted(self) -> None:
        if self.dialog is not None:
            dialog = self.dialog
            dialog.close_dialog()
            dialog.done.emit()
        self.said.emit(_("Noted for the manager."), "check")

    def _refused(self, trouble: QueueDeskError) -> None:
        if self.dialog is not None:
            self.dialog.show_trouble(trouble)
        else:
            self.said.emit(say(trouble), "warning")
