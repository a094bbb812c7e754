"""Sheets of paper on this PC: reports, stories, forms. Their printer is chosen apart from that of tickets, which may
have a roll."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from queuedesk.app.services.picture_tray import save_picture
from queuedesk.app.station.painting import prepare_painting
from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError
from queuedesk.printing.choice import NO_PRINTER, PICTURES, is_receipt_printer

PAGE_DPI = 150


def report_printers() -> dict[str, Any]:
    """Return {"names", "chosen", "usual"}: the system's printers that take sheets, the one chosen for reports on this
    PC ("" for none), and where a sheet goes that somebody prints without choosing ("" for nowhere). May take seconds.
    """
    from queuedesk.printing import system_printer

    names = [name for name in system_printer.printers() if not system_printer.is_roll(name)]
    return {"names": names, "chosen": config.load().report_printer, "usual": usual_printer()}


def choose_report_printer(printer: str) -> None:
    """Print reports there from now on, "" for on none. Raises OutsideError "cannot_write"."""
    config.remember({"report_printer": printer})


def default_printer() -> str:
    """Return the system's own choice of a printer, "" when it has none."""
    prepare_painting()
    from PySide6.QtPrintSupport import QPrinterInfo

    return QPrinterInfo.defaultPrinterName()


def usual_printer() -> str:
    """Return the first that takes sheets of this PC's printer of tickets and the system's own choice, "" where neither
    does."""
    own = config.load().printer
    return next((name for name in (own, default_printer()) if _takes_sheets(name)), "") if own != NO_PRINTER else ""


def print_pdf(path: Path | str, printer: str = "", *, wall_only: bool = False) -> str:
    """Send a PDF to a printer, unless named this PC's one for reports, else the usual one; return which.

    With `wall_only` a report goes without its page for managers.

    Raises OutsideError "no_report_printer" where there is none to send it to, "no_printer", "narrow_paper",
    "printer_refused", "cannot_read", "cannot_write".
    """
    chosen = printer or config.load().report_printer or usual_printer()
    if chosen in ("", NO_PRINTER):
        raise OutsideError("no_report_printer")
    if not wall_only:
        _send(Path(path), chosen)
        return chosen
    with TemporaryDirectory(prefix="queuedesk-print-", ignore_cleanup_errors=True) as folder:
        part = Path(folder, Path(path).name)
        save_wall_part(path, part)
        _send(part, chosen)
    return chosen


def save_wall_part(path: Path | str, target: Path | str) -> None:
    """Write a report without its page for managers. Raises OutsideError "cannot_read", "cannot_write"."""
    from queuedesk.files.writing import write_file
    from queuedesk.reports.kept.reading import wall_part

    write_file(Path(target), wall_part(Path(path)))


def pdf_pages(path: Path, dpi: float) -> list[Any]:
    """Return the pages of a PDF as QImages. Raises OutsideError "cannot_read"."""
    from queuedesk.printing import outputs

    return outputs.pdf_pages(path, dpi)


def _send(path: Path, printer: str) -> None:
    from queuedesk.printing import outputs, system_printer

    if not printer.startswith(PICTURES):
        system_printer.print_pdf(path, printer)
        return
    for number, page in enumerate(outputs.pdf_pages(path, PAGE_DPI), start=1):
        save_picture(page, printer, f"{path.stem}-{number}")


def _takes_sheets(printer: str) -> bool:
    if is_receipt_printer(printer):
        return False
    from queuedesk.printing import system_printer

    return printer.startswith(PICTURES) or bool(printer and not system_printer.is_roll(printer))
