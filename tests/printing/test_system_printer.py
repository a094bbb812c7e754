import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QGuiApplication, QPageSize
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from queuedesk.core.errors import OutsideError
from queuedesk.printing import system_printer
from queuedesk.printing.outputs import lay_out, pdf_pages, roll_mm, save_pdf
from tests.printing import slips

pytestmark = pytest.mark.usefixtures("qapp")


def test_the_printers_are_those_of_the_system():
    assert isinstance(QGuiApplication.instance(), QGuiApplication)
    assert system_printer.printers() == sorted(QPrinterInfo.availablePrinterNames())


@pytest.mark.parametrize("printer", ["", "no such printer"])
@pytest.mark.parametrize("what", ["slip", "list", "pdf"])
def test_without_the_printer_nothing_happens_but_the_refusal(tmp_path, monkeypatch, printer, what):
    save_pdf(slips.BARE, tmp_path / "day.pdf")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(OutsideError) as refused:
        if what == "pdf":
            system_printer.print_pdf(tmp_path / "day.pdf", printer)
        else:
            system_printer.print_slip(slips.BARE if what == "slip" else slips.LIST_ZH, printer)

    assert (refused.value.code, refused.value.details) == ("no_printer", {"printer": printer})
    assert [file.name for file in tmp_path.iterdir()] == ["day.pdf"]


@pytest.mark.parametrize(
    ("widths_mm", "is_narrow"),
    [([58], True), ([80], True), ([80, 58], True), ([100], False), ([210], False), ([80, 210], False), ([], False)],
)
def test_sheets_need_paper_of_their_width_where_it_is_known(widths_mm, is_narrow):
    papers = [QPageSize(QSizeF(width, 297), QPageSize.Unit.Millimeter) for width in widths_mm]

    assert system_printer.is_narrow([*papers, QPageSize()]) is is_narrow


def test_a_printer_that_is_not_there_is_no_roll():
    assert not system_printer.is_roll("no such printer")


def printed(tmp_path) -> QPrinter:
    """A printer of Qt whose paper is a file."""
    device = QPrinter(QPrinter.PrinterMode.HighResolution)
    device.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    device.setOutputFileName(str(tmp_path / "paper.pdf"))
    return device


def ink_box_mm(tmp_path) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of what is black on the first page, and so where a ticket came to stand."""
    image = pdf_pages(tmp_path / "paper.pdf", 101.6)[0]
    black = [
        (x, y) for y in range(image.height()) for x in range(image.width()) if image.pixelColor(x, y).value() < 128
    ]
    across, down = [x / 4 for x, _ in black], [y / 4 for _, y in black]
    return min(across), min(down), max(across), max(down)


def test_a_roll_gets_the_slip_at_its_true_size(tmp_path):
    sheet = lay_out(slips.BARE)

    system_printer.paint_slip(printed(tmp_path), sheet, roll_mm(sheet), "B038")

    left, top, right, bottom = ink_box_mm(tmp_path)
    assert (left, right) == (pytest.approx(4 + 3.5, abs=0.5), pytest.approx(76 - 3.5, abs=0.5))
    assert 2 < top < 6
    assert sheet.height / 8 - 7 < bottom < sheet.height / 8


def test_office_paper_gets_the_slip_at_its_top(tmp_path):
    system_printer.paint_slip(printed(tmp_path), lay_out(slips.BARE), QSizeF(210, 297), "B038")

    left, top, right, _bottom = ink_box_mm(tmp_path)
    assert (left, right) == (pytest.approx(69 + 3.5, abs=0.5), pytest.approx(141 - 3.5, abs=0.5))
    assert 12 < top < 16


def test_a_pdf_is_printed_page_by_page(tmp_path):
    save_pdf(slips.BARE, tmp_path / "day.pdf")
    pages = pdf_pages(tmp_path / "day.pdf", 100) * 2

    system_printer.paint_pictures(printed(tmp_path), pages, "day")

    assert len(pdf_pages(tmp_path / "paper.pdf", 20)) == 2
