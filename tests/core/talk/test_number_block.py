"""The block of number, window and way: its order, its proportions, and that it keeps its place."""

from collections.abc import Iterable

import pytest

from queuedesk.core.talk.number_block import (
    NUMBER,
    STACKED_EM,
    TAG,
    WAY,
    WINDOW,
    WORD,
    Arrow,
    Bar,
    Block,
    Letters,
    Mark,
    Sign,
    WindowWords,
    lay_out,
    lay_out_line,
    line_text,
    line_width,
    plan_rows,
    plan_stacked,
    row_width,
    widest_font,
    widest_stacked_font,
)

CHINESE = WindowWords("3", behind="号窗口", zone="左侧 A 区", arrow="left")
ENGLISH = WindowWords("3", before="Window", zone="right, area B", arrow="right")
NAMED = WindowWords("Cashier", zone="left, area A", arrow="left")


def measure(text: str, size: float, bold: bool) -> float:
    """Letters of one width, half of it for what is not Chinese."""
    return sum(1.0 if sign > "\u2e7f" else 0.5 for sign in text) * size


def row(block: Block, *, windows: Iterable[WindowWords] = (), left: float = 0.0, tagged: bool = False) -> list[Mark]:
    window = [block.window] if block.window else []
    plan = plan_rows(1200, 200, [*windows, *window], "A000", measure, tagged=tagged)
    return list(lay_out(block, plan, measure, left, 100))


def places(marks: list[Mark]) -> dict[str, float]:
    """Return where each part begins."""
    found = {mark.part: mark.x for mark in marks if isinstance(mark, Letters)}
    bar = next(mark for mark in marks if isinstance(mark, Bar))
    return {**found, "bar": bar.left}


@pytest.mark.parametrize(
    ("window", "order"),
    [
        (CHINESE, [NUMBER, "bar", WINDOW, WORD]),
        (ENGLISH, [NUMBER, "bar", WORD, WINDOW]),
        (NAMED, [NUMBER, "bar", WINDOW]),
    ],
)
def test_the_number_comes_first_then_the_bar_then_the_window_as_its_language_says_it(window, order):
    at = places(row(Block("B031", window)))

    assert [part for part in sorted(at, key=at.__getitem__) if part != WAY] == order


def test_the_arrow_stands_on_the_side_it_leads_to():
    def sides(window: WindowWords) -> bool:
        marks = row(Block("B031", window))
        arrow = next(mark for mark in marks if isinstance(mark, Arrow))
        return min(x for line in arrow.lines for x, _y in line) > places(marks)[WAY]

    assert (sides(CHINESE), sides(ENGLISH)) == (False, True)


def test_number_and_window_have_one_size_and_one_baseline():
    marks = {mark.part: mark for mark in row(Block("B031", CHINESE)) if isinstance(mark, Letters)}

    assert marks[NUMBER].size == marks[WINDOW].size == 200
    assert marks[NUMBER].baseline == marks[WINDOW].baseline
    assert marks[WORD].size == pytest.approx(52)
    assert marks[WAY].size < marks[WORD].size


@pytest.mark.parametrize("window", [CHINESE, ENGLISH, NAMED])
def test_nothing_moves_when_the_tag_of_a_fresh_call_goes(window: WindowWords):
    fresh = row(Block("B031", window, "Now calling", "speaker"), tagged=True)
    dark = row(Block("B031", window), tagged=True)

    assert [mark for mark in fresh if not isinstance(mark, Sign) and getattr(mark, "part", "") != TAG] == dark
    tag = next(mark for mark in fresh if isinstance(mark, Letters) and mark.part == TAG)
    below = next(
        mark for mark in fresh if isinstance(mark, Letters) and mark.part in (WORD, WINDOW) and mark.size < 190
    )
    assert tag.baseline <= below.baseline - 0.75 * below.size, "on a line of its own"


def test_columns_are_shared_whoever_is_called():
    windows = [CHINESE, WindowWords("12", behind="号窗口")]

    first, second = (places(row(Block(label, windows[0]), windows=windows)) for label in ("A001", "D444"))
    assert first == second


@pytest.mark.parametrize("scale", [0.3, 2.0])
def test_a_block_keeps_its_proportions_on_every_surface(scale: float):
    large = list(lay_out(Block("B031", CHINESE), plan_rows(1200, 200, [CHINESE], "A000", measure), measure, 0, 100))
    plan = plan_rows(1200 * scale, 200 * scale, [CHINESE], "A000", measure)
    other = list(lay_out(Block("B031", CHINESE), plan, measure, 0, 100 * scale))

    for one, two in zip(large, other, strict=True):
        if isinstance(one, Letters) and isinstance(two, Letters):
            assert (two.text, two.part) == (one.text, one.part)
            assert (two.x, two.baseline, two.size) == pytest.approx(
                (one.x * scale, one.baseline * scale, one.size * scale)
            )


@pytest.mark.parametrize("window", [CHINESE, ENGLISH])
def test_a_low_surface_leaves_out_what_could_not_be_read_and_keeps_the_rest(window: WindowWords):
    plan = plan_rows(row_width(38, [window], "A000", measure, least=13), 38, [window], "A000", measure, least=13)
    low = {
        mark.part: mark for mark in lay_out(Block("B031", window), plan, measure, 0, 20) if isinstance(mark, Letters)
    }

    assert set(low) == {NUMBER, WINDOW}, "its word would be 10 px high, its way 7"
    assert low[NUMBER].size == low[WINDOW].size == 38
    assert low[NUMBER].baseline == low[WINDOW].baseline
    assert row_width(38, [window], "A000", measure) > row_width(38, [window], "A000", measure, least=13)


def test_a_name_stays_large_enough_to_read():
    plan = plan_rows(row_width(38, [NAMED], "A000", measure, least=13), 38, [NAMED], "A000", measure, least=13)
    marks = list(lay_out(Block("B031", NAMED), plan, measure, 0, 20))

    assert min(mark.size for mark in marks if isinstance(mark, Letters)) >= 13


def test_the_widest_row_is_as_wide_as_it_may_be():
    font = widest_font(1200, [ENGLISH], "A000", measure)
    plan = plan_rows(1200, font, [ENGLISH], "A000", measure)

    assert plan.body_x + plan.body_width + plan.label_x == pytest.approx(1200)
    assert plan.body_x - plan.label_x - plan.label_width == pytest.approx(font * 0.522)


def test_a_long_name_takes_two_lines_and_leaves_the_number_its_size():
    name = WindowWords("Consultation desk beside the door")
    lines = [mark for mark in row(Block("B031", name)) if isinstance(mark, Letters) and mark.part == WINDOW]

    assert " ".join(mark.text for mark in lines) == name.number
    assert len(lines) == 2
    assert widest_font(1200, [name], "A000", measure) > 200


def test_on_one_line_the_order_is_the_same():
    block = Block("B031", ENGLISH)
    marks = list(lay_out_line(block, 40, measure, 10, 20, with_way=True))

    at = places(marks)
    assert sorted(at, key=at.__getitem__) == [NUMBER, "bar", WINDOW, WAY]
    arrow = next(mark for mark in marks if isinstance(mark, Arrow))
    assert max(x for line in arrow.lines for x, _y in line) <= 10 + line_width(block, 40, measure, with_way=True)


@pytest.mark.parametrize(
    ("window", "text"),
    [
        (CHINESE, "B031 │ 3 号窗口 ← 左侧 A 区"),
        (ENGLISH, "B031 │ Window 3 right, area B →"),
        (WindowWords("Cashier"), "B031 │ Cashier"),
        (None, "B031"),
    ],
)
def test_a_surface_of_signs_gets_the_same_as_text(window: WindowWords | None, text: str):
    assert line_text(Block("B031", window), with_way=True) == text


def test_a_way_stays_whole_where_letters_have_only_some_sizes():
    """On screens a text is not always as much smaller as its size."""

    def coarse(text: str, size: float, bold: bool) -> float:
        return measure(text, 2 * round(size / 2), bold)

    def ways(font: int) -> list[str]:
        plan = plan_rows(1200, font, [ENGLISH], "A000", coarse)
        marks = lay_out(Block("A047", ENGLISH), plan, coarse, 0.0, 100)
        return [mark.text for mark in marks if isinstance(mark, Letters) and mark.part == WAY]

    assert {font: ways(font) for font in range(100, 200)} == {font: [ENGLISH.zone] for font in range(100, 200)}


@pytest.mark.parametrize(
    "window", [CHINESE, ENGLISH, NAMED, WindowWords("Consulting room of Dr. Li", zone="1st floor")]
)
def test_a_window_below_its_number_is_whole_and_under_the_bar(window: WindowWords):
    font = widest_stacked_font(900, "A000", measure)
    plan = plan_stacked(900, font, [window], "A000", measure, tagged=True)
    marks = list(lay_out(Block("B031", window, "Now calling", "speaker"), plan, measure, 50, 400))
    letters = [mark for mark in marks if isinstance(mark, Letters)]
    bar = next(mark for mark in marks if isinstance(mark, Bar))

    number = next(mark for mark in letters if mark.part == NUMBER)
    assert number.baseline < bar.top
    for mark in letters:
        assert mark.x >= 50 and mark.x + measure(mark.text, mark.size, mark.bold) <= 950
        assert mark is number or mark.baseline - 0.73 * mark.size > bar.top + bar.height
        assert 400 - STACKED_EM * font / 2 <= mark.baseline - 0.73 * mark.size
        assert mark.baseline <= 400 + STACKED_EM * font / 2
    assert not any(mark.text.endswith("…") for mark in letters)
    assert font > 1.2 * widest_font(900, [window], "A000", measure)
