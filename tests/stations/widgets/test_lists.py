"""Lists, strips and tiles, the points of charts, and ribbons."""

from functools import partial
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, QRect, QRectF, QStringListModel, Qt
from PySide6.QtGui import QAccessible, QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QListView, QPushButton, QVBoxLayout, QWidget

from queuedesk.core.charts.chart import HoverTextAndTarget
from queuedesk.core.charts.layout import BarRow, DifferenceRow, DifferenceVerdict, FigureAndRowCountText
from queuedesk.core.charts.ribbon import DayRibbon, RibbonWords, TimesOfOneVisitStep, WindowOpeningTimes
from queuedesk.core.charts.waits import WaitHeatMap, WaitHeatMapCell, WaitsOverTicketsChart
from queuedesk.stations.rating.view import RatingFaceButton
from queuedesk.stations.widgets.cards import WindowCard, WindowCardText
from queuedesk.stations.widgets.charts import chart_view
from queuedesk.stations.widgets.charts.chart_view import ChartTooltip, ChartView, DayRibbonContent, DayRibbonView
from queuedesk.stations.widgets.charts.figures import (
    BarRowChart,
    DifferenceChart,
    FigureCell,
    FigureRow,
    FigureTable,
    VisitPhasesBar,
    VisitStretch,
)
from queuedesk.stations.widgets.lists import lists, tiles
from queuedesk.stations.widgets.lists.lists import SearchResult, SearchResultList, TicketList, TicketModel, TicketRow
from queuedesk.stations.widgets.lists.strips import AlertBanner, Toast
from queuedesk.stations.widgets.paint import CanvasWidget, ServiceTimeBar, draw_face
from queuedesk.stations.widgets.panels import BigNumberLabel
from queuedesk.stations.widgets.questions.dialogs import FormField
from queuedesk.stations.widgets.topbar import SideNav, TopBar, TopBarFact
from queuedesk.stations.window.style import CONTRAST, LIGHT, Look, Scale
from tests.stations.hands import LEFT
from tests.stations.seen import texts_of, timer_of
from tests.stations.whole_words import drawn

BILL = tiles.ServiceTileText(
    name="电费缴纳", count="9", count_unit="人等候", before="约", range_="10–15", range_unit="分钟", windows="5 个窗口"
)


def rows(text):
    return [TicketRow(id=char, number=f"A00{char}") for char in text]


def told_by(signal):
    """Return a list of what a signal tells from now on."""
    told = []
    signal.connect(lambda *words: told.append(words[0] if words else True))
    return told


def pixel(widget, x, y):
    return widget.grab().toImage().pixelColor(x, y).name().upper()


def name_of(widget):
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


@given(st.lists(st.permutations("123456").map(lambda order: order[: len(order) // 2 + 1]), max_size=6))
def test_whatever_is_wanted_is_shown_without_a_reset(orders):
    model = TicketModel()
    resets = told_by(model.modelReset)
    for order in orders:
        model.set_rows(rows("".join(order)))
        assert [model.index(at).data(lists.ROW).id for at in range(model.rowCount())] == list(order)
    assert resets == []


def test_the_model_keeps_qts_rules_tells_only_the_changed_row_and_a_row_is_read_out_whole(qtmodeltester):
    model, told = TicketModel(), []
    for order in ("3214", "123"):
        model.set_rows(rows(order))
        qtmodeltester.check(model)
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    row = TicketRow(id="3", number="B032", service="业务办理", class_text="老年人", wait="18 分钟")
    model.set_rows([*rows("12"), row])
    assert told == [(2, 2)]
    assert model.index(2).data(Qt.ItemDataRole.AccessibleTextRole) == "B032 业务办理 老年人 18 分钟"


def test_a_row_pressed_is_chosen_and_stays_so_its_button_only_acts_and_new_rows_fade_in(show, qtbot, monkeypatch):
    view = show(TicketList(Look(), selectable=True), 368, 400)
    view.set_rows(rows("123456"))
    chosen, acted = told_by(view.chosen), told_by(view.acted)
    QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(view.tickets.index(1)).center())
    view.setCurrentIndex(view.tickets.index(2))
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert chosen == ["2", "3"]
    view.set_rows(rows("7235"))
    assert (view.currentIndex().data(lists.ROW).id, view.currentIndex().row()) == ("3", 2)
    view.set_rows([TicketRow(id=7, number="A052", service="过号 4 分钟", button="恢复排队")])
    place = view.row_button_rect(view.tickets.index(0))
    QTest.mouseClick(view.viewport(), LEFT, pos=place.center().toPoint())
    assert (acted, chosen, place.height() >= 38) == ([7], ["2", "3"], True)
    # New rows fade in unless the look is still.
    look = Look()
    view = show(TicketList(look), 368, 400)
    monkeypatch.setattr(lists, "FADE_MS", 10**9)  # a busy machine may draw them first when they would be there
    view.set_rows(rows("1"))
    fading = view.grab().toImage()
    monkeypatch.undo()
    qtbot.waitUntil(lambda: not timer_of(view, lists.FADE_STEP_MS).isActive())
    assert view.grab().toImage() != fading
    look.still = True
    view.set_rows(rows("12"))
    assert not timer_of(view, lists.FADE_STEP_MS).isActive()


def test_a_class_never_covers_its_number_in_a_narrow_list_with_large_letters(show):
    look = Look(scale=Scale.staff_scale(1020, 764, 150))
    look.still = True
    for class_text in ("moved", "Elderly", "Pregnant", "老年人", "Elderly · moved"):
        view = show(TicketList(look), 319, 200)
        view.set_rows(
            [TicketRow(id=1, number="A002", service="Doctor", class_text=class_text, wait="26 min", level="red")]
        )
        number, pill = sorted(drawn(view).words, key=lambda word: word.box.left())[:2]
        assert number.text == "A002" and class_text.startswith(pill.text.removesuffix("…"))
        assert pill.text == class_text or len(class_text) > len("Pregnant"), "one class is whole"
        padding = look.px(11 * 0.75)
        assert pill.box.left() - padding > number.box.right(), class_text


@pytest.fixture
def host(show):
    return show(QWidget(), 1366, 768)


def test_an_alert_has_its_colour_leads_to_its_place_and_gets_more_lines_instead_of_dots(show):
    banner = show(AlertBanner(Look()), 700, 52)
    led = told_by(banner.acted)
    for kind in ("red", "amber", "blue"):
        banner.set_alert_content(kind, "B 业务办理等得久", "最久 18 分钟", button="去看看")
        assert pixel(banner, 350, 4) == LIGHT.color(f"{kind}bg")
    QTest.mouseClick(banner.button(), LEFT)
    assert (led, banner.accessibleName()) == ([True], "B 业务办理等得久 最久 18 分钟")
    banner.set_alert_content("amber", "数据文件从 10:42 起打不开", "正在重试。画面停在 10:42。现在请发备用纸号。" * 3)
    assert banner.sizeHint().height() > 52


def test_a_toast_stays_longer_when_it_can_be_taken_back_which_it_is_once(host):
    toast, undone = Toast(Look(), host), []
    toast.undone.connect(lambda: undone.append(toast.text()))
    toast.show_toast("日报已保存")
    assert (toast.isVisible(), toast.duration_ms()) == (True, 5000)
    assert abs(toast.geometry().center().x() - 683) <= 1
    QTest.mouseClick(toast, LEFT)
    assert (toast.isHidden(), undone) == (True, []), "without undo it only goes"
    toast.show_toast("已打印 B038", undo="撤销")
    assert toast.duration_ms() == 10000
    QTest.mouseClick(toast, LEFT)
    toast.undo()
    assert (toast.isHidden(), undone) == (True, ["已打印 B038"])


def put(widget, host, *place):
    widget.setParent(host)
    widget.setGeometry(*place)
    widget.show()
    return widget


def a_full_page(host):
    for place in ((0, 0, 1366, 380), (0, 400, 1366, 368)):
        put(QPushButton(), host, *place)
    return []


def a_key_at_the_foot(host):
    return [put(QPushButton("OK"), host, 500, 640, 400, 128).geometry()]


def a_list_that_fills_the_page(host):
    rows = put(QListView(), host, 0, 0, 1366, 768)
    rows.setModel(QStringListModel([f"B{n:03}" for n in range(1, 6)], rows))
    last = rows.visualRect(rows.model().index(4, 0)).translated(rows.viewport().pos())
    assert last.bottom() > 0
    return [QRect(0, 0, 1366, last.bottom())]


def a_list_over_a_large_key(host):
    (rows,) = a_list_that_fills_the_page(host)
    put(QPushButton(), host, 0, rows.bottom() + 60, 1366, 768)
    return [rows]


def the_stations_name_and_a_strip_over_one_large_key(host):
    bar, strip = put(TopBar(Look()), host, 0, 0, 1366, 56), put(AlertBanner(Look()), host, 300, 0, 700, 56)
    bar.set_title_and_hall("Front desk")
    strip.warn("The hall is away")
    full = put(QPushButton(), host, 0, 56, 1366, 712)
    QApplication.processEvents()
    title = next(label for label in bar.findChildren(QLabel) if label.text() == "Front desk")
    return [QRect(title.mapTo(host, QPoint(0, 0)), title.size()), strip.geometry(), full.geometry()]


def the_big_number_and_a_key(host):
    host.resize(600, 400)
    number = put(BigNumberLabel(Look(), "B031", px=84), host, 0, 0, 600, 90)
    return [number.geometry(), put(QPushButton("Call"), host, 0, 300, 600, 100).geometry()]


TOASTED = [a_key_at_the_foot, a_list_that_fills_the_page, a_list_over_a_large_key, a_full_page]
TOASTED += [the_stations_name_and_a_strip_over_one_large_key, the_big_number_and_a_key]


@pytest.mark.parametrize("shown", TOASTED)
def test_a_toast_on_the_page_hides_none_of_it_and_makes_way(host, qtbot, shown):
    kept = shown(host)
    toast = Toast(Look(), host)
    toast.show_toast("已打印 B038")
    first = toast.geometry()
    assert not any(first.intersects(place) for place in kept) and host.rect().contains(first)
    assert shown is not a_full_page or first.intersects(QRect(0, 380, 1366, 20)), "where it hides least"
    if shown is a_list_that_fills_the_page:
        assert first.bottom() > host.height() - 100, "at the foot, where it is looked for"
    if shown is a_key_at_the_foot:
        other = put(QPushButton("Customer left"), host, *first.adjusted(-10, -10, 10, 10).getRect())
        qtbot.waitUntil(lambda: not toast.geometry().intersects(other.geometry()))
        assert not toast.geometry().intersects(kept[0]) and toast.isVisible()


def test_the_top_bar_shows_where_changes_its_facts_and_leaves_a_halls_name_out_before_a_part_of_it(show, qtbot):
    bar = show(TopBar(Look(), more="更多"), 1366, 56)
    bar.set_title_and_hall("引导台", "城东供电营业厅")
    bar.set_items([TopBarFact("打印机正常", icon="print"), TopBarFact("引导员 周琳", rule=True)])
    bar.set_items([TopBarFact("打印机没纸了", icon="print", token="amber")])
    bar.set_clock("10:42")
    told = told_by(bar.menu_wanted)
    QTest.mouseClick(bar.more_button, LEFT)
    assert len(told) == 1
    qtbot.waitUntil(lambda: texts_of(bar)[:4] == ["引导台", "城东供电营业厅", "10:42", "打印机没纸了"])
    bar.set_window_number_sign("3")
    bar.set_state_pill("paused", "暂停中")
    assert "暂停中" in texts_of(bar)
    # The list at the side keeps its place when its words change.
    nav = show(SideNav(Look(), "QueueDesk"), 208, 700)
    nav.set_entries([("today", "chart", "今日"), ("tickets", "ticket", "号票")])
    picked = told_by(nav.picked)
    QTest.mouseClick(nav.findChild(QWidget, "tickets"), LEFT)
    nav.set_entries([("today", "chart", "Today"), ("tickets", "ticket", "Tickets")])
    assert (picked, nav.current_entry_key()) == (["tickets"], "tickets")
    # A hall's name is whole, or its beginning, or left out.
    bar = show(TopBar(Look()), 1024, 56)
    bar.set_title_and_hall("Front desk", "Kingston Road Clinic")
    shown = []
    for width in (1024, 340, 200):
        bar.resize(width, 56)
        QApplication.processEvents()
        shown.append([word.text for word in drawn(bar).words if word.text.startswith("K")])
    assert shown[0] == ["Kingston Road Clinic"] and shown[2] == []
    assert shown[1][0].startswith("Kingsto") and shown[1][0].endswith("…")


def test_a_bar_over_its_target_is_red_and_one_of_a_story_as_wide_as_it_was_long_where_it_can_be_read(show):
    bar = show(ServiceTimeBar(Look()), 400, 42)
    for share, x, token in ((0.5, 100, "primary"), (0.5, 300, "sunken"), (1.3, 390, "red"), (0, 1, "sunken")):
        bar.set_progress(share, "目标 20 分钟", late=share > 1)
        assert pixel(bar, x, 5) == LIGHT.color(token)
    bar = show(VisitPhasesBar(Look()), 728, 56)
    parts = ("等候", "17:51", 1071, "wait"), ("途中", "0:05", 5, "way"), ("办理", "4:45", 285, "serving")
    bar.set_parts([VisitStretch(*part) for part in parts])
    waited, walked, served = bar.stretch_widths()
    assert (waited + walked + served, waited / served) == pytest.approx((728, 1071 / 285)) and walked > 40
    bar.set_parts([])
    assert bar.stretch_widths() == []


def test_a_service_tile_says_its_figures_is_grey_and_dashed_without_tickets_and_its_badge_gives_way_to_a_name(show):
    tile = show(tiles.ServiceTile(Look(), "A", BILL), 440, 186)
    assert name_of(tile) == "电费缴纳 9 人等候 约 10–15 分钟 5 个窗口"
    tile.set_service(tiles.ServiceTileText(name="电费缴纳", spoken="电费缴纳，9 人等候，约 10 到 15 分钟"))
    assert (name_of(tile), pixel(tile, 220, 100)) == ("电费缴纳，9 人等候，约 10 到 15 分钟", LIGHT.surface)
    tile.setEnabled(False)
    assert pixel(tile, 220, 100) == LIGHT.sunken
    edge = {pixel(tile, x, 0) for x in range(60, 90)}
    assert len(edge) > 1, "the edge of what is not available is dashed"

    # Its badge gives way to a name that would be cut.
    tile = show(tiles.ServiceTile(Look(scale=Scale(1.5, 1.5)), "A", tiles.ServiceTileText(name="Fees")), 288, 246)
    assert pixel(tile, 105, 75) == LIGHT.soft
    tile.set_service(tiles.ServiceTileText(name="Registration"))
    assert pixel(tile, 105, 75) != LIGHT.soft
    assert pixel(tile, 30, 75) == LIGHT.soft


def test_what_is_chosen_is_softly_marked_and_a_card_says_its_lines(show):
    look = Look()
    choice = show(tiles.ToggleChoice(look, "老年人"), 230, 72)
    assert pixel(choice, 10, 30) == LIGHT.surface
    QTest.mouseClick(choice, LEFT)
    assert pixel(choice, 10, 30) == LIGHT.soft
    look.set_theme(CONTRAST)
    assert pixel(choice, 1, 30) == CONTRAST.primary
    card = show(tiles.ChoiceCard(Look(), "bolt", "供电营业厅", ("电费缴纳", "6 个窗口")), 305, 170)
    assert (name_of(card), card.accessibleDescription()) == ("供电营业厅", "电费缴纳 6 个窗口")
    card.click()
    assert card.isChecked()
    said = WindowCardText(number="3 号", staff="王芳", ticket="B031", state="called", word="已叫号", time="0:12")
    card = show(WindowCard(Look(), said), 172, 108)
    assert name_of(card) == "3 号 王芳 B031 已叫号 0:12"
    card.set_window(WindowCardText(number="4 号", state="paused", word="暂停", away=True))
    assert pixel(card, 120, 50) == LIGHT.sunken


def test_a_refused_field_is_red_and_says_why(show):
    field, why = show(FormField(Look(), "最后取号", hint="号票开头"), 300, 110), "最后取号晚于下班 17:30，请改早一些"
    height, typed = field.sizeHint().height(), told_by(field.edited)
    field.set_error(why)
    QTest.keyClicks(field.edit, "17")
    assert field.error() == field.edit.accessibleDescription() == why
    assert (name_of(field.edit), typed) == ("最后取号", ["1", "17"])
    assert field.sizeHint().height() == height, "a refusal must not push the fields below"
    field.set_error("")
    assert field.error() == ""


def test_the_first_find_is_chosen_and_nothing_found_takes_nothing(show):
    finds = show(SearchResultList(Look()), 890, 300)
    found = [SearchResult(id=number, letter="B", name=f"更名过户 {number}") for number in (1, 2, 3)]
    finds.set_results(found, last="找不到？")
    taken = told_by(finds.taken)
    finds.choose_current_result()
    for steps in (1, 5):
        finds.move_selection_by(steps)
    finds.choose_current_result()
    for y in (120, 260):
        QTest.mouseClick(finds, LEFT, pos=QPoint(100, y))
    assert (taken, finds.sizeHint().height()) == ([1, 3, 2], 3 * 80 + 53)
    finds.set_results([], last="找不到？按 D 咨询取号，由窗口判断")
    finds.choose_current_result()
    finds.move_selection_by(1)
    assert (taken[3:], finds.current_result()) == ([], None)


def test_faces_differ_in_their_look_alone_and_each_is_an_answer(show):
    images = []
    for level in range(1, 6):
        image = QImage(120, 120, QImage.Format.Format_RGB32)
        image.fill(QColor("white"))
        painter = QPainter(image)
        draw_face(painter, QRectF(0, 0, 120, 120), level, QColor("black"))
        painter.end()
        assert image not in images
        images.append(image)
        for x, y in ((60, 3), (40, 50)):
            assert image.pixelColor(x, y).lightness() < 60, "the same circle and eyes for all"
    face = show(RatingFaceButton(Look(), 4, "满意"), 221, 316)
    assert (face.level, name_of(face)) == (4, "满意")


class Pressed(CanvasWidget):
    def __init__(self, look):
        super().__init__(look, 1280, 800)
        self.points = []

    def on_canvas_press(self, point):
        self.points.append(point)


class Noted(QWidget):
    moves = 0

    def setGeometry(self, place):
        super().setGeometry(place)
        self.moves += 1


def test_a_canvas_keeps_its_places_on_any_screen_and_moves_only_what_is_placed(show):
    look = Look()
    canvas = show(Pressed(look), 640, 600)
    child, other = Noted(), Noted()
    for one, place in ((child, (1080, 700, 200, 100)), (other, (0, 0, 100, 100))):
        canvas.place_child(one, QRectF(*place))
    assert (child.moves, other.moves, canvas.canvas_scale(), canvas.look.scale) == (1, 1, 0.5, Scale(0.5))
    assert child.geometry().getRect() == (540, 450, 100, 50)
    QTest.mouseClick(canvas, LEFT, pos=child.geometry().topLeft() - QPoint(40, 50))
    assert canvas.points == [QPointF(1000, 600)]
    canvas.resize(2560, 1600)
    assert child.geometry().getRect() == (2160, 1400, 400, 200)
    look.set_theme(CONTRAST)
    assert canvas.unit.theme is CONTRAST and pixel(canvas, 5, 5) == CONTRAST.paper


@pytest.mark.parametrize("pct", [100, 150])
def test_a_service_name_never_leaves_its_room_for_the_figures(qapp, pct):
    look = Look(scale=Scale.staff_scale(1366, 768, pct))
    names = ["Account services", "Q", "Change of holder, meter and tariff for companies", "业务办理"]
    for name, high in product(names, (40, 60, 90, 150)):
        room = QRectF(80, 6, 240, look.px(high))
        laid = tiles.lay_out_tile_name(look, name, "4 windows", room, middle=room.top() + 10)
        assert laid.top >= room.top()
        assert laid.top + laid.height <= max(room.bottom(), room.top() + look.px(18) + 1)
        assert bool(laid.under) <= (laid.height >= look.px(24 * 1.2) + look.px(22))
        assert all(QFontMetricsF(look.font(laid.px, bold=True)).horizontalAdvance(w) <= 240.5 for w in laid.lines)


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
