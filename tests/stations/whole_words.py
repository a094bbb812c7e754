"""What is wrong with a window as it is drawn: words that are cut, lie over others or are hard to read, widgets that
stand out, keys that move, also when a message comes. Every word is noted as it is painted, so it does not matter
which widget draws it.
"""

import gettext
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, cached_property, partial
from itertools import chain, product
from typing import Any

import numpy as np
from PySide6 import QtWidgets
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QFont, QFontMetrics, QImage
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QComboBox, QLabel, QLineEdit, QTableView, QWidget

from queuedesk import i18n
from queuedesk.core import features
from queuedesk.core.log.state import UnconfirmedClockJump
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.messages import GUIDE as FRONT_DESK
from queuedesk.core.talk.messages import MANAGER as OFFICE
from queuedesk.core.talk.messages import place_of_window
from queuedesk.paths import resource_path
from queuedesk.stations.acts.written_talk import WrittenTalkView
from queuedesk.stations.guide.screen_keys import OnScreenKeyboard
from queuedesk.stations.rating.station import WrittenTalkOverlay
from queuedesk.stations.widgets import paint, panels
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.charts import chart_view, figures
from queuedesk.stations.widgets.paint import ROLE, FocusRing
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.frame import StationPage, WindowPage
from queuedesk.stations.window.shell import DoubtfulClockQuestion
from queuedesk.stations.window.style import Look, Scale, contrast_ratio
from tests.hall import MANAGER, Hall
from tests.stations.seen import shades
from tests.stations.shapes import SHAPES, TIGHTEST, Shape

EMERGENCY, EMERGENCY_EN = "请从最近的出口离开，不要使用电梯", "Please leave by the nearest exit, not by the lifts"
HAS_CARDS = "cards" in features.choosable_feature_names()
KINDS = {"emergency": "pushed", "card": "card_runs", "help": "help_calls", "message": "messages"}
"""What the log brings, and the part of a station's copy of the hall that holds it."""
if not HAS_CARDS:
    del KINDS["card"]
ANYWHERE = ("emergency", "clock", "away")  # what is told even where nobody is yet, or no message goes to


class Messages:
    """Lets the kinds of messages that `page` `tells` come to it as from the log; `hear` lets it look at its hall."""

    def __init__(self, page: StationPage, hall: Hall, follow, *, hear=None, tells=(*KINDS, "clock", "away")) -> None:
        self._page, self._hall, feed = page, hall, page.context.feed
        self._hear = hear or partial(feed.changed.emit, [])
        hall.do("emergency", EMERGENCY, text_en=EMERGENCY_EN, who=MANAGER)
        if HAS_CARDS:
            hall.do("card-start", "system", who=MANAGER)
        hall.do("help", "kiosk")
        for place in (FRONT_DESK, OFFICE, *map(place_of_window, feed.setup.windows)):
            origin = OFFICE if place != OFFICE else FRONT_DESK
            hall.do("message", place, "请到一号窗口来一下", text_en="Please come to window 1", origin=origin)
        follow()
        self._kept = {part: getattr(feed.state, part).copy() for part in KINDS.values()}
        self.clock = DoubtfulClockQuestion(page.context, page, lambda: page.messages, is_staff=True)
        ways = {kind: partial(self._bring, kind) for kind in KINDS}
        ways |= {"clock": self._doubt, "away": partial(page.show_hall_away, hall.clock())}
        self.ways: dict[str, Callable[[], object]] = ways
        self.tells, self.last = tells, [*ways][-1]
        self.go()

    def go(self) -> None:
        for part in KINDS.values():
            getattr(self._page.context.feed.state, part).clear()
        self.clock.end_doubt()
        self._page.show_hall_away(None)
        self._hear()

    def _bring(self, kind: str) -> None:
        part = getattr(self._page.context.feed.state, KINDS[kind])
        (part.extend if isinstance(part, list) else part.update)(self._kept[KINDS[kind]])
        self._hear()

    def _doubt(self) -> None:
        now = self._page.context.feed.setup.to_hall_time(self._hall.clock())
        self.clock.note_doubt_and_ask(
            UnconfirmedClockJump(last=now, now=now + timedelta(days=1), waiting=4).clock_ahead_error()
        )
        if self.clock.dialog is not None:
            self.clock.dialog.refuse()


LEAST_CONTRAST = 4.5
HIGH_EM = 0.74  # how high the box of a word is, in the size of its letters
LEAST_INK = 0.003  # a sentence of two lines in an empty page is 0.009 of it; nothing is 0
LEAST_BUTTON = 40
SIDES, FOOT, TWO_LINES = 60, 36, 44  # px: beyond the edges of a page's lowest card, and what two lines of words take
LEAST_LETTERS = 12  # px of a font
SLACK = 2  # px that letters may stand over an edge: a rounded width, a slanting last stroke
CONTROLS = (QAbstractButton, QtWidgets.QAbstractItemView, QLineEdit, QtWidgets.QPlainTextEdit, QComboBox)
HOLD_A_LINE = (QtWidgets.QAbstractSpinBox, QComboBox)
NAMED = (QAbstractButton, QLineEdit, QtWidgets.QPlainTextEdit, QtWidgets.QListView, *HOLD_A_LINE)
ELIDING = (paint, panels, chart_view, figures)
NAMING = ("name", "about", "zone", "text", "note", "fees", "steps", "words")
"""The fields of a set-up whose text people type as they like; in other languages they have an ending."""


# -- what is drawn --
@dataclass(frozen=True, slots=True)
class Word:
    """A run of words as painted: its box from capitals to baseline, its colour; `whole` is what was cut with …."""

    text: str
    box: QRectF
    ink: QColor
    on: QWidget
    whole: str
    is_qts: bool = False
    """Whether it stands in one of Qt's own fields."""
    is_scaled: bool = False
    """Whether it belongs to a small picture of another window."""

    @property
    def is_cut(self) -> bool:
        own = self.text.endswith(paint.ELLIPSIS) and any(known.fullmatch(self.text) for known in _own_ellipses())
        return self.text.endswith(paint.ELLIPSIS) and not own

    def __str__(self) -> str:
        return f"“{self.whole}” as “{self.text}”" if self.whole != self.text else f"“{self.text}”"


@cache
def _own_ellipses() -> tuple[re.Pattern[str], ...]:
    """Return what the texts look like that end with … because something goes on, in both languages."""
    with resource_path("locale", "zh_CN", "LC_MESSAGES", "queuedesk.mo").open("rb") as compiled:
        known = vars(gettext.GNUTranslations(compiled))["_catalog"]
    texts = {str(text) for pair in known.items() for text in pair}
    own = {text.rpartition("\4")[2] for text in texts if text.endswith(paint.ELLIPSIS)}
    return tuple(re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(text))) for text in own)


@dataclass(frozen=True)
class Drawn:
    """A window as it was drawn once: its widgets and every word that can be seen, and the picture."""

    shown: QWidget
    parts: list[QWidget]
    words: list[Word]
    picture: QImage

    @cached_property
    def shades(self) -> np.ndarray:
        return shades(self.picture)


@contextmanager
def _watched(note: Callable[..., None], cut: dict[str, str]) -> Iterator[None]:
    """Note each run of words as it is painted, and in `cut` what each shortened text was before."""
    words, elide = paint.Painter.draw_words, paint.elide

    def watched_words(self: paint.Painter, text: str, font: QFont, *rest: Any) -> float:
        end = words(self, text, font, *rest)
        if text.strip():
            token, x, baseline = rest
            high = HIGH_EM * font.pixelSize()
            note(self, text, QRectF(x, baseline - high, end - x, high), self.color_of(token))
        return end

    def watched_elide(font: QFont, text: str, width: float) -> str:
        short = elide(font, text, width)
        if short.endswith(paint.ELLIPSIS):
            cut[short] = text
        return short

    paint.Painter.draw_words = watched_words  # type: ignore[method-assign]
    for module in ELIDING:
        module.elide = watched_elide  # type: ignore[attr-defined]
    try:
        yield
    finally:
        paint.Painter.draw_words = words  # type: ignore[method-assign]
        for module in ELIDING:
            module.elide = elide  # type: ignore[attr-defined]


def drawn(shown: QWidget) -> Drawn:
    """Draw a window as it is now and return what was seen; words under a question or another cover are left out."""
    found: list[Word] = []
    cut: dict[str, str] = {}
    corners: dict[QWidget, QPoint] = {}

    def note(painter: paint.Painter, text: str, box: QRectF, ink: QColor) -> None:
        on = painter.device()
        if not isinstance(on, QWidget) or (on is not shown and not shown.isAncestorOf(on)):
            return  # a picture, such as the sample of a slip, or of another window
        if on not in corners:
            corners[on] = QPoint() if on is shown else on.mapTo(shown, QPoint())
        at = painter.transform().mapRect(box).translated(corners[on])
        whole = cut.get(text, text).removesuffix(paint.ELLIPSIS) if text.endswith(paint.ELLIPSIS) else text
        found.append(Word(text, at, ink, on, whole, is_scaled=painter.transform().m22() not in (0, 1)))

    with _watched(note, cut):
        picture = shown.grab().toImage()
    parts = visible(shown)
    whole = Drawn(shown, parts, [*found, *_in_fields(shown, parts)], picture)
    return Drawn(shown, parts, [word for word in whole.words if _is_seen(word, whole)], picture)


def _in_fields(shown: QWidget, parts: Iterable[QWidget]) -> Iterator[Word]:
    """Yield what stands in the fields that Qt paints, as far as it has room: a choice, what was typed, an example."""
    for widget in parts:
        ink = widget.palette().text().color()
        if isinstance(widget, QComboBox) and not widget.isEditable():
            choice = QtWidgets.QStyleOptionComboBox()
            widget.initStyleOption(choice)
            kind, part = QtWidgets.QStyle.ComplexControl.CC_ComboBox, QtWidgets.QStyle.SubControl.SC_ComboBoxEditField
            room = widget.style().subControlRect(kind, choice, part, widget).adjusted(0, 0, 1, 0)
            text = widget.currentText() or widget.placeholderText()
        elif isinstance(widget, QLineEdit):
            frame = QtWidgets.QStyleOptionFrame()
            widget.initStyleOption(frame)
            room = widget.style().subElementRect(QtWidgets.QStyle.SubElement.SE_LineEditContents, frame, widget)
            room = room.marginsRemoved(widget.textMargins()).adjusted(SLACK, 0, -SLACK, 0)
            text = widget.displayText()
            if any(sign.isalpha() for sign in text):  # people type there, and see the rest of it when they go on
                text = paint.elide(widget.font(), text, room.width()).removesuffix(paint.ELLIPSIS)
            elif not text:
                text, ink = widget.placeholderText(), widget.palette().placeholderText().color()
        else:
            continue
        if not text.strip():
            continue
        short = paint.elide(widget.font(), text, room.width())
        wide, high = paint.width_of_text(widget.font(), short), HIGH_EM * widget.fontInfo().pixelSize()
        corner, left = widget.mapTo(shown, room.topLeft()), 0.0
        if isinstance(widget, QLineEdit) and widget.alignment() & Qt.AlignmentFlag.AlignRight:
            left = room.width() - wide
        box = QRectF(corner.x() + left, corner.y() + (room.height() - high) / 2, wide, high)
        yield Word(short, box, ink, widget, text, is_qts=True)


def _is_seen(word: Word, drawn: Drawn) -> bool:
    """Whether a word is not scrolled away, not in part either, and no other widget hides its middle."""
    shown = drawn.shown
    if any(_is_away(word.box, area, shown) for area in _up_from(word.on) if isinstance(area, QAbstractScrollArea)):
        return False
    top = shown.childAt(word.box.center().toPoint()) or shown
    if top is word.on:
        return True
    if word.on.isAncestorOf(top):
        within = (one for one in _up_from(top) if word.on.isAncestorOf(one))
        return not any(getattr(one, ROLE, None) is QAccessible.Role.Dialog for one in within)
    if top.isAncestorOf(word.on):
        return not any(isinstance(one, QAbstractScrollArea) for one in _up_from(word.on))
    above = next(one for one in _up_from(top) if one.parentWidget() and one.parentWidget().isAncestorOf(word.on))
    beneath = next(one for one in _up_from(word.on) if one.parentWidget() is above.parentWidget())
    if not isinstance(above, QLabel) and above.geometry().adjusted(-1, -1, 1, 1).contains(beneath.geometry()):
        return False  # a question, another page, or a message over the whole of it
    if not word.on.visibleRegion().contains(word.on.mapFrom(shown, word.box.center().toPoint())):
        return False
    x, y, right, bottom = (round(edge) for edge in word.box.getCoords())
    return word.ink.rgb() & 0xFFFFFF in drawn.shades[max(0, y) : bottom + 1, max(0, x) : right + 1]


def _is_away(box: QRectF, area: QAbstractScrollArea, shown: QWidget) -> bool:
    """Whether a word stands in part beyond an edge over which its area can be scrolled."""
    viewport, turn = area.viewport(), area.verticalScrollBar()
    top = viewport.mapTo(shown, QPoint()).y() if shown.isAncestorOf(viewport) else 0
    below = box.bottom() > top + viewport.height() + SLACK and turn.value() < turn.maximum()
    return below or (box.top() < top - SLACK < box.bottom() - SLACK and turn.value() > turn.minimum())


def _up_from(widget: QWidget) -> Iterator[QWidget]:
    walker: QWidget | None = widget
    while walker is not None:
        yield walker
        walker = walker.parentWidget()


# -- cut, over another, hard to read --
def typed_words(setup: Setup) -> set[str]:
    """Return the names and sentences of the set-up: people typed them, and they alone may be cut."""
    found: set[str] = set()

    def take(part: object, key: str = "") -> None:
        if isinstance(part, str):
            if key in NAMING or key.rpartition("_")[0] in NAMING:
                found.update(part.split("\n"))
        elif isinstance(part, Mapping):
            for name, inner in part.items():
                take(inner, name)
        elif isinstance(part, list | tuple):
            for inner in part:
                take(inner, key)

    take(setup.document)
    return {text for text in found if len(text) > 1}


def _is_typed(word: Word, typed: Collection[str]) -> bool:
    """Whether all that is missing of a word is the end of something that people typed."""
    kept = len(word.text) - len(paint.ELLIPSIS)
    lost, with_before = word.whole[kept:].strip(), word.whole[max(0, kept - 2) :].strip()
    return any(with_before in name or (len(lost) > 2 and lost in name) for name in typed)


def cut(seen: Drawn, typed: Collection[str]) -> Iterator[str]:
    """Yield the words that end in … though nobody typed them, and those that an edge cuts off."""
    for word in seen.words:
        if word.is_cut and not _is_typed(word, typed):
            yield f"cut: {word}"
        room = QRectF(seen.shown.rect())
        corner = QPoint() if word.on is seen.shown else word.on.mapTo(seen.shown, QPoint())
        # A letter's stroke begins a little after its place: a big number stands so far before its edge.
        beside = max(SLACK, 0.12 * word.box.height())
        edges = QRectF(QRect(corner, word.on.size())).intersected(room).adjusted(-beside, -SLACK, beside, SLACK)
        if not edges.contains(word.box):
            yield f"beyond its widget's edge: {word} on {_name(word.on)}"
    yield from _cut_heads(seen)


def _cut_heads(seen: Drawn) -> Iterator[str]:
    for widget in seen.parts:
        if isinstance(widget, QTableView):
            head = widget.horizontalHeader()
            for column in range(head.count()):
                text = str(widget.model().headerData(column, head.orientation()) or "")
                if head.sectionSize(column) and head.fontMetrics().horizontalAdvance(text) > head.sectionSize(column):
                    yield f"cut head: “{text}”"


def cut_beside_room(seen: Drawn, page: QWidget) -> Iterator[str]:
    """Yield what is cut on a page though there is room right of it in its widget, or below everything on the page."""
    at = QRect(page.mapTo(seen.shown, QPoint()), page.size())
    low = QRect(at.left() + SIDES, at.bottom() - FOOT - TWO_LINES, at.width() - 2 * SIDES, TWO_LINES)
    is_free_below = _is_blank(seen, low)
    for word in seen.words:
        if not word.is_cut or not (word.on is page or page.isAncestorOf(word.on)):
            continue
        missing = word.box.width() * (len(word.whole) / len(word.text) - 1)
        beside = QRectF(word.box.right() + SLACK, word.box.top(), missing, word.box.height()).toRect()
        widget = QRect(word.on.mapTo(seen.shown, QPoint()), word.on.size())
        if is_free_below or (widget.contains(beside) and _is_blank(seen, beside)):
            yield f"cut where there is room: {word}"
    if is_free_below:
        for table in page.findChildren(QTableView):
            yield from (f"cut where there is room: “{text}”" for text in _cut_cells(table) if table.isVisible())


def _is_blank(seen: Drawn, place: QRect) -> bool:
    part = seen.shades[place.top() : place.bottom() + 1, place.left() : place.right() + 1]
    return part.size > 0 and bool((part == part.flat[0]).all())


def _cut_cells(table: QTableView) -> Iterator[str]:
    """Yield the cells of a table whose words have no room in it; it is painted by Qt."""
    model = table.model()
    for row, column in product(range(model.rowCount()), range(model.columnCount())):
        index = model.index(row, column)
        font, text = index.data(Qt.ItemDataRole.FontRole), str(index.data() or "")
        room = QRect(0, 0, table.columnWidth(column), table.rowHeight(row))
        flags = Qt.TextFlag.TextWordWrap if table.wordWrap() else Qt.TextFlag.TextSingleLine
        needed = QFontMetrics(font or table.font()).boundingRect(room, flags, text)
        if needed.width() > room.width() or needed.height() > room.height():
            yield text


def overlapping(seen: Drawn) -> Iterator[str]:
    if len(seen.words) < 2:
        return
    boxes = np.array([word.box.getCoords() for word in seen.words])
    left, top, right, bottom = (boxes[:, n] for n in range(4))
    wide = np.minimum.outer(right, right) - np.maximum.outer(left, left)
    high = np.minimum.outer(bottom, bottom) - np.maximum.outer(top, top)
    for one, other in np.argwhere(np.triu((wide > SLACK) & (high > SLACK), 1)):
        first, second = seen.words[one], seen.words[other]
        if (first.text, first.box) != (second.text, second.box):
            yield f"over each other: {first} and {second}"


def faint(seen: Drawn) -> Iterator[str]:
    """Yield the words that stand out too little from the ground they were really painted on."""
    for word in seen.words:
        if word.is_qts:
            continue  # its field is looked at below, whatever stands in it
        yield from _faint(seen, word.box, word.ink, str(word))
    for widget in seen.parts:
        if not isinstance(widget, QLineEdit | QtWidgets.QPlainTextEdit | QComboBox):
            continue
        colors, place = widget.palette(), QRectF(QRect(widget.mapTo(seen.shown, QPoint()), widget.size()))
        top = seen.shown.childAt(place.center().toPoint())
        if top is not widget and not widget.isAncestorOf(top):
            continue  # scrolled away, or under a question
        yield from _faint(seen, place, colors.text().color(), _name(widget))
        if not isinstance(widget, QComboBox) and widget.placeholderText():
            yield from _faint(seen, place, colors.placeholderText().color(), f"the example in {_name(widget)}")


def _faint(seen: Drawn, place: QRectF, ink: QColor, name: str) -> Iterator[str]:
    """Yield what stands out too little from the colour that most of its place has."""
    ratio = seen.picture.devicePixelRatio()
    x, y, right, bottom = (round(edge * ratio) for edge in place.getCoords())
    grounds, counts = np.unique(seen.shades[max(0, y) : bottom + 1, max(0, x) : right + 1], return_counts=True)
    counts = np.where(grounds == ink.rgb() & 0xFFFFFF, 0, counts)
    ground = QColor(int(grounds[counts.argmax()])) if counts.any() else ink
    if (found := contrast_ratio(ink.name(), ground.name())) < LEAST_CONTRAST:
        yield f"contrast {found:.1f}: {name} in {ink.name()} on {ground.name()}"


# -- places --
def visible(shown: QWidget) -> list[QWidget]:
    """Return the widgets within `shown` that can be seen, each before those within it."""
    found: list[QWidget] = []
    for child in shown.children():
        if isinstance(child, QWidget) and child.isVisible() and not child.isWindow():
            found += (child, *visible(child))
    return found


def _name(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
    return f"{type(widget).__name__} “{text or widget.accessibleName()}”"


def outside(seen: Drawn) -> Iterator[str]:
    """Yield the widgets that reach out of the widget they are in; only downwards may something be scrolled."""
    for widget in seen.parts:
        parent, at = widget.parentWidget(), widget.geometry()
        if parent is None or at.isEmpty() or isinstance(widget, FocusRing):
            continue
        room = parent.rect().adjusted(-1, -1, 1, 1)
        area = parent.parentWidget()
        if isinstance(area, QAbstractScrollArea) and area.viewport() is parent:
            room.setTop(min(room.top(), at.top()))
            room.setBottom(max(room.bottom(), at.bottom()))
            as_needed = Qt.ScrollBarPolicy.ScrollBarAsNeeded
            if isinstance(area, QTableView) and area.horizontalScrollBarPolicy() == as_needed:
                continue
        if not room.contains(at):
            yield f"outside: {_name(widget)} {at.getRect()} in {type(parent).__name__} {parent.width()}x{parent.height()}"


def small(seen: Drawn) -> Iterator[str]:
    """Yield the buttons of a page that a finger or an unsteady hand may miss."""
    for widget in seen.parts:
        if isinstance(widget, PrimaryButton | SecondaryButton) and min(widget.size().toTuple()) < LEAST_BUTTON:
            yield f"small: {_name(widget)} {widget.width()}x{widget.height()}"


def tiny(seen: Drawn, k: float) -> Iterator[str]:
    """Yield the words that a person at the desk can't read on a screen whose px is `k` of the test's."""
    for word in seen.words:
        letters = word.box.height() / HIGH_EM
        if letters < LEAST_LETTERS * k - 0.01 and not word.is_scaled:
            yield f"tiny: {word} {letters:.1f} px {type(word.on).__name__}"


def unreachable(parts: Iterable[QWidget]) -> Iterator[str]:
    """Yield the controls without a name for a screen reader, and the buttons to which no key of the keyboard comes."""
    for widget in parts:
        # A table's corner button is Qt's own and does nothing here; what lies in a field is its own.
        is_inner = isinstance(widget.parentWidget(), HOLD_A_LINE)
        if not isinstance(widget, NAMED) or is_inner or widget.objectName() == "qt_tableview_cornerbutton":
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is None or not interface.text(QAccessible.Text.Name).strip():
            yield f"without a name: {type(widget).__name__} {widget.objectName()}"
        if isinstance(widget, QAbstractButton) and widget.isEnabled() and not _is_reached(widget):
            yield f"not reached: {_name(widget)}"


def _is_reached(button: QAbstractButton) -> bool:
    # Where somebody writes, the line keeps the keyboard: Enter sends it, and what a key says can be typed.
    if isinstance(button.parentWidget(), OnScreenKeyboard | WrittenTalkView | WrittenTalkOverlay):
        return True
    group = [button]
    if button.isCheckable() and button.autoExclusive():
        group = [one for one in button.parentWidget().findChildren(QAbstractButton) if one.autoExclusive()]
    return any(one.focusPolicy() & Qt.FocusPolicy.TabFocus for one in group)


def troubles(shown: QWidget, typed: Collection[str] = (), *, colors: bool = False, k: float = 1) -> list[str]:
    """Draw a window and return all that is wrong with it; `typed` may be cut, `colors` looks at contrast too."""
    return wrong_with(_drawn_without_tip(shown), typed, colors=colors, k=k)


def _drawn_without_tip(shown: QWidget) -> Drawn:
    """Draw a window without the name of a rail's key, which lies over the page as it is meant to."""
    for tip in shown.window().findChildren(QWidget, "rail_tip", Qt.FindChildOption.FindDirectChildrenOnly):
        tip.hide()
    return drawn(shown)


def wrong_with(seen: Drawn, typed: Collection[str] = (), *, colors: bool = False, k: float = 1) -> list[str]:
    """Return all that is wrong with a window as it was drawn."""
    assert seen.words, "a window without a word was not drawn"
    checks = [cut(seen, typed), overlapping(seen), outside(seen), small(seen), tiny(seen, k)]
    checks += [faint(seen)] if colors else []
    return sorted(set(chain.from_iterable(checks)))


def places(shown: QWidget) -> dict[QWidget, QRect]:
    """Return where everything is that is pressed or typed into."""
    return {
        widget: QRect(widget.mapTo(shown, QPoint()), widget.size())
        for widget in visible(shown)
        if isinstance(widget, CONTROLS)
    }


def moved(before: Mapping[QWidget, QRect], after: Mapping[QWidget, QRect]) -> list[str]:
    """Return what is somewhere else, or of another size, than it was."""
    return [
        f"moved: {_name(widget)} {at.getRect()} to {after[widget].getRect()}"
        for widget, at in before.items()
        if widget in after and after[widget] != at
    ]


def settled() -> None:
    """Let what was asked for be laid out, and what was to go later be gone, as the program's loop of events does."""
    QtWidgets.QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for _turn in range(8):  # what is laid out may ask for another layout
        QtWidgets.QApplication.processEvents()


def inked(widget: QWidget) -> float:
    """Return the share of a widget's points that are not of its ground: the colour of more than half of them, and so of
    the middle one in the order of colours. Without such a colour it is about half or more."""
    points = shades(widget.grab().toImage()).ravel()
    some = np.sort(points[::97])
    return 1 - float(np.count_nonzero(points == some[some.size // 2])) / points.size


# -- at every size, in both languages, in both contrasts --
Ask = Callable[[], object]


@dataclass
class Sights:
    """Looks at a page in every way it may be shown; `found` has what is wrong with each, `seen` what was drawn last."""

    page: WindowPage
    look: Look
    typed: Collection[str] = ()
    shapes: Mapping[str, Shape] = field(default_factory=lambda: SHAPES)
    found: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    seen: Drawn | None = None
    reached: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.setUpdatesEnabled(False)  # drawn once for each look is enough
        self.now = next(iter(self.shapes))

    @property
    def tightest(self) -> list[str]:
        return [name for name in TIGHTEST if name in self.shapes]

    def has_colors_of(self, shape: str) -> bool:
        """Whether contrast is looked at in a shape: where letters are smallest."""
        return self.shapes[shape].text_pct == min(one.text_pct for one in self.shapes.values())

    def in_turn(self, names: Iterable[str]) -> list[str]:
        """Return these shapes from the one that the page is nearest to: letters of another size dress every widget."""
        every = list(self.shapes)
        return sorted(names, key=every.index, reverse=every.index(self.now) >= len(every) // 2)

    def take(self, name: str) -> None:
        """Look at what the page shows now in every shape."""
        for shape in self.in_turn(self.shapes):
            self.take_in(name, shape, *self.shapes[shape].languages)

    def take_closely(self, name: str, *languages: str) -> None:
        """Look at what the page shows now only where there is least room, in the languages that it is asked in."""
        for shape in self.in_turn(self.tightest):
            self.take_in(name, shape, *languages or self.shapes[shape].languages)

    def _spoken_closely(self) -> Iterator[tuple[str, str]]:
        """Yield the shapes with least room and their languages, each once the page speaks it there."""
        for shape in self.in_turn(self.tightest):
            for lang in self.shapes[shape].languages:
                self.speak(shape, lang)
                yield shape, lang

    def take_questions(self, asks: Mapping[str, Ask | Mapping[str, Ask]]) -> None:
        """Look at questions where there is least room, each asked anew in each language; of steps the first asks."""
        for shape, lang in self._spoken_closely():
            for name, ask in asks.items():
                for step, show in ask.items() if isinstance(ask, Mapping) else [("", ask)]:
                    show()
                    (dialog,) = [one for one in self.page.findChildren(Dialog) if one.isVisible()]
                    self.take_in(f"{name} {step}".strip(), shape, lang, part=dialog)
                dialog.refuse()
                settled()

    def take_message(self, name: str, come: Callable[[], object], go: Callable[[], object]) -> None:
        """Look at a message where there is least room, and whether anything moves when it comes or goes."""
        for shape, lang in self._spoken_closely():
            before = places(self.page)
            come()
            self.take_in(name, shape, lang)
            wrong = moved(before, places(self.page))
            go()
            settled()
            wrong += [one for one in moved(before, places(self.page)) if one not in wrong]
            if wrong:
                self.found[name, shape, lang] = [*self.found.get((name, shape, lang), []), *wrong]

    def let_come(self, name: str, messages: Messages, *, at_once: bool = False) -> None:
        """Let each kind of message come, one by one or all `at_once`: it is told, over nothing, and nothing moves."""
        assert isinstance(self.page, StationPage)
        settled()
        before, told, wrong = places(self.page), self.page.messages, []
        for kind, come in messages.ways.items():
            come()
            if at_once and kind != messages.last:
                continue
            settled()
            wrong += [f"{kind}: {one}" for one in moved(before, places(self.page))]
            over = QRect(told.mapTo(self.page, QPoint()), told.size()) if told.isVisible() else QRect()
            wrong += [f"{kind}: is told nowhere"] if kind in messages.tells and not told.isVisible() else []
            wrong += [f"{kind}: over {_name(one)}" for one, at in before.items() if one.isVisible() and over & at]
        messages.go()
        settled()
        wrong += [f"gone: {one}" for one in moved(before, places(self.page))]
        if wrong:
            self.found[name, "now", i18n.current_language()] = wrong

    def must_show_something(self, name: str, part: QWidget) -> None:
        """Assert that something was drawn within a part of the page, and not only around it: words or a picture."""
        assert self.seen is not None
        if any(word.on is part or part.isAncestorOf(word.on) for word in self.seen.words):
            return
        self.page.setUpdatesEnabled(True)
        assert inked(part) > LEAST_INK, f"{name} is empty"
        self.page.setUpdatesEnabled(False)

    def must_use_its_room(self, name: str, part: QWidget) -> None:
        """Note what was cut on a part of the page though there is room for it."""
        assert self.seen is not None
        if wrong := [*cut_beside_room(self.seen, part)]:
            key = name, self.now, i18n.current_language()
            self.found[key] = [*self.found.get(key, []), *wrong]

    def read_each(self, messages: Messages) -> None:
        """Read all messages of the page, one after the other where there is least room."""
        for shape, _lang in self._spoken_closely():
            self.read_now(messages, colors=self.has_colors_of(shape))

    def read_now(self, messages: Messages, *, colors: bool) -> None:
        """Read all messages of the page, one after the other, as it stands now."""
        assert isinstance(self.page, StationPage)
        self.page.setUpdatesEnabled(True)
        for come in messages.ways.values():
            come()
        told, read = self.page.messages, dict[str, list[str]]()
        while told.spoken_text() not in read:
            settled()
            read[told.spoken_text()] = troubles(told, self.typed, colors=colors)
            told.next_key.click()
        if wrong := list(chain.from_iterable(read.values())):
            self.found["messages", str(self.page.size().toTuple()), i18n.current_language()] = wrong
        messages.go()
        self.page.setUpdatesEnabled(False)

    def take_in(self, name: str, shape: str, *languages: str, part: QWidget | None = None) -> None:
        """Look at what the page, or a part of it, shows now in one of the shapes."""
        for lang in languages:
            self.speak(shape, lang)
            self.page.setUpdatesEnabled(True)
            colors = self.has_colors_of(shape) and lang == languages[-1]
            self.seen = _drawn_without_tip(part or self.page)
            wrong = wrong_with(self.seen, self.typed, colors=colors)
            if name not in self.reached:  # the same controls in every shape
                self.reached.add(name)
                wrong += unreachable(self.seen.parts)
            if (size := self.page.size().toTuple()) != (self.shapes[shape].width, self.shapes[shape].height):
                wrong.append(f"needs {size[0]}x{size[1]}")
            if wrong:
                self.found[name, shape, lang] = wrong
            self.page.setUpdatesEnabled(False)

    def speak(self, shape: str, lang: str) -> None:
        self.put(shape)
        if i18n.current_language() != lang:
            i18n.choose_language(lang)
            assert self.page.remake_contents(), "its window makes it anew: see IN_EACH_LANGUAGE"
            settled()

    def put(self, name: str) -> None:
        shape, self.now = self.shapes[name], name
        size, canvas = (shape.width, shape.height), self.page.canvas
        scale = Scale.canvas_scale(*size, *canvas) if canvas else Scale.staff_scale(*size, shape.text_pct)
        if (scale, shape.theme) != (self.look.scale, self.look.theme):
            # At once, since all widgets are dressed anew with each change.
            self.look.theme, self.look.scale = shape.theme, scale
            self.look.changed.emit()
            settled()  # only then it may be smaller
        for _try in range(3):  # what was shown before may have needed more
            self.page.resize(shape.width, shape.height)
            settled()
            if self.page.size() == QSize(shape.width, shape.height):
                break

    def must_be_whole(self) -> None:
        assert not self.found, "\n".join(f"{place}: {one}" for place, found in self.found.items() for one in found)
