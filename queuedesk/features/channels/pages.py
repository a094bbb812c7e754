"""Other channels: what they served in a month, the hall's share of each service by month, who has not reported; a file
is taken in and single totals are corrected beside the window."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.charts.chart import HoverTextAndTarget
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.imports import ChannelTotal, Key, parse_month_or_date
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.features.channels import verbs, words
from queuedesk.features.channels.rules import ChannelLedger, HallShareOfMonth
from queuedesk.features.channels.verbs import ChannelTotalsTable, parse_count, parse_money_cents
from queuedesk.i18n import _, current_language, list_text, moments, n_, names, talk
from queuedesk.sim.player import channel_code_of_typed_word
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import ControllerCache
from queuedesk.stations.manager.parts.intake import FigureImportController, FigureImportPage, FigureImportSpec
from queuedesk.stations.manager.parts.records import RecordList, RecordPageSpec
from queuedesk.stations.manager.parts.table import TableColumn
from queuedesk.stations.manager.setup.fields_form import FieldsDialog
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import FilterPill
from queuedesk.stations.widgets.charts.chart_view import ChartWithPoints
from queuedesk.stations.widgets.paint import Painter, width_of_text
from queuedesk.stations.widgets.questions.dialogs import DropDown, FormField
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Look

ChannelsController = FigureImportController[ChannelLedger, ChannelTotalsTable]


def known_entries_by_key(controller: ChannelsController) -> dict[Key, ChannelTotal]:
    return {one.key: one for one in controller.found.totals}


def save_channel_total(controller: ChannelsController, total: ChannelTotal) -> None:
    """Add or correct one total."""
    named, paid = (total.channel, total.period_text, total.service), total.amount_cents
    controller.run_desk_function(
        "set", verbs.set_or_remove_channel_total, *named, total.n, site=total.site, amount_cents=paid
    )


def remove_channel_total(controller: ChannelsController, total: ChannelTotal) -> None:
    named = (total.channel, total.period_text, total.service)
    controller.run_desk_function("remove", verbs.set_or_remove_channel_total, *named, None, site=total.site)


def _import_totals_table(controller: ChannelsController, table: ChannelTotalsTable) -> None:
    path, sha256 = str(table.path), table.sha256
    controller.run_desk_function(
        "import", verbs.import_channel_totals, table.totals, lines=table.lines, path=path, sha256=sha256
    )


def _save_totals_file(controller: ChannelsController, ending: str) -> None:
    """Write the totals, or an empty form."""
    from queuedesk.features.channels.papers import write_channel_totals

    setup, totals, lang = controller.context.feed.setup, controller.found.totals, current_language()
    local_now = setup.to_hall_time(controller.context.clock())
    controller.write(f"channels.{ending}", lambda path: write_channel_totals(totals, setup, path, lang, local_now))


TOTALS = FigureImportSpec[ChannelLedger, ChannelTotalsTable](
    kind="channels",
    nothing=ChannelLedger(),
    read=lambda context: verbs.channel_ledger_between(context.desk, context.clock()),
    read_file=lambda context, path: verbs.read_channel_totals_file(path, context.feed.setup.services),
    take_over=_import_totals_table,
    save=_save_totals_file,
)

# -- shares by month ---------------------------------------------------------------------------------------------------

MIDDLE = Qt.AlignmentFlag.AlignHCenter
WIDEST, SHARE_HEAD, SHARE_FOOT = 64, 28, 26


class MonthShareChartColumn(Struct, frozen=True):
    """A month: its word, its share of 1 (None: nothing is known) and the same as text."""

    label: str
    share: float | None
    text: str
    point: HoverTextAndTarget
    is_short: bool = False


class MonthlyHallShareChartView(ChartWithPoints):
    """Each column is a point that says its figures."""

    def __init__(self, look: Look, *, height: float = 240, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.columns: tuple[MonthShareChartColumn, ...] = ()
        self._height = height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_month_columns(self, title: str, columns: Sequence[MonthShareChartColumn]) -> None:
        """Show other figures, the earliest first."""
        self.columns = tuple(columns)
        self.set_points(title, "", [column.point for column in columns])

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(380), self.look.px(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(240), self.look.px(self._height))

    def _point_rects(self) -> list[QRectF]:
        slot = self._slot_width()
        return [QRectF(n * slot, 0, slot, self.height()) for n in range(len(self.columns))]

    def _slot_width(self) -> float:
        return min(self.width() / max(1, len(self.columns)), self.look.px(WIDEST) * 1.6)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        slot, head, foot = self._slot_width(), look.px(SHARE_HEAD), look.px(SHARE_FOOT)
        high = self.height() - head - foot
        wide = min(look.px(WIDEST), slot * 0.72)
        figure = look.font(14, bold=True, tabular=True)
        small = max((width_of_text(figure, column.text) for column in self.columns), default=0.0) > slot
        for n, column in enumerate(self.columns):
            x = n * slot + (slot - wide) / 2
            whole = QRectF(x, head, wide, high)
            painter.draw_box(whole, 4, "sunken", edge="amber" if column.is_short else "line", dashed=column.is_short)
            if column.share is not None:
                part = QRectF(x, head + high * (1 - column.share), wide, high * column.share)
                if part.height() >= 1:
                    painter.draw_box(part, min(4, part.height() / 2), "primary")
            if not small or n == len(self.columns) - 1:
                # With little room only the last month's figure stands there; the others say theirs when pointed at.
                room = max(slot, width_of_text(figure, column.text))
                place = QRectF(n * slot + slot / 2 - room / 2, 0, room, head)
                place.moveRight(min(place.right(), self.width()))
                painter.draw_words_and_give_end_x(
                    column.text, figure, "amber" if column.is_short else "ink", place, MIDDLE
                )
            label = look.font(13.5, tabular=True)
            painter.draw_words_and_give_end_x(
                column.label, label, "ink2", QRectF(n * slot, head + high + 2, slot, foot), MIDDLE
            )
        self.paint_current_point_marker(painter)


# -- words -------------------------------------------------------------------------------------------------------------

UNKNOWN = "–"
MOST_MONTHS = 13


def value_to_replace_text(total: ChannelTotal, known: Mapping[Key, ChannelTotal]) -> str:
    """Return the log's value that a total of the file would replace."""
    there = known.get(total.key)
    if there is None:
        return _("new", context="channel total")
    if there == total:
        return _("the same", context="channel total")
    return f"{there.n:,}" if there.n != total.n else _("another amount", context="channel total")


def channel_total_title(setup: Setup, total: ChannelTotal) -> str:
    where = words.channel_and_site_text(total.reporter)
    return " · ".join(
        [where, words.month_or_date_text(total.first, total.last), names.service_name(setup, total.service)]
    )


def import_preview_texts(table: ChannelTotalsTable, known: Mapping[Key, ChannelTotal]) -> tuple[str, str, int]:
    """Return what a file would add, what else to know about it, and how many of its totals are new or differ."""
    fresh = sum(known.get(one.key) != one for one in table.totals)
    changed = sum(one.key in known and known[one.key] != one for one in table.totals)
    totals = n_("{n} total", "{n} totals", len(table.totals))
    file = table.path.name
    text = _("{file}: {totals}, all the same as here already", file=file, totals=totals)
    if fresh:
        told = [n_("{n} new", "{n} new", fresh - changed), n_("{n} different", "{n} different", changed)]
        text = _("{file}: {totals}, {news}", file=file, totals=totals, news=list_text(told if changed else told[:1]))
    sites = len({one.reporter for one in table.totals})
    more = [n_("from {n} place", "from {n} places", sites)]
    if table.sums:
        more.append(
            n_(
                "{n} line is a total of others and is left out",
                "{n} lines are totals of others and are left out",
                len(table.sums),
            )
        )
    more.append(_("nothing is imported yet"))
    return text, " · ".join(more), fresh


def totals_in_order(totals: Iterable[ChannelTotal]) -> list[ChannelTotal]:
    """Return totals by channel, site, date and service; numbers in a site's name sort as numbers."""
    return sorted(totals, key=lambda one: (one.channel, _natural_sort_key(one.site), one.first, one.service))


def _natural_sort_key(text: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", text)]


def reported_months(totals: Iterable[ChannelTotal]) -> list[date]:
    """Return the months that somebody reported, the latest first."""
    return sorted({one.first.replace(day=1) for one in totals}, reverse=True)


def services_in_shares(setup: Setup, shares: Iterable[HallShareOfMonth]) -> list[str]:
    """Return the services of the ledger in the set-up's order, then those that it no longer has."""
    seen = {one.service for one in shares}
    return [code for code in setup.services if code in seen] + sorted(seen - set(setup.services))


def month_share_columns(shares: Sequence[HallShareOfMonth], service: str) -> list[MonthShareChartColumn]:
    """Return a service's last months, each with the hall's share; a month that not everybody reported is marked."""
    own = [one for one in shares if one.service == service][-MOST_MONTHS:]
    return [
        MonthShareChartColumn(
            label=f"{one.month:%Y-%m}" if n == 0 or one.month.month == 1 else str(one.month.month),
            share=one.hall_share,
            text=percent_text(one.hall_share),
            is_short=bool(one.missing),
            point=HoverTextAndTarget(_share_tooltip_lines(one)),
        )
        for n, one in enumerate(own)
    ]


def _share_tooltip_lines(one: HallShareOfMonth) -> tuple[str, ...]:
    lines = [
        moments.month_and_year(one.month),
        _("the hall's share: {share}", share=percent_text(one.hall_share)),
        _("in the hall {hall}, elsewhere {elsewhere}", hall=f"{one.hall:,}", elsewhere=f"{one.elsewhere:,}"),
    ]
    if not one.is_counted:
        lines.append(_("the hall finished no ticket in this month"))
    if one.missing:
        lines.append(_("not all reported: {missing}", missing=words.reporters_text(one.missing)))
    return tuple(lines)


def warnings_of_month(setup: Setup, ledger: ChannelLedger, month: date) -> list[str]:
    short = [one for one in ledger.shares if one.month == month and one.missing]
    twice = [code for code, of in ledger.twice if of == month]
    return [
        *(words.missing_reporters_text(month, names.service_name(setup, one.service), one.missing) for one in short),
        *(words.counted_twice_text(month, code) for code in twice),
    ]


def percent_text(share: float | None) -> str:
    return UNKNOWN if share is None else f"{100 * share:.1f} %"


def money_text(cents: int | None) -> str:
    return UNKNOWN if cents is None else f"{cents / 100:,.2f}"


# -- the question for one total ----------------------------------------------------------------------------------------

MEANT = {"total": "count", "period": "period", "channel": "channel", "site": "site", "amount": "amount"}


class ChannelTotalDialog(FieldsDialog):
    """`wanted` gives a ChannelTotal."""

    def __init__(
        self, host: QWidget, look: Look, setup: Setup, *, known: ChannelTotal | None, channels: Sequence[str] = ()
    ) -> None:
        title = channel_total_title(setup, known) if known else _("Add a total")
        effect = _("How often another channel did a service in a past month or on a past date.")
        super().__init__(host, look, title=title, effect="" if known else effect, width=760)
        self._known, self._setup = known, setup
        self.channel = DropDown(self.look)
        self.channel.setEditable(True)
        self.channel.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for code in (*CHANNELS, *(one for one in channels if one not in CHANNELS)):
            self.channel.addItem(talk.offered_channel_word(code))
        self.service = DropDown(self.look)
        for code in setup.services:
            self.service.addItem(names.service_name(setup, code), code)
        fields = {
            "channel": FormField(self.look, _("Channel", context="column"), edit=self.channel),
            "site": FormField(self.look, _("Site", context="column"), hint=_("empty: the channel as a whole")),
            "period": FormField(
                self.look, _("Month or date", context="column"), hint=_("such as 2026-10 or 2026-10-03")
            ),
            "service": FormField(self.look, _("Service", context="column"), edit=self.service),
            "count": FormField(self.look, _("Count", context="column"), hint=_("how many were done there")),
            "amount": FormField(self.look, _("Amount", context="column"), hint=_("optional")),
        }
        figures = ("count", "amount")
        rows = [figures] if known else [("channel", "site"), ("period", "service"), figures]
        self.lay_out_fields(fields, rows, removable=known is not None)
        if known is not None:
            self.fields["count"].set_value(str(known.n))
            if known.amount_cents is not None:
                self.fields["amount"].set_value(f"{known.amount_cents / 100:.2f}")

    def read_typed_values(self) -> ChannelTotal | None:
        """Return what was typed, or None after showing the mistake at its field."""
        wrong: dict[str, str] = {}
        text = {name: " ".join(field.value().split()) for name, field in self.fields.items()}
        first = last = None
        try:
            first, last = (self._known.first, self._known.last) if self._known else parse_month_or_date(text["period"])
        except ValueError:
            wrong["period"] = _("A month or a date, such as 2026-10")
        n, cents = parse_count(text["count"]), parse_money_cents(text["amount"]) if text["amount"] else None
        if n is None:
            wrong["count"] = _("A whole number, such as 1200")
        if text["amount"] and cents is None:
            wrong["amount"] = _("An amount, such as 1200.50")
        if self._known is None and not text["channel"]:
            wrong["channel"] = _("Which channel?")
        self.show_field_errors(wrong)
        if wrong or first is None or last is None or n is None:
            return None
        known = self._known
        return ChannelTotal(
            channel=known.channel if known else channel_code_of_typed_word(text["channel"]),
            site=known.site if known else text["site"],
            service=known.service if known else self.service.currentData(),
            first=first,
            last=last,
            n=n,
            amount_cents=cents,
        )

    def field_of_refusal(self, trouble: QueueDeskError) -> str:
        if trouble.code in ("period_not_over", "counted_twice"):
            return "period"
        return MEANT.get(super().field_of_refusal(trouble), "")

    def first_field(self) -> QWidget:
        return self.fields["count"].edit if self._known else self.channel


# -- the page ----------------------------------------------------------------------------------------------------------

BESIDE_FROM = 980
ROWS_SEEN = (6, 13)


class ChannelsPage(FigureImportPage):
    """Pressing a total corrects it; a file is previewed in the same table before it is imported."""

    def __init__(self, look: Look, controller: ChannelsController, parent: QWidget | None = None) -> None:
        super().__init__(
            look,
            controller,
            title=lambda: _("Other channels"),
            line=lambda: _("As reported"),
            endings=("xlsx", "csv"),
            parent=parent,
        )
        self._controller = controller
        self._month: date | None = None
        self._service = ""
        self.services: dict[str, FilterPill] = {}
        self.month = DropDown(look).set_minimum_letters(14)
        self.month.setAccessibleName(_("Month"))
        self.count = panels.Label(look, px=15, token="ink2")
        totals = RecordPageSpec[ChannelTotal](
            name=lambda: _("Totals of other channels"),
            icon="document",
            columns=self._columns_of_totals_table,
            key=lambda one: one.key,
            by_one_press=True,
            row_height=38,
            rows_seen=ROWS_SEEN,
        )
        self.list = RecordList(controller.context, totals)
        self.table = self.list.table
        self.picture = MonthlyHallShareChartView(look)
        self.picture_title = panels.Label(look, _("The hall's share by month"), px=17, bold=True, wrap=True)
        self.short = panels.Label(
            look,
            _("Dashed: not everybody reported, so the share looks larger than it is."),
            px=14,
            token="ink2",
            wrap=True,
        )
        self.told_title = panels.Label(look, _("How to read this"), px=17, bold=True)
        self.told = panels.Label(look, px=15, wrap=True)
        self._lay_out_body()
        self.table.opened.connect(self._edit_total_unless_previewing)
        self.month.activated.connect(self._show_picked_month)
        controller.changed.connect(self._show_totals_or_preview)
        look.changed.connect(self._place_chart)
        self.empty.set_texts(
            _("Drop a table of other channels here"),
            _(
                "Columns channel, month or date, service, count; site and amount are optional. Save gives an empty form."
            ),
            _("Choose a file …"),
        )
        self._show_totals_or_preview()

    def _lay_out_body(self) -> None:
        look = self._look
        column = QVBoxLayout(self.body)
        panels.set_scaled_margins(look, column, (0, 0, 12, 8), 10)
        self._line = QWidget()
        line = QHBoxLayout(self._line)
        panels.set_scaled_margins(look, line, spacing=12)
        line.addWidget(self.month)
        line.addWidget(self.count, 1)
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panels.set_scaled_margins(look, self._beside, spacing=16)
        self._told = panels.Card(look)
        told = QVBoxLayout(self._told)
        panels.set_scaled_margins(look, told, (18, 14, 18, 16), 6)
        told.addWidget(self.told_title)
        told.addWidget(self.told)
        right = QVBoxLayout()
        panels.set_scaled_margins(look, right, spacing=16)
        self._picture = panels.Card(look)
        inside = QVBoxLayout(self._picture)
        panels.set_scaled_margins(look, inside, (18, 14, 18, 14), 8)
        # In several rows where one would take the table's room.
        self._services = panels.EqualCellGrid(look, height=36, gap=8, share_last=False)
        inside.addWidget(self.picture_title)
        inside.addWidget(self._services)
        inside.addWidget(self.picture)
        inside.addWidget(self.short)
        right.addWidget(self._picture)
        right.addWidget(self._told)
        right.addStretch(1)
        self._beside.addWidget(self.list, 7, Qt.AlignmentFlag.AlignTop)
        self._beside.addLayout(right, 4)
        column.addWidget(self._line)
        column.addLayout(self._beside)
        column.addStretch(1)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def _columns_of_totals_table(self, _context: StationContext) -> list[TableColumn[ChannelTotal]]:
        """Return the columns; of a file that is looked at the last says what stands here so far."""
        setup = self._controller.context.feed.setup
        known = None if self._controller.coming is None else known_entries_by_key(self._controller)

        def token_function_marking_new_totals(usual: str) -> Callable[[ChannelTotal], str]:
            return lambda one: "primary" if known is not None and known.get(one.key) != one else usual

        columns = [
            TableColumn[ChannelTotal](
                title=_("Channel", context="column"), text=lambda one: talk.offered_channel_word(one.channel)
            ),
            TableColumn[ChannelTotal](title=_("Site", context="column"), text=lambda one: one.site or UNKNOWN),
            TableColumn[ChannelTotal](
                title=_("Month or date", context="column"),
                text=lambda one: words.month_or_date_text(one.first, one.last),
                short=lambda one: one.period_text,
            ),
            TableColumn[ChannelTotal](
                title=_("Service", context="column"), text=lambda one: names.service_name(setup, one.service)
            ),
            TableColumn[ChannelTotal](
                title=_("Count", context="column"),
                text=lambda one: f"{one.n:,}",
                is_right=True,
                bold=True,
                token=token_function_marking_new_totals("ink"),
            ),
            TableColumn[ChannelTotal](
                title=_("Amount", context="column"),
                text=lambda one: money_text(one.amount_cents),
                is_right=True,
                token="ink2",
            ),
        ]
        if known is not None:
            columns.append(
                TableColumn(
                    title=_("Here so far", context="column"),
                    text=lambda one: value_to_replace_text(one, known),
                    is_right=True,
                    token=token_function_marking_new_totals("ink2"),
                )
            )
        return columns

    def refresh(self, now: datetime) -> None:
        """Read the ledger when the page is first shown."""
        self._controller.refresh_if_never_read()

    def _show_totals_or_preview(self) -> None:
        controller = self._controller
        table, ledger = controller.coming, controller.found
        self.show_figures_or_empty(bool(ledger.totals) or table is not None)
        self.save_button.setEnabled(controller.can_save)
        for widget in (self.add_button, self._line):
            widget.setVisible(table is None)
        self.preview.setVisible(table is not None)
        if table is not None:
            text, second, fresh = import_preview_texts(table, known_entries_by_key(controller))
            self.preview.set_texts(text, second)
            if fresh:
                self.preview.yes_button.enable_with_label(_("Import", context="table"))
            else:
                self.preview.yes_button.disable_with_reason(_("Nothing new"))
            self.list.show_rows(table.totals)
            self._told.hide()
        else:
            self._show_month()
        self._show_share_of_hall_by_month()
        self._place_chart()

    def _show_month(self) -> None:
        controller, setup = self._controller, self._controller.context.feed.setup
        months = reported_months(controller.found.totals)
        if self._month not in months:
            self._month = months[0] if months else None
        self.month.clear()
        for month in months:
            self.month.addItem(moments.month_and_year(month), month)
        self.month.setCurrentIndex(months.index(self._month) if self._month else -1)
        own = totals_in_order(one for one in controller.found.totals if one.first.replace(day=1) == self._month)
        places = n_("{n} place", "{n} places", len({one.reporter for one in own}))
        self.count.setText(_("{totals} from {places}", totals=n_("{n} total", "{n} totals", len(own)), places=places))
        self.list.show_rows(own)
        said = warnings_of_month(setup, controller.found, self._month) if self._month else []
        self.told.setText("\n".join(said))
        self._told.setVisible(bool(said))

    def _show_share_of_hall_by_month(self) -> None:
        controller, setup = self._controller, self._controller.context.feed.setup
        codes = services_in_shares(setup, controller.found.shares)
        if self._service not in codes:
            self._service = codes[0] if codes else ""
        self._show_service_pills(codes)
        self._picture.setVisible(bool(codes))
        columns = month_share_columns(controller.found.shares, self._service)
        self.picture.set_month_columns(_("The hall's share by month"), columns)
        self.short.setVisible(any(column.is_short for column in columns))

    def _show_service_pills(self, codes: Sequence[str]) -> None:
        setup = self._controller.context.feed.setup
        if list(self.services) != list(codes):
            panels.remove_and_delete_widgets(self.services.values())
            self.services = {}
            for code in codes:
                pill = FilterPill(self._look, "", height=36)
                pill.clicked.connect(partial(self.show_hall_share_of_service, code))
                self.services[code] = pill
        for code, pill in self.services.items():
            pill.setText(names.service_name(setup, code))
            pill.setChecked(code == self._service)
        self._services.set_widgets(list(self.services.values()))

    def show_hall_share_of_service(self, code: str) -> None:
        """Show the hall's share of another service."""
        self._service = code
        self._show_share_of_hall_by_month()

    def state_to_restore(self) -> tuple[date | None, str] | None:
        is_used = self._controller.coming is not None or self.dialog is not None
        return None if is_used else (self._month, self._service)

    def restore_state(self, left: tuple[date | None, str]) -> None:
        self._month, self._service = left
        self._read_again()

    def _show_picked_month(self, place: int) -> None:
        self._month = self.month.itemData(place)
        self._show_month()
        self._place_chart()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_chart()

    def _place_chart(self) -> None:
        """Put the picture beside the table, or under it where both have no room."""
        panels.set_side_by_side_or_stacked(self.width() >= self._look.px(BESIDE_FROM), self._beside)

    # -- one total ---------------------------------------------------------------------------------------------------

    def ask_new_entry(self) -> None:
        self._open_total_dialog(None)

    def _edit_total_unless_previewing(self, total: ChannelTotal) -> None:
        if self._controller.coming is None:
            self._open_total_dialog(total)

    def _open_total_dialog(self, known: ChannelTotal | None) -> None:
        setup = self._controller.context.feed.setup
        channels = sorted({one.channel for one in self._controller.found.totals})
        dialog = ChannelTotalDialog(self.host_widget, self._look, setup, known=known, channels=channels)
        if known is not None:
            dialog.removal_wanted.connect(partial(remove_channel_total, self._controller, known))
        self.open_fields_dialog(dialog)

    def save_typed(self, total: ChannelTotal) -> None:
        self._month = total.first.replace(day=1)
        save_channel_total(self._controller, total)

    def removal_message(self, _document: dict[str, Any]) -> str:
        return _("Taken away")

    def _on_act_done(self, verb: str, document: dict[str, Any]) -> None:
        if verb == "import":
            self._month = None
        super()._on_act_done(verb, document)


def make_channels_controller(context: StationContext, parent: QObject | None = None) -> ChannelsController:
    """Return what reads and takes in other channels' totals."""
    return ChannelsController(context, TOTALS, parent)


def make_channels_page(controller: ManagerController, own: ControllerCache) -> ChannelsPage:
    """Return the page with the station's controller."""
    return ChannelsPage(controller.context.look, own(make_channels_controller, controller.context))
