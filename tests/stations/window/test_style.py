"""One look for all widgets: scale, fonts, icons, and what happens when it changes."""

import unicodedata
import xml.etree.ElementTree as ET

import pytest
from fontTools.ttLib import TTFont
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QStyle, QWidget

from queuedesk.core.errors import OutsideError
from queuedesk.paths import resource
from queuedesk.stations.window import fonts
from queuedesk.stations.window.fonts import CHINESE, FILES, LATIN, font_of, load_fonts
from queuedesk.stations.window.icons import icon_names, icon_pixmap
from queuedesk.stations.window.style import CONTRAST, LIGHT, PAGE, Look, Scale, apply


@pytest.mark.parametrize(
    ("width", "height", "text_pct", "k"),
    [
        (1366, 768, 100, 1.0),
        (1024, 600, 100, 1.0),
        (1366, 768, 150, 1.5),
        (3840, 2160, 100, 1.68),
        (9999, 9999, 100, 1.7),
    ],
)
def test_a_staff_station_grows_with_the_root_of_its_window(width, height, text_pct, k):
    assert Scale.staff(width, height, text_pct).k == pytest.approx(k, abs=0.005)


def test_larger_text_leaves_the_gaps_as_they_are():
    scale = Scale.staff(1366, 768, 150)

    assert (scale.px(20), scale.gap(20), scale.wide(400)) == (30, 20, 490)


def test_a_canvas_fits_its_screen_whole():
    assert Scale.canvas(1366, 768, 1920, 1080).k == pytest.approx(768 / 1080)
    assert Scale.canvas(600, 1080, 1920, 1080).k == pytest.approx(600 / 1920)


def test_a_look_tells_of_a_change_once(qtbot):
    look, told = Look(), []
    look.changed.connect(lambda: told.append(look.theme.name))

    look.set_theme(CONTRAST)
    look.set_theme(CONTRAST)
    look.set_scale(Scale(1.0))

    assert told == ["contrast"]


def test_plain_controls_follow_the_look(qapp, qtbot):
    look = Look()
    apply(qapp, look)
    field = QLineEdit()
    qtbot.addWidget(field)
    field.ensurePolished()
    before = field.sizeHint().height()

    look.set_theme(CONTRAST)
    look.set_scale(Scale(1.5, 1.5))

    assert qapp.palette().window().color() == QColor("#000000")
    assert field.sizeHint().height() >= before * 1.4
    apply(qapp, Look())
    assert qapp.palette().window().color() == QColor(LIGHT.paper)


class Dressed(QWidget):
    """Counts how often it is dressed."""

    times = 0

    def changeEvent(self, event):
        self.times += event.type() is QEvent.Type.StyleChange
        super().changeEvent(event)


def test_nothing_is_dressed_anew_in_what_it_wears_already(qapp, qtbot):
    look = Look()
    apply(qapp, look)
    widget = Dressed()
    qtbot.addWidget(widget)
    widget.ensurePolished()
    widget.times = 0

    look.set_scale(Scale(margin=24))
    apply(qapp, Look())
    assert widget.times == 0
    look.set_theme(CONTRAST)
    assert widget.times > 0
    apply(qapp, Look())
    assert qapp.palette().window().color() == QColor(LIGHT.paper)


def test_how_deep_a_widget_lies_does_not_count_when_it_is_dressed(qapp, qtbot):
    look = Look()
    apply(qapp, look)
    outermost = widget = QWidget()
    qtbot.addWidget(outermost)
    for _n in range(8):
        widget = Dressed(widget)
    outermost.ensurePolished()
    outermost.show()
    widget.times = 0

    look.set_theme(CONTRAST)

    assert 0 < widget.times <= 3
    apply(qapp, Look())


def test_the_fonts_are_ours_in_both_weights(qapp):
    assert set(load_fonts()) == {LATIN, CHINESE}
    for bold in (False, True):
        info = QFontInfo(font_of(20, bold=bold))
        assert (info.family(), info.bold()) == (LATIN, bold)


def test_a_missing_font_is_named(qapp, monkeypatch):
    monkeypatch.setattr(fonts, "FILES", ("Gone.ttf",))
    load_fonts.cache_clear()
    try:
        with pytest.raises(OutsideError) as refusal:
            load_fonts()
    finally:
        load_fonts.cache_clear()
    assert refusal.value.code == "unknown_font"
    assert refusal.value.details["path"].endswith("Gone.ttf")


def test_figures_of_a_table_have_one_width_and_a_lone_number_has_not(qapp):
    load_fonts()

    def width(text: str, *, tabular: bool) -> float:
        return QFontMetricsF(font_of(40, bold=True, tabular=tabular)).horizontalAdvance(text)

    assert width("111", tabular=True) == pytest.approx(width("000", tabular=True), abs=0.1)
    assert width("111", tabular=False) < 0.8 * width("000", tabular=False)


def test_a_range_never_breaks_and_draws_no_box(qapp):
    load_fonts()
    metrics = QFontMetricsF(font_of(40))

    assert metrics.horizontalAdvance("7\u2060–\u206015") == pytest.approx(metrics.horizontalAdvance("7–15"), abs=0.1)


def gb2312() -> set[str]:
    wanted = set()
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            wanted.add(bytes((high, low)).decode("gb2312", "ignore"))
    return wanted - {""}


@pytest.mark.parametrize("name", FILES)
def test_a_font_can_stand_in_a_pdf_and_says_its_own_name(name):
    font = TTFont(resource("fonts", name))
    family = LATIN if "Inter" in name else CHINESE

    assert "glyf" in font
    assert (font["name"].getDebugName(1), font["name"].getDebugName(2)) == (family, name.split("-")[1][:-4])
    assert resource("fonts", name).stat().st_size < 2_400_000


@pytest.mark.parametrize("name", ["QDSansSC-Regular.ttf", "QDSansSC-Bold.ttf"])
def test_the_chinese_font_has_what_a_chinese_page_needs(name):
    has = {chr(code) for code in TTFont(resource("fonts", name)).getBestCmap()}
    common = {chr(code) for code in range(0x21, 0x7F)} | set("，。、；：？！（）「」《》·…—–％0123456789①②③")

    assert common <= has
    missing = gb2312() - has
    assert len(missing) <= 33, "".join(sorted(missing))
    assert all(unicodedata.name(char).startswith("CJK") for char in missing)


def test_an_icon_is_of_one_colour_on_the_24_grid():
    for name in icon_names():
        root = ET.parse(resource("icons", f"{name}.svg")).getroot()
        colors = {node.get(what) for node in root.iter() for what in ("fill", "stroke")} - {None, "none"}

        assert root.get("viewBox") == "0 0 24 24", name
        assert (root.get("stroke-width"), root.get("stroke-linecap")) == ("2", "round"), name
        assert colors == {"#000"}, name


def test_an_icon_is_drawn_in_the_colour_asked_for(qapp):
    image = icon_pixmap("dot", "#B3261E", 24, 2.0).toImage()

    assert (image.width(), image.devicePixelRatio()) == (48, 2.0)
    assert image.pixelColor(24, 24) == QColor("#B3261E")
    assert image.pixelColor(0, 0).alpha() == 0


def test_an_icon_is_not_cut_at_its_edge(qapp):
    edge = [(x, y) for x in range(96) for y in (0, 95)] + [(x, y) for y in range(96) for x in (0, 95)]
    for name in icon_names():
        image = icon_pixmap(name, "#000000", 96).toImage()

        assert max(image.pixelColor(x, y).alpha() for x, y in edge) == 0, name
    assert QApplication.instance() is qapp


@pytest.mark.parametrize("share", [1.0, 1.5])
def test_icons_in_a_menu_grow_with_its_words(qapp, qtbot, share):
    apply(qapp, Look(scale=Scale(share, share)))
    menu = QMenu()
    qtbot.addWidget(menu)
    menu.ensurePolished()

    assert menu.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize, None, menu) == 20 * share
    apply(qapp, Look())


def test_margins_are_narrow_where_a_window_or_large_letters_leave_little_width():
    assert Scale.staff(1366, 768).gap(PAGE) == 32
    assert Scale.staff(1024, 768).gap(PAGE) == 24
    assert Scale.staff(1366, 768, 150).gap(PAGE) == 24
