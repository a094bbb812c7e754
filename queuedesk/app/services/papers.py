"""Prints slips, lists of papers, reports and ticket histories of a hall; a printer's trouble never undoes a ticket."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from queuedesk.app.services import slips
from queuedesk.app.services.printers import CAUSES, chosen_printer, only_here, printer_condition, save_picture
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.setup.hall import TicketDesign
from queuedesk.core.setup.rows import Setup, languages
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.i18n import current, named
from queuedesk.printing.choice import NO_PRINTER, PICTURES, is_receipt_printer

if TYPE_CHECKING:
    from queuedesk.printing.outputs import Printed
    from queuedesk.printing.slip_contents import AddedSlip, LabelSlip
    from queuedesk.store.figures.counted import Told


class PaperTools:
    """Prints slips and reports of one hall. Every function may take seconds: call them off the GUI thread."""

    def __init__(
        self,
        desk: Desk,
        clock: Callable[[], datetime],
        tell: Callable[[str | None], None] = lambda _cause: None,
    ) -> None:
        """`tell` gets why the printer of this PC failed with a slip, None when it printed it; on the thread that
        printed."""
        self._desk, self._clock, self._tell = desk, clock, tell

    def print_ticket(self, day: date, label: str, reprint: bool = False, printer: str = "") -> dict[str, Any]:
        """Print a ticket as it is now; {"printed", "printer", "error", "warning"}, never an exception for a printer's
        trouble.

        A reprint says how many are ahead now, the first print what was told at issue.
        """
        now = self._clock()
        state = looking.hall_on(self._desk, day)
        slip = slips.ticket_slip(state, day, label, now, reprint=reprint)
        return self._print(slip, label, printer)

    def print_papers(self, service: str, item: str | None = None, printer: str = "") -> dict[str, Any]:
        """Print the list of papers of a service or item, for a visitor who lacks some; as print_ticket."""
        setup = looking.setup_of(self._desk)
        slip = slips.papers_slip(setup, service, item, self._clock())
        return self._print(slip, f"papers-{service}{f'-{item}' if item else ''}", printer)

    def print_quiet_hours(self, printer: str = "") -> dict[str, Any]:
        """Print when the next days are quiet; as print_ticket. Raises RuleError "quiet_hours_unknown"."""
        from queuedesk.desk.staffing.forecasting import busy_week

        now = self._clock()
        slip = slips.quiet_slip(looking.setup_of(self._desk), busy_week(self._desk, now), now)
        return self._print(slip, "quiet-hours", printer)

    def print_slip(self, slip: LabelSlip | AddedSlip, printer: str = "") -> dict[str, Any]:
        """Print what a feature puts on paper; as print_ticket."""
        return self._print(slip, slip.name, printer)

    def save_slip(self, slip: LabelSlip | AddedSlip, path: Path | str, width: int = 576) -> Path:
        """Write what a feature puts on paper, as save_ticket does. Raises OutsideError "cannot_write"."""
        return _save(slip, Path(path), width)

    def print_sample(self, design: TicketDesign | None = None, printer: str = "") -> dict[str, Any]:
        """Print a sample ticket, in the hall's design or another one; as print_ticket."""
        setup = looking.setup_of(self._desk)
        return self._print(slips.sample_slip(setup, design or setup.ticket_design, self._clock()), "sample", printer)

    def save_sample(self, path: Path | str, width: int = 576) -> Path:
        """Write a sample ticket as save_ticket does. Raises OutsideError "cannot_write"."""
        setup = looking.setup_of(self._desk)
        return _save(slips.sample_slip(setup, setup.ticket_design, self._clock()), Path(path), width)

    def draw_sample(self, setup: Setup, design: TicketDesign, width: int) -> Any:
        """Return a sample ticket as a QImage of `width` dots; on any thread."""
        from queuedesk.printing import outputs

        return outputs.draw_slip(slips.sample_slip(setup, design, self._clock()), width)

    def print_test(self, printer: str = "") -> dict[str, Any]:
        """Print a test slip, on this PC's printer unless another is named; as print_ticket."""
        from queuedesk.printing.slip_layout import TrialSlip

        setup, now = looking.setup_of(self._desk), self._clock()
        lang = languages(setup)[0]
        chosen = printer or chosen_printer()
        hall = named(setup.hall.name, setup.hall.name_en, lang)
        return self._print(TrialSlip(lang=lang, hall=hall, printer=chosen, at=setup.local(now)), "test", chosen)

    def save_ticket(self, day: date, label: str, path: Path | str, width: int = 576) -> Path:
        """Write a ticket as a reprint would show it, as PDF or PNG by the file's ending. Raises RuleError
        "unknown_ticket", OutsideError "cannot_write"."""
        state = looking.hall_on(self._desk, day)
        return _save(slips.ticket_slip(state, day, label, self._clock(), reprint=True), Path(path), width)

    def save_papers(self, service: str, item: str | None, path: Path | str, width: int = 576) -> Path:
        """Write a list of papers as save_ticket does. Raises RuleError "unknown_service", "unknown_item", OutsideError
        "cannot_write"."""
        setup = looking.setup_of(self._desk)
        return _save(slips.papers_slip(setup, service, item, self._clock()), Path(path), width)

    def report(
        self,
        period: str,
        day: date,
        path: Path | str,
        lang: str = "",
        printed_by: str | None = None,
        *,
        told: Told | None = None,
    ) -> Path:
        """Write the report of the day, week, month, quarter or year that contains `day`, in the format of the file's
        ending; `told` hears how many of its dates are counted. Raises OutsideError "cannot_write"."""
        from queuedesk.reports.figures.write import write

        said = lang or current()
        return write(self._desk, period, day, path, lang=said, now=self._clock(), printed_by=printed_by, told=told)

    def story_pdf(self, day: date, label: str, path: Path | str, lang: str = "", printed_by: str | None = None) -> Path:
        """Write a ticket's history as a PDF. Raises RuleError "unknown_ticket", OutsideError "cannot_write"."""
        from queuedesk.reports.papers import tickets

        said = lang or current()
        return tickets.write(self._desk, day, label, path, lang=said, now=self._clock(), printed_by=printed_by)

    def save_tickets(self, day: date, path: Path | str, lang: str = "") -> Path:
        """Write a day's tickets as a workbook or CSV, by the file's ending. Raises OutsideError "cannot_write"."""
        from queuedesk.reports.papers import tickets

        state = looking.hall_on(self._desk, day)
        tickets.write_table(Path(path), state, day, lang=lang or current(), made=self._clock())
        return Path(path)

    def save_behind(
        self,
        path: str,
        first: date,
        last: date,
        file: Path | str,
        *,
        title: str = "",
        lang: str = "",
        without: tuple[date, ...] = (),
    ) -> Path:
        """Write all the tickets behind a figure as CSV, but those of the dates `without`. Raises OutsideError
        "cannot_write"."""
        from queuedesk.desk.figures.comparing import tickets_behind
        from queuedesk.reports.figures import rates

        found = tickets_behind(self._desk, path, first, last, self._clock(), most=None, without=without)
        rates.write(Path(file), found, looking.setup_of(self._desk), title=title, lang=lang or current())
        return Path(file)

    def _print(self, slip: Printed, name: str, printer: str) -> dict[str, Any]:
        chosen = printer or chosen_printer()
        try:
            warning = self._send(slip, name, chosen)
        except QueueDeskError as trouble:
            if chosen not in ("", NO_PRINTER):
                self._tell(str(trouble.details.get("cause") or printer_condition(chosen) or trouble.code))
            return {"printed": False, "printer": chosen or None, "error": trouble, "warning": ""}
        self._tell(warning if warning in CAUSES else None)
        return {"printed": True, "printer": chosen, "error": None, "warning": warning}

    @staticmethod
    def _send(slip: Printed, name: str, chosen: str) -> str:
        """Print; return what is wrong now, or will soon be, though the slip came out: "" for nothing."""
        if chosen == NO_PRINTER:
            raise OutsideError("no_printer")
        if chosen.startswith(PICTURES):
            _draw(slip, chosen, name)
            return ""
        if is_receipt_printer(chosen):
            from queuedesk.printing import escpos

            try:
                with only_here(chosen):
                    return escpos.print_slip(slip, chosen)
            except RuleError as error:  # somebody wrote it into this PC's file
                raise OutsideError("no_printer", printer=chosen) from error
        from queuedesk.printing import system_printer

        return system_printer.print_slip(slip, chosen)


def _save(slip: Printed, path: Path, width: int) -> Path:
    from queuedesk.printing import outputs
    from queuedesk.printing.png import save_png

    if path.suffix.lower() == ".pdf":
        outputs.save_pdf(slip, path, width)
    else:
        save_png(outputs.draw_slip(slip, width), path)
    return path


def _draw(slip: Printed, printer: str, name: str) -> None:
    from queuedesk.printing import outputs

    save_picture(outputs.draw_slip(slip), printer, name)
