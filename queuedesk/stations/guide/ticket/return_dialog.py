"""What a customer comes back for: an earlier ticket by its code, or by number and day; or a reference from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, day_staff
from queuedesk.stations.guide.screen_keys import ScreenKeys
from queuedesk.stations.guide.ticket.return_texts import ticket_typed
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.questions.forms import ErrorLine, FormField
from queuedesk.stations.window.style import Look

DAYS_SEEN = 8
KEY_PITCH = 56  # drawn px from one row of keys to the next


class ReturnDialog(Dialog):
    """`ticket_given` carries number and date and leaves the dialog open until it is known; `reference_given` closes it."""

    ticket_given = Signal(str, object)
    reference_given = Signal(str)

    def __init__(self, host: QWidget, look: Look, setup: Setup, days: Sequence[date]) -> None:
        effect = _("Scan the code of the earlier ticket, or write it here.")
        super().__init__(host, look, title=_("What do they come back for?"), effect=effect, width=880)
        self._setup, self._days = setup, list(days)
        self.number = FormField(self.look, _("Its number"), hint=_("with its letter, such as B012"))
        self.day = FormField(self.look, _("Of which day"), edit=QComboBox())
        self.reference = FormField(self.look, _("Or a reference"), hint=_("of a case or form"))
        line = QHBoxLayout()
        spread(self.look, line, spacing=16)
        for field, share in ((self.number, 3), (self.day, 2), (self.reference, 3)):
            line.addWidget(field, share)
        self.body.addLayout(line)
        self.trouble = ErrorLine(self.look)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.days.addItems([day_staff(day) for day in self._days])
        self.days.setMaxVisibleItems(DAYS_SEEN)
        self.keys = ScreenKeys(self.look)
        self.keys.set_words(_("Delete", context="key"), _("Clear", context="key"))
        self.keys.show_letters()
        self.keys.fit(self.keys.rows() * KEY_PITCH)
        self.body.addWidget(self.keys)
        self._target = self.number
        self.keys.typed.connect(self._type)
        self.keys.deleted.connect(self._delete)
        self.no_button = SecondaryButton(self.look, _("Back"), key="Esc", height=56, px=18)
        self.yes_button = PrimaryButton(self.look, "", height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.yes_button.clicked.connect(self._do)
        self.buttons.addWidget(self.no_button)
        self.buttons.addWidget(self.yes_button)
        for field in (self.number, self.reference):
            field.edit.installEventFilter(self)
            edit = field.edit
            if isinstance(edit, QLineEdit):
                edit.textChanged.connect(self._show)
        self.days.currentIndexChanged.connect(self._show)
        self._show()

    @property
    def days(self) -> QComboBox:
        edit = self.day.edit
        assert isinstance(edit, QComboBox)
        return edit

    def label(self) -> str:
        """Return the number typed, "" while it is none."""
        return ticket_typed(self._setup, self.number.value())

    def show_trouble(self, sentence: str) -> None:
        """Say why the earlier ticket can't be taken."""
        self.trouble.say(sentence, refused=True)
        self.trouble.show()

    def first_focus(self) -> QWidget:
        return self.number.edit

    def _show(self) -> None:
        self.trouble.hide()
        if self.label():
            self.yes_button.allow(_("Link {ticket}", ticket=self.label()))
        elif self.number.value().strip():
            self.yes_button.block(_("Write letter and number"))
        elif self.reference.value().strip():
            self.yes_button.allow(_("Link the reference"))
        else:
            self.yes_button.block(_("Write one of the two first"))

    def _do(self) -> None:
        ref = self.reference.value().strip()
        if self.label():
            self.ticket_given.emit(self.label(), self._days[self.days.currentIndex()])
        elif ref and not self.number.value().strip():
            self.close_dialog()
            self.reference_given.emit(ref)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._do()
        else:
            super().keyPressEvent(event)

    # -- the screen's own keys ----------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            for field in (self.number, self.reference):
                if watched is field.edit:
                    self._target = field
        return super().eventFilter(watched, event)

    def _type(self, sign: str) -> None:
        edit = self._target.edit
        if isinstance(edit, QLineEdit):
            edit.insert(sign.upper() if self._target is self.number else sign)

    def _delete(self) -> None:
        edit = self._target.edit
        if isinstance(edit, QLineEdit):
            edit.backspace()
