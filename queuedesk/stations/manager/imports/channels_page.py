"""Other channels: what they served in a month, the hall's share of each service by month, who has not reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QBoxLayout, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.imports.channel import ChannelTotal, Key, period_of
from queuedesk.core.setup.values import Setup
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.i18n import _, n_
from queuedesk.i18n.figures.channel_words import month_words
from queuedesk.i18n.names import service_name
from queuedesk.i18n.talk.remark_words import channel
from queuedesk.sim.channels import cents_of, channel_code, count_of
from queuedesk.stations.manager.imports import channels_words as words
from queuedesk.stations.manager.imports.channels_controller import ChannelsController
from queuedesk.stations.manager.imports.channels_words import cells, heads, preview_cell, total_title
from queuedesk.stations.manager.imports.intake_page import IntakePage
from queuedesk.stations.manager.parts.page_head import DropDown
from queuedesk.stations.manager.parts.plain_table import PlainRows, PlainTable
from queuedesk.stations.manager.setup.fields_dialog import FieldsDialog
from queuedesk.stations.widgets.charts.share_picture import SharePicture
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.paint import width_of
from queuedesk.stations.widgets.panels import Card, spread
from queuedesk.stations.widgets.pills import FilterPill
from queuedesk.stations.widgets.questions.forms import FormField
from queuedesk.stations.window.style import Look

# One total of another channel, over the page: how many it served, and what was paid there; or a new one.

MEANT = {"total": "count", "period": "period", "channel": "channel", "site": "site", "amount": "amount"}


class TotalDialog(FieldsDialog):
    """`wanted` gives a ChannelTotal. It closes when its total is to be taken away."""

    def __init__(
        self, host: QWidget, look: Look, setup: Setup, *, known: ChannelTotal | None, channels: Sequence[str] = ()
    ) -> None:
        title = total_title(setup, known) if known else _("Add a total")
        effect = _("What another channel served of a service in a month or on a date that is over.")
        super().__init__(host, look, title=title, effect="" if known else effect, width=760)
        self._known, self._setup = known, setup
        self.channel = DropDown(self.look)
        self.channel.setEditable(True)
        self.channel.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for code in (*CHANNELS, *(one for one in channels if one not in CHANNELS)):
            self.channel.addItem(channel(code))
        self.service = DropDown(self.look)
        for code in setup.services:
            self.service.addItem(service_name(setup, code), code)
        fields = {
            "channel": FormField(self.look, _("Channel", context="column"), edit=self.channel),
            "site": FormField(self.look, _("Site", context="column"), hint=_("empty: the channel as a whole")),
            "period": FormField(
                self.look, _("Month or date", context="column"), hint=_("such as 2026-10 or 2026-10-03")
            ),
            "service": FormField(self.look, _("Service", context="column"), edit=self.service),
            "count": FormField(self.look, _("Count", context="column"), hint=_("how many were served there")),
            "amount": FormField(self.look, _("Amount", context="column"), hint=_("may stay empty")),
        }
        figures = ("count", "amount")
        rows = [figures] if known else [("channel", "site"), ("period", "service"), figures]
        self.lay(fields, rows, removable=known is not None)
        if known is not None:
            self.fields["count"].set_value(str(known.n))
            if known.amount_cents is not None:
                self.fields["amount"].set_value(f"{known.amount_cents / 100:.2f}")

    def typed(self) -> ChannelTotal | None:
        """Return what was typed, None after saying at a field why it is none."""
        wrong: dict[str, str] = {}
        text = {name: " ".join(field.value().split()) for name, field in self.fields.items()}
        first = last = None
        try:
            first, last = (self._known.first, self._known.last) if self._known else period_of(text["period"])
        except ValueError:
            wrong["period"] = _("A month or a date, such as 2026-10")
        n, cents = count_of(text["count"]), cents_of(text["amount"]) if text["amount"] else None
        if n is None:
            wrong["count"] = _("A whole number, such as 1200")
        if text["amount"] and cents is None:
            wrong["amount"] = _("An amount, such as 1200.50")
        if self._known is None and not text["channel"]:
            wrong["channel"] = _("Which channel?")
        self.say_wrong(wrong)
        if wrong or first is None or last is None or n is None:
            return None
        known = self._known
        return ChannelTotal(
            channel=known.channel if known else channel_code(text["channel"]),
            site=known.site if known else text["site"],
            service=known.service if known else self.service.currentData(),
            first=first,
            last=last,
            n=n,
            amount_cents=cents,
        )

    def _remove(self) -> None:
        self.close_dialog()
        super()._remove()

    def meant(self, trouble: QueueDeskError) -> str:
        if trouble.code in ("period_not_over", "counted_twice"):
            return "period"
        return MEANT.get(super().meant(trouble), "")

    def first_field(self) -> QWidget:
        return self.fields["count"].edit if self._known else self.channel


# The table of other channels' totals: a press or Enter on a row puts it right.

ROW = 38
SIZES = (16, 15, 14, 13, 12)
"""Of the letters; smaller ones where large text leaves the columns no room."""
COUNT, AMOUNT, SO_FAR = 4, 5, 6
MEASURED = 12
"""So many of the longest texts of a column are measured: thousands would take their time."""
_AT = QModelIndex | QPersistentModelIndex


class ChannelRows(PlainRows):
    """A row for each total; with `known` they are those of a file, each beside what stands here so far."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.totals: Sequence[ChannelTotal] = ()
        self.texts: list[list[str]] = []
        self.fresh: set[int] = set()
        self.is_preview = False
        self.px = SIZES[0]

    def show(
        self, setup: Setup, totals: Sequence[ChannelTotal], known: Mapping[Key, ChannelTotal] | None = None
    ) -> None:
        """Show these."""
        self.beginResetModel()
        self.totals, self.is_preview = totals, known is not None
        more = [[] if known is None else [preview_cell(one, known)] for one in totals]
        self.texts = [[*cells(setup, one), *own] for one, own in zip(totals, more, strict=True)]
        self.fresh = set() if known is None else {n for n, one in enumerate(totals) if known.get(one.key) != one}
        self.endResetModel()

    def rowCount(self, parent: _AT = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.texts)

    def columnCount(self, parent: _AT = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(heads(is_preview=self.is_preview))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(section)
        return heads(is_preview=self.is_preview)[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: _AT, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.texts[row][column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        if role == Qt.ItemDataRole.FontRole:
            return self._look.font(self.px, bold=column == COUNT, tabular=True)
        if role == Qt.ItemDataRole.ForegroundRole:
            is_new = row in self.fresh and column in (COUNT, SO_FAR)
            return self._look.color("primary" if is_new else "ink2" if column >= AMOUNT else "ink")
        return None


def _side(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column >= COUNT else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class ChannelsTable(PlainTable):
    """`picked` gives the total that was pressed, or on which Enter was pressed."""

    picked = Signal(object)

    def __init__(self, look: Look, model: ChannelRows, parent: QWidget | None = None) -> None:
        self._rows = model
        super().__init__(look, model, height=ROW, sizes=SIZES, parent=parent)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(lambda index: self.press(index.row()))
        model.modelReset.connect(self.fit)

    def press(self, row: int) -> None:
        if not self._rows.is_preview:
            self.picked.emit(self._rows.totals[row])

    def retranslate(self) -> None:
        self.setAccessibleName(_("Totals of other channels"))
        super().retranslate()

    def needed(self, px: int) -> list[int]:
        look = self.look
        cell, head, pad = look.font(px, bold=True, tabular=True), look.font(px - 2), look.px(18)
        widths = []
        for column, title in enumerate(heads(is_preview=self._rows.is_preview)):
            longest = sorted({row[column] for row in self._rows.texts}, key=len)[-MEASURED:]
            widths.append(round(max([width_of(head, title), *(width_of(cell, text) for text in longest)])) + pad)
        return widths


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
        self.save_button.setEnabled(controller.can_save)
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
        """Put the picture beside the table, or under it where both have no room; the table is as high as its rows, up
        to a page."""
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
