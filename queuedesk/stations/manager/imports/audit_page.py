"""Check a table: drop somebody's counts and percentages, see each one recomputed and what can't be right, keep it on
paper."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.figures.targets import Verdict
from queuedesk.core.imports.audit_cells import claimed_month, claimed_percent
from queuedesk.core.imports.table_audit import Asked, Audit, Range, Row, judged
from queuedesk.i18n import _, say
from queuedesk.i18n.figures import audit_words as words
from queuedesk.i18n.numerals import UNKNOWN
from queuedesk.stations.manager.imports.audit_controller import AuditController
from queuedesk.stations.manager.parts.page_head import PageHead
from queuedesk.stations.manager.parts.plain_table import PlainRows, PlainTable
from queuedesk.stations.manager.parts.table_page import TablePage
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.ground_area import GroundArea
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.strips import Banner
from queuedesk.stations.widgets.paint import width_of
from queuedesk.stations.widgets.panels import Card, EmptyState, spread
from queuedesk.stations.widgets.questions.forms import FormField
from queuedesk.stations.window.style import Look

# The audited table: each month stated, recomputed, the difference and the interval; and what was found, beside it.

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
        """Share the width among the columns, and be as high as the rows: the page scrolls, the table only when it is
        very long."""
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


ASK_AFTER_MS = 400
FINDINGS_LEAST = 260


class AuditPage(TablePage):
    """What is claimed above a table, the table recomputed, and what is found in it."""

    def __init__(self, look: Look, controller: AuditController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._controller = look, controller
        self.head = PageHead(look)
        self.choose_button = SecondaryButton(look, "", icon="folder")
        self.save_button = SecondaryButton(look, "", icon="save")
        self.print_button = SecondaryButton(look, "", icon="print")
        self.name = Label(look, px=17, bold=True)
        self.claim = FormField(look, "")
        self.first = FormField(look, "")
        self.last = FormField(look, "")
        self.headline = FormField(look, "")
        self.banner = Banner(look)
        self.banner.hide()
        self.rows = AuditRows(look)
        self.table = AuditTable(look, self.rows)
        self.findings = Findings(look)
        self.empty = EmptyState(look, "document")
        self._body = QStackedWidget()
        self._timer = QTimer(self, singleShot=True, interval=ASK_AFTER_MS)
        self._build()
        self._connect()
        look.changed.connect(self._arrange)
        self._show(None)

    def _build(self) -> None:
        look = self._look
        column = QVBoxLayout(self)
        spread(look, column, (32, 8, 32, 20), 12)
        for button in (self.choose_button, self.save_button, self.print_button):
            self.head.add_button(button)
        column.addWidget(self.head)
        column.addWidget(self.banner)
        self._asks = QWidget()
        row = QHBoxLayout(self._asks)
        spread(look, row, spacing=16)
        for field, share in ((self.claim, 3), (self.first, 2), (self.last, 2), (self.headline, 3)):
            row.addWidget(field, share)
        body = QWidget()
        inside = QVBoxLayout(body)
        spread(look, inside, (0, 0, 12, 8), 10)
        inside.addWidget(self.name)
        inside.addWidget(self._asks)
        self._beside = beside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        spread(look, beside, spacing=20)
        self._card = card = Card(look)
        within = QVBoxLayout(card)
        spread(look, within, (8, 8, 8, 8))
        within.addWidget(self.table)
        beside.addWidget(card, 7, Qt.AlignmentFlag.AlignTop)
        beside.addWidget(self.findings, 4)
        inside.addLayout(beside)
        inside.addStretch(1)
        self.area = GroundArea(body, keys=True)
        drop = Card(look)
        middle = QVBoxLayout(drop)
        middle.addStretch(1)
        middle.addWidget(self.empty)
        middle.addStretch(2)
        self._body.addWidget(drop)
        self._body.addWidget(self.area)
        column.addWidget(self._body, 1)

    def _connect(self) -> None:
        controller = self._controller
        self.choose_button.clicked.connect(self.ask_file)
        self.save_button.clicked.connect(controller.save)
        self.print_button.clicked.connect(controller.print_)
        for field in self._fields:
            field.edited.connect(self._edited)
        self._timer.timeout.connect(self._ask_again)
        controller.audited.connect(self._audited)
        controller.failed.connect(self._fail)
        controller.refused.connect(self._fail)
        controller.saved.connect(self.say_saved)
        controller.printed.connect(self.say_printed)
        for button in (self.save_button, self.print_button):
            controller.busy_changed.connect(button.set_busy)

    @property
    def _fields(self) -> tuple[FormField, ...]:
        return self.claim, self.first, self.last, self.headline

    # -- what is shown -----------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        self.head.set_title(_("Check a table"))
        self.head.set_line(_("Counts and percentages, recomputed"))
        self.choose_button.setText(_("Choose a file …"))
        self.save_button.setText(_("Save"))
        self.print_button.setText(_("Print"))
        self.claim.set_label(_("Claimed above, %"))
        self.first.set_label(_("From month"))
        self.last.set_label(_("To month"))
        self.headline.set_label(_("Headline for the whole, %"))
        self.empty.set_texts(
            _("Drop a CSV or Excel file here"),
            _("It needs the columns month, satisfied, dissatisfied and percentage, in Chinese or English."),
        )
        self.table.retranslate()
        self._show(self._controller.found)

    def _show(self, found: Audit | None) -> None:
        self.rows.show(found)
        self.findings.show_audit(found)
        self._arrange()
        self._body.setCurrentIndex(int(found is not None))
        self.name.setText(self._controller.file.name if self._controller.file else "")
        self.save_button.setEnabled(found is not None)
        self.print_button.setEnabled(found is not None and self._controller.can_print)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put the findings beside the table, or under it where both have no room."""
        look = self._look
        room = self.width() - 2 * look.gap(32) - look.gap(64)
        needed = self.table.needed_width() + 2 * look.gap(8) + look.px(4)
        fits = room >= needed + look.px(FINDINGS_LEAST)
        ways = QBoxLayout.Direction
        self._card.setMinimumWidth(needed if fits else 0)
        self._beside.setDirection(ways.LeftToRight if fits else ways.TopToBottom)
        self.table.fit()

    def open_file(self, path: Path) -> None:
        """Read a file and show what it holds."""
        self._timer.stop()
        self.banner.hide()
        self._controller.open_file(path, self._asked() or Asked())

    def _audited(self, found: Audit) -> None:
        self.banner.hide()
        self._show(found)

    def _fail(self, trouble: QueueDeskError) -> None:
        self.banner.warn(say(trouble))

    # -- the claim ---------------------------------------------------------------------------------------------------

    def _edited(self) -> None:
        self._timer.start()

    def _ask_again(self) -> None:
        asked = self._asked()
        if asked is not None:
            self._controller.ask(asked)

    def _asked(self) -> Asked | None:
        """Return what is claimed, None while a field says nothing that can be understood."""
        typed = [field.value().strip() for field in self._fields]
        claim, headline = (claimed_percent(text) if text else None for text in (typed[0], typed[3]))
        first, last = (claimed_month(text) if text else None for text in (typed[1], typed[2]))
        figure, month = _("A percentage, such as 98"), _("A month, such as 2012-05")
        for field, text, value, hint in zip(
            self._fields, typed, (claim, first, last, headline), (figure, month, month, figure), strict=True
        ):
            field.set_error(hint if text and value is None else "")
        if first is not None and last is not None and first > last:
            self.last.set_error(_("This is before the first month."))
        if any(field.error() for field in self._fields):
            return None
        return Asked(claim, Range(first, last), headline)
