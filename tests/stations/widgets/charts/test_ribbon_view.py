"""The day ribbon as a widget: keys, presses, what a screen reader hears."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from queuedesk.core.charts.ribbon import Lane, Ribbon, RibbonWords, Stroke
from queuedesk.stations.widgets.charts.ribbon_view import RibbonView, Shown, StrokeCard
from queuedesk.stations.window.style import CONTRAST, Look


def day():
    return Ribbon(
        start=510,
        end=1050,
        now=600,
        strokes=[
            Stroke(name="A1", waits=(520, 540), window="1", walks=(540, 541), served=(541, 560)),
            Stroke(name="A2", waits=(525, 545), window="2", walks=(545, 546), served=(546, 565)),
            Stroke(name="A3", waits=(530, 560), window="1", walks=(560, 561), served=(561, 600), is_on=True),
        ],
        lanes=[Lane(window="1", open=[(510, 1050)]), Lane(window="2", open=[(510, 1050)])],
    )


@pytest.fixture
def view(qtbot):
    view = RibbonView(Look())
    qtbot.addWidget(view)
    view.show_day(
        Shown(
            ribbon=day(),
            words=RibbonWords(title="The day", now="now 10:00"),
            name="The day, one line per customer",
            sentences=["9:00: 3 waiting.", "9:30: 0 waiting."],
            spoken=lambda name: f"{name}, Pay a bill",
            card=lambda name: StrokeCard(number=name, service="Pay a bill", word="Finished", lines=("waited 9 min",)),
        )
    )
    view.resize(1000, 300)
    view.show()
    qtbot.waitExposed(view)
    return view


def press(view, *keys):
    for key in keys:
        QTest.keyClick(view, key)
    return view.chosen


def test_the_keys_walk_from_ticket_to_ticket_and_from_lane_to_lane(view, qtbot):
    key = Qt.Key
    assert press(view, key.Key_Right) == "A1"
    assert press(view, key.Key_Right, key.Key_Right) == "A3"
    assert press(view, key.Key_Right) == "A3", "there is no later one"
    assert press(view, key.Key_Left) == "A2"
    assert press(view, key.Key_Home) == "A1"
    assert press(view, key.Key_Down) == "A2", "the same time at the next window"
    assert press(view, key.Key_Up) in ("A1", "A3")
    assert press(view, key.Key_End) == "A3"
    with qtbot.waitSignal(view.picked) as got:
        press(view, key.Key_Return)
    assert got.args == ["A3"]
    assert press(view, key.Key_Escape) == ""


def test_a_press_on_a_stroke_opens_its_ticket_and_the_pointer_shows_it(view, qtbot):
    layout = view.layout_now()
    bar = layout.served(view.shown.ribbon.of("A2")[0])
    place = QPoint(round(bar.left + bar.width / 2), round(bar.top + bar.height / 2))
    QTest.mouseMove(view.viewport(), place)
    assert view.looked_at == "A2"
    with qtbot.waitSignal(view.picked) as got:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert got.args == ["A2"]
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(900, 100))
    assert view.chosen == ""


def test_a_screen_reader_finds_a_list_with_a_row_a_ticket(view):
    found = QAccessible.queryAccessibleInterface(view)
    assert found.role() == QAccessible.Role.List
    assert found.text(QAccessible.Text.Name) == "The day, one line per customer"
    assert found.text(QAccessible.Text.Description) == "9:00: 3 waiting. 9:30: 0 waiting."
    rows = [found.child(n) for n in range(found.childCount())]
    assert [row.text(QAccessible.Text.Name) for row in rows] == [f"A{n}, Pay a bill" for n in (1, 2, 3)]
    assert all(row.rect().isValid() for row in rows)


def test_a_choice_stays_when_the_day_goes_on(view):
    press(view, Qt.Key.Key_End)
    later = day()
    strokes = [*later.strokes, Stroke(name="A4", waits=(600, 605), is_on=True)]
    view.show_day(Shown(ribbon=Ribbon(start=510, end=1050, now=605, strokes=strokes), words=RibbonWords(), name="x"))

    assert view.chosen == "A3"
    assert view.strokes.rowCount() == 4


def test_the_card_lies_never_over_its_stroke(view):
    for name in ("A1", "A2", "A3"):
        view.choose(name)
        around = view.layout_now().around(name)
        stroke = QRectF(around.left, around.top, around.width, around.height)
        place = view.card_place(view.layout_now(), stroke, 304, 100)
        assert not place.intersects(stroke)
        assert QRectF(view.rect()).contains(place)


def test_high_contrast_says_by_shape_what_colours_say(view):
    view.look.set_theme(CONTRAST)

    assert not view.grab().isNull()
