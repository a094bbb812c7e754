"""Words on the screen: lines, wrapped texts, several runs on one baseline, and the one big number."""

from collections.abc import Sequence
from math import ceil
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from queuedesk.stations.widgets import paint
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.paint import elide, fit_px, wrap
from queuedesk.stations.window.style import HERO, Look, M

LEFT = Qt.AlignmentFlag.AlignLeft
MAX_WRAPPED_LINES = 12


def line_height(px: float) -> float:
    """Return the height of one line of `px` drawn px: airy for body text, close for titles."""
    return px * (1.5 if px <= 20 else 1.3 if px < 48 else 1.1)


class Label(Follows, QLabel):
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
        self.follow(look)
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

    def set_token(self, token: str) -> None:
        """Paint in another colour."""
        if token != self._token:
            self._token = token
            self.update()

    def set_bold(self, bold: bool) -> None:
        """Paint bold or normal."""
        self._bold = bold
        self.relook()

    def set_px(self, px: float) -> None:
        """Paint at another size in drawn px."""
        self._px = px
        self.relook()

    def set_most(self, lines: int) -> None:
        """Wrap into so many lines at most."""
        if lines != self._most:
            self._most = lines
            self.relook()
            self._explain()

    def _font(self) -> QFont:
        return self.look.font(self._px, bold=self._bold, tabular=self._tabular)

    def _line(self) -> int:
        return self.look.px(line_height(self._px))

    def _forget_sizes(self) -> None:
        self._hint, self._heights, self._measured_at = None, {}, self.look.scale

    def _keep_up(self) -> None:
        # Whoever follows the look before this label does may ask already.
        if self._measured_at is not self.look.scale:
            self._forget_sizes()

    def sizeHint(self) -> QSize:
        self._keep_up()
        if self._hint is None:
            width = max(paint.width_of(self._font(), line) for line in self.text().split("\n"))
            lines = 1 + self.text().count("\n") if self._wrap else 1
            self._hint = QSize(ceil(width) + self.contentsMargins().left(), self._line() * lines)
        return self._hint

    def minimumSizeHint(self) -> QSize:
        whole = self.sizeHint()
        if self._wrap or self._elide:
            return QSize(min(whole.width(), self.look.px(self._px * 3)), self._line())
        return whole

    def heightForWidth(self, width: int) -> int:
        self._keep_up()
        if width not in self._heights:
            room, lines = width - self.contentsMargins().left(), 1
            if self._wrap:
                lines = max(1, len(wrap(self._font(), self.text(), room, self._most)))
            self._heights[width] = self._line() * lines
        return self._heights[width]

    def relook(self) -> None:
        self._forget_sizes()
        super().relook()

    def setText(self, text: str) -> None:
        """Show `text`; if it is cut the tooltip has all of it."""
        if text == self.text():
            return  # A clock tells the same most of the time: nothing is to be laid out anew.
        self._forget_sizes()
        super().setText(text)
        self.updateGeometry()
        self._explain()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._explain()

    def _explain(self) -> None:
        cut = not self._wrap and self.sizeHint().width() > self.width()
        if self._wrap and self._most < MAX_WRAPPED_LINES:
            room = self.width() - self.contentsMargins().left()
            cut = len(wrap(self._font(), self.text(), room, self._most + 1)) > self._most
        self.setToolTip(self.text() if cut else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, font, high = paint.Painter(self, self.look), self._font(), self._line()
        left = self.contentsMargins().left()
        room = self.width() - left
        lines = wrap(font, self.text(), room, self._most) if self._wrap else [self.text()]
        top = 0.0 if self._wrap else (self.height() - high) / 2
        if not self._wrap:
            font = paint.squeezed(self.look, self.text(), self._px, room, bold=self._bold, tabular=self._tabular)
        for line in lines:
            rect = QRectF(left, top, room, high)
            painter.words_in(line, font, self._token, rect, self._align)
            top += high


class FittedLabel(Label):
    """One line that shrinks to `least` drawn px before it is cut: for text that must be read in full, such as an
    address or a title."""

    def __init__(self, look: Look, text: str = "", *, px: float = M, least: float, **style: Any) -> None:
        self._full, self._least = px, least
        super().__init__(look, text, px=px, **style)

    def fitted_font(self) -> QFont:
        """Return the font in which the line is painted now."""
        k = self.look.scale.k
        size = fit_px(self.text(), self.width(), self._full * k, bold=self._bold, least=self._least * k)
        return self.look.font(size / k, bold=self._bold, tabular=self._tabular)

    def paintEvent(self, event: QPaintEvent) -> None:
        room = QRectF(0, 0, self.width(), self.height())
        paint.Painter(self, self.look).words_in(self.text(), self.fitted_font(), self._token, room, self._align)


class Run(Struct, frozen=True):
    """A piece of a line: words or a number in one size and colour, `gap` drawn px after the piece before."""

    text: str
    px: float = M
    bold: bool = False
    token: str = "ink"
    tabular: bool = False
    gap: float = 0
    icon: str = ""


def _run_icon_px(run: Run) -> float:
    return run.px * 1.1


def runs_width(look: Look, runs: Sequence[Run]) -> float:
    """Return the width of `runs` in device-independent pixels."""
    width = 0.0
    for run in runs:
        width += look.px(run.gap) + paint.width_of(look.font(run.px, bold=run.bold, tabular=run.tabular), run.text)
        if run.icon:
            width += look.px(_run_icon_px(run)) + look.px(run.px * 0.35)
    return width


def paint_runs(
    painter: paint.Painter, runs: Sequence[Run], x: float, baseline: float, *, limit: float | None = None
) -> float:
    """Draw `runs` on one baseline from x; the run that would pass `limit` is cut with …. Return where they end."""
    look = painter.look
    for run in runs:
        x += look.px(run.gap)
        font = look.font(run.px, bold=run.bold, tabular=run.tabular)
        if run.icon:
            side = _run_icon_px(run)
            middle = baseline - paint.MIDDLE_EM * font.pixelSize()
            painter.icon(run.icon, run.token, x, middle - look.px(side) / 2, side)
            x += look.px(side) + look.px(run.px * 0.35)
        words = run.text if limit is None else elide(font, run.text, limit - x)
        x = painter.words(words, font, run.token, x, baseline)
        if words != run.text:
            break
    return x


class RunsLabel(Follows, QLabel):
    """Several runs on one baseline: a number and its unit, a sentence with bold figures. Large letters give up what
    they have gained before a run is cut."""

    def __init__(
        self,
        look: Look,
        runs: Sequence[Run] = (),
        *,
        align: Qt.AlignmentFlag = LEFT,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.follow(look)
        self._align = align
        self.runs: tuple[Run, ...] = ()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_runs(runs)

    def set_runs(self, runs: Sequence[Run]) -> None:
        """Show other runs; text() then gives their words for tests and screen readers."""
        if tuple(runs) == self.runs:
            return
        self.runs = tuple(runs)
        self.setText(" ".join(run.text.strip() for run in runs))
        self.updateGeometry()
        self.update()

    def _tallest(self) -> float:
        return max((run.px for run in self.runs), default=M)

    def sizeHint(self) -> QSize:
        return QSize(ceil(runs_width(self.look, self.runs)), self.look.px(line_height(self._tallest())))

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), self.look.px(self._tallest() * 3)), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.Painter(self, self.look)
        font = self.look.font(self._tallest(), bold=True)
        baseline = paint.middle_baseline(font, 0, self.height())
        x, runs, wide = 0.0, self.runs, runs_width(self.look, self.runs)
        if wide > self.width() and self.look.scale.text > 1:
            share = max(1 / self.look.scale.text, 0.99 * self.width() / wide)
            runs = tuple(replace(run, px=run.px * share, gap=run.gap * share) for run in runs)
            wide = runs_width(self.look, runs)
        if self._align == Qt.AlignmentFlag.AlignRight:
            x = max(0.0, self.width() - wide)
        elif self._align == Qt.AlignmentFlag.AlignHCenter:
            x = max(0.0, (self.width() - wide) / 2)
        paint_runs(painter, runs, x, baseline, limit=self.width())


class HeroLabel(Follows, QLabel):
    """The one big number of a screen, its first stroke flush with the text below it. It shrinks to the available room,
    but not below a third of its size."""

    def __init__(
        self, look: Look, text: str = "", *, px: float = HERO, token: str = "ink", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.follow(look)
        self._px, self._token = px, token
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setText(text)

    def set_px(self, px: float) -> None:
        """Paint at another size in drawn px."""
        self._px = px
        self.relook()

    def set_token(self, token: str) -> None:
        """Paint in another colour."""
        self._token = token
        self.update()

    def _full(self) -> float:
        return self.look.wide(self._px) / self.look.scale.k

    def sizeHint(self) -> QSize:
        font = self.look.font(self._full(), bold=True)
        return QSize(ceil(paint.width_of(font, self.text())), self.look.wide(self._px))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.wide(self._px), self.look.wide(self._px * 0.45))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.text():
            return
        painter, k = paint.Painter(self, self.look), self.look.scale.k
        # The line box is not needed: capitals and figures reach 0.73 em, Chinese 0.95.
        full = min(self._full() * k, self.height() / 0.95)
        size = fit_px(self.text(), self.width(), full, bold=True, least=self._full() * k / 3)
        font = self.look.font(size / k, bold=True)
        left = QFontMetricsF(font).tightBoundingRect(self.text()).left()
        baseline = paint.middle_baseline(font, 0, self.height())
        painter.words(self.text(), font, self._token, -left, baseline)
