"""How slips stand on paper and what they read, where they come out, and how a PC names its printer."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtCore import QSizeF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.queue.dispatch import NO_FIGURES, QuotedWait
from queuedesk.core.setup.field_kinds import check_single_row_part_fields
from queuedesk.core.setup.hall import PARTS, TicketDesign
from queuedesk.core.talk.number_block import WindowLabel
from queuedesk.printing import slip_painter, system_printer
from queuedesk.printing.qr import TicketCodeContent, parse_ticket_code, qr_modules, ticket_code_text
from queuedesk.printing.slip_contents import QuietTimesSlip, logo_file_as_setup_text, logo_image_from_setup_text
from queuedesk.printing.slip_layout import draw_slip, lay_out_slip, pdf_page_images, roll_paper_size_mm, save_slip_pdf
from queuedesk.printing.slip_painter import (
    NARROW,
    WIDE,
    ArrowMark,
    LogoMark,
    QrCodeMark,
    TextMark,
    wrap_evenly,
    wrapped_lines,
)
from queuedesk.printing.spooler import ReceiptPrinter, parse_receipt_printer_choice
from queuedesk.stations.window.picture import save_png
from tests.golden.kept import must_be_kept
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


def words(slip, width=WIDE):
    return slips.words(lay_out_slip(slip, width))


@pytest.mark.parametrize("name", slips.ALL)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_nothing_overlaps_or_leaves_the_margins_and_a_worn_head_still_prints_every_mark(name, width):
    sheet = slips.sheet(name, width)
    assert [pair for pair in combinations(sheet.marks, 2) if pair[0].box.intersects(pair[1].box)] == []
    for mark in sheet.marks:
        ink = mark.box
        if isinstance(mark, QrCodeMark):
            quiet = 4 * mark.module
            ink = ink.adjusted(quiet, quiet, -quiet, -quiet)
        assert sheet.margin - 1 <= ink.left() < ink.right() <= sheet.width - sheet.margin + 1, mark
        assert sheet.margin / 2 <= ink.top() < ink.bottom() <= sheet.height - sheet.margin / 2, mark
        match mark:
            case TextMark():
                assert mark.size >= slip_painter.SMALLEST_TEXT
            case slip_painter.LineMark():
                assert mark.box.height() >= slip_painter.THINNEST_LINE
            case slip_painter.TickBox() | ArrowMark():
                assert mark.line >= slip_painter.THINNEST_LINE
            case QrCodeMark():
                assert isinstance(mark.module, int) and mark.module >= 6
                assert mark.box.topLeft().toPoint().toPointF() == mark.box.topLeft()


def test_an_ordinary_ticket_takes_no_more_than_a_hand_of_paper_and_the_number_is_as_large_as_the_hall_wants():
    heights = []
    for number in ("large", "medium", "small"):
        marks = lay_out_slip(replace(FULL, design=TicketDesign(number=number))).marks
        heights.append(next(m.box.height() for m in marks if isinstance(m, TextMark) and m.text == "B038"))
    assert heights == sorted(heights, reverse=True)
    assert heights[0] > 1.8 * heights[2]
    assert lay_out_slip(slips.USUAL_ZH).height / 8 == pytest.approx(140, abs=3)
    assert lay_out_slip(slips.BARE).height / 8 == pytest.approx(116, abs=3)
    with pytest.raises(ValueError, match="512"):
        lay_out_slip(slips.BARE, 512)


def measure(text: str) -> float:
    """A Chinese character is two wide, a Latin one; the word joiner nothing."""
    return sum(0 if char == "\u2060" else 2 if char >= "\u2e80" else 1 for char in text)


WORDS = st.text(alphabet="ab c，。（）,·\u2060号窗口", max_size=40)
wrap_at_clauses = slip_painter.wrap_at_clauses_or_evenly


@pytest.mark.parametrize("breaker", [wrapped_lines, wrap_evenly, wrap_at_clauses])
@given(text=WORDS, width=st.integers(min_value=4, max_value=30))
def test_every_line_fits_and_no_character_is_lost(breaker, text, width):
    lines = breaker(text, measure, width)
    assert all(measure(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


STEPS = ("业务办理", "电费缴纳")
FULL = replace(slips.USUAL_ZH, class_name="老年人", window=slips.ON_THE_LEFT, steps=STEPS, phone="95598")


def without(*parts: str):
    return replace(FULL, design=TicketDesign(hidden=frozenset(parts)))


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("hall", "城东供电营业厅"),
        ("time", "2026年11月20日 周五 10:42"),
        ("class", "优先：老年人"),
        ("ahead", "6 人"),
        ("wait", "20–30 分钟"),
        ("windows", "3–6 号窗口"),
        ("zone", "左侧 A 区"),
        ("steps", "再办 电费缴纳"),
        ("papers", "请准备好"),
        ("advice", "请留意叫号"),
        ("token", "8KR2WT"),
        ("phone", "95598"),
    ],
)
def test_a_part_that_is_left_out_is_not_there_and_all_others_are(part, told):
    whole, rest = words(FULL), words(without(part))
    assert told in whole
    assert told not in rest
    assert len(rest) < len(whole)
    assert {"B038", "业务办理 · 更名过户", "当日有效"} <= set(rest)
    assert lay_out_slip(without(part)).height < lay_out_slip(FULL).height + 2


def test_any_picture_becomes_a_small_sign_on_top_of_every_slip_and_what_is_none_is_refused(tmp_path):
    large = QImage(1200, 400, QImage.Format.Format_ARGB32)
    large.fill(Qt.GlobalColor.transparent)
    painter = QPainter(large)
    painter.setBrush(QColor("#003366"))
    painter.drawEllipse(20, 20, 360, 360)
    painter.end()
    large.save(str(tmp_path / "sign.png"))
    text = logo_file_as_setup_text(tmp_path / "sign.png")
    check_single_row_part_fields(TicketDesign, "ticket", {"logo": text})
    image = logo_image_from_setup_text(text)
    assert image is not None
    assert (image.width(), image.height(), image.depth()) == (480, 160, 1)
    assert image.pixelColor(80, 80).lightness() == 0
    assert image.pixelColor(400, 80).lightness() == 255  # what was clear is white paper
    notes = tmp_path / "notes.png"
    notes.write_text("not a picture")
    with pytest.raises(RuleError) as refused:
        logo_file_as_setup_text(notes)
    assert refused.value.details["why"] == "not_a_picture"
    with pytest.raises(OutsideError, match="no_such_file"):
        logo_file_as_setup_text(tmp_path / "none.png")
    design = TicketDesign(logo=text)
    signed = (slips.USUAL_ZH, slips.LIST_ZH, *slips.appointments().values())
    for slip, width in product(signed, (WIDE, NARROW)):
        sheet = lay_out_slip(replace(slip, design=design), width)
        (sign,) = [mark for mark in sheet.marks if isinstance(mark, LogoMark)]
        assert sign is sheet.marks[0]
        assert sheet.margin <= sign.box.left() < sign.box.right() <= sheet.width - sheet.margin
        assert all(mark.box.top() >= sign.box.bottom() for mark in sheet.marks[1:])
    hidden = replace(slips.USUAL_ZH, design=replace(design, hidden=frozenset({"logo"})))
    assert not any(isinstance(mark, LogoMark) for width in (WIDE, NARROW) for mark in lay_out_slip(hidden, width).marks)


GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "slips.txt"
FURTHER = {
    "no_honest_wait": replace(slips.USUAL_EN, wait=NO_FIGURES),
    "called_at_once": replace(slips.USUAL_EN, ahead=3, wait=QuotedWait(0, 1, point_s=2)),
    "nobody_ahead": replace(slips.USUAL_EN, ahead=0, wait=QuotedWait(0, 1)),
    "two_steps": replace(slips.BARE, steps=STEPS),
    "one_step": replace(slips.BARE, steps=("业务办理",)),
    "way_without_arrow": replace(slips.USUAL_EN, window=WindowLabel("3–6", before="Window", zone="left, area A")),
    "list_without_papers": replace(slips.LIST_EN, papers=()),
    "all_hidden": replace(slips.LONG_ZH, design=TicketDesign(hidden=frozenset(PARTS))),
    "own_words_zh": replace(slips.USUAL_ZH, design=slips.OWN_WORDS),
    "own_words_en": replace(slips.USUAL_EN, design=slips.OWN_WORDS),
}


def test_each_slip_reads_as_it_is_kept_and_on_narrow_paper_the_same():
    for name, slip in (slips.ALL | FURTHER).items():
        wide, narrow = words(slip), words(slip, NARROW)
        must_be_kept(GOLDEN, "\n".join(wide), name)
        assert sorted("".join(narrow).replace(" ", "")) == sorted("".join(wide).replace(" ", ""))
    days = (("Tue 24 Nov", "8:30–9:00, 12:00–13:30, 16:00–17:30"), ("Wed 25 Nov", ""))
    quiet = words(QuietTimesSlip(lang="en", hall="Hall", issued_at=slips.AT, days=days))
    told = ["Tue 24 Nov", "8:30–9:00, 12:00–13:30,", "16:00–17:30", "Wed 25 Nov", "no quiet time"]
    assert quiet[3:8] == told, "it breaks between times and never within one"


def test_arrow_and_code_stand_where_they_belong_or_not_at_all():
    left = replace(slips.USUAL_ZH, window=WindowLabel("3", behind="号窗口", zone="左侧 A 区", arrow="left"))
    drawn = {"up": slips.LONG_EN, "left": left, "": FURTHER["way_without_arrow"]}
    for direction, slip in drawn.items():
        arrows = [mark.direction for mark in lay_out_slip(slip).marks if isinstance(mark, ArrowMark)]
        assert arrows == ([direction] if direction else [])
    for slip in (slips.LIST_ZH, without("code")):
        assert not any(isinstance(mark, QrCodeMark) for mark in lay_out_slip(slip).marks)
    sheet = lay_out_slip(without("advice"))
    (code,) = [mark for mark in sheet.marks if isinstance(mark, QrCodeMark)]
    assert abs(code.box.center().x() - sheet.width / 2) <= 1, "alone it stands in the middle"


@pytest.mark.parametrize(
    ("breaker", "text", "width", "lines"),
    [
        (wrapped_lines, "Change of account holder", 12, ["Change of", "account", "holder"]),
        (wrapped_lines, "过号请回引导台，不用", 14, ["过号请回引导", "台，不用"]),  # nowhere before a closing mark
        (wrapped_lines, "企业更名（含电费）", 10, ["企业更名", "（含电费）"]),  # an opening mark goes with what follows
        (wrapped_lines, "大约等 20\u2060–\u206030 分", 10, ["大约等", "20\u2060–\u206030 分"]),  # a range stays whole
        (wrapped_lines, "abcdefgh", 3, ["abc", "def", "gh"]),  # a word longer than the line is cut
        (wrapped_lines, "", 10, [""]),
        (wrapped_lines, "one two three four", 14, ["one two three", "four"]),
        (wrap_evenly, "one two three four", 14, ["one two", "three four"]),  # no lone word
        (wrap_at_clauses, "过号请回引导台，不用重新取号。", 24, ["过号请回引导台，", "不用重新取号。"]),
        (wrap_at_clauses, "a, bcd efg hij, k", 12, ["a, bcd efg", "hij, k"]),  # no line more for its clauses
    ],
)
def test_where_lines_break(breaker, text, width, lines):
    assert breaker(text, measure, width) == lines


@pytest.mark.parametrize(
    ("choice", "printer"),
    [
        ("escpos:net:192.168.1.50", ReceiptPrinter(cable="net", place="192.168.1.50", number=9100)),
        ("escpos:net:prn-1.local:9101", ReceiptPrinter(cable="net", place="prn-1.local", number=9101)),
        ("escpos:usb:04b8:0e15?width=384", ReceiptPrinter(cable="usb", place="04b8:0e15", width=384)),
        ("escpos:serial:COM3", ReceiptPrinter(cable="serial", place="COM3", number=9600)),
        (
            "escpos:serial:/dev/ttyUSB0:115200?cut=none&feed=7",
            ReceiptPrinter(cable="serial", place="/dev/ttyUSB0", number=115200, cut="none", feed=7),
        ),
    ],
)
def test_a_choice_is_read_and_written_alike(choice, printer):
    assert parse_receipt_printer_choice(choice) == printer
    assert printer.choice_text == choice


@pytest.mark.parametrize(
    "choice",
    [
        *("escpos:", "escpos:net:", "escpos:net:a b", "escpos:net:h:0", "escpos:net:h:70000", "escpos:net:-h"),
        *("escpos:usb:4b8:0e15", "escpos:serial:", "escpos:serial:COM3:1234", "escpos:bluetooth:x", "T1"),
        *(f"escpos:net:h?{wrong}" for wrong in ("width=500", "cut=maybe", "feed=21", "feed=", "colour=red")),
    ],
)
def test_nonsense_is_refused(choice):
    with pytest.raises(RuleError, match="bad_printer"):
        parse_receipt_printer_choice(choice)


def test_the_text_is_hall_date_ticket_token_takes_the_second_smallest_code_and_is_read_back():
    usual = ticket_code_text("CD", date(2026, 11, 20), "B038", "8KR2WT")
    assert usual == "QD1 CD 2026-11-20 B038 8KR2WT"
    assert [len(row) for row in qr_modules(usual)] == [25] * 25
    text = ticket_code_text("城东", date(2026, 2, 1), "VIP1003", "23456A")
    assert parse_ticket_code(f" {text}\n") == TicketCodeContent("城东", date(2026, 2, 1), "VIP1003", "23456A")


def test_another_text_is_no_ticket_and_a_part_that_could_not_be_read_back_is_refused():
    others = ("", "B038", "更名", "https://example.org/t/8KR2WT", "QD2 CD 2026-11-20 B038 8KR2WT")
    odd = ("QD1 CD 2026-13-20 B038 8KR2WT", "QD1 CD 2026-11-20 B038", "QD1 CD 2026-11-20 B038 8KR2WT more")
    assert [parse_ticket_code(text) for text in others + odd] == [None] * 8
    for hall, label in (("C D", "B038"), ("", "B038"), ("CD", "B\t038"), ("CD", "")):
        with pytest.raises(ValueError, match="QD1"):
            ticket_code_text(hall, date(2026, 11, 20), label, "8KR2WT")
