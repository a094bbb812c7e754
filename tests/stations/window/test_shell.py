"""A station's window round its page."""

import unicodedata
import xml.etree.ElementTree as ET
from itertools import product
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QImage
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QStyle, QWidget
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.core.errors import OutsideError
from queuedesk.core.network.roles import CONSOLE, Actor, Role, station
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.desk.upkeep import clocks, maintenance
from queuedesk.i18n import LANGUAGES
from queuedesk.paths import resource
from queuedesk.stations.signing_in import SignInView
from queuedesk.stations.widgets.buttons import Pill
from queuedesk.stations.widgets.panels import Label
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.window import style
from queuedesk.stations.window.away import UnavailablePage
from queuedesk.stations.window.first_frame import BEGIN_AT_LATEST_MS, FirstFrame
from queuedesk.stations.window.help import HelpPanel
from queuedesk.stations.window.picture import take_picture
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.style import (
    CHINESE,
    CONTRAST,
    FILES,
    LATIN,
    LIGHT,
    MARKS,
    PAGE,
    THEMES,
    TICKET_MARKS,
    WINDOW_MARKS,
    Look,
    Scale,
    apply,
    contrast,
    font_of,
    icon_pixmap,
    load_fonts,
)
from queuedesk.store.engine.database import Database
from tests.hall import make_hall, preset
from tests.stations.shell_pages import ZHOU, HallPage, Page

SERVER = "postgresql://qd@192.168.1.5:7432/queuedesk"


def log(hall):
    return [(event.kind, event.actor, event.staff) for event in looking.events_after(hall.desk, 1)]


def signed_in_at(hall):
    return hall.whole().signed_in


def click(qtbot, widget):
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


# -- who is here --
def test_one_touch_or_a_digit_signs_in_and_signing_out_asks_before_something_is_lost(hall, opened, qtbot):
    window = opened()
    assert list(window.page.tiles) == ["G1", "M1", "AD"]
    click(qtbot, window.page.tiles["G1"])
    page = window.page
    assert (type(page), window.context.who) == (Page, ZHOU)
    assert log(hall) == [("sign-in", "G1", "G1")]

    window.menu().findChild(object, "sign-out").trigger()
    assert (type(window.page), window.context.who, page.stopped) == (SignInView, None, True)
    assert log(hall)[-1] == ("sign-out", "G1", "G1")

    # A digit picks the name beside it.
    qtbot.keyClick(window.page, Qt.Key.Key_9)
    assert window.context.who is None
    qtbot.keyClick(window.page, Qt.Key.Key_1)
    assert window.context.who == ZHOU

    page = window.page
    page.lets_go = False
    window.menu().findChild(object, "sign-out").trigger()
    (question,) = window.findChildren(ConfirmDialog)
    assert question.accessibleName() == "Sign out now? The page loses something."
    click(qtbot, question.safe_button)
    assert window.page is page
    window.menu().findChild(object, "sign-out").trigger()
    click(qtbot, window.findChildren(ConfirmDialog)[-1].act_button)
    assert (type(window.page), page.stopped) == (SignInView, True)

    window.preferences.set_language("zh_CN")
    assert window.page.tiles["G1"].text() == "周琳"


def test_whoever_is_here_stays_when_an_earlier_backup_is_put_back(hall, opened, qtbot, tmp_path):
    maintenance.back_up(hall.desk.db, CONSOLE, tmp_path / "b.zip", hall.clock())
    window = opened()
    window.context.feed.start()
    click(qtbot, window.page.tiles["G1"])
    maintenance.restore(tmp_path / "b.zip", hall.path, hall.ask(), replace=True)

    there = Database.open(hall.path)
    qtbot.waitUntil(lambda: looking.events_after(Desk(there, 1), 1)[-1].kind == "sign-in")
    there.dispose()
    assert (type(window.page), window.context.who) == (Page, ZHOU)
    window.context.feed.stop()


def test_who_has_no_pin_where_others_have_one_opens_no_manager_s_station(hall, opened, qtbot):
    sign_in_and_pins.set_pin(hall.desk, hall.ask(), "G1", "2580")
    window = opened(roles=("manager", "admin"), name="manager")

    click(qtbot, window.page.tiles["M1"])

    assert (window.context.who, "M1 has none" in window.page.trouble()) == (None, True)
    assert signed_in_at(hall) == {}

    # Who has one is asked for it, and types or touches it.
    sign_in_and_pins.set_pin(hall.desk, hall.ask(), "M1", "1234")
    click(qtbot, window.page.tiles["M1"])
    for digit in "123":
        qtbot.keyClick(window.page, digit)
    pad = window.page.pad
    assert (pad.enter.isEnabled(), pad.enter.text()) == (False, "Enter the PIN"), "three digits can't be sent"
    qtbot.keyClick(window.page, "1")
    qtbot.keyClick(window.page, Qt.Key.Key_Return)
    assert (window.page.trouble(), window.context.who) == ("That PIN does not match; please enter it again.", None)
    for digit in "1234":
        click(qtbot, window.page.pad.digits[digit])
    click(qtbot, window.page.pad.enter)
    assert window.context.who == Actor("M1", Role.MANAGER)


def test_a_manager_s_station_that_opens_again_asks_for_the_pin_again(hall, opened):
    boss = Actor("M1", Role.MANAGER)
    sign_in_and_pins.sign_in(hall.desk, hall.ask(boss), "manager", "M1")
    assert opened(roles=("manager", "admin"), name="manager").context.who == boss

    sign_in_and_pins.set_pin(hall.desk, hall.ask(), "M1", "1234")
    window = opened(roles=("manager", "admin"), name="manager")
    assert (type(window.page), window.context.who) == (SignInView, None)


def test_two_pcs_have_each_their_own_people_at_a_station_of_one_name(hall, opened, qtbot):
    door, back = opened(follow=True, pc="Door"), opened(follow=True, pc="Back#2")
    door.sign_in("G1")
    back.sign_in("M1")

    assert signed_in_at(hall) == {"guide@Door": "G1", "guide@Back 2": "M1"}
    qtbot.waitUntil(lambda: door.context.feed.state.signed_in == signed_in_at(hall))
    assert door.context.who == ZHOU
    door.sign_out()
    assert signed_in_at(hall) == {"guide@Back 2": "M1"}


def test_whose_page_is_made_anew_stays_where_they_were(opened):
    class PlacedPage(Page):
        place = "first"

        def seen(self):
            return self.place

        def see(self, what):
            self.place = what

    window = opened(PlacedPage)
    window.sign_in("G1")
    window.page.see("second")

    window.admit(ZHOU)
    assert window.page.place == "second"
    window.admit(Actor("M1", Role.MANAGER))
    assert window.page.place == "first"


@pytest.mark.parametrize("change", ["another name", "another hall", "gone"])
def test_who_was_here_goes_on_under_the_stations_new_name_but_not_in_another_hall_or_once_gone(hall, opened, change):
    sign_in_and_pins.sign_in(hall.desk, hall.ask(ZHOU), "guide", "G1")
    before = opened().context
    if change == "gone":
        sign_in_and_pins.sign_out(hall.desk, hall.ask(ZHOU), "guide")
    elif change == "another hall":
        before.feed.state.put_hall(replace(before.feed.state.now, hash="0" * 64))
    window = opened(pc="Door")
    assert window.context.who is None

    window.see("", before)

    goes_on = change == "another name"
    assert (type(window.page), window.context.who) == ((Page, ZHOU) if goes_on else (SignInView, None))
    assert ("guide@Door" in signed_in_at(hall)) is goes_on
    assert not goes_on or len(signed_in_at(hall)) == 1, "nobody is at two stations"


def test_who_was_here_is_remembered_by_the_log_until_somebody_takes_over_or_the_day_ends(hall, opened, qtbot):
    sign_in_and_pins.sign_in(hall.desk, hall.ask(ZHOU), "guide", "G1")
    window = opened(follow=True)
    page = window.page
    assert window.context.who == ZHOU

    with qtbot.waitSignal(window.context.feed.changed):
        hall.issue("A")
    assert window.page is page, "an event of another station changes nobody"
    sign_in_and_pins.sign_in(hall.desk, hall.ask(), "guide", "M1")
    qtbot.waitUntil(lambda: window.context.who == Actor("M1", Role.MANAGER))

    clocks.end_today(hall.desk, hall.ask())
    qtbot.waitUntil(lambda: isinstance(window.page, SignInView))


def test_a_station_that_acts_as_itself_opens_at_once_and_where_nobody_can_sign_in_no_name_is_offered(opened):
    own, empty = opened(roles=(), name="display", who=station("display")), opened(roles=("nobody",))
    assert (type(own.page), own.sign_out_act()) == (Page, None)
    assert (type(empty.page), empty.page.tiles) == (SignInView, {})


# -- closing, pictures, what is said over every page --
def test_a_page_that_is_busy_is_not_closed_without_asking(opened, qtbot):
    window = opened(roles=())
    page = window.page
    page.closes = False
    window.close()
    assert (window.isVisible(), page.stopped) == (True, False)
    question = window.findChild(ConfirmDialog)
    assert "The page loses something." in [label.text() for label in question.findChildren(Label)]

    page.closes = True
    with qtbot.waitSignal(window.gone):
        window.close()
    assert page.stopped


def test_the_home_key_leads_home_and_the_menu_ends_where_its_button_ends(opened, qtbot):
    window = opened(roles=())
    window.show_menu(QPoint(1300, 50))
    menu = QApplication.activePopupWidget()

    assert menu.geometry().right() <= 1300
    menu.close()

    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)

    with qtbot.waitSignal(window.home_wanted):
        qtbot.keyClick(window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)


def test_a_picture_has_the_size_that_was_asked_for_and_one_that_can_not_be_written_is_said(opened, tmp_path, hall):
    window = opened(roles=())
    take_picture(window, tmp_path / "guide.png", (1366, 768))

    assert QImage(str(tmp_path / "guide.png")).size().toTuple() == (1366, 768)
    assert window.page.ticks[-1] == hall.clock()

    with pytest.raises(OutsideError, match="cannot_write"):
        take_picture(window, tmp_path / "missing" / "guide.png", (1366, 768))


def words_of(window):
    return [label.text() for label in window.findChildren(Pill) if label.isVisible()]


def test_every_page_of_a_simulated_hall_says_that_it_is_a_demonstration_or_replayed(hall, opened, tmp_path, qtbot):
    real = opened()
    assert "Demonstration" not in words_of(real)
    for marks, english, chinese in (
        ({"simulated": True}, "Demonstration", "演示"),
        ({"simulated": True, "replayed": True}, "Replayed days", "重放的记录"),
    ):
        folder = tmp_path / english
        folder.mkdir()
        other = make_hall(folder, hall={**preset()["hall"], **marks})
        hall.desk, hall.clock = other.desk, other.clock
        window = opened()
        assert english in words_of(window)
        i18n.use("zh_CN")
        window.make_anew()
        assert chinese in words_of(window)
        i18n.use("en")


def test_a_hall_that_renames_its_windows_is_read_anew_at_once(hall, opened, qtbot):
    window = opened(roles=(), who=station("guide"))
    try:
        window.start()
        before = len(window.page.languages)
        hall.do("set-hall", {"words": {"window": "room"}})
        qtbot.waitUntil(lambda: len(window.page.languages) > before)

        assert i18n._("Window {window}", window="3") == "Room 3"
    finally:
        i18n.use_words()


# -- language, size, contrast --
def test_help_text_size_contrast_and_language_are_in_the_menu_below_the_pages_acts(opened, kept, qtbot):
    window = opened(roles=())
    actions = window.menu().actions()
    assert [action.text() for action in actions if not action.isSeparator()] == [
        "Own act\tF8", "Not now", "Language", "Text size", "High contrast", "Help\tF1", "Home\tCtrl+Shift+H"
    ]  # fmt: skip
    assert [action.isEnabled() for action in actions[:2]] == [True, False]

    # Help lies over the page until Escape.
    window.activateWindow()
    window.show_help()
    panel = window.findChild(HelpPanel)
    assert "Giving a ticket" in panel.text()
    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChild(HelpPanel) is None)

    # It opens at the page in front, by the key too.
    window.page.about = "manager/why"
    qtbot.keyClick(window, Qt.Key.Key_F1)
    panel = window.findChild(HelpPanel)
    assert "reasons that customers gave" in panel.text()
    panel.leave()
    qtbot.waitUntil(lambda: window.findChild(HelpPanel) is None)

    window.menu().findChild(object, "150").trigger()
    assert (window.look.scale.k, kept) == (1.5, {"text_pct": 150})
    names = []
    for _time in range(2):
        window.menu().findChild(object, "contrast").trigger()
        names.append(window.look.theme.name)
    assert names == ["contrast", "light"]

    window.preferences.set_language("zh_CN")
    assert (window.page.languages, kept["language"]) == (["zh_CN"], "zh_CN")

    # A canvas is scaled whole and offers no text size.
    window = opened(HallPage, roles=())
    window.resize(960, 540)
    assert window.look.scale.k == 0.5
    assert window.menu().findChild(object, "150") is None


def test_a_choice_that_can_not_be_kept_still_holds(qapp):
    def refuse(_name, _value):
        raise OutsideError("cannot_write", path="config.json")

    preferences = Preferences(refuse)
    preferences.set_text_pct(125)

    assert preferences.text_pct == 125


TEXT_ON = (
    ("ink", "surface paper sunken soft amberbg redbg bluebg"),
    ("ink2", "surface paper sunken soft"),
    ("ink3", "surface paper"),
    ("primary", "surface paper soft"),
    ("on_primary", "primary press"),
    ("on_soft", "soft"),
    ("amber", "surface paper amberbg"),
    ("red", "surface paper redbg"),
    ("violet", "surface paper violetbg"),
    ("blue", "surface paper bluebg"),
    ("on_toast", "toast"),
    ("toast_act", "toast"),
    ("fresh_ink", "fresh"),
)
"""What may be written on what."""
ICONS = {path.stem for path in resource("icons").glob("*.svg")}


def test_words_states_edges_and_bars_are_seen_on_their_ground_in_every_theme_and_states_of_one_kind_by_their_shape():
    for name, colors in THEMES.items():
        inks = [(ink, ground) for ink, grounds in TEXT_ON for ground in grounds.split()]
        inks += [(mark.token, mark.tint) for mark in MARKS.values()]
        found = {(name, ink, ground): contrast(colors.color(ink), colors.color(ground)) for ink, ground in inks}
        assert {pair: ratio for pair, ratio in found.items() if ratio < 4.5} == {}
        assert all(contrast(colors.edge, colors.color(ground)) >= 3 for ground in ("surface", "paper", "sunken")), name
        assert contrast(colors.chart, colors.surface) >= 3, name

    # Contrast is the one of WCAG.
    for one, other, ratio in (("#FFFFFF", "#000000", 21), (LIGHT.amber, LIGHT.amberbg, 5.8)):
        assert contrast(one, other) == pytest.approx(ratio, abs=0.06) == contrast(other, one)

    for marks in (TICKET_MARKS, WINDOW_MARKS):
        shapes = {mark.icon for mark in marks.values()}
        assert len(shapes) == len(marks) and shapes <= ICONS


class Window(QWidget):
    def __init__(self, told: list[str]) -> None:
        super().__init__()
        self.told = told

    def paintEvent(self, _event: object) -> None:
        self.told.append("painted")


def test_it_begins_after_the_first_painting_once_under_a_page_and_behind_a_lock_too(qtbot):
    told: list[str] = []
    window = Window(told)
    qtbot.addWidget(window)
    FirstFrame(window, lambda: told.append("begun"))
    window.show()
    qtbot.waitUntil(lambda: "begun" in told, timeout=BEGIN_AT_LATEST_MS // 2)
    window.repaint()
    qtbot.wait(20)
    assert told[:2] == ["painted", "begun"]
    assert told.count("begun") == 1

    told.clear()
    covered, page = QWidget(), Window(told)
    qtbot.addWidget(covered)
    page.setParent(covered)
    page.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
    page.resize(covered.size())
    FirstFrame(covered, lambda: told.append("begun"))
    covered.show()
    qtbot.waitUntil(lambda: "begun" in told, timeout=BEGIN_AT_LATEST_MS // 2)
    assert told[:2] == ["painted", "begun"]

    told.clear()
    hidden = Window(told)
    qtbot.addWidget(hidden)
    FirstFrame(hidden, lambda: told.append("begun"), latest_ms=20)
    qtbot.waitUntil(lambda: told == ["begun"])


TROUBLES = [
    OutsideError("database_away", path="hall.sqlite"),
    OutsideError("not_this_pc"),
    OutsideError("database_away", path=SERVER),
    OutsideError("database_busy", path=SERVER),
    OutsideError("database_newer", path="/halls/hall.sqlite", version=99),
    OutsideError("database_older", path=SERVER, version=13),
    OutsideError("wrong_certificate", path=SERVER),
    OutsideError("bad_url", path=SERVER),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_staff_read_what_to_do_and_customers_whom_to_ask(qtbot: QtBot, language: str) -> None:
    """Staff read it from afar in short, and the rest below: what to do, and that it opens by itself where waiting
    helps. A screen for customers names no server; a line for staff says why."""
    i18n.use(language)
    staff, public = (UnavailablePage(Look(), TROUBLES[0], retries=True, leads_home=leads) for leads in (True, False))
    read = []
    for page in (staff, public):
        qtbot.addWidget(page)
    for trouble in TROUBLES:
        read.append(f"-- {trouble.code}, {trouble.details.get('path', 'no place')}")
        for page in (staff, public):
            page.show_trouble(trouble)
            read += " | ".join(label.text() for label in page.findChildren(Label) if label.text()).splitlines()

    assert read == Path(__file__).with_name(f"unavailable_{language}.txt").read_text(encoding="utf-8").splitlines()


def test_a_station_grows_with_its_window_its_letters_and_its_canvas_and_tells_of_a_change_once(qapp):
    for *size, text_pct, k in (
        (1366, 768, 100, 1.0),
        (1024, 600, 100, 1.0),
        (1366, 768, 150, 1.5),
        (3840, 2160, 100, 1.68),
        (9999, 9999, 100, 1.7),
    ):
        assert Scale.staff(*size, text_pct).k == pytest.approx(k, abs=0.005)
    look, told = Look(), []
    look.changed.connect(lambda: told.append(look.theme.name))
    for _time in range(2):
        look.set_theme(CONTRAST)
        look.set_scale(Scale(1.0))
    assert told == ["contrast"], "what it has already is no change"

    scale = Scale.staff(1366, 768, 150)
    assert (scale.px(20), scale.gap(20), scale.wide(400)) == (30, 20, 490), "larger text leaves the gaps as they are"
    margins = [Scale.staff(*size).gap(PAGE) for size in ((1366, 768), (1024, 768), (1366, 768, 150))]
    assert margins == [32, 24, 24], "narrow where there is little width"
    assert Scale.canvas(1366, 768, 1920, 1080).k == pytest.approx(768 / 1080)
    assert Scale.canvas(600, 1080, 1920, 1080).k == pytest.approx(600 / 1920)


class Dressed(QWidget):
    """Counts how often it is dressed."""

    times = 0

    def changeEvent(self, event):
        self.times += event.type() is QEvent.Type.StyleChange
        super().changeEvent(event)


def test_plain_controls_follow_the_look_dressed_once_however_deep_they_lie_and_not_in_what_they_wear(qapp, qtbot):
    look = Look()
    apply(qapp, look)
    outermost = widget = QWidget()
    qtbot.addWidget(outermost)
    for _n in range(8):
        widget = Dressed(widget)
    field = QLineEdit(outermost)
    outermost.ensurePolished()
    outermost.show()
    before, widget.times = field.sizeHint().height(), 0

    look.set_scale(Scale(margin=24))
    apply(qapp, Look())
    assert widget.times == 0
    apply(qapp, look)
    look.set_theme(CONTRAST)
    assert 0 < widget.times <= 3
    look.set_scale(Scale(1.5, 1.5))
    assert qapp.palette().window().color() == QColor("#000000")
    assert field.sizeHint().height() >= before * 1.4
    apply(qapp, Look())
    assert qapp.palette().window().color() == QColor(LIGHT.paper)


def test_a_missing_font_is_named(qapp, monkeypatch):
    monkeypatch.setattr(style, "FILES", ("Gone.ttf",))
    load_fonts.cache_clear()
    with pytest.raises(OutsideError, match="unknown_font") as refusal:
        load_fonts()
    load_fonts.cache_clear()
    assert refusal.value.details["path"].endswith("Gone.ttf")


def test_letters_are_ours_figures_of_a_table_have_one_width_and_a_range_draws_no_box(qapp):
    def width(text: str, *, bold: bool = True, **more: bool) -> float:
        return QFontMetricsF(font_of(40, bold=bold, **more)).horizontalAdvance(text)

    assert set(load_fonts()) == {LATIN, CHINESE}
    for bold in (False, True):
        info = QFontInfo(font_of(20, bold=bold))
        assert (info.family(), info.bold()) == (LATIN, bold)
    assert width("111", tabular=True) == pytest.approx(width("000", tabular=True), abs=0.1)
    assert width("111", tabular=False) < 0.8 * width("000", tabular=False), "a lone number's have not"
    assert width("7\u2060–\u206015", bold=False) == pytest.approx(width("7–15", bold=False), abs=0.1)


@pytest.mark.parametrize("name", FILES)
def test_a_font_can_stand_in_a_pdf_says_its_own_name_and_has_what_a_chinese_page_needs(name):
    font, family = TTFont(resource("fonts", name)), LATIN if "Inter" in name else CHINESE
    assert "glyf" in font
    assert (font["name"].getDebugName(1), font["name"].getDebugName(2)) == (family, name.split("-")[1][:-4])
    assert resource("fonts", name).stat().st_size < 2_400_000
    if family == LATIN:
        return
    has = {chr(code) for code in font.getBestCmap()}
    common = {chr(code) for code in range(0x21, 0x7F)} | set("，。、；：？！（）「」《》·…—–％0123456789①②③")
    assert common <= has
    codes = (bytes(code) for code in product(range(0xB0, 0xF8), range(0xA1, 0xFF)))
    missing = {code.decode("gb2312", "ignore") for code in codes} - has - {""}
    assert len(missing) <= 33, "".join(sorted(missing))
    assert all(unicodedata.name(char).startswith("CJK") for char in missing)


def test_icons_are_of_one_colour_on_the_24_grid_and_whole_in_the_colour_asked_for(qapp):
    edge = [(x, y) for x in range(96) for y in (0, 95)] + [(x, y) for y in range(96) for x in (0, 95)]
    for name in ICONS:
        root = ET.parse(resource("icons", f"{name}.svg")).getroot()
        colors = {node.get(what) for node in root.iter() for what in ("fill", "stroke")} - {None, "none"}
        assert root.get("viewBox") == "0 0 24 24", name
        assert (root.get("stroke-width"), root.get("stroke-linecap")) == ("2", "round"), name
        assert colors == {"#000"}, name
        image = icon_pixmap(name, "#000000", 96).toImage()
        assert max(image.pixelColor(x, y).alpha() for x, y in edge) == 0, name
    image = icon_pixmap("dot", "#B3261E", 24, 2.0).toImage()
    assert (image.width(), image.devicePixelRatio()) == (48, 2.0)
    assert image.pixelColor(24, 24) == QColor("#B3261E")
    assert image.pixelColor(0, 0).alpha() == 0


def test_icons_in_a_menu_grow_with_its_words(qapp, qtbot):
    menu = QMenu()
    qtbot.addWidget(menu)
    for share in (1.5, 1.0):
        apply(qapp, Look(scale=Scale(share, share)))
        menu.ensurePolished()
        assert menu.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize, None, menu) == 20 * share
