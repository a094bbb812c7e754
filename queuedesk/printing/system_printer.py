"""The printers that the operating system knows: one for tickets, one for office paper."""

from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from queuedesk.core.errors import OutsideError
from queuedesk.printing import spooler
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
from queuedesk.printing.slip_painter import WIDE, Sheet

_PICTURE_DPI = 300


def printers() -> list[str]:
    """Return the names of the system's printers. May take seconds while the network is asked: never call it on the GUI
    thread."""
    return sorted(QPrinterInfo.availablePrinterNames())


def print_slip(slip: Printed, printer: str, width: int = WIDE) -> str:
    """Send `slip` to `printer`; return when the system has printed it, which does not always mean that paper came out.
    Returns what is wrong with the printer all the same, "" for nothing. Where CUPS reports trouble, or has not printed
    it in time, the job is cancelled: no slip is printed after somebody has written its number down. Raises OutsideError
    "no_printer" if the system has none of that name, "printer_refused" if it takes no job, with its `cause` where
    known."""
    info = _printer_info(printer)
    spooler.check(printer)
    sheet = lay_out(slip, width)
    page_mm = _page_mm(info, sheet)
    if not spooler.has_spooler():
        paint_slip(QPrinter(info, QPrinter.PrinterMode.HighResolution), sheet, page_mm, slip_title(slip))
        return ""
    with TemporaryDirectory() as folder:
        file = Path(folder, "slip.pdf")
        write_pdf(sheet, file, title=slip_title(slip), page_mm=page_mm)
        media = f"media=Custom.{page_mm.width():.2f}x{page_mm.height():.2f}mm"
        job = spooler.send(printer, file, slip_title(slip), ("-o", media, "-o", "print-scaling=none"))
    spooler.follow(printer, job)
    return spooler.reported(printer)


def print_pdf(path: Path, printer: str) -> None:
    """Send a PDF (the day's report, a ticket's history) to `printer`, fitted to its paper; a job that meets trouble is
    cancelled. Raises OutsideError "no_printer", "narrow_paper" for a roll, "printer_refused", or "cannot_read" for the
    file."""
    info = _printer_info(printer)
    if is_narrow(_paper_of(info)):
        raise OutsideError("narrow_paper", printer=printer)
    if not spooler.has_spooler():
        pages = pdf_pages(path, _PICTURE_DPI)
        paint_pictures(QPrinter(info, QPrinter.PrinterMode.HighResolution), pages, path.stem)
        return
    if not path.is_file():
        raise OutsideError("cannot_read", path=str(path))
    spooler.check(printer)
    job = spooler.send(printer, path, path.stem, ("-o", "fit-to-page"))
    spooler.follow(printer, job, may_take_long=True)


def is_roll(printer: str) -> bool:
    """Whether the paper of a printer is known to be too narrow for a sheet; False for a printer of unknown paper, or
    none."""
    return is_narrow(_paper_of(QPrinterInfo.printerInfo(printer)))


def _paper_of(info: QPrinterInfo) -> list[QPageSize]:
    """Return the paper that a printer has without being asked, else what it could have."""
    usual = info.defaultPageSize()
    return [usual] if usual.isValid() else info.supportedPageSizes()


def is_narrow(papers: list[QPageSize]) -> bool:
    widths_mm = [paper.size(QPageSize.Unit.Millimeter).width() for paper in papers if paper.isValid()]
    return bool(widths_mm) and max(widths_mm) < OFFICE_MM


def _printer_info(printer: str) -> QPrinterInfo:
    """Look the printer up first: a QPrinter of an unknown name turns into a PDF file without a word."""
    info = QPrinterInfo.printerInfo(printer)
    if not printer or info.isNull():
        raise OutsideError("no_printer", printer=printer)
    return info


def _page_mm(info: QPrinterInfo, sheet: Sheet) -> QSizeF:
    usual_mm = info.defaultPageSize().size(QPageSize.Unit.Millimeter)
    return usual_mm if usual_mm.width() > OFFICE_MM else roll_mm(sheet)


def paint_slip(device: QPrinter, sheet: Sheet, page_mm: QSizeF, title: str) -> None:
    device.setDocName(title)
    device.setFullPage(True)
    set_page(device, page_mm)
    painter = _begin_painting(device)
    page = QRectF(device.pageLayout().fullRectPixels(device.resolution()))
    paint_page(painter, sheet, page, device.resolution())
    _end_painting(painter, device)


def paint_pictures(device: QPrinter, pages: list[QImage], title: str) -> None:
    device.setDocName(title)
    painter = _begin_painting(device)
    for number, image in enumerate(pages):
        if number and not device.newPage():
            raise OutsideError("printer_refused", printer=device.printerName())
        page = QRectF(painter.viewport())
        size = QSizeF(image.size()).scaled(page.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawImage(QRectF((page.width() - size.width()) / 2, 0, size.width(), size.height()), image)
    _end_painting(painter, device)


def _begin_painting(device: QPrinter) -> QPainter:
    painter = QPainter()
    if not painter.begin(device):
        raise OutsideError("printer_refused", printer=device.printerName())
    return painter


def _end_painting(painter: QPainter, device: QPrinter) -> None:
    if not painter.end() or device.printerState() == QPrinter.PrinterState.Error:
        raise OutsideError("printer_refused", printer=device.printerName())
