from itertools import combinations

import pytest
from msgspec.structs import replace

from queuedesk.core.queue.dispatch import NO_FIGURES, Wait
from queuedesk.core.talk.number_block import WindowWords
from queuedesk.i18n import tr
from queuedesk.printing.outputs import lay_out
from queuedesk.printing.slip_contents import QuietSlip
from queuedesk.printing.slip_painter import (
    NARROW,
    SMALLEST_TEXT,
    THINNEST_LINE,
    WIDE,
    Arrow,
    Code,
    Rule,
    TickBox,
    Words,
)
from tests.printing import slips

pytestmark = pytest.mark.usefixtures("qapp")

every_slip = pytest.mark.parametrize("name", slips.ALL)
both_heads = pytest.mark.parametrize("width", [WIDE, NARROW])


def words(slip, width=WIDE):
    return slips.words(lay_out(slip, width))


@every_slip
@both_heads
def test_nothing_overlaps(name, width):
    marks = slips.sheet(name, width).marks

    assert [pair for pair in combinations(marks, 2) if pair[0].box.intersects(pair[1].box)] == []


@every_slip
@both_heads
def test_everything_stands_within_the_margins(name, width):
    sheet = slips.sheet(name, width)

    for mark in sheet.marks:
        ink = mark.box
        if isinstance(mark, Code):
            quiet = 4 * mark.module
            ink = ink.adjusted(quiet, quiet, -quiet, -quiet)
        assert sheet.margin - 1 <= ink.left() < ink.right() <= sheet.width - sheet.margin + 1, mark
        assert sheet.margin / 2 <= ink.top() < ink.bottom() <= sheet.height - sheet.margin / 2, mark


@every_slip
@both_heads
def test_a_worn_head_still_prints_every_mark(name, width):
    for mark in slips.sheet(name, width).marks:
        match mark:
            case Words():
                assert mark.size >= SMALLEST_TEXT
            case Rule():
                assert mark.box.height() >= THINNEST_LINE
            case TickBox() | Arrow():
                assert mark.line >= THINNEST_LINE
            case Code():
                assert isinstance(mark.module, int)
                assert mark.module >= 6
                assert mark.box.topLeft().toPoint().toPointF() == mark.box.topLeft()


def test_the_rows_say_what_to_expect():
    assert words(slips.BARE)[2:10] == [
        "B038",
        "业务办理",
        "前面",
        "6 人",
        "大约等",
        "20–30 分钟",
        "叫到时请去",
        "3–6 号窗口",
    ]


def test_without_an_honest_wait_the_slip_says_so_below_the_people_ahead():
    said = words(replace(slips.USUAL_EN, wait=NO_FIGURES))

    assert said[said.index("6 people") + 1] == "Wait not known yet"
    assert not any("min" in text for text in said)


def test_who_is_called_at_once_reads_of_nobody_ahead():
    said = words(replace(slips.USUAL_EN, ahead=3, wait=Wait(0, 1, point_s=2)))

    assert "no wait" in said
    assert not any("people" in text for text in said)


def test_nobody_ahead_needs_no_figure():
    assert "nobody" in words(replace(slips.USUAL_EN, ahead=0, wait=Wait(0, 1)))


def test_papers_are_listed_only_where_there_are_some():
    assert "请准备好" in words(slips.USUAL_ZH)
    assert "请准备好" not in words(slips.BARE)


def test_an_ordinary_ticket_takes_no_more_than_a_hand_of_paper():
    assert lay_out(slips.USUAL_ZH).height / 8 == pytest.approx(140, abs=3)
    assert lay_out(slips.BARE).height / 8 == pytest.approx(116, abs=3)


def test_steps_are_listed_only_for_more_than_one_service():
    two = words(replace(slips.BARE, steps=("业务办理", "电费缴纳")))
    one = words(replace(slips.BARE, steps=("业务办理",)))

    assert two[-9:-6] == ["业务办理：第一项等候", "2", "再办 电费缴纳"]
    assert one == words(slips.BARE)


def test_the_way_has_its_arrow():
    one = replace(slips.USUAL_ZH, window=WindowWords("3", behind="号窗口", zone="左侧 A 区", arrow="left"))
    arrows = [
        [mark.direction for mark in lay_out(slip).marks if isinstance(mark, Arrow)]
        for slip in (slips.APPOINTMENT_EN, one)
    ]

    assert arrows == [["up"], ["left"]]


@pytest.mark.parametrize("slip", [slips.USUAL_ZH, slips.USUAL_EN, slips.LONG_ZH, slips.LONG_EN, slips.USUAL_BOTH])
@both_heads
def test_the_slip_says_where_to_go_when_called_and_looks_like_no_call(slip, width):
    said = words(slip, width)
    label = tr(slip.lang, "When called")

    assert [text for text in said if slip.label in text] == [slip.label], "the number once, not beside a window"
    assert label in said
    whole = "".join(said).replace(" ", "")
    assert slip.window.called.replace(" ", "") in whole
    assert slip.window.zone.replace(" ", "") in whole


def test_a_way_that_is_not_drawn_leaves_the_words():
    slip = replace(slips.USUAL_EN, window=WindowWords("3–6", before="Window", zone="left, area A"))

    assert "left, area A" in words(slip)
    assert not any(isinstance(mark, Arrow) for mark in lay_out(slip).marks)


def test_the_list_of_papers_has_no_number_and_no_code():
    sheet = lay_out(slips.LIST_ZH)

    assert not any(isinstance(mark, Code) for mark in sheet.marks)
    assert words(slips.LIST_ZH)[3:7] == [
        "请带齐这些材料",
        "新户主身份证 原件",
        "房产证或购房合同",
        "原户主身份证 复印件",
    ]


def test_a_list_without_papers_asks_for_none():
    said = " ".join(words(replace(slips.LIST_EN, papers=())))

    assert "Please bring" not in said
    assert "Bring them all" not in said


def test_quiet_hours_break_between_times_and_never_within_one():
    days = (("Tue 24 Nov", "8:30–9:00, 12:00–13:30, 16:00–17:30"), ("Wed 25 Nov", ""))
    slip = QuietSlip(lang="en", hall="Hall", issued_at=slips.AT, days=days)

    assert words(slip)[3:8] == ["Tue 24 Nov", "8:30–9:00, 12:00–13:30,", "16:00–17:30", "Wed 25 Nov", "no quiet time"]


def test_a_head_of_another_width_is_our_mistake():
    with pytest.raises(ValueError, match="512"):
        lay_out(slips.BARE, 512)
