"""Lines, ticks, peaks and pages: what the drawing decides by itself."""

import pypdfium2
import pytest

from queuedesk.i18n.line_breaks import NEVER_FIRST
from queuedesk.i18n.numerals import percent
from queuedesk.reports.draw import pdf
from queuedesk.reports.draw.pdf import BOTTOM, TOP, Block, Chapter, Prose, Sheet, paginate

CHINESE = "等候：从排进这项业务的队，到在那里第一次叫到；改派的从最早取号算起。九成不超过：十个人里有九个等得不比这久（含 A001）。"


def lines_of(markup: str, width: float) -> list[str]:
    return ["".join(char for char, _ in line) for line in Prose(markup, 9, width).lines]


@pytest.mark.parametrize("width", range(40, 200, 7))
def test_chinese_lines_fit_and_never_begin_with_a_closing_mark(width):
    lines = lines_of(CHINESE, width)

    assert "".join(lines).replace(" ", "") == CHINESE.replace(" ", "")
    assert not [line for line in lines[1:] if line[0] in NEVER_FIRST]
    assert all(pdf.width(line, 9) < width + 0.01 for line in lines)


def test_english_lines_break_between_words_and_ranges_stay_whole():
    assert lines_of("paused 10:20\u2060–\u206011:05 and then", 60) == ["paused", "10:20\u2060–\u206011:05", "and then"]


def test_a_word_longer_than_a_line_is_cut():
    assert "".join(lines_of("x" * 100, 50)) == "x" * 100


def test_bold_words_keep_their_place_and_names_their_marks():
    line = Prose("<b>A &amp; B:</b> 3 &lt; 4", 9, 400).lines[0]

    assert "".join(char for char, bold in line if bold) == "A & B:"
    assert "".join(char for char, bold in line if not bold) == " 3 < 4"


def nothing(sheet: Sheet, y: float) -> None:
    """Draw nothing."""


def test_blocks_that_belong_together_go_to_the_next_page_together():
    high = BOTTOM - TOP - 50
    blocks = [Block(high, nothing), Block(30, nothing, gap=5, keep=True), Block(30, nothing)]

    assert [[round(y - TOP) for y, _ in page] for page in paginate(blocks)] == [[0], [0, 30]]


def test_a_table_that_goes_on_has_its_titles_again():
    title = Block(20, nothing)
    rows = [Block(100, nothing, head=title) for _ in range(10)]

    pages = paginate([title, *rows])

    assert [page[0][1] is title for page in pages] == [True, True]
    assert sum(len(page) for page in pages) == 12


def test_a_chapter_that_goes_on_has_its_head_again():
    head = Block(46, nothing)
    chapter = Chapter(head, "Annex")

    found = paginate([Block(100, nothing), chapter.start(), *(Block(300, nothing) for _ in range(4))])

    assert [page[0][1].height for page in found] == [100, 46, 46]
    assert found[1][0][1].begins is chapter and found[2][0][1] is head


@pytest.mark.parametrize(
    ("share", "shown"), [(None, "—"), (0.775, "77.5"), (0.99999, "99.9"), (1.0, "100.0"), (0.0001, "0.1"), (0.0, "0.0")]
)
def test_a_share_is_all_or_nothing_only_when_it_is(share, shown):
    assert percent(share) == shown


def test_a_block_that_breaks_begins_a_page_but_leaves_none_empty():
    one, other = Block(20, lambda _sheet, _y: None, breaks=True), Block(20, lambda _sheet, _y: None, gap=9, breaks=True)

    assert [[(y, block) for y, block in page] for page in paginate([one, other])] == [[(TOP, one)], [(TOP, other)]]


def test_where_two_boxes_overlap_both_are_filled():
    sheet = Sheet("title", "hall", "en")
    rects = [(100, 100, 60, 20), (120, 100, 20, 20)]
    block = Block(50, lambda sheet, y: sheet.boxes(rects, fill="#000000"))

    page = pypdfium2.PdfDocument(sheet.flow([block], lambda sheet, page, pages: None))[0].render().to_pil()

    assert [page.convert("L").getpixel((x, 110)) for x in (110, 130, 150)] == [0, 0, 0]


def test_streams_are_bytes_not_letters():
    sheet = Sheet("Day", "Hall", "en")

    file = sheet.flow([Block(30, lambda own, y: own.boxes([(100, y, 20.5, 30)], fill="#000000"))], lambda *_: None)

    assert b"/FlateDecode" in file and b"ASCII85" not in file


def test_a_typefaces_file_is_read_again_for_each_paper():
    papers = []
    for title in ("first", "second"):
        sheet = Sheet(title, "hall", "zh_CN")
        sheet.text(100, 100, CHINESE[:12], 12)
        sheet.text(100, 120, CHINESE[12:24], 12, bold=True)
        sheet.canvas.showPage()
        sheet.canvas.save()
        papers.append(sheet.file.getvalue())

    for paper in papers:
        with pypdfium2.PdfDocument(paper) as document:
            assert document[0].get_textpage().get_text_range().split("\r\n") == [CHINESE[:12], CHINESE[12:24]]
