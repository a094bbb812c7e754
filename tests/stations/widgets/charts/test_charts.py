"""Charts: points and ribbons."""

from functools import partial

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.charts.chart import HoverTextAndTarget
from queuedesk.core.charts.layout import BarRow, DifferenceRow, DifferenceVerdict, FigureAndRowCountText
from queuedesk.core.charts.ribbon import DayRibbon, RibbonWords, TimesOfOneVisitStep, WindowOpeningTimes
from queuedesk.core.charts.waits import WaitHeatMap, WaitHeatMapCell, WaitsOverTicketsChart
from queuedesk.stations.widgets.charts import chart_view
from queuedesk.stations.widgets.charts.chart_view import ChartTooltip, ChartView, DayRibbonContent, DayRibbonView
from queuedesk.stations.widgets.charts.figures import BarRowChart, DifferenceChart, FigureCell, FigureRow, FigureTable
from queuedesk.stations.window.style import Look

LEFT = Qt.MouseButton.LeftButton


def points(word, n):
    return [HoverTextAndTarget((f"{word} {at}", f"exactly {at}"), (word, at)) for at in range(n)]


def chart():
    found, ends = ChartView(Look()), {"line_points": points("wait", 3), "bar_points": points("came", 3)}
    found.set_chart(WaitsOverTicketsChart(title="Waits", line=[3.0, None, 12.5], bars=[4, 0, 9], **ends).build_chart())
    return found


def bars():
    found, said = BarRowChart(Look()), enumerate(points("row", 3))
    found.set_rows("Rows", [BarRow(word=f"word {n}", value=n, number=str(n), point=point) for n, point in said])
    return found


def wait_heat_map():
    found = chart_view.WaitHeatMapView(Look())
    said = points("cell", 4)
    cells = [WaitHeatMapCell(row=n // 2, column=n % 2, minutes=10 * n, point=point) for n, point in enumerate(said)]
    found.set_wait_heat_map("Map", WaitHeatMap(rows=["Mon", "Tue"], columns=["09:00", "09:30"], cells=cells, target=15))
    return found


def table():
    found = FigureTable(Look())
    said = points("figure", 4)
    rows = [FigureRow(f"row {n}", (FigureCell("1", said[2 * n]), FigureCell("2", said[2 * n + 1]))) for n in (0, 1)]
    found.set_table("Table", "name", ["one", "two"], rows)
    return found


@pytest.fixture(params=[chart, bars, wait_heat_map, table])
def widget(request, show):
    host, made = QWidget(), request.param()
    QVBoxLayout(host).addWidget(made)
    show(host, 640, 420, active=True)
    made.clearFocus()
    yield made
    host.close()


def bubble(widget):
    found = ChartTooltip.tooltip_of_window(widget.window())
    return found.text() if found.isVisible() else ""


def test_a_pointer_is_told_figures_until_the_wheel_moves_the_page_and_a_press_leads_behind_them(widget, qtbot):
    for point, rect in zip(widget.points, widget.point_rects(), strict=True):
        QTest.mouseMove(widget, rect.center().toPoint())
        assert bubble(widget) == "\n".join(point.said)
        with qtbot.waitSignal(widget.picked) as picked:
            QTest.mouseClick(widget, LEFT, pos=rect.center().toPoint())
        assert picked.args == [point.leads]
    host = widget.window()
    place = widget.point_rects()[0].center()
    QTest.mouseMove(widget, QPoint(1, 1))
    QTest.mouseMove(widget, place.toPoint())
    assert bubble(widget)
    on_host = QPointF(widget.mapTo(host, place.toPoint()))
    QTest.wheelEvent(host.windowHandle(), on_host, QPoint(0, -120))
    assert (widget.current_point, bubble(widget)) == (None, "")
    widget.set_current_point(0, by_key=True)
    QTest.wheelEvent(host.windowHandle(), on_host, QPoint(0, -120))
    assert widget.current_point is not None, "the keyboard's part stays"
    QTest.mouseMove(widget, QPoint(1, 1))  # A pointer that stays where it is moves nothing in the next test.


def test_arrow_keys_reach_every_part_and_where_they_are_is_read_out_and_pressed_by_enter(widget, qtbot):
    title = widget.accessibleName()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    seen, border = {widget.current_point}, [widget.points[0]]
    keys = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
    while border:
        start = widget.points.index(border.pop())
        for key in keys:
            widget.set_current_point(start, by_key=True)
            QTest.keyClick(widget, key)
            if widget.current_point not in seen:
                seen.add(widget.current_point)
                border.append(widget.current_point)
    assert seen == set(widget.points)
    QTest.keyClick(widget, Qt.Key.Key_End)
    assert widget.accessibleName() == ", ".join([title, *widget.points[-1].said])
    with qtbot.waitSignal(widget.picked) as picked:
        QTest.keyClick(widget, Qt.Key.Key_Return)
    assert picked.args == [widget.points[-1].leads]
    widget.clearFocus()
    assert (widget.accessibleName(), bubble(widget)) == (title, "")


def test_other_figures_under_the_pointer_are_told_at_once_and_those_without_tickets_lead_nowhere(show, qtbot):
    found = show(bars(), 300, 120)
    found.set_current_point(found.point_index_at(QPointF(20, 40)))
    new = [HoverTextAndTarget((f"new {n}",)) for n in range(3)]
    found.set_rows("Rows", [BarRow(word="x", value=1, number="1", point=point) for point in new])
    assert bubble(found) == "new 1"
    with qtbot.assertNotEmitted(found.picked):
        QTest.mouseClick(found, LEFT, pos=QPoint(20, 10))
    assert found.current_point == HoverTextAndTarget(("new 0",))


def test_columns_without_room_go_and_the_rest_is_whole(show):
    found = show(FigureTable(Look()), 360, 100)
    cells = tuple(FigureCell("1,000", point) for point in points("f", 8))
    found.set_table("T", "", [f"column {n}" for n in range(8)], [FigureRow("name", cells)])
    ends = [end for end in found.column_right_edges() if end]
    assert 0 < len(ends) < 8 and ends[-1] == found.width()
    assert {rect.width() for rect in found.point_rects()[len(ends) :]} == {0.0}


def day():
    strokes = [
        TimesOfOneVisitStep(name="A1", waits=(520, 540), window="1", walks=(540, 541), served=(541, 560)),
        TimesOfOneVisitStep(name="A2", waits=(525, 545), window="2", walks=(545, 546), served=(546, 565)),
        TimesOfOneVisitStep(name="A3", waits=(530, 560), window="1", walks=(560, 561), served=(561, 600), is_on=True),
    ]
    lanes = [WindowOpeningTimes(window=window, open=[(510, 1050)]) for window in "12"]
    return DayRibbon(start=510, end=1050, now=600, strokes=strokes, lanes=lanes)


@pytest.fixture
def view(show):
    view = show(DayRibbonView(Look()), 1000, 300, active=True)
    card = partial(chart_view.RibbonTicketCardText, service="Pay a bill", word="Finished", lines=("waited 9 min",))
    said = {"name": "The day, one line per customer", "sentences": ["9:00: 3 waiting.", "9:30: 0 waiting."]}
    said |= {"spoken": lambda name: f"{name}, Pay a bill", "card": lambda name: card(number=name)}
    view.show_day(DayRibbonContent(ribbon=day(), words=RibbonWords(title="The day", now="now 10:00"), **said))
    return view


def press(view, *keys):
    for key in keys:
        QTest.keyClick(view, key)
    return view.chosen_ticket_name


def test_the_keys_walk_from_ticket_to_ticket_and_lane_to_lane_and_enter_or_a_press_opens_one(view, qtbot):
    key = Qt.Key
    right = key.Key_Right
    walk = [press(view, *keys) for keys in ((right,), (right, right), (right,), (key.Key_Left,), (key.Key_Home,))]
    assert walk == ["A1", "A3", "A3", "A2", "A1"], "there is no later one than the last"
    assert press(view, key.Key_Down) == "A2", "the same time at the next window"
    assert press(view, key.Key_Up) in ("A1", "A3")
    assert press(view, key.Key_End) == "A3"
    with qtbot.waitSignal(view.picked) as got:
        press(view, key.Key_Return)
    assert (got.args, press(view, key.Key_Escape)) == (["A3"], "")
    # So does a press on its stroke, and the pointer shows it.
    layout = view.up_to_date_layout()
    bar = layout.serving_bar(view.shown.ribbon.steps_of_ticket("A2")[0])
    place = QPoint(round(bar.left + bar.width / 2), round(bar.top + bar.height / 2))
    QTest.mouseMove(view.viewport(), place)
    assert view.shown_ticket_name == "A2"
    with qtbot.waitSignal(view.picked) as got:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert got.args == ["A2"]
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(900, 100))
    assert view.chosen_ticket_name == ""


def test_a_screen_reader_finds_a_row_a_ticket_no_card_covers_its_stroke_and_a_choice_stays_as_the_day_goes_on(view):
    found = QAccessible.queryAccessibleInterface(view)
    assert found.role() == QAccessible.Role.List
    told = [found.text(text) for text in (QAccessible.Text.Name, QAccessible.Text.Description)]
    assert told == ["The day, one line per customer", "9:00: 3 waiting. 9:30: 0 waiting."]
    rows = [found.child(n) for n in range(found.childCount())]
    assert [row.text(QAccessible.Text.Name) for row in rows] == [f"A{n}, Pay a bill" for n in (1, 2, 3)]
    assert all(row.rect().isValid() for row in rows)
    for name in ("A1", "A2", "A3"):
        view.choose_ticket(name)
        around = view.up_to_date_layout().bounds_of_ticket(name)
        stroke = QRectF(around.left, around.top, around.width, around.height)
        place = view.ticket_card_rect(view.up_to_date_layout(), stroke, 304, 100)
        assert not place.intersects(stroke) and QRectF(view.rect()).contains(place)
    later = day()
    strokes = [*later.strokes, TimesOfOneVisitStep(name="A4", waits=(600, 605), is_on=True)]
    ribbon = DayRibbon(start=510, end=1050, now=605, strokes=strokes)
    view.show_day(DayRibbonContent(ribbon=ribbon, words=RibbonWords(), name="x"))
    assert (view.chosen_ticket_name, view.strokes.rowCount()) == ("A3", 4)


def test_rows_that_are_higher_in_a_narrow_window_ask_for_less_in_a_wide_one(show):
    host, rows, one = QWidget(), DifferenceChart(Look()), FigureAndRowCountText("80", "%", "20 rated")
    unsure = DifferenceVerdict.UNSURE
    row = DifferenceRow(name="row", second="", before=one, after=one, certainty=unsure, word="unsure")
    rows.set_rows("Before and after", ("before", "after", "difference", ""), [row])
    QVBoxLayout(host).addWidget(rows)

    def asked():
        QCoreApplication.processEvents()
        return host.minimumSizeHint().height()

    show(host, 340, 900)
    narrow = asked()
    host.resize(1400, 900)
    assert asked() < narrow
