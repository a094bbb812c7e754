"""Parts of the page of packs: six months as charts, and what there is to decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.charts.chart import Point
from queuedesk.core.charts.marks import AXIS
from queuedesk.core.figures.pack import MOST
from queuedesk.i18n import _
from queuedesk.reports.packs.shown import Shown, Trend
from queuedesk.reports.packs.trends import trend_chart
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.charts.chart_view import ChartView
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.paint import width_of
from queuedesk.stations.widgets.panels import Card, put_beside, spread
from queuedesk.stations.window.style import Look

CHART_HIGH, AXIS_WIDE, APART = 176, 44, 5
"""In drawn pixels: how high a chart is, how wide its axis, how far figures stand apart."""


class TrendsCard(Card):
    """Figures over six months, each chart with a point for each month; `picked` gives where a pressed one leads. The
    charts stand side by side where every month's figure has room."""

    picked = Signal(object)

    def __init__(self, look: Look, charts: int) -> None:
        super().__init__(look)
        self.title, self.line = Label(look, bold=True), Label(look, px=13, token="ink2", wrap=True)
        self.note = Label(look, px=15, token="ink2", wrap=True)
        self.titles = [Label(look, px=14, token="ink2") for _n in range(charts)]
        self.charts = [
            ChartView(look, height=CHART_HIGH, least=CHART_HIGH, is_fixed=True, is_bare=True) for _n in range(charts)
        ]
        self._trends: Sequence[Trend] = ()
        column = QVBoxLayout(self)
        spread(look, column, (18, 10, 18, 12), 6)
        column.addWidget(self.title)
        column.addWidget(self.line)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        spread(look, self._row, spacing=18)
        for title, chart in zip(self.titles, self.charts, strict=True):
            one = QVBoxLayout()
            spread(look, one, spacing=0)
            one.addWidget(title)
            one.addWidget(chart)
            self._row.addLayout(one, 1)
            chart.setMinimumWidth(1)
            chart.picked.connect(self.picked)
        column.addLayout(self._row)
        column.addWidget(self.note)

    def show_trends(self, trends: Sequence[Trend], note: str, point: Callable[[Shown, str, str], Point]) -> None:
        """Show other figures; `point` is made from a figure, its name and of how many it is."""
        self.title.setText(_("Six months"))
        has_any = not all(trend.is_empty for trend in trends)
        self.line.setText(_("each on its own scale; upright lines are 95 % intervals"))
        self.line.setVisible(has_any)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self._trends = trends
        for label, chart, trend in zip(self.titles, self.charts, trends, strict=True):
            label.setText(trend.title)
            points = [
                point(shown, f"{trend.title}, {month}", told)
                for month, shown, told in zip(trend.months, trend.shown, trend.told, strict=True)
            ]
            label.setVisible(not trend.is_empty)
            chart.setVisible(not trend.is_empty)
            chart.set_chart(trend_chart(trend, points), trend.title)
        self._lay()

    def minimumSizeHint(self) -> QSize:
        return QSize(1, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay()

    def _lay(self) -> None:
        look, n = self.look, len(self.charts)
        font = look.font(AXIS, bold=True)
        widest = max((width_of(font, one.text) for trend in self._trends for one in trend.shown), default=0.0)
        months = max((len(trend.months) for trend in self._trends), default=0)
        need = months * (widest + look.px(APART)) + look.px(AXIS_WIDE)
        put_beside(self.width() - look.gap(36 + 18 * (n - 1)) >= need * n, self._row)


class PointsCard(Card):
    """What there is to decide, numbered; `picked` gives where a point's key leads."""

    picked = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.points: tuple[Point, ...] = ()
        self.title, self.quiet = Label(look, bold=True), Label(look, wrap=True)
        self.rows = [QWidget(self) for _n in range(MOST)]
        self.sentences = [Label(look, wrap=True) for _n in range(MOST)]
        self.keys = [SecondaryButton(look, "", height=44) for _n in range(MOST)]
        column = QVBoxLayout(self)
        spread(look, column, (18, 10, 18, 12), 6)
        column.addWidget(self.title)
        column.addWidget(self.quiet)
        for n, (row, sentence, key) in enumerate(zip(self.rows, self.sentences, self.keys, strict=True)):
            line, words = QHBoxLayout(row), QVBoxLayout()
            spread(look, line, spacing=12)
            spread(look, words)
            words.addStretch(1)
            words.addWidget(sentence)
            words.addStretch(1)
            line.addLayout(words, 1)
            line.addWidget(key)
            key.clicked.connect(partial(self._pick, n))
            column.addWidget(row)

    def show_points(self, points: Sequence[Point], quiet: str) -> None:
        """Show these, each a sentence with where its key leads; `quiet` in place of none."""
        self.points = tuple(points)
        self.title.setText(_("What to decide"))
        self.quiet.setText(quiet)
        self.quiet.setVisible(not points)
        for n, row in enumerate(self.rows):
            row.setVisible(n < len(points))
            if n < len(points):
                self.sentences[n].setText(f"{n + 1}. {points[n].said[0]}")
                self.keys[n].setText(_("Show the data"))
                self.keys[n].setVisible(points[n].leads is not None)
                self.keys[n].setAccessibleDescription(points[n].said[0])

    def _pick(self, n: int) -> None:
        self.picked.emit(self.points[n].leads)

    def come_back_to(self, leads: object) -> bool:
        """Take the keyboard to the key that leads there, if there is one."""
        at = next((n for n, point in enumerate(self.points) if point.leads == leads), None)
        if at is not None:
            self.keys[at].setFocus(Qt.FocusReason.OtherFocusReason)
        return at is not None
