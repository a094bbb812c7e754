"""A receipt printer is told how it prints, and tried out before it is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from queuedesk.core.errors import RuleError
from queuedesk.core.imports.half_width import half_width
from queuedesk.i18n import _
from queuedesk.printing.choice import (
    BAUDS,
    ESCPOS,
    FULL,
    NET,
    NONE,
    PART,
    SERIAL,
    USUAL_FEED,
    WIDTHS,
    ReceiptPrinter,
    read_receipt_printer,
)
from queuedesk.stations.manager.parts.page_head import DropDown
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.questions.forms import ErrorLine, FormField
from queuedesk.stations.window.style import Look

FEEDS = (0, 2, USUAL_FEED, 6, 8, 10)
LINE_MM = 25.4 / 6


class ReceiptDialog(Dialog):
    """Asks how `printer` prints; its place is typed where it is on the network.

    `tried` gives the choice that a test slip is wanted from, `chosen` the one to use from now on.
    """

    tried = Signal(str)
    chosen = Signal(str)

    def __init__(self, host: QWidget, look: Look, printer: ReceiptPrinter, *, title: str) -> None:
        super().__init__(host, look, title=title, width=640)
        self._printer = printer
        self.address: FormField | None = None
        if printer.cable == NET:
            hint = _("such as 192.168.1.50; most printers print theirs when switched on with the feed key held down")
            self.address = FormField(self.look, _("Address on the network"), hint=hint)
            self.address.set_value(printer.address)
            self.address.edited.connect(self._typed)
            self.body.addWidget(self.address)
        self.baud = self._box([(str(baud), baud) for baud in BAUDS], printer.number)
        self.width_box = self._box([(_("80 mm"), WIDTHS[0]), (_("58 mm"), WIDTHS[1])], printer.width)
        cuts = [
            (_("whole", context="cut"), FULL),
            (_("but for a bridge", context="cut"), PART),
            (_("torn by hand", context="cut"), NONE),
        ]
        self.cut = self._box(cuts, printer.cut)
        feeds = sorted({*FEEDS, printer.feed})
        self.feed = self._box([(_("{n} mm", n=round(feed * LINE_MM)), feed) for feed in feeds], printer.feed)
        rows = [
            (_("Width of the roll"), self.width_box),
            (_("Cut", context="printer"), self.cut),
            (_("Paper before the cut"), self.feed),
        ]
        if printer.cable == SERIAL:
            rows.insert(0, (_("Bits a second"), self.baud))
        else:
            self.baud.setParent(self)
            self.baud.hide()
        across = 3 if len(rows) == 3 else 2
        for first in range(0, len(rows), across):
            line = QHBoxLayout()
            spread(self.look, line, spacing=12)
            for word, box in rows[first : first + across]:
                line.addWidget(FormField(self.look, word, edit=box))
            self.body.addLayout(line)
        self.result = ErrorLine(self.look)
        self.body.addWidget(self.result)
        self.no_button = SecondaryButton(self.look, _("Back"), key="Esc", height=56, px=18)
        self.try_button = SecondaryButton(self.look, _("Print a test slip"), icon="print", height=56, px=18)
        self.use_button = PrimaryButton(self.look, _("Use this printer"), height=56, px=18)
        for button, press in (
            (self.no_button, self.refuse),
            (self.try_button, self._try),
            (self.use_button, self._use),
        ):
            button.clicked.connect(press)
            self.buttons.addWidget(button)

    def first_focus(self) -> QWidget:
        return self.address.edit if self.address is not None else self.try_button

    def say(self, text: str, *, refused: bool) -> None:
        """Say how the test went; the keys can be pressed again."""
        self.try_button.set_busy(False)
        self.result.say(text, refused=refused)

    def choice(self) -> str:
        """Return what is chosen now. Raises RuleError "bad_printer"."""
        printer = replace(
            self._printer,
            number=self.baud.currentData() if self._printer.cable == SERIAL else self._printer.number,
            width=self.width_box.currentData(),
            cut=self.cut.currentData(),
            feed=self.feed.currentData(),
        )
        if self.address is not None:
            typed = read_receipt_printer(f"{ESCPOS}{NET}:{half_width(self.address.value()).strip()}")
            printer = replace(printer, place=typed.place, number=typed.number)
        return printer.choice

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._try()
            event.accept()
        else:
            super().keyPressEvent(event)

    def _box(self, rows: Sequence[tuple[str, object]], now: object) -> DropDown:
        box = DropDown(self.look).share_width(5)
        for word, value in rows:
            box.addItem(word, value)
        box.setCurrentIndex(max(0, box.findData(now)))
        return box

    def _typed(self) -> None:
        if self.address is not None:
            self.address.set_error("")
        self.result.say("", refused=False)

    def _named(self) -> str:
        """Return the choice, "" after saying what is wrong with it."""
        try:
            return self.choice()
        except RuleError:
            field = self.address
            if field is not None:
                field.set_error(_("Please type the printer's address, such as 192.168.1.50."))
                if isinstance(field.edit, QLineEdit):
                    field.edit.setFocus()
            return ""

    def _try(self) -> None:
        if not self.try_button.is_busy() and (choice := self._named()):
            self.result.say("", refused=False)
            self.try_button.set_busy(True)
            self.tried.emit(choice)

    def _use(self) -> None:
        if choice := self._named():
            self.close_dialog()
            self.chosen.emit(choice)
