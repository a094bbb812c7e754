"""Alerts, toasts, rows set aside, and the bars of a page say what they were given and tell what was pressed."""

import pytest
from PySide6.QtCore import QPoint, QRect, QStringListModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QListView, QPushButton, QWidget

from queuedesk.stations.widgets.charts.bars import Part, StoryBar
from queuedesk.stations.widgets.labels import HeroLabel
from queuedesk.stations.widgets.lists.strips import Banner, StackedRow, Toast
from queuedesk.stations.widgets.progress_bar import ProgressBar
from queuedesk.stations.widgets.topbar import SideNav, TopBar, TopItem
from queuedesk.stations.window.style import LIGHT, Look

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def host(qtbot):
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(1366, 768)
    host.show()
    return host


def pixel(widget, x, y):
    return widget.grab().toImage().pixelColor(x, y).name().upper()


@pytest.mark.parametrize(("kind", "tint"), [("red", "redbg"), ("amber", "amberbg"), ("blue", "bluebg")])
def test_an_alert_has_its_colour_and_leads_to_its_place(host, kind, tint):
    banner = Banner(Look(), parent=host)
    banner.resize(700, 52)
    banner.set_banner(kind, "B 业务办理等得久", "最久 18 分钟", button="去看看")
    banner.show()
    led = []
    banner.acted.connect(lambda: led.append(True))

    QTest.mouseClick(banner.button(), LEFT)

    assert led == [True]
    assert pixel(banner, 350, 4) == LIGHT.color(tint)
    assert banner.accessibleName() == "B 业务办理等得久 最久 18 分钟"


def test_a_long_alert_gets_more_lines_instead_of_dots(host):
    banner = Banner(Look(), parent=host)
    banner.resize(600, 52)
    banner.set_banner(
        "amber", "数据文件从 10:42 起打不开", "正在重试。画面停在 10:42。现在请发备用纸号，恢复后补录。" * 2
    )

    assert banner.sizeHint().height() > 52


@pytest.mark.parametrize(("undo", "ms"), [("", 5000), ("撤销", 10000)])
def test_a_toast_stays_longer_when_it_can_be_taken_back(host, undo, ms):
    toast = Toast(Look(), host)

    toast.show_toast("已打印 B038", undo=undo)

    assert toast.isVisible()
    assert toast.duration_ms() == ms
    assert host.rect().contains(toast.geometry())
    assert abs(toast.geometry().center().x() - 683) <= 1


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


def test_a_toast_takes_an_act_back_once(host):
    toast = Toast(Look(), host)
    undone = []
    toast.undone.connect(lambda: undone.append(toast.text()))
    toast.show_toast("已打印 B038", undo="撤销")

    QTest.mouseClick(toast, LEFT)
    toast.undo()

    assert undone == ["已打印 B038"]
    assert toast.isHidden()


def test_a_toast_without_undo_only_goes(host):
    toast = Toast(Look(), host)
    undone = []
    toast.undone.connect(lambda: undone.append(True))
    toast.show_toast("日报已保存")

    QTest.mouseClick(toast, LEFT)

    assert toast.isHidden()
    assert undone == []


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
