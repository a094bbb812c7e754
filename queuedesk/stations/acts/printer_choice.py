"""The printer of this PC: asked for in the ⋯ menu, tried out, kept, and used from the next slip on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.imports import half_width_text
from queuedesk.i18n import _, error_sentence
from queuedesk.i18n.talk import device_down_cause_words
from queuedesk.printing import spooler as printer_choice
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.panels import set_scaled_margins
from queuedesk.stations.widgets.questions import dialogs
from queuedesk.stations.window.context import ServiceDocument, StationServices, WorkLanes
from queuedesk.stations.window.frame import MenuEntry
from queuedesk.stations.window.style import Look

# -- how a receipt printer prints ----------------------------------------------------------------------------------

FEEDS = (0, 2, printer_choice.USUAL_FEED, 6, 8, 10)
LINE_MM = 25.4 / 6


class ReceiptPrinterDialog(dialogs.Dialog):
    """Asks what kind of printer `printer` is; its address is typed if it is on the network. `tried` gives the choice to
    test with a slip, `chosen` the one to use from now on."""

    tried = Signal(str)
    chosen = Signal(str)

    def __init__(self, host: QWidget, look: Look, printer: printer_choice.ReceiptPrinter, *, title: str) -> None:
        super().__init__(host, look, title=title, width=640)
        self._printer = printer
        self.address: dialogs.FormField | None = None
        if printer.cable == printer_choice.NET:
            hint = _("such as 192.168.1.50; most printers print theirs when switched on with the feed button held down")
            self.address = dialogs.FormField(self.look, _("Address on the network"), hint=hint)
            self.address.set_value(printer.address)
            self.address.edited.connect(self._clear_error_and_result)
            self.body.addWidget(self.address)
        self.baud = self._make_value_drop_down([(str(baud), baud) for baud in printer_choice.BAUDS], printer.number)
        self.width_box = self._make_value_drop_down(
            [(_("80 mm"), printer_choice.WIDTHS[0]), (_("58 mm"), printer_choice.WIDTHS[1])], printer.width
        )
        cuts = [
            (_("whole", context="cut"), printer_choice.FULL),
            (_("partial (leaves a bridge)", context="cut"), printer_choice.PART),
            (_("torn by hand", context="cut"), printer_choice.NONE),
        ]
        self.cut = self._make_value_drop_down(cuts, printer.cut)
        feeds = sorted({*FEEDS, printer.feed})
        self.feed = self._make_value_drop_down(
            [(_("{n} mm", n=round(feed * LINE_MM)), feed) for feed in feeds], printer.feed
        )
        rows = [
            (_("Width of the roll"), self.width_box),
            (_("Cut", context="printer"), self.cut),
            (_("Paper before the cut"), self.feed),
        ]
        if printer.cable == printer_choice.SERIAL:
            rows.insert(0, (_("Baud rate"), self.baud))
        else:
            self.baud.setParent(self)
            self.baud.hide()
        across = 3 if len(rows) == 3 else 2
        for first in range(0, len(rows), across):
            line = QHBoxLayout()
            set_scaled_margins(self.look, line, spacing=12)
            for word, box in rows[first : first + across]:
                line.addWidget(dialogs.FormField(self.look, word, edit=box))
            self.body.addLayout(line)
        self.result = dialogs.ErrorLine(self.look)
        self.body.addWidget(self.result)
        self.no_button = SecondaryButton(self.look, _("Back"), key="Esc", height=56, px=18)
        self.try_button = SecondaryButton(self.look, _("Print a test slip"), icon="print", height=56, px=18)
        self.use_button = PrimaryButton(self.look, _("Use this printer"), height=56, px=18)
        for button, press in (
            (self.no_button, self.refuse),
            (self.try_button, self._request_test_print),
            (self.use_button, self._close_and_emit_choice),
        ):
            button.clicked.connect(press)
            self.buttons.addWidget(button)

    def first_focus_widget(self) -> QWidget:
        return self.address.edit if self.address is not None else self.try_button

    def show_result(self, text: str, *, refused: bool) -> None:
        self.try_button.set_busy(False)
        self.result.show_message(text, refused=refused)

    def current_choice(self) -> str:
        """Return the current choice. Raises RuleError "bad_printer"."""
        printer = replace(
            self._printer,
            number=self.baud.currentData() if self._printer.cable == printer_choice.SERIAL else self._printer.number,
            width=self.width_box.currentData(),
            cut=self.cut.currentData(),
            feed=self.feed.currentData(),
        )
        if self.address is not None:
            typed = printer_choice.parse_receipt_printer_choice(
                f"{printer_choice.ESCPOS}{printer_choice.NET}:{half_width_text(self.address.value()).strip()}"
            )
            printer = replace(printer, place=typed.place, number=typed.number)
        return printer.choice_text

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._request_test_print()
            event.accept()
        else:
            super().keyPressEvent(event)

    def _make_value_drop_down(self, rows: Sequence[tuple[str, object]], now: object) -> dialogs.DropDown:
        box = dialogs.DropDown(self.look).set_minimum_letters(5)
        for word, value in rows:
            box.addItem(word, value)
        box.setCurrentIndex(max(0, box.findData(now)))
        return box

    def _clear_error_and_result(self) -> None:
        if self.address is not None:
            self.address.set_error("")
        self.result.show_message("", refused=False)

    def _choice_or_empty_after_showing_fault(self) -> str:
        """Return the choice, "" after saying what is wrong with it."""
        try:
            return self.current_choice()
        except RuleError:
            field = self.address
            if field is not None:
                field.set_error(_("Please type the printer's address, such as 192.168.1.50."))
                if isinstance(field.edit, QLineEdit):
                    field.edit.setFocus()
            return ""

    def _request_test_print(self) -> None:
        if not self.try_button.is_busy() and (choice := self._choice_or_empty_after_showing_fault()):
            self.result.show_message("", refused=False)
            self.try_button.set_busy(True)
            self.tried.emit(choice)

    def _close_and_emit_choice(self) -> None:
        if choice := self._choice_or_empty_after_showing_fault():
            self.close_dialog()
            self.chosen.emit(choice)


FOLDER = "tickets"
MOST_IN_COLUMN = 5
NETWORK = f"{printer_choice.ESCPOS}{printer_choice.NET}:"
"""The answer that asks for an address."""
TRY = ""


class AvailablePrinters(Struct, frozen=True):
    """The system's printers, other devices as (choice, name), this PC's printer ("": none), the pictures' folder."""

    names: tuple[str, ...]
    plugged: tuple[tuple[str, str], ...]
    now: str
    folder: str

    @property
    def is_chosen_printer_there(self) -> bool:
        """Whether the chosen printer is there; only printing shows whether it works."""
        return (
            self.now.startswith(printer_choice.PICTURES)
            or printer_choice.is_receipt_printer(self.now)
            or self.now in self.names
        )


def configured_slip_printer(known: printer_choice.PrinterService) -> str:
    """Return the printer to which this PC's slips go, "" where none is set up; may take seconds."""
    own = known.chosen_or_default_printer()
    return "" if own == printer_choice.NO_PRINTER else own


def printer_display_name(printer: str) -> str:
    if printer == printer_choice.NO_PRINTER:
        return _("No printer")
    if printer.startswith(printer_choice.PICTURES):
        return _("PNG pictures in {folder}", folder=printer.removeprefix(printer_choice.PICTURES))
    if printer_choice.is_receipt_printer(printer):
        try:
            known = printer_choice.parse_receipt_printer_choice(printer)
        except RuleError:
            return printer
        return _("Receipt printer {place}", place=known.address)
    return printer


class PrinterChoosingContext(Protocol):
    """What choosing a printer needs: the part of a StationContext that needs no hall."""

    services: StationServices
    tasks: WorkLanes
    look: Look
    options: Mapping[str, Any]


class PrinterChooser(QObject):
    """Asks over `page` which printer this PC uses, and tests it. `chosen`: stored; `said`: a sentence with icon."""

    chosen = Signal(str)
    said = Signal(str, str)

    def __init__(self, page: QWidget, context: PrinterChoosingContext) -> None:
        super().__init__(page)
        self._page, self._context = page, context
        self._is_asking = False
        self._dialog: ReceiptPrinterDialog | None = None

    def menu_entries(self) -> list[MenuEntry]:
        return [MenuEntry(_("Printer"), self.ask_printer)] if self._context.services.printers is not None else []

    def ask_printer(self) -> None:
        """Look for printers off the GUI thread, then ask the person."""
        known, folder = self._context.services.printers, self._context.services.folder
        if self._is_asking or known is None or folder is None:
            return

        def find_printers() -> AvailablePrinters:
            found, plugged = tuple(known.system_printer_names()), tuple(known.plugged_receipt_printers())
            return AvailablePrinters(found, plugged, known.chosen_or_default_printer(), str(folder(FOLDER)))

        self._is_asking = True
        self._context.tasks.run_in_long_work_lane(
            find_printers, self._open_printer_question, self._say_printer_failure, may_drop=True
        )

    def _open_printer_question(self, found: AvailablePrinters) -> None:
        self._is_asking = False
        answers = self._printer_answers(found)
        can_try = self._context.services.paper is not None and found.now not in ("", printer_choice.NO_PRINTER)
        question = dialogs.ChoiceButtonsDialog(
            self._page,
            self._context.look,
            title=_("Which printer does this PC use?"),
            effect="" if found.names else _("No printer is installed yet."),
            answers=answers,
            no=_("As it is"),
            more=_("Print a test slip") if can_try else "",
            more_icon="print",
            in_column=len(answers) <= MOST_IN_COLUMN,
        )
        question.picked.connect(partial(self._on_printer_picked, found))
        question.open_dialog()

    def _printer_answers(self, found: AvailablePrinters) -> list[dialogs.DialogChoice]:
        pictures = (
            found.now if found.now.startswith(printer_choice.PICTURES) else f"{printer_choice.PICTURES}{found.folder}"
        )
        known = _receipt_cable_and_place(found.now)
        answers = [
            dialogs.DialogChoice(name, name, self._used_now_text_of_printer(name, found.now)) for name in found.names
        ]
        for choice, name in found.plugged:
            is_used = _receipt_cable_and_place(choice) is not None and _receipt_cable_and_place(choice) == known
            kind = (
                _("serial port")
                if printer_choice.parse_receipt_printer_choice(choice).cable == printer_choice.SERIAL
                else _("USB printer")
            )
            answers.append(
                dialogs.DialogChoice(choice, _plugged_printer_name(choice, name), _("used now") if is_used else kind)
            )
        on_network = known is not None and known[0] == printer_choice.NET
        second = found.now if on_network else _("by its address")
        answers.append(dialogs.DialogChoice(NETWORK, _("Receipt printer on the network"), printer_display_name(second)))
        if found.now and found.now != printer_choice.NO_PRINTER and not found.is_chosen_printer_there:
            answers.append(dialogs.DialogChoice(found.now, found.now, _("chosen, but not found"), open=False))
        answers.append(
            dialogs.DialogChoice(
                printer_choice.NO_PRINTER,
                printer_display_name(printer_choice.NO_PRINTER),
                self._used_now_text_of_printer(printer_choice.NO_PRINTER, found.now),
            )
        )
        second = self._used_now_text_of_printer(pictures, found.now) or _("to try things out")
        answers.append(dialogs.DialogChoice(pictures, _("PNG pictures in a folder"), second))
        return answers

    @staticmethod
    def _used_now_text_of_printer(printer: str, now: str) -> str:
        return _("used now") if printer == now else ""

    def _on_printer_picked(self, found: AvailablePrinters, printer: str) -> None:
        if printer == TRY:
            self._print_test_slip(found.now)
        elif printer_choice.is_receipt_printer(printer):
            self._ask_receipt_printer_options(found, printer)
        else:
            self._save_printer_of_pc(printer)

    # -- receipt printers --
    def _ask_receipt_printer_options(self, found: AvailablePrinters, choice: str) -> None:
        """Ask how a receipt printer prints; one that is used now starts as it is."""
        known = _receipt_cable_and_place(found.now)
        if choice == NETWORK:
            printer = printer_choice.ReceiptPrinter(
                cable=printer_choice.NET, place="", number=printer_choice.USUAL_PORT
            )
            title, is_used = _("Receipt printer on the network"), known is not None and known[0] == printer_choice.NET
        else:
            printer, title = printer_choice.parse_receipt_printer_choice(choice), printer_display_name(choice)
            is_used = known == (printer.cable, printer.place)
        if is_used:
            printer = printer_choice.parse_receipt_printer_choice(found.now)
        dialog = self._dialog = ReceiptPrinterDialog(self._page, self._context.look, printer, title=title)
        dialog.tried.connect(self._print_test_slip)
        dialog.chosen.connect(self._forget_dialog_and_save)
        dialog.refused.connect(self._forget_dialog)
        dialog.open_dialog()

    def _forget_dialog(self) -> None:
        self._dialog = None

    def _forget_dialog_and_save(self, choice: str) -> None:
        self._dialog = None
        self._save_printer_of_pc(choice)

    def _print_test_slip(self, printer: str) -> None:
        """Have a test slip printed; how that went is said in the dialog it was asked from, else on the page."""
        paper, dialog = self._context.services.paper, self._dialog
        if paper is None:
            return

        def on_test_slip_answer(answer: ServiceDocument) -> None:
            if answer["printed"]:
                self._say_test_slip_result(
                    dialog, _test_slip_result_text(printer, answer.get("warning") or ""), "print"
                )
            else:
                self._say_test_slip_result(dialog, error_sentence(answer["error"]), "warning")

        self._context.tasks.run_in_long_work_lane(
            partial(paper.print_test_slip, printer),
            on_test_slip_answer,
            lambda trouble: self._say_test_slip_result(dialog, error_sentence(trouble), "warning"),
        )

    def _say_test_slip_result(self, dialog: ReceiptPrinterDialog | None, text: str, icon: str) -> None:
        if dialog is not None and dialog is self._dialog:
            dialog.show_result(text, refused=icon == "warning")
        else:
            self.said.emit(text, icon)

    # -- keeping --
    def _save_printer_of_pc(self, printer: str) -> None:
        if (known := self._context.services.printers) is not None:
            work = partial(known.choose_printer, printer)
            self._context.tasks.run_in_long_work_lane(
                work, partial(self._on_printer_saved, printer), self._say_printer_failure
            )

    def _on_printer_saved(self, printer: str, _answer: object) -> None:
        self._context.options = {**self._context.options, "printer": printer}
        self.chosen.emit(printer)
        self.said.emit(_("Printer of this PC: {printer}", printer=printer_display_name(printer)), "print")

    def _say_printer_failure(self, trouble: QueueDeskError) -> None:
        self._is_asking = False
        self.said.emit(error_sentence(trouble), "warning")


def _receipt_cable_and_place(choice: str) -> tuple[str, str] | None:
    """Return cable and place of a receipt printer, by which two choices mean the same one; None for any other."""
    try:
        known = printer_choice.parse_receipt_printer_choice(choice)
    except RuleError:
        return None
    return known.cable, known.place


def _plugged_printer_name(choice: str, name: str) -> str:
    place = printer_choice.parse_receipt_printer_choice(choice).address
    return _("{name} ({place})", name=name, place=place) if name and name != place else place


def _test_slip_result_text(printer: str, warning: str) -> str:
    if warning:
        return _(
            "The test slip is printed; {printer}: {cause}.",
            printer=printer_display_name(printer),
            cause=device_down_cause_words(warning),
        )
    return _("The test slip is sent. Is it easy to read, and cut?")
