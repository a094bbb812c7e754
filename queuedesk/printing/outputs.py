"""Takes the one drawing of a slip to a picture, a PDF or a page of Qt's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter

from queuedesk.core.errors import OutsideError
from queuedesk.files.writing import write_file
from queuedesk.printing.slip_contents import FeatureSlip, LabelSlip, QuietTimesSlip, Slip, TicketSlip
from queuedesk.printing.slip_layout import (
    NUMBER,
    PrinterTestSlip,
    lay_out_label_slip,
    lay_out_papers_list,
    lay_out_quiet_times,
    lay_out_test_slip,
    lay_out_ticket,
    quiet_times_slip_title,
)
from queuedesk.printing.slip_painter import DOTS_PER_MM, WIDE, SlipSheet, paint_marks

if TYPE_CHECKING:
    import pypdfium2

PAPER_MM = {576: 80, 384: 58}  # the roll that each head prints on; what the head can't reach stays white
OFFICE_MM = 100  # paper this wide is a sheet, not a roll: its size is kept and the slip stands at its top
_HEAD_ROOM_MM = 10.0  # office printers reach no edge
_PDF_DPI = 1016  # five steps to a dot, so that every module and line ends on a whole one
_MM_PER_INCH = 25.4


Printed = Slip | PrinterTestSlip


def lay_out_slip(slip: Printed, width: int = WIDE) -> SlipSheet:
    """Return `slip` laid out for a head of `width` dots."""
    if isinstance(slip, PrinterTestSlip):
        return lay_out_test_slip(slip, width)
    if isinstance(slip, FeatureSlip):
        return slip.lay_out(width)
    if isinstance(slip, QuietTimesSlip):
        return lay_out_quiet_times(slip, width)
    if isinstance(slip, LabelSlip):
        return lay_out_label_slip(slip, width)
    return lay_out_ticket(slip, width) if isinstance(slip, TicketSlip) else lay_out_papers_list(slip, width)


def draw_slip(slip: Printed, width: int = WIDE) -> QImage:
    """Return `slip` in pure black and white, one pixel per printer dot. Needs a QGuiApplication; any thread."""
    sheet = lay_out_slip(slip, width)
    image = QImage(sheet.width, sheet.height, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_marks(painter, sheet.marks)
    painter.end()
    flags = Qt.ImageConversionFlag.MonoOnly | Qt.ImageConversionFlag.ThresholdDither
    mono = image.convertToFormat(QImage.Format.Format_Mono, flags)
    mono.setDotsPerMeterX(DOTS_PER_MM * 1000)
    mono.setDotsPerMeterY(DOTS_PER_MM * 1000)
    return mono


def save_slip_pdf(slip: Printed, path: Path, width: int = WIDE) -> None:
    """Write `slip` to `path` as one page of the roll's width and just the height it needs, its text as text. Raises
    RuleError "own_file"; OutsideError "cannot_write"."""
    sheet = lay_out_slip(slip, width)
    write_sheet_pdf(sheet, path, title=slip_title(slip), page_mm=roll_paper_size_mm(sheet))


def write_sheet_pdf(sheet: SlipSheet, path: Path, *, title: str, page_mm: QSizeF) -> None:
    """Write `sheet` on one page of `page_mm`, width by height. Raises RuleError "own_file"; OutsideError
    "cannot_write"."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setCreator("QueueDesk")
    writer.setTitle(title)
    writer.setResolution(_PDF_DPI)
    set_borderless_page_size(writer, page_mm)
    painter = QPainter(writer)
    paint_slip_on_page(painter, sheet, QRectF(0, 0, writer.width(), writer.height()), _PDF_DPI)
    painter.end()
    write_file(path, bytes(buffer.data().data()))


def slip_title(slip: Printed) -> str:
    """Return the slip's title in a print queue or file list: a ticket's number, else the service or subject."""
    if isinstance(slip, PrinterTestSlip):
        return NUMBER
    if isinstance(slip, QuietTimesSlip):
        return quiet_times_slip_title(slip.lang)
    if isinstance(slip, LabelSlip | FeatureSlip):
        return slip.title
    return slip.label if isinstance(slip, TicketSlip) else slip.service


def roll_paper_size_mm(sheet: SlipSheet) -> QSizeF:
    """Return width and height of the paper for `sheet`, in millimetres."""
    return QSizeF(PAPER_MM[sheet.width], sheet.height / DOTS_PER_MM)


def set_borderless_page_size(device: QPagedPaintDevice, page_mm: QSizeF) -> None:
    """Give `device` pages of exactly `page_mm`, painted to their edges."""
    size = QPageSize(page_mm, QPageSize.Unit.Millimeter, "QueueDesk", QPageSize.SizeMatchPolicy.ExactMatch)
    device.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(), QPageLayout.Unit.Millimeter))


def paint_slip_on_page(painter: QPainter, sheet: SlipSheet, page: QRectF, dpi: float) -> None:
    """Paint `sheet` at its true size at the top of `page` (in device units), centred."""
    scale = dpi / (DOTS_PER_MM * _MM_PER_INCH)
    is_office = page.width() / scale / DOTS_PER_MM > OFFICE_MM
    top = page.top() + (_HEAD_ROOM_MM * DOTS_PER_MM * scale if is_office else 0)
    painter.save()
    painter.translate(page.left() + (page.width() - sheet.width * scale) / 2, top)
    painter.scale(scale, scale)
    paint_marks(painter, sheet.marks)
    painter.restore()


def pdf_page_images(path: Path, dpi: float) -> list[QImage]:
    """Return the pages of any PDF as pictures, for a screen or a printer. Raises OutsideError "cannot_read"."""
    import pypdfium2  # late: stations print slips long before a PDF

    try:
        with pypdfium2.PdfDocument(path) as document:
            return [_rendered_pdf_page(page, dpi) for page in document]
    except (OSError, pypdfium2.PdfiumError) as error:
        raise OutsideError("cannot_read", path=str(path)) from error


def _rendered_pdf_page(page: pypdfium2.PdfPage, dpi: float) -> QImage:
    # Three bytes a pixel: a screen keeps a report's ten pages as long as it shows them.
    bitmap = page.render(scale=dpi / 72, rev_byteorder=True)
    view = QImage(bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGB888)
    image = view.copy()  # the buffer goes with the bitmap
    image.setDotsPerMeterX(round(dpi / _MM_PER_INCH * 1000))
    image.setDotsPerMeterY(round(dpi / _MM_PER_INCH * 1000))
    return image
