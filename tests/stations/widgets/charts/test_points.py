"""Charts whose parts are pointed at: by pointer, by arrow keys, read out, pressed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from queuedesk.core.charts.bar_rows import BarRow
from queuedesk.core.charts.chart import Point
from queuedesk.core.charts.wait_map import WaitCell, WaitMap
from queuedesk.core.charts.waits import WaitsOverTickets
from queuedesk.stations.widgets.charts.bars import BarRows
from queuedesk.stations.widgets.charts.chart_view import ChartView, WaitMapView
from queuedesk.stations.widgets.charts.figures import FigureCell, FigureRow, FigureTable
from queuedesk.stations.widgets.charts.points import Bubble, Pointed
from queuedesk.stations.window.style import Look

LEFT = Qt.MouseButton.LeftButton
WAITS, CAME = [3.0, None, 12.5], [4, 0, 9]


def points(word: str, n: int) -> list[Point]:
    return [Point((f"{word} {at}", f"exactly {at}"), (word, at)) for at in range(n)]


def chart() -> ChartView:
    found = ChartView(Look())
    found.set_chart(
        WaitsOverTickets(
            title="Waits", line=WAITS, bars=CAME, line_points=points("wait", 3), bar_points=points("came", 3)
        ).chart()
    )
    return found


def bars() -> BarRows:
    found = BarRows(Look())
    said = points("row", 3)
    rows = [BarRow(word=f"word {n}", value=n, number=str(n), point=point) for n, point in enumerate(said)]
    found.set_rows("Rows", rows)
    return found


def wait_map() -> WaitMapView:
    found = WaitMapView(Look())
    said = points("cell", 4)
    cells = [WaitCell(row=n // 2, column=n % 2, minutes=10 * n, point=point) for n, point in enumerate(said)]
    found.set_map("Map", WaitMap(rows=["Mon", "Tue"], columns=["09:00", "09:30"], cells=cells, target=15))
    return found


def table() -> FigureTable:
    found = FigureTable(Look())
    said = points("figure", 4)
    rows = [FigureRow(f"row {n}", (FigureCell("1", said[2 * n]), FigureCell("2", said[2 * n + 1]))) for n in (0, 1)]
    found.set_table("Table", "name", ["one", "two"], rows)
    return found


@pytest.fixture(params=[chart, bars, wait_map, table])
def widget(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[Pointed]:
    host = QWidget()
    column = QVBoxLayout(host)
    made: Pointed = request.param()
    column.addWidget(made)
    host.resize(640, 420)
    qtbot.addWidget(host)
    with qtbot.waitExposed(host):
        host.show()
    made.clearFocus()
    yield made
    host.close()


def bubble(widget: Pointed) -> str:
    found = Bubble.of(widget.window())
    return found.text() if found.isVisible() else ""


def test_a_pointer_over_a_part_is_told_its_figures(widget: Pointed) -> None:
    for point, rect in zip(widget.points, widget.rects(), strict=True):
        QTest.mouseMove(widget, rect.center().toPoint())
        assert bubble(widget) == "\n".join(point.said)


def test_what_was_pointed_at_is_let_go_when_the_wheel_moves_the_page(widget: Pointed) -> None:
    host = widget.window()
    place = widget.rects()[0].center()
    QTest.mouseMove(widget, QPoint(1, 1))
    QTest.mouseMove(widget, place.toPoint())
    assert bubble(widget)
    on_host = QPointF(widget.mapTo(host, place.toPoint()))
    QTest.wheelEvent(host.windowHandle(), on_host, QPoint(0, -120))

    assert widget.at is None
    assert bubble(widget) == ""
    widget.look_at(0, by_key=True)
    QTest.wheelEvent(host.windowHandle(), on_host, QPoint(0, -120))
    assert widget.at is not None, "the keyboard's part stays"
    QTest.mouseMove(widget, QPoint(1, 1))  # A pointer that stays where it is moves nothing in the next test.


def test_a_press_leads_behind_the_part_that_was_pressed(widget: Pointed, qtbot: QtBot) -> None:
    for point, rect in zip(widget.points, widget.rects(), strict=True):
        with qtbot.waitSignal(widget.picked) as picked:
            QTest.mouseClick(widget, LEFT, pos=rect.center().toPoint())
        assert picked.args == [point.leads]


def test_arrow_keys_reach_every_part(widget: Pointed) -> None:
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    seen, border = {widget.at}, [widget.points[0]]
    keys = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
    while border:
        start = widget.points.index(border.pop())
        for key in keys:
            widget.look_at(start, by_key=True)
            QTest.keyClick(widget, key)
            if widget.at not in seen:
                seen.add(widget.at)
                border.append(widget.at)
    assert seen == set(widget.points)


def test_the_part_that_the_keyboard_is_at_is_read_out_and_pressed_by_enter(widget: Pointed, qtbot: QtBot) -> None:
    title = widget.accessibleName()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(widget, Qt.Key.Key_End)

    assert widget.accessibleName() == ", ".join([title, *widget.points[-1].said])
    with qtbot.waitSignal(widget.picked) as picked:
        QTest.keyClick(widget, Qt.Key.Key_Return)
    assert picked.args == [widget.points[-1].leads]
    widget.clearFocus()
    assert widget.accessibleName() == title
    assert bubble(widget) == ""


def test_a_part_without_tickets_leads_nowhere(qtbot: QtBot) -> None:
    found = BarRows(Look())
    qtbot.addWidget(found)
    found.set_rows("Rows", [BarRow(word="a", value=1, number="1", point=Point(("a", "1")))])
    found.resize(300, 60)
    found.show()
    with qtbot.assertNotEmitted(found.picked):
        QTest.mouseClick(found, LEFT, pos=QPoint(20, 10))
    assert found.at == Point(("a", "1"))


def test_other_figures_under_the_pointer_are_told_at_once(qtbot: QtBot) -> None:
    found = bars()
    qtbot.addWidget(found)
    found.resize(300, 120)
    found.show()
    found.look_at(found.point_at(QPointF(20, 40)))
    rows = [BarRow(word="x", value=1, number="1", point=Point((f"new {n}",))) for n in range(3)]
    found.set_rows("Rows", rows)

    assert bubble(found) == "new 1"


def test_columns_without_room_go_and_the_rest_is_whole(qtbot: QtBot) -> None:
    found = FigureTable(Look())
    qtbot.addWidget(found)
    cells = tuple(FigureCell("1,000", point) for point in points("f", 8))
    found.set_table("T", "", [f"column {n}" for n in range(8)], [FigureRow("name", cells)])
    found.resize(360, 100)
    ends = [end for end in found.ends() if end]

    assert 0 < len(ends) < 8
    assert ends[-1] == found.width()
    hidden = [rect.width() for rect in found.rects()[len(ends) :]]
    assert set(hidden) == {0.0}
