"""How a slip stands on its paper and what it reads, and a hall's design of its ticket."""

from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.queue.dispatch import NO_FIGURES, QuotedWait
from queuedesk.core.setup.field_kinds import check_single_row_part_fields
from queuedesk.core.setup.hall import PARTS, TicketDesign
from queuedesk.core.talk.number_block import WindowLabel
from queuedesk.printing import slip_painter
from queuedesk.printing.slip_contents import QuietTimesSlip, logo_file_as_setup_text, logo_image_from_setup_text
from queuedesk.printing.slip_layout import lay_out_slip
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
from tests.golden.kept import must_be_kept
from tests.printing import slips

pytestmark = pytest.mark.usefixtures("qapp")


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
