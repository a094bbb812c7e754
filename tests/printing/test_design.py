"""A hall's design of its ticket."""

from __future__ import annotations

from pathlib import Path

import pytest
import zxingcpp
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.setup.field_kinds import check_part
from queuedesk.core.setup.hall import PARTS, TicketDesign
from queuedesk.core.talk.number_block import WindowWords
from queuedesk.features.appointments.rules import read_code
from queuedesk.printing.outputs import draw_slip, lay_out
from queuedesk.printing.qr import read_ticket_text
from queuedesk.printing.slip_contents import logo_image, logo_text
from queuedesk.printing.slip_painter import NARROW, WIDE, Arrow, Code, Picture, Rule, Words
from tests.printing import slips

pytestmark = pytest.mark.usefixtures("qapp")
FULL = replace(
    slips.USUAL_ZH,
    class_name="老年人",
    window=WindowWords("3–6", behind="号窗口", zone="左侧 A 区", arrow="left"),
    steps=("业务办理", "电费缴纳"),
    phone="95598",
)


def words(slip, width=WIDE):
    return slips.words(lay_out(slip, width))


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
    assert lay_out(without(part)).height < lay_out(FULL).height + 2


def test_without_a_code_there_is_none_and_the_advice_stays():
    marks = lay_out(without("code")).marks

    assert not any(isinstance(mark, Code) for mark in marks)
    assert "请留意叫号" in words(without("code"))


def test_a_code_alone_stands_in_the_middle():
    sheet = lay_out(without("advice"))
    (code,) = [mark for mark in sheet.marks if isinstance(mark, Code)]

    assert abs(code.box.center().x() - sheet.width / 2) <= 1


def test_number_and_service_always_stand_there():
    bare = replace(FULL, design=TicketDesign(hidden=frozenset(PARTS)))

    assert words(bare) == ["B038", "业务办理 · 更名过户", "当日有效"]
    assert sum(isinstance(mark, Rule) for mark in lay_out(bare).marks) == 1


def test_the_number_is_as_large_as_the_hall_wants():
    heights = []
    for number in ("large", "medium", "small"):
        marks = lay_out(replace(FULL, design=TicketDesign(number=number))).marks
        heights.append(next(m.box.height() for m in marks if isinstance(m, Words) and m.text == "B038"))

    assert heights == sorted(heights, reverse=True)
    assert heights[0] > 1.8 * heights[2]


def test_own_words_stand_above_and_below_in_the_language_of_the_paper():
    design = TicketDesign(head="抬头", head_en="Head", foot="末尾", foot_en="Foot")
    chinese = words(replace(FULL, design=design))
    english = words(replace(slips.USUAL_EN, design=design))

    assert chinese.index("城东供电营业厅") < chinese.index("抬头") < chinese.index("B038") < chinese.index("末尾")
    assert "Head" in english and "Foot" in english and "抬头" not in english


def test_a_paper_in_two_languages_says_everything_twice_but_figures_once():
    said = words(slips.USUAL_BOTH)

    for pair in (
        ("城东供电营业厅", "Chengdong Power Service Hall"),
        ("前面", "Ahead"),
        ("大约等", "Wait about"),
        ("左侧 A 区", "left, area A"),
        ("请准备好", "Please have ready"),
        ("当日有效 Valid today only",),
    ):
        assert set(pair) <= set(said)
    assert (said.count("20–30 分钟"), said.count("B038")) == (1, 1)
    assert sum(isinstance(mark, Arrow) for mark in lay_out(slips.USUAL_BOTH).marks) == 1


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", ["both", "usual_both", "appointment_zh", "appointment_both"])
def test_the_code_is_read_from_the_picture(name, width):
    slip = slips.ALL[name]
    image = draw_slip(slip, width).convertToFormat(QImage.Format.Format_Grayscale8)
    data = bytes(image.constBits())
    rows = [data[y * image.bytesPerLine() : y * image.bytesPerLine() + image.width()] for y in range(image.height())]
    import numpy as np

    (found,) = zxingcpp.read_barcodes(np.frombuffer(b"".join(rows), np.uint8).reshape(image.height(), image.width()))
    assert found.text == slip.qr_text
    assert (read_ticket_text(found.text) or read_code(found.text)) is not None


# -- the hall's sign ---------------------------------------------------------------------------------------------------


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """Return a large picture with a clear ground and a dark disc."""
    image = QImage(1200, 400, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setBrush(QColor("#003366"))
    painter.drawEllipse(20, 20, 360, 360)
    painter.end()
    path = tmp_path / "sign.png"
    image.save(str(path))
    return path


def test_any_picture_becomes_a_small_sign_of_black_and_white(picture):
    text = logo_text(picture)
    check_part(TicketDesign, "ticket", {"logo": text})
    image = logo_image(text)

    assert image is not None
    assert (image.width(), image.height(), image.depth()) == (480, 160, 1)
    assert image.pixelColor(80, 80).lightness() == 0
    assert image.pixelColor(400, 80).lightness() == 255  # what was clear is white paper


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_sign_stands_on_top_of_every_slip(picture, width):
    design = TicketDesign(logo=logo_text(picture))
    for slip in (slips.USUAL_ZH, slips.LIST_ZH, slips.APPOINTMENT_ZH):
        sheet = lay_out(replace(slip, design=design), width)
        (sign,) = [mark for mark in sheet.marks if isinstance(mark, Picture)]
        assert sign is sheet.marks[0]
        assert sheet.margin <= sign.box.left() < sign.box.right() <= sheet.width - sheet.margin
        assert all(mark.box.top() >= sign.box.bottom() for mark in sheet.marks[1:])
    hidden = replace(slips.USUAL_ZH, design=replace(design, hidden=frozenset({"logo"})))
    assert not any(isinstance(mark, Picture) for mark in lay_out(hidden, width).marks)


def test_what_is_no_picture_is_refused(tmp_path):
    text = tmp_path / "notes.png"
    text.write_text("not a picture")
    with pytest.raises(RuleError) as refused:
        logo_text(text)
    assert refused.value.details["why"] == "not_a_picture"
    with pytest.raises(OutsideError) as missing:
        logo_text(tmp_path / "none.png")
    assert missing.value.code == "no_such_file"
