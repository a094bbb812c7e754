"""The figures of a period side by side, each to be pointed at and pressed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.core.charts.chart import Point
from queuedesk.stations.widgets.charts.points import Pointed
from queuedesk.stations.widgets.labels import Run, paint_runs, runs_width
from queuedesk.stations.widgets.lists.strips import Figure
from queuedesk.stations.widgets.paint import Painter, middle_baseline
from queuedesk.stations.widgets.text import fit_px
from queuedesk.stations.window.fonts import font_of
from queuedesk.stations.window.style import Look


class FigureTiles(Pointed):
    """As FigureStrip, with a third line for the other period; the figures are its points."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.figures: tuple[Figure, ...] = ()
        self.thirds: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_figures(
        self, title: str, figures: Sequence[Figure], points: Sequence[Point], thirds: Sequence[str] = ()
    ) -> None:
        """Show these figures, under each a third line if there are any."""
        self.figures, self.thirds = tuple(figures), tuple(thirds)
        told = (f"{figure.title} {figure.value} {figure.unit} {figure.second}".strip() for figure in figures)
        self.set_points(title, "; ".join(told), points)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(800), self.look.px(128 if any(self.thirds) else 104))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.wide(400), self.sizeHint().height())

    def _places(self) -> list[QRectF]:
        share = self.width() / max(1, len(self.figures))
        return [QRectF(n * share, 0, share, self.height()).adjusted(3, 3, -3, -3) for n in range(len(self.figures))]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        rect = QRectF(self.rect())
        painter.box(rect, 12, "surface", edge="edge" if look.theme.outlined else "line")
        share, gap = rect.width() / max(1, len(self.figures)), look.gap(20)
        least = 13 * look.scale.k / look.scale.text
        third_high = look.px(24) if any(self.thirds) else 0
        for n, figure in enumerate(self.figures):
            x, room = n * share + gap, share - gap - look.gap(8)
            if n:
                edge = QRectF(round(n * share), look.px(9), 1, rect.height() - look.px(18))
                painter.fillRect(edge, look.color("line"))
            head = QRectF(x, look.px(8), room, look.px(22))
            painter.words_in(figure.title, font_of(fit_px(figure.title, room, look.px(15), least=least)), "ink2", head)
            runs = [Run(figure.value, 38, True, figure.token), Run(figure.unit, 16, token="ink2", gap=7)]
            narrow = min(1.0, room / max(1.0, runs_width(look, runs)))
            runs = [Run(run.text, run.px * narrow, run.bold, run.token, gap=run.gap * narrow) for run in runs]
            below = QRectF(x, rect.height() - third_high - look.px(30), room, look.px(22))
            baseline = middle_baseline(look.font(38, bold=True), head.bottom(), below.top() - head.bottom())
            paint_runs(painter, runs, x, baseline)
            small = font_of(fit_px(figure.second, room, look.px(14.5), least=least))
            painter.words_in(figure.second, small, "ink2", below)
            if third_high and n < len(self.thirds):
                third = self.thirds[n]
                font = font_of(fit_px(third, room, look.px(14.5), bold=True, least=least), bold=True)
                painter.words_in(third, font, "ink", below.translated(0, third_high - look.px(2)))
        self.paint_pointed(painter)
