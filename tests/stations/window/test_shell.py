"""A station's window round its page: who is here, its menu and look, its help, and what keeps it locked."""

import gc
import re
import threading
import unicodedata
import weakref
import xml.etree.ElementTree as ET
from collections import Counter
from functools import partial, reduce
from itertools import groupby, product
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QUrl
from PySide6.QtGui import QColor, QContextMenuEvent, QFontInfo, QFontMetricsF, QImage, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QStyle, QTextBrowser, QWidget

from queuedesk import i18n
from queuedesk.app.station.program import GarbageCollector
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.roles import CONSOLE, Actor, Role, actor_of_station
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.desk.upkeep import maintenance
from queuedesk.i18n import LANGUAGES
from queuedesk.i18n.figures.figure_titles import MEANINGS, figure_meaning
from queuedesk.paths import resource_path
from queuedesk.stations.display.station import build_station_page as display
from queuedesk.stations.signing_in import DOT_PX, SignInController, SignInView, tile_columns_that_fit
from queuedesk.stations.widgets.buttons import Pill
from queuedesk.stations.widgets.panels import Label
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.window import style
from queuedesk.stations.window.away import UnavailablePage
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.first_frame import AfterFirstPaint
from queuedesk.stations.window.frame import Preferences
from queuedesk.stations.window.help import HOW, GuideSection, HelpPanel, _guide_page_titles, guide_page_sections
from queuedesk.stations.window.picture import save_page_pictures
from queuedesk.stations.window.shell import ASKED_MS, GRANTED_MS, PinStrip, WindowLockGuard
from queuedesk.stations.window.style import (
    CONTRAST,
    LIGHT,
    STAFF_HEIGHT,
    STAFF_WIDTH,
    TEXT_SIZES_PCT,
    Look,
    Scale,
    apply_look_to_app,
)
from queuedesk.store.engine.database import Database
from tests.hall import Hall, make_hall, preset
from tests.stations.pages import ZHOU, HallPage, Page
from tests.stations.seen import texts_of, timer_of
from tests.stations.shapes import Shape, language_of
from tests.stations.whole_words import ANYWHERE, Messages, Sights, drawn, settled, typed_words

SERVER = "postgresql://qd@192.168.1.5:7432/queuedesk?sslrootcert=/hall-0a1b.pem"
BOSS = Actor("M1", Role.MANAGER)


def log(hall):
    return [(event.kind, event.actor, event.staff) for event in hall.log(1)]


def who_is_at(window):
    return type(window.current_page), window.context.who


def click(qtbot, widget):
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


# -- who is here --
def test_one_touch_or_a_digit_signs_in_and_signing_out_asks_before_something_is_lost(hall, opened, qtbot):
    window = opened()
    assert list(window.current_page.tiles) == ["G1", "M1", "AD"]
    click(qtbot, window.current_page.tiles["G1"])
    page = window.current_page
    assert (who_is_at(window), log(hall)) == ((Page, ZHOU), [("sign-in", "G1", "G1")])
    window.freshly_built_menu().findChild(object, "sign-out").trigger()
    assert (who_is_at(window), page.stopped) == ((SignInView, None), True)
    assert log(hall)[-1] == ("sign-out", "G1", "G1")
    # A digit picks the name beside it.
    qtbot.keyClick(window.current_page, Qt.Key.Key_9)
    assert window.context.who is None
    qtbot.keyClick(window.current_page, Qt.Key.Key_1)
    assert window.context.who == ZHOU
    page = window.current_page
    page.lets_go = False
    window.freshly_built_menu().findChild(object, "sign-out").trigger()
    (question,) = window.findChildren(ConfirmDialog)
    assert question.accessibleName() == "Sign out now? The page loses something."
    click(qtbot, question.safe_button)
    assert window.current_page is page
    window.freshly_built_menu().findChild(object, "sign-out").trigger()
    click(qtbot, window.findChildren(ConfirmDialog)[-1].act_button)
    assert (type(window.current_page), page.stopped) == (SignInView, True)
    window.preferences.set_language("zh_CN")
    assert window.current_page.tiles["G1"].text() == "周琳"


def test_whoever_is_here_stays_when_an_earlier_backup_is_put_back(hall, opened, qtbot, tmp_path):
    maintenance.write_database_backup(hall.desk.db, CONSOLE, tmp_path / "b.zip", hall.clock())
    window = opened()
    window.context.feed.start()
    click(qtbot, window.current_page.tiles["G1"])
    maintenance.restore_database(tmp_path / "b.zip", hall.path, hall.ask(), replace=True)
    there = Database.open(hall.path)
    qtbot.waitUntil(lambda: looking.events_after(Desk(there, 1), 1)[-1].kind == "sign-in")
    there.dispose()
    assert who_is_at(window) == (Page, ZHOU)
    window.context.feed.stop()


def managers(opened):
    return opened(roles=("manager", "admin"), name="manager")


def test_who_has_no_pin_where_others_have_one_opens_no_manager_s_station_and_who_has_one_is_asked(hall, opened, qtbot):
    hall.do("sign-in", "manager", "M1", who=BOSS)
    assert managers(opened).context.who == BOSS, "a station that opens again goes on"
    hall.do("sign-out", "manager", who=BOSS)
    hall.do("set-pin", "G1", "2580")
    window = managers(opened)
    click(qtbot, window.current_page.tiles["M1"])
    assert (window.context.who, "M1 has none" in window.current_page.trouble_text()) == (None, True)
    assert hall.whole().signed_in == {}
    # Who has one is asked for it, and types or touches it.
    hall.do("set-pin", "M1", "1234")
    click(qtbot, window.current_page.tiles["M1"])
    qtbot.keyClicks(window.current_page, "123")
    pad = window.current_page.pad
    assert (pad.enter.isEnabled(), pad.enter.text()) == (False, "Enter the PIN"), "three digits can't be sent"
    qtbot.keyClick(window.current_page, "1")
    qtbot.keyClick(window.current_page, Qt.Key.Key_Return)
    wrong = "That PIN does not match; please enter it again."
    assert (window.current_page.trouble_text(), window.context.who) == (wrong, None)
    for digit in "1234":
        click(qtbot, window.current_page.pad.digits[digit])
    click(qtbot, window.current_page.pad.enter)
    assert window.context.who == BOSS
    assert who_is_at(managers(opened)) == (SignInView, None), "one that opens again asks for it again"


def test_whose_page_is_made_anew_stays_where_they_were(opened):
    class PlacedPage(Page):
        place = "first"

        def visible_page_key(self):
            return self.place

        def show_page_by_key(self, what):
            self.place = what

    window = opened(PlacedPage)
    window.sign_in("G1")
    window.current_page.show_page_by_key("second")
    for who, place in ((ZHOU, "second"), (BOSS, "first")):
        window.open_page_for_person(who)
        assert window.current_page.place == place


@pytest.mark.parametrize("change", ["another name", "another hall", "gone"])
def test_who_was_here_goes_on_under_the_stations_new_name_but_not_in_another_hall_or_once_gone(hall, opened, change):
    hall.do("sign-in", "guide", "G1", who=ZHOU)
    before = opened().context
    if change == "gone":
        hall.do("sign-out", "guide", who=ZHOU)
    elif change == "another hall":
        before.feed.state.put_hall_counters(replace(before.feed.state.now, hash="0" * 64))
    window = opened(pc="Door")
    assert window.context.who is None
    window.show_page_by_key("", before)
    goes_on, there = change == "another name", hall.whole().signed_in
    assert who_is_at(window) == ((Page, ZHOU) if goes_on else (SignInView, None))
    assert ("guide@Door" in there) is goes_on
    assert not goes_on or len(there) == 1, "nobody is at two stations"


def test_who_was_here_is_remembered_by_the_log_until_somebody_takes_over_or_the_day_ends(hall, opened, qtbot):
    hall.do("sign-in", "guide", "G1", who=ZHOU)
    window = opened(follow=True)
    page = window.current_page
    assert window.context.who == ZHOU
    with qtbot.waitSignal(window.context.feed.changed):
        hall.issue("A")
    assert window.current_page is page, "an event of another station changes nobody"
    hall.do("sign-in", "guide", "M1")
    qtbot.waitUntil(lambda: window.context.who == BOSS)
    hall.do("day-end")
    qtbot.waitUntil(lambda: isinstance(window.current_page, SignInView))


def test_a_station_that_acts_as_itself_opens_at_once_and_where_nobody_can_sign_in_no_name_is_offered(opened):
    own, empty = opened(roles=(), name="display", who=actor_of_station("display")), opened(roles=("nobody",))
    assert (type(own.current_page), own.sign_out_act()) == (Page, None)
    assert (type(empty.current_page), empty.current_page.tiles) == (SignInView, {})


# -- closing, pictures, what is said over every page --
def test_a_page_that_is_busy_is_not_closed_without_asking_and_the_home_key_leads_home(opened, qtbot):
    window = opened(roles=())
    page = window.current_page
    page.closes = False
    window.close()
    assert (window.isVisible(), page.stopped) == (True, False)
    question = window.findChild(ConfirmDialog)
    assert "The page loses something." in [label.text() for label in question.findChildren(Label)]
    page.closes = True
    with qtbot.waitSignal(window.gone):
        window.close()
    assert page.stopped
    # The menu ends where its button ends, and the home key leads home.
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
    save_page_pictures(window, tmp_path / "guide.png", (1366, 768))
    assert QImage(str(tmp_path / "guide.png")).size().toTuple() == (1366, 768)
    assert window.current_page.ticks[-1] == hall.clock()
    with pytest.raises(OutsideError, match="cannot_write"):
        save_page_pictures(window, tmp_path / "missing" / "guide.png", (1366, 768))


def test_every_page_of_a_simulated_hall_says_that_it_is_a_demonstration_or_replayed(hall, opened, tmp_path, qtbot):
    def words_of(window):
        return [label.text() for label in window.findChildren(Pill) if label.isVisible()]

    assert "Demonstration" not in words_of(opened())
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
        i18n.choose_language("zh_CN")
        window.remake_contents()
        assert chinese in words_of(window)
        i18n.choose_language("en")


def test_a_hall_that_renames_its_windows_is_read_anew_at_once(hall, opened, qtbot):
    window = opened(roles=(), who=actor_of_station("guide"))
    try:
        window.start()
        before = len(window.current_page.languages)
        hall.do("set-hall", {"words": {"window": "room"}})
        qtbot.waitUntil(lambda: len(window.current_page.languages) > before)
        assert i18n._("Window {window}", window="3") == "Room 3"
    finally:
        i18n.use_hall_words()


# -- language, size, contrast --
def test_help_text_size_contrast_and_language_are_in_the_menu_below_the_pages_acts(opened, kept, qtbot):
    window = opened(roles=())
    actions = window.freshly_built_menu().actions()
    usual = ["Language", "Text size", "High contrast", "Help\tF1", "Home\tCtrl+Shift+H"]
    assert [action.text() for action in actions if not action.isSeparator()] == ["Own act\tF8", "Not now", *usual]
    assert [action.isEnabled() for action in actions[:2]] == [True, False]
    # Help lies over the page until Escape, and opens at the page in front, by the key too.
    window.activateWindow()
    for about, words, ask in (
        ("", "Giving a ticket", window.show_help),
        ("manager/why", "reasons that customers gave", lambda: qtbot.keyClick(window, Qt.Key.Key_F1)),
    ):
        window.current_page.about = about
        ask()
        panel = window.findChild(HelpPanel)
        assert words in panel.text()
        qtbot.keyClick(panel, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: window.findChild(HelpPanel) is None)
    window.freshly_built_menu().findChild(object, "150").trigger()
    assert (window.look.scale.k, kept) == (1.5, {"text_pct": 150})
    names = []
    for _time in range(2):
        window.freshly_built_menu().findChild(object, "contrast").trigger()
        names.append(window.look.theme.name)
    assert names == ["contrast", "light"]
    window.preferences.set_language("zh_CN")
    assert (window.current_page.languages, kept["language"]) == (["zh_CN"], "zh_CN")
    # A canvas is scaled whole and offers no text size.
    window = opened(HallPage, roles=())
    window.resize(960, 540)
    assert window.look.scale.k == 0.5
    assert window.freshly_built_menu().findChild(object, "150") is None


def test_a_choice_that_can_not_be_kept_still_holds(qapp):
    def refuse(_name, _value):
        raise OutsideError("cannot_write", path="config.json")

    preferences = Preferences(refuse)
    preferences.set_text_size_pct(125)
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
ICONS = {path.stem for path in resource_path("icons").glob("*.svg")}


def test_words_states_edges_and_bars_are_seen_on_their_ground_in_every_theme_and_states_of_one_kind_by_their_shape():
    for name, colors in style.THEMES.items():
        inks = [(ink, ground) for ink, grounds in TEXT_ON for ground in grounds.split()]
        inks += [(mark.token, mark.tint) for mark in style.MARKS.values()]
        found = {
            (name, ink, ground): style.contrast_ratio(colors.color(ink), colors.color(ground)) for ink, ground in inks
        }
        assert {pair: ratio for pair, ratio in found.items() if ratio < 4.5} == {}
        marks = [(colors.edge, colors.color(ground)) for ground in ("surface", "paper", "sunken")]
        assert all(style.contrast_ratio(*pair) >= 3 for pair in (*marks, (colors.chart, colors.surface))), name
    # Contrast is the one of WCAG.
    for one, other, ratio in (("#FFFFFF", "#000000", 21), (LIGHT.amber, LIGHT.amberbg, 5.8)):
        assert style.contrast_ratio(one, other) == pytest.approx(ratio, abs=0.06) == style.contrast_ratio(other, one)
    for marks in (style.TICKET_MARKS, style.WINDOW_MARKS):
        shapes = {mark.icon for mark in marks.values()}
        assert len(shapes) == len(marks) and shapes <= ICONS


class Window(QWidget):
    def __init__(self, told):
        super().__init__()
        self.told = told

    def paintEvent(self, _event):
        self.told.append("painted")


def test_it_begins_after_the_first_painting_once_under_a_page_and_behind_a_lock_too(qtbot):
    told = []

    def begin():
        told.append("begun")

    covered, page = QWidget(), Window(told)
    page.setParent(covered)
    page.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
    page.resize(covered.size())
    for window in (Window(told), covered):
        told.clear()
        qtbot.addWidget(window)
        AfterFirstPaint(window, begin, latest_ms=10**9)
        window.show()
        qtbot.waitUntil(lambda: "begun" in told)
        window.repaint()
        qtbot.wait(20)
        assert (told[:2], told.count("begun")) == (["painted", "begun"], 1)
    told.clear()
    hidden = Window(told)
    qtbot.addWidget(hidden)
    AfterFirstPaint(hidden, begin, latest_ms=20)
    qtbot.waitUntil(lambda: told == ["begun"])


TROUBLES = [
    OutsideError("database_away", path="hall.sqlite"),
    OutsideError("not_this_pc"),
    *(OutsideError(code, path=SERVER) for code in ("database_away", "database_busy")),
    OutsideError("database_newer", path="/halls/hall.sqlite", version=99),
    OutsideError("database_older", path=SERVER, version=13),
    *(OutsideError(code, path=SERVER) for code in ("wrong_certificate", "bad_url")),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_staff_read_what_to_do_and_customers_whom_to_ask(qtbot, language):
    """Staff read it from afar in short, and the rest below: what to do, and that it opens by itself where waiting
    helps. A screen for customers names no server; a line for staff says why."""
    i18n.choose_language(language)
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
    grows = [
        Scale.staff_scale(*size).k for size in ((1366, 768), (1024, 600), (1366, 768, 150), (3840, 2160), (9999, 9999))
    ]
    assert grows == pytest.approx([1.0, 1.0, 1.5, 1.68, 1.7], abs=0.005)
    look, told, scale = Look(), [], Scale.staff_scale(1366, 768, 150)
    look.changed.connect(lambda: told.append(look.theme.name))
    for _time in range(2):
        look.set_theme(CONTRAST)
        look.set_scale(Scale(1.0))
    assert told == ["contrast"], "what it has already is no change"
    larger = scale.px(20), scale.gap(20), scale.large_px(400)
    assert larger == (30, 20, 490), "larger text leaves the gaps as they are"
    margins = [Scale.staff_scale(*size).gap(style.PAGE) for size in ((1366, 768), (1024, 768), (1366, 768, 150))]
    assert margins == [32, 24, 24], "narrow where there is little width"
    canvases = [Scale.canvas_scale(*size, 1920, 1080).k for size in ((1366, 768), (600, 1080))]
    assert canvases == pytest.approx([768 / 1080, 600 / 1920])


class Dressed(QWidget):
    times = 0

    def changeEvent(self, event):
        self.times += event.type() is QEvent.Type.StyleChange
        super().changeEvent(event)


def test_plain_controls_follow_the_look_dressed_once_however_deep_they_lie_and_not_in_what_they_wear(qapp, qtbot):
    look = Look()
    apply_look_to_app(qapp, look)
    outermost = widget = QWidget()
    qtbot.addWidget(outermost)
    for _n in range(8):
        widget = Dressed(widget)
    field = QLineEdit(outermost)
    outermost.ensurePolished()
    outermost.show()
    before, widget.times = field.sizeHint().height(), 0
    look.set_scale(Scale(margin=24))
    apply_look_to_app(qapp, Look())
    assert widget.times == 0
    apply_look_to_app(qapp, look)
    look.set_theme(CONTRAST)
    assert 0 < widget.times <= 3
    look.set_scale(Scale(1.5, 1.5))
    assert qapp.palette().window().color() == QColor("#000000")
    assert field.sizeHint().height() >= before * 1.4
    apply_look_to_app(qapp, Look())
    assert qapp.palette().window().color() == QColor(LIGHT.paper)


def test_letters_are_ours_of_one_width_in_a_table_a_range_draws_no_box_and_a_missing_font_is_named(qapp, monkeypatch):
    def width(text, *, bold=True, **more):
        return QFontMetricsF(style.font_of_size(40, bold=bold, **more)).horizontalAdvance(text)

    assert set(style.load_fonts()) == {style.LATIN, style.CHINESE}
    for bold in (False, True):
        info = QFontInfo(style.font_of_size(20, bold=bold))
        assert (info.family(), info.bold()) == (style.LATIN, bold)
    assert width("111", tabular=True) == pytest.approx(width("000", tabular=True), abs=0.1)
    assert width("111", tabular=False) < 0.8 * width("000", tabular=False), "a lone number's have not"
    assert width("7\u2060–\u206015", bold=False) == pytest.approx(width("7–15", bold=False), abs=0.1)
    monkeypatch.setattr(style, "FILES", ("Gone.ttf",))
    style.load_fonts.cache_clear()
    with pytest.raises(OutsideError, match="unknown_font") as refusal:
        style.load_fonts()
    style.load_fonts.cache_clear()
    assert refusal.value.details["path"].endswith("Gone.ttf")


@pytest.mark.parametrize("name", style.FILES)
def test_a_font_can_stand_in_a_pdf_says_its_own_name_and_has_what_a_chinese_page_needs(name):
    font, family = TTFont(resource_path("fonts", name)), style.LATIN if "Inter" in name else style.CHINESE
    assert "glyf" in font
    assert (font["name"].getDebugName(1), font["name"].getDebugName(2)) == (family, name.split("-")[1][:-4])
    assert resource_path("fonts", name).stat().st_size < 2_400_000
    if family == style.LATIN:
        return
    has = {chr(code) for code in font.getBestCmap()}
    common = {chr(code) for code in range(0x21, 0x7F)} | set("，。、；：？！（）「」《》·…—–％0123456789①②③")
    assert common <= has
    codes = (bytes(code) for code in product(range(0xB0, 0xF8), range(0xA1, 0xFF)))
    missing = {code.decode("gb2312", "ignore") for code in codes} - has - {""}
    assert len(missing) <= 33, "".join(sorted(missing))
    assert all(unicodedata.name(char).startswith("CJK") for char in missing)


def test_icons_are_of_one_colour_on_the_24_grid_whole_in_the_colour_asked_for_and_grow_with_words(qapp, qtbot):
    edge = [(x, y) for x in range(96) for y in (0, 95)] + [(x, y) for y in range(96) for x in (0, 95)]
    for name in ICONS:
        root = ET.parse(resource_path("icons", f"{name}.svg")).getroot()
        colors = {node.get(what) for node in root.iter() for what in ("fill", "stroke")} - {None, "none"}
        drawn = root.get("viewBox"), root.get("stroke-width"), root.get("stroke-linecap"), colors
        assert drawn == ("0 0 24 24", "2", "round", {"#000"}), name
        image = style.icon_pixmap(name, "#000000", 96).toImage()
        assert max(image.pixelColor(x, y).alpha() for x, y in edge) == 0, name
    image = style.icon_pixmap("dot", "#B3261E", 24, 2.0).toImage()
    assert (image.width(), image.devicePixelRatio()) == (48, 2.0)
    assert (image.pixelColor(24, 24), image.pixelColor(0, 0).alpha()) == (QColor("#B3261E"), 0)
    menu = QMenu()
    qtbot.addWidget(menu)
    for share in (1.5, 1.0):
        apply_look_to_app(qapp, Look(scale=Scale(share, share)))
        menu.ensurePolished()
        assert menu.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize, None, menu) == 20 * share


# -- nobody leaves a full screen without a manager's PIN while one has a PIN; what it shows goes on --
KEY, HELD = Qt.Key, Qt.KeyboardModifier
WAYS = [(key, HELD.NoModifier) for key in (KEY.Key_Escape, KEY.Key_F1, KEY.Key_F4, KEY.Key_F10, KEY.Key_F11)]
WAYS += [(KEY.Key_Q, HELD.ControlModifier), (KEY.Key_W, HELD.ControlModifier)]
WAYS.append((KEY.Key_H, HELD.ControlModifier | HELD.ShiftModifier))


def with_pins(folder: Path) -> Hall:
    """Make a hall where a manager and a clerk have PINs, once: each takes long to work out."""
    hall = make_hall(folder)
    hall.play("set-pin M1 4711", "set-pin C1 1234")
    return hall


has_pins = pytest.mark.hall(make=with_pins)


@pytest.fixture
def wall(opened):
    """A hall's screen."""
    window = opened(display, (), "display", who=actor_of_station("display"))
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    return window


def strip(window):
    return window.findChild(PinStrip)


def type_pin(window, digits):
    for digit in digits:
        QTest.keyClick(strip(window), digit)
    QTest.keyClick(strip(window), Qt.Key.Key_Return)


@has_pins
def test_every_key_that_might_lead_out_only_asks_for_the_pin_which_fits_under_a_low_screen_and_covers_no_call(wall):
    homes = []
    wall.home_wanted.connect(lambda: homes.append(1))
    for key, held in WAYS:
        QTest.keyClick(wall, key, held)
        assert (wall.isVisible(), strip(wall).isVisible()) == (True, True), (key, held)
        assert (homes, wall.findChildren(HelpPanel), QApplication.activePopupWidget()) == ([], [], None), (key, held)
        QTest.keyClick(strip(wall), KEY.Key_Escape)
        assert not strip(wall).isVisible()
    for width, height in ((1920, 480), (1366, 768), (1080, 1920), (1920, 120)):
        wall.resize(width, height)
        QTest.keyClick(wall, KEY.Key_Escape)
        asked = strip(wall)
        assert wall.rect().contains(asked.geometry()), (width, height)
        assert height <= 480 or asked.height() < height / 3
        for key in asked.keys.values():
            assert asked.rect().contains(key.geometry()), (width, height)
            assert key.height() >= 30
        QTest.keyClick(asked, KEY.Key_Escape)


@has_pins
def test_closing_and_the_context_menu_come_after_a_managers_pin(wall):
    gone = []
    wall.gone.connect(lambda: gone.append(1))
    place = QPoint(9, 9), wall.mapToGlobal(QPoint(9, 9))
    QApplication.sendEvent(wall.current_page.view, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, *place))
    assert QApplication.activePopupWidget() is None
    for digit in "4711":
        QTest.mouseClick(strip(wall).keys[digit], Qt.MouseButton.LeftButton)
    QTest.mouseClick(strip(wall).enter_button, Qt.MouseButton.LeftButton)
    menu = QApplication.activePopupWidget()
    assert "Close this screen" in [action.text() for action in menu.actions()]
    menu.close()
    assert not strip(wall).isVisible()
    timer_of(wall.findChild(WindowLockGuard), GRANTED_MS).timeout.emit()  # it is locked again
    wall.close()
    assert (wall.isVisible(), gone) == (True, [])
    type_pin(wall, "1234")
    assert gone == []
    assert "That PIN does not match; please enter it again." in texts_of(strip(wall))
    type_pin(wall, "4711")
    assert gone == [1]


@has_pins
def test_a_question_nobody_answers_goes_and_what_was_unlocked_is_locked_again(wall):
    window, guard = wall, wall.findChild(WindowLockGuard)
    asked, granted = timer_of(guard, ASKED_MS), timer_of(guard, GRANTED_MS)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert asked.isActive()
    asked.timeout.emit()
    assert (strip(window).isVisible(), guard.is_open()) == (False, False)
    QTest.keyClick(window, Qt.Key.Key_F1)
    type_pin(window, "4711")
    assert (guard.is_open(), granted.isActive()) == (True, True)
    assert len(window.findChildren(HelpPanel)) == 1
    granted.timeout.emit()
    QApplication.processEvents()
    assert (guard.is_open(), [p for p in window.findChildren(HelpPanel) if p.isVisible()]) == (False, [])


def test_where_no_manager_has_a_pin_escape_shows_the_menu(wall):
    QTest.keyClick(wall, KEY.Key_Escape)
    QApplication.activePopupWidget().close()
    wall.close()
    assert not wall.isVisible()


# -- what nobody uses any more goes on the windows' thread --
class Circle:
    """Holds itself, so that only a collection ends it."""

    def __init__(self):
        self.own = self


def test_what_lies_in_a_circle_goes_on_the_windows_thread(qtbot):
    before, collector = gc.get_threshold(), GarbageCollector()
    gc.set_threshold(700, 10, 10)  # Python's own
    collector.start()
    threads, circle = [], Circle()
    weakref.finalize(circle, lambda: threads.append(threading.current_thread()))
    del circle

    def ask_for_memory():
        for _ in range(10):
            [[] for _ in range(5000)]

    elsewhere = threading.Thread(target=ask_for_memory)
    elsewhere.start()
    elsewhere.join()
    assert threads == []
    kept = [[] for _ in range(5000)]  # more than the first threshold
    qtbot.waitUntil(lambda: bool(threads))
    assert (threads, len(kept)) == ([threading.main_thread()], 5000)
    collector.stop_collecting()
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()
    gc.set_threshold(*before)


def test_the_page_of_somebody_who_left_goes_soon(opened, qtbot):
    window = opened()
    window.sign_in("G1")
    collector = GarbageCollector(settled_ms=20)
    collector.start()
    window.person_left.connect(collector.schedule_full_collection)
    page = window.current_page
    page.own = page
    there = weakref.ref(page)
    del page
    gc.collect()  # A page that stood there all day is of the oldest generation, whose turn is seldom.
    window.sign_out()
    qtbot.waitUntil(lambda: there() is None)
    collector.stop()


PICTURE = re.compile(r"!\[[^\]]+\]\(\.\./\.\./pictures/([^)]+)\)")
CODE = re.compile(r"`[^`\n]*`")
STEP = re.compile(r"^\d+\. ", re.MULTILINE)
STATIONS = ("home", "this-pc", "guide", "kiosk", "counter", "display", "plate", "line", "rating", "lobby")
LEAST_TASKS, LEAST_STEPS, MOST_STEPS = 40, 3, 7


def guide(page: str, language: str) -> str:
    return resource_path("docs", "guide", language, f"{page}.md").read_text(encoding="utf-8")


def sections(language: str) -> list[GuideSection]:
    return [section for page in _guide_page_titles() for section in guide_page_sections(page, language)]


@pytest.fixture
def host(qtbot) -> QWidget:
    host = QWidget()
    host.resize(1366, 768)
    qtbot.addWidget(host)
    host.show()
    return host


def open_help(host: QWidget, key: str) -> HelpPanel:
    panel = HelpPanel(host, Look(), key)
    panel.open_panel()
    return panel


def text_of(panel) -> QTextBrowser:
    return panel.findChild(QTextBrowser)


def press(panel: HelpPanel, heading: str, html: str = "") -> None:
    """Press a heading of the page that is shown; `html` is what it says, where that is known."""
    (link,) = set(re.findall(rf'<a href="(\d+)">(?:<[^>]*>)*{re.escape(heading)}<', html or text_of(panel).toHtml()))
    text_of(panel).anchorClicked.emit(QUrl(link))


def top_line(panel: HelpPanel) -> str:
    return text_of(panel).cursorForPosition(text_of(panel).viewport().rect().topLeft()).block().text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_opens_with_its_words_and_pictures(language, host):
    i18n.choose_language(language)
    panel, seen = open_help(host, "counter"), set()
    for page in _guide_page_titles():
        panel.show_page(page)
        assert len(panel.text()) > 60 and "<!--" not in panel.text(), page
        assert panel.text() not in seen
        seen.add(panel.text())
        for name in PICTURE.findall(guide(page, language)):
            assert resource_path("docs", "pictures", name).is_file(), name
            image = text_of(panel).loadResource(QTextDocument.ResourceType.ImageResource.value, name)
            assert image.deviceIndependentSize().width() <= text_of(panel).viewport().width()
    panel.look.set_scale(Scale.staff_scale(1024, 768, 150))
    host.resize(1024, 768)
    assert [word.text for word in drawn(panel).words if word.is_cut] == []


def test_pages_of_both_languages_belong_together_with_a_section_each_and_say_what_figures_mean_as_reports_do():
    """Same headings' number, same keys in the tables, pictures of the page's own language."""
    for page in _guide_page_titles():
        texts = {language: guide(page, language) for language in LANGUAGES}
        for mark in ("## ", "\n| "):
            assert len({text.count(mark) for text in texts.values()}) == 1, page
        for language, text in texts.items():
            assert all(name.endswith(f"-{language}.png") for name in PICTURE.findall(text))
            assert page != "figures" or [key for key in MEANINGS if figure_meaning(key, language) not in text] == []
    keys = [[(section.file, section.keys) for section in sections(language)] for language in LANGUAGES]
    assert keys[0] == keys[1]
    # Each page of the program has one section.
    counts = Counter(key for section in sections("en") if section.file != HOW for key in section.keys)
    assert {key: n for key, n in counts.items() if n > 1} == {}
    assert [name for name in STATIONS if name not in counts] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_forty_tasks_have_a_few_steps_each_and_lead_to_what_is_said_of_their_page(language, host):
    i18n.choose_language(language)
    tasks, of_pages = list(guide_page_sections(HOW, language)), [one for one in sections(language) if one.file != HOW]
    panel = open_help(host, HOW)
    all_tasks = text_of(panel).toHtml()
    assert len({task.heading for task in tasks}) == len(tasks) >= LEAST_TASKS
    assert len([group for group, _tasks in groupby(tasks, lambda task: task.group)]) == len({t.group for t in tasks})
    for task in tasks:
        panel.show_page(HOW)
        press(panel, task.heading, all_tasks)
        shown, steps = text_of(panel).toHtml(), STEP.findall(task.text)
        assert LEAST_STEPS <= len(steps) <= MOST_STEPS, task.heading
        assert len(re.findall(r"<li\b", shown)) == len(steps), task.heading
        (section,) = {one.heading for one in of_pages if one.shares_program_page_with(task)}
        press(panel, section, shown)
        assert section in panel.text()
        assert task.heading in panel.text(), "the page names what is done there"


def test_help_opens_at_the_section_about_its_page_a_search_finds_words_in_any_and_enter_opens_the_first(host, qtbot):
    i18n.choose_language("en")
    for key, heading in (("guide", "Giving a ticket"), ("manager/setup-backups", "Backups")):
        panel = open_help(host, key)
        qtbot.waitUntil(lambda panel=panel, heading=heading: top_line(panel) == heading)
    panel = open_help(host, "counter")
    qtbot.keyClick(panel, Qt.Key.Key_B)
    assert panel.search.edit.hasFocus(), "whoever types searches"
    panel.search.edit.setText("backup")
    (section,) = {one for one in sections("en") if one.file != HOW and "manager/setup-backups" in one.keys}
    assert section.heading in panel.text() and "…" in panel.text()
    press(panel, section.heading)
    assert panel.search.text() == ""
    qtbot.waitUntil(lambda: top_line(panel) == section.heading)
    panel.search.edit.setText(section.heading)
    qtbot.keyClick(panel.search.edit, Qt.Key.Key_Return)
    assert panel.search.text() == "" and section.heading in panel.text()
    panel.search.edit.setText("-en.png")  # in the names of pictures alone
    assert panel.text() == "Nothing in the help has these words."


def test_help_says_what_the_hall_calls_a_window_and_a_ticket_and_leaves_commands_and_pictures(host):
    i18n.choose_language("en")
    usual = sections("en")
    i18n.use_hall_words("room", "number")
    try:
        panel = open_help(host, "manager/setup-windows")
        assert "Set-up, Rooms has the places" in panel.text()
        named = sections("en")
        assert [PICTURE.findall(section.text) for section in named] == [PICTURE.findall(one.text) for one in usual]
        assert [CODE.findall(section.text) for section in named] == [CODE.findall(one.text) for one in usual]
        plain = [CODE.sub("", PICTURE.sub("", section.text)).replace("Microsoft Windows", "") for section in named]
        assert [text for text in plain if re.search(r"\b([Ww]indow|[Tt]icket)s?\b", text)] == []
        assert any("**Slip design**" in text for text in plain), "as the screen has it"
    finally:
        i18n.use_hall_words()


IN_EACH_LANGUAGE = True


def test_usual_names_stand_three_in_a_row_at_every_text_size_and_a_long_one_takes_room_from_the_columns(qapp):
    def columns(text_pct: int, *names: str) -> int:
        look = Look(scale=Scale.staff_scale(STAFF_WIDTH, STAFF_HEIGHT, text_pct))
        return tile_columns_that_fit(look, names, STAFF_WIDTH - 88)

    usual = ("Zhang Min", "Wang Fang", "Zhao Qiang", "Chen Jing")
    assert {columns(text_pct, *usual) for text_pct in TEXT_SIZES_PCT} == {3}
    assert columns(150, "Wolfgang Schwarzenbacher-Lichtenfels") == 2
    assert columns(150, "Wolfgangamadeusmaximilian Schwarzenbacher-Lichtenfels") == 1


def stand_signing_in(stand) -> tuple[SignInView, SignInController]:
    acts: list[SignInController] = []

    def build(context: StationContext) -> SignInView:
        acts.append(SignInController(context, ("guide", "manager", "admin")))
        return SignInView(context, acts[0], "guide")

    return stand("guide", build), acts[0]


def test_names_and_pad_are_whole(hall, stand, qtbot, shapes: dict[str, Shape]) -> None:
    i18n.choose_language(language_of(shapes))
    view, controller = stand_signing_in(stand)
    feed, look = view.context.feed, view.context.look

    def follow() -> None:
        last = hall.length()
        qtbot.waitUntil(lambda: feed.state.now.seq >= last)

    view.tick(hall.clock())
    settled()
    places = [QRect(tile.mapTo(view, QPoint()), tile.size()) for tile in view.tiles.values()]
    block = reduce(QRect.united, places)
    assert block.height() > view.height() / 5, "few names are large"
    names = {feed.setup.hall.name, feed.setup.hall.name_en}
    assert len([text for text in texts_of(view) if any(name in text for name in names)]) == 1, "in the bar"
    assert abs(block.center().x() - view.rect().center().x()) <= 1, "the names stand in the middle"
    assert abs(block.center().y() - view.rect().center().y()) < view.height() / 6
    sights = Sights(view, look, typed_words(feed.setup), shapes)
    sights.take("names")
    messages = Messages(view, hall, follow, tells=ANYWHERE)
    sights.read_each(messages)
    sights.let_come("names", messages)
    view.show_pin_pad("G1")
    sights.take_closely("pad")
    sights.let_come("pad", messages)
    refuse = partial(controller.refused.emit, "sign-in", RuleError("pin_pause", seconds=30))
    sights.take_message("pad, refused", refuse, partial(view.show_pin_pad, "G1"))
    sights.must_be_whole()


def test_each_digit_of_a_pin_is_seen_as_a_dot_in_a_small_window_with_large_letters(stand):
    i18n.choose_language("en")
    view, _controller = stand_signing_in(stand)
    look = view.context.look
    view.show_pin_pad("G1")
    view.pad.restore_pin("1234")
    pad = view.pad
    for width, height, text_pct in ((1366, 768, 100), (1366, 768, 150), (1024, 768, 150), (1020, 700, 150)):
        look.set_scale(Scale.staff_scale(width, height, text_pct))
        view.resize(width, height)
        settled()
        seen = pad.dots.grab().toImage()
        dot = [row for row in range(seen.height()) if seen.pixelColor(look.px(9), row) != seen.pixelColor(0, 0)]
        assert len(dot) >= look.px(DOT_PX), (width, height, text_pct)
        assert pad.enter.mapTo(view, pad.enter.rect().bottomLeft()).y() < view.height() - look.gap(8)
        keys = {key.height() for key in (*pad.digits.values(), pad.back, pad.delete, pad.enter)}
        assert max(keys) - min(keys) <= 1 and min(keys) >= look.large_px(44), "still large enough for a finger"
