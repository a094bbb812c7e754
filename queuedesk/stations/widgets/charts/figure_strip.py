"""Figures side by side on one card, each with its target below; some lead to what is behind them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
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


class FigureStrip(Pointed):
    """`picked` gives where the figure that was pressed leads."""

    def __init__(self, look: Look, *, height: float = 110, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._figures: tuple[Figure, ...] = ()
        self._height = height
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def set_figures(self, figures: Sequence[Figure], leads: Sequence[object] = ()) -> None:
        """Show these figures; one not known has "—" as its value and the reason as its second line. `leads` say where
        each leads (None: nowhere)."""
        self._figures = tuple(figures)
        ways = [leads[n] if n < len(leads) else None for n in range(len(figures))]
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if any(ways) else Qt.FocusPolicy.NoFocus)
        points = [
            Point(tuple(part for part in (f.title, f"{f.value} {f.unit}".strip(), f.second) if part), way)
            for f, way in zip(figures, ways, strict=True)
        ]
        told = (f"{figure.title} {figure.value} {figure.unit} {figure.second}".strip() for figure in figures)
        self.set_points("; ".join(told), "", points)

    def _places(self) -> list[QRectF]:
        share = self.width() / max(1, len(self._figures))
        return [QRectF(n * share, 0, share, self.height()).adjusted(3, 3, -3, -3) for n in range(len(self._figures))]

    def look_at(self, n: int | None, *, by_key: bool = False) -> None:
        """Look at a figure: one that leads nowhere is not marked by the pointer."""
        super().look_at(n if n is None or by_key or self.points[n].leads is not None else None, by_key=by_key)

    def _tell(self, *, scroll: bool) -> None:
        # All that there is to say stands there already: no bubble.
        if self.at is not None:
            self.setAccessibleName(", ".join(self.at.said))
            leads = self.at.leads is not None
            self.setCursor(Qt.CursorShape.PointingHandCursor if leads else Qt.CursorShape.ArrowCursor)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(800), self.look.px(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.wide(400), self.look.px(96))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        rect = QRectF(self.rect())
        painter.box(rect, 12, "surface", edge="edge" if look.theme.outlined else "line")
        if not self._figures:
            return
        share, gap = rect.width() / len(self._figures), look.gap(22)
        least = 14 * look.scale.k / look.scale.text
        for number, figure in enumerate(self._figures):
            x = number * share + gap
            room = share - gap - look.gap(8)
            if number:
                edge = round(number * share)
                painter.fillRect(QRectF(edge, look.px(9), 1, rect.height() - look.px(18)), look.color("line"))
            head = QRectF(x, rect.height() * 0.07, room, look.px(22))
            painter.words_in(figure.title, font_of(fit_px(figure.title, room, look.px(15), least=least)), "ink2", head)
            runs = [Run(figure.value, 42, True, figure.token), Run(figure.unit, 17, token="ink2", gap=8)]
            share_of = min(1.0, room / max(1.0, runs_width(look, runs)))
            runs = [Run(run.text, run.px * share_of, run.bold, run.token, gap=run.gap * share_of) for run in runs]
            below = QRectF(x, rect.height() * 0.93 - look.px(22), room, look.px(22))
            between = below.top() - head.bottom()
            big = look.font(42, bold=True)
            paint_runs(painter, runs, x, middle_baseline(big, head.bottom(), between))
            small = font_of(fit_px(figure.second, room, look.px(14.5), least=least))
            painter.words_in(figure.second, small, "ink2", below)
        self.paint_pointed(painter)
