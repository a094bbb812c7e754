"""A person's sheet of a month: the total beside what chance can do, the items, and the rows behind the chosen one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.appraisal import EXCLUDED, KEPT, WAITING, Dispute
from queuedesk.core.errors import RuleError
from queuedesk.features.staff.pages.month_rows import MonthRowsPage
from queuedesk.features.staff.pages.sheet_texts import (
    BehindRow,
    DisputeDialog,
    NoteBox,
    SchemeDialog,
    SheetRow,
    SheetStrip,
    behind_columns,
    behind_line,
    behind_rows,
    behind_title,
    closed_line,
    head_line,
    notes_of,
    people,
    row_words,
    sheet_rows,
    spoken,
    strip,
    versions,
)
from queuedesk.features.staff.pages.sheets_controller import SheetsController
from queuedesk.features.staff.words import disputed_item, unnamed_words
from queuedesk.i18n import _, n_
from queuedesk.i18n.figures.figure_titles import DEPOSIT, meaning
from queuedesk.i18n.moments import month_long
from queuedesk.i18n.names import staff_name
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import TICKETS, Controllers
from queuedesk.stations.manager.parts.page import Act, PageSpec, month_acts
from queuedesk.stations.manager.parts.table import Column, ListCard, TableSpec
from queuedesk.stations.manager.today.alert_words import CASES, Place
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.panels import Label, spread
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, DropDown
from queuedesk.stations.window.style import Look, S

ROW = 44


class SheetsPage(MonthRowsPage[BehindRow]):
    """The sheet of who is chosen, with the rows behind the chosen item."""

    def __init__(self, controller: SheetsController, parent: QWidget | None = None) -> None:
        look = controller.context.look
        spec = PageSpec(
            title=self._title,
            acts=(
                *month_acts(controller.shown),
                Act(
                    text=lambda: _("Scheme", context="sheet"),
                    do=self.ask_scheme,
                    icon="gear",
                    changes_hall=True,
                    offered=lambda: controller.may_set_scheme,
                ),
                Act(
                    text=lambda: _("Close the month"),
                    do=self._ask_to_close,
                    icon="check",
                    is_main=True,
                    changes_hall=True,
                    offered=lambda: controller.may_close and controller.chosen is not None,
                ),
                Act(
                    text=lambda: "XLSX",
                    do=controller.save,
                    icon="document",
                    tip=lambda: _("Save the sheet with every row as a workbook"),
                    offered=lambda: controller.can_save and controller.chosen is not None,
                ),
            ),
        )
        super().__init__(controller, spec, behind_columns, "check", parent)
        self._chosen, self._picking = "", False
        self._wanted: Dispute | None = None
        self.people = DropDown(look)
        self.people.setAccessibleName(_("Person", context="filter"))
        self.people.activated.connect(self._choose_person)
        self.waiting_button = SecondaryButton(look, "", icon="lock", height=44, px=15)
        self.waiting_button.clicked.connect(self._show_waiting)
        self.versions = DropDown(look)
        self.versions.setAccessibleName(_("Version"))
        self.versions.activated.connect(self._choose_version)
        self.versions.hide()
        self.put_tools(self.people, self.versions, self.waiting_button)
        self.strip = SheetStrip(look)
        items = TableSpec[SheetRow](
            name=lambda: _("Items of the sheet"),
            columns=self._columns,
            key=lambda row: row.code,
            tip=lambda row: row.under,
            spoken=lambda row, column: spoken(row) if column.bold else column.text(row),
            by_one_press=True,
            row_height=ROW,
        )
        self.items = ListCard(look, items, "people")
        self.notes = NoteBox(look)
        self.dispute_button = SecondaryButton(look, "", icon="lock", key="E", height=48, px=16)
        self.dispute_button.clicked.connect(self._begin)
        hint = _("Asked here, decided by a second person, with a note")
        self.hint = Label(look, hint, px=S, token="ink2", wrap=True)
        self.panel = QWidget()
        self.closed = NoteBox(look)
        self.unnamed = Label(look, px=S, token="ink2", wrap=True)
        self._build(look)
        controller.saved.connect(self.say_saved)
        controller.scheme_set.connect(self._scheme_is_set)
        controller.closed.connect(self._is_closed)
        controller.disputed.connect(self._dispute_is_kept)
        self.items.table.opened.connect(self._open_item)
        self.rows.table.selectionModel().currentRowChanged.connect(self._show_notes)
        self._show_month()

    def _build(self, look: Look) -> None:
        inside = self._lay_rows(self.panel, self.notes)
        inside.addWidget(self.dispute_button)
        inside.addWidget(self.hint)
        self.panel.hide()
        body = QWidget()
        shown = QVBoxLayout(body)
        spread(look, shown, spacing=12)
        shown.addWidget(self.strip)
        shown.addWidget(self.closed)
        beside = QHBoxLayout()
        spread(look, beside, spacing=12)
        beside.addWidget(self.items, 1)
        beside.addWidget(self.panel)
        shown.addLayout(beside, 1)
        shown.addWidget(self.unnamed)
        self.stack.addWidget(body)

    # -- what is asked -------------------------------------------------------------------------------------------------

    def refresh(self, now: datetime) -> None:
        self._offer_waiting()
        super().refresh(now)

    def _title(self) -> str:
        found = self.controller.chosen
        return staff_name(self.controller.context.feed.setup, found.staff) if found is not None else _("Sheets")

    def _choose_person(self) -> None:
        self.controller.choose(str(self.people.currentData()))

    def _choose_version(self) -> None:
        self.controller.choose_version(int(self.versions.currentData()))

    def _ask_to_close(self) -> None:
        month = month_long(self.controller.shown.first)
        dialog = ConfirmDialog(
            self.host,
            self._look,
            title=_("Close {month}?", month=month),
            effect=_("Everybody's sheet stays as it is now. Later corrections make another version; this one is kept."),
            safe=_("Not yet"),
            act=_("Close the month"),
        )
        dialog.done.connect(self.controller.close_month)
        dialog.open_dialog()

    def _is_closed(self, document: Mapping[str, Any]) -> None:
        said = _("{month} is closed, version {version}", month=document["month"], version=document["version"])
        self.said.emit(said, "check")

    @property
    def chosen(self) -> str:
        """The item whose rows are shown, "" for none."""
        return self._chosen

    def choose(self, code: str) -> None:
        """Show the rows behind an item; "" closes them."""
        found = self.controller.chosen
        self._chosen = code if found is not None else ""
        if found is not None and code:
            setup = self.controller.context.feed.setup
            self.rows_title.setText(behind_title(found, code))
            self.rows_line.setText(behind_line(found, code))
            self.rows.say_empty(_("Nothing is counted here"))
            rows = behind_rows(setup, found, code)
            self.rows.show_rows(rows)
            self._show_notes()
            self.dispute_button.setVisible(self.controller.may_ask and any(row.row for row in rows))
            self._pick(picking=False)
        if found is not None:  # Beside the rows there is no room for every column.
            self.items.show_rows(sheet_rows(found))
        self._fit()

    def left_as(self) -> tuple[str, Dispute | None] | None:
        return None if self._picking else (self._chosen, self._wanted)

    def take_up(self, left: tuple[str, Dispute | None]) -> None:
        self._chosen, self._wanted = left
        self._show_month()

    def close_panel(self) -> None:
        self.choose("")

    def _open_item(self, row: SheetRow) -> None:
        self.choose("" if not row.opens or row.code == self._chosen else row.code)

    def _show_notes(self, *_rows: object) -> None:
        """Show what was said of the row on which the keys stand, else of the first that is disputed."""
        found, shown = self.controller.chosen, self.rows.table.rows.rows
        at = self.rows.table.currentIndex().row()
        disputed = [row for row in (shown[at : at + 1] if at >= 0 else []) + shown if row.dispute is not None]
        setup = self.controller.context.feed.setup
        self.notes.say(notes_of(setup, found, disputed[0]) if found is not None and disputed else "")

    def _row_tip(self, row: BehindRow) -> str:
        found = self.controller.chosen
        setup = self.controller.context.feed.setup
        return (notes_of(setup, found, row) if found is not None else "") or row.what

    def _open_row(self, row: BehindRow) -> None:
        if self._picking:
            self._ask_about(row)
        elif row.ticket and row.day is not None:
            self.place_wanted.emit(Place(TICKETS, ticket=row.ticket, day=row.day))
        elif row.case:
            self.place_wanted.emit(Place(CASES, case=row.case))

    # -- disputed rows -------------------------------------------------------------------------------------------------

    def _offer_waiting(self) -> None:
        waiting = len(self.controller.waiting)
        self.waiting_button.setText(n_("{n} row waits for a decision", "{n} rows wait for a decision", waiting))
        self.waiting_button.setVisible(bool(waiting))

    def _show_waiting(self) -> None:
        """Lead to what can be decided here, else to the oldest."""
        waiting = self.controller.waiting
        mine = [one for one in waiting if self.controller.may_decide(one)]
        if waiting:
            self._wanted = (mine or waiting)[0]
            self.controller.show_dispute(self._wanted)

    def _begin(self) -> None:
        """Ask about the row on which the keys stand; without one let a row be pressed."""
        at = self.rows.table.currentIndex()
        if self.rows.table.hasFocus() and at.isValid():
            self._ask_about(self.rows.table.rows.rows[at.row()])
        else:
            self._pick(picking=not self._picking)

    def _pick(self, *, picking: bool) -> None:
        self._picking = picking
        self.dispute_button.setText(_("Press the row in the list") if picking else _("Ask to exclude a row"))

    def _ask_about(self, row: BehindRow) -> None:
        """Ask for the note: of who disputes the row, or of the second person where it waits for one."""
        self._pick(picking=False)
        found, waits = self.controller.chosen, row.dispute
        if found is None or not row.row:
            return
        if row.is_excluded or row.since:
            self.warn(RuleError("row_excluded"))
            return
        if waits is not None and row.is_waiting and not self.controller.may_decide(waits):
            self.warn(RuleError("row_disputed"))
            return
        setup, item = self.controller.context.feed.setup, self._chosen
        said = notes_of(setup, found, row) if row.is_waiting else ""
        shown = row_words(row, disputed_item(item))
        dialog = DisputeDialog(self.host, self._look, shown, said, decides=row.is_waiting)
        if waits is not None and row.is_waiting:
            seq = waits.seq
            dialog.wanted.connect(lambda note, out: self.controller.decide(seq, note, exclude=out))
        else:
            dialog.wanted.connect(lambda note, _out: self.controller.dispute(item, row.row, note))
        self.open_question(dialog)

    def _dispute_is_kept(self, document: Mapping[str, Any]) -> None:
        self.close_question()
        words = {
            WAITING: _("Asked: a second person decides"),
            EXCLUDED: _("The row is excluded"),
            KEPT: _("The row counts"),
        }
        self.said.emit(words[document["state"]], "check")
        self._offer_waiting()

    # -- the scheme ----------------------------------------------------------------------------------------------------

    def ask_scheme(self) -> None:
        """Ask what counts, and how much."""
        dialog = SchemeDialog(self.host, self._look, self.controller.scheme)
        dialog.wanted.connect(self.controller.set_scheme)
        self.open_question(dialog)

    def _scheme_is_set(self) -> None:
        self.close_question()
        self.said.emit(_("The scheme is changed"), "check")
        self.controller.refresh()

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        found = self.controller.chosen
        self.banner.hide()
        self.head.set_title(self._title())
        self.offer_acts()
        setup = self.controller.context.feed.setup
        if found is None:
            self.head.set_line(month_long(self.controller.shown.first))
            self.people.hide()
            self.versions.hide()
            self._say_nothing(
                _("Nobody has finished anything this month"),
                _("A person's sheet starts with the first customer served."),
            )
            return
        self.people.show()
        self.people.show_choice(found.staff, people(setup, found, found.staff))
        self.head.set_line(head_line(found))
        self.unnamed.setText("\n".join(filter(None, (meaning(DEPOSIT), unnamed_words(found.month.unnamed)))))
        self.closed.say(closed_line(setup, found))
        offered = versions(found)
        self.versions.show_choice(str(found.month.version) if offered else "", offered)
        self.versions.setVisible(bool(offered))
        self.strip.show_strip(strip(found))
        self.stack.setCurrentIndex(1)
        wanted = self._wanted
        if wanted is not None and (wanted.staff, wanted.month) == (found.staff, found.month.first):
            self._chosen, self._wanted = wanted.item, None
        self._offer_waiting()
        self.choose(self._chosen)

    def _columns(self) -> list[Column[SheetRow]]:
        columns = [
            Column[SheetRow](
                title=_("Item", context="sheet"),
                text=lambda row: row.name,
                bold=True,
                token=lambda row: "primary" if row.code == self._chosen else "ink",
                grows=True,
            ),
            Column[SheetRow](
                title=_("Own", context="sheet"),
                text=lambda row: row.own,
                token=lambda row: "primary" if row.opens else "ink",
                is_right=True,
            ),
        ]
        if not self._chosen:  # Points name the weight too.
            weight = Column[SheetRow](title=_("Weight", context="sheet"), text=lambda row: row.weight, is_right=True)
            counted = Column[SheetRow](
                title=_("Counted", context="sheet"), text=lambda row: row.counted, token="ink2", gives=True, least=70
            )
            columns = [columns[0], weight, columns[1], counted]
        return [
            *columns,
            Column[SheetRow](title=_("The others", context="sheet"), text=lambda row: row.hall, is_right=True),
            Column[SheetRow](
                title=_("Verdict", context="sheet"),
                text=lambda row: row.chip,
                token=lambda row: row.token,
                icon=lambda row: row.icon if row.chip else "",
            ),
            Column[SheetRow](title=_("Points", context="sheet"), text=lambda row: row.points, is_right=True, bold=True),
        ]

    # -- where there is little room, and keys --------------------------------------------------------------------------

    def _fit(self) -> None:
        is_open, narrow = bool(self._chosen), self._is_narrow
        self._fit_panel(self.panel, self.items, self.strip, is_open=is_open)
        # What only explains gives its room to the rows.
        self.unnamed.setVisible(not narrow and not is_open)
        self.closed.setVisible(bool(self.closed.label.text()) and not is_open)
        self.hint.setVisible(self.dispute_button.isVisibleTo(self.panel) and not narrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._picking:
            self._pick(picking=False)
        elif event.key() == Qt.Key.Key_Escape and self._chosen:
            self.choose("")
        elif event.key() == Qt.Key.Key_E and self._chosen and self.dispute_button.isVisible():
            self._begin()
        else:
            super().keyPressEvent(event)


def sheets_page(controller: ManagerController, own: Controllers) -> SheetsPage:
    """Return the page of sheets."""
    return SheetsPage(own(SheetsController, controller.context, controller.first_day))
