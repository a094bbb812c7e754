"""Grounds to put things on, such as stage, rail, cards and areas that scroll, and the words on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import ceil
from typing import Any, Literal, TypeVar

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QGuiApplication, QPaintEvent, QPalette, QResizeEvent, QScreen
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QBoxLayout,
    QFrame,
    QGridLayout,
    QLabel,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from queuedesk.stations.widgets import paint
from queuedesk.stations.widgets.buttons import AccentButton
from queuedesk.stations.widgets.paint import FollowsLook, Painter, elide, largest_fitting_px, wrapped_lines
from queuedesk.stations.window.style import HERO, PAGE, XS, Look, M, Page, S

LEFT = Qt.AlignmentFlag.AlignLeft
MAX_WRAPPED_LINES = 12


def line_height(px: float) -> float:
    """Return the height of one line of `px` drawn px: airy for body text, close for titles."""
    return px * (1.5 if px <= 20 else 1.3 if px < 48 else 1.1)


class Label(FollowsLook, QLabel):
    """One line (cut with … when too long for letters of 100 %, the whole in the tooltip) or, with `wrap`, as many as
    needed but `most`, and the whole in the tooltip when that is too few."""

    def __init__(
        self,
        look: Look,
        text: str = "",
        *,
        px: float = M,
        bold: bool = False,
        token: str = "ink",
        tabular: bool = False,
        align: Qt.AlignmentFlag = LEFT,
        wrap: bool = False,
        most: int = MAX_WRAPPED_LINES,
        elide: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._most = most
        # A layout asks for the same few sizes again and again, also when another label has changed.
        self._hint: QSize | None = None
        self._heights: dict[int, int] = {}
        self._measured_at = look.scale
        self.follow_look(look)
        self._px, self._bold, self._token, self._tabular = px, bold, token, tabular
        self._align, self._wrap, self._elide = align, wrap, elide
        self.setTextFormat(Qt.TextFormat.PlainText)
        # A layout asks it a million times whether its height depends on its width: Qt answers by itself, not we.
        self.setWordWrap(wrap)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if wrap:
            policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setText(text)

    def set_color_token(self, token: str) -> None:
        if token != self._token:
            self._token = token
            self.update()

    def set_bold(self, bold: bool) -> None:
        self._bold = bold
        self.measure_again()

    def set_font_px(self, px: float) -> None:
        self._px = px
        self.measure_again()

    def set_maximum_lines(self, lines: int) -> None:
        if lines != self._most:
            self._most = lines
            self.measure_again()
            self._update_tooltip()

    def _font(self) -> QFont:
        return self.look.font(self._px, bold=self._bold, tabular=self._tabular)

    def _line_height_px(self) -> int:
        return self.look.px(line_height(self._px))

    def _clear_cached_sizes(self) -> None:
        self._hint, self._heights, self._measured_at = None, {}, self.look.scale

    def _clear_sizes_if_scale_changed(self) -> None:
        # Whoever follows the look before this label does may ask already.
        if self._measured_at is not self.look.scale:
            self._clear_cached_sizes()

    def sizeHint(self) -> QSize:
        self._clear_sizes_if_scale_changed()
        if self._hint is None:
            width = max(paint.width_of_text(self._font(), line) for line in self.text().split("\n"))
            lines = 1 + self.text().count("\n") if self._wrap else 1
            self._hint = QSize(ceil(width) + self.contentsMargins().left(), self._line_height_px() * lines)
        return self._hint

    def minimumSizeHint(self) -> QSize:
        whole = self.sizeHint()
        if self._wrap or self._elide:
            return QSize(min(whole.width(), self.look.px(self._px * 3)), self._line_height_px())
        return whole

    def heightForWidth(self, width: int) -> int:
        self._clear_sizes_if_scale_changed()
        if width not in self._heights:
            room, lines = width - self.contentsMargins().left(), 1
            if self._wrap:
                lines = max(1, len(wrapped_lines(self._font(), self.text(), room, self._most)))
            self._heights[width] = self._line_height_px() * lines
        return self._heights[width]

    def measure_again(self) -> None:
        self._clear_cached_sizes()
        super().measure_again()

    def setText(self, text: str) -> None:
        """Show `text`; if it is cut the tooltip has all of it."""
        if text == self.text():
            return  # A clock tells the same most of the time: nothing is to be laid out anew.
        self._clear_cached_sizes()
        super().setText(text)
        self.updateGeometry()
        self._update_tooltip()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_tooltip()

    def _update_tooltip(self) -> None:
        cut = not self._wrap and self.sizeHint().width() > self.width()
        if self._wrap and self._most < MAX_WRAPPED_LINES:
            room = self.width() - self.contentsMargins().left()
            cut = len(wrapped_lines(self._font(), self.text(), room, self._most + 1)) > self._most
        self.setToolTip(self.text() if cut else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, font, high = paint.Painter(self, self.look), self._font(), self._line_height_px()
        left = self.contentsMargins().left()
        room = self.width() - left
        lines = wrapped_lines(font, self.text(), room, self._most) if self._wrap else [self.text()]
        top = 0.0 if self._wrap else (self.height() - high) / 2
        if not self._wrap:
            font = paint.squeezed_font(self.look, self.text(), self._px, room, bold=self._bold, tabular=self._tabular)
        for line in lines:
            rect = QRectF(left, top, room, high)
            painter.draw_words_and_give_end_x(line, font, self._token, rect, self._align)
            top += high


class ShrinkingLabel(Label):
    """One line that shrinks to `least` drawn px before it is cut, for text to read in full, such as an address."""

    def __init__(self, look: Look, text: str = "", *, px: float = M, least: float, **style: Any) -> None:
        self._full, self._least = px, least
        super().__init__(look, text, px=px, **style)

    def fitted_font(self) -> QFont:
        k = self.look.scale.k
        size = largest_fitting_px(self.text(), self.width(), self._full * k, bold=self._bold, least=self._least * k)
        return self.look.font(size / k, bold=self._bold, tabular=self._tabular)

    def paintEvent(self, event: QPaintEvent) -> None:
        room = QRectF(0, 0, self.width(), self.height())
        paint.Painter(self, self.look).draw_words_and_give_end_x(
            self.text(), self.fitted_font(), self._token, room, self._align
        )


class TextRun(Struct, frozen=True):
    """A piece of a line: words or a number in one size and colour, `gap` drawn px after the piece before."""

    text: str
    px: float = M
    bold: bool = False
    token: str = "ink"
    tabular: bool = False
    gap: float = 0
    icon: str = ""


def _run_icon_px(run: TextRun) -> float:
    return run.px * 1.1


def text_runs_width(look: Look, runs: Sequence[TextRun]) -> float:
    """Return the width of `runs` in device-independent pixels."""
    width = 0.0
    for run in runs:
        width += look.px(run.gap) + paint.width_of_text(look.font(run.px, bold=run.bold, tabular=run.tabular), run.text)
        if run.icon:
            width += look.px(_run_icon_px(run)) + look.px(run.px * 0.35)
    return width


def paint_text_runs(
    painter: paint.Painter, runs: Sequence[TextRun], x: float, baseline: float, *, limit: float | None = None
) -> float:
    """Draw `runs` on one baseline from x; the run that would pass `limit` is cut with …. Return where they end."""
    look = painter.look
    for run in runs:
        x += look.px(run.gap)
        font = look.font(run.px, bold=run.bold, tabular=run.tabular)
        if run.icon:
            side = _run_icon_px(run)
            middle = baseline - paint.MIDDLE_EM * font.pixelSize()
            painter.draw_icon(run.icon, run.token, x, middle - look.px(side) / 2, side)
            x += look.px(side) + look.px(run.px * 0.35)
        words = run.text if limit is None else elide(font, run.text, limit - x)
        x = painter.draw_words(words, font, run.token, x, baseline)
        if words != run.text:
            break
    return x


LEAST_SHARE = 0.8


class TextRunsLabel(FollowsLook, QLabel):
    """Several runs on one baseline: a number and its unit, a sentence with bold figures. Large letters give up what
    they have gained before a run is cut, and letters of the usual size a fifth."""

    def __init__(
        self, look: Look, runs: Sequence[TextRun] = (), *, align: Qt.AlignmentFlag = LEFT, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self._align = align
        self.runs: tuple[TextRun, ...] = ()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_runs(runs)

    def set_runs(self, runs: Sequence[TextRun]) -> None:
        """Show other runs; text() then gives their words for tests and screen readers."""
        if tuple(runs) == self.runs:
            return
        self.runs = tuple(runs)
        self.setText(" ".join(run.text.strip() for run in runs))
        self.updateGeometry()
        self.update()

    def _tallest_run_px(self) -> float:
        return max((run.px for run in self.runs), default=M)

    def sizeHint(self) -> QSize:
        return QSize(ceil(text_runs_width(self.look, self.runs)), self.look.px(line_height(self._tallest_run_px())))

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), self.look.px(self._tallest_run_px() * 3)), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.Painter(self, self.look)
        font = self.look.font(self._tallest_run_px(), bold=True)
        baseline = paint.centred_baseline_y(font, 0, self.height())
        x, runs, wide = 0.0, self.runs, text_runs_width(self.look, self.runs)
        if wide > self.width():
            least = min(1.0, max(LEAST_SHARE, XS / min(run.px for run in runs)), 1 / self.look.scale.text)
            share = max(least, 0.99 * self.width() / wide)
            for part in (share, max(least, 0.96 * share)):  # letters are whole pixels high, and so may be too wide
                runs = tuple(replace(run, px=run.px * part, gap=run.gap * part) for run in self.runs)
                wide = text_runs_width(self.look, runs)
                if wide <= self.width():
                    break
        if self._align == Qt.AlignmentFlag.AlignRight:
            x = max(0.0, self.width() - wide)
        elif self._align == Qt.AlignmentFlag.AlignHCenter:
            x = max(0.0, (self.width() - wide) / 2)
        paint_text_runs(painter, runs, x, baseline, limit=self.width())


class BigNumberLabel(FollowsLook, QLabel):
    """The one big number of a screen, its first stroke flush with the text below it. It shrinks to the available room,
    but not below a third of its size."""

    def __init__(
        self, look: Look, text: str = "", *, px: float = HERO, token: str = "ink", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self._px, self._token = px, token
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setText(text)

    def set_font_px(self, px: float) -> None:
        self._px = px
        self.measure_again()

    def set_color_token(self, token: str) -> None:
        self._token = token
        self.update()

    def _full_font_px(self) -> float:
        return self.look.large_px(self._px) / self.look.scale.k

    def sizeHint(self) -> QSize:
        font = self.look.font(self._full_font_px(), bold=True)
        return QSize(ceil(paint.width_of_text(font, self.text())), self.look.large_px(self._px))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.large_px(self._px), self.look.large_px(self._px * 0.45))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.text():
            return
        painter, k = paint.Painter(self, self.look), self.look.scale.k
        # The line box is not needed: capitals and figures reach 0.73 em, Chinese 0.95.
        full = min(self._full_font_px() * k, self.height() / 0.95)
        size = largest_fitting_px(self.text(), self.width(), full, bold=True, least=self._full_font_px() * k / 3)
        font = self.look.font(size / k, bold=True)
        left = QFontMetricsF(font).tightBoundingRect(self.text()).left()
        baseline = paint.centred_baseline_y(font, 0, self.height())
        painter.draw_words(self.text(), font, self._token, -left, baseline)


Side = Literal["", "left", "right", "top", "bottom"]

KEPT_CLEAR = "kept_clear"
"""The property of a widget that no notice may cover though nothing on it is pressed: the station's name, a strip that
says something."""

Gap = float | Page
Margins = tuple[Gap, Gap, Gap, Gap]


def screen_under_widget(widget: QWidget) -> QScreen:
    """Return the screen that a widget is on. Asking the widget itself makes PySide6 tie the screen's life to it: later
    uses of that screen may then end the process."""
    return QGuiApplication.screenAt(widget.mapToGlobal(widget.rect().center())) or QGuiApplication.primaryScreen()


class _LayoutSpacingFollower(QObject):
    """Keeps a layout's margins and spacing in step with the look."""

    def __init__(self, look: Look, layout: QLayout, margins: Margins, spacing: float) -> None:
        super().__init__(layout)
        self._look, self._layout, self._margins, self._spacing = look, layout, margins, spacing
        look.changed.connect(self.set_margins_and_spacing)
        self.set_margins_and_spacing()

    def set_margins_and_spacing(self) -> None:
        left, top, right, bottom = (self._look.gap(margin) for margin in self._margins)
        self._layout.setContentsMargins(left, top, right, bottom)
        self._layout.setSpacing(self._look.gap(self._spacing))


def set_scaled_margins(look: Look, layout: QLayout, margins: Margins = (0, 0, 0, 0), spacing: float = 0) -> None:
    """Give `layout` margins (left, top, right, bottom) and spacing in drawn px that follow the look."""
    _LayoutSpacingFollower(look, layout, margins, spacing)


class FixedSizeKeeper(QObject):
    """Keeps a widget's width (as a rail's) and height (as a bar's), where given in drawn px, in step with the look."""

    def __init__(self, look: Look, widget: QWidget, *, width: float | None = None, height: float | None = None) -> None:
        super().__init__(widget)
        self._look, self._widget, self._width, self._height = look, widget, width, height
        look.changed.connect(self.set_fixed_size)
        self.set_fixed_size()

    def set_fixed_size(self) -> None:
        if self._width is not None:
            self._widget.setFixedWidth(self._look.large_px(self._width))
        if self._height is not None:
            self._widget.setFixedHeight(self._look.px(self._height))


class FixedFontSizeKeeper(QObject):
    """Keeps the letters of one of Qt's own widgets at a size in drawn px, in step with the look."""

    def __init__(self, look: Look, widget: QWidget, px: float) -> None:
        super().__init__(widget)
        self._look, self._widget, self._px = look, widget, px
        look.changed.connect(self.apply_kept_font_size)
        self.apply_kept_font_size()

    def apply_kept_font_size(self) -> None:
        self._widget.setFont(self._look.font(self._px))


class Panel(FollowsLook, QWidget):
    """A flat ground in one colour, with a divider along one side if asked for."""

    def __init__(self, look: Look, token: str = "paper", *, edge: Side = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self._token, self._edge = token, edge

    def set_color_token(self, token: str) -> None:
        self._token = token
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.Painter(self, self.look)
        painter.fillRect(self.rect(), self.look.color(self._token))
        right, bottom = self.width() - 1, self.height() - 1
        ends = {
            "left": (QPointF(0, 0), QPointF(0, bottom)),
            "right": (QPointF(right, 0), QPointF(right, bottom)),
            "top": (QPointF(0, 0), QPointF(right, 0)),
            "bottom": (QPointF(0, bottom), QPointF(right, bottom)),
        }
        if self._edge:
            painter.draw_divider(*ends[self._edge])


class Card(FollowsLook, QWidget):
    """A white ground with round corners and a thin line; `chosen` gives it the thick green edge."""

    def __init__(self, look: Look, *, radius: float = 12, chosen: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self._radius, self._chosen = radius, chosen

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.Painter(self, self.look)
        edge = "primary" if self._chosen else "edge" if self.look.theme.outlined else "line"
        width = 3 if self._chosen else 1
        painter.draw_box(QRectF(self.rect()), self._radius, "surface", edge=edge, width=width)


class DividerLine(FollowsLook, QWidget):
    def __init__(
        self, look: Look, *, vertical: bool = False, length: float | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self._vertical, self._length = vertical, length
        fixed, wide = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding
        along = fixed if length is not None else wide
        self.setSizePolicy(*((fixed, along) if vertical else (along, fixed)))

    def sizeHint(self) -> QSize:
        along = self.look.px(self._length) if self._length is not None else 1
        return QSize(1, along) if self._vertical else QSize(along, 1)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.Painter(self, self.look).fillRect(self.rect(), self.look.color("line"))


class LetterBadge(FollowsLook, QWidget):
    def __init__(self, look: Look, letter: str, *, side: float = 60, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self._letter, self._side = letter, side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_letter(self, letter: str) -> None:
        self._letter = letter
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(self._side), self.look.px(self._side))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.Painter(self, self.look).draw_badge(QRectF(self.rect()), self._letter)


class IconBadge(FollowsLook, QWidget):
    """An icon on its soft square; `bare` leaves the square out."""

    def __init__(self, look: Look, icon: str, *, bare: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self._icon, self._bare = icon, bare
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(40), self.look.px(40))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        if not self._bare:
            painter.draw_box(QRectF(self.rect()), 10, "soft", edge="ink" if look.theme.outlined else "")
        offset = (self.height() - look.px(22)) / 2
        painter.draw_icon(self._icon, "ink2" if self._bare else "primary", offset, offset, 22)


EMPTY_ICON = 48


class EmptyState(FollowsLook, QWidget):
    """Says in a list's place why it is empty and what comes next; its one button leads there (`acted`)."""

    acted = Signal()

    def __init__(
        self, look: Look, icon: str, text: str = "", second: str = "", *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self._icon = icon
        centre = Qt.AlignmentFlag.AlignHCenter
        self._text = Label(look, text, px=M, token="ink2", align=centre, wrap=True)
        self._second = Label(look, second, px=S, token="ink2", align=centre, wrap=True)
        self.button = AccentButton(look, height=48, px=M)
        self.button.clicked.connect(self.acted)
        column = QVBoxLayout(self)
        set_scaled_margins(look, column, (16, 72, 16, 0), 8)
        column.addWidget(self._text)
        column.addWidget(self._second)
        column.addSpacing(8)
        column.addWidget(self.button, 0, centre)
        column.addStretch(1)
        self._second.setVisible(bool(second))
        self.button.hide()

    def set_texts(self, text: str, second: str = "", act: str = "", icon: str = "") -> None:
        """Say something else; `act` is the button's word, "" where nothing is to be done."""
        self._icon = icon or self._icon
        self._text.setText(text)
        self._second.setText(second)
        self._second.setVisible(bool(second))
        self.button.setText(act)
        self.button.setVisible(bool(act))

    def paintEvent(self, event: QPaintEvent) -> None:
        # Like the room over the words it does not grow with the text, or it would reach into them.
        painter, look = paint.Painter(self, self.look), self.look
        x = (self.width() - look.gap(EMPTY_ICON)) / 2
        painter.draw_icon(self._icon, "ink2", x, look.gap(8), EMPTY_ICON / look.scale.text)


class EmptyStateCard(Card):
    """An empty state in place of a list, at a fixed height; without a ground of its own where it has one behind."""

    def __init__(self, look: Look, empty: EmptyState, *, bare: bool = False) -> None:
        super().__init__(look)
        self._bare = bare
        middle = QVBoxLayout(self)
        middle.addStretch(1)
        middle.addWidget(empty)
        middle.addStretch(2)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._bare:
            super().paintEvent(event)


# -- rows that come and go ---------------------------------------------------------------------------------------------

W = TypeVar("W", bound=QWidget)


def remove_and_delete_widgets(widgets: Iterable[QWidget], layout: QLayout | None = None) -> None:
    """Delete widgets, removing them at once from the screen and from `layout`, whose places are counted."""
    for widget in widgets:
        if layout is not None:
            layout.removeWidget(widget)
        widget.hide()
        widget.deleteLater()


def resize_row_list(rows: list[W], count: int, make: Callable[[], W], layout: QLayout | None = None) -> None:
    """Have `count` rows: existing ones are kept, surplus ones removed from the end, `make` gives new ones."""
    remove_and_delete_widgets(rows[count:], layout)
    del rows[count:]
    while len(rows) < count:
        rows.append(make())


def set_side_by_side_or_stacked(beside: bool, *layouts: QBoxLayout) -> None:
    ways = QBoxLayout.Direction
    for layout in layouts:
        layout.setDirection(ways.LeftToRight if beside else ways.TopToBottom)


# -- areas that scroll -------------------------------------------------------------------------------------------------


def set_new_viewport(area: QAbstractScrollArea, *, filled: bool) -> None:
    """Give `area` a viewport made here, as asking for Qt's own costs PySide6 11 ms of a start; `filled`: its ground."""
    viewport = QWidget()
    viewport.setBackgroundRole(QPalette.ColorRole.Base)
    viewport.setAutoFillBackground(filled)
    area.setViewport(viewport)


class VerticalScrollArea(QScrollArea):
    """Scrolls `inside` vertically without a frame or a ground of its own. The focus skips it for the widgets inside;
    with `keys` it can have the focus too and scrolls, for plain text."""

    def __init__(self, inside: QWidget | None = None, *, keys: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_new_viewport(self, filled=False)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if keys else Qt.FocusPolicy.NoFocus)
        if inside is not None:
            self.setWidget(inside)

    def setWidget(self, widget: QWidget) -> None:
        super().setWidget(widget)
        # Taking a widget in makes it fill its ground; what the area stands on is the ground here.
        widget.setAutoFillBackground(False)


# -- stacks ------------------------------------------------------------------------------------------------------------


class CurrentPageSizedStack(QStackedWidget):
    """A stack as large as its current page. Qt's own is never smaller than its largest page, nor is the window then."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.currentChanged.connect(lambda _index: self.updateGeometry())

    def minimumSizeHint(self) -> QSize:
        shown = self.currentWidget()
        if shown is None:
            return super().minimumSizeHint()
        return shown.minimumSizeHint().expandedTo(shown.minimumSize())


# -- numbered steps ----------------------------------------------------------------------------------------------------

CIRCLE = 28


class _StepNumber(FollowsLook, QLabel):
    def __init__(self, look: Look, number: int) -> None:
        super().__init__(str(number))
        self.follow_look(look)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(CIRCLE), self.look.px(CIRCLE))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect = Painter(self, self.look), QRectF(self.rect())
        painter.draw_box(rect, CIRCLE / 2, "surface", edge="edge")
        painter.draw_words_and_give_end_x(self.text(), self.look.font(15), "ink2", rect, Qt.AlignmentFlag.AlignHCenter)


class NumberedSteps(QWidget):
    """A list of steps; equal numbers reuse the lines. `below` are widgets under the step at that index, from 0."""

    def __init__(
        self, look: Look, below: tuple[int, Sequence[QWidget]] = (-1, ()), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look, self._below = look, below
        self.lines: list[Label] = []
        self._grid = QGridLayout(self)
        self._grid.setColumnStretch(1, 1)
        set_scaled_margins(look, self._grid, spacing=10)

    def set_steps(self, steps: Sequence[str]) -> None:
        if not self.lines:
            self._lay_out_steps(len(steps))
        for label, text in zip(self.lines, steps, strict=True):
            label.setText(text)

    def _lay_out_steps(self, steps: int) -> None:
        row, (place, widgets) = 0, self._below
        for at in range(steps):
            line = Label(self._look, px=17, wrap=True)
            self.lines.append(line)
            self._grid.addWidget(_StepNumber(self._look, at + 1), row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(line, row, 1)
            row += 1
            for widget in widgets if at == place else ():
                self._grid.addWidget(widget, row, 1)
                row += 1


# -- the body of a page ------------------------------------------------------------------------------------------------


class ScrolledBody(QStackedWidget):
    """`stack` holds the parts; `area` scrolls them; `wait` replaces them after show_parts_or_waiting_text(False)."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inner = QWidget()
        self.stack = QVBoxLayout(inner)
        set_scaled_margins(look, self.stack, (PAGE, 0, 20, 24), 12)
        self.area = VerticalScrollArea(inner)
        self.wait = EmptyState(look, "hourglass")
        holder = QWidget()
        around = QVBoxLayout(holder)
        set_scaled_margins(look, around, (PAGE, 0, PAGE, 24), 0)
        around.addWidget(EmptyStateCard(look, self.wait))
        self.addWidget(self.area)
        self.addWidget(holder)

    def show_parts_or_waiting_text(self, shown: bool) -> None:
        self.setCurrentIndex(int(not shown))


# -- grids -------------------------------------------------------------------------------------------------------------


def cell_rects(
    area: QRect, count: int, columns: int, row_height: int, gap: int, *, share_last: bool = True
) -> list[QRect]:
    """Return `count` cells in rows of `columns`; those of the last row share its whole width if wished."""
    cells = []
    rows = ceil(count / columns) if count else 0
    for row in range(rows):
        held = min(columns, count - row * columns)
        in_row = held if share_last else columns
        y = area.top() + row * (row_height + gap)
        for column in range(held):
            left = area.left() + round(column * (area.width() + gap) / in_row)
            right = area.left() + round((column + 1) * (area.width() + gap) / in_row) - gap
            cells.append(QRect(left, y, right - left, row_height))
    return cells


class EqualCellGrid(FollowsLook, QWidget):
    """Widgets of one kind in equal cells of `height` drawn px, by default as high as they wish. Those of the last row
    share its whole width unless `share_last` is false, which keeps all cells equal."""

    def __init__(
        self,
        look: Look,
        *,
        height: float | None = None,
        gap: float = 12,
        share_last: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self._height, self._gap, self._share_last = height, gap, share_last
        self._cells: list[QWidget] = []
        self._most: int | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_widgets(self, widgets: Sequence[QWidget]) -> None:
        """Show exactly these; those shown before are hidden, not deleted."""
        for widget in self._cells:
            if widget not in widgets:
                widget.hide()
        self._cells = list(widgets)
        for widget in self._cells:
            widget.setParent(self)
            widget.show()
        self.measure_again()

    def set_cell_height(self, height: float) -> None:
        """Give the cells another height in drawn px."""
        if height != self._height:
            self._height = height
            self.measure_again()

    def measure_again(self) -> None:
        super().measure_again()
        self._place_cells_evenly()

    def set_maximum_columns(self, columns: int | None) -> None:
        """Put at most so many cells into a row, however many fit."""
        self._most = columns

    def columns_that_fit(self, width: int) -> int:
        """Return how many fit into a row of `width`, each wide enough for the longest of their words."""
        gap = self.look.gap(self._gap)
        widest = max((cell.minimumSizeHint().width() for cell in self._cells), default=1)
        most = max(1, (width + gap) // (widest + gap))
        if self._most is not None:
            most = min(most, self._most)
        rows = ceil(len(self._cells) / most) if self._cells else 1
        return max(1, ceil(len(self._cells) / rows))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = ceil(len(self._cells) / self.columns_that_fit(width)) if self._cells else 0
        gap = self.look.gap(self._gap)
        return max(0, rows * (self._cell_height(rows) + gap) - gap)

    def _cell_height(self, rows: int) -> int:
        if self._height is not None:
            return self.look.px(self._height)
        # Cells in more than one row give up a little each, for the sake of what stands below.
        hints = [c.sizeHint() if rows < 2 else c.minimumSizeHint() for c in self._cells]
        return max((hint.height() for hint in hints), default=0)

    def sizeHint(self) -> QSize:
        width = self.width() if self.width() > 0 else self.look.large_px(800)
        return QSize(self.look.large_px(400), self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(120), self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        # Other words in a cell may want fewer columns, and so more rows.
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
            self._place_cells_evenly()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_cells_evenly()
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def _place_cells_evenly(self) -> None:
        if not self._cells or self.width() <= 0:
            return
        columns, gap = self.columns_that_fit(self.width()), self.look.gap(self._gap)
        high = self._cell_height(ceil(len(self._cells) / columns))
        area = QRect(0, 0, self.width(), self.height())
        cells = cell_rects(area, len(self._cells), columns, high, gap, share_last=self._share_last)
        for widget, cell in zip(self._cells, cells, strict=True):
            widget.setGeometry(cell)


def repeating_timer(owner: QObject, ms: int, do: Callable[[], object]) -> QTimer:
    """Return a timer of `owner` that calls `do` every `ms` once it is started."""
    timer = QTimer(owner)
    timer.setInterval(ms)
    timer.timeout.connect(do)
    return timer
