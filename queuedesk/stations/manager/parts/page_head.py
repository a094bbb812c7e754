"""The head of a manager's page: title, keys for its date, a line beside them, buttons and ⋯ at the right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QSizePolicy,
    QWidget,
)

from queuedesk.core.figures.periods import PERIODS
from queuedesk.i18n import _, day_staff
from queuedesk.stations.manager.figures.report_words import period_name, span_text
from queuedesk.stations.widgets.buttons import IconButton, MoreButton, SecondaryButton
from queuedesk.stations.widgets.labels import FittedLabel, Label
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.questions.forms import DropDown
from queuedesk.stations.window.day_dialog import ask_day
from queuedesk.stations.window.style import XL, Look

LEAST_LINE = 110
"""What "live, 10:42" takes beside the controls, in drawn pixels."""


class PageHead(QWidget):
    """A page's head; `more.wanted` gives the place of the ⋯ menu. A page named by its tab has `controls` in place of a
    title."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        row = self._row = QHBoxLayout(self)
        spread(look, row, spacing=16)
        self.title = Label(look, px=XL, bold=True, elide=False)
        self.title.hide()
        self.controls = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        spread(look, self.controls, spacing=10)
        self.line = FittedLabel(look, px=17, token="ink2", least=13)
        self._buttons = QHBoxLayout()
        spread(look, self._buttons, spacing=16)
        self.more = MoreButton(look)
        row.addWidget(self.title)
        row.addLayout(self.controls)
        row.addWidget(self.line, 1)
        row.addLayout(self._buttons)
        row.addWidget(self.more)
        self._least_line = 0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Divide the width again; if the controls need its room the line is left out."""
        if self._least_line:
            beside = (self.controls, self._buttons, self.more)
            needed = sum(one.sizeHint().width() + self._look.gap(16) for one in beside)
            self.line.setVisible(needed + self._look.px(self._least_line) <= self.width())
        if (layout := self.layout()) is not None:
            layout.activate()

    def add_button(self, button: QWidget) -> None:
        self._buttons.addWidget(button)

    def put_controls(self, widgets: Sequence[QWidget]) -> None:
        """Put buttons or choices before the line, beside the others; the line gets the remaining room."""
        self._least_line = LEAST_LINE
        self._row.setAlignment(self.more, Qt.AlignmentFlag.AlignTop)
        line = QHBoxLayout()
        line.setSpacing(self.controls.spacing())
        for widget in widgets:
            line.addWidget(widget)
        line.addStretch(0)
        self.controls.addLayout(line)

    def set_title(self, text: str) -> None:
        self.title.setText(text)
        self.title.setVisible(bool(text))
        self.more.set_name(_("More"))

    def set_line(self, text: str) -> None:
        if text != self.line.text():
            self.line.setText(text)
            self.fit()


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
        self.earlier = IconButton(look, "arrow-left", "", side=48, framed=True)
        self.day_button = SecondaryButton(look, "", icon="calendar")
        self.later = IconButton(look, "arrow-right", "", side=48, framed=True)
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

    def retranslate(self) -> None:
        self._name_keys(_("Day before"), _("Day after"))

    def _name_keys(self, before: str, after: str) -> None:
        self.earlier.set_name(before)
        self.later.set_name(after)

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

    def __init__(self, look: Look, page: QWidget) -> None:
        super().__init__(look, page)
        self.periods = DropDown(look)
        for period in PERIODS:
            self.periods.addItem("", period)
        self.periods.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.periods.setSizeAdjustPolicy(DropDown.SizeAdjustPolicy.AdjustToContents)
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
        self.periods.setCurrentIndex(PERIODS.index(period))
        self._show(span_text(period, *span, today), day, span, (first, today))

    def retranslate(self) -> None:
        for i, period in enumerate(PERIODS):
            self.periods.setItemText(i, period_name(period))
        self.periods.setAccessibleName(_("Period"))
        self._name_keys(_("Earlier"), _("Later"))

    def _restyle(self) -> None:
        self.periods.setFont(self._look.font(17))
