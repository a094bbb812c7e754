"""Why people come: each item with what it takes at windows, and which visits could have gone elsewhere; offers are put
on the front desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.sentences import MACHINE, PARTNER, PHONE, partners_taking_item_by_way
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.features.why_come import papers, rules, verbs
from queuedesk.features.why_come import words as why_come_texts
from queuedesk.features.why_come.rules import UNKNOWN as UNKNOWN_WAY
from queuedesk.i18n import _, current_language, date_short, error_sentence, n_, name_in_language
from queuedesk.i18n.figures.figure_titles import (
    WHERE_ELSE,
    figure_meaning,
    item_with_service_letter,
    partner_distance_text,
)
from queuedesk.i18n.names import UNKNOWN, percent_text, whole_number_text
from queuedesk.i18n.talk import offered_channel_word
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import ControllerCache
from queuedesk.stations.manager.parts import table as row_tables
from queuedesk.stations.manager.parts.page import TABLES, ManagerPage, PageAct, PageSpec
from queuedesk.stations.manager.parts.page_controller import PageController
from queuedesk.stations.manager.parts.records import RecordList, RecordPageSpec
from queuedesk.stations.manager.setup_frame.draft import PARTNERS
from queuedesk.stations.manager.today.alert_words import ButtonTarget
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import TextButton
from queuedesk.stations.widgets.questions.dialogs import DropDown
from queuedesk.stations.widgets.questions.files import ask_file, ask_save_path
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import NARROW_UNDER, Look

if TYPE_CHECKING:
    from queuedesk.stations.manager.setup_frame.draft import SetUpController
    from queuedesk.stations.manager.setup_frame.page import SetUpRowList


class WhereElseController(PageController[rules.WhereElseAdvice]):
    """Reads the last `days` up to yesterday. `offered` gives the channel that is offered or not any more."""

    offered = Signal(str, bool)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent, is_long=True)
        self.days = 1

    @property
    def setup(self) -> Setup:
        return self.context.feed.setup

    def read_last_days(self, days: int) -> None:
        """Read so many dates, unless they were read and neither directory nor offers have changed since."""
        self.days = days
        self.refresh()

    def _dependency_key(self) -> object:
        return self.days, self.context.feed.business_date, self.setup.partners, self.setup.services

    def _read_function(self) -> Callable[[], rules.WhereElseAdvice]:
        last = self.context.feed.business_date - timedelta(days=1)
        first = last - timedelta(days=self.days - 1)
        return partial(verbs.where_else_advice, self.context.desk, first, last, self.context.clock())

    def set_whether_channel_is_offered(self, service: str, to: str, *, wanted: bool) -> None:
        """Offer a channel to who comes for a service, or no more."""
        work = partial(
            verbs.switch_channel_offer_of_service, self.context.desk, self.context.new_ask(), service, to, wanted=wanted
        )
        self.start_unless_busy("offer", work, lambda _document: self.offered.emit(to, wanted))


SPANS = (28, 7, 91, 182)
PANEL_WIDE, ROW_HIGH, BAR_HIGH, BAR_WIDE = 352, 53, 13, 190
TINTS = {MACHINE: "chart", PARTNER: "primary", PHONE: "blue", rules.HERE: "sunken"}
NEAREST = 3


class WaysBarDelegate(QStyledItemDelegate):
    """A cell as one bar, split by way, over the words that say the same."""

    def __init__(self, look: Look, rows: Sequence[rules.ItemAdvice], parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._rows = look, rows

    def show_rows(self, rows: Sequence[rules.ItemAdvice]) -> None:
        self._rows = rows

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        self.initStyleOption(option, index)
        look, text = self._look, option.text
        option.text = ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        one = self._rows[index.row()]
        pad, room = look.px(6), QRectF(option.rect)
        bar = QRectF(room.x() + pad, room.y() + look.px(8), room.width() - 2 * pad, look.px(BAR_HIGH))
        painter.save()
        painter.setPen(look.color("edge"))
        painter.setBrush(look.color("sunken"))
        painter.drawRect(bar)
        x = bar.x()
        for way, own in one.ways.items():
            width = bar.width() * own.visits / one.visits if one.visits else 0
            painter.fillRect(QRectF(x, bar.y(), width, bar.height()), look.color(TINTS[way]))
            x += width
        painter.setPen(look.color("on_soft" if option.state & QStyle.StateFlag.State_Selected else "ink"))
        painter.setFont(look.font(13, tabular=True))
        words = QRectF(bar.x(), bar.bottom() + look.px(2), bar.width(), look.px(24))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, round(bar.width()))
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()


class WhereElsePage(ManagerPage):
    """`behind_wanted` asks for the visits or offers behind a figure, `place_wanted` for the directory."""

    behind_wanted = Signal(str, object, object, str)
    place_wanted = Signal(object)

    def __init__(self, controller: WhereElseController, parent: QWidget | None = None) -> None:
        self._controller, look = controller, controller.context.look
        spec = PageSpec(
            title=lambda: _("Why people come"),
            acts=(
                PageAct(
                    text=lambda: _("Offer at the front desk"),
                    do=self._open_channels_to_offer_menu,
                    icon="check",
                    is_main=True,
                    changes_hall=True,
                ),
            ),
        )
        super().__init__(look, spec, parent)
        (self.offer_button,) = self.buttons
        self.spans = DropDown(look)
        self.spans.setAccessibleName(_("Period"))
        self.spans.activated.connect(self._load_chosen_days)
        self.add_tools(self.spans)
        items = RecordPageSpec[rules.ItemAdvice](
            name=lambda: _("Why people come"),
            icon="people",
            columns=self._item_table_columns,
            key=lambda one: one.name,
            chooses=True,
            row_height=ROW_HIGH,
        )
        self.list = RecordList(controller.context, items)
        self.bars = WaysBarDelegate(look, self.list.table.rows.rows, self.list.table)
        self.list.table.setItemDelegateForColumn(4, self.bars)
        self.all_line = panels.Label(look, px=16, bold=True, wrap=True)
        self.all_button = TextButton(look, _("See them"), height=44, px=15)
        self.all_button.clicked.connect(self._open_visits_possible_elsewhere)
        foot = QHBoxLayout()
        panels.set_scaled_margins(look, foot, spacing=8)
        foot.addWidget(self.all_line, 1)
        foot.addWidget(self.all_button)
        self.list.add_footer_below_rows(foot)
        self.panel, self._inside = panels.Card(look), QWidget()
        self._inner = QVBoxLayout(self._inside)
        panels.set_scaled_margins(look, self._inner, (18, 14, 18, 14), 8)
        self.links: dict[TextButton, tuple[str, str]] = {}
        around = QVBoxLayout(self.panel)
        around.setContentsMargins(2, 2, 2, 2)
        around.addWidget(panels.VerticalScrollArea(self._inside))
        self._fixed = panels.FixedSizeKeeper(look, self.panel, width=PANEL_WIDE)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panels.set_scaled_margins(look, self._row, spacing=12)
        self._row.addWidget(self.list, 3)
        self._row.addWidget(self.panel, 2)
        self.add_part(self._row, 1)
        self.list.table.selectionModel().selectionChanged.connect(self._rebuild_panel_of_chosen_item)
        self.list.table.opened.connect(self._open_visits_of_item)
        controller.changed.connect(self._show_loaded_items)
        controller.unread.connect(self._show_load_failure)
        controller.offered.connect(self._announce_offer_change)
        controller.refused.connect(self.show_act_warning)
        controller.busy_changed.connect(self.offer_button.set_busy)
        spans = {str(days): n_("last {n} day", "last {n} days", days) for days in SPANS}
        self.spans.show_choice(str(self.chosen_day_count), spans)
        self._show_or_load_items()

    def _show_or_load_items(self) -> None:
        """Show what was read of the dates, or ask for it."""
        if self._controller.found is None:
            self.list.set_empty_texts(_("Reading what people came for …"))
            self._controller.read_last_days(self.chosen_day_count)
            self._rebuild_panel_of_chosen_item()
        self._show_loaded_items()

    # -- what is asked -------------------------------------------------------------------------------------------------

    @property
    def _hall_setup(self) -> Setup:
        return self._controller.setup

    @property
    def chosen_day_count(self) -> int:
        return int(self.spans.currentData() or SPANS[0])

    def refresh(self, _now: datetime) -> None:
        """Read again when the directory or the offers have changed, or a day is over."""
        self._controller.read_last_days(self.chosen_day_count)

    def state_to_restore(self) -> int:
        return self.chosen_day_count

    def restore_state(self, left: int) -> None:
        self.spans.setCurrentIndex(self.spans.findData(str(left)))
        self._show_or_load_items()

    def _load_chosen_days(self) -> None:
        self._controller.read_last_days(self.chosen_day_count)

    def _open_channels_to_offer_menu(self) -> None:
        if (one := self.list.table.chosen_row()) is None:
            return
        service, entries = one.name[0], []
        now = self._hall_setup.services[service].elsewhere if service in self._hall_setup.services else ()
        for code in self._channels_taking_item(one):
            word = offered_channel_word(code)
            text = _("{channel}: stop offering", channel=word) if code in now else _("Offer: {channel}", channel=word)
            entries.append(
                (text, partial(self._controller.set_whether_channel_is_offered, service, code, wanted=code not in now))
            )
        self.open_menu(self.offer_button, entries)

    def _channels_taking_item(self, one: rules.ItemAdvice) -> list[str]:
        """Return the channels that take an item, in the order of all."""
        kinds = {
            place.kind
            for own in partners_taking_item_by_way(self._hall_setup.partners.values(), one.name).values()
            for place in own
        }
        service = self._hall_setup.services.get(one.name[0])
        kinds.update(service.elsewhere if service else ())
        return [code for code in CHANNELS if code in kinds]

    def _announce_offer_change(self, to: str, wanted: bool) -> None:
        word = offered_channel_word(to)
        self.said.emit(
            _("{channel} is offered now", channel=word)
            if wanted
            else _("{channel} is no longer offered", channel=word),
            "check",
        )

    def _open_visits_of_item(self, one: rules.ItemAdvice) -> None:
        self._emit_rows_wanted(
            rules.elsewhere_figure_path(one.name, rules.ALL), why_come_texts.item_title(self._hall_setup, one.name)
        )

    def _open_visits_possible_elsewhere(self) -> None:
        self._emit_rows_wanted(rules.elsewhere_figure_path(None, "away"), _("Could have gone elsewhere"))

    def _emit_rows_wanted(self, where: str, title: str) -> None:
        if (found := self._controller.found) is not None:
            self.behind_wanted.emit(where, found.first, found.last, title)

    def _open_rows_of_link(self) -> None:
        button = self.sender()
        if isinstance(button, TextButton) and button in self.links:
            self._emit_rows_wanted(*self.links[button])

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _item_table_columns(self, _context: StationContext) -> list[row_tables.TableColumn[rules.ItemAdvice]]:
        return [
            row_tables.TableColumn(
                title=_("Item", context="column"),
                text=lambda one: item_with_service_letter(self._hall_setup, one.name),
                bold=True,
                gives=True,
                grows=True,
                least=150,
            ),
            row_tables.TableColumn(
                title=_("Visits", context="column"), text=lambda one: whole_number_text(one.visits), is_right=True
            ),
            row_tables.TableColumn(
                title=_("Minutes", context="column"), text=lambda one: whole_number_text(one.minutes), is_right=True
            ),
            row_tables.TableColumn(title=_("Came again", context="column"), text=self._came_again_text, is_right=True),
            row_tables.TableColumn(
                title=_("Could go elsewhere", context="column"),
                text=why_come_texts.visits_by_way_text,
                sample="0" * 22,
                gives=True,
                least=BAR_WIDE,
            ),
        ]

    def _came_again_text(self, one: rules.ItemAdvice) -> str:
        """Return who came again; where no ticket of the dates names an earlier visit, nobody knows."""
        found = self._controller.found
        if found is None or not any(each.again.n for each in found.items):
            return UNKNOWN
        return (
            whole_number_text(one.again.n)
            if one.again.rate is None
            else f"{whole_number_text(one.again.n)} · {percent_text(one.again.rate)} %"
        )

    def _show_loaded_items(self) -> None:
        if (found := self._controller.found) is None:
            return
        self.banner.hide()
        self.head.set_subtitle(f"{date_short(found.first)} – {date_short(found.last)}")
        rows = [one for one in found.items if one.visits]
        self.bars.show_rows(rows)
        self.list.set_empty_texts(
            _("Nobody came in these dates"),
            _("With the first tickets this page shows what people come for, and which visits could go elsewhere."),
        )
        self.list.show_rows(rows)
        self.all_line.setText(why_come_texts.could_have_gone_text(found))
        self.all_button.setVisible(bool(found.elsewhere_visit_count))
        self._rebuild_panel_of_chosen_item()

    def _rebuild_panel_of_chosen_item(self) -> None:
        while (item := self._inner.takeAt(0)) is not None:
            if (part := item.widget()) is not None:
                panels.remove_and_delete_widgets([part])
        self.links.clear()
        found, one = self._controller.found, self.list.table.chosen_row()
        self.panel.setVisible(found is not None and one is not None)
        self.offer_button.setEnabled(one is not None and bool(self._channels_taking_item(one)))
        if found is None or one is None:
            return
        look = self._look
        self._inner.addWidget(
            panels.Label(look, why_come_texts.item_title(self._hall_setup, one.name), px=20, bold=True, wrap=True)
        )
        if one.elsewhere_visit_count:
            self._add_savings_estimate(one, found.days)
        self._add_visit_links(one)
        self._add_nearest_places(one)
        self._add_offer_acceptance_counts(one)
        box = panels.Panel(look, "sunken")
        column = QVBoxLayout(box)
        panels.set_scaled_margins(look, column, (14, 10, 14, 10))
        column.addWidget(
            panels.Label(look, why_come_texts.item_verdict_text(one, found.days), px=16, bold=True, wrap=True, most=6)
        )
        self._inner.addWidget(box)
        self._inner.addWidget(panels.Label(look, figure_meaning(WHERE_ELSE), px=13, token="ink2", wrap=True))
        self._inner.addStretch(1)

    def _add_savings_estimate(self, one: rules.ItemAdvice, days: int) -> None:
        look = self._look
        minutes = round(one.avoidable_window_minutes)
        text = n_("{count} window minute", "{count} window minutes", minutes, count=whole_number_text(minutes))
        self._inner.addWidget(panels.Label(look, text, px=24, bold=True, wrap=True))
        self._inner.addWidget(
            panels.Label(
                look,
                _(
                    "if {visits} visits had gone elsewhere: {each} minutes each, {a_day} minutes a day.",
                    visits=whole_number_text(one.elsewhere_visit_count),
                    each=f"{one.avoidable_window_minutes / one.elsewhere_visit_count:.1f}",
                    a_day=whole_number_text(one.avoidable_window_minutes / days) if days else UNKNOWN,
                ),
                px=15,
                token="ink2",
                wrap=True,
            )
        )

    def _add_visit_links(self, one: rules.ItemAdvice) -> None:
        rows = [
            (why_come_texts.way_word(way), own.visits, rules.elsewhere_figure_path(one.name, way))
            for way, own in one.ways.items()
            if own.visits
        ]
        here = sum(one.here.values())
        if here:
            rows.append((why_come_texts.way_word(rules.HERE), here, rules.elsewhere_figure_path(one.name, rules.HERE)))
        if one.unknown:
            rows.append(
                (why_come_texts.way_word(UNKNOWN_WAY), one.unknown, rules.elsewhere_figure_path(one.name, UNKNOWN_WAY))
            )
        if one.again.n:
            rows.append(
                (_("Came again", context="column"), one.again.n, rules.elsewhere_figure_path(one.name, "again"))
            )
        grid = self._add_panel_grid()
        for at, (word, n, where) in enumerate(rows):
            grid.addWidget(panels.Label(self._look, word, px=15, wrap=True), at, 0, Qt.AlignmentFlag.AlignVCenter)
            link = self._rows_link_button(
                whole_number_text(n), where, f"{why_come_texts.item_title(self._hall_setup, one.name)} · {word}"
            )
            grid.addWidget(link, at, 1, Qt.AlignmentFlag.AlignRight)

    def _add_nearest_places(self, one: rules.ItemAdvice) -> None:
        takers = partners_taking_item_by_way(self._hall_setup.partners.values(), one.name)
        places = [place for own in takers.values() for place in own][:NEAREST]
        if not places:
            return
        every = TextButton(self._look, _("Directory of all {n}", n=len(self._hall_setup.partners)), height=44, px=15)
        every.clicked.connect(lambda: self.place_wanted.emit(ButtonTarget(PARTNERS)))
        ground = QWidget()
        head = QHBoxLayout(ground)
        panels.set_scaled_margins(self._look, head, spacing=4)
        title = panels.Label(self._look, _("Nearest places"), px=17, bold=True, wrap=True)
        head.addWidget(title, 1, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(every)
        self._inner.addWidget(ground)
        grid = self._add_panel_grid()
        for at, place in enumerate(places):
            grid.addWidget(
                panels.Label(self._look, name_in_language(place.name, place.name_en), px=15, bold=True, wrap=True),
                2 * at,
                0,
            )
            grid.addWidget(
                panels.Label(self._look, partner_distance_text(place), px=15), 2 * at, 1, Qt.AlignmentFlag.AlignRight
            )
            takes = why_come_texts.place_services_text(self._hall_setup, place)
            grid.addWidget(panels.Label(self._look, takes, px=13, token="ink2", wrap=True), 2 * at + 1, 0, 1, 2)

    def _add_offer_acceptance_counts(self, one: rules.ItemAdvice) -> None:
        said = {way: own for way, own in one.ways.items() if own.offers.of}
        self._inner.addWidget(panels.Label(self._look, _("Offered and accepted"), px=17, bold=True, wrap=True))
        if not said:
            self._inner.addWidget(
                panels.Label(self._look, _("Nothing was offered yet."), px=15, token="ink2", wrap=True)
            )
        grid = self._add_panel_grid()
        for at, (way, own) in enumerate(said.items()):
            text = _("{n} of {of}", n=whole_number_text(own.offers.n), of=whole_number_text(own.offers.of))
            title = f"{why_come_texts.item_title(self._hall_setup, one.name)} · {why_come_texts.way_word(way)}"
            grid.addWidget(panels.Label(self._look, why_come_texts.way_word(way), px=15), 2 * at, 0)
            grid.addWidget(
                self._rows_link_button(text, rules.elsewhere_figure_path(one.name, rules.SAID, way), title),
                2 * at,
                1,
                Qt.AlignmentFlag.AlignRight,
            )
            rate = panels.Label(
                self._look, why_come_texts.offer_acceptance_rate_text(own.offers), px=13, token="ink2", wrap=True
            )
            grid.addWidget(rate, 2 * at + 1, 0, 1, 2)

    def _add_panel_grid(self) -> QGridLayout:
        ground = QWidget()
        grid = QGridLayout(ground)
        panels.set_scaled_margins(self._look, grid, spacing=4)
        grid.setColumnStretch(0, 1)
        self._inner.addWidget(ground)
        return grid

    def _rows_link_button(self, text: str, where: str, title: str) -> TextButton:
        button = TextButton(self._look, text, height=44, px=15)
        button.setAccessibleName(", ".join((title, text, _("opens rows"))))
        button.clicked.connect(self._open_rows_of_link)
        self.links[button] = (where, title)
        return button

    def _show_load_failure(self, trouble: QueueDeskError) -> None:
        if self._controller.found is None:
            self.list.set_empty_texts(error_sentence(trouble))
        else:
            self.show_warning(trouble)

    # -- where there is little room ------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= self._look.large_px(NARROW_UNDER) - self._look.large_px(220)
        panels.set_side_by_side_or_stacked(beside, self._row)
        self.panel.setMinimumWidth(self._look.large_px(PANEL_WIDE) if beside else 0)
        self.panel.setMaximumWidth(self._look.large_px(PANEL_WIDE) if beside else 16777215)


def where_else_page(controller: ManagerController, own: ControllerCache) -> WhereElsePage:
    """Return the page with the section's controller."""
    return WhereElsePage(own(WhereElseController, controller.context))


# -- the directory of other places as a table, below its rows in the set-up --------------------------------------------


class PlacesFileToImport(Struct, frozen=True):
    """A table of other places that was read: its name, its rows, and what they are to the directory."""

    name: str
    rows: Sequence[Mapping[str, Any]]
    told: Mapping[str, int]


class PlacesImportDialog(row_tables.TableImportQuestion):
    def __init__(self, host: QWidget, look: Look, read: PlacesFileToImport) -> None:
        changes = read.told["new"] + read.told["changed"]
        effect = _("Places that are not in it stay as they are.") if changes else _("Nothing would change here.")
        super().__init__(host, look, title=read.name, effect=effect, width=640)
        self.told = panels.Label(self.look, why_come_texts.partner_import_text(read.told), px=18, bold=True, wrap=True)
        self.body.addWidget(self.told)
        rows = read.rows if changes else ()
        lines = [f"{row['code']}  {name_in_language(row.get('name') or '', row.get('name_en') or '')}" for row in rows]
        self.list_changes_and_offer(lines, _("Other places"), _("Import these places"))


class PlaceTableFileActions(QObject):
    """Reads the directory of places from a table and saves it; `said` is a notice with its icon."""

    said = Signal(str, str)

    def __init__(
        self, rows: SetUpRowList, controller: SetUpController, host: QWidget, look: Look, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._rows, self._controller, self._host, self._look, self._page = rows, controller, host, look, parent
        rows.read_button.clicked.connect(self._ask_file_to_import)
        rows.write_button.clicked.connect(self._ask_path_and_write_places_file)

    def show_or_hide_file_buttons(self, part: str) -> None:
        self._rows.file_keys.setVisible(part == PARTNERS)

    def _ask_file_to_import(self) -> None:
        ask_file(self._page, _("Import a table of places"), TABLES, self.examine_file)

    def examine_file(self, path: str) -> None:
        """Ask whether to take what the table at `path` has."""
        setup = self._controller.setup

        def read_places_file_to_import() -> PlacesFileToImport:
            rows = verbs.read_partners_file(Path(path), setup)
            return PlacesFileToImport(Path(path).name, rows, verbs.count_partner_changes(setup.document, rows))

        self._controller.context.tasks.run_in_long_work_lane(
            read_places_file_to_import, self._show_import_preview, self._show_refused_file, may_drop=True
        )

    def _ask_path_and_write_places_file(self) -> None:
        name = f"{self._controller.setup.hall.code}-places.xlsx"
        ask_save_path(
            self._page, _("Save the directory as a table"), name, ".xlsx", self.write_places_file, or_ending=".csv"
        )

    def write_places_file(self, path: str) -> None:
        """Write the directory to `path`, a workbook unless it ends in .csv."""
        setup, lang = self._controller.setup, current_language()
        now = setup.to_hall_time(self._controller.context.clock())
        self._controller.context.tasks.run_in_long_work_lane(
            lambda: papers.write_partners_table_file(setup, Path(path), lang, now),
            self._say_saved_path,
            self._show_refused_file,
        )

    def _show_import_preview(self, read: PlacesFileToImport) -> None:
        dialog = PlacesImportDialog(self._host, self._look, read)
        dialog.wanted.connect(partial(self._import_places, read))
        dialog.open_dialog()

    def _import_places(self, read: PlacesFileToImport) -> None:
        self._controller.run_undoable_change(
            lambda desk, ask: verbs.import_partners(desk, ask, read.rows), self._say_partners_imported
        )

    def _show_refused_file(self, trouble: QueueDeskError) -> None:
        if trouble.code == "bad_rows":
            row_tables.RefusedFileDialog(self._host, self._look, trouble).open_dialog()
        else:
            self.said.emit(error_sentence(trouble), "warning")

    def _say_partners_imported(self, told: dict[str, int]) -> None:
        self.said.emit(why_come_texts.partner_import_text(told), "check")

    def _say_saved_path(self, path: Path) -> None:
        self.said.emit(_("Saved as {path}", path=path), "save")
