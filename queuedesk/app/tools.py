"""What printing, reports and voice lend to stations and commands, by name."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from queuedesk.app import config, slips
from queuedesk.app.ledger_files import LedgerFiles
from queuedesk.app.paper_days import PaperDays
from queuedesk.app.picture_tray import save_picture
from queuedesk.app.pictures import Pictures
from queuedesk.app.sheet_printer import default_printer, sheet_tools
from queuedesk.app.table_audits import TableAudits
from queuedesk.cli.files import read_json, write_json
from queuedesk.core.device import STOPPED
from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.i18n import current
from queuedesk.paths import resource
from queuedesk.printing.choice import NO_PRINTER, PICTURES

Tools = dict[str, Callable[..., Any]]


class PaperTools:
    """Prints slips and reports of one hall. Every function may take seconds: call them off the GUI thread."""

    def __init__(
        self,
        desk: Desk,
        clock: Callable[[], datetime],
        tell: Callable[[str | None], None] = lambda _cause: None,
    ) -> None:
        """`tell` gets why the printer of this PC failed with a slip, None when it printed it; on the thread that printed."""
        self._desk, self._clock, self._tell = desk, clock, tell

    def print_ticket(self, day: date, label: str, reprint: bool = False, printer: str = "") -> dict[str, Any]:
        """Print a ticket as it now stands; {"printed", "printer", "error"}, never an exception for a printer's trouble.

        A reprint says how many are ahead now, the first print what was told at issue.
        """
        now = self._clock()
        state = looking.hall_on(self._desk, day)
        slip = slips.ticket_slip(state, day, label, now, reprint=reprint)
        return self._print(slip, label, printer)

    def print_papers(self, service: str, item: str | None = None, printer: str = "") -> dict[str, Any]:
        """Print the list of papers of a service or item, for a visitor who has not got them; as print_ticket."""
        setup = looking.setup_of(self._desk)
        slip = slips.papers_slip(setup, service, item, self._clock())
        return self._print(slip, f"papers-{service}{f'-{item}' if item else ''}", printer)

    def report(self, period: str, day: date, path: Path | str, lang: str = "", printed_by: str | None = None) -> Path:
        """Write the report of the day, week, month, quarter or year that contains `day`, as the file's name ends. Raises OutsideError "cannot_write"."""
        from queuedesk.reports.write import write

        said = lang or current()
        return write(self._desk, period, day, path, lang=said, now=self._clock(), printed_by=printed_by)

    def story_pdf(self, day: date, label: str, path: Path | str, lang: str = "", printed_by: str | None = None) -> Path:
        """Write a ticket's story as a PDF. Raises RuleError "unknown_ticket", OutsideError "cannot_write"."""
        from queuedesk.reports import story

        said = lang or current()
        return story.write(self._desk, day, label, path, lang=said, now=self._clock(), printed_by=printed_by)

    def save_tickets(self, day: date, path: Path | str, lang: str = "") -> Path:
        """Write a day's tickets as a table, a workbook or CSV as the file's name ends. Raises OutsideError "cannot_write"."""
        from queuedesk.reports import tickets_table

        state = looking.hall_on(self._desk, day)
        tickets_table.write(Path(path), state, day, lang=lang or current(), made=self._clock())
        return Path(path)

    def save_behind(
        self, path: str, first: date, last: date, file: Path | str, *, title: str = "", lang: str = ""
    ) -> Path:
        """Write all the tickets behind a figure as CSV. Raises OutsideError "cannot_write"."""
        from queuedesk.desk.behind import tickets_behind
        from queuedesk.reports import behind_table

        found = tickets_behind(self._desk, path, first, last, self._clock(), most=None)
        behind_table.write(Path(file), found, looking.setup_of(self._desk), title=title, lang=lang or current())
        return Path(file)

    def _print(self, slip: Any, name: str, printer: str) -> dict[str, Any]:
        chosen = printer or chosen_printer()
        try:
            if chosen == NO_PRINTER:
                raise OutsideError("no_printer")
            if chosen.startswith(PICTURES):
                _draw(slip, chosen, name)
            else:
                from queuedesk.printing import system_printer

                system_printer.print_slip(slip, chosen)
        except QueueDeskError as trouble:
            if chosen not in ("", NO_PRINTER):
                self._tell(printer_condition(chosen) or trouble.code)
            return {"printed": False, "printer": chosen or None, "error": trouble}
        self._tell(printer_condition(chosen) or None)
        return {"printed": True, "printer": chosen, "error": None}


def chosen_printer() -> str:
    """Return the printer of this PC: the one chosen for it, else the system's own choice, "" when there is none; may take seconds."""
    return config.load().printer or default_printer()


def printer_condition(printer: str) -> str | None:
    """Return what is wrong with a printer, "" when nothing is, None where nobody can tell; may take seconds.

    One that was given up for writing numbers by hand is as good as switched off.
    """
    if printer == NO_PRINTER:
        return STOPPED
    if printer.startswith(PICTURES):
        folder = Path(printer.removeprefix(PICTURES))
        return "" if folder.is_dir() and os.access(folder, os.W_OK) else None
    from queuedesk.printing import system_printer

    return system_printer.condition(printer) if printer else None


def choose_printer(printer: str) -> None:
    """Print on `printer` from now on: a name of the system's, NO_PRINTER, or PICTURES with a folder. Raises OutsideError "cannot_write"."""
    config.remember({"printer": printer})


def choose_window(window: str) -> None:
    """Open the counter of this PC at `window` from now on. Raises OutsideError "cannot_write"."""
    config.remember({"window": window})


def keep_bar_place(x: int, y: int) -> None:
    """Show the counter's small bar of this PC there from now on. Raises OutsideError "cannot_write"."""
    config.remember({"bar_place": f"{x},{y}"})


def printers() -> list[str]:
    """Return the names of the system's printers; may take seconds."""
    from queuedesk.printing import system_printer

    return system_printer.printers()


def pdf_pages(path: Path | str, dpi: float = 96) -> list[Any]:
    """Return the pages of a PDF as QImages. Raises OutsideError "cannot_read"."""
    from queuedesk.printing import outputs

    return outputs.pdf_pages(Path(path), dpi)


class Sounds:
    """Plays the small sounds of a station without ever making anyone wait; a PC without sound is silent."""

    LONGEST_S = 3.0

    def __init__(self, on: bool) -> None:
        self._on = on
        self._lane: Any = None
        self._player: Any = None
        self._refused = False

    def play(self, name: str) -> None:
        """Play "tick", "click" or "knock" beside everything else."""
        if not self._on:
            return
        if self._lane is None:
            from concurrent.futures import ThreadPoolExecutor

            from queuedesk.voice.player import Player

            self._lane, self._player = ThreadPoolExecutor(1, thread_name_prefix="sounds"), Player()
        self._lane.submit(self._play, resource("sounds", f"{name}.wav"))

    def _play(self, path: Path) -> None:
        self._refused = not self._player.play(path, self.LONGEST_S)

    def can_be_heard(self) -> bool:
        """Whether this PC has a program that plays sounds and none has refused so far."""
        from queuedesk.voice.player import Player

        return self._on and not self._refused and Player().name is not None

    def stop(self) -> None:
        """End what sounds."""
        if self._lane is not None:
            self._player.stop()
            self._lane.shutdown(wait=True, cancel_futures=True)


def station_tools(
    desk: Desk,
    clock: Callable[[], datetime],
    sounds: Sounds,
    tell: Callable[[str | None], None] = lambda _cause: None,
) -> Tools:
    """Return what a station may borrow; `tell` as PaperTools."""
    paper = PaperTools(desk, clock, tell)
    return {
        "print_ticket": paper.print_ticket,
        "print_papers": paper.print_papers,
        "printers": printers,
        "printer": chosen_printer,
        "choose_printer": choose_printer,
        "choose_window": choose_window,
        "keep_bar_place": keep_bar_place,
        "report": paper.report,
        "story_pdf": paper.story_pdf,
        "save_tickets": paper.save_tickets,
        "save_behind": paper.save_behind,
        **PaperDays(desk, clock).tools(),
        **TableAudits(desk, clock).tools(),
        **LedgerFiles(desk, clock).tools(),
        **Pictures(desk, clock).tools(),
        "pdf_pages": pdf_pages,
        **sheet_tools(),
        "play": sounds.play,
        "has_sound": sounds.can_be_heard,
        "folder": config.made_folder,
        "read_setup": read_json,
        "write_setup": write_json,
    }


def _draw(slip: Any, printer: str, name: str) -> None:
    from queuedesk.printing import outputs

    save_picture(outputs.draw_slip(slip), printer, name)
