"""Prints the front desk's slips in the background, and follows the printer's health and the slips still missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.printing.choice import PICTURES, is_receipt_printer
from queuedesk.stations.acts.printer_choice import configured_slip_printer
from queuedesk.stations.guide.texts import ServiceChoice
from queuedesk.stations.window.context import PrinterService, ServiceDocument, StationContext

SLOW_MS = 5000
"""A slip that takes longer is told of while it is printed."""


class Slip(Struct, frozen=True, kw_only=True):
    """A slip to print: a ticket, or without a number the papers of a choice."""

    day: date
    label: str = ""
    reprint: bool = False
    choice: ServiceChoice | None = None

    @property
    def name(self) -> tuple[date, str, ServiceChoice | None]:
        return self.day, self.label, self.choice


class SlipPrinter(QObject):
    """Prints slips in turn. `printed` and `not_printed` (with the trouble) follow for each; `slow` while one takes
    long; `changed`: the printer's health; `works_again`: the numbers of tickets still without a slip."""

    printed = Signal(object)
    not_printed = Signal(object, object)
    slow = Signal(object)
    changed = Signal()
    works_again = Signal(list)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        # The last trouble with the printer; None while nothing is wrong as far as known, or while nothing is known.
        self.trouble: QueueDeskError | None = None
        self.warning = ""
        self.is_known = False
        self.is_slow = False
        self._missing: dict[tuple[date, str, ServiceChoice | None], Slip] = {}
        self._under_way: list[Slip] = []
        self._late = QTimer(self, singleShot=True, interval=SLOW_MS)
        self._late.timeout.connect(self._on_slow_print)
        if context.services.paper is None:
            self.trouble, self.is_known = OutsideError("no_printer"), True
        if context.services.watch_printer is not None:
            context.services.watch_printer(self._take_printer_status)

    @property
    def has_none(self) -> bool:
        """Whether no printer is chosen, or the chosen one is not there."""
        return self.trouble is not None and self.trouble.code == "no_printer"

    @property
    def is_printer_set_up(self) -> bool:
        """Whether this PC has a printer to print on, in trouble or not; so it is taken to be while nobody knows."""
        trouble = self.trouble
        return trouble is None or not self.has_none or bool(trouble.details.get("printer"))

    def look(self) -> None:
        """Ask for the printers, off the GUI thread, so that trouble shows before the first ticket; not for pictures."""
        known = self._context.services.printers
        if known is None or self._context.options.get("picture"):
            return
        self._context.tasks.run_in_long_work_lane(
            partial(_own_printer_and_usability, known),
            self._take_whether_printer_is_there,
            self._set_trouble_and_warning,
            may_drop=True,
        )

    def print(self, slip: Slip) -> None:
        """Print `slip`; a printer's trouble undoes nothing."""
        work = self._print_work_for_slip(slip)
        if work is None:
            self._on_print_answer(slip, {"printed": False, "error": OutsideError("no_printer")})
            return
        self._under_way.append(slip)
        self._late.start()
        self._context.tasks.run_in_long_work_lane(
            work, partial(self._on_print_answer, slip), partial(self._keep_unprinted_and_tell, slip)
        )

    def print_again(self, slip: Slip) -> None:
        """Print a slip that failed; a ticket then says how many are ahead by now."""
        self.print(replace(slip, reprint=bool(slip.label)))

    def missing(self) -> list[str]:
        day = self._context.feed.day
        return [slip.label for slip in reversed(self._missing.values()) if slip.label and slip.day == day]

    def stop(self) -> None:
        self._late.stop()

    def _take_whether_printer_is_there(self, found: tuple[str, bool]) -> None:
        own, is_there = found
        if not is_there:
            self._set_trouble_and_warning(OutsideError("no_printer", printer=own))
        elif self.has_none or not self.is_known:
            # It may have been looked at meanwhile, which says more than that the system knows it.
            self._set_trouble_and_warning(None)

    def _take_printer_status(self, status: dict[str, str]) -> None:
        """Take how the printer was found between slips."""
        cause = status["cause"]
        if cause == "stopped":
            return
        had_trouble = self.trouble is not None
        self._set_trouble_and_warning(
            OutsideError("printer_refused", printer=self._context.options.get("printer", ""), cause=cause)
            if cause
            else None,
            status["warning"],
        )
        if had_trouble and not cause and self.missing():
            self.works_again.emit(self.missing())

    def _print_work_for_slip(self, slip: Slip) -> Callable[[], ServiceDocument] | None:
        paper = self._context.services.paper
        if paper is None:
            return None
        if slip.choice is not None:
            return partial(paper.print_papers_list, slip.choice.service, slip.choice.item)
        return partial(paper.print_ticket, slip.day, slip.label, slip.reprint)

    def _on_print_answer(self, slip: Slip, answer: ServiceDocument) -> None:
        if not answer.get("printed"):
            self._keep_unprinted_and_tell(slip, answer.get("error") or OutsideError("no_printer"))
            return
        self._end_print_of_slip(slip)
        self._missing.pop(slip.name, None)
        self._set_trouble_and_warning(None, str(answer.get("warning") or ""))
        self.printed.emit(slip)

    def _keep_unprinted_and_tell(self, slip: Slip, trouble: QueueDeskError) -> None:
        self._end_print_of_slip(slip)
        self._missing[slip.name] = slip
        self._set_trouble_and_warning(trouble)
        # The sentence says what counts without paper: the number to note, or that the visitor is counted.
        about = {"ticket": slip.label} if slip.label else {"counted": True}
        self.not_printed.emit(slip, type(trouble)(trouble.code, **{**trouble.details, **about}))

    def _end_print_of_slip(self, slip: Slip) -> None:
        if slip in self._under_way:
            self._under_way.remove(slip)
        self.is_slow = False
        if self._under_way:
            self._late.start()
        else:
            self._late.stop()

    def _on_slow_print(self) -> None:
        self.is_slow = True
        self.changed.emit()
        self.slow.emit(self._under_way[0])

    def _set_trouble_and_warning(self, trouble: QueueDeskError | None, warning: str = "") -> None:
        self.trouble, self.warning, self.is_known = trouble, warning, True
        self.changed.emit()


def _own_printer_and_usability(known: PrinterService) -> tuple[str, bool]:
    """Return this PC's printer ("": none) and whether it may work; asks the system only where it has to."""
    own = configured_slip_printer(known)
    return own, own.startswith(PICTURES) or is_receipt_printer(own) or (own != "" and own in known.printers())
