"""What all widgets paint with, and what they share: they follow their look and show which one has the keyboard.

A screen reader finds the role, the sentences and the news of widgets that draw themselves. Qt describes its own widgets
to assistive programs. Of a plain QWidget they see only a nameless container, whatever is painted on it, so a subclass
says what it is with the class attribute `spoken_role`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Protocol, cast

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleInterface,
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QMouseEvent,
    QPaintDevice,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAccessibleWidget, QApplication, QSizePolicy, QWidget

from queuedesk.i18n.line_breaks import unbroken_pieces
from queuedesk.stations.window.style import Look, Scale, font_of_size

ROLE = "spoken_role"
TEXT, GROUP = QAccessible.Role.StaticText, QAccessible.Role.Grouping
"""Of a widget that paints all it shows, and of one that holds others; the name says the whole of it."""


@cache
def install_spoken_roles() -> None:
    """From now on tell assistive programs the `spoken_role` of widgets; a second call does nothing."""
    QAccessible.installFactory(_interface_with_spoken_role)


def _interface_with_spoken_role(_class_name: str, shown: QObject) -> QAccessibleInterface | None:
    role = getattr(shown, ROLE, None)
    return QAccessibleWidget(shown, role) if role is not None and isinstance(shown, QWidget) else None


def announce_to_screen_reader(on: QWidget, *sentences: str) -> None:
    """Let a screen reader say at once what has just appeared on a widget; it waits for the end of its own sentence."""
    words = "\n".join(filter(None, sentences))
    if words and QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(on, words))


class ScreenReaderLine(QWidget):
    """A sentence that its parent paints: it draws nothing and takes no touch."""

    spoken_role = TEXT

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


# -- fitting words -----------------------------------------------------------------------------------------------------

ELLIPSIS = "…"


@lru_cache(maxsize=1024)
def elide(font: QFont, text: str, width: float) -> str:
    """Return `text`, or its beginning with … where it is wider than `width` pixels."""
    if width_of_text(font, text) <= width + 0.5:
        return text
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, width))


def wrapped_lines(font: QFont, text: str, width: float, max_lines: int = 2) -> list[str]:
    """Return `text` in lines of at most `width` pixels; what does not fit in `max_lines` ends in ….

    A line never starts with closing punctuation nor ends with an opening bracket. A "\\n" always ends a line.
    """
    if "\n" not in text and width_of_text(font, text) <= width + 0.5:
        return [text.rstrip()]
    lines = _lines_wrapped_without_limit(font, text, width)
    if len(lines) > max_lines:
        rest = "".join(lines[max_lines - 1 :]).rstrip()
        lines = (*lines[: max_lines - 1], elide(font, rest + ELLIPSIS, width))
    return [elide(font, line.rstrip(), width) for line in lines]


@lru_cache(maxsize=1024)
def _lines_wrapped_without_limit(font: QFont, text: str, width: float) -> tuple[str, ...]:
    metrics = QFontMetricsF(font)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        current = ""
        for piece in unbroken_pieces(paragraph):
            if current and metrics.horizontalAdvance((current + piece).rstrip()) > width + 0.5:
                lines.append(current)
                current = piece
            else:
                current += piece
        lines.append(current)
    return tuple(lines)


def largest_fitting_px(
    text: str, width: float, px: float, *, bold: bool = False, tabular: bool = False, least: float = 15
) -> float:
    """Return the largest size of at most `px` pixels, and not under `least`, at which `text` is within `width`."""
    size = px
    while size > least:
        used = width_of_text(font_of_size(size, bold=bold, tabular=tabular), text)
        if used <= width:
            return size
        size = max(least, min(size - 1, size * width / used))
    return size


def squeezed_font(
    look: Look, text: str, px: float, width: float, *, bold: bool = False, tabular: bool = False
) -> QFont:
    """Return the font of `px` drawn pixels for a line that has to be read whole: before it is cut, large letters give
    up what they have gained, down to their size at 100 %."""
    k, text_size = look.scale.k, look.scale.text
    size = (
        largest_fitting_px(text, width, px * k, bold=bold, tabular=tabular, least=px * k / text_size)
        if text_size > 1
        else px * k
    )
    return look.font(size / k, bold=bold, tabular=tabular)


# The middle of both Inter's capitals (0.7275 em high) and Noto's Chinese lies this far above the baseline.
MIDDLE_EM = 0.37


@lru_cache(maxsize=4096)
def width_of_text(font: QFont, text: str) -> float:
    """Return how far `text` advances in device-independent pixels."""
    # Layouts and each drawing ask again for the same words, and fonts with the same properties are one key.
    return QFontMetricsF(font).horizontalAdvance(text)


def centred_baseline_y(font: QFont, top: float, height: float) -> int:
    """Return the y of the baseline that centres a line of `font` between `top` and `top + height`."""
    return round(top + height / 2 + MIDDLE_EM * font.pixelSize())


def border_width_px(look: Look, n: float = 1.0) -> float:
    """Return the width of a border drawn `n` wide: never under one pixel, two px everywhere in high contrast."""
    if look.theme.outlined:
        return max(2.0, look.scale.k * max(2.0, n))
    return 1.0 if n <= 1 else max(1.0, n * look.scale.k)


LEAST_CAP_PX = 12


class KeyCapStyle(Struct, frozen=True):
    """How a key cap is drawn: text size and padding in drawn px, and its tokens."""

    px: float = 13
    padding: float = 7
    height: float = 22
    fill: str | QColor = "paper"
    edge: str | QColor = "line"
    ink: str | QColor = "ink2"


def key_cap_size(look: Look, key: str, style: KeyCapStyle) -> QSizeF:
    """Return the size of a key cap in device-independent pixels."""
    width = width_of_text(_key_cap_font(look, style), key) + 2 * look.px(style.padding)
    return QSizeF(max(width, look.px(style.height)), look.px(style.height))


def _key_cap_font(look: Look, style: KeyCapStyle) -> QFont:
    """Return the font of a key cap, which stays legible where a dialog had to shrink."""
    return font_of_size(max(style.px * look.scale.k, LEAST_CAP_PX))


class Painter(QPainter):
    """A QPainter that knows the look of the widget it paints; sizes of boxes and icons are drawn px."""

    def __init__(self, device: QPaintDevice, look: Look) -> None:
        super().__init__(device)
        self.look = look
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)

    def color_of(self, fill: str | QColor) -> QColor:
        """Return the colour of a token, a colour unchanged, and nothing for ""."""
        if isinstance(fill, QColor):
            return fill
        return self.look.color(fill) if fill else QColor(Qt.GlobalColor.transparent)

    def draw_box(
        self,
        rect: QRectF,
        radius: float,
        fill: str | QColor,
        *,
        edge: str = "",
        width: float = 1.0,
        dashed: bool = False,
    ) -> None:
        """Draw a rounded box inside `rect`; `fill` and `edge` are tokens, `radius` and `width` drawn px. `fill` may be
        "" for none. In high contrast a tint is black, so a box without an edge stays invisible there."""
        color = self.color_of(fill)
        round_px = min(radius * self.look.scale.k, rect.height() / 2)
        if not edge:
            self.setPen(Qt.PenStyle.NoPen)
            self.setBrush(color)
            self.drawRoundedRect(rect, round_px, round_px)
            return
        stroke = border_width_px(self.look, width)
        pen = QPen(self.look.color(edge), stroke)
        if dashed:
            pen.setDashPattern([3 if stroke < 2 else 2.5, 2.5 if stroke < 2 else 2])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        self.setPen(pen)
        self.setBrush(color)
        inset = stroke / 2
        self.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), round_px - inset, round_px - inset)

    def draw_divider(self, start: QPointF, end: QPointF, token: str = "line") -> None:
        """Draw a divider one device pixel wide, sharp."""
        self.save()
        self.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self.setPen(QPen(self.look.color(token), 0))
        self.drawLine(start, end)
        self.restore()

    def code(self, rect: QRectF, modules: Sequence[Sequence[bool]], border: int) -> None:
        """Draw a code with a border of so many modules in the middle of `rect`. Readers need dark on light in every
        look, and modules of whole pixels."""
        across, share = len(modules) + 2 * border, self.worldTransform().m11() or 1.0
        module = max(1, int(min(rect.width(), rect.height()) * share) // across) / share
        x, y = (middle - across * module / 2 for middle in (rect.center().x(), rect.center().y()))
        self.save()
        self.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self.fillRect(QRectF(x, y, across * module, across * module), QColor("white"))
        for row, line in enumerate(modules, border):
            for column, is_dark in enumerate(line, border):
                if is_dark:
                    self.fillRect(QRectF(x + column * module, y + row * module, module, module), QColor("black"))
        self.restore()

    def draw_icon(self, name: str, token: str, x: float, y: float, px: float) -> None:
        """Draw icon `name`, `px` drawn pixels square, with its left top at whole pixels near x, y."""
        dpr = self.device().devicePixelRatioF() * max(1.0, self.transform().m11())
        self.drawPixmap(QPointF(round(x), round(y)), self.look.icon(name, token, px, dpr))

    def draw_words(self, words: str, font: QFont, token: str | QColor, x: float, baseline: float) -> float:
        """Draw one run of text and return where it ends."""
        self.setFont(font)
        self.setPen(self.color_of(token))
        self.drawText(QPointF(x, baseline), words)
        return x + width_of_text(font, words)

    def draw_words_and_give_end_x(
        self,
        words: str,
        font: QFont,
        token: str | QColor,
        rect: QRectF,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> float:
        """Draw one line in the vertical middle of `rect`, cut with … if it is too long; return where it ends."""
        shown = elide(font, words, rect.width())
        width = width_of_text(font, shown)
        x = rect.left()
        if align == Qt.AlignmentFlag.AlignRight:
            x = rect.right() - width
        elif align == Qt.AlignmentFlag.AlignHCenter:
            x = rect.left() + (rect.width() - width) / 2
        return self.draw_words(shown, font, token, round(x), centred_baseline_y(font, rect.top(), rect.height()))

    def draw_badge(self, rect: QRectF, letter: str, *, token: str = "primary", fill: str = "soft") -> None:
        outlined = self.look.theme.outlined
        fill, edge = ("surface", "ink") if outlined else (fill, "")
        self.draw_box(rect, 4 + 4 * rect.width() / self.look.scale.k / 60, fill, edge=edge, width=2)
        size = rect.height() / self.look.scale.k * (0.6 if len(letter) == 1 else 0.42)
        self.draw_words_and_give_end_x(
            letter, self.look.font(size, bold=True), token, rect, Qt.AlignmentFlag.AlignHCenter
        )

    def draw_key_cap(self, rect: QRectF, key: str, style: KeyCapStyle) -> None:
        radius = 5 * self.look.scale.k
        self.setPen(QPen(self.color_of(style.edge), 1))
        self.setBrush(self.color_of(style.fill))
        self.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        self.draw_words_and_give_end_x(
            key, _key_cap_font(self.look, style), style.ink, rect, Qt.AlignmentFlag.AlignHCenter
        )


def _canvas_rect_to_widget(rect: QRectF, k: float, origin: QPointF) -> QRectF:
    return QRectF(rect.x() * k + origin.x(), rect.y() * k + origin.y(), rect.width() * k, rect.height() * k)


class CanvasWidget(QWidget):
    """Subclass it: `paint_canvas` draws in canvas coordinates, `place` puts child widgets at them. Children are built
    with `self.look`, whose scale is the canvas's own; painting uses `self.unit`, where one px is one canvas px. The
    screen beyond the canvas has the ground colour."""

    def __init__(
        self, look: Look, width: float, height: float, *, ground: str = "paper", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._outer, self._size, self._ground = look, (width, height), ground
        self._places: dict[QWidget, QRectF] = {}
        self._spoken: list[ScreenReaderLine] = []
        self.look = Look(look.theme, Scale(1.0), self)
        self.unit = Look(look.theme, Scale(1.0), self)
        look.changed.connect(self._take_theme_of_outer_look)

    def _take_theme_of_outer_look(self) -> None:
        self.look.set_theme(self._outer.theme)
        self.unit.set_theme(self._outer.theme)
        self.update()

    def set_canvas_size(self, width: float, height: float) -> None:
        """Draw on a canvas of another shape from now on (portrait, landscape)."""
        self._size = (width, height)
        self._set_and_place_spoken_lines(self.spoken_lines())
        self._scale_children()
        self.update()

    def canvas_size(self) -> tuple[float, float]:
        return self._size

    def canvas_scale(self) -> float:
        """Return how many pixels one canvas px is."""
        return Scale.canvas_scale(max(1, self.width()), max(1, self.height()), *self._size).k

    def canvas_origin(self) -> QPointF:
        return self._canvas_origin_at_scale(self.canvas_scale())

    def _canvas_origin_at_scale(self, k: float) -> QPointF:
        return QPointF((self.width() - self._size[0] * k) / 2, (self.height() - self._size[1] * k) / 2)

    def point_to_canvas(self, point: QPointF) -> QPointF:
        """Return a point of the widget in canvas coordinates."""
        return (point - self.canvas_origin()) / self.canvas_scale()

    def rect_from_canvas(self, rect: QRectF) -> QRectF:
        k = self.canvas_scale()
        return _canvas_rect_to_widget(rect, k, self._canvas_origin_at_scale(k))

    def place_child(self, child: QWidget, rect: QRectF) -> None:
        """Keep `child` at `rect` of the canvas, now and whenever the screen changes."""
        self._places[child] = rect
        child.setParent(self)
        k = self.canvas_scale()
        self.look.set_scale(Scale(k))
        # The others stand where they are: whoever places forty keys would move each of them forty times.
        child.setGeometry(_canvas_rect_to_widget(rect, k, self._canvas_origin_at_scale(k)).toRect())
        child.show()

    def forget_child(self, child: QWidget) -> None:
        self._places.pop(child, None)

    def spoken_lines(self) -> list[str]:
        """Return what a screen reader finds of what is painted, line by line."""
        return [line.accessibleName() for line in self._spoken if not line.isHidden()]

    def set_spoken_lines(self, lines: Sequence[str]) -> None:
        """Give a screen reader these lines for what is painted, top down, before any key; "" is left out."""
        lines = [line for line in lines if line]
        if lines == self.spoken_lines():
            return
        if len(lines) > len(self._spoken):
            self._spoken += [ScreenReaderLine(self) for _line in lines[len(self._spoken) :]]
            for line in reversed(self._spoken):
                line.lower()
        self._set_and_place_spoken_lines(lines)

    def _set_and_place_spoken_lines(self, lines: Sequence[str]) -> None:
        width, height = self._size
        for at, line in enumerate(self._spoken):
            if at < len(lines):
                line.setAccessibleName(lines[at])
                share = height / len(lines)
                self.place_child(line, QRectF(0, at * share, width, share))
            else:
                self.forget_child(line)
                line.hide()

    def repaint_canvas_rect(self, rect: QRectF) -> None:
        """Repaint only `rect` of the canvas."""
        self.update(self.rect_from_canvas(rect).toAlignedRect().adjusted(-1, -1, 1, 1))

    def sizeHint(self) -> QSize:
        return QSize(round(self._size[0]), round(self._size[1]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._scale_children()

    def _scale_children(self) -> None:
        k = self.canvas_scale()
        self.look.set_scale(Scale(k))
        origin = self._canvas_origin_at_scale(k)
        for child, rect in [*self._places.items()]:
            child.setGeometry(_canvas_rect_to_widget(rect, k, origin).toRect())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = Painter(self, self.unit)
        painter.fillRect(event.rect(), self.unit.color(self._ground))
        painter.translate(self.canvas_origin())
        painter.scale(self.canvas_scale(), self.canvas_scale())
        self.paint_canvas(painter)

    def paint_canvas(self, painter: Painter) -> None:
        """Draw everything in canvas coordinates; `painter.look` is `self.unit`."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.on_canvas_press(self.point_to_canvas(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.on_canvas_release(self.point_to_canvas(event.position()))

    def on_canvas_press(self, point: QPointF) -> None:
        """Handle a pointer pressed at `point` of the canvas."""

    def on_canvas_release(self, point: QPointF) -> None:
        """Handle a pointer released at `point` of the canvas."""


_SHOWING = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.OtherFocusReason,
)
RING, GAP = 3, 3


class _WidgetWithUpdateGeometry(Protocol):
    def updateGeometry(self) -> None: ...
    def update(self) -> None: ...


class FollowsLook:
    """Mixin for a QWidget: measures and paints itself again when its look changes."""

    look: Look

    def follow_look(self, look: Look) -> None:
        """Use `look` and follow it from now on; call it once, in the constructor."""
        self.look = look
        look.changed.connect(self.measure_again)

    def measure_again(self) -> None:
        """Measure and paint again; widgets that keep sizes of their own extend it."""
        widget = cast(_WidgetWithUpdateGeometry, self)
        widget.updateGeometry()
        widget.update()


class FocusRing(QWidget):
    """Draws 3 px of ink, 3 px off the widget with the focus; one per window, never in the way of a pointer."""

    NAME = "focus_ring"

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName(self.NAME)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._target: QWidget | None = None
        self._watched: list[QObject] = []
        self._look: Look | None = None
        self._radius = 10.0
        self.hide()

    @staticmethod
    def ring_of_window(window: QWidget) -> FocusRing:
        found = window.findChild(FocusRing, FocusRing.NAME, Qt.FindChildOption.FindDirectChildrenOnly)
        return found or FocusRing(window)

    def place_around(self, target: QWidget, look: Look, radius: float) -> None:
        """Show the ring round `target`, whose corners have `radius` drawn px."""
        self.release_target_and_hide_ring()
        self._target, self._look, self._radius = target, look, radius
        walker: QWidget | None = target
        while walker is not None and walker is not self._window:
            walker.installEventFilter(self)
            self._watched.append(walker)
            walker = walker.parentWidget()
        look.changed.connect(self._place_around_target)
        self._place_around_target()
        self.show()
        self.raise_()

    def release_target_and_hide_ring(self) -> None:
        for watched in self._watched:
            watched.removeEventFilter(self)
        self._watched.clear()
        if self._look is not None:
            self._look.changed.disconnect(self._place_around_target)
        self._target = self._look = None
        self.hide()

    def _place_around_target(self) -> None:
        if self._target is None or self._look is None:
            return
        out = self._look.px(RING + GAP)
        corner = self._target.mapTo(self._window, QPoint(0, 0))
        self.setGeometry(QRect(corner, self._target.size()).adjusted(-out, -out, out, out))
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show):
            self._place_around_target()
        elif kind in (QEvent.Type.Hide, QEvent.Type.ParentChange) and self._target is not None:
            self.release_target_and_hide_ring()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._look is None:
            return
        painter = Painter(self, self._look)
        width = self._look.px(RING)
        painter.setPen(QPen(self._look.color("ink"), width))
        radius = (self._radius + RING) * self._look.scale.k
        inset = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), radius, radius)


def show_ring_on_focus_in(widget: QWidget, event: QFocusEvent, look: Look, radius: float) -> None:
    """Show the ring if the focus came by the keyboard or from the program; call it in focusInEvent."""
    came_back = event.reason() == Qt.FocusReason.ActiveWindowFocusReason and bool(widget.property("ringed"))
    if event.reason() in _SHOWING or came_back:
        widget.setProperty("ringed", True)
        FocusRing.ring_of_window(widget.window()).place_around(widget, look, radius)


def hide_ring_on_focus_out(widget: QWidget, event: QFocusEvent) -> None:
    """Hide the ring; call it in focusOutEvent."""
    if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
        widget.setProperty("ringed", False)
    ring = widget.window().findChild(FocusRing, FocusRing.NAME, Qt.FindChildOption.FindDirectChildrenOnly)
    if ring is not None:
        ring.release_target_and_hide_ring()


# -- the keyboard before a question ------------------------------------------------------------------------------------


class FocusMemory(QObject):
    """Remembers the widget with the focus and restores the focus to it, if it still exists."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._widget: QWidget | None = None

    def remember_focus(self, widget: QWidget | None = None) -> None:
        """Remember `widget`, else the one that has the focus now."""
        self._take_remembered_widget()
        self._widget = widget or QApplication.focusWidget()
        if self._widget is not None:
            # A row that went away, or a question closed before this one, is deleted meanwhile: touching it would end
            # the process.
            self._widget.destroyed.connect(self._forget_widget)

    def restore_focus(self) -> None:
        widget = self._take_remembered_widget()
        if widget is not None and widget.isVisible():
            widget.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot()
    def _forget_widget(self) -> None:
        self._widget = None

    def _take_remembered_widget(self) -> QWidget | None:
        widget, self._widget = self._widget, None
        if widget is not None:
            widget.destroyed.disconnect(self._forget_widget)
        return widget


class ServiceTimeBar(FollowsLook, QWidget):
    """Time used against the service's target, which is written at the bar's end; red with a clock when over."""

    spoken_role = TEXT

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self._share, self._end, self._late = 0.0, "", False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_progress(self, share: float, end: str, *, late: bool = False) -> None:
        """Fill `share` of the bar (over 1 fills it) and write `end` under its end."""
        self._share, self._end, self._late = share, end, late
        self.setAccessibleName(end)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(400), self.look.px(42))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(120), self.look.px(42))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        high = look.px(10)
        track = QRectF(0, 0, self.width(), high)
        outlined = look.theme.outlined
        painter.draw_box(track, 5, "sunken", edge="edge" if outlined else "")
        token = "red" if self._late else "primary"
        width = max(high, min(1.0, self._share) * self.width()) if self._share > 0 else 0
        if width:
            painter.draw_box(QRectF(0, 0, width, high), 5, token)
        text_token = "red" if self._late else "ink2"
        font = look.font(16, bold=self._late)
        row = QRectF(0, high + look.px(6), self.width(), look.px(26))
        painter.draw_words_and_give_end_x(self._end, font, text_token, row, Qt.AlignmentFlag.AlignRight)
        if self._late:
            left = row.right() - width_of_text(font, self._end) - look.px(22)
            painter.draw_icon("clock", "red", left, row.center().y() - look.px(16) / 2, 16)


# -- the face of a rating ----------------------------------------------------------------------------------------------

FACE_GRID = 120.0


def _mouth_path(level: int) -> QPainterPath:
    path = QPainterPath()
    if level == 5:
        path.moveTo(31, 66)
        path.lineTo(89, 66)
        path.cubicTo(87, 92, 33, 92, 31, 66)
    elif level == 4:
        path.moveTo(33, 71)
        path.cubicTo(44, 87, 76, 87, 87, 71)
    elif level == 3:
        path.moveTo(36, 77)
        path.lineTo(84, 77)
    elif level == 2:
        path.moveTo(36, 84)
        path.cubicTo(47, 72, 73, 72, 84, 84)
    else:
        path.moveTo(34, 89)
        path.cubicTo(43, 66, 77, 66, 86, 89)
    return path


def draw_face(painter: QPainter, rect: QRectF, level: int, color: QColor) -> None:
    """Draw the face of `level` (5 very satisfied … 1 very dissatisfied) in a square `rect`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / FACE_GRID, rect.height() / FACE_GRID)
    pen = QPen(color, 4.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(60, 60), 57.5, 57.5)
    if level == 5:
        painter.setBrush(color)
    painter.drawPath(_mouth_path(level))
    if level == 1:
        painter.drawLine(QPointF(31, 35), QPointF(47, 42))
        painter.drawLine(QPointF(89, 35), QPointF(73, 42))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    for x in (40.0, 80.0):
        painter.drawEllipse(QPointF(x, 50), 6, 6)
    painter.restore()
