"""Check a table: drop somebody's counts and percentages, see each one recomputed and what can't be right, keep it on paper."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.imports.audit_cells import claimed_month, claimed_percent
from queuedesk.core.imports.table_audit import Asked, Audit, Range
from queuedesk.i18n import _, say
from queuedesk.stations.manager.imports.audit_controller import AuditController
from queuedesk.stations.manager.imports.audit_rows import AuditRows, AuditTable, Findings
from queuedesk.stations.manager.parts.page_head import PageHead
from queuedesk.stations.manager.parts.table_page import TablePage
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.ground_area import GroundArea
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.strips import Banner
from queuedesk.stations.widgets.panels import Card, EmptyState, spread
from queuedesk.stations.widgets.questions.forms import FormField
from queuedesk.stations.window.style import Look

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
