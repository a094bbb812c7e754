"""Other channels: what they served in a month, the hall's share of each service by month, who has not reported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.imports.channel import ChannelTotal
from queuedesk.i18n import _, n_
from queuedesk.i18n.figures.channel_words import month_words
from queuedesk.i18n.names import service_name
from queuedesk.stations.manager.imports import channels_words as words
from queuedesk.stations.manager.imports.channels_controller import ChannelsController
from queuedesk.stations.manager.imports.channels_rows import ROW, ChannelRows, ChannelsTable
from queuedesk.stations.manager.imports.intake_page import IntakePage
from queuedesk.stations.manager.imports.total_dialog import TotalDialog
from queuedesk.stations.manager.parts.page_head import DropDown
from queuedesk.stations.widgets.charts.share_picture import SharePicture
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import Card, spread
from queuedesk.stations.widgets.pills import FilterPill
from queuedesk.stations.window.style import Look

BESIDE_FROM = 980
LEAST_ROWS, MOST_ROWS = 6, 13


class ChannelsPage(IntakePage):
    """A press on a total puts it right; a file is looked at in the same table before it goes in."""

    def __init__(self, look: Look, controller: ChannelsController, parent: QWidget | None = None) -> None:
        super().__init__(look, controller, ("xlsx", "csv"), parent)
        self._controller = controller
        self._month: date | None = None
        self._service = ""
        self.services: dict[str, FilterPill] = {}
        self.month = DropDown(look).share_width(14)
        self.count = Label(look, px=15, token="ink2")
        self.rows = ChannelRows(look)
        self.table = ChannelsTable(look, self.rows)
        self.picture = SharePicture(look)
        self.picture_title = Label(look, px=17, bold=True, wrap=True)
        self.short = Label(look, px=14, token="ink2", wrap=True)
        self.told_title = Label(look, px=17, bold=True)
        self.told = Label(look, px=15, wrap=True)
        self._fill()
        self.table.picked.connect(self._edit)
        self.month.activated.connect(self._pick_month)
        controller.changed.connect(self._show)
        look.changed.connect(self._arrange)

    def _fill(self) -> None:
        look = self._look
        column = QVBoxLayout(self.body)
        spread(look, column, (0, 0, 12, 8), 10)
        self._line = QWidget()
        line = QHBoxLayout(self._line)
        spread(look, line, spacing=12)
        line.addWidget(self.month)
        line.addWidget(self.count, 1)
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        spread(look, self._beside, spacing=16)
        card = Card(look)
        within = QVBoxLayout(card)
        spread(look, within, (8, 8, 8, 8))
        within.addWidget(self.table)
        self._told = Card(look)
        told = QVBoxLayout(self._told)
        spread(look, told, (18, 14, 18, 16), 6)
        told.addWidget(self.told_title)
        told.addWidget(self.told)
        right = QVBoxLayout()
        spread(look, right, spacing=16)
        self._picture = Card(look)
        inside = QVBoxLayout(self._picture)
        spread(look, inside, (18, 14, 18, 14), 8)
        self._services = QHBoxLayout()
        spread(look, self._services, spacing=8)
        self._services.addStretch(1)
        inside.addWidget(self.picture_title)
        inside.addLayout(self._services)
        inside.addWidget(self.picture)
        inside.addWidget(self.short)
        right.addWidget(self._picture)
        right.addWidget(self._told)
        right.addStretch(1)
        self._beside.addWidget(card, 7, Qt.AlignmentFlag.AlignTop)
        self._beside.addLayout(right, 4)
        column.addWidget(self._line)
        column.addLayout(self._beside)
        column.addStretch(1)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        super().retranslate()
        self.head.set_title(_("Other channels"))
        self.head.set_line(_("As they reported it"))
        self.add_button.setText(_("Add", context="table"))
        self.month.setAccessibleName(_("Month"))
        self.picture_title.setText(_("The hall's share by month"))
        self.short.setText(_("Dashed: not everybody reported, so the share looks larger than it is."))
        self.told_title.setText(_("What a reader has to know"))
        self.empty.set_texts(
            _("Drop a table of other channels here"),
            _("Columns channel, month or date, service, count; site and amount if wanted. Save gives an empty form."),
        )
        self.table.retranslate()
        self._show()

    def refresh(self, now: datetime) -> None:
        """Read the ledger when the page is first seen."""
        self._controller.open()

    def _show(self) -> None:
        controller, setup = self._controller, self._controller.context.feed.setup
        table, ledger = controller.coming, controller.ledger
        self.show_body(bool(ledger.totals) or table is not None)
        self.save_button.setEnabled(controller.can_save("save_totals"))
        for widget in (self.add_button, self._line):
            widget.setVisible(table is None)
        self.preview.setVisible(table is not None)
        if table is not None:
            text, second, fresh = words.preview_texts(table, controller.known)
            self.preview.set_texts(text, second)
            if fresh:
                self.preview.yes_button.allow(_("Take over", context="table"))
            else:
                self.preview.yes_button.block(_("Nothing new"))
            self.rows.show(setup, table.totals, controller.known)
            self._told.hide()
        else:
            self._show_month()
        self._show_shares()
        self._arrange()

    def _show_month(self) -> None:
        controller, setup = self._controller, self._controller.context.feed.setup
        months = words.months_of(controller.ledger.totals)
        if self._month not in months:
            self._month = months[0] if months else None
        self.month.clear()
        for month in months:
            self.month.addItem(month_words(month), month)
        self.month.setCurrentIndex(months.index(self._month) if self._month else -1)
        own = words.in_order(one for one in controller.ledger.totals if one.first.replace(day=1) == self._month)
        places = n_("{n} place", "{n} places", len({one.reporter for one in own}))
        self.count.setText(_("{totals} from {places}", totals=n_("{n} total", "{n} totals", len(own)), places=places))
        self.rows.show(setup, own)
        said = words.warnings(setup, controller.ledger, self._month) if self._month else []
        self.told.setText("\n".join(said))
        self._told.setVisible(bool(said))

    def _show_shares(self) -> None:
        controller, setup = self._controller, self._controller.context.feed.setup
        codes = words.services_of(setup, controller.ledger.shares)
        if self._service not in codes:
            self._service = codes[0] if codes else ""
        self._show_services(codes)
        self._picture.setVisible(bool(codes))
        columns = words.share_columns(controller.ledger.shares, self._service)
        self.picture.set_columns(_("The hall's share by month"), columns)
        self.short.setVisible(any(column.is_short for column in columns))

    def _show_services(self, codes: Sequence[str]) -> None:
        setup = self._controller.context.feed.setup
        if list(self.services) != list(codes):
            for pill in self.services.values():
                pill.hide()
                pill.deleteLater()
            self.services = {}
            for place, code in enumerate(codes):
                pill = FilterPill(self._look, "", height=36)
                pill.clicked.connect(partial(self.show_service, code))
                self._services.insertWidget(place, pill)
                self.services[code] = pill
        for code, pill in self.services.items():
            pill.setText(service_name(setup, code))
            pill.setChecked(code == self._service)

    def show_service(self, code: str) -> None:
        """Show the hall's share of another service."""
        self._service = code
        self._show_shares()

    def _pick_month(self, place: int) -> None:
        self._month = self.month.itemData(place)
        self._show_month()
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put the picture beside the table, or under it where both have no room; the table is as high as its rows, up to a page."""
        ways = QBoxLayout.Direction
        is_wide = self.width() >= self._look.px(BESIDE_FROM)
        self._beside.setDirection(ways.LeftToRight if is_wide else ways.TopToBottom)
        rows = min(max(self.rows.rowCount(), LEAST_ROWS), MOST_ROWS)
        self.table.setFixedHeight(self._look.px(ROW) * (rows + 1) + self._look.px(4))

    # -- one total ---------------------------------------------------------------------------------------------------

    def add(self) -> None:
        self._ask(None)

    def _edit(self, total: ChannelTotal) -> None:
        self._ask(total)

    def _ask(self, known: ChannelTotal | None) -> None:
        setup = self._controller.context.feed.setup
        channels = sorted({one.channel for one in self._controller.ledger.totals})
        dialog = TotalDialog(self.host, self._look, setup, known=known, channels=channels)
        if known is not None:
            dialog.removal_wanted.connect(partial(self._controller.take_away, known))
        self.ask(dialog)

    def put(self, total: ChannelTotal) -> None:
        self._month = total.first.replace(day=1)
        self._controller.put(total)

    def removed(self, _document: dict[str, Any]) -> str:
        return _("Taken away")

    def _done(self, verb: str, document: dict[str, Any]) -> None:
        if verb == "import":
            self._month = None
        super()._done(verb, document)
