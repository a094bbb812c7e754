"""A person's sheet of a month: the total beside what chance can do, the items, and the rows behind the chosen one; read
beside the window, saved as a workbook. A page of a month whose things lead to the rows behind them is here for others
too."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.appraisal import EXCLUDED, KEPT, PART, WAITING, AppraisalScheme, SheetDispute
from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.network.roles import Role
from queuedesk.core.setup.field_kinds import read_row
from queuedesk.desk import setting_up
from queuedesk.desk.change import Document
from queuedesk.features.staff import verbs
from queuedesk.features.staff.pages import sheet_texts
from queuedesk.features.staff.rules.person_sheet import MonthSheets
from queuedesk.features.staff.verbs import close_month, month_sheets
from queuedesk.features.staff.words import disputed_item_word, unnamed_event_count_text
from queuedesk.files.writing import write_file
from queuedesk.i18n import _, current_language, error_sentence, n_
from queuedesk.i18n.figures.figure_titles import DEPOSIT, figure_meaning
from queuedesk.i18n.moments import month_long
from queuedesk.i18n.names import staff_name
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import TICKETS, ControllerCache
from queuedesk.stations.manager.parts import page, page_controller
from queuedesk.stations.manager.parts import table as row_tables
from queuedesk.stations.manager.parts.records import RecordList, RecordPageSpec
from queuedesk.stations.manager.today.alert_words import CASES, ButtonTarget
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, DropDown
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import NARROW_UNDER, Look, S

B = TypeVar("B")
PANEL, LIST_WIDE = 440, 208


class RowsBesideMonthPageBase(page.ManagerPage, Generic[B]):
    """`rows` with their title and line stand in a panel beside the month, or in its place where there is no room for
    both; until the month was read the page says so. `place_wanted` leads to what a row is about."""

    place_wanted = Signal(object)

    def __init__(
        self,
        controller: Any,
        spec: page.PageSpec,
        columns: Callable[[StationContext], list[row_tables.TableColumn[B]]],
        icon: str,
        parent: QWidget | None,
    ) -> None:
        self.controller = controller
        look = controller.context.look
        super().__init__(look, spec, parent)
        self.rows_title, self.rows_line = (
            panels.Label(look, px=18, bold=True, wrap=True),
            panels.Label(look, px=14, wrap=True),
        )
        behind = RecordPageSpec[B](
            name=lambda: _("Rows", context="sheet"),
            icon=icon,
            columns=columns,
            key=attrgetter("key"),
            tip=self._row_tip,
            by_one_press=True,
            empty=lambda: (_("Nothing is counted here"),),
        )
        self.rows = RecordList(controller.context, behind)
        self.close_button = SecondaryButton(look, "", icon="close")
        self.close_button.setToolTip(_("Close"))
        self.close_button.setAccessibleName(_("Close"))
        self.nothing, self.stack = panels.EmptyState(look, "people"), panels.CurrentPageSizedStack()
        self.stack.addWidget(panels.EmptyStateCard(look, self.nothing))
        self.add_part(self.stack, 1)
        self.rows.table.opened.connect(self._open_row)
        self.close_button.clicked.connect(self.close_panel)
        controller.changed.connect(self._show_read_month)
        controller.unread.connect(self._show_load_failure)
        controller.refused.connect(self.show_act_refusal)

    def _lay_out_rows_panel(self, within: QWidget, *above: QWidget) -> QVBoxLayout:
        """Lay the rows out with their head; `above` stands between the two."""
        column, head = QVBoxLayout(within), QHBoxLayout()
        panels.set_scaled_margins(self._look, column, spacing=8)
        panels.set_scaled_margins(self._look, head, spacing=8)
        head.addWidget(self.rows_title, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        for part in (self.rows_line, *above):
            column.addWidget(part)
        column.addWidget(self.rows, 1)
        return column

    def _row_tip(self, _row: B) -> str:
        return ""

    @abstractmethod
    def _open_row(self, row: B) -> None: ...

    @abstractmethod
    def close_panel(self) -> None: ...

    @abstractmethod
    def _show_read_month(self) -> None:
        """Show what was read of the month."""

    def refresh(self, _now: datetime) -> None:
        """Read again from time to time."""
        self.controller.refresh()

    def _show_month(self) -> None:
        """Show the month that was read, or ask for it; a page begins so."""
        if self._is_month_loaded:
            self._show_read_month()
        else:
            self._show_empty_texts(_("Reading the month …"))
            self.controller.refresh()

    def _show_empty_texts(self, *texts: str) -> None:
        self.nothing.set_texts(*texts)
        self.stack.setCurrentIndex(0)

    def _show_load_failure(self, trouble: QueueDeskError) -> None:
        if self.stack.currentIndex() == 0:
            self._show_empty_texts(error_sentence(trouble))
        else:
            self.show_warning(trouble)

    @property
    def _is_month_loaded(self) -> bool:
        return self.controller.found is not None

    @property
    def _is_narrow(self) -> bool:
        return self.width() < self._look.px(NARROW_UNDER - LIST_WIDE)

    def _show_panel_beside_or_alone(self, panel: QWidget, *beside: QWidget, is_open: bool) -> None:
        """Let the panel stand beside the others, or in their place where there is no room for both."""
        narrow = self._is_narrow
        panel.setVisible(is_open)
        for part in beside:
            part.setVisible(not (is_open and narrow))
        panel.setMinimumWidth(0 if narrow else self._look.large_px(PANEL))
        panel.setMaximumWidth(row_tables.UNBOUND if narrow else self._look.large_px(PANEL))


class SheetsController(page_controller.PageController[MonthSheets]):
    """`saved` gives the file; `scheme_set` says that the scheme was changed, `disputed` gives what was asked or decided
    about a row, `closed` which month was closed."""

    KEEPS = timedelta(minutes=1)
    """So long for a month that runs."""

    saved = Signal(object)
    scheme_set = Signal()
    disputed = Signal(object)
    closed = Signal(object)

    def __init__(self, context: StationContext, first_day: Callable[[], date], parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.shown = page_controller.MonthChoice(context, first_day, self)
        self.shown.turned.connect(self._refresh_for_new_month)
        self.staff = ""
        self.version: int | None = None

    @property
    def can_save(self) -> bool:
        return self.context.services.folder is not None

    @property
    def chosen_sheet(self) -> sheet_texts.PersonSheetData | None:
        """The sheet of who is chosen, None before it was read and in a month in which nobody worked."""
        read, staff = self.found, self.staff
        if read is None or staff not in read.team.sheets:
            return None
        return sheet_texts.PersonSheetData(read, staff)

    @property
    def current_scheme(self) -> AppraisalScheme:
        """The scheme that stands today."""
        return read_row(AppraisalScheme, self.context.feed.setup.document.get(PART, {}))

    @property
    def may_set_scheme(self) -> bool:
        return self.context.who is not None and self.context.who.may("set-up")

    def set_scheme(self, row: Mapping[str, Any]) -> None:
        """Change keys of the scheme."""
        work = partial(setting_up.change_single_row_part, self.context.desk, self.context.new_ask(), PART, row)
        self.start_unless_busy("set-up", work, lambda _document: self.scheme_set.emit())

    @property
    def undecided_disputes(self) -> list[SheetDispute]:
        """The disputes that nobody has decided yet, the oldest first."""
        return sorted(
            (one for one in self.context.feed.state.disputes.values() if one.is_open), key=lambda one: one.seq
        )

    @property
    def may_dispute_row(self) -> bool:
        return self.context.who is not None and self.context.who.may("sheet-dispute")

    def may_decide_dispute(self, one: SheetDispute) -> bool:
        """Whether the person here may decide about that."""
        who = self.context.who
        return who is not None and who.may("sheet-decide") and one.may_decide_dispute(who.name)

    @property
    def may_close_month(self) -> bool:
        """Whether the month that is shown is over and the person here may close it."""
        who = self.context.who
        return self.shown.has_later_month and who is not None and who.may("sheet-close")

    def close_month(self) -> None:
        """Keep the sheets of the month that is shown as they are."""
        context, month = self.context, self.shown.first_date
        work = partial(close_month, context.desk, context.new_ask(), month)
        # Beside the acts on rows, which wait for nothing so long.
        context.tasks.run_in_long_work_lane(
            work, self._refresh_after_month_closing, partial(self.refused.emit, "sheet-close")
        )

    def _refresh_after_month_closing(self, document: Document) -> None:
        self.version = None
        self.closed.emit(document)
        self.refresh(anew=True)

    def choose_version(self, version: int) -> None:
        """Show a closed month in another version; 0 is as it stands now."""
        self.version = version
        self.refresh()

    def _refresh_for_new_month(self) -> None:
        self.version = None
        self.refresh()

    def dispute_row(self, item: str, row: str, note: str) -> None:
        """Ask to exclude a row of the sheet that is shown."""
        self._run_sheet_verb(verbs.dispute_sheet_row, self.staff, item, row, note, month=self.shown.first_date)

    def decide_dispute(self, seq: int, note: str, *, exclude: bool) -> None:
        self._run_sheet_verb(verbs.decide_dispute, seq, note, exclude=exclude)

    def _run_sheet_verb(self, do: Callable[..., Document], *args: object, **words: object) -> None:
        self.start_unless_busy(
            "sheet", partial(do, self.context.desk, self.context.new_ask(), *args, **words), self._on_dispute_saved
        )

    def _on_dispute_saved(self, document: Document) -> None:
        self.disputed.emit(document)
        self.refresh(anew=True)

    def show_disputed_sheet(self, one: SheetDispute) -> None:
        """Show the sheet that a dispute is about."""
        self.staff = one.staff
        self.version = None
        self.shown.set_month_silently(one.month)
        self.refresh()
        if self.found is not None:
            self.changed.emit()

    def choose_person(self, staff: str) -> None:
        """Show somebody else's sheet of the month."""
        self.staff = staff
        if self.found is not None:
            self.changed.emit()

    def _dependency_key(self) -> object:
        feed = self.context.feed
        disputes, closings = tuple(feed.state.disputes.values()), len(feed.state.closings)
        return self.shown.first_date, feed.business_date, feed.state.setup_now, self.version, disputes, closings

    def _is_reread_due(self, since: timedelta) -> bool:
        return not self.shown.has_later_month and since >= self.KEEPS

    def _read_function(self) -> Callable[[], MonthSheets]:
        ask = self.context.new_ask()
        return partial(month_sheets, self.context.desk, ask.who, self.shown.first_date, ask.now, version=self.version)

    def _store_found(self, read: MonthSheets) -> None:
        if read.first != self.shown.first_date or self.version not in (None, read.version):
            return  # Another was turned to meanwhile, and is read next.
        if self.staff not in read.team.sheets:
            staff = self.context.feed.setup.staff
            clerks = [one for one in read.team.sheets if one in staff and staff[one].role is Role.CLERK]
            self.staff = next(iter(clerks), next(iter(read.team.sheets), ""))
        super()._store_found(read)

    def save_shown_sheet_workbook(self) -> None:
        """Write the sheet that is shown as a workbook into the folder of reports."""
        found, setup, now = self.found, self.context.feed.setup, self.context.clock()
        if found is None or self.staff not in found.team.sheets:
            return
        staff, lang = self.staff, current_language()

        def write(file: Path) -> None:
            from queuedesk.features.staff.papers import sheet_workbook  # what writes workbooks is loaded for the first

            write_file(file, sheet_workbook(setup, found, staff, lang=lang, made=now))

        version = f"-v{found.version}" if found.version else ""
        name = f"{self.shown.first_date:%Y-%m}-sheet-{staff}{version}.xlsx"
        page_controller.start_writing_to_reports_folder(
            self.context, name, write, self.saved.emit, partial(self.refused.emit, "save")
        )


# -- the own work ------------------------------------------------------------------------------------------------------


ROW = 44


class SheetsPage(RowsBesideMonthPageBase[sheet_texts.DrilldownRow]):
    """The sheet of who is chosen, with the rows behind the chosen item."""

    def __init__(self, controller: SheetsController, parent: QWidget | None = None) -> None:
        look = controller.context.look
        spec = page.PageSpec(
            title=self._page_title,
            acts=(
                *page.month_turning_acts(controller.shown),
                page.PageAct(
                    text=lambda: _("Scheme", context="sheet"),
                    do=self.open_scheme_dialog,
                    icon="gear",
                    changes_hall=True,
                    offered=lambda: controller.may_set_scheme,
                ),
                page.PageAct(
                    text=lambda: _("Close the month"),
                    do=self._ask_to_close,
                    icon="check",
                    is_main=True,
                    changes_hall=True,
                    offered=lambda: controller.may_close_month and controller.chosen_sheet is not None,
                ),
                page.PageAct(
                    text=lambda: "XLSX",
                    do=controller.save_shown_sheet_workbook,
                    icon="document",
                    tip=lambda: _("Save the sheet with every row as a workbook"),
                    offered=lambda: controller.can_save and controller.chosen_sheet is not None,
                ),
            ),
        )
        super().__init__(controller, spec, sheet_texts.columns_of_rows_behind_figure, "check", parent)
        self._chosen, self._picking = "", False
        self._wanted: SheetDispute | None = None
        self.people = DropDown(look)
        self.people.setAccessibleName(_("Person", context="filter"))
        self.people.activated.connect(self._choose_person)
        self.waiting_button = SecondaryButton(look, "", icon="lock", height=44, px=15)
        self.waiting_button.clicked.connect(self._show_next_open_dispute)
        self.versions = DropDown(look)
        self.versions.setAccessibleName(_("Version"))
        self.versions.activated.connect(self._show_chosen_sheet_version)
        self.versions.hide()
        self.add_tools(self.people, self.versions, self.waiting_button)
        self.strip = sheet_texts.SheetTotalStrip(look)
        items = RecordPageSpec[sheet_texts.SheetRow](
            name=lambda: _("Items of the sheet"),
            icon="people",
            columns=self._sheet_columns,
            key=lambda row: row.code,
            tip=lambda row: row.under,
            spoken=lambda row, column: sheet_texts.sheet_row_spoken(row) if column.bold else column.text(row),
            by_one_press=True,
            row_height=ROW,
        )
        self.items = RecordList(controller.context, items)
        self.notes = sheet_texts.DisputeNoteBox(look)
        self.dispute_button = SecondaryButton(look, "", icon="lock", key="E", height=48, px=16)
        self.dispute_button.clicked.connect(self._dispute_row_or_toggle_picking)
        hint = _("Asked here, decided by a second person, with a note")
        self.hint = panels.Label(look, hint, px=S, token="ink2", wrap=True)
        self.panel = QWidget()
        self.closed = sheet_texts.DisputeNoteBox(look)
        self.unnamed = panels.Label(look, px=S, token="ink2", wrap=True)
        self._build_layout(look)
        controller.saved.connect(self.show_saved_file)
        controller.scheme_set.connect(self._on_scheme_changed)
        controller.closed.connect(self._say_month_was_closed)
        controller.disputed.connect(self._announce_dispute_result)
        self.items.table.opened.connect(self._open_item)
        self.rows.table.selectionModel().currentRowChanged.connect(self._show_dispute_notes)
        self._show_month()

    def _build_layout(self, look: Look) -> None:
        inside = self._lay_out_rows_panel(self.panel, self.notes)
        inside.addWidget(self.dispute_button)
        inside.addWidget(self.hint)
        self.panel.hide()
        body = QWidget()
        shown = QVBoxLayout(body)
        panels.set_scaled_margins(look, shown, spacing=12)
        shown.addWidget(self.strip)
        shown.addWidget(self.closed)
        beside = QHBoxLayout()
        panels.set_scaled_margins(look, beside, spacing=12)
        beside.addWidget(self.items, 1)
        beside.addWidget(self.panel)
        shown.addLayout(beside, 1)
        shown.addWidget(self.unnamed)
        self.stack.addWidget(body)

    # -- what is asked -------------------------------------------------------------------------------------------------

    def refresh(self, now: datetime) -> None:
        self._update_open_disputes_button()
        super().refresh(now)

    def _page_title(self) -> str:
        found = self.controller.chosen_sheet
        return staff_name(self.controller.context.feed.setup, found.staff) if found is not None else _("Sheets")

    def _choose_person(self) -> None:
        self.controller.choose_person(str(self.people.currentData()))

    def _show_chosen_sheet_version(self) -> None:
        self.controller.choose_version(int(self.versions.currentData()))

    def _ask_to_close(self) -> None:
        month = month_long(self.controller.shown.first_date)
        dialog = ConfirmDialog(
            self.host_widget,
            self._look,
            title=_("Close {month}?", month=month),
            effect=_("Everybody's sheet stays as it is now. Later corrections make another version; this one is kept."),
            safe=_("Not yet"),
            act=_("Close the month"),
        )
        dialog.done.connect(self.controller.close_month)
        dialog.open_dialog()

    def _say_month_was_closed(self, document: Mapping[str, Any]) -> None:
        said = _("{month} is closed, version {version}", month=document["month"], version=document["version"])
        self.said.emit(said, "check")

    @property
    def chosen_item(self) -> str:
        """The item whose rows are shown, "" for none."""
        return self._chosen

    def choose_item(self, code: str) -> None:
        """Show the rows behind an item; "" closes them."""
        found = self.controller.chosen_sheet
        self._chosen = code if found is not None else ""
        if found is not None and code:
            setup = self.controller.context.feed.setup
            self.rows_title.setText(sheet_texts.drilldown_title(found, code))
            self.rows_line.setText(sheet_texts.explanation_of_sheet_figure(found, code))
            rows = sheet_texts.drilldown_rows(setup, found, code)
            self.rows.show_rows(rows)
            self._show_dispute_notes()
            self.dispute_button.setVisible(self.controller.may_dispute_row and any(row.row for row in rows))
            self._set_row_picking(picking=False)
        if found is not None:  # Beside the rows there is no room for every column.
            self.items.show_rows(sheet_texts.sheet_rows(found))
        self._fit_panel_and_notes()

    def state_to_restore(self) -> tuple[str, SheetDispute | None] | None:
        return None if self._picking else (self._chosen, self._wanted)

    def restore_state(self, left: tuple[str, SheetDispute | None]) -> None:
        self._chosen, self._wanted = left
        self._show_month()

    def close_panel(self) -> None:
        self.choose_item("")

    def _open_item(self, row: sheet_texts.SheetRow) -> None:
        self.choose_item("" if not row.opens or row.code == self._chosen else row.code)

    def _show_dispute_notes(self, *_rows: object) -> None:
        """Show what was said of the row on which the keys stand, else of the first that is disputed."""
        found, shown = self.controller.chosen_sheet, self.rows.table.rows.rows
        at = self.rows.table.currentIndex().row()
        disputed = [row for row in (shown[at : at + 1] if at >= 0 else []) + shown if row.dispute is not None]
        setup = self.controller.context.feed.setup
        self.notes.show_note(
            sheet_texts.dispute_history_text_of_row(setup, found, disputed[0]) if found is not None and disputed else ""
        )

    def _row_tip(self, row: sheet_texts.DrilldownRow) -> str:
        found = self.controller.chosen_sheet
        setup = self.controller.context.feed.setup
        return (sheet_texts.dispute_history_text_of_row(setup, found, row) if found is not None else "") or row.what

    def _open_row(self, row: sheet_texts.DrilldownRow) -> None:
        if self._picking:
            self._ask_dispute_note(row)
        elif row.ticket and row.day is not None:
            self.place_wanted.emit(ButtonTarget(TICKETS, ticket=row.ticket, day=row.day))
        elif row.case:
            self.place_wanted.emit(ButtonTarget(CASES, case=row.case))

    # -- disputed rows -------------------------------------------------------------------------------------------------

    def _update_open_disputes_button(self) -> None:
        waiting = len(self.controller.undecided_disputes)
        self.waiting_button.setText(n_("{n} row waits for a decision", "{n} rows wait for a decision", waiting))
        self.waiting_button.setVisible(bool(waiting))

    def _show_next_open_dispute(self) -> None:
        """Lead to what can be decided here, else to the oldest."""
        waiting = self.controller.undecided_disputes
        mine = [one for one in waiting if self.controller.may_decide_dispute(one)]
        if waiting:
            self._wanted = (mine or waiting)[0]
            self.controller.show_disputed_sheet(self._wanted)

    def _dispute_row_or_toggle_picking(self) -> None:
        """Ask about the row on which the keys stand; without one let a row be pressed."""
        at = self.rows.table.currentIndex()
        if self.rows.table.hasFocus() and at.isValid():
            self._ask_dispute_note(self.rows.table.rows.rows[at.row()])
        else:
            self._set_row_picking(picking=not self._picking)

    def _set_row_picking(self, *, picking: bool) -> None:
        self._picking = picking
        self.dispute_button.setText(_("Press the row in the list") if picking else _("Ask to exclude a row"))

    def _ask_dispute_note(self, row: sheet_texts.DrilldownRow) -> None:
        """Ask for the note: of who disputes the row, or of the second person where it waits for one."""
        self._set_row_picking(picking=False)
        found, waits = self.controller.chosen_sheet, row.dispute
        if found is None or not row.row:
            return
        if row.is_excluded or row.since:
            self.show_warning(RuleError("row_excluded"))
            return
        if waits is not None and row.is_waiting and not self.controller.may_decide_dispute(waits):
            self.show_warning(RuleError("row_disputed"))
            return
        setup, item = self.controller.context.feed.setup, self._chosen
        said = sheet_texts.dispute_history_text_of_row(setup, found, row) if row.is_waiting else ""
        shown = sheet_texts.row_words(row, disputed_item_word(item))
        dialog = sheet_texts.DisputeDialog(self.host_widget, self._look, shown, said, decides=row.is_waiting)
        if waits is not None and row.is_waiting:
            seq = waits.seq
            dialog.wanted.connect(lambda note, out: self.controller.decide_dispute(seq, note, exclude=out))
        else:
            dialog.wanted.connect(lambda note, _out: self.controller.dispute_row(item, row.row, note))
        self.open_question(dialog)

    def _announce_dispute_result(self, document: Mapping[str, Any]) -> None:
        self.close_question()
        words = {
            WAITING: _("Asked: a second person decides"),
            EXCLUDED: _("The row is excluded"),
            KEPT: _("The row counts"),
        }
        self.said.emit(words[document["state"]], "check")
        self._update_open_disputes_button()

    # -- the scheme ----------------------------------------------------------------------------------------------------

    def open_scheme_dialog(self) -> None:
        """Ask what counts, and how much."""
        dialog = sheet_texts.SchemeDialog(self.host_widget, self._look, self.controller.current_scheme)
        dialog.wanted.connect(self.controller.set_scheme)
        self.open_question(dialog)

    def _on_scheme_changed(self) -> None:
        self.close_question()
        self.said.emit(_("The scheme is changed"), "check")
        self.controller.refresh()

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _show_read_month(self) -> None:
        found = self.controller.chosen_sheet
        self.banner.hide()
        self.head.set_title(self._page_title())
        self.refresh_act_buttons()
        setup = self.controller.context.feed.setup
        if found is None:
            self.head.set_subtitle(month_long(self.controller.shown.first_date))
            self.people.hide()
            self.versions.hide()
            self._show_empty_texts(
                _("Nobody has finished anything this month"),
                _("A person's sheet starts with the first customer served."),
            )
            return
        self.people.show()
        self.people.show_choice(found.staff, sheet_texts.person_choices(setup, found, found.staff))
        self.head.set_subtitle(sheet_texts.month_and_scheme_text(found))
        self.unnamed.setText(
            "\n".join(filter(None, (figure_meaning(DEPOSIT), unnamed_event_count_text(found.month.unnamed))))
        )
        self.closed.show_note(sheet_texts.closed_version_line(setup, found))
        offered = sheet_texts.version_choices(found)
        self.versions.show_choice(str(found.month.version) if offered else "", offered)
        self.versions.setVisible(bool(offered))
        self.strip.show_strip(sheet_texts.total_strip_texts(found))
        self.stack.setCurrentIndex(1)
        wanted = self._wanted
        if wanted is not None and (wanted.staff, wanted.month) == (found.staff, found.month.first):
            self._chosen, self._wanted = wanted.item, None
        self._update_open_disputes_button()
        self.choose_item(self._chosen)

    def _sheet_columns(self, _context: StationContext) -> list[row_tables.TableColumn[sheet_texts.SheetRow]]:
        columns = [
            row_tables.TableColumn[sheet_texts.SheetRow](
                title=_("Item", context="sheet"),
                text=lambda row: row.name,
                bold=True,
                token=lambda row: "primary" if row.code == self._chosen else "ink",
                grows=True,
            ),
            row_tables.TableColumn[sheet_texts.SheetRow](
                title=_("Own", context="sheet"),
                text=lambda row: row.own,
                token=lambda row: "primary" if row.opens else "ink",
                is_right=True,
            ),
        ]
        if not self._chosen:  # Points name the weight too.
            weight = row_tables.TableColumn[sheet_texts.SheetRow](
                title=_("Weight", context="sheet"), text=lambda row: row.weight, is_right=True
            )
            counted = row_tables.TableColumn[sheet_texts.SheetRow](
                title=_("Counted", context="sheet"), text=lambda row: row.counted, token="ink2", gives=True, least=70
            )
            columns = [columns[0], weight, columns[1], counted]
        return [
            *columns,
            row_tables.TableColumn[sheet_texts.SheetRow](
                title=_("The others", context="sheet"), text=lambda row: row.hall, is_right=True
            ),
            row_tables.TableColumn[sheet_texts.SheetRow](
                title=_("Verdict", context="sheet"),
                text=lambda row: row.chip,
                token=lambda row: row.token,
                icon=lambda row: row.icon if row.chip else "",
            ),
            row_tables.TableColumn[sheet_texts.SheetRow](
                title=_("Points", context="sheet"), text=lambda row: row.points, is_right=True, bold=True
            ),
        ]

    # -- where there is little room, and keys --------------------------------------------------------------------------

    def _fit_panel_and_notes(self) -> None:
        is_open, narrow = bool(self._chosen), self._is_narrow
        self._show_panel_beside_or_alone(self.panel, self.items, self.strip, is_open=is_open)
        # What only explains gives its room to the rows.
        self.unnamed.setVisible(not narrow and not is_open)
        self.closed.setVisible(bool(self.closed.label.text()) and not is_open)
        self.hint.setVisible(self.dispute_button.isVisibleTo(self.panel) and not narrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_panel_and_notes()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._picking:
            self._set_row_picking(picking=False)
        elif event.key() == Qt.Key.Key_Escape and self._chosen:
            self.choose_item("")
        elif event.key() == Qt.Key.Key_E and self._chosen and self.dispute_button.isVisible():
            self._dispute_row_or_toggle_picking()
        else:
            super().keyPressEvent(event)


def sheets_page(controller: ManagerController, own: ControllerCache) -> SheetsPage:
    return SheetsPage(own(SheetsController, controller.context, controller.first_logged_date))
