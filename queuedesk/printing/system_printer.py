"""The printers that the operating system knows: one for tickets, one for office paper."""

import re
import shlex
import shutil
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from queuedesk.core.errors import OutsideError
from queuedesk.printing.marks import Sheet
from queuedesk.printing.outputs import (
    OFFICE_MM,
    Printed,
    lay_out,
    paint_page,
    pdf_pages,
    roll_mm,
    set_page,
    slip_title,
    write_pdf,
)
from queuedesk.printing.sheet import WIDE

_LP_TIMEOUT_S = 15
_LOOK_TIMEOUT_S = 3
_FOLLOW_S, _FOLLOW_STEP_S = 20.0, 0.3
_JOB = re.compile(r"\S+-\d+(?= \()")  # "request id is Front_desk-17 (1 file(s))", in whatever language around it
# What CUPS says of a printer (RFC 8011, printer-state-reasons), the first that fits.
_REASONS = (("media-", "out_of_paper"), ("offline", "offline"), ("connecting", "offline"), ("timed-out", "offline"))
_ACCEPTS = "printer-is-accepting-jobs=true"
_STOPPED = "printer-state=5"
_PICTURE_DPI = 300


def printers() -> list[str]:
    """Return the names of the system's printers. May take seconds while the network is asked: never on the GUI thread."""
    return sorted(QPrinterInfo.availablePrinterNames())


def print_slip(slip: Printed, printer: str, width: int = WIDE) -> None:
    """Send `slip` to `printer`; returns when the system has printed it or has no trouble to tell of, not when paper came out.

    Where CUPS tells of trouble the job is taken back: no slip comes out by itself after somebody has written its number down.

    Raises:
        OutsideError: "no_printer" if the system has none of that name, "printer_refused" if it takes no job, with its `cause` where known.
    """
    info = _find(printer)
    _stop_on_trouble(printer)
    sheet = lay_out(slip, width)
    page_mm = _page_mm(info, sheet)
    command = shutil.which("lp")
    if command is None:
        _paint_slip(QPrinter(info, QPrinter.PrinterMode.HighResolution), sheet, page_mm, slip_title(slip))
        return
    with TemporaryDirectory() as folder:
        file = Path(folder, "slip.pdf")
        write_pdf(sheet, file, title=slip_title(slip), page_mm=page_mm)
        media = f"media=Custom.{page_mm.width():.2f}x{page_mm.height():.2f}mm"
        said = _lp(command, printer, file, slip_title(slip), ("-o", media, "-o", "print-scaling=none"))
    follow_job(printer, said)


def print_pdf(path: Path, printer: str) -> None:
    """Send a PDF (the day's report, a ticket's story) to `printer`, fitted to its paper.

    Raises:
        OutsideError: "no_printer", "narrow_paper" for a roll, "printer_refused", or "cannot_read" for the file.
    """
    info = _find(printer)
    if _is_narrow(_paper_of(info)):
        raise OutsideError("narrow_paper", printer=printer)
    command = shutil.which("lp")
    if command is None:
        pages = pdf_pages(path, _PICTURE_DPI)
        _paint_pictures(QPrinter(info, QPrinter.PrinterMode.HighResolution), pages, path.stem)
        return
    if not path.is_file():
        raise OutsideError("cannot_read", path=str(path))
    _lp(command, printer, path, path.stem, ("-o", "fit-to-page"))


def is_roll(printer: str) -> bool:
    """Whether the paper of a printer is known to be too narrow for a sheet; one whose paper nobody tells, or that is not there, is none."""
    return _is_narrow(_paper_of(QPrinterInfo.printerInfo(printer)))


def _paper_of(info: QPrinterInfo) -> list[QPageSize]:
    """Return the paper that a printer has without being asked, else what it could have."""
    usual = info.defaultPageSize()
    return [usual] if usual.isValid() else info.supportedPageSizes()


def _is_narrow(papers: list[QPageSize]) -> bool:
    widths_mm = [paper.size(QPageSize.Unit.Millimeter).width() for paper in papers if paper.isValid()]
    return bool(widths_mm) and max(widths_mm) < OFFICE_MM


def condition(printer: str) -> str | None:
    """Return "" for a printer that CUPS finds ready, else "out_of_paper", "offline" or "printer_refused"; None where nobody can tell.

    A spooler takes jobs for printers without paper too, so this says more than its taking one.
    """
    command = shutil.which("lpoptions")
    return _condition(command, printer) if command else None


def _condition(command: str, printer: str) -> str | None:
    try:
        done = subprocess.run(
            [command, "-p", printer], capture_output=True, text=True, timeout=_LOOK_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    said = shlex.split(done.stdout) if done.returncode == 0 and done.stdout.count("'") % 2 == 0 else []
    reasons = next((word.partition("=")[2] for word in said if word.startswith("printer-state-reasons=")), None)
    if reasons is None:
        return None
    for part, cause in _REASONS:
        # A warning or a report lets the printer go on.
        if any(part in one and not one.endswith(("-warning", "-low")) for one in reasons.split(",")):
            return cause
    return "" if _ACCEPTS in said and _STOPPED not in said else "printer_refused"


def follow_job(printer: str, said: str) -> None:
    """Wait until CUPS has printed the job of which `lp` said `said`; returns too when it takes long without any trouble.

    Raises OutsideError "printer_refused" with its `cause`; the job is taken back then.
    """
    job, list_command = _JOB.search(said), shutil.which("lpstat")
    if job is None or list_command is None:
        return
    until = time.monotonic() + _FOLLOW_S
    while job[0] in _run_quietly([list_command, "-W", "not-completed", "-o", printer]).split():
        try:
            _stop_on_trouble(printer)
        except OutsideError:
            if command := shutil.which("cancel"):
                _run_quietly([command, job[0]])
            raise
        if time.monotonic() > until:
            return
        time.sleep(_FOLLOW_STEP_S)


def _stop_on_trouble(printer: str) -> None:
    if cause := condition(printer):
        details = {} if cause == "printer_refused" else {"cause": cause}
        raise OutsideError("printer_refused", printer=printer, **details)


def _run_quietly(words: list[str]) -> str:
    """Return what a program of CUPS says; "" when it does not work."""
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=_LOOK_TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


def _find(printer: str) -> QPrinterInfo:
    """Look the printer up first: a QPrinter of an unknown name turns into a PDF file without a word."""
    info = QPrinterInfo.printerInfo(printer)
    if not printer or info.isNull():
        raise OutsideError("no_printer", printer=printer)
    return info


def _page_mm(info: QPrinterInfo, sheet: Sheet) -> QSizeF:
    usual_mm = info.defaultPageSize().size(QPageSize.Unit.Millimeter)
    return usual_mm if usual_mm.width() > OFFICE_MM else roll_mm(sheet)


def _lp(command: str, printer: str, file: Path, title: str, options: tuple[str, ...]) -> str:
    """Hand `file` to CUPS by its own program, whose exit status can be believed; Qt gives none away. Return what it said."""
    try:
        done = subprocess.run(
            [command, "-d", printer, "-t", title, *options, "--", str(file)],
            capture_output=True,
            text=True,
            timeout=_LP_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OutsideError("printer_refused", printer=printer) from error
    if done.returncode != 0:
        raise OutsideError("printer_refused", printer=printer)
    return done.stdout


def _paint_slip(device: QPrinter, sheet: Sheet, page_mm: QSizeF, title: str) -> None:
    device.setDocName(title)
    device.setFullPage(True)
    set_page(device, page_mm)
    painter = _begin(device)
    page = QRectF(device.pageLayout().fullRectPixels(device.resolution()))
    paint_page(painter, sheet, page, device.resolution())
    _end(painter, device)


def _paint_pictures(device: QPrinter, pages: list[QImage], title: str) -> None:
    device.setDocName(title)
    painter = _begin(device)
    for number, image in enumerate(pages):
        if number and not device.newPage():
            raise OutsideError("printer_refused", printer=device.printerName())
        page = QRectF(painter.viewport())
        size = QSizeF(image.size()).scaled(page.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawImage(QRectF((page.width() - size.width()) / 2, 0, size.width(), size.height()), image)
    _end(painter, device)


def _begin(device: QPrinter) -> QPainter:
    painter = QPainter()
    if not painter.begin(device):
        raise OutsideError("printer_refused", printer=device.printerName())
    return painter


def _end(painter: QPainter, device: QPrinter) -> None:
    if not painter.end() or device.printerState() == QPrinter.PrinterState.Error:
        raise OutsideError("printer_refused", printer=device.printerName())
