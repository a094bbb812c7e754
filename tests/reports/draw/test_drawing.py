"""What the drawing decides by itself: lines, ticks, peaks, tables, columns and pages, and texts as markup."""

from itertools import pairwise
from xml.sax import saxutils

import pypdfium2
import pytest

from queuedesk.core.charts.layout import spread_letters
from queuedesk.i18n.line_breaks import NEVER_FIRST
from queuedesk.i18n.names import percent_text
from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.charts import PAGE
from queuedesk.reports.draw.head_and_foot import report_head
from tests.processes import anew

CHINESE = "等候：从排进这项业务的队，到在那里第一次叫到；改派的从最早取号算起。九成不超过：十个人里有九个等得不比这久（含 A001）。"


def lines_of(markup: str, width: float) -> list[str]:
    return ["".join(char for char, _ in line) for line in pdf.WrappedMarkup(markup, 9, width).lines]


@pytest.mark.parametrize("width", range(40, 200, 7))
def test_chinese_lines_fit_and_never_begin_with_a_closing_mark(width):
    lines = lines_of(CHINESE, width)
    assert "".join(lines).replace(" ", "") == CHINESE.replace(" ", "")
    assert not [line for line in lines[1:] if line[0] in NEVER_FIRST]
    assert all(pdf.text_width(line, 9) < width + 0.01 for line in lines)


def test_english_lines_break_between_words_ranges_stay_whole_and_bold_words_keep_their_place_and_names_their_marks():
    assert lines_of("paused 10:20\u2060–\u206011:05 and then", 60) == ["paused", "10:20\u2060–\u206011:05", "and then"]
    assert "".join(lines_of("x" * 100, 50)) == "x" * 100
    line = pdf.WrappedMarkup("<b>A &amp; B:</b> 3 &lt; 4", 9, 400).lines[0]
    assert "".join(char for char, bold in line if bold) == "A & B:"
    assert "".join(char for char, bold in line if not bold) == " 3 < 4"


def nothing(sheet: pdf.PdfSheet, y: float) -> None:
    """Draw nothing."""


def test_a_page_takes_what_belongs_together_and_begins_with_the_titles_and_heads_of_what_goes_on():
    high = pdf.BOTTOM - pdf.TOP - 50
    blocks = [
        pdf.BlockWithinPage(high, nothing),
        pdf.BlockWithinPage(30, nothing, gap=5, keep=True),
        pdf.BlockWithinPage(30, nothing),
    ]
    assert [[round(y - pdf.TOP) for y, _ in page] for page in pdf.paginate(blocks)] == [[0], [0, 30]]
    title = pdf.BlockWithinPage(20, nothing)
    rows = [pdf.BlockWithinPage(100, nothing, head=title) for _ in range(10)]
    pages = pdf.paginate([title, *rows])
    assert [page[0][1] is title for page in pages] == [True, True]
    assert sum(len(page) for page in pages) == 12
    head = pdf.BlockWithinPage(46, nothing)
    chapter = pdf.PageChapter(head, "Annex")
    found = pdf.paginate(
        [
            pdf.BlockWithinPage(100, nothing),
            chapter.head_block(),
            *(pdf.BlockWithinPage(300, nothing) for _ in range(4)),
        ]
    )
    assert [page[0][1].height for page in found] == [100, 46, 46]
    assert found[1][0][1].begins is chapter and found[2][0][1] is head
    one, other = pdf.BlockWithinPage(20, nothing, breaks=True), pdf.BlockWithinPage(20, nothing, gap=9, breaks=True)
    assert [[(y, block) for y, block in page] for page in pdf.paginate([one, other])] == [
        [(pdf.TOP, one)],
        [(pdf.TOP, other)],
    ]
    table = pdf.blocks_kept_together(
        [pdf.BlockWithinPage(20, nothing), *(pdf.BlockWithinPage(20, nothing) for _ in range(4))]
    )
    pages = pdf.paginate([pdf.BlockWithinPage(pdf.BOTTOM - pdf.TOP - 60, nothing), *table])
    assert [len(page) for page in pages] == [1, 5]


@pytest.mark.parametrize(
    ("share", "shown"), [(None, "—"), (0.775, "77.5"), (0.99999, "99.9"), (1.0, "100.0"), (0.0001, "0.1"), (0.0, "0.0")]
)
def test_a_share_is_all_or_nothing_only_when_it_is(share, shown):
    assert percent_text(share) == shown


def test_boxes_are_filled_where_they_overlap_and_streams_are_bytes_not_letters():
    sheet = pdf.PdfSheet("title", "hall", "en")
    rects = [(100, 100, 60, 20), (120, 100, 20, 20)]
    block = pdf.BlockWithinPage(50, lambda sheet, y: sheet.fill_boxes(rects, fill="#000000"))
    page = pypdfium2.PdfDocument(sheet.paged_pdf([block], lambda sheet, page, pages: None))[0].render().to_pil()
    assert [page.convert("L").getpixel((x, 110)) for x in (110, 130, 150)] == [0, 0, 0]
    sheet = pdf.PdfSheet("Day", "Hall", "en")
    file = sheet.paged_pdf(
        [pdf.BlockWithinPage(30, lambda own, y: own.fill_boxes([(100, y, 20.5, 30)], fill="#000000"))], lambda *_: None
    )
    assert b"/FlateDecode" in file and b"ASCII85" not in file


def test_a_typefaces_file_is_read_again_for_each_paper():
    papers = []
    for title in ("first", "second"):
        sheet = pdf.PdfSheet(title, "hall", "zh_CN")
        sheet.draw_text(100, 100, CHINESE[:12], 12)
        sheet.draw_text(100, 120, CHINESE[12:24], 12, bold=True)
        sheet.canvas.showPage()
        sheet.canvas.save()
        papers.append(sheet.file.getvalue())
    for paper in papers:
        with pypdfium2.PdfDocument(paper) as document:
            assert document[0].get_textpage().get_text_range().split("\r\n") == [CHINESE[:12], CHINESE[12:24]]


class Heard(pdf.PdfSheet):
    """A sheet that keeps what is written, with the left end of each text."""

    def __init__(self) -> None:
        super().__init__("", "", "en")
        self.texts: list[tuple[str, float, float]] = []

    def draw_text(self, x: float, y: float, text: str, size: float, *, at: str = "left", **asked: object) -> None:
        length = pdf.text_width(text, size)
        self.texts.append((text, x - {"left": 0.0, "middle": length / 2, "right": length}[at], length))


def written(blocks: list[pdf.BlockWithinPage]) -> list[tuple[str, float, float]]:
    sheet = Heard()
    for block in blocks:
        block.draw(sheet, 0.0)
    return sheet.texts


@pytest.mark.parametrize("width", [180.0, 220.0, 400.0])
def test_texts_are_cut_and_figures_never(width):
    titles = ("Window", "Staff", "Finished", "Handling")
    fields = [pdf.GridColumn(title, is_text=title in titles[:2]) for title in titles]
    place = pdf.HorizontalPlace(pdf.LEFT, width)
    found = written(
        pdf.grid_table_blocks(fields, [["1", "A very long name of a clerk indeed", "1,234", "12.3"]], place)
    )
    assert [text for text, _, _ in found[-2:]] == ["1,234", "12.3"]
    assert all(x >= place.x - 0.1 and x + length <= place.x + width + 0.1 for _, x, length in found)
    cells = found[4:]
    assert all(cells[i][1] + cells[i][2] <= cells[i + 1][1] + 0.1 for i in range(3))


def test_a_last_column_of_texts_takes_the_rest_and_a_row_of_sentences_is_as_high_as_its_longest():
    fields = [pdf.GridColumn("Ticket", is_text=True), pdf.GridColumn("Wait"), pdf.GridColumn("Cause", is_text=True)]
    text = "the customer before, at window 5, took 31 min · 3 later tickets went first"
    assert text in [one for one, _, _ in written(pdf.grid_table_blocks(fields, [["A001", "12.3", text]]))]
    top, short, long = pdf.sentence_table_blocks(["A", "B"], [["a", "b"], ["a", "b " * 200]], [0.2, 0.8], size=7)
    assert long.height > 2 * short.height and long.head is top


def test_two_columns_go_on_together_with_their_titles_and_come_closer_only_where_that_puts_them_on_one_page():
    left = [pdf.BlockWithinPage(100, nothing) for _ in range(3)]
    right = [pdf.BlockWithinPage(100, nothing) for _ in range(9)]
    found = pdf.two_column_blocks(left, right, above=171.0, room=771.0)
    assert [(block.height, block.breaks) for block in found] == [(600, False), (300, True)]
    top = pdf.BlockWithinPage(16, nothing)
    rows = [pdf.BlockWithinPage(100, nothing, head=top) for _ in range(8)]
    assert [block.height for block in pdf.two_column_blocks([top, *rows], [], above=0.0, room=400.0)] == [316, 316, 216]

    def chapter(height: float) -> list[pdf.BlockWithinPage]:
        return [pdf.BlockWithinPage(height, nothing, gap=20) for _ in range(4)]

    assert pdf.blocks_height(pdf.blocks_fitted_to_one_page(chapter(90.0), room=420.0)) == pytest.approx(420.0)
    assert pdf.blocks_fitted_to_one_page(chapter(80.0), room=420.0) == chapter(80.0)
    assert pdf.blocks_fitted_to_one_page(chapter(200.0), room=420.0) == chapter(200.0)


@pytest.mark.parametrize("text", ["", "A001", "a & b < c > d", "&lt;b&gt;", "&amp;lt;", "“更名” 'x' \"y\"", "&&<<>>"])
def test_a_text_comes_back_from_its_markup(text):
    assert pdf.escape(text) == saxutils.escape(text)
    assert pdf.unescape(pdf.escape(text)) == text
    assert pdf.unescape(text) == saxutils.unescape(text)


def test_a_paper_loads_nothing_that_talks_to_a_network():
    told = """
import sys
from queuedesk.reports.papers import tickets
print([name for name in ("http.client", "urllib.request") if name in sys.modules])
"""
    done = anew("-c", told)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_a_last_line_is_never_a_lone_character_or_two_and_cut_texts_stay_in_their_room():
    for width in range(60, 220, 3):
        text = "告知过预计但没叫到的 49 张，两边都不算；未评 817 张。挂起 877.0 分钟不算办理；等系统 185.8 分钟。"
        prose = pdf.WrappedMarkup(text, 8, width)
        last = "".join(char for char, _bold in prose.lines[-1])
        assert pdf.text_width(last, 8) >= min(pdf.LEAST_END * 8, width * 0.4)
    text = "没有响应 8:25–17:31 · 没有响应 8:25–17:31 · 没有响应"
    for room in (30.0, 60.0, 61.0, 62.0, 63.0, 64.0, 90.0):
        found = pdf.cut_text_to_width(text, 8.8, room)
        assert pdf.text_width(found, 8.8) <= room and found.endswith("…") and "·…" not in found, room
    assert pdf.cut_text_to_width("not met", 8.8, pdf.text_width("not met", 8.8) - 1e-9) == "not met"


def test_letters_of_one_day_stand_beside_each_other_and_a_sheet_counts_nothing_as_full_that_fits_but_for_rounding():
    marks = [(100.0, "a"), (100.0, "b"), (104.0, "c"), (200.0, "d"), (pdf.RIGHT, "e"), (pdf.RIGHT, "f")]
    found = spread_letters(marks, pdf.RIGHT, PAGE)
    assert [letter for _x, letter in found] == list("abcdef")
    places = [x for x, _letter in found]
    assert all(after - before >= 10.9 for before, after in pairwise(places))
    assert places[3] == 200.0 and places[-1] < pdf.RIGHT
    blocks = [pdf.BlockWithinPage(height, lambda sheet, y: None) for height in (257.0, 514.0 + 1e-9)]
    assert len(pdf.paginate(blocks)) == 1


@pytest.mark.parametrize(
    "facts", [["6 windows"], ["20 days with customers", "until 20 November 2026", "responsible: nobody named"]]
)
@pytest.mark.parametrize("span", ["Quarter 4 of 2026", "28 September 2026–4 October 2026"])
def test_a_long_title_and_what_stands_at_its_right_keep_apart(facts: list[str], span: str) -> None:
    sheet = pdf.PdfSheet("title", "hall", "en")
    head = report_head("Hall", "Satisfaction and targets", span, facts)
    page = pypdfium2.PdfDocument(sheet.paged_pdf([head], lambda sheet, page, pages: None))[0].get_textpage()
    boxes = [page.get_rect(i) for i in range(page.count_rects())]
    title = next(box for box in boxes if page.get_text_bounded(*box).startswith("Satisfaction"))
    others = [box for box in boxes if box is not title and box[0] > 200]
    assert others and all(box[0] > title[2] + 4 or box[1] > title[3] for box in others)
