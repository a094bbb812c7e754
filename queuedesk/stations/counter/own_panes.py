"""The panes of the own work at the counter: figures beside the team's median, the months, and the rows of a figure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _
from queuedesk.i18n.moments import month_short
from queuedesk.stations.counter.own_texts import FigureRow, MonthRow, Visit
from queuedesk.stations.manager.appraisal.sheet_parts import behind_columns
from queuedesk.stations.manager.appraisal.sheet_texts import (
    BehindRow,
    SheetRead,
    behind_line,
    behind_rows,
    behind_title,
    notes_of,
)
from queuedesk.stations.manager.parts.table import Column, ListCard, TableSpec
from queuedesk.stations.widgets.buttons import SecondaryButton, TextButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.paint import Painter, width_of
from queuedesk.stations.widgets.panels import Card, Rule, spread
from queuedesk.stations.widgets.pills import Pill
from queuedesk.stations.window.style import Look, M, S

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignVCenter
ROW, LINK = 44, 30


class Link(TextButton):
    """What is counted, underlined: a press opens its rows."""

    def __init__(self, look: Look, text: str, spoken: str) -> None:
        super().__init__(look, text, height=LINK, px=16, align="left")
        self.setAccessibleName(spoken)

    def _padding(self) -> int:
        return self.look.px(2)

    def _inset(self) -> int:
        return self.look.px(2)

    def sizeHint(self) -> QSize:
        wide = width_of(self.look.font(16, bold=True), self.text())
        return QSize(int(wide) + 2 * self._padding() + 1, self.look.px(LINK))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _paint_words(self, painter: Painter, rect: QRectF, ink: str) -> None:
        super()._paint_words(painter, rect, ink)
        low = rect.center().y() + self.look.px(10)
        painter.divider(QPointF(rect.left(), low), QPointF(rect.right(), low), "edge")


def in_the_middle(look: Look, *labels: QWidget) -> QWidget:
    """Return lines that wrap, in the middle of their row's height."""
    cell = QWidget()
    column = QVBoxLayout(cell)
    spread(look, column)
    column.addStretch(1)
    for label in labels:
        column.addWidget(label)
    column.addStretch(1)
    return cell


class FiguresCard(Card):
    """Figures beside the team's median; `opened` gives the item whose rows are wanted."""

    opened = Signal(str)

    def __init__(self, look: Look, rows: Sequence[FigureRow], *, weighs: bool) -> None:
        super().__init__(look)
        self.links: dict[str, Link] = {}
        self._grid = QGridLayout(self)
        spread(look, self._grid, (18, 10, 18, 10), 7)
        self._grid.setHorizontalSpacing(look.gap(14))
        self._grid.setColumnStretch(0, 1)
        heads = {
            0: _("Item", context="sheet"),
            1: _("Own", context="sheet"),
            2: _("Team median", context="sheet"),
            3: _("Verdict", context="sheet"),
            4: _("Counted", context="sheet"),
        }
        if weighs:
            heads[5] = _("Points", context="sheet")
        for at, text in heads.items():
            self._put(0, at, text, token="ink2", px=S)
        for n, row in enumerate(rows, start=1):
            self._grid.addWidget(Rule(look), 2 * n - 1, 0, 1, 6)
            self._put_row(2 * n, row)

    def _put_row(self, at: int, row: FigureRow) -> None:
        look, grid = self.look, self._grid
        name = Label(look, row.name, px=16, bold=True, wrap=True)
        out = [Label(look, row.out, px=S, token="blue", wrap=True)] if row.out else []
        grid.addWidget(in_the_middle(look, name, *out), at, 0)
        for column, text in ((1, row.own), (2, row.median), (5, row.points)):
            self._put(at, column, text, bold=column != 2)
        if row.chip:
            grid.addWidget(Pill(look, row.chip, tint=row.tint, token=row.token, px=S), at, 3, LEFT)
        if not row.opens:
            self._put(at, 4, row.counted, token="ink2", px=S)
            return
        spoken = _("{item}, {counted}, opens rows", item=row.name, counted=row.counted)
        link = self.links[row.code] = Link(look, row.counted, spoken)
        link.clicked.connect(lambda _on=False, code=row.code: self.opened.emit(code))
        grid.addWidget(link, at, 4, LEFT)

    def _put(self, row: int, column: int, text: str, *, token: str = "ink", bold: bool = False, px: float = 16) -> None:
        wraps = column in (0, 4)
        at = RIGHT if column in (1, 2, 5) else LEFT
        if not text:
            return
        label = Label(self.look, text, px=px, bold=bold, token=token, wrap=wraps, elide=False)
        if wraps:
            self._grid.addWidget(in_the_middle(self.look, label), row, column)
        else:
            self._grid.addWidget(label, row, column, at)


class VisitsGrid(QWidget):
    """The visits of today, the latest first."""

    def __init__(self, look: Look, visits: Sequence[Visit]) -> None:
        super().__init__()
        grid = QGridLayout(self)
        spread(look, grid, spacing=8)
        grid.setColumnStretch(1, 1)
        for row, visit in enumerate(visits):
            grid.addWidget(Label(look, visit.label, px=M, bold=True, elide=False), 2 * row, 0)
            said = [Label(look, visit.service, px=15, token="ink2", wrap=True)] if visit.service else []
            out = [Label(look, visit.out, px=S, token="blue", wrap=True)] if visit.out else []
            grid.addWidget(in_the_middle(look, *said, *out), 2 * row, 1)
            grid.addWidget(Label(look, visit.minutes, px=M, align=RIGHT, tabular=True, elide=False), 2 * row, 2)
            grid.addWidget(Rule(look), 2 * row + 1, 0, 1, 3)


def history_list(look: Look) -> ListCard[MonthRow]:
    """Return the list of the months, each of which one press opens."""

    def pair(title: str, own: Callable[[MonthRow], str], usual: Callable[[MonthRow], str]) -> list[Column[MonthRow]]:
        median = _("median", context="sheet head")
        return [
            Column(title=title, text=own, is_right=True, bold=True),
            Column(title=median, text=usual, is_right=True, token="ink2"),
        ]

    def columns() -> list[Column[MonthRow]]:
        short = look.scale.is_large  # of six months each has a name of its own without its year
        found = [
            Column[MonthRow](
                title=_("Month"),
                text=lambda row: month_short(row.first) if short else row.name,
                bold=True,
                token="primary",
            ),
            Column[MonthRow](title=_("Visits", context="sheet"), text=lambda row: row.visits, is_right=True),
            *pair(_("Handling", context="sheet head"), lambda row: row.handling, lambda row: row.handling_median),
            *pair(_("Satisfied", context="sheet head"), lambda row: row.rated, lambda row: row.rated_median),
            *pair(_("Total", context="sheet"), lambda row: row.total, lambda row: row.total_median),
        ]
        state = Column[MonthRow](
            title=_("State", context="sheet head"), text=lambda row: row.state, token="ink2", grows=True
        )
        return [*found, state]

    spec = TableSpec[MonthRow](
        name=lambda: _("History", context="tab"),
        columns=columns,
        key=lambda row: row.first,
        by_one_press=True,
        row_height=ROW,
        rows_seen=(6, 6),
    )
    return ListCard(look, spec, "calendar")


class RowsPane(QWidget):
    """The own rows of a figure. `chosen` gives one that was pressed, `left` leads back to the figure."""

    chosen = Signal(object)
    left = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        column, head = QVBoxLayout(self), QHBoxLayout()
        spread(look, column, spacing=8)
        spread(look, head, spacing=8)
        self.title, self.line = Label(look, px=M, bold=True, wrap=True), Label(look, px=S, token="ink2", wrap=True)
        self.close_button = SecondaryButton(look, _("Back"), icon="arrow-left", key="Esc", height=44, px=15)
        self.close_button.clicked.connect(self.left)
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(self.line)
        self._found: tuple[Setup, SheetRead] | None = None
        self.code = ""
        spec = TableSpec[BehindRow](
            name=self.title.text, columns=behind_columns, key=lambda row: row.key, tip=self._tip, by_one_press=True
        )
        self.list = ListCard(look, spec, "check")
        self.list.say_empty(_("Nothing is counted here"))
        column.addWidget(self.list, 1)
        hint = _("Press a row to disagree with it. A second person decides.")
        column.addWidget(Label(look, hint, px=S, token="ink2", wrap=True))
        self.list.table.opened.connect(self._open)

    def show_rows(self, setup: Setup, found: SheetRead, code: str) -> None:
        """Show the rows of an item."""
        self._found, self.code = (setup, found), code
        self.title.setText(behind_title(found, code))
        self.line.setText(behind_line(found, code))
        self.list.show_rows(behind_rows(setup, found, code))

    def _open(self, row: BehindRow) -> None:
        if row.row:
            self.chosen.emit(row)

    def _tip(self, row: BehindRow) -> str:
        return (notes_of(*self._found, row) if self._found is not None else "") or row.what
