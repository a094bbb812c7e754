"""What charts and ribbons of a day show."""

from collections.abc import Iterator
from itertools import product

import pytest
from msgspec.structs import replace

from queuedesk.core.charts import chart, layout, ribbon, waits
from queuedesk.core.charts.chart import PolylineMark, RectanglesMark, SurfaceRect, TextMark
from tests.core.charts.flat import FLAT, PLAIN, SHARP

ROOM = chart.SurfaceRect(10, 10, 600, 320)


def words(found: layout.LaidOutChart) -> list[chart.TextMark]:
    return [mark for mark in found.marks if isinstance(mark, chart.TextMark)]


def boxes(found: layout.LaidOutChart) -> list[chart.RectangleMark]:
    return [mark for mark in found.marks if isinstance(mark, chart.RectangleMark)]


def test_ticks_are_round_and_reach_the_highest_value() -> None:
    few = {1: [0, 1, 2], 15.8: [0, 10, 20], 30: [0, 10, 20, 30], 35: [0, 20, 40], 69.5: [0, 25, 50, 75]}
    many = {95: [0, 50, 100], 90_000: [0, 50_000, 100_000], 9_000_000: [0, 5_000_000, 10_000_000]}
    assert {highest: chart.ticks_from_zero(highest) for highest in few | many} == few | many


def test_an_axis_of_percentages_holds_them_and_spans_ten_points() -> None:
    axes = {(93.2, 93.8): [85, 90, 95, 100], (95.3, 98.1): [90, 92, 94, 96, 98, 100], (0, 0): [0, 2, 4, 6, 8, 10]}
    axes |= {(100, 100): axes[95.3, 98.1], (50, 100): [50, 60, 70, 80, 90, 100], (0, 100): [0, 20, 40, 60, 80, 100]}
    assert {values: chart.percent_axis_ticks(values) for values in axes} == axes
    for most, low, width in product((2, 3, 4, 5), range(0, 101, 3), range(0, 101, 3)):
        found = chart.percent_axis_ticks((low, high := min(100, low + width)), most)
        assert 0 <= found[0] <= low and high <= found[-1] <= 100 and 2 <= len(found) <= most + 1
        assert found[-1] - found[0] >= chart.LEAST_POINTS


@pytest.mark.parametrize("values", [(), (0.97, 1.01), (0.3, 1.0), (0.98, 1.41), (1.0, 7.3)])
@pytest.mark.parametrize("most", [2, 4])
def test_an_axis_of_ratios_holds_them_and_one(values: tuple[float, ...], most: int) -> None:
    found = chart.ratio_axis_ticks(values, most)
    assert found[0] <= min((*values, 1.0)) and max((*values, 1.0)) <= found[-1]
    assert found[-1] - found[0] >= chart.LEAST_RATIO - 1e-9 and len(found) - 1 <= most


def test_two_lines_are_named_where_neither_is_crossed() -> None:
    own, usual = [1.0, 1.05, None, 1.0, 1.4, 0.98], [1.0, 1.0, None, 1.0, 0.95, 1.0]
    lines = [
        chart.CurveSeries(values=usual, is_past=True, name="team median", figure="1.00", above=True, other=own),
        chart.CurveSeries(values=own, colour="primary", name="me", figure="0.98", above=False, other=usual),
    ]
    panel = chart.SeriesPanel(series=lines, is_ratio=True)
    found = layout.lay_out_chart(chart.Chart(panels=[panel], slots=6), PLAIN, chart.SurfaceRect(0, 0, 350, 170))
    named = {mark.text: mark for mark in found.marks if isinstance(mark, chart.TextMark) and mark.ground}
    # At the end the own line comes down from above; the figure of the last month is never at the first.
    assert set(named) == {"team median", "me 0.98"}
    assert named["me 0.98"].x > 250 and named["team median"].x < 100


def test_an_axis_holds_targets_limits_and_means() -> None:
    panel = chart.SeriesPanel(
        series=[
            chart.CurveSeries(values=[93.0, 94.0]),
            chart.VerticalLineSeries(values=[88.0, None], ends=[97.0, None]),
        ],
        levels=[chart.ReferenceLevel(value=99.0), chart.ReferenceLevel(value=85.0, is_dotted=False)],
        is_percent=True,
    )
    ticks = panel.axis_ticks(5)
    assert ticks[0] <= 85 and ticks[-1] >= 99
    series, levels = [chart.CurveSeries(values=[3.0])], [chart.ReferenceLevel(value=15.0)]
    assert replace(panel, is_percent=False, series=series, levels=levels).axis_ticks(4)[-1] >= 15


def test_the_highest_and_one_other_hill_are_labelled() -> None:
    assert [chart.top_two_peak_indexes(values) for values in ([], [None, 0.0], [3.0])] == [[], [], [0]]
    assert chart.top_two_peak_indexes([1.0, 9.0, 2.0, 1.0, 1.0, 2.0, 8.0, 3.0]) == [1, 6]
    assert chart.top_two_peak_indexes([1.0, 9.0, 8.0, 7.0, 6.0, 5.5]) == [1]
    assert chart.top_two_peak_indexes([9.0, 1.0, 1.0, 1.0, 1.0, 2.0]) == [0]


def a_day() -> chart.Chart:
    return waits.WaitsOverTicketsChart(
        title="How many came", line_title="Mean wait", bar_title="Tickets", legend="today", past_legend="Friday",
        line=[4.0, 9.0, None, 12.5], past_line=[5.0, None, 6.0, 7.0],
        bars=[20, 36, 0, 11], past_bars=[18, 28, 3, None],
        labels=waits.hour_labels(["09:00", "09:30", "10:00", "10:30"]),
        target=15, target_text="target 15 min", now=3.4, now_text="now", running=3,
        marks=[chart.ChartTimeNote(1, 2, "Outage", "Outage: card machines")], letters=[(0.5, "a")],
        line_points=[chart.HoverTextAndTarget((f"wait {n}",)) for n in range(4)],
        bar_points=[chart.HoverTextAndTarget((f"came {n}",)) for n in range(4)], has_figures=True,
    ).build_chart()  # fmt: skip


def places(found: layout.LaidOutChart) -> Iterator[tuple[float, float]]:
    for mark in found.marks:
        match mark:
            case chart.RectangleMark():
                yield mark.left, mark.top
                yield mark.left + mark.width, mark.top + mark.height
            case chart.PolylineMark() | chart.PolygonMark():
                yield from mark.points
            case chart.TextMark():
                length = PLAIN.text_width(mark.text, mark.size)
                left = mark.x - {"left": 0.0, "middle": length / 2, "right": length}[mark.at]
                yield left, mark.y
                yield left + length, mark.y


@pytest.mark.parametrize("width", [320, 600, 1200])
def test_every_mark_lies_in_its_place(width: float) -> None:
    room = chart.SurfaceRect(10, 10, width, 320)
    for x, y in places(layout.lay_out_chart(a_day(), PLAIN, room)):
        assert room.left - 1 <= x <= room.right + 1 and room.top <= y <= room.bottom + 1


def test_the_panels_take_what_the_rest_leaves() -> None:
    found = layout.lay_out_chart(a_day(), PLAIN, ROOM)
    around = layout.height_around_panels(a_day(), PLAIN, 600)
    assert sum(plot.rect.height for plot in found.plots) == pytest.approx(320 - around)
    assert found.plots[0].rect.bottom < found.plots[1].rect.top
    assert found.plots[0].rect.left == found.plots[1].rect.left
    assert len(found.places) == 8 and found.places[4].top == found.plots[1].rect.top


def test_the_slot_that_goes_on_is_hollow_and_the_past_is_a_stroke() -> None:
    lower = layout.lay_out_chart(a_day(), PLAIN, ROOM).plots[1]
    marks = chart.BarSeries(values=[20, 36, 0, 11], running=3).marks_on_plot(lower)
    bars = [mark for mark in marks if isinstance(mark, chart.RectangleMark)]
    assert [(bar.fill, bar.edge) for bar in bars] == [("chart", ""), ("chart", ""), ("soft", "chart")]
    assert len(list(chart.LevelStrokeSeries(values=[18, 28, 3, None]).marks_on_plot(lower))) == 3
    assert [mark.top + mark.height for mark in bars] == pytest.approx([lower.rect.bottom] * 3)


def test_a_target_s_name_stands_where_no_wait_is() -> None:
    level = chart.ReferenceLevel(value=15, name="target 15 min")
    panel = chart.SeriesPanel(series=[chart.CurveSeries(values=[1.0] * 6 + [16.0] * 6)], levels=[level])
    found = layout.lay_out_chart(chart.Chart(panels=[panel], slots=12), PLAIN, ROOM)
    (name,) = (one for one in words(found) if "target" in one.text)
    assert name.x < ROOM.left + ROOM.width / 3


def test_an_empty_chart_says_why_and_signs_outside_its_axis_are_not_drawn() -> None:
    found = layout.lay_out_chart(chart.Chart(title="Waits", empty="No ticket yet"), PLAIN, ROOM)
    assert [mark.text for mark in found.marks if isinstance(mark, chart.TextMark)] == ["Waits", "No ticket yet"]
    assert found.plots == []
    empty = layout.lay_out_bars([], PLAIN, ROOM, "Nobody was overtaken.")
    assert [one.text for one in words(empty)] == ["Nobody was overtaken."]
    drawn = chart.Chart(
        panels=[chart.SeriesPanel(series=[chart.CurveSeries(values=[50.0, 52.0])], is_percent=True)], slots=2
    )
    (plot,) = layout.lay_out_chart(drawn, PLAIN, ROOM).plots
    assert list(chart.SymbolSeries(values=[99.0, None], kind="cross").marks_on_plot(plot)) == []


@pytest.mark.parametrize("width", [200, 600])
def test_the_longest_bar_fills_what_words_and_figures_leave(width: float) -> None:
    given = {90: 100, 45: None, 0: 0}
    rows = [layout.BarRow(word=f"level {n}", value=n, number=f"{n}", past=past) for n, past in given.items()]
    room = chart.SurfaceRect(10, 10, width, 84)
    found = layout.lay_out_bars(rows, PLAIN, room)
    first, past, second, none = boxes(found)
    assert first.width == pytest.approx(2 * second.width)
    assert past.left - first.left == pytest.approx(first.width / 0.9) and none.left == first.left
    assert [one.text for one in words(found)] == ["level 90", "90", "level 45", "45", "level 0", "0"]
    assert all(room.left <= x <= room.right and room.top <= y <= room.bottom for x, y in places(found))
    assert [place.height for place in found.places] == [28, 28, 28]


def wait_heat_map(*minutes: float) -> waits.WaitHeatMap:
    cells = [waits.WaitHeatMapCell(row=0, column=n, minutes=each) for n, each in enumerate(minutes)]
    columns = ["08:30", "09:00", "09:30", "10:00", "10:30", "11:00"]
    return waits.WaitHeatMap(rows=["Mon", "Tue"], columns=columns, cells=cells, target=15)


def test_a_wait_over_the_target_is_red_and_bold_and_a_half_hour_without_calls_is_no_place_to_point_at() -> None:
    shown = wait_heat_map(7.4, 15.0, 15.2, 15.01, 29.6)
    figures = [one for one in words(waits.lay_out_heat_map(shown, PLAIN, ROOM)) if one.at == "middle"]
    assert [one.text for one in figures] == ["7", "15", "15.2", "15.1", "30"]
    assert [one.bold for one in figures] == [False, False, True, True, True]
    fills = [shown.cell_colour(cell) for cell in shown.cells]
    assert [colour for colour, _share in fills] == ["chart", "chart", "red", "red", "red"]
    assert fills[0][1] < fills[1][1] and fills[3][1] < fills[2][1] < fills[4][1] <= 1
    found = waits.lay_out_heat_map(wait_heat_map(3, 4), PLAIN, ROOM)
    assert len(found.places) == 2 and len(boxes(found)) == 12
    assert [one.fill for one in boxes(found)].count("paper") == 10
    assert [one.text for one in words(found) if one.text.endswith(":00")] == ["9:00", "10:00", "11:00"]
    assert all(ROOM.left <= x <= ROOM.right for x, _y in places(found))


HEADS = ("before", "after", "difference", "says")


def difference(value: float | None, low: float | None, high: float | None, certainty: str) -> layout.DifferenceRow:
    side = layout.FigureAndRowCountText("8.2", "%", "241 of 2,946", chart.HoverTextAndTarget(("8.2",), "rows"))
    return layout.DifferenceRow(
        name="Wrong window", second="", before=side, after=side, certainty=layout.DifferenceVerdict[certainty], word="so",
        value=value, low=low, high=high, said=("a", "b", "c"),
    )  # fmt: skip


def bars_of(*rows: layout.DifferenceRow) -> list[chart.RectangleMark]:
    found = layout.lay_out_differences(HEADS, rows, FLAT, chart.SurfaceRect(0, 0, 900, 400))
    return [mark for mark in found.marks if isinstance(mark, chart.RectangleMark) and mark.edge]


def test_bars_share_one_scale_what_cannot_be_told_is_dashed_and_too_few_rows_have_none() -> None:
    wide, narrow = bars_of(difference(-4, -6, -2, "BETTER"), difference(1, 0, 2, "UNSURE"))
    assert round(wide.width / narrow.width, 6) == 2
    assert wide.left + wide.width < narrow.left
    unsure, worse = bars_of(difference(1, -1, 3, "UNSURE"), difference(2, 1, 3, "WORSE"))
    assert (unsure.dashed, unsure.fill, worse.dashed, worse.fill) == (True, "sunken", False, "amberbg")
    few = difference(None, None, None, "FEW")
    assert bars_of(few) == []
    assert len(layout.lay_out_differences(HEADS, [few], FLAT, chart.SurfaceRect(0, 0, 900, 400)).places) == 2


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
