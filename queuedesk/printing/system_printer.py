"""The printers that the operating system knows: one for tickets, one for office paper."""

from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from queuedesk.core.errors import OutsideError
from queuedesk.printing import slip_layout, spooler
from queuedesk.printing.slip_painter import NARROW, WIDE, SlipSheet

_PICTURE_DPI = 300


def system_printer_names() -> list[str]:
    """Return the names of the system's printers. May take seconds while the network is asked: never call it on the GUI
    thread."""
    return sorted(QPrinterInfo.availablePrinterNames())


def print_slip_and_give_trouble(slip: slip_layout.Printed, printer: str, width: int = WIDE) -> str:
    """Send `slip` to `printer`; return when the system has printed it, which does not always mean that paper came out.
    Returns what is wrong with the printer all the same, "" for nothing. Where CUPS reports trouble, or has not printed
    it in time, the job is cancelled: no slip is printed after somebody has written its number down. Raises OutsideError
    "no_printer" if the system has none of that name, "printer_refused" if it takes no job, with its `cause` where
    known."""
    info = _printer_info(printer)
    roll_mm = spooler.roll_width_mm(printer)
    sheet = slip_layout.lay_out_slip(slip, NARROW if 0 < roll_mm < slip_layout.PAPER_MM[width] else width)
    page_mm = _page_size_for_printer_mm(info, sheet, roll_mm)
    if not spooler.has_spooler():
        print_slip_sheet(
            QPrinter(info, QPrinter.PrinterMode.HighResolution),
            sheet,
            page_mm,
            slip_layout.slip_title_in_print_queue(slip),
        )
        return ""
    with TemporaryDirectory() as folder:
        file = Path(folder, "slip.pdf")
        slip_layout.write_sheet_pdf(sheet, file, title=slip_layout.slip_title_in_print_queue(slip), page_mm=page_mm)
        media = f"media=Custom.{page_mm.width():.2f}x{page_mm.height():.2f}mm"
        job = spooler.send_file_to_cups(
            printer, file, slip_layout.slip_title_in_print_queue(slip), ("-o", media, "-o", "print-scaling=none")
        )
    spooler.wait_until_printed_or_cancel(printer, job)
    return spooler.reported_printer_trouble(printer)


def print_pdf(path: Path, printer: str) -> None:
    """Send a PDF (the day's report, a ticket's history) to `printer`, fitted to its paper; a job that meets trouble is
    cancelled. Raises OutsideError "no_printer", "narrow_paper" for a roll, "printer_refused", or "cannot_read" for the
    file."""
    info = _printer_info(printer)
    if are_papers_narrow(_default_or_possible_papers(info)):
        raise OutsideError("narrow_paper", printer=printer)
    if not spooler.has_spooler():
        pages = slip_layout.pdf_page_images(path, _PICTURE_DPI)
        print_page_images(QPrinter(info, QPrinter.PrinterMode.HighResolution), pages, path.stem)
        return
    if not path.is_file():
        raise OutsideError("cannot_read", path=str(path))
    job = spooler.send_file_to_cups(printer, path, path.stem, ("-o", "fit-to-page"))
    spooler.wait_until_printed_or_cancel(printer, job, may_take_long=True)


def is_roll_printer(printer: str) -> bool:
    """Whether the paper of a printer is known to be too narrow for a sheet; False for a printer of unknown paper, or
    none."""
    return are_papers_narrow(_default_or_possible_papers(QPrinterInfo.printerInfo(printer)))


def _default_or_possible_papers(info: QPrinterInfo) -> list[QPageSize]:
    """Return the paper that a printer has without being asked, else what it could have."""
    usual = info.defaultPageSize()
    return [usual] if usual.isValid() else info.supportedPageSizes()


def are_papers_narrow(papers: list[QPageSize]) -> bool:
    widths_mm = [paper.size(QPageSize.Unit.Millimeter).width() for paper in papers if paper.isValid()]
    return bool(widths_mm) and max(widths_mm) < slip_layout.OFFICE_MM


def _printer_info(printer: str) -> QPrinterInfo:
    """Look the printer up first: a QPrinter of an unknown name turns into a PDF file without a word. Raises
    OutsideError "no_printer", "printer_refused"."""
    if printer:
        spooler.require_printer_usable(printer)
    info = QPrinterInfo.printerInfo(printer)
    if not printer or info.isNull():
        raise OutsideError("no_printer", printer=printer)
    return info


def _page_size_for_printer_mm(info: QPrinterInfo, sheet: SlipSheet, roll_mm: float) -> QSizeF:
    if 0 < roll_mm <= slip_layout.OFFICE_MM:
        return QSizeF(roll_mm, slip_layout.roll_paper_size_mm(sheet).height())
    usual_mm = info.defaultPageSize().size(QPageSize.Unit.Millimeter)
    return usual_mm if usual_mm.width() > slip_layout.OFFICE_MM else slip_layout.roll_paper_size_mm(sheet)


def print_slip_sheet(device: QPrinter, sheet: SlipSheet, page_mm: QSizeF, title: str) -> None:
    device.setDocName(title)
    device.setFullPage(True)
    slip_layout.set_borderless_page_size(device, page_mm)
    painter = _begin_painting(device)
    page = QRectF(device.pageLayout().fullRectPixels(device.resolution()))
    slip_layout.paint_slip_on_page(painter, sheet, page, device.resolution())
    _end_painting(painter, device)


def print_page_images(device: QPrinter, pages: list[QImage], title: str) -> None:
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
