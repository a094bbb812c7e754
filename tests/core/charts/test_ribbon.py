"""The day ribbon's layout: who stands where, what is red, what a press hits."""

import pytest
from msgspec.structs import replace

from queuedesk.core.charts import ribbon
from queuedesk.core.charts.chart import PolylineMark, RectanglesMark, SurfaceRect, TextMark
from tests.core.charts.flat import SHARP

WORDS = ribbon.RibbonWords(
    title="The day",
    many=lambda n: f"one stroke is {n}",
    now="now 10:00",
    signs=[ribbon.LegendSymbol("waiting", "waiting", "waiting"), ribbon.LegendSymbol("usual", "usual Friday", "usual")],
)


def person(name, joined, called, *, window="1", started=None, ended=None, is_on=False):
    served = (started, ended) if started is not None else None
    walks = (called, started) if started is not None else None
    at = window if started else ""
    return ribbon.TimesOfOneVisitStep(
        name=name, waits=(joined, called), window=at, walks=walks, served=served, is_on=is_on
    )


def three(**changes):
    """A waits from 8:40 and is called at 9:00; B and C come after A and go later."""
    strokes = [
        person("A", 520, 540, started=541, ended=550),
        person("B", 525, 560, started=562, ended=580, window="2"),
        person("C", 530, 600, is_on=True),
    ]
    lanes = [
        ribbon.WindowOpeningTimes(window="1", open=[(510, 1050)]),
        ribbon.WindowOpeningTimes(window="2", open=[(510, 700)], pauses=[(600, 610)]),
    ]
    return ribbon.DayRibbon(**{"start": 510, "end": 1050, "now": 600, "strokes": strokes, "lanes": lanes, **changes})


def laid(day, width=1000.0, height=300.0):
    return ribbon.lay_out_ribbon(day, WORDS, SHARP, SurfaceRect(0, 0, width, height))


def texts(found):
    return [mark.text for mark in found.marks if isinstance(mark, TextMark)]


def marks(found, kind, colour):
    return [mark for mark in found.marks if isinstance(mark, kind) and getattr(mark, "fill", "") == colour]


def test_the_height_is_the_number_who_wait_and_late_ones_are_red_at_the_bottom():
    day = three()
    assert [day.number_waiting_at(at) for at in (519, 520, 527, 535, 540, 570, 600)] == [0, 1, 2, 3, 2, 1, 1]
    assert [day.number_waiting_late_at(at) for at in (534, 535, 541, 561)] == [0, 1, 1, 1]
    assert day.peak_time_and_count == (530, 3)
    found = laid(day)
    (red,) = marks(found, RectanglesMark, "red")
    lowest = found.band.bottom - found.pitch
    assert min(top for _left, top, _wide, _high in red.rects) >= lowest - found.pitch
    assert min(left for left, *_rest in red.rects) == round(found.x_of_minute(535))


def test_a_stroke_steps_down_when_somebody_below_is_called_and_a_wait_that_begins_this_moment_is_none():
    found = laid(three())
    way = found.line_through_stack(found.ribbon.steps_of_ticket("C")[0])
    heights = [round((found.band.bottom - y) / found.pitch - 0.5) for _x, y in way]
    assert heights == [2, 2, 1, 1, 0, 0]
    assert [round(found.minute_at_x(x)) for x, _y in way] == [530, 540, 540, 560, 560, 600]
    day = three(strokes=[ribbon.TimesOfOneVisitStep(name="A", waits=(600, 600), is_on=True)], lanes=[])
    assert day.number_waiting_at(600) == 0
    assert not marks(laid(day), RectanglesMark, "edge")


def test_a_press_finds_the_stroke_and_the_bar_with_four_pixels_around():
    found = laid(three())

    def at(minute, rank):
        return found.ticket_at(found.x_of_minute(minute), found.band.bottom - (rank + 0.5) * found.pitch)

    assert (at(535, 0), at(535, 1), at(535, 2)) == ("A", "B", "C")
    assert at(545, 0) == "B"
    assert at(800, 0) is None
    bar = found.serving_bar(found.ribbon.steps_of_ticket("B")[0])
    middle = bar.top + bar.height / 2
    assert found.ticket_at(bar.left + 1, middle) == "B"
    assert found.ticket_at(bar.right + 3.5, middle) == "B"
    assert found.ticket_at(bar.right + 6, middle) is None


def test_what_nobody_knows_is_not_drawn():
    plain = laid(three())
    assert not marks(plain, PolylineMark, "primary")
    assert not [mark for mark in plain.marks if isinstance(mark, PolylineMark) and mark.dash and mark.points[0][1] > 40]
    ahead = [ribbon.WaitingCountForecast(600, 1, 1, 1), ribbon.WaitingCountForecast(660, 0, 2, 30)]
    known = laid(three(usual=[(510, 0), (1050, 3)], ahead=ahead))
    assert [mark for mark in known.marks if isinstance(mark, PolylineMark) and mark.colour == "primary"]
    assert known.top == 30, "the axis holds what is expected"


@pytest.mark.parametrize("came", [510, 530, 800, 1050])
@pytest.mark.parametrize("later", [0, 2, 40])
def test_the_line_of_now_strikes_no_number_through(came, later):
    day = three(strokes=[person(name, came, came + 60, is_on=True) for name in "AB"], now=came + later, lanes=[])
    found = laid(day)
    (number,) = (mark for mark in found.marks if isinstance(mark, TextMark) and mark.text == "2" and mark.bold)
    end = number.x + SHARP.text_width("2", number.size, bold=True)
    now = found.x_of_minute(day.now)
    assert now + 2 < number.x or end < now - 2 or day.now > day.end
    assert number.x >= 0 and end <= 1000
    assert later < 40 or (number.x + end) / 2 == pytest.approx(found.x_of_minute(came)), "over its moment elsewhere"


def test_many_people_make_a_stroke_more_than_one_and_the_title_says_so():
    crowd = [person(f"A{n:03}", 520 + n / 10, 900) for n in range(90)]
    found = laid(three(strokes=crowd), height=250)
    assert found.people > 1 and f"one stroke is {found.people}" in texts(found)
    assert found.y_of_count(90) >= found.band.top - 0.01


@pytest.mark.parametrize("lanes", [1, 6, 24])
@pytest.mark.parametrize("share", [0.0, 1.0, 2.0])
def test_everything_lies_inside_at_any_height(lanes, share):
    least, whole = ribbon.least_ribbon_height(lanes, SHARP), ribbon.ribbon_height(lanes, SHARP)
    height = least + (whole - least) * share
    open_all_day = [ribbon.WindowOpeningTimes(window=str(n), open=[(510, 1050)]) for n in range(lanes)]
    found = laid(three(lanes=open_all_day), height=height)
    assert found.lanes.bottom <= height - 12
    assert 3 <= found.pitch <= 9
    boxes = [rect for mark in found.marks if isinstance(mark, RectanglesMark) for rect in mark.rects]
    assert all(top >= 0 and top + high <= height for _left, top, _wide, high in boxes)


@pytest.mark.parametrize("height", [300, 240])
def test_the_heights_are_said_in_fives_where_few_wait(height):
    heights = [mark for mark in laid(three(), height=height).marks if isinstance(mark, TextMark) and mark.at == "right"]
    assert [mark.text for mark in heights if not mark.bold] == ["0", "5", "10", "15"]


def test_a_story_is_the_part_of_the_day_around_its_ticket():
    part = ribbon.ribbon_around_ticket(three(), "B")
    assert (part.start, part.end) == (510, 600)
    long = three(start=480, strokes=[person("D", 600, 700, started=700, ended=720)])
    part = ribbon.ribbon_around_ticket(long, "D")
    assert part.end - part.start == 240, "twice its length"
    assert ribbon.ribbon_around_ticket(long, "X") is long


@pytest.mark.parametrize(("width", "is_smaller"), [(1000.0, False), (690.0, True), (630.0, True)])
def test_what_a_day_without_tickets_says_is_whole_where_there_is_little_room(width, is_smaller):
    said = "No ticket yet today. Issue the first one at the front desk: it shows here at once."
    room = SurfaceRect(0, 0, width, 300.0)
    found = ribbon.lay_out_ribbon(three(strokes=[]), replace(WORDS, empty=said), SHARP, room)
    (mark,) = (one for one in found.marks if isinstance(one, TextMark) and one.text == said)
    assert (mark.size < ribbon.EMPTY) is is_smaller and mark.size >= ribbon.AXIS
    assert SHARP.text_width(said, mark.size) <= mark.room
