"""Lists, strips and tiles."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QStringListModel, Qt
from PySide6.QtGui import QAccessible, QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QListView, QPushButton, QWidget

from queuedesk.stations.rating.view import Face, draw_face
from queuedesk.stations.widgets.cards import WindowCard, WindowText
from queuedesk.stations.widgets.charts.figures import Part, StoryBar
from queuedesk.stations.widgets.lists.lists import (
    FADE_STEP_MS,
    ROW,
    Result,
    ResultList,
    TicketList,
    TicketModel,
    TicketRow,
)
from queuedesk.stations.widgets.lists.strips import Banner, StackedRow, Toast
from queuedesk.stations.widgets.lists.tiles import ChoiceCard, ServiceTile, TileText, ToggleChoice, lay_name
from queuedesk.stations.widgets.paint import CanvasWidget, ProgressBar
from queuedesk.stations.widgets.panels import HeroLabel
from queuedesk.stations.widgets.questions.dialogs import FormField, SearchField
from queuedesk.stations.widgets.topbar import SideNav, TopBar, TopItem
from queuedesk.stations.window.style import CONTRAST, LIGHT, Look, Scale
from tests.stations.seen import timer_of

LEFT = Qt.MouseButton.LeftButton
BILL = TileText(
    name="电费缴纳", count="9", count_unit="人等候", before="约", range_="10–15", range_unit="分钟", windows="5 个窗口"
)


def rows(text):
    return [TicketRow(id=char, number=f"A00{char}") for char in text]


def shown(qtbot, look=None, **wishes):
    view = TicketList(look or Look(), **wishes)
    qtbot.addWidget(view)
    view.resize(368, 400)
    view.show()
    return view


@given(st.lists(st.permutations("123456").map(lambda order: order[: len(order) // 2 + 1]), max_size=6))
def test_whatever_is_wanted_is_shown_without_a_reset(orders):
    model = TicketModel()
    resets = []
    model.modelReset.connect(lambda: resets.append(True))

    for order in orders:
        model.set_rows(rows("".join(order)))
        assert [model.index(at).data(ROW).id for at in range(model.rowCount())] == list(order)

    assert resets == []


def test_the_model_keeps_qts_rules(qtmodeltester):
    model = TicketModel()
    model.set_rows(rows("123"))

    qtmodeltester.check(model)
    model.set_rows(rows("3214"))
    qtmodeltester.check(model)


def test_only_the_changed_row_is_told_and_a_row_is_read_out_whole():
    model = TicketModel()
    model.set_rows(rows("123"))
    told = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    row = TicketRow(id="3", number="B032", service="业务办理", class_text="老年人", wait="18 分钟")
    model.set_rows([*rows("12"), row])
    assert told == [(2, 2)]
    assert model.index(2).data(Qt.ItemDataRole.AccessibleTextRole) == "B032 业务办理 老年人 18 分钟"


def test_a_row_pressed_is_chosen_and_stays_so_when_others_come_and_its_button_only_acts(qtbot):
    view = shown(qtbot, selectable=True)
    view.set_rows(rows("123456"))
    chosen, acted = [], []
    view.chosen.connect(chosen.append)
    view.acted.connect(acted.append)
    QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(view.tickets.index(1)).center())
    view.setCurrentIndex(view.tickets.index(2))
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert chosen == ["2", "3"]

    view.set_rows(rows("7235"))
    assert (view.currentIndex().data(ROW).id, view.currentIndex().row()) == ("3", 2)
    view.set_rows([TicketRow(id=7, number="A052", service="过号 4 分钟", button="恢复排队")])
    place = view.button_rect(view.tickets.index(0))
    QTest.mouseClick(view.viewport(), LEFT, pos=place.center().toPoint())
    assert (acted, chosen) == ([7], ["2", "3"])
    assert place.height() >= 38


def test_rows_grow_and_change_colour_with_the_look(qtbot):
    look = Look()
    view = shown(qtbot, look)
    view.set_rows(rows("12"))
    assert view.visualRect(view.tickets.index(0)).height() == 46

    look.set_theme(CONTRAST)
    look.set_scale(Scale(1.5, 1.5))

    qtbot.waitUntil(lambda: view.visualRect(view.tickets.index(0)).height() == 69)


def test_new_rows_fade_in_unless_the_look_is_still(qtbot):
    view = shown(qtbot)
    view.set_rows(rows("1"))
    fading = view.grab().toImage()
    qtbot.waitUntil(lambda: not timer_of(view, FADE_STEP_MS).isActive())
    assert view.grab().toImage() != fading

    calm = Look()
    calm.still = True
    view = shown(qtbot, calm)
    view.set_rows(rows("1"))
    assert not timer_of(view, FADE_STEP_MS).isActive()


@pytest.fixture
def host(qtbot):
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(1366, 768)
    host.show()
    return host


def pixel(widget, x, y):
    return widget.grab().toImage().pixelColor(x, y).name().upper()


def test_an_alert_has_its_colour_leads_to_its_place_and_gets_more_lines_instead_of_dots(host):
    banner = Banner(Look(), parent=host)
    led = []
    banner.acted.connect(lambda: led.append(True))
    banner.resize(700, 52)
    banner.show()
    for kind, tint in (("red", "redbg"), ("amber", "amberbg"), ("blue", "bluebg")):
        banner.set_banner(kind, "B 业务办理等得久", "最久 18 分钟", button="去看看")
        assert pixel(banner, 350, 4) == LIGHT.color(tint)
    QTest.mouseClick(banner.button(), LEFT)
    assert led == [True]
    assert banner.accessibleName() == "B 业务办理等得久 最久 18 分钟"
    banner.set_banner("amber", "数据文件从 10:42 起打不开", "正在重试。画面停在 10:42。现在请发备用纸号。" * 3)
    assert banner.sizeHint().height() > 52


def test_a_toast_stays_longer_when_it_can_be_taken_back_which_it_is_once(host):
    toast, undone = Toast(Look(), host), []
    toast.undone.connect(lambda: undone.append(toast.text()))
    toast.show_toast("日报已保存")
    assert (toast.isVisible(), toast.duration_ms()) == (True, 5000)
    assert host.rect().contains(toast.geometry())
    assert abs(toast.geometry().center().x() - 683) <= 1
    QTest.mouseClick(toast, LEFT)
    assert (toast.isHidden(), undone) == (True, []), "without undo it only goes"

    toast.show_toast("已打印 B038", undo="撤销")
    assert toast.duration_ms() == 10000
    QTest.mouseClick(toast, LEFT)
    toast.undo()
    assert (toast.isHidden(), undone) == (True, ["已打印 B038"])


def test_a_toast_hides_no_button_and_makes_way_for_one(host, qtbot):
    foot = QPushButton("OK", host)
    foot.setGeometry(500, 640, 400, 128)
    foot.show()
    toast = Toast(Look(), host)
    toast.show_toast("已打印 B038")
    assert not toast.geometry().intersects(foot.geometry())
    assert host.rect().contains(toast.geometry())
    first = toast.geometry()

    other = QPushButton("Customer left", host)
    other.setGeometry(first.adjusted(-10, -10, 10, 10))
    other.show()

    qtbot.waitUntil(lambda: not toast.geometry().intersects(other.geometry()))
    assert not toast.geometry().intersects(foot.geometry())
    assert toast.isVisible()


def test_a_toast_on_a_full_page_lies_where_it_hides_least(host):
    for place in (QRect(0, 0, 1366, 380), QRect(0, 400, 1366, 368)):
        button = QPushButton(host)
        button.setGeometry(place)
        button.show()
    toast = Toast(Look(), host)
    toast.show_toast("已打印 B038")

    assert host.rect().contains(toast.geometry())
    assert toast.geometry().intersects(QRect(0, 380, 1366, 20))


def test_a_toast_lies_under_the_rows_of_a_list_that_fills_the_page(host):
    rows = QListView(host)
    rows.setModel(QStringListModel([f"B{n:03}" for n in range(1, 6)], rows))
    rows.setGeometry(host.rect())
    rows.show()
    toast = Toast(Look(), host)
    toast.show_toast("已打印 B038")

    last = rows.visualRect(rows.model().index(4, 0)).translated(rows.viewport().pos())
    assert toast.geometry().top() > last.bottom() > 0
    assert toast.geometry().bottom() > host.height() - 100, "at the foot, where it is looked for"
    button = QPushButton(host)
    button.setGeometry(0, last.bottom() + 60, 1366, 768)
    button.show()
    toast.show_toast("已打印 B039")
    assert toast.geometry().top() > last.bottom()


def test_a_toast_covers_neither_the_stations_name_nor_a_strip(host):
    bar, strip = TopBar(Look(), parent=host), Banner(Look(), parent=host)
    bar.set_place("Front desk")
    bar.setGeometry(0, 0, 1366, 56)
    strip.setGeometry(300, 0, 700, 56)
    strip.warn("The hall is away")
    full = QPushButton(host)
    full.setGeometry(0, 56, 1366, 712)
    for widget in (bar, full):
        widget.show()
    QApplication.processEvents()
    toast = Toast(Look(), host)
    toast.show_toast("已打印 B038")

    title = next(label for label in bar.findChildren(QLabel) if label.text() == "Front desk")
    place = QRect(title.mapTo(host, QPoint(0, 0)), title.size())
    assert not any(toast.geometry().intersects(one) for one in (place, strip.geometry(), full.geometry()))


def test_a_row_set_aside_is_taken_back_by_its_button(host):
    row = StackedRow(Look(), parent=host)
    row.set_row("parked", "B026", "去复印 · 6 分钟", "接着办")
    row.resize(360, 56)
    row.show()
    acted = []
    row.acted.connect(lambda: acted.append(True))

    QTest.mouseClick(row.button(), LEFT)

    assert acted == [True]
    assert row.button().accessibleName() == "接着办 B026"
    row.set_row("missed", "B027", "过号 · 9 分钟")
    assert row.button().isHidden()


def test_the_top_bar_shows_where_and_changes_its_facts(host, qtbot):
    bar = TopBar(Look(), more="更多", parent=host)
    bar.resize(1366, 56)
    bar.set_place("引导台", "城东供电营业厅")
    bar.set_items([TopItem("打印机正常", icon="print"), TopItem("引导员 周琳", rule=True)])
    bar.set_items([TopItem("打印机没纸了", icon="print", token="amber")])
    bar.set_clock("10:42")
    bar.show()
    told = []
    bar.menu_wanted.connect(lambda _place: told.append(True))

    QTest.mouseClick(bar.more_button, LEFT)

    def texts():
        return [label.text() for label in bar.findChildren(QLabel) if label.isVisible()]

    assert told == [True]
    qtbot.waitUntil(lambda: texts() == ["引导台", "城东供电营业厅", "10:42", "打印机没纸了"])
    bar.set_sign("3")
    bar.set_pill("paused", "暂停中")
    assert "暂停中" in texts()


def test_the_side_list_keeps_its_place_when_its_words_change(host):
    nav = SideNav(Look(), "QueueDesk", parent=host)
    nav.set_entries([("today", "chart", "今日"), ("tickets", "ticket", "号票")])
    nav.resize(208, 700)
    nav.show()
    picked = []
    nav.picked.connect(picked.append)

    QTest.mouseClick(nav.findChild(QWidget, "tickets"), LEFT)
    nav.set_entries([("today", "chart", "Today"), ("tickets", "ticket", "Tickets")])

    assert picked == ["tickets"]
    assert nav.current() == "tickets"


def test_a_bar_over_its_target_is_red(host):
    bar = ProgressBar(Look(), parent=host)
    bar.resize(400, 42)

    bar.set_progress(0.5, "目标 20 分钟")
    assert (pixel(bar, 100, 5), pixel(bar, 300, 5)) == (LIGHT.primary, LIGHT.sunken)
    bar.set_progress(1.3, "目标 20 分钟", late=True)
    assert pixel(bar, 390, 5) == LIGHT.red
    bar.set_progress(0, "目标 20 分钟")
    assert pixel(bar, 1, 5) == LIGHT.sunken


def test_a_story_is_as_wide_as_it_was_long_and_short_parts_can_be_read(host):
    bar = StoryBar(Look(), parent=host)
    bar.resize(728, 56)
    parts = [Part("等候", "17:51", 1071, "wait"), Part("走来", "0:05", 5, "way"), Part("办理", "4:45", 285, "serving")]
    bar.set_parts(parts)

    waited, walked, served = bar.widths()

    assert waited + walked + served == pytest.approx(728)
    assert waited / served == pytest.approx(1071 / 285)
    assert walked > 40
    bar.set_parts([])
    assert bar.widths() == []


def test_a_notice_hides_neither_buttons_nor_the_big_number(qtbot):
    look = Look()
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(600, 400)
    number, button = HeroLabel(look, "B031", px=84), QPushButton("Call", host)
    number.setParent(host)
    number.setGeometry(0, 0, 600, 90)
    button.setGeometry(0, 300, 600, 100)
    host.show()
    toast = Toast(look, host)
    toast.show_toast("Noted")
    assert not toast.geometry().intersects(number.geometry())
    assert not toast.geometry().intersects(button.geometry())


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


def test_a_service_tile_says_its_figures_gives_a_ticket_and_is_dead_where_there_is_none(show):
    tile = show(ServiceTile(Look(), "A", BILL), 440, 186)
    pressed = []
    tile.clicked.connect(lambda: pressed.append("A"))

    QTest.mouseClick(tile, LEFT)

    assert pressed == ["A"]
    assert name_of(tile) == "电费缴纳 9 人等候 约 10–15 分钟 5 个窗口"
    tile.set_service(TileText(name="电费缴纳", spoken="电费缴纳，9 人等候，约 10 到 15 分钟"))
    assert name_of(tile) == "电费缴纳，9 人等候，约 10 到 15 分钟"

    pressed.clear()
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


def test_the_search_tells_letters_the_first_find_is_chosen_and_nothing_found_takes_nothing(show):
    field = show(SearchField(Look(), "搜业务", hint="直接打字即可"), 890, 60)
    told = []
    field.typed.connect(told.append)
    field.entered.connect(lambda: told.append("enter"))

    QTest.keyClicks(field.edit, "gm")
    QTest.keyClick(field.edit, Qt.Key.Key_Return)

    assert told == ["g", "gm", "enter"]

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

    finds.set_results([], last="找不到？按 D 咨询取号，由窗口判断")
    taken.clear()

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
    look = Look()
    canvas = show(Pressed(look), 640, 600)
    child = QWidget()
    canvas.place(child, QRectF(1080, 700, 200, 100))

    assert canvas.k() == 0.5
    assert canvas.look.scale == Scale(0.5)
    assert child.geometry().getRect() == (540, 450, 100, 50)
    QTest.mouseClick(canvas, LEFT, pos=child.geometry().topLeft() - QPointF(40, 50).toPoint())
    assert canvas.points == [QPointF(1000, 600)]
    canvas.resize(2560, 1600)
    assert child.geometry().getRect() == (2160, 1400, 400, 200)
    look.set_theme(CONTRAST)
    assert canvas.unit.theme is CONTRAST
    assert pixel(canvas, 5, 5) == CONTRAST.paper


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


@pytest.mark.parametrize("pct", [100, 150])
def test_a_service_name_never_leaves_its_room_for_the_figures(qapp, pct):
    look = Look(scale=Scale.staff(1366, 768, pct))
    names = ["Account services", "Q", "Change of holder, meter and tariff for companies", "业务办理"]
    for name, high in product(names, (40, 60, 90, 150)):
        room = QRectF(80, 6, 240, look.px(high))
        laid = lay_name(look, name, "4 windows", room, middle=room.top() + 10)
        assert laid.top >= room.top()
        assert laid.top + laid.height <= max(room.bottom(), room.top() + look.px(18) + 1)
        assert bool(laid.under) <= (laid.height >= look.px(24 * 1.2) + look.px(22))
        assert all(QFontMetricsF(look.font(laid.px, bold=True)).horizontalAdvance(w) <= 240.5 for w in laid.lines)
