import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import zxingcpp
from PySide6.QtGui import QImage

from queuedesk.core.errors import OutsideError
from queuedesk.printing.outputs import draw_slip, pdf_pages, save_pdf
from queuedesk.printing.png import save_png
from queuedesk.printing.slip_painter import NARROW, WIDE
from tests.printing import slips

pytestmark = pytest.mark.usefixtures("qapp")

TICKETS = ["usual_zh", "usual_en", "bare", "long_zh", "long_en"]
DOTS_DPI = 203.2


def dots(image: QImage) -> np.ndarray:
    """The picture as rows of 0 (black) to 255 (white)."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return rows[:, : grey.width()].copy()


@pytest.mark.parametrize("name", TICKETS)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_code_is_read_from_the_picture(name, width):
    [found] = zxingcpp.read_barcodes(dots(slips.picture(name, width)))

    assert found.text == slips.CODE


@pytest.mark.parametrize("name", slips.ALL)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_picture_is_black_on_white_with_a_clear_edge(name, width):
    image = slips.picture(name, width)
    edge = 27 if width == WIDE else 19
    picture = dots(image)

    assert (image.format(), image.width()) == (QImage.Format.Format_Mono, width)
    assert set(np.unique(picture)) == {0, 255}
    assert picture[:, :edge].min() == picture[:, -edge:].min() == 255
    assert picture[: edge // 2].min() == picture[-edge // 2 :].min() == 255


def test_a_saved_picture_comes_back_as_drawn(tmp_path):
    image = draw_slip(slips.USUAL_ZH)
    save_png(image, tmp_path / "B038.png")

    assert (dots(QImage(str(tmp_path / "B038.png"))) == dots(image)).all()


@pytest.mark.parametrize(("width", "paper_mm"), [(WIDE, 80), (NARROW, 58)])
def test_the_pdf_page_is_the_paper(tmp_path, width, paper_mm):
    save_pdf(slips.USUAL_ZH, tmp_path / "ticket.pdf", width)

    with pypdfium2.PdfDocument(tmp_path / "ticket.pdf") as document:
        [(page_width, page_height)] = [page.get_size() for page in document]
    point_mm = 25.4 / 72  # Qt writes whole points
    assert page_width * point_mm == pytest.approx(paper_mm, abs=point_mm / 2)
    assert page_height * point_mm == pytest.approx(draw_slip(slips.USUAL_ZH, width).height() / 8, abs=point_mm / 2)


@pytest.mark.parametrize("name", slips.ALL)
def test_pdf_and_picture_are_one_drawing(tmp_path, name):
    save_pdf(slips.ALL[name], tmp_path / "slip.pdf")
    [page] = pdf_pages(tmp_path / "slip.pdf", DOTS_DPI)
    picture = dots(slips.picture(name, WIDE)) < 128
    left = (page.width() - WIDE) // 2
    paper = dots(page)[: picture.shape[0], left : left + WIDE] < 128

    assert (picture[: paper.shape[0]] != paper).mean() < 0.035  # smoothed edges; a squeezed number is over 0.05


def test_the_pdf_keeps_text_as_text_in_embedded_fonts(tmp_path):
    save_pdf(slips.USUAL_ZH, tmp_path / "ticket.pdf")

    with pypdfium2.PdfDocument(tmp_path / "ticket.pdf") as document:
        page = document[0]
        text = page.get_textpage().get_text_range()
        embedded = []
        for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
            embedded.append(pdfium.FPDFFont_GetIsEmbedded(pdfium.FPDFTextObj_GetFont(item)))
    for part in ("B038", "业务办理 · 更名过户", "20–30 分钟", "10:42", "8KR2WT"):
        assert part in text
    assert embedded
    assert set(embedded) == {1}


def test_a_page_takes_three_bytes_a_pixel(tmp_path):
    save_pdf(slips.USUAL_EN, tmp_path / "ticket.pdf")
    [page] = pdf_pages(tmp_path / "ticket.pdf", 100)

    assert page.sizeInBytes() < 3.1 * page.width() * page.height()


def test_the_code_is_read_from_the_pdf(tmp_path):
    save_pdf(slips.USUAL_EN, tmp_path / "ticket.pdf")
    [page] = pdf_pages(tmp_path / "ticket.pdf", 300)

    assert [found.text for found in zxingcpp.read_barcodes(dots(page))] == [slips.CODE]


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(OutsideError, match="cannot_write"):
        save_png(draw_slip(slips.BARE), tmp_path / "no" / "ticket.png")
    with pytest.raises(OutsideError, match="cannot_write"):
        save_pdf(slips.BARE, tmp_path / "no" / "ticket.pdf")


def test_a_file_that_can_not_be_replaced_is_left_alone(tmp_path):
    (tmp_path / "ticket.pdf").mkdir()

    with pytest.raises(OutsideError, match="cannot_write"):
        save_pdf(slips.BARE, tmp_path / "ticket.pdf")
    assert [file.name for file in tmp_path.iterdir()] == ["ticket.pdf"]


def test_a_worker_thread_draws_the_same():
    with ThreadPoolExecutor(1) as worker:
        drawn = worker.submit(draw_slip, slips.LONG_ZH).result()

    # Qt rounds some edge dots of the big number by what it drew before.
    assert (dots(drawn) != dots(draw_slip(slips.LONG_ZH))).mean() < 0.001


def test_what_is_no_pdf_is_told(tmp_path):
    (tmp_path / "notes.pdf").write_text("not a PDF")

    for path in (tmp_path / "notes.pdf", tmp_path / "missing.pdf"):
        with pytest.raises(OutsideError, match="cannot_read"):
            pdf_pages(path, 96)


def test_drawing_takes_nothing_from_python_itself():
    """PySide6 6.12.0 gives away a reference to None per call: Python 3.11 dies after some thousands of them."""
    draw_slip(slips.BARE)  # fills the caches
    before = sys.getrefcount(None)
    draw_slip(slips.BARE)

    assert sys.getrefcount(None) > before - 50
