import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import zxingcpp
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QGuiApplication, QImage, QPageSize
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from queuedesk.core.errors import OutsideError
from queuedesk.printing import system_printer
from queuedesk.printing.qr import parse_ticket_code
from queuedesk.printing.slip_layout import draw_slip, lay_out_slip, pdf_page_images, roll_paper_size_mm, save_slip_pdf
from queuedesk.printing.slip_painter import NARROW, WIDE
from queuedesk.stations.window.picture import save_png
from tests.printing import slips
from tests.printing.slips import dots

pytestmark = pytest.mark.usefixtures("qapp")
CODED = [name for name in slips.ALL if not name.startswith("list") and name != "most_hidden"]


@pytest.mark.parametrize("name", slips.ALL)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_picture_is_black_on_white_with_a_clear_edge_and_its_code_is_read(name, width):
    image = slips.picture(name, width)
    edge = 27 if width == WIDE else 19
    picture = dots(image)
    assert (image.format(), image.width()) == (QImage.Format.Format_Mono, width)
    assert set(np.unique(picture)) == {0, 255}
    assert picture[:, :edge].min() == picture[:, -edge:].min() == 255
    assert picture[: edge // 2].min() == picture[-edge // 2 :].min() == 255
    codes = [found.text for found in zxingcpp.read_barcodes(picture)]
    assert codes == ([slips.ALL[name].qr_text] if name in CODED else [])
    assert all(name.startswith("appointment") or parse_ticket_code(code) is not None for code in codes)


@pytest.mark.parametrize(("width", "paper_mm"), [(WIDE, 80), (NARROW, 58)])
def test_the_pdf_page_is_the_paper_and_keeps_text_as_text_in_embedded_fonts(tmp_path, width, paper_mm):
    save_slip_pdf(slips.USUAL_ZH, tmp_path / "ticket.pdf", width)
    pages = pdf_page_images(tmp_path / "ticket.pdf", 100) * 2
    system_printer.print_page_images(printed(tmp_path), pages, "day")
    assert len(pdf_page_images(tmp_path / "paper.pdf", 20)) == 2, "page by page"
    with pypdfium2.PdfDocument(tmp_path / "ticket.pdf") as document:
        [page] = document
        page_width, page_height = page.get_size()
        text = page.get_textpage().get_text_range()
        written = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT])
        embedded = {pdfium.FPDFFont_GetIsEmbedded(pdfium.FPDFTextObj_GetFont(item)) for item in written}
    point_mm = 25.4 / 72  # Qt writes whole points
    assert page_width * point_mm == pytest.approx(paper_mm, abs=point_mm / 2)
    assert page_height * point_mm == pytest.approx(draw_slip(slips.USUAL_ZH, width).height() / 8, abs=point_mm / 2)
    for part in ("B038", "业务办理 · 更名过户", "20–30 分钟", "10:42", "8KR2WT"):
        assert part in text
    assert embedded == {1}


@pytest.mark.parametrize("name", slips.ALL)
def test_pdf_and_picture_are_one_drawing(tmp_path, name):
    save_slip_pdf(slips.ALL[name], tmp_path / "slip.pdf")
    [page] = pdf_page_images(tmp_path / "slip.pdf", 203.2)
    assert page.sizeInBytes() < 3.1 * page.width() * page.height(), "three bytes a pixel"
    picture = dots(slips.picture(name, WIDE)) < 128
    left = (page.width() - WIDE) // 2
    paper = dots(page)[: picture.shape[0], left : left + WIDE] < 128
    assert (picture[: paper.shape[0]] != paper).mean() < 0.035  # smoothed edges; a squeezed number is over 0.05


def test_a_worker_thread_draws_the_same_and_drawing_takes_nothing_from_python_itself():
    with ThreadPoolExecutor(1) as worker:
        drawn = worker.submit(draw_slip, slips.LONG_ZH).result()
    # Qt rounds some edge dots of the big number by what it drew before.
    assert (dots(drawn) != dots(draw_slip(slips.LONG_ZH))).mean() < 0.001
    # PySide6 6.12.0 gives away a reference to None per call: Python 3.11 dies after some thousands of them.
    draw_slip(slips.BARE)  # fills the caches
    before = sys.getrefcount(None)
    draw_slip(slips.BARE)
    assert sys.getrefcount(None) > before - 50


def test_without_the_printer_nothing_happens_but_the_refusal(tmp_path, monkeypatch):
    save_slip_pdf(slips.BARE, tmp_path / "day.pdf")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))  # no print service, which would be the trouble where it is off
    prints = system_printer.print_slip_and_give_trouble
    ways = ((prints, slips.BARE), (prints, slips.LIST_ZH), (system_printer.print_pdf, tmp_path / "day.pdf"))
    for printer, (give, what) in product(("", "no such printer"), ways):
        with pytest.raises(OutsideError) as refused:
            give(what, printer)
        assert (refused.value.code, refused.value.details) == ("no_printer", {"printer": printer})
    assert [file.name for file in tmp_path.iterdir()] == ["day.pdf"]


def test_the_printers_are_those_of_the_system_and_sheets_need_paper_of_their_width_where_known():
    assert isinstance(QGuiApplication.instance(), QGuiApplication)
    assert system_printer.system_printer_names() == sorted(QPrinterInfo.availablePrinterNames())
    for widths_mm, is_narrow in (((58,), True), ((80,), True), ((80, 58), True), ((100,), False), ((80, 210), False)):
        papers = [QPageSize(QSizeF(width, 297), QPageSize.Unit.Millimeter) for width in widths_mm]
        assert system_printer.are_papers_narrow([*papers, QPageSize()]) is is_narrow, widths_mm
    assert not system_printer.are_papers_narrow([QPageSize()])


def printed(tmp_path) -> QPrinter:
    """A printer of Qt whose paper is a file."""
    device = QPrinter(QPrinter.PrinterMode.HighResolution)
    device.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    device.setOutputFileName(str(tmp_path / "paper.pdf"))
    return device


def test_what_cannot_be_written_or_read_is_told_and_left_alone(tmp_path):
    image = draw_slip(slips.USUAL_ZH)
    save_png(image, tmp_path / "B038.png")
    assert (dots(QImage(str(tmp_path / "B038.png"))) == dots(image)).all()
    (tmp_path / "ticket.pdf").mkdir()
    (tmp_path / "notes.pdf").write_text("not a PDF")
    there = sorted(tmp_path.iterdir())
    with pytest.raises(OutsideError, match="cannot_write"):
        save_png(image, tmp_path / "no/ticket.png")
    for path in ("no/ticket.pdf", "ticket.pdf"):
        with pytest.raises(OutsideError, match="cannot_write"):
            save_slip_pdf(slips.BARE, tmp_path / path)
    for path in ("notes.pdf", "missing.pdf"):
        with pytest.raises(OutsideError, match="cannot_read"):
            pdf_page_images(tmp_path / path, 96)
    assert sorted(tmp_path.iterdir()) == there


@pytest.mark.parametrize(
    ("is_roll", "left_mm", "right_mm", "top_mm"), [(True, 4, 76, (2, 6)), (False, 69, 141, (12, 16))]
)
def test_a_slip_comes_at_its_true_size_from_a_roll_and_atop_office_paper(tmp_path, is_roll, left_mm, right_mm, top_mm):
    sheet = lay_out_slip(slips.BARE)
    paper = roll_paper_size_mm(sheet) if is_roll else QSizeF(210, 297)
    system_printer.print_slip_sheet(printed(tmp_path), sheet, paper, "B038")
    down, across = np.nonzero(dots(pdf_page_images(tmp_path / "paper.pdf", 101.6)[0]) < 128)
    assert across.min() / 4 == pytest.approx(left_mm + 3.5, abs=0.5)
    assert across.max() / 4 == pytest.approx(right_mm - 3.5, abs=0.5)
    assert top_mm[0] < down.min() / 4 < top_mm[1]
    assert not is_roll or sheet.height / 8 - 7 < down.max() / 4 < sheet.height / 8
