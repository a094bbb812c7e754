"""The printer of this PC: which it is, how it stands, and one process at a time on a cable."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

from queuedesk.app.station.painting import ensure_offscreen_application
from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.figures.periods import PrintedReportPagesChoice
from queuedesk.core.talk.device import STOPPED
from queuedesk.files.reading import read_program_file
from queuedesk.files.writing import FileLock, write_private_file
from queuedesk.printing.spooler import NO_PRINTER, PICTURES, is_receipt_printer, parse_receipt_printer_choice
from queuedesk.watch import WatchedThread

# -- a folder in place of a printer: each page becomes a picture in it ---------------------------------------------

MOST_COPIES = 1000


def save_to_picture_printer(image: Any, printer: str, name: str) -> None:
    """Put a picture into the folder of `printer`, which refuses like a real printer; the sentence names the ticket."""
    from queuedesk.stations.window.picture import save_png

    folder = Path(printer.removeprefix(PICTURES))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        save_png(image, _unused_picture_path(folder, name))
    except (OSError, OutsideError) as error:
        raise OutsideError("printer_refused", printer=str(folder)) from error


def _unused_picture_path(folder: Path, name: str) -> Path:
    """Return a file that is not there yet: what was printed once is not drawn over."""
    names = (f"{name}.png", *(f"{name}-{n}.png" for n in range(2, MOST_COPIES)))
    return next((folder / one for one in names if not (folder / one).exists()), folder / f"{name}-{MOST_COPIES}.png")


# -- sheets: reports and forms, on a printer of their own ----------------------------------------------------------

PAGE_DPI = 150


def report_printer_choices() -> dict[str, Any]:
    """Return {"names", "chosen", "usual", "pages"}: the system's sheet printers, this PC's choice for reports ("":
    none), where a sheet goes without a choice ("": nowhere), and the last Pages. May take seconds."""
    from queuedesk.printing import system_printer

    names = [name for name in system_printer.system_printer_names() if not system_printer.is_roll_printer(name)]
    chosen = config.load_config()
    return {
        "names": names,
        "chosen": chosen.report_printer,
        "usual": fallback_printer_name(),
        "pages": PrintedReportPagesChoice(chosen.report_pages),
    }


def choose_report_printer(printer: str) -> None:
    """Print reports there from now on, "" for on none. Raises OutsideError "cannot_write"."""
    config.update_config({"report_printer": printer})


def choose_report_pages(pages: PrintedReportPagesChoice) -> None:
    """Print and save these pages of reports from now on. Raises OutsideError "cannot_write"."""
    config.update_config({"report_pages": pages.value})


def system_default_printer() -> str:
    """Return the system's default printer, "" when it has none."""
    from queuedesk.printing import spooler

    if spooler.has_spooler():
        return spooler.fallback_printer_name()
    ensure_offscreen_application()
    from PySide6.QtPrintSupport import QPrinterInfo

    return QPrinterInfo.defaultPrinterName()


def fallback_printer_name() -> str:
    """Return this PC's ticket printer if it takes sheets, else the system's default one if it does, else ""."""
    own = config.load_config().printer
    return (
        next((name for name in (own, system_default_printer()) if _can_take_sheets(name)), "")
        if own != NO_PRINTER
        else ""
    )


def print_pdf(
    path: Path | str, printer: str = "", *, pages: PrintedReportPagesChoice = PrintedReportPagesChoice.ALL
) -> str:
    """Send a PDF, or some `pages` of a report, to a printer, by default this PC's for reports, else the usual one.
    Return its name. Raises OutsideError "no_report_printer" where there is none to send it to, "no_printer",
    "narrow_paper", "printer_refused", "cannot_read", "cannot_write"."""
    chosen = printer or config.load_config().report_printer or fallback_printer_name()
    if chosen in ("", NO_PRINTER):
        raise OutsideError("no_report_printer")
    if pages is PrintedReportPagesChoice.ALL:
        _print_file(Path(path), chosen)
        return chosen
    with TemporaryDirectory(prefix="queuedesk-print-", ignore_cleanup_errors=True) as folder:
        part = Path(folder, Path(path).name)
        save_report_pages(path, part, pages)
        _print_file(part, chosen)
    return chosen


def save_report_pages(path: Path | str, target: Path | str, pages: PrintedReportPagesChoice) -> None:
    """Write some pages of a report. Raises OutsideError "cannot_read", "cannot_write"."""
    from queuedesk.files.writing import write_file
    from queuedesk.reports.kept import report_pages_as_pdf

    write_file(Path(target), report_pages_as_pdf(Path(path), pages))


def pages_in(path: Path) -> dict[PrintedReportPagesChoice, int]:
    """Return how many pages of a report each choice of pages prints. Raises OutsideError "cannot_read"."""
    from queuedesk.reports import kept

    return kept.pages_in(path)


def pdf_page_images(path: Path, dpi: float) -> list[Any]:
    """Return the pages of a PDF as QImages. Raises OutsideError "cannot_read"."""
    from queuedesk.printing import slip_layout

    return slip_layout.pdf_page_images(path, dpi)


def _print_file(path: Path, printer: str) -> None:
    from queuedesk.printing import slip_layout, system_printer

    if not printer.startswith(PICTURES):
        with left_jobs.note_job_if_refused(path.stem):
            system_printer.print_pdf(path, printer)
        return
    for number, page in enumerate(slip_layout.pdf_page_images(path, PAGE_DPI), start=1):
        save_to_picture_printer(page, printer, f"{path.stem}-{number}")


def _can_take_sheets(printer: str) -> bool:
    if is_receipt_printer(printer):
        return False
    from queuedesk.printing import system_printer

    return printer.startswith(PICTURES) or bool(printer and not system_printer.is_roll_printer(printer))


# -- jobs that a print service held when it stopped ----------------------------------------------------------------


class UncancelledPrintJobs:
    """Jobs of this PC that were told not to have been printed, and that a print service which no longer answered could
    not cancel: it would print them when it runs again. A file for each keeps them over a restart. One that was printed
    all the same is kept until the front desk has said so."""

    def __init__(self) -> None:
        self._thread: WatchedThread | None = None

    @contextmanager
    def note_job_if_refused(self, title: str) -> Iterator[None]:
        """Discard what is left, then note the job that a refusal inside leaves. Passes its OutsideError on."""
        self._discard_jobs_and_tell_if_any_left()
        try:
            yield
        except OutsideError as trouble:
            if job := trouble.details.get("job"):
                row = [trouble.details["printer"], job, trouble.details["server"], title]
                with suppress(OutsideError):
                    write_private_file(self._job_notes_folder() / f"{job}{_LEFT}", "\n".join(map(str, row)).encode())
                self.start_discarding_print_jobs()
            raise

    def start_discarding_print_jobs(self) -> None:
        """Discard them on a thread, as soon as the print service answers."""
        if self._job_note_files(_LEFT) and not (self._thread is not None and self._thread.is_alive):
            self._thread = WatchedThread(self._discard_all, "left print jobs")
            self._thread.start()

    def take_late_print_titles(self) -> list[str]:
        """Return the titles of those that came out, or may have, within a day; once."""
        late = []
        for file in self._job_note_files(_LATE):
            row, age_s = _read_print_job_note(file), time.time() - file.stat().st_mtime
            file.unlink(missing_ok=True)
            late += [row[-1]] if row is not None and age_s < _TOLD_WITHIN_S else []
        return late

    def _discard_all(self) -> None:
        while self._discard_jobs_and_tell_if_any_left():
            time.sleep(_LEFT_LOOK_S)

    def _discard_jobs_and_tell_if_any_left(self) -> bool:
        """Discard what the print service lets be discarded now; return whether something is left."""
        from queuedesk.printing import spooler

        for file in self._job_note_files(_LEFT):
            row = _read_print_job_note(file)
            is_discarded = spooler.discard_job(*row[:3]) if row is not None else True
            with suppress(OSError):
                if is_discarded:
                    file.unlink(missing_ok=True)
                elif is_discarded is False:
                    file.replace(file.with_suffix(_LATE))
        return bool(self._job_note_files(_LEFT))

    def _job_note_files(self, suffix: str) -> list[Path]:
        return sorted(self._job_notes_folder().glob(f"*{suffix}"))

    @staticmethod
    def _job_notes_folder() -> Path:
        return config.config_file().with_name("print-jobs")


def _read_print_job_note(file: Path) -> list[str] | None:
    """Return printer, job, server and title as noted; None for what is no such note."""
    try:
        row = read_program_file(file).decode().split("\n")
    except (OSError, ValueError):
        return None
    return row if len(row) == 4 else None


left_jobs = UncancelledPrintJobs()
_LEFT, _LATE, _TOLD_WITHIN_S = ".left", ".late", 24 * 3600
_LEFT_LOOK_S = 0.25
"""A print service that comes back begins to print at once."""

OTHERS_S = 20.0
"""How long a slip waits for one that another station of this PC prints on the same cable."""
_LOOK_S = 0.05


def chosen_or_default_printer() -> str:
    """Return this PC's printer: the chosen one, else the system's default, "" when there is none; may take seconds."""
    return config.load_config().printer or system_default_printer()


def stored_printer_choice() -> str:
    """Return the printer chosen for this PC, "" for none; the system is not asked for its default."""
    return config.load_config().printer


def choose_printer(printer: str) -> None:
    """Print on `printer` from now on: a printer of the system, or a choice as in printing.choice. Raises RuleError
    "bad_printer", OutsideError "cannot_write"."""
    if is_receipt_printer(printer):
        parse_receipt_printer_choice(printer)
    config.update_config({"printer": printer})


def require_known_printer(choice: str) -> None:
    """Raise RuleError "bad_printer" for what names no printer."""
    if is_receipt_printer(choice):
        parse_receipt_printer_choice(choice)
    elif choice != NO_PRINTER and not choice.startswith(PICTURES) and choice not in system_printer_names():
        raise RuleError("bad_printer", printer=choice)


def system_printer_names() -> list[str]:
    """Return the names of the system's printers; may take seconds."""
    ensure_offscreen_application()
    from queuedesk.printing import system_printer

    return system_printer.system_printer_names()


def plugged_receipt_printers() -> list[tuple[str, str]]:
    """Return this PC's devices that may be receipt printers as (choice, own name); may take seconds."""
    from queuedesk.printing import escpos

    return [(one.printer.choice_text, one.name) for one in escpos.usb_and_serial_printers()]


def printer_status(printer: str, down_cause: str = "") -> dict[str, Any] | None:
    """Return {"cause", "warning"} of a printer, "" for none, or None where nobody can tell; `down_cause` is why its
    last slip did not come out. One given up for numbers by hand counts as switched off. May take seconds. Raises
    OutsideError "printer_refused" if it remains in use."""
    if printer == NO_PRINTER:
        return {"cause": STOPPED, "warning": ""}
    if printer.startswith(PICTURES):
        folder = Path(printer.removeprefix(PICTURES))
        return {"cause": "", "warning": ""} if folder.is_dir() and os.access(folder, os.W_OK) else None
    if is_receipt_printer(printer):
        return _receipt_printer_status(printer)
    from queuedesk.printing import spooler

    cause = spooler.cups_printer_trouble(printer, down_cause) if printer else None
    if cause is None or (not cause and down_cause in ("printer_refused", "slow")):  # only a slip finds them to be over
        return None
    return {"cause": cause, "warning": "" if cause else spooler.reported_printer_trouble(printer)}


def watched_printer_status(down_cause: str) -> dict[str, Any] | None:
    """Return this PC's printer's status for its station, which knows it as down for `down_cause`, "" for up."""
    printer = chosen_or_default_printer()
    is_paper = printer not in ("", NO_PRINTER) and not printer.startswith(PICTURES)
    if not (is_paper or down_cause):
        return None
    try:
        if is_receipt_printer(printer):
            return _receipt_printer_status(printer, wait_s=0)
        return printer_status(printer, down_cause)
    except OutsideError:  # A slip is printed on it just now, which tells more.
        return None


def _receipt_printer_status(printer: str, *, wait_s: float = OTHERS_S) -> dict[str, Any]:
    """Ask it. One that is there and answers nothing is well as far as anybody can know: it fails only by being away."""
    from queuedesk.printing import escpos

    try:
        with lock_receipt_printer(printer, wait_s):
            status = escpos.receipt_printer_status(printer)
    except RuleError:
        return {"cause": "no_printer", "warning": ""}
    return {"cause": status.cause, "warning": status.warning} if status is not None else {"cause": "", "warning": ""}


@contextmanager
def lock_receipt_printer(printer: str, wait_s: float = OTHERS_S) -> Iterator[None]:
    """Keep other stations of this PC off a receipt printer's cable: two slips at once would mix. Raises OutsideError
    "printer_refused" when it is in use for longer than `wait_s`; RuleError "bad_printer"."""
    known = parse_receipt_printer_choice(printer)
    stem = crc32(f"{known.cable}:{known.address}".encode())
    lock = FileLock(config.config_file().with_name(f"printer-{stem:08x}.lock"))
    until = time.monotonic() + wait_s
    try:
        while not lock.try_to_take():
            if time.monotonic() > until:
                raise OutsideError("printer_refused", printer=known.address, cause="slow")
            time.sleep(_LOOK_S)
    except OSError:  # Where nothing can be written, nobody else is kept off.
        pass
    try:
        yield
    finally:
        lock.release()
