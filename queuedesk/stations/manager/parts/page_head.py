"""The head of a manager's page (title, line, buttons, ⋯), the row of tools below it, and the keys of a date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from queuedesk.core.figures.periods import PERIODS
from queuedesk.i18n import _, day_staff
from queuedesk.stations.manager.figures.report_words import period_name, span_text
from queuedesk.stations.widgets.buttons import IconButton, MoreButton, SecondaryButton
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import FittedLabel, Label
from queuedesk.stations.widgets.paint import Painter, width_of, wrap
from queuedesk.stations.widgets.panels import FixedSize, LetterBadge, spread
from queuedesk.stations.widgets.questions.forms import DropDown
from queuedesk.stations.window.day_dialog import ask_day
from queuedesk.stations.window.page import bring_messages
from queuedesk.stations.window.style import XL, Look

HEIGHT = 48
LINE_PX, TWO_LINES_PX, LEAST_LINE_PX = 17, 15, 13


class _Line(Label):
    """The line beside a title: smaller letters, then two lines, and nothing where it would still be cut."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, px=LINE_PX, token="ink2")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def shown_lines(self) -> tuple[float, list[str]]:
        """Return the size of the letters in drawn px, and the lines in which the whole is said here."""
        look, text = self.look, self.text()
        for px in range(LINE_PX, LEAST_LINE_PX - 1, -1):
            if width_of(look.font(px), text) <= self.width():
                return px, [text]
        for px in range(TWO_LINES_PX, LEAST_LINE_PX - 1, -1):
            lines = wrap(look.font(px), text, self.width(), 3)
            if len(lines) <= 2 and not any(width_of(look.font(px), line) > self.width() for line in lines):
                return px, lines
        return LINE_PX, []

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, (px, lines) = Painter(self, self.look), self.shown_lines()
        high = self.look.px(px * 1.35)
        top = (self.height() - high * len(lines)) / 2
        for line in lines:
            painter.words_in(line, self.look.font(px), "ink2", QRectF(0, top, self.width() + 1, high))
            top += high


class PageHead(QWidget):
    """A page's head; `more.wanted` gives the place of the ⋯ menu. With `names` the title is what people typed: it
    shrinks before it is cut, and a badge may stand before it."""

    def __init__(self, look: Look, *, names: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        row = QHBoxLayout(self)
        spread(look, row, spacing=16)
        self.badge = LetterBadge(look, "", side=44)
        self.badge.hide()
        self.title = (
            FittedLabel(look, px=XL, bold=True, least=17) if names else Label(look, px=XL, bold=True, elide=False)
        )
        self.title.hide()
        self.line = _Line(look)
        self._buttons = QHBoxLayout()
        spread(look, self._buttons, spacing=16)
        self.more = MoreButton(look, _("More"))
        row.addWidget(self.badge)
        row.addWidget(self.title)
        row.addWidget(self.line, 1)
        row.addLayout(self._buttons)
        row.addWidget(self.more)
        FixedSize(look, self, height=HEIGHT)

    def add_button(self, button: QWidget) -> None:
        self._buttons.addWidget(button)

    def set_title(self, text: str) -> None:
        self.title.setText(text)
        self.title.setVisible(bool(text))

    def set_line(self, text: str) -> None:
        self.line.setText(text)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        bring_messages(self, self.middle)

    def middle(self) -> QRect:
        """Return the room of title and line: up to the first button."""
        items = [self._buttons.itemAt(place) for place in range(self._buttons.count())]
        keys = [self.more, *(widget for item in items if item is not None and (widget := item.widget()) is not None)]
        right = min((key.x() for key in keys if not key.isHidden()), default=self.width())
        return QRect(0, 0, max(0, right - self._look.px(12)), self.height())


# -- tools -------------------------------------------------------------------------------------------------------------

ROW_GAP, TOOL_HEIGHT = 10, 44


class ToolRow(Follows, QWidget):
    """What is chosen below a head, in one row: some at the left, some at the right. Where there is no room for one row
    they stand in as many as it takes, and nothing is cut.

    `grow` takes what room is left beside the others. Beside tabs all of it stands at the right.
    """

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow(look)
        self._left: list[QWidget] = []
        self._right: list[QWidget] = []
        self._grow: QWidget | None = None
        self.is_beside = False
        # A layout asks for these again and again.
        self._sizes: dict[QWidget, QSize] = {}
        self._heights: dict[tuple[int, tuple[QWidget, ...]], int] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def put(self, *left: QWidget, right: Sequence[QWidget] = (), grow: QWidget | None = None) -> None:
        """Put tools at the end of the left ones, and before the right ones."""
        self._left += left
        self._right = [*right, *self._right]
        self._grow = grow or self._grow
        for widget in (*left, *right):
            widget.setParent(self)
        self.relook()

    def has_tools(self) -> bool:
        """Whether any tool is shown."""
        return bool(self._shown())

    def relook(self) -> None:
        self.forget_sizes()
        super().relook()
        self._place()

    def forget_sizes(self) -> None:
        """Ask the tools anew how much room they take."""
        self._sizes.clear()
        self._heights.clear()

    def _shown(self) -> tuple[QWidget, ...]:
        return tuple([widget for widget in (*self._left, *self._right) if not widget.isHidden()])

    def _rows(self, width: int) -> list[list[QWidget]]:
        gap, rows, used = self.look.gap(ROW_GAP), [], 0
        row: list[QWidget] = []
        for widget in self._shown():
            wide = self._wide(widget)
            if row and used + gap + wide > width:
                rows.append(row)
                row, used = [], -gap
            row.append(widget)
            used += wide + (gap if len(row) > 1 else 0)
        return [*rows, row] if row else rows

    def _size(self, widget: QWidget) -> QSize:
        if widget not in self._sizes:
            hint, least = widget.sizeHint(), max(widget.minimumSizeHint().width(), widget.minimumWidth())
            wished = least if widget is self._grow else max(least, hint.width())
            self._sizes[widget] = QSize(min(wished, widget.maximumWidth()), hint.height())
        return self._sizes[widget]

    def _wide(self, widget: QWidget) -> int:
        return self._size(widget).width()

    def _high(self) -> int:
        return max([self.look.px(TOOL_HEIGHT), *(self._size(widget).height() for widget in self._shown())])

    def heightForWidth(self, width: int) -> int:
        return self._height(width, self._shown())

    def _height(self, width: int, shown: tuple[QWidget, ...]) -> int:
        if (width, shown) not in self._heights:
            rows, gap = len(self._rows(width)), self.look.gap(ROW_GAP)
            self._heights[width, shown] = max(0, rows * (self._high() + gap) - gap)
        return self._heights[width, shown]

    def _own_height(self, shown: tuple[QWidget, ...]) -> int:
        """Return how high it is as wide as it stands, or in one row while it has no width."""
        return self._height(self.width() if self.width() > 0 else max(1, self._whole(shown)), shown)

    def _whole(self, shown: tuple[QWidget, ...]) -> int:
        return sum([self._wide(widget) for widget in shown]) + self.look.gap(ROW_GAP) * len(shown)

    def sizeHint(self) -> QSize:
        shown = self._shown()
        return QSize(max(0, self._whole(shown) - self.look.gap(ROW_GAP)), self._own_height(shown))

    def minimumSizeHint(self) -> QSize:
        shown = self._shown()
        return QSize(max([self._wide(widget) for widget in shown], default=0), self._own_height(shown))

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show):
            # While it was hidden, no tool could ask for more room.
            self.forget_sizes()
            self.updateGeometry()
            self._place()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
        self.updateGeometry()

    def _place(self) -> None:
        gap, high, top = self.look.gap(ROW_GAP), self._high(), 0
        rows = self._rows(self.width())
        for row in rows:
            spare = self.width() - sum(self._wide(widget) + gap for widget in row) + gap
            x = spare if self.is_beside and len(rows) == 1 and self._grow not in row else 0
            for widget in row:
                wide = self._wide(widget)
                if widget is self._grow:
                    wide += max(0, spare)
                elif len(rows) == 1 and widget in self._right and not self.is_beside and self._grow not in row:
                    # The first of the right ones takes the room between.
                    x += max(0, spare)
                    spare = 0
                tall = min(high, self._size(widget).height())
                widget.setGeometry(QRect(x, top + (high - tall) // 2, wide, tall))
                x += wide + gap
            top += high + gap


# -- dates and periods -------------------------------------------------------------------------------------------------

Span = tuple[date, date]
"""The first date and the last."""


class DateKeys(QObject):
    """Buttons to choose a date; `picked` gives the wanted date. The page places `widgets` where it has room."""

    picked = Signal(object)

    def __init__(self, look: Look, page: QWidget) -> None:
        super().__init__(page)
        self._look, self._page = look, page
        self._chosen, self._span, self._reach = date.min, (date.min, date.min), (date.min, date.min)
        self.earlier = IconButton(look, "arrow-left", _("Day before"), side=44, framed=True)
        self.day_button = SecondaryButton(look, "", icon="calendar", height=44)
        self.later = IconButton(look, "arrow-right", _("Day after"), side=44, framed=True)
        self.earlier.clicked.connect(self._go_back)
        self.later.clicked.connect(self._go_on)
        self.day_button.clicked.connect(self.choose_day)

    @property
    def widgets(self) -> list[QWidget]:
        """The buttons in order."""
        return [self.earlier, self.day_button, self.later]

    def show_day(self, day: date, reach: Span) -> None:
        """Show the current date; only those within `reach` can be chosen."""
        self._show(day_staff(day), day, (day, day), reach)

    def choose_day(self) -> None:
        """Ask for another date."""
        first, last = self._reach
        ask_day(self._page.window(), self._look, self.picked, chosen=self._chosen, first=first, last=max(first, last))

    def _show(self, text: str, chosen: date, span: Span, reach: Span) -> None:
        self._chosen, self._span, self._reach = chosen, span, reach
        self.day_button.setText(text)
        self.earlier.setEnabled(span[0] > reach[0])
        self.later.setEnabled(span[1] < reach[1])

    def _go_back(self) -> None:
        self.picked.emit(self._span[0] - timedelta(days=1))

    def _go_on(self) -> None:
        self.picked.emit(self._span[1] + timedelta(days=1))


class PeriodKeys(DateKeys):
    """Date buttons after a choice of the kind of period: `chosen` says that another kind was chosen."""

    chosen = Signal()

    def __init__(self, look: Look, page: QWidget, kinds: Sequence[str] = PERIODS) -> None:
        super().__init__(look, page)
        self.periods, self._kinds = DropDown(look), kinds
        self.periods.setAccessibleName(_("Period"))
        for period in kinds:
            self.periods.addItem(period_name(period), period)
        self.earlier.set_name(_("Earlier"))
        self.later.set_name(_("Later"))
        self.periods.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.periods.activated.connect(self.chosen)
        look.changed.connect(self._restyle)
        self._restyle()

    @property
    def widgets(self) -> list[QWidget]:
        return [self.periods, *super().widgets]

    @property
    def period(self) -> str:
        """The chosen kind."""
        return str(self.periods.currentData())

    def show_span(self, period: str, day: date, span: Span, first: date, today: date) -> None:
        """Show the current period and its date; dates from `first` to `today` can be chosen."""
        self.periods.setCurrentIndex(self._kinds.index(period))
        self._show(span_text(period, *span, today), day, span, (first, today))

    def _restyle(self) -> None:
        self.periods.setFont(self._look.font(17))
