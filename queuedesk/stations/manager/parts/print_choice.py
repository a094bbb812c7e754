"""Beside Save and Print: the printer of this PC for reports and which pages it prints, both kept for the next time."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.figures.periods import Pages
from queuedesk.i18n import _
from queuedesk.stations.acts.printer_choice import printer_word
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.questions.forms import DropDown
from queuedesk.stations.window.context import StationContext

PRINTER_LETTERS = 12


class PrintChoice(QWidget):
    """`known` says that the printers were looked up, or that another one was chosen; `pages_changed` that other pages
    were; `failed` what went wrong with storing it."""

    known = Signal()
    pages_changed = Signal()
    failed = Signal(object)

    def __init__(self, context: StationContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._found: Mapping[str, Any] | None = None
        look = context.look
        self.printers = DropDown(look).share_width(PRINTER_LETTERS)
        self.printers.setAccessibleName(_("Printer for reports"))
        self.page_choice = DropDown(look)
        self.page_choice.setToolTip(_("The last pages are for managers; “All pages” includes them."))
        self.page_choice.setAccessibleName(_("Which pages to save and print"))
        named = {Pages.SUMMARY: _("Summary"), Pages.ANNEX: _("With the annex"), Pages.ALL: _("All pages")}
        for pages in Pages:
            self.page_choice.addItem(named[pages], pages)
        row = QHBoxLayout(self)
        spread(look, row, spacing=12)
        row.addWidget(self.printers)
        row.addWidget(self.page_choice)
        self.printers.hide()
        self.printers.activated.connect(self._choose)
        self.page_choice.activated.connect(self._choose_pages)
        look.changed.connect(self.restyle)
        self.restyle()

    @property
    def printer(self) -> str:
        """The printer for reports, "" for the usual one."""
        return str(self.printers.currentData() or "")

    @property
    def pages(self) -> Pages:
        """Which pages are shown, saved and printed; all of a paper that has no annex."""
        return Pages.ALL if self.page_choice.isHidden() else Pages(self.page_choice.currentData())

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
        self._show_pages(found["pages"])
        self.known.emit()

    def _unknown(self, _trouble: QueueDeskError) -> None:
        self._show({"names": [], "chosen": "", "usual": "", "pages": self.page_choice.currentData()})

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

    def _show_pages(self, pages: Pages) -> None:
        at = self.page_choice.findData(pages)
        if at != self.page_choice.currentIndex():
            self.page_choice.setCurrentIndex(at)
            self.pages_changed.emit()

    def _choose_pages(self) -> None:
        self.pages_changed.emit()
        if (sheets := self._context.services.sheet_printer) is not None:
            work = partial(sheets.choose_report_pages, Pages(self.page_choice.currentData()))
            self._context.tasks.run_long(work, lambda _done: None, self._not_kept)

    def _not_kept(self, trouble: QueueDeskError) -> None:
        self._fill()
        self.failed.emit(trouble)

    def restyle(self) -> None:
        """Follow the text size."""
        for choice in (self.printers, self.page_choice):
            choice.setFont(self._context.look.font(17))
