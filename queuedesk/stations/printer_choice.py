"""The printer of this PC: asked for in the ⋯ menu, kept, and used from the next slip on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import _, say
from queuedesk.printing.choice import NO_PRINTER, PICTURES
from queuedesk.stations.context import StationContext
from queuedesk.stations.page import MenuEntry
from queuedesk.stations.widgets.pick_dialog import Answer, PickDialog

FOLDER = "tickets"
MOST_IN_COLUMN = 5


@dataclass(frozen=True, slots=True)
class Found:
    """The system's printers, the one this PC prints on ("" for none), and where pictures would go."""

    names: tuple[str, ...]
    now: str
    folder: str

    @property
    def is_ready(self) -> bool:
        """Whether what was chosen is there; whether it prints only printing shows."""
        return self.now.startswith(PICTURES) or self.now in self.names


def printer_word(printer: str) -> str:
    """Return how a printer is called, also where it is none of the system's."""
    if printer == NO_PRINTER:
        return _("No printer")
    if printer.startswith(PICTURES):
        return _("PNG pictures in {folder}", folder=printer.removeprefix(PICTURES))
    return printer


class PrinterChoice(QObject):
    """Asks over `page` which printer this PC uses.

    `chosen` gives it once it is kept; `said` a sentence with its icon. What is lent: printers, printer, choose_printer, folder.
    """

    chosen = Signal(str)
    said = Signal(str, str)

    def __init__(self, page: QWidget, context: StationContext) -> None:
        super().__init__(page)
        self._page, self._context = page, context
        self._is_asking = False

    def menu_entries(self) -> list[MenuEntry]:
        """Return the line of the ⋯ menu; none where nothing can print."""
        return [MenuEntry(_("Printer"), self.ask)] if "choose_printer" in self._context.tools else []

    def ask(self) -> None:
        """Ask the system what there is, off the GUI thread, then the person."""
        if not self._is_asking:
            self._is_asking = True
            self._context.tasks.run_long(self._look, self._offer, self._failed)

    def _look(self) -> Found:
        tools = self._context.tools
        return Found(tuple(tools["printers"]()), tools["printer"](), str(tools["folder"](FOLDER)))

    def _offer(self, found: Found) -> None:
        self._is_asking = False
        pictures = found.now if found.now.startswith(PICTURES) else f"{PICTURES}{found.folder}"
        gone = found.now and found.now != NO_PRINTER and not found.is_ready
        answers = [Answer(name, name, self._second(name, found.now)) for name in found.names]
        if gone:
            answers.append(Answer(found.now, found.now, _("chosen, but not found"), open=False))
        answers.append(Answer(NO_PRINTER, printer_word(NO_PRINTER), self._second(NO_PRINTER, found.now)))
        second = self._second(pictures, found.now) or _("to try things out")
        answers.append(Answer(pictures, _("PNG pictures in a folder"), second))
        question = PickDialog(
            self._page,
            self._context.look,
            title=_("Which printer does this PC use?"),
            effect="" if found.names else _("The system knows no printer yet."),
            answers=answers,
            no=_("As it is"),
            in_column=len(answers) <= MOST_IN_COLUMN,
        )
        question.picked.connect(self._choose)
        question.open_dialog()

    @staticmethod
    def _second(printer: str, now: str) -> str:
        return _("used now") if printer == now else ""

    def _choose(self, printer: str) -> None:
        keep: Callable[[str], Any] = self._context.tools["choose_printer"]
        self._context.tasks.run_long(partial(keep, printer), partial(self._kept, printer), self._failed)

    def _kept(self, printer: str, _answer: object) -> None:
        self._context.options = {**self._context.options, "printer": printer}
        self.chosen.emit(printer)
        self.said.emit(_("Printer of this PC: {printer}", printer=printer_word(printer)), "print")

    def _failed(self, trouble: QueueDeskError) -> None:
        self._is_asking = False
        self.said.emit(say(trouble), "warning")
