"""The audited table: each month stated, recomputed, the difference and the interval; and what was found, beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.figures.targets import Verdict
from queuedesk.core.imports.table_audit import Audit, Row, judged
from queuedesk.i18n import _
from queuedesk.i18n.figures import audit_words as words
from queuedesk.i18n.numerals import UNKNOWN
from queuedesk.stations.manager.parts.plain_table import PlainRows, PlainTable
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.paint import width_of
from queuedesk.stations.widgets.panels import Card, spread
from queuedesk.stations.window.style import Look

ROW, MOST_ROWS = 36, 60
SIZES = (16, 15, 14, 13, 12)
"""Of the figures; smaller ones where large text leaves the columns no room."""
SAMPLES = ("2011-07", "4,150", "1,800", "95.70", "95.84", "+0.36", "93.53–97.35")
MONTH, SATISFIED, DISSATISFIED, STATED, TRUE, DIFFERENCE, INTERVAL, CLAIM = range(8)
_AT = QModelIndex | QPersistentModelIndex


class AuditRows(PlainRows):
    """The rows of an audit; the last column is there only where a claim is made."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.found: Audit | None = None
        self.rows: list[Row] = []
        self.px = SIZES[0]

    def show(self, found: Audit | None) -> None:
        """Show another audit, or nothing."""
        self.beginResetModel()
        self.found = found
        self.rows = [*found.rows, *found.summaries] if found else []
        self.endResetModel()

    def rowCount(self, parent: _AT = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _AT = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        if parent.isValid():
            return 0
        return CLAIM + (self.found is not None and self.found.asked.claim is not None)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        is_head = orientation == Qt.Orientation.Horizontal
        if is_head and role == Qt.ItemDataRole.TextAlignmentRole and section:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole or not is_head:
            return None
        return self.heads()[section]

    def heads(self) -> list[str]:
        """Return the titles of the columns."""
        claim = self.found.asked.claim if self.found else None
        return [
            _("Month", context="audit"),
            _("Satisfied", context="audit"),
            _("Dissatisfied", context="audit"),
            _("Stated %"),
            _("True %"),
            _("Difference"),
            _("95 % interval"),
            *([_("Above {claim} %", claim=f"{claim:f}")] if claim is not None else []),
        ]

    def data(self, index: _AT, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cells(row)[column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.FontRole:
            is_bold = column == TRUE or (column == DIFFERENCE and row.is_wrong)
            return self._look.font(self.px, bold=is_bold, tabular=True)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._look.color(self._token(row, column))
        if role == Qt.ItemDataRole.BackgroundRole and column == STATED and row.is_wrong:
            return self._look.color("redbg")
        return None

    def _token(self, row: Row, column: int) -> str:
        if column in (STATED, DIFFERENCE) and row.is_wrong:
            return "red"
        if column == CLAIM and self.found is not None:
            said = judged(row, self.found.asked)
            return {Verdict.MET: "primary", Verdict.NOT_MET: "red"}.get(said, "ink2") if said else "ink2"
        return "ink2" if column == INTERVAL else "ink"

    def _cells(self, row: Row) -> list[str]:
        cells = [
            row.month,
            _count(row.satisfied),
            _count(row.dissatisfied),
            words.stated_figure(row),
            words.figure(row.true),
            words.difference_figure(row),
            words.interval_figure(row.rate),
        ]
        if self.found is not None and self.found.asked.claim is not None:
            said = judged(row, self.found.asked)
            cells.append(words.verdict_word(said) if said else "")
        return cells


def _count(value: int | None) -> str:
    return UNKNOWN if value is None else f"{value:,}"


class AuditTable(PlainTable):
    """The rows as a table to read; nothing in it is typed."""

    def __init__(self, look: Look, model: AuditRows, parent: QWidget | None = None) -> None:
        self._rows = model
        super().__init__(look, model, height=ROW, sizes=SIZES, parent=parent)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def retranslate(self) -> None:
        self.setAccessibleName(_("The table, recomputed"))
        super().retranslate()

    def needed_width(self) -> int:
        """Return the width in which no cell is cut, at full size."""
        return sum(self.needed(SIZES[0]))

    def fit(self) -> None:
        """Share the width among the columns, and be as high as the rows: the page scrolls, the table only when it is very long."""
        super().fit()
        shown = min(self._rows.rowCount(), MOST_ROWS)
        self.setFixedHeight(self.look.px(ROW) * (shown + 1) + self.look.px(4))

    def needed(self, px: int) -> list[int]:
        pad = self.look.px(16)
        cell, head = self.look.font(px, bold=True, tabular=True), self.look.font(px - 2)
        heads = self._rows.heads()
        samples = [*SAMPLES, max((words.verdict_word(one) for one in Verdict), key=len)]
        return [
            round(max(width_of(cell, sample) + self.look.px(6), width_of(head, title))) + pad
            for sample, title in zip(samples, heads, strict=False)
        ]


class _Finding(Card):
    """One finding: what it is called, and its sentence."""

    def __init__(self, look: Look, title: str, text: str, token: str) -> None:
        super().__init__(look)
        column = QVBoxLayout(self)
        spread(look, column, (14, 10, 14, 12), 2)
        column.addWidget(Label(look, title, px=16, bold=True, token=token))
        self.text = Label(look, text, px=15, wrap=True)
        column.addWidget(self.text)


class Findings(QWidget):
    """What was found, one card under the other, and what the answers say all together."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._column = QVBoxLayout(self)
        spread(look, self._column, spacing=10)
        self._column.addStretch(1)
        self.cards: list[QWidget] = []

    def show_audit(self, found: Audit | None) -> None:
        """Show another audit's findings, or none."""
        for card in self.cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [] if found is None else self._made(found)
        for place, card in enumerate(self.cards):
            self._column.insertWidget(place, card)

    def texts(self) -> list[str]:
        """Return the sentences that stand there."""
        return [card.text.text() for card in self.cards if isinstance(card, _Finding)]

    def _made(self, found: Audit) -> list[QWidget]:
        look = self._look
        cards: list[QWidget] = [Label(look, words.summary_text(found), px=18, bold=True, wrap=True)]
        cards += [
            _Finding(look, words.finding_title(one.kind), words.finding_text(one), "red") for one in found.findings
        ]
        told: Sequence[str] = (words.pooled_text(found.pooled), words.coverage_text())
        cards += [Label(look, text, px=15, token="ink2", wrap=True) for text in told]
        return cards
