"""Buttons, from the one filled action to quiet and dangerous ones, and small marks of states, classes and filters."""

from math import ceil

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QKeySequence, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QLayout, QSizePolicy, QWidget

from queuedesk.stations.widgets import paint
from queuedesk.stations.widgets.paint import FollowsLook, hide_ring_on_focus_out, show_ring_on_focus_in
from queuedesk.stations.window.style import MARKS, Look

SPINNER_AFTER_MS = 400
SPINNER_STEP_MS = 80


class PaintedButton(FollowsLook, QAbstractButton):
    """A painted button; a click leaves the focus, Tab moves it. Bind keys by QShortcut: setText drops setShortcut's."""

    radius = 10.0

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def setText(self, text: str) -> None:
        """Show `text` unchanged: an "&" in a name is no key binding."""
        if text == self.text():
            return
        super().setText(text)
        self.setShortcut(QKeySequence())
        self.updateGeometry()

    def focusInEvent(self, event: QFocusEvent) -> None:
        show_ring_on_focus_in(self, event, self.look, self.radius)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        hide_ring_on_focus_out(self, event)
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)


class Button(PaintedButton):
    """Icon, word and key in one row, with an optional second line; the subclasses choose the colours."""

    text_bold = True
    fill, fill_hover, fill_down = "surface", "paper", "soft"
    edge, ink, ink_down = "edge", "ink", "on_soft"
    usual_height, usual_px = 48.0, 17.0

    def __init__(
        self,
        look: Look,
        text: str = "",
        *,
        icon: str | None = None,
        trailing: str | None = None,
        key: str = "",
        second: str = "",
        height: float | None = None,
        px: float | None = None,
        align: str = "center",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, parent)
        self._icon, self._trailing, self._key, self._second = icon, trailing, key, second
        self._height = self.usual_height if height is None else height
        self._px, self._align = self.usual_px if px is None else px, align
        self._word = text
        self._busy = self._spinning = self._held = self._is_lone = False
        self._wanted = True
        self.keeps_width = False
        """Whether another word may widen the button, and never makes it narrower."""
        self._turn = 0
        self._wait = QTimer(self)
        self._wait.timeout.connect(self._advance_spinner)
        self.radius = 14.0 if self._height >= 80 else 10.0
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_icon(self, name: str | None) -> None:
        if name != self._icon:
            self._icon = name
            self.measure_again()

    def set_key(self, key: str) -> None:
        """Show another key on the cap; "" for none."""
        if key != self._key:
            self._key = key
            self.measure_again()

    def set_icon_only(self, lone: bool) -> None:
        """Show the icon alone; the word stays for screen readers."""
        if lone != self._is_lone:
            self._is_lone = lone
            self.measure_again()

    def set_second_line(self, words: str) -> None:
        """Show a small second line under the word; "" for none."""
        if words != self._second:
            self._second = words
            self.measure_again()

    def disable_with_reason(self, missing: str) -> None:
        """Make the button dashed and let it say what is missing."""
        self._set_text_keeping_width(missing)
        self.setEnabled(False)

    def enable_with_label(self, text: str) -> None:
        """Make the button pressable again with its own label."""
        self._set_text_keeping_width(text)
        self.setEnabled(True)

    def _set_text_keeping_width(self, text: str) -> None:
        if self.keeps_width and self.isVisible():
            self.setMinimumWidth(self.width())
        self.setText(text)

    def setEnabled(self, enabled: bool) -> None:
        self._wanted = enabled
        super().setEnabled(enabled and not self._held)

    def set_disabled_while_away(self, held: bool) -> None:
        """Disable the button for as long as it is held, whatever its page says meanwhile: its hall is away."""
        self._held = held
        super().setEnabled(self._wanted and not held)

    def set_busy(self, busy: bool) -> None:
        """While busy presses do nothing; a turning arc at the left shows only after 400 ms."""
        self._busy, self._spinning = busy, False
        if busy:
            self._wait.start(SPINNER_AFTER_MS)
        else:
            self._wait.stop()
        self.measure_again()

    def is_busy(self) -> bool:
        return self._busy

    def hitButton(self, pos: QPoint) -> bool:
        return not self._busy and super().hitButton(pos)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._busy:
            event.accept()
            return
        super().keyPressEvent(event)

    def _advance_spinner(self) -> None:
        self._wait.start(SPINNER_STEP_MS)
        self._spinning = True
        self._turn = (self._turn + 30) % 360
        self.update()

    # -- measuring --
    def _icon_px(self) -> float:
        if self._is_lone:
            return 24
        return 20 if self._px <= 20 else self._px * 0.85

    def _gap_px(self) -> int:
        return self.look.px(10 if self._px <= 20 else 16)

    def _padding(self) -> int:
        return self.look.px(18 if self._height <= 64 else 28)

    def _key_cap_style(self) -> paint.KeyCapStyle:
        if self._px > 20:
            return paint.KeyCapStyle(px=18, padding=10, height=30)
        return paint.KeyCapStyle(fill="surface" if self.look.theme.outlined else "paper")

    def _part_widths(self, *, measured: bool = False) -> dict[str, float]:
        """Return each part's width. A disabled key shows no cap or arrow; `measured` counts them, to keep its size."""
        live = measured or self.isEnabled()
        font = self.look.font(self._px, bold=self.text_bold)
        second = paint.width_of_text(self.look.font(15), self._second) if self._second else 0
        word = "" if self._is_lone else self.text()
        parts = {"text": max(paint.width_of_text(font, word), second)}
        if self._icon:
            parts["icon"] = self.look.px(self._icon_px()) + (self._gap_px() if word else 0)
        if self._trailing and live:
            parts["trailing"] = self._gap_px() + self.look.px(self._icon_px())
        if self._key and live:
            parts["key"] = self._gap_px() + paint.key_cap_size(self.look, self._key, self._key_cap_style()).width()
        return parts

    def _height_in_px(self) -> int:
        return self.look.large_px(self._height) if self._height >= 80 else self.look.px(self._height)

    def sizeHint(self) -> QSize:
        width = sum(self._part_widths(measured=True).values()) + 2 * self._padding()
        height = self._height_in_px()
        return QSize(max(int(width) + 1, height), height)

    def minimumSizeHint(self) -> QSize:
        height = self._height_in_px()
        return QSize(max(int(self._part_widths()["text"]) + 1 + 2 * self.look.px(10), height), height)

    # -- painting --
    def colors(self) -> tuple[str, str, str]:
        """Return the tokens of fill, edge and ink for the state the button is in."""
        if not self.isEnabled():
            return "sunken", "edge", "ink2"
        if self.isDown():
            return self.fill_down, self.edge, self.ink_down
        if self.underMouse():
            return self.fill_hover, self.edge, self.ink
        return self.fill, self.edge, self.ink

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.Painter(self, self.look)
        fill, edge, ink = self.colors()
        rect = QRectF(self.rect())
        if fill or edge:
            painter.draw_box(rect, self.radius, fill, edge=edge, dashed=not self.isEnabled())
        side, edge_px = self.look.px(20), self.look.px(10)
        free = (rect.width() - sum(self._part_widths().values())) / 2 if self._align == "center" else self._padding()
        if self._spinning and not self._icon and free < edge_px + side:
            rect.setLeft(rect.left() + side)  # A word that fills its button stands beside the arc, not under it.
        self._paint_icon_text_and_key(painter, rect, ink)
        if self._spinning:
            self._paint_spinner_arc(painter, QRectF(edge_px, (self.height() - side) / 2, side, side), ink)

    def _paint_icon_text_and_key(self, painter: paint.Painter, rect: QRectF, ink: str) -> None:
        look, parts = self.look, self._part_widths()
        inset = self._inset() if parts["text"] else 0  # An icon alone is never given up.
        room = rect.width() - 2 * inset
        # What a narrow button gives up first: the key, then the arrow, then the icon; the word comes last.
        for part in ("key", "trailing", "icon"):
            if sum(parts.values()) > room:
                parts.pop(part, None)
        used = min(sum(parts.values()), room)
        x = rect.left() + (self._left_text_inset() if self._align == "left" else (rect.width() - used) / 2)
        x = max(x, rect.left() + inset)
        icon_px = self._icon_px()
        side = look.px(icon_px)
        if "icon" in parts:
            if self._icon and not self._spinning:
                painter.draw_icon(self._icon, ink, x, rect.center().y() - side / 2, icon_px)
            x += parts["icon"]
        text_width = min(parts["text"], room)
        self._paint_words(painter, QRectF(x, rect.top(), text_width, rect.height()), ink)
        x += text_width
        if "trailing" in parts and self._trailing:
            painter.draw_icon(self._trailing, ink, x + self._gap_px(), rect.center().y() - side / 2, icon_px)
            x += parts["trailing"]
        if "key" in parts:
            style = self._keycap_style_on_button()
            size = paint.key_cap_size(look, self._key, style)
            top = round(rect.center().y() - size.height() / 2)
            painter.draw_key_cap(QRectF(round(x + self._gap_px()), top, *size.toTuple()), self._key, style)

    def _inset(self) -> int:
        return self.look.gap(10)

    def _left_text_inset(self) -> int:
        """Return where words begin that are not centred: large letters need the air before them."""
        return self._padding() if self.look.scale.text <= 1 else self._inset()

    def _label_font_px(self) -> float:
        """Return the size in drawn px in which the word has room."""
        font = paint.squeezed_font(
            self.look, self.text(), self._px, self.width() - 2 * self._inset(), bold=self.text_bold
        )
        return font.pixelSize() / self.look.scale.k

    def _same_size_neighbours(self) -> "list[Button]":
        """Return the buttons beside this one that have letters of one size with it."""
        place = self.parentWidget()
        if place is None or self.look.scale.text <= 1:
            return [self]
        kin = place.findChildren(Button, options=Qt.FindChildOption.FindDirectChildrenOnly)
        sized = (self._px, self._height)
        return [one for one in kin if not (one.isHidden() or one._is_lone) and (one._px, one._height) == sized]

    def _paint_words(self, painter: paint.Painter, rect: QRectF, ink: str) -> None:
        if self._is_lone:
            return
        look = self.look
        font = look.font(min(one._label_font_px() for one in self._same_size_neighbours()), bold=self.text_bold)
        centre = Qt.AlignmentFlag.AlignHCenter if self._align == "center" else Qt.AlignmentFlag.AlignLeft
        if not self._second:
            painter.draw_words_and_give_end_x(self.text(), font, ink, rect, centre)
            return
        high, low = look.px(self._px * 1.35), look.px(15 * 1.4)
        top = rect.center().y() - (high + low) / 2
        painter.draw_words_and_give_end_x(self.text(), font, ink, QRectF(rect.left(), top, rect.width(), high), centre)
        under = QRectF(rect.left(), top + high, rect.width(), low)
        painter.draw_words_and_give_end_x(
            self._second, paint.squeezed_font(look, self._second, 15, rect.width()), "ink2", under, centre
        )

    def _paint_spinner_arc(self, painter: paint.Painter, rect: QRectF, ink: str) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.look.color(ink), 2 * self.look.scale.k))
        painter.drawArc(rect.adjusted(2, 2, -2, -2), -self._turn * 16, 270 * 16)

    def _keycap_style_on_button(self) -> paint.KeyCapStyle:
        return self._key_cap_style()


class PrimaryButton(Button):
    """The one filled button of a screen; it says what happens."""

    fill, fill_hover, fill_down = "primary", "primary", "press"
    edge, ink, ink_down = "", "on_primary", "on_primary"
    usual_height, usual_px = 112.0, 36.0

    def _keycap_style_on_button(self) -> paint.KeyCapStyle:
        cap = self._key_cap_style()
        if self.look.theme.outlined:
            return paint.KeyCapStyle(cap.px, cap.padding, cap.height, "primary", "on_primary", "on_primary")
        wash, rim = QColor(255, 255, 255, 38), QColor(255, 255, 255, 140)
        return paint.KeyCapStyle(cap.px, cap.padding, cap.height, wash, rim, "on_primary")


class SecondaryButton(Button):
    """White with an edge: icon, word, key."""


class AccentButton(Button):
    ink = "primary"


class DangerButton(Button):
    """Red edge and word; a dialog whose default is the safe answer asks before its act."""

    fill_hover, fill_down = "redbg", "redbg"
    edge, ink, ink_down = "red", "red", "red"


class TextButton(Button):
    """A minor act: only its word."""

    fill, fill_hover, fill_down = "", "soft", "soft"
    edge, ink, ink_down = "", "primary", "on_soft"

    def _padding(self) -> int:
        return self.look.px(10)

    def colors(self) -> tuple[str, str, str]:
        return super().colors() if self.isEnabled() else ("", "", "ink2")


class IconButton(Button):
    """A lone icon, only for ⋯ and the like; `name` is for screen readers."""

    def __init__(
        self, look: Look, icon: str, name: str, *, side: float = 44, framed: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, "", icon=icon, height=side, parent=parent)
        self.set_name(name)
        if not framed:
            self.fill, self.edge, self.fill_hover = "", "", "sunken"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_name(self, name: str) -> None:
        self.setAccessibleName(name)
        self.setToolTip(name)

    def _icon_px(self) -> float:
        return 24

    def _padding(self) -> int:
        return self.look.px(10)


class MoreButton(IconButton):
    """The ⋯ button, which gives the place for its menu."""

    wanted = Signal(QPoint)

    def __init__(self, look: Look, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(look, "more", name, parent=parent)
        self.clicked.connect(self._emit_wanted_at_corner)

    def _emit_wanted_at_corner(self) -> None:
        self.wanted.emit(self.mapToGlobal(QPoint(self.width(), self.height())))


class ButtonRow(QWidget):
    """Buttons side by side that share the width by their words; fixed ones such as ⋯ keep theirs."""

    def __init__(self, look: Look, *, gap: float = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._gap = look, gap
        self._shown: list[Button] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        look.changed.connect(self._distribute_width)

    def set_buttons(self, buttons: list[Button]) -> None:
        """Show exactly these buttons, in this order; those left out are hidden, not deleted."""
        for button in self._shown:
            self._row.removeWidget(button)
            if button not in buttons:
                button.hide()
        self._shown = list(buttons)
        for button in buttons:
            self._row.addWidget(button)
            button.show()
        self._distribute_width()

    def _distribute_width(self) -> None:
        gap = self._look.px(self._gap)
        if self._row.spacing() != gap:  # setting it asks for a layout, and a layout asks to share: without end
            self._row.setSpacing(gap)
        for button in self._shown:
            place = self._row.indexOf(button)
            fixed = button.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Fixed
            share = 0 if fixed else button.sizeHint().width()
            if self._row.stretch(place) != share:
                self._row.setStretch(place, share)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._distribute_width()
        return super().event(event)


def pill_width(look: Look, text: str, icon: str, px: float) -> float:
    width = paint.width_of_text(look.font(px, bold=True), text) + 2 * look.px(px * 0.75)
    return width + (look.px(px * 1.05) + look.px(px * 0.4) if icon else 0)


def paint_pill_with_text(
    painter: paint.Painter, rect: QRectF, text: str, *, tint: str, token: str, icon: str = "", px: float = 15
) -> None:
    """Draw a pill filling `rect`; in high contrast the tint becomes an outline in the word's colour."""
    look = painter.look
    edge = token if look.theme.outlined else ""
    painter.draw_box(rect, rect.height(), tint, edge=edge, width=2)
    x = rect.left() + look.px(px * 0.75)
    if icon:
        side = px * 1.05
        painter.draw_icon(icon, token, x, rect.center().y() - look.px(side) / 2, side)
        x += look.px(side) + look.px(px * 0.4)
    inside = QRectF(x, rect.top(), rect.right() - x, rect.height())
    painter.draw_words_and_give_end_x(text, look.font(px, bold=True), token, inside)


class Pill(FollowsLook, QLabel):
    """A word on a tint, with an icon if it has one."""

    def __init__(
        self,
        look: Look,
        text: str,
        *,
        tint: str = "sunken",
        token: str = "ink2",
        icon: str = "",
        px: float = 15,
        height: float | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.follow_look(look)
        self._tint, self._token, self._icon = tint, token, icon
        self._px, self._height = px, height or px * 2
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_text_and_colors(self, text: str, *, tint: str, token: str, icon: str = "") -> None:
        self._tint, self._token, self._icon = tint, token, icon
        self.setText(text)
        self.measure_again()

    def sizeHint(self) -> QSize:
        width = ceil(pill_width(self.look, self.text(), self._icon, self._px))
        return QSize(width, self.look.px(self._height))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect = paint.Painter(self, self.look), QRectF(self.rect())
        paint_pill_with_text(
            painter, rect, self.text(), tint=self._tint, token=self._token, icon=self._icon, px=self._px
        )


class StatePill(Pill):
    """The state of a ticket or window: colour, shape and word. `state` is a key of theme.MARKS."""

    def __init__(
        self,
        look: Look,
        state: str,
        word: str,
        *,
        px: float = 17,
        height: float | None = None,
        parent: QWidget | None = None,
    ) -> None:
        mark = MARKS[state]
        super().__init__(
            look, word, tint=mark.tint, token=mark.token, icon=mark.icon, px=px, height=height, parent=parent
        )
        self.state = state

    def set_state(self, state: str, word: str) -> None:
        """Show another state; the word comes from the caller because it has a language."""
        mark = MARKS[state]
        self.state = state
        self.set_text_and_colors(word, tint=mark.tint, token=mark.token, icon=mark.icon)


class ClassPill(Pill):
    """A customer's priority class, on staff screens only."""

    def __init__(self, look: Look, text: str, *, px: float = 14, parent: QWidget | None = None) -> None:
        super().__init__(look, text, tint="bluebg", token="blue", icon="person", px=px, height=px * 1.8, parent=parent)


class FilterPill(PaintedButton):
    """A filter that can be switched on; a tick and a tint show that it is."""

    PX = 15.0

    def __init__(self, look: Look, text: str, *, height: float = 32, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._height = height
        self.radius = height / 2
        self.setCheckable(True)
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        icon = "check" if self.isChecked() else ""
        return QSize(ceil(pill_width(self.look, self.text(), icon, self.PX)), self.look.px(self._height))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def checkStateSet(self) -> None:
        self.updateGeometry()

    def nextCheckState(self) -> None:
        super().nextCheckState()
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect, on = paint.Painter(self, self.look), QRectF(self.rect()), self.isChecked()
        tint, token, icon = ("soft", "on_soft", "check") if on else ("sunken", "ink2", "")
        paint_pill_with_text(painter, rect, self.text(), tint=tint, token=token, icon=icon, px=self.PX)
