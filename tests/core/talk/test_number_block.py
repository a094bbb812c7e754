"""The block of number, window and way: its order, its proportions, and that it keeps its place."""

from collections.abc import Iterable

import pytest

from queuedesk.core.talk import number_block
from queuedesk.core.talk.number_block import (
    NUMBER,
    WAY,
    WINDOW,
    WORD,
    Mark,
    NumberAndWindow,
    WindowLabel,
    plan_row_columns,
    row_drawing_marks,
)

CHINESE = WindowLabel("3", behind="号窗口", zone="左侧 A 区", arrow="left")
ENGLISH = WindowLabel("3", before="Window", zone="right, area B", arrow="right")
NAMED = WindowLabel("Cashier", zone="left, area A", arrow="left")


def measure(text: str, size: float, bold: bool) -> float:
    """Letters of one width, half of it for what is not Chinese."""
    return sum(1.0 if sign > "\u2e7f" else 0.5 for sign in text) * size


def row(block: NumberAndWindow, *, windows: Iterable[WindowLabel] = (), tagged: bool = False) -> list[Mark]:
    window = [block.window] if block.window else []
    plan = plan_row_columns(1200, 200, [*windows, *window], "A000", measure, tagged=tagged)
    return list(row_drawing_marks(block, plan, measure, 0.0, 100))


def letters(marks: Iterable[Mark]) -> dict[str, number_block.PlacedText]:
    return {mark.part: mark for mark in marks if isinstance(mark, number_block.PlacedText)}


def places(marks: list[Mark]) -> dict[str, float]:
    """Return where each part begins."""
    bar = next(mark for mark in marks if isinstance(mark, number_block.NumberWindowDivider))
    return {**{part: mark.x for part, mark in letters(marks).items()}, "bar": bar.left}


@pytest.mark.parametrize(
    ("window", "order"),
    [
        (CHINESE, [NUMBER, "bar", WINDOW, WORD]),
        (ENGLISH, [NUMBER, "bar", WORD, WINDOW]),
        (NAMED, [NUMBER, "bar", WINDOW]),
    ],
)
def test_the_number_comes_first_then_the_bar_then_the_window_as_its_language_says_it(window, order):
    at = places(row(NumberAndWindow("B031", window)))
    assert [part for part in sorted(at, key=at.__getitem__) if part != WAY] == order


def test_the_arrow_stands_on_the_side_it_leads_to():
    def sides(window: WindowLabel) -> bool:
        marks = row(NumberAndWindow("B031", window))
        arrow = next(mark for mark in marks if isinstance(mark, number_block.WayArrowLines))
        return min(x for line in arrow.lines for x, _y in line) > places(marks)[WAY]

    assert (sides(CHINESE), sides(ENGLISH)) == (False, True)


def test_number_and_window_have_one_size_and_one_baseline():
    marks = letters(row(NumberAndWindow("B031", CHINESE)))
    assert marks[NUMBER].size == marks[WINDOW].size == 200
    assert marks[NUMBER].baseline == marks[WINDOW].baseline
    assert marks[WORD].size == pytest.approx(52)
    assert marks[WAY].size < marks[WORD].size


@pytest.mark.parametrize("window", [CHINESE, ENGLISH, NAMED])
def test_nothing_moves_when_the_tag_of_a_fresh_call_goes(window: WindowLabel):
    fresh = row(NumberAndWindow("B031", window, "Now calling", "speaker"), tagged=True)
    dark = row(NumberAndWindow("B031", window), tagged=True)
    untagged = [mark for mark in fresh if getattr(mark, "part", "") != number_block.TAG]
    assert [mark for mark in untagged if not isinstance(mark, number_block.TagSignPlace)] == dark
    tag = letters(fresh)[number_block.TAG]
    below = next(mark for mark in fresh if getattr(mark, "part", "") in (WORD, WINDOW) and mark.size < 190)
    assert tag.baseline <= below.baseline - 0.75 * below.size, "on a line of its own"


def test_columns_are_shared_whoever_is_called():
    windows = [CHINESE, WindowLabel("12", behind="号窗口")]
    first, second = (places(row(NumberAndWindow(label, windows[0]), windows=windows)) for label in ("A001", "D444"))
    assert first == second


@pytest.mark.parametrize("scale", [0.3, 2.0])
def test_a_block_keeps_its_proportions_on_every_surface(scale: float):
    plan = plan_row_columns(1200, 200, [CHINESE], "A000", measure)
    large = list(row_drawing_marks(NumberAndWindow("B031", CHINESE), plan, measure, 0, 100))
    plan = plan_row_columns(1200 * scale, 200 * scale, [CHINESE], "A000", measure)
    other = list(row_drawing_marks(NumberAndWindow("B031", CHINESE), plan, measure, 0, 100 * scale))
    for one, two in zip(letters(large).values(), letters(other).values(), strict=True):
        assert (two.text, two.part) == (one.text, one.part)
        assert (two.x, two.baseline, two.size) == pytest.approx((one.x * scale, one.baseline * scale, one.size * scale))


def low_row(window: WindowLabel) -> list[Mark]:
    width = number_block.widest_row_width(38, [window], "A000", measure, least=13)
    plan = plan_row_columns(width, 38, [window], "A000", measure, least=13)
    return list(row_drawing_marks(NumberAndWindow("B031", window), plan, measure, 0, 20))


@pytest.mark.parametrize("window", [CHINESE, ENGLISH])
def test_a_low_surface_leaves_out_what_could_not_be_read_and_keeps_the_rest(window: WindowLabel):
    low = letters(low_row(window))
    assert set(low) == {NUMBER, WINDOW}, "its word would be 10 px high, its way 7"
    assert low[NUMBER].size == low[WINDOW].size == 38
    assert low[NUMBER].baseline == low[WINDOW].baseline
    widths = [number_block.widest_row_width(38, [window], "A000", measure, **words) for words in ({}, {"least": 13})]
    assert widths[0] > widths[1]


def test_a_name_takes_two_lines_leaves_the_number_its_size_and_stays_large_enough_to_read():
    name = WindowLabel("Consultation desk beside the door")
    marks = row(NumberAndWindow("B031", name))
    lines = [mark for mark in marks if isinstance(mark, number_block.PlacedText) and mark.part == WINDOW]
    assert " ".join(mark.text for mark in lines) == name.number
    assert len(lines) == 2
    assert number_block.font_size_filling_width(1200, [name], "A000", measure) > 200
    assert min(mark.size for mark in letters(low_row(NAMED)).values()) >= 13


def test_on_one_line_the_order_is_the_same():
    block = NumberAndWindow("B031", ENGLISH)
    marks = list(number_block.block_marks_on_one_line(block, 40, measure, 10, 20, with_way=True))
    at = places(marks)
    assert sorted(at, key=at.__getitem__) == [NUMBER, "bar", WINDOW, WAY]
    arrow = next(mark for mark in marks if isinstance(mark, number_block.WayArrowLines))
    width = number_block.block_width_on_one_line(block, 40, measure, with_way=True)
    assert max(x for line in arrow.lines for x, _y in line) <= 10 + width
