"""Tiles, fields, finds and faces: what they say to a screen reader, what pressing does, what a refusal shows."""

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QAccessible, QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QWidget

from queuedesk.stations.rating.view import Face, draw_face
from queuedesk.stations.widgets.cards import WindowCard, WindowText
from queuedesk.stations.widgets.lists.lists import Result, ResultList
from queuedesk.stations.widgets.lists.tiles import ChoiceCard, ServiceTile, TileText, ToggleChoice, lay_name
from queuedesk.stations.widgets.paint import CanvasWidget
from queuedesk.stations.widgets.questions.forms import FormField, SearchField
from queuedesk.stations.window.style import CONTRAST, LIGHT, Look, Scale

LEFT = Qt.MouseButton.LeftButton
BILL = TileText(
    name="电费缴纳", count="9", count_unit="人等候", before="约", range_="10–15", range_unit="分钟", windows="5 个窗口"
)


@pytest.fixture
def show(qtbot):
    def put(widget, *size):
        qtbot.addWidget(widget)
        widget.resize(*size)
        widget.show()
        return widget

    return put


def name_of(widget):
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def pixel(widget, x, y):
    return widget.grab().toImage().pixelColor(x, y).name().upper()


def test_a_service_tile_says_its_figures_and_gives_a_ticket(show):
    tile = show(ServiceTile(Look(), "A", BILL), 440, 186)
    pressed = []
    tile.clicked.connect(lambda: pressed.append("A"))

    QTest.mouseClick(tile, LEFT)

    assert pressed == ["A"]
    assert name_of(tile) == "电费缴纳 9 人等候 约 10–15 分钟 5 个窗口"
    tile.set_service(TileText(name="电费缴纳", spoken="电费缴纳，9 人等候，约 10 到 15 分钟"))
    assert name_of(tile) == "电费缴纳，9 人等候，约 10 到 15 分钟"


def test_a_tile_not_available_is_sunken_and_dead(show):
    tile = show(ServiceTile(Look(), "A", BILL), 440, 186)
    pressed = []
    tile.clicked.connect(lambda: pressed.append("A"))
    assert pixel(tile, 220, 100) == LIGHT.surface

    tile.setEnabled(False)
    QTest.mouseClick(tile, LEFT)

    assert pressed == []
    assert pixel(tile, 220, 100) == LIGHT.sunken
    edge = {pixel(tile, x, 0) for x in range(60, 90)}
    assert len(edge) > 1, "the edge of what is not available is dashed"


def test_one_of_several_is_chosen_and_softly_marked(show, qtbot):
    row, look = QWidget(), Look()
    line = QHBoxLayout(row)
    choices = [ToggleChoice(look, word) for word in ("普通", "老年人", "孕妇")]
    for choice in choices:
        choice.setAutoExclusive(True)
        line.addWidget(choice)
    show(row, 700, 90)

    QTest.mouseClick(choices[0], LEFT)
    QTest.mouseClick(choices[1], LEFT)

    assert [choice.isChecked() for choice in choices] == [False, True, False]
    assert pixel(choices[1], 10, 30) == LIGHT.soft
    assert pixel(choices[0], 10, 30) == LIGHT.surface
    look.set_theme(CONTRAST)
    assert pixel(choices[1], 1, 30) == CONTRAST.primary


def test_a_choice_card_says_its_lines(show):
    card = show(ChoiceCard(Look(), "bolt", "供电营业厅", ("电费缴纳", "6 个窗口")), 305, 170)

    assert name_of(card) == "供电营业厅"
    assert card.accessibleDescription() == "电费缴纳 6 个窗口"
    card.click()
    assert card.isChecked()


def test_a_window_card_says_what_its_window_does(show):
    said = WindowText(number="3 号", staff="王芳", ticket="B031", state="called", word="已叫号", time="0:12")
    card = show(WindowCard(Look(), said), 172, 108)

    assert name_of(card) == "3 号 王芳 B031 已叫号 0:12"
    card.set_window(WindowText(number="4 号", state="paused", word="暂停", away=True))
    assert pixel(card, 120, 50) == LIGHT.sunken


def test_a_refused_field_is_red_and_says_why(show, qapp):
    field = show(FormField(Look(), "最后取号", hint="号票开头"), 300, 110)
    height = field.sizeHint().height()
    typed = []
    field.edited.connect(typed.append)

    field.set_error("最后取号晚于下班 17:30，请改早一些")
    QTest.keyClicks(field.edit, "17")

    assert field.error() == "最后取号晚于下班 17:30，请改早一些"
    assert field.edit.accessibleDescription() == field.error()
    assert name_of(field.edit) == "最后取号"
    assert typed == ["1", "17"]
    assert field.sizeHint().height() == height, "a refusal must not push the fields below"
    field.set_error("")
    assert field.error() == ""


def test_the_search_tells_letters_and_enter(show):
    field = show(SearchField(Look(), "搜业务", hint="直接打字即可"), 890, 60)
    told = []
    field.typed.connect(told.append)
    field.entered.connect(lambda: told.append("enter"))

    QTest.keyClicks(field.edit, "gm")
    QTest.keyClick(field.edit, Qt.Key.Key_Return)

    assert told == ["g", "gm", "enter"]


def test_the_first_find_is_chosen_and_enter_takes_it(show):
    finds = show(ResultList(Look()), 890, 300)
    finds.set_results(
        [Result(id=number, letter="B", name=f"更名过户 {number}") for number in (1, 2, 3)], last="找不到？"
    )
    taken = []
    finds.taken.connect(taken.append)

    finds.take()
    finds.move_by(1)
    finds.move_by(5)
    finds.take()
    QTest.mouseClick(finds, LEFT, pos=finds.rect().topLeft() + QPointF(100, 120).toPoint())
    QTest.mouseClick(finds, LEFT, pos=finds.rect().topLeft() + QPointF(100, 260).toPoint())

    assert taken == [1, 3, 2]
    assert finds.sizeHint().height() == 3 * 80 + 53


def test_nothing_found_takes_nothing(show):
    finds = show(ResultList(Look()), 890, 300)
    finds.set_results([], last="找不到？按 D 咨询取号，由窗口判断")
    taken = []
    finds.taken.connect(taken.append)

    finds.take()
    finds.move_by(1)

    assert taken == []
    assert finds.current() is None


def ink_of(level):
    image = QImage(120, 120, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    draw_face(painter, QRectF(0, 0, 120, 120), level, QColor("black"))
    painter.end()
    return image


def test_faces_differ_in_their_look_alone():
    images = [ink_of(level) for level in range(1, 6)]

    for at, image in enumerate(images):
        assert all(image != other for other in images[at + 1 :])
        assert image.pixelColor(60, 3).lightness() < 60, "the same circle for all"
        assert image.pixelColor(40, 50).lightness() < 60, "the same eyes for all"


def test_a_face_is_an_answer(show):
    face = show(Face(Look(), 4, "满意"), 221, 316)
    pressed = []
    face.clicked.connect(lambda: pressed.append(face.level))

    QTest.mouseClick(face, LEFT)

    assert pressed == [4]
    assert name_of(face) == "满意"


class Pressed(CanvasWidget):
    def __init__(self, look):
        super().__init__(look, 1280, 800)
        self.points = []

    def canvas_press(self, point):
        self.points.append(point)


def test_a_canvas_keeps_its_places_on_any_screen(show):
    canvas = show(Pressed(Look()), 640, 600)
    child = QWidget()
    canvas.place(child, QRectF(1080, 700, 200, 100))

    assert canvas.k() == 0.5
    assert canvas.look.scale == Scale(0.5)
    assert child.geometry().getRect() == (540, 450, 100, 50)
    QTest.mouseClick(canvas, LEFT, pos=child.geometry().topLeft() - QPointF(40, 50).toPoint())
    assert canvas.points == [QPointF(1000, 600)]
    canvas.resize(2560, 1600)
    assert child.geometry().getRect() == (2160, 1400, 400, 200)


def test_a_canvas_moves_only_what_is_placed(show):
    class Noted(QWidget):
        moves = 0

        def setGeometry(self, place):
            super().setGeometry(place)
            self.moves += 1

    canvas, children = show(Pressed(Look()), 640, 400), [Noted() for _n in range(9)]
    for n, child in enumerate(children):
        canvas.place(child, QRectF(100 * n, 0, 100, 100))

    assert [child.moves for child in children] == [1] * 9


def test_a_canvas_takes_the_theme_of_its_station(show):
    look = Look()
    canvas = show(Pressed(look), 640, 400)

    look.set_theme(CONTRAST)

    assert canvas.unit.theme is CONTRAST
    assert pixel(canvas, 5, 5) == CONTRAST.paper


@pytest.mark.parametrize("high", [40, 60, 90, 150])
@pytest.mark.parametrize("pct", [100, 150])
@pytest.mark.parametrize(
    "name", ["Account services", "Q", "Change of holder, meter and tariff for companies", "业务办理"]
)
def test_a_service_name_never_leaves_its_room_for_the_figures(qapp, name, high, pct):
    look = Look(scale=Scale.staff(1366, 768, pct))
    room = QRectF(80, 6, 240, look.px(high))

    laid = lay_name(look, name, "4 windows", room, middle=room.top() + 10)

    assert laid.top >= room.top()
    assert laid.top + laid.height <= max(room.bottom(), room.top() + look.px(18) + 1)
    assert bool(laid.under) <= (laid.height >= look.px(24 * 1.2) + look.px(22))
    assert all(QFontMetricsF(look.font(laid.px, bold=True)).horizontalAdvance(w) <= 240.5 for w in laid.lines)
