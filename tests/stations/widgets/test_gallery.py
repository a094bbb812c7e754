"""Every widget on pages like the drawings: nothing is cut that must be read, colours are the theme's."""

import re

import pytest
from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk.stations.rating import view
from queuedesk.stations.widgets import cards, labels, paint, topbar
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.charts import bars, chart_view
from queuedesk.stations.widgets.lists import lists, strips, tiles
from queuedesk.stations.widgets.questions import forms
from queuedesk.stations.window.style import CONTRAST, HALL, LIGHT, Look, Scale, apply
from tests.stations.widgets.gallery import CANVASES, PAGES

LOOKS = [(LIGHT, 100), (CONTRAST, 100), (LIGHT, 150)]
# Long names may end in … (the whole is in the tooltip); in large text so may facts beside the main thing.
MAY_BE_CUT = {
    100: "居民更名过户与一户多人口申请",
    150: "居民更名过户与一户多人口申请|与一户多人口申请…|业务办理|.*·.*|更名过户.*|B、C 现在.*",
}
PAINTING = (paint, bars, paint, cards, chart_view, view, forms, lists, lists, strips, tiles, topbar)
FITS_AT_150 = ("guide", "counter")


@pytest.fixture
def written(monkeypatch):
    """Return what painters were asked to write: (words, whether cut, whether beyond the edge)."""
    found = []

    def watch(module):
        elide = module.elide

        def watched(font, text, width):
            shown = elide(font, text, width)
            found.append((text, shown != text, False))
            return shown

        monkeypatch.setattr(module, "elide", watched)

    class Watched(paint.Painter):
        def words(self, words, font, token, x, baseline):
            ink = QFontMetricsF(font).tightBoundingRect(words).translated(x, baseline)
            room = QRectF(QPoint(0, 0), self.device().size()).adjusted(-2, -2, 2, 2)
            if self.transform().isIdentity():
                found.append((words, False, not room.contains(ink) and not ink.isEmpty()))
            return super().words(words, font, token, x, baseline)

    watch(paint)
    watch(labels)
    for module in PAINTING:
        monkeypatch.setattr(module, "Painter", Watched)
    return found


@pytest.fixture
def page(qtbot, qapp):
    """Return a maker of laid-out pages."""

    def make(name, theme=LIGHT, text_pct=100, size=(1366, 768)):
        look = Look(theme, Scale.staff(*size, text_pct))
        look.still = True
        apply(qapp, look)
        widget = (PAGES | CANVASES)[name](look)
        qtbot.addWidget(widget)
        widget.resize(1366, 930) if name == "components" else widget.resize(*size)
        widget.show()
        for _ in range(3):
            QApplication.processEvents()
        return widget

    yield make
    apply(qapp, Look())


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("theme", "text_pct"), LOOKS)
def test_nothing_is_cut_that_must_be_read_and_what_can_be_pressed_is_large_enough(page, written, name, theme, text_pct):
    widget = page(name, theme, text_pct)
    written.clear()

    widget.grab()

    assert len(written) > 20
    cut = {words for words, is_cut, _ in written if is_cut}
    if text_pct == 100 or name in FITS_AT_150:
        assert {words for words in cut if not re.fullmatch(MAY_BE_CUT[text_pct], words)} == set()
        assert {words for words, _, beyond in written if beyond} == set()
    if name in FITS_AT_150:
        least = widget.minimumSizeHint()
        assert least.width() <= 1366
        assert least.height() <= 768
    pressable = [
        button for button in widget.findChildren(QWidget) if isinstance(button, SecondaryButton | PrimaryButton)
    ]
    assert all(min(button.width(), button.height()) >= 40 for button in pressable)


@pytest.mark.parametrize("theme", [LIGHT, CONTRAST])
def test_a_page_has_the_colours_of_its_theme(page, theme):
    widget = page("counter", theme)
    image = widget.grab().toImage()
    primary = widget.findChild(PrimaryButton)
    corner = primary.mapTo(widget, primary.rect().topLeft())

    def at(x, y):
        return image.pixelColor(x, y).name().upper()

    assert at(20, 400) == theme.paper
    assert at(1360, 500) == theme.surface
    assert at(corner.x() + 60, corner.y() + 20) == theme.primary


def test_a_page_changes_its_theme_while_it_is_open(page):
    widget = page("guide")
    look = widget.look
    before = widget.grab().toImage()

    look.set_theme(CONTRAST)
    after = widget.grab().toImage()
    look.set_theme(LIGHT)

    light = {before.pixelColor(x, 300).name().upper() for x in range(0, 1366, 7)}
    dark = {after.pixelColor(x, 300).name().upper() for x in range(0, 1366, 7)}
    assert LIGHT.paper in light
    assert LIGHT.paper not in dark
    assert CONTRAST.paper in dark
    assert widget.grab().toImage() == before


@pytest.mark.parametrize("name", CANVASES)
@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080), (800, 1280)])
def test_a_canvas_is_painted_whole_on_any_screen(page, name, size):
    widget = page(name, size=size)
    image = widget.grab().toImage()
    theme = HALL if name == "hall" else LIGHT

    assert image.pixelColor(2, image.height() - 3).name().upper() == theme.paper
    inside = (
        widget.from_canvas(QRectF(700, 40, 10, 10)) if name == "rating" else widget.from_canvas(QRectF(700, 100, 9, 9))
    )
    wanted = LIGHT.surface if name == "rating" else HALL.fresh
    assert image.pixelColor(inside.center().toPoint()).name().upper() == wanted
