"""Beside Save and Print: the printer of this PC for reports, kept for the next time, and whether the page for managers
goes along."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import _
from queuedesk.stations.acts.printer_choice import printer_word
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.questions.forms import DropDown
from queuedesk.stations.window.context import StationContext

WALL, ALL = "wall", "all"
PRINTER_LETTERS = 12


class PrintChoice(QWidget):
    """`known` says that the printers were looked up, or that another one was chosen; `failed` what went wrong with
    storing it."""

    known = Signal()
    failed = Signal(object)

    def __init__(self, context: StationContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._found: Mapping[str, Any] | None = None
        look = context.look
        self.printers = DropDown(look).share_width(PRINTER_LETTERS)
        self.pages = DropDown(look)
        for what in (WALL, ALL):
            self.pages.addItem("", what)
        row = QHBoxLayout(self)
        spread(look, row, spacing=12)
        row.addWidget(self.printers)
        row.addWidget(self.pages)
        self.printers.hide()
        self.printers.activated.connect(self._choose)
        look.changed.connect(self.restyle)
        self.restyle()

    @property
    def printer(self) -> str:
        """The printer for reports, "" for the usual one."""
        return str(self.printers.currentData() or "")

    @property
    def wall_only(self) -> bool:
        """Whether the page for managers is left out; always False for a paper without one."""
        return not self.pages.isHidden() and self.pages.currentData() == WALL

    @property
    def is_missing(self) -> bool:
        """Whether it is known that this PC has no printer for reports."""
        return self._found is not None and not self._found["chosen"]

    @property
    def has_none(self) -> bool:
        """Whether it is known that there is no printer to choose from."""
        return self._found is not None and not self._found["names"] and not self._found["chosen"]

    def look_up(self) -> None:
        """Ask the system for its printers, in the background."""
        if (sheets := self._context.services.sheet_printer) is not None:
            self._context.tasks.run_long(sheets.report_printers, self._show, self._unknown, may_drop=True)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look_up()  # Another page, or another process, may have chosen since.

    def _show(self, found: Mapping[str, Any]) -> None:
        self._found = found
        self._fill()
        self.known.emit()

    def _unknown(self, _trouble: QueueDeskError) -> None:
        self._show({"names": [], "chosen": "", "usual": ""})

    def _fill(self) -> None:
        if self._found is None:
            return
        names, chosen, usual = list(self._found["names"]), self._found["chosen"], self._found["usual"]
        if chosen and chosen not in names:
            names.append(chosen)
        self.printers.clear()
        none = _("Usual: {printer}", printer=printer_word(usual)) if usual else _("No printer chosen")
        self.printers.addItem(none, "")
        for name in names:
            self.printers.addItem(printer_word(name), name)
        self.printers.setCurrentIndex(max(0, self.printers.findData(chosen)))
        self.printers.setToolTip(self.printers.currentText())
        self.printers.setVisible(bool(names))

    def _choose(self) -> None:
        if (sheets := self._context.services.sheet_printer) is not None:
            work = partial(sheets.choose_report_printer, self.printer)
            self._context.tasks.run_long(work, lambda _done: self.look_up(), self._not_kept)

    def _not_kept(self, trouble: QueueDeskError) -> None:
        self._fill()
        self.failed.emit(trouble)

    def restyle(self) -> None:
        """Follow the text size."""
        for choice in (self.printers, self.pages):
            choice.setFont(self._context.look.font(17))

    def retranslate(self) -> None:
        for what, word in ((WALL, _("For the wall")), (ALL, _("All pages"))):
            self.pages.setItemText(self.pages.findData(what), word)
        self.pages.setAccessibleName(_("Which pages to save and print"))
        self.pages.setToolTip(_("The last page is for managers; “All pages” includes it."))
        self.printers.setAccessibleName(_("Printer for reports"))
        self._fill()
