"""The month's inspections: what is planned and done, what it covers, the mystery visit, what is to be put right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.quality.inspection import CHANNELS, MYSTERY, OPEN, SUPERVISOR
from queuedesk.core.queue.dispatch import QuotedWait
from queuedesk.core.setup.file import score_sheets_of_hall
from queuedesk.core.setup.rows import Setup, field_and_choice_languages, hall_languages
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.quality import inspecting
from queuedesk.features.inspections import verbs
from queuedesk.features.inspections.pages.parts import (
    ChannelInspectionCoverageRow,
    FilledSheetDialog,
    InspectionsController,
    MysteryVisitWaitBars,
    ScoreSheetsDialog,
)
from queuedesk.features.inspections.pages.touch import InspectionTouchWindow
from queuedesk.features.inspections.words import inspector_name_or_number
from queuedesk.i18n import _, date_short, name_in_language, time_hms
from queuedesk.i18n import quality as quality_words
from queuedesk.i18n.moments import month_and_year, weekday_short
from queuedesk.i18n.names import staff_name, window_name
from queuedesk.i18n.queue.line_words import wait_text
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import TICKETS, ControllerCache
from queuedesk.stations.manager.parts import records
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec
from queuedesk.stations.manager.parts.table import TableColumn
from queuedesk.stations.manager.quality.case_texts import CaseOpeningDialogs
from queuedesk.stations.manager.today.alert_words import ButtonTarget
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import TextButton
from queuedesk.stations.window.context import ServiceDocument, StationContext
from queuedesk.stations.window.style import NARROW_UNDER, Look

EMPTY_HIGH = 200
SHAPES = {"done": "check", "running": "dot", "planned": "clock", "dropped": "void"}


def _weekday_and_day_text(one: ServiceDocument) -> str:
    day = date.fromisoformat(one["date"])
    return f"{weekday_short(day)} {day.day}"


def _score_points_text(one: ServiceDocument) -> str:
    if one["state"] == "running":
        return _("{n} of {of}", n=one["points"], of=one["of"])
    return str(one["score"]) if one["state"] == "done" and one["score"] is not None else "—"


def _issue_and_origin_text(one: ServiceDocument) -> str:
    parts = [one["issue"]]
    if one["channel"]:
        parts.append(
            f"{quality_words.inspection_channel_word(one['channel'])} {date_short(date.fromisoformat(one['found']))}"
        )
    return " · ".join(parts)


def _record_planned_inspection(
    desk: Desk, ask: Ask, *, channel: str, staff: str, other: str, **when: Any
) -> ServiceDocument:
    if channel == MYSTERY:
        when["visitor"] = int(other) if other.isdigit() else None
    elif channel == SUPERVISOR:
        when["outsider"] = other
    else:
        when["staff"] = staff or None
    return verbs.plan_inspection(desk, ask, channel=channel, **when)


def _note_finding(desk: Desk, ask: Ask, inspection: int, *, issue: str, owner: str, due: date) -> ServiceDocument:
    return verbs.add_rectification(desk, ask, issue, owner, due=due, inspection=inspection)


def _tie_to_ticket(desk: Desk, ask: Ask, seq: int, *, ticket: str, claimed: int | None) -> ServiceDocument:
    claimed_s = None if claimed is None else claimed * 60
    return verbs.tie_to_ticket(desk, ask, seq, ticket.upper() or None, claimed_s=claimed_s)


def _staff_names(context: StationContext) -> dict[str, str]:
    return {code: staff_name(context.feed.setup, code) for code in context.feed.setup.staff}


def _default_due_date(context: StationContext) -> str:
    return verbs.default_rectification_due_date(context.feed.setup, context.feed.business_date).isoformat()


def _is_visit_to_link(one: ServiceDocument) -> bool:
    return one["channel"] == MYSTERY and one["state"] in ("running", "done")


def _act(
    text: records.Words, *states: str, do: Callable[[Any, int], object] | None = None, **what: Any
) -> records.RecordAct[ServiceDocument]:
    """Return an act about a row in one of these states; `do` gets the page and the number of the inspection."""
    asks = None if do is None else (lambda page, one: do(page, one["inspection"]))
    when = lambda one: one["state"] in states  # noqa: E731
    usual = {"text": text, "verb": "inspect", "said": None, "of_row": True, "when": when, "asks": asks}
    return records.RecordAct(**{**usual, **what})


def _form(title: records.Words, yes: records.Words, *asked: records.FormInput) -> records.RecordFormSpec:
    return records.RecordFormSpec(title=title, yes=yes, rows=[[one] for one in asked])


OPEN_FIX = ("open", "proven")
GOOD, NOT_GOOD = (partial(verbs.record_rectification_check, good=good) for good in (True, False))
FINDING = _form(
    lambda: _("Something to put right"),
    lambda: _("Note it"),
    records.FormInput(key="issue", label=lambda: _("What is wrong?")),
    records.FormInput(
        key="owner", label=lambda: _("Who puts it right?"), kind=records.CHOICE, needed=True, choices=_staff_names
    ),
    records.FormInput(key="due", label=lambda: _("By when?"), kind=records.DAY, needed=True, first=_default_due_date),
)
PUT_RIGHT = _act(lambda: _("Put right"), of_row=False, call=verbs.add_rectification, form=FINDING)
CANCELLING = _form(
    lambda: _("Cancel this inspection?"),
    lambda: _("Cancel the inspection"),
    records.FormInput(key="reason", label=lambda: _("Why?")),
)
LINK = _form(
    lambda: _("Which ticket did the visitor take?"),
    lambda: _("Link it"),
    records.FormInput(key="ticket", label=lambda: _("The ticket's number")),
    records.FormInput(key="claimed", label=lambda: _("Wait on the visitor's sheet, minutes"), kind=records.NUMBER),
)
PROOF = _form(
    lambda: _("What shows that it is done?"),
    lambda: _("Note it"),
    records.FormInput(key="proof", label=lambda: _("What was done, or where a photo is")),
)
PLAN = records.RecordPageSpec[ServiceDocument](
    name=lambda: _("Plan of the month"),
    icon="calendar",
    key=lambda one: one["inspection"],
    row_height=39,
    rows_seen=(1, 7),
    wraps=True,
    menu=True,
    empty=lambda: (_("Nothing is planned this month"), _("Plan one, or start with the hall sheet.")),
    columns=lambda context: [
        TableColumn(title=_("Date"), text=_weekday_and_day_text, bold=True),
        TableColumn(
            title=_("Sheet"),
            text=lambda one: quality_words.sheet_name_with_version(
                name_in_language(one["name"], one["name_en"]), one["version"]
            ),
            gives=True,
            least=150,
            grows=True,
        ),
        TableColumn(
            title=_("Method", context="inspection"),
            text=lambda one: quality_words.inspection_channel_word(one["channel"]),
        ),
        TableColumn(
            title=_("Who", context="inspection"),
            text=lambda one: inspector_name_or_number(context.feed.setup, one),
            gives=True,
            least=84,
        ),
        TableColumn(
            title=_("State"),
            text=lambda one: quality_words.inspection_state_word(one["state"]),
            icon=lambda one: SHAPES[one["state"]],
            token=lambda one: "ink2" if one["state"] == "planned" else "press",
            bold=lambda one: one["state"] != "planned",
            ground=lambda one: "soft" if one["state"] == "running" else "",
        ),
        TableColumn(title=_("Points"), text=_score_points_text, is_right=True, bold=True),
    ],
    acts=(
        _act(
            lambda: _("Begin"), "planned", do=lambda page, seq: page.controller.start_score_or_sign_sheet("start", seq)
        ),
        _act(lambda: _("Go on"), "running", do=lambda page, seq: page.controller.read_inspection_sheet(seq)),
        _act(lambda: _("Cancel the inspection"), "planned", "running", call=verbs.drop_inspection, form=CANCELLING),
        _act(lambda: _("Link to a ticket"), call=_tie_to_ticket, form=LINK, when=_is_visit_to_link),
        _act(lambda: _("Put a finding right"), "running", "done", call=_note_finding, form=FINDING),
        _act(lambda: _("See the sheet"), "done", verb="", do=lambda page, seq: page.show_sheet(seq)),
    ),
)


def _rectifications(context: StationContext) -> records.RecordPageSpec[ServiceDocument]:
    def waits_for_check_by_another(one: ServiceDocument) -> bool:
        return one["state"] == "proven" and context.new_ask().who.name != one["owner"]

    return records.RecordPageSpec(
        name=lambda: _("To put right"),
        icon="check",
        key=lambda one: one["rectification"],
        tip=_issue_and_origin_text,
        row_height=44,
        rows_seen=(1, 8),
        wraps=True,
        menu=True,
        empty=lambda: (_("Nothing is to be put right"), _("What an inspection finds is noted here.")),
        columns=lambda context: [
            TableColumn(
                title=_("Finding", context="column"),
                text=lambda one: str(one["issue"]),
                bold=True,
                gives=True,
                least=200,
                grows=True,
            ),
            TableColumn(
                title=_("Owner", context="column"), text=lambda one: staff_name(context.feed.setup, one["owner"])
            ),
            TableColumn(
                title=_("Due", context="column"),
                text=lambda one: date_short(date.fromisoformat(one["due"])),
                icon=lambda one: "clock" if one["late"] else "",
                token=lambda one: "red" if one["late"] else "ink",
                bold=lambda one: bool(one["late"]),
            ),
            TableColumn(
                title=_("Proof and check"),
                text=lambda one: quality_words.fix_state_word(one["state"]),
                icon=lambda one: "check" if one["state"] == "closed" else "",
                token=lambda one: "press" if one["state"] == "closed" else "ink2",
            ),
        ],
        acts=(
            PUT_RIGHT,
            _act(lambda: _("Checked: it is put right"), when=waits_for_check_by_another, call=GOOD),
            _act(lambda: _("Checked: not yet"), when=waits_for_check_by_another, call=NOT_GOOD),
            _act(
                lambda: _("Record the fix"),
                *OPEN_FIX,
                verb="fix-proof",
                call=inspecting.record_rectification_proof,
                form=PROOF,
            ),
            _act(lambda: _("Note that the owner was reminded"), *OPEN_FIX, call=verbs.record_rectification_reminder),
            _act(lambda: _("Open a case"), *OPEN_FIX, verb="case", asks=lambda page, one: page.case_wanted.emit(one)),
        ),
    )


class InspectionsPage(ManagerPage):
    """The plan with its coverage above, the mystery visit beside what is to be put right below. `place_wanted` leads to
    the visitor's ticket, `case_wanted` gives what is to be put right and becomes a case."""

    place_wanted = Signal(object)
    case_wanted = Signal(object)

    def __init__(self, controller: InspectionsController, parent: QWidget | None = None) -> None:
        self.controller = controller
        look = controller.context.look
        spec = PageSpec(
            title=lambda: _("Quality", context="page"),
            acts=(
                PageAct(text=self._plan_button_label, do=self._ask_inspection_plan, icon="plus", changes_hall=True),
                PageAct(text=lambda: _("Put right"), do=self._ask_new_rectification, icon="edit", changes_hall=True),
                PageAct(
                    text=self._main_button_label,
                    do=self._start_or_continue_inspection,
                    icon="play",
                    is_main=True,
                    changes_hall=True,
                ),
            ),
        )
        super().__init__(look, spec, parent)
        self.touch: InspectionTouchWindow | None = None
        self._to_read = 0
        self._lay_out_widgets(look)
        controller.changed.connect(self._show_month)
        controller.unread.connect(self.show_warning)
        controller.refused.connect(self._show_refusal)
        controller.done.connect(self._close_question_and_refresh)
        controller.sheet.connect(self._open_sheet)
        if self.controller.found is None:
            self.controller.refresh()
        self._show_month()

    def _lay_out_widgets(self, look: Look) -> None:
        context = self.controller.context
        self.plan, self.fixes = records.RecordList(context, PLAN), records.RecordList(context, _rectifications(context))
        for one in (self.plan, self.fixes):
            one.stand_on(self)
            one.controller.acted.connect(self.reload_inspections)
        self.plan_title = panels.Label(look, _("Plan of the month"), px=18, bold=True, wrap=True)
        self.cover_title = panels.Label(look, _("Coverage by channel, done of planned"), px=18, bold=True, wrap=True)
        self.visit_title = panels.Label(look, px=18, bold=True, wrap=True)
        self.fix_title = panels.Label(
            look, _("To put right: closed once somebody else has checked"), px=18, bold=True, wrap=True
        )
        self.sheets_button = TextButton(look, _("Score sheets"), icon="document", height=44, px=16)
        self.sheets_button.clicked.connect(self.open_score_sheets_dialog)
        self.cover: list[ChannelInspectionCoverageRow] = []
        self._cards: list[QWidget] = []
        self.cover_rows = QVBoxLayout()
        self.short = panels.Label(look, px=15, token="amber", bold=True, wrap=True)
        self.bars = MysteryVisitWaitBars(look)
        self.visit_words = panels.Label(look, px=15, token="ink2", wrap=True)
        cover = self._column_of_new_card(self.cover_title)
        cover.addLayout(self.cover_rows)
        cover.addWidget(self.short)
        cover.addStretch(1)
        self.story_button = TextButton(look, _("The ticket's history"), icon="arrow-right", height=44, px=16)
        self.story_button.clicked.connect(self._open_ticket_story)
        visit = self._column_of_new_card(self.visit_title, self.bars, self.visit_words, self.story_button)
        visit.addStretch(1)
        self._rows = [QBoxLayout(QBoxLayout.Direction.LeftToRight) for _n in range(2)]
        above, below = self._rows
        for row, parts in (
            (
                above,
                ((self._titled_section_widget(self.plan_title, self.plan, self.sheets_button), 5), (self._cards[0], 3)),
            ),
            (below, ((self._cards[1], 1), (self._titled_section_widget(self.fix_title, self.fixes), 2))),
        ):
            panels.set_scaled_margins(look, row, spacing=16)
            for part, share in parts:
                row.addWidget(part, share)
        self._inside = QWidget()
        self._column_inside = QVBoxLayout(self._inside)
        panels.set_scaled_margins(look, self._column_inside, (0, 0, 8, 0), 16)
        self._column_inside.addLayout(above)
        self._column_inside.addLayout(below)
        self._column_inside.addStretch(1)
        self.area = panels.VerticalScrollArea(self._inside)
        self._inside.installEventFilter(self)
        self.add_part(self.area, 1)

    def _column_of_new_card(self, *parts: QWidget) -> QVBoxLayout:
        card = panels.Card(self._look)
        column = QVBoxLayout(card)
        panels.set_scaled_margins(self._look, column, (20, 14, 20, 12), 8)
        for part in parts:
            column.addWidget(part)
        self._cards.append(card)
        return column

    def _titled_section_widget(self, title: panels.Label, part: QWidget, *keys: QWidget) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        panels.set_scaled_margins(self._look, column, spacing=8)
        head = QHBoxLayout()
        panels.set_scaled_margins(self._look, head, spacing=12)
        for one, share in ((title, 1), *((key, 0) for key in keys)):
            head.addWidget(one, share, Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(head)
        column.addWidget(part)
        column.addStretch(1)
        return whole

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def _hall_setup(self) -> Setup:
        return self.controller.context.feed.setup

    def refresh(self, _now: datetime) -> None:
        """Read again when something was inspected or put right."""
        self.controller.refresh()

    def _show_month(self) -> None:
        if (found := self.controller.found) is None:
            return
        self.banner.hide()
        self.head.set_subtitle(month_and_year(date.fromisoformat(found.month["from"])))
        self.plan.show_rows(self._inspections_not_dropped())
        self.fixes.show_rows(found.fixes)
        for shown in (self.plan, self.fixes):
            shown.limit_height_to_rows()
            shown.setMinimumHeight(0 if shown.table.rows.rows else self._look.px(EMPTY_HIGH))
        self._show_coverage_by_channel(found.month)
        self._show_mystery_visit(found.visit)
        self.refresh_act_buttons()
        self._fit_height_to_content()

    def _inspections_not_dropped(self) -> list[ServiceDocument]:
        found = self.controller.found
        return [one for one in found.month["inspections"] if one["state"] != "dropped"] if found is not None else []

    def _plan_button_label(self) -> str:
        return _("Plan another") if self._inspections_not_dropped() else _("Plan one")

    def _show_coverage_by_channel(self, month: ServiceDocument) -> None:
        rows = month["coverage"]
        self._cards[0].setVisible(bool(rows))
        panels.resize_row_list(
            self.cover, len(rows), partial(ChannelInspectionCoverageRow, self._look), self.cover_rows
        )
        for widget, one in zip(self.cover, rows, strict=True):
            if self.cover_rows.indexOf(widget) < 0:
                self.cover_rows.addWidget(widget)
            widget.show_row(one)
        short = [one for one in rows if one["short"]]
        is_time = self.controller.day >= date.fromisoformat(month["warns_from"])
        words = [
            f"{quality_words.inspection_channel_word(one['channel'])} {one['least'] - one['done']}" for one in short
        ]
        self.short.setText(_("Still to do this month: {list}", list=" · ".join(words)) if short and is_time else "")
        self.short.setVisible(bool(short) and is_time)

    def _show_mystery_visit(self, one: ServiceDocument | None) -> None:
        visit = one["visit"] if one else None
        self._cards[1].setVisible(visit is not None)
        self.story_button.setVisible(bool(visit and visit["ticket"]))
        if one is None or visit is None:
            return
        self.visit_title.setText(
            " · ".join(
                part
                for part in (
                    quality_words.inspection_channel_word(MYSTERY),
                    date_short(date.fromisoformat(one["date"])),
                    visit["ticket"],
                )
                if part
            )
        )
        has_bars = visit["claimed"] is not None or visit["logged"] is not None
        self.bars.setVisible(has_bars)
        if has_bars:
            self.bars.show_visit(visit)
        self.visit_words.setText("\n".join(self._mystery_visit_lines(one, visit)))

    def _mystery_visit_lines(self, one: ServiceDocument, visit: ServiceDocument) -> list[str]:
        lines = []
        if visit["ticket"] is None:
            lines.append(_("No ticket is linked to this visit yet: choose it in the plan."))
        if visit["low"] is not None:
            lines.append(
                _("Offered at the kiosk or desk: {told}", told=wait_text(QuotedWait(visit["low"], visit["high"])))
            )
        if visit["difference"] is not None:
            gap = f"{abs(visit['difference']):g}"
            more = visit["difference"] > 0
            lines.append(
                _("remembered as {n} min longer", n=gap) if more else _("remembered as {n} min shorter", n=gap)
            )
        if visit["arrived"] and visit["called"]:
            taken, called = (
                self._hall_setup.to_hall_time(datetime.fromisoformat(visit[key])) for key in ("arrived", "called")
            )
            window = window_name(visit["window"])
            lines.append(
                _(
                    "Taken {taken}, called {called}, {window}",
                    taken=time_hms(taken),
                    called=time_hms(called),
                    window=window,
                )
            )
        if one["score"] is not None:
            lines.append(_("{n} of 100 points", n=one["score"]))
        return lines

    def _open_ticket_story(self) -> None:
        found = self.controller.found
        visit = found.visit["visit"] if found and found.visit else None
        if visit and visit["ticket"]:
            self.place_wanted.emit(ButtonTarget(TICKETS, ticket=visit["ticket"], day=date.fromisoformat(visit["date"])))

    # -- what is done ------------------------------------------------------------------------------------------------

    def _last_running_inspection(self) -> ServiceDocument | None:
        found = self.controller.found
        rows = found.month["inspections"] if found else []
        return next((one for one in reversed(rows) if one["state"] == "running"), None)

    def _main_button_label(self) -> str:
        one = self._last_running_inspection()
        if one is not None:
            sheet = name_in_language(one["name"], one["name_en"])
            return _("Continue: {sheet} · {n} of {of}", sheet=sheet, n=one["looked_at"], of=one["count"])
        first = next(iter(score_sheets_of_hall(self._hall_setup).values()), None)
        return _("Start: {sheet}", sheet=name_in_language(first.name, first.name_en)) if first else _("Start")

    def _start_or_continue_inspection(self) -> None:
        one = self._last_running_inspection()
        if one is not None:
            self.controller.read_inspection_sheet(one["inspection"])
        else:
            self.controller.start_score_or_sign_sheet("start")

    def show_sheet(self, inspection: int) -> None:
        """Show what was filled in of one inspection, of this month or another."""
        self._to_read = inspection
        self.controller.read_inspection_sheet(inspection)

    def _open_filled_sheet_dialog(self, one: ServiceDocument) -> None:
        name = quality_words.sheet_name_with_version(name_in_language(one["name"], one["name_en"]), one["version"])
        parts = [date_short(date.fromisoformat(one["date"])), quality_words.inspection_channel_word(one["channel"])]
        parts += [inspector_name_or_number(self._hall_setup, one), quality_words.inspection_state_word(one["state"])]
        if one["score"] is not None:
            parts.append(_("{n} of 100 points", n=one["score"]))
        goes_on = one["state"] == "running" and self.buttons[2].isEnabled()
        dialog = FilledSheetDialog(
            self.host_widget, self._look, one, title=name, effect=" · ".join(parts), go_on=_("Go on") if goes_on else ""
        )
        dialog.gone_on.connect(self.close_question)
        dialog.gone_on.connect(partial(self.controller.read_inspection_sheet, one["inspection"]))
        self.open_question(dialog)

    def _open_sheet(self, document: ServiceDocument) -> None:
        """Fill a sheet in on its own screen; one that is filled in there already goes on where it is."""
        self.close_question()
        if self._to_read == document["inspection"]:
            self._to_read = 0
            self._open_filled_sheet_dialog(document)
            return
        self.controller.refresh(anew=True)
        if document["state"] != "running":
            return
        if self.touch is None:
            self.touch = InspectionTouchWindow(self.controller)
            self.touch.left.connect(self.reload_inspections)
        if not self.touch.isVisible():
            self.touch.show_sheet(document)
            self.touch.showFullScreen()

    def open_score_sheets_dialog(self) -> None:
        """Show the score sheets, which an admin changes here."""
        who = self.controller.context.who
        may = who is not None and who.may("set-up")
        sheets, first = score_sheets_of_hall(self._hall_setup), hall_languages(self._hall_setup)[0]
        known = sorted(field_and_choice_languages(self._hall_setup), key=lambda lang: lang != first)
        dialog = ScoreSheetsDialog(self.host_widget, self._look, sheets, known, may_change=may)
        dialog.saved.connect(lambda code, row: self.controller.run_act("sheet", "sheets", code, row))
        dialog.added.connect(lambda code, row: self.controller.run_act("sheet-add", "sheets", {"code": code, **row}))
        self.open_question(dialog)

    def _ask_new_rectification(self) -> None:
        self.fixes.do_act_or_open_form(PUT_RIGHT, None)

    def _ask_inspection_plan(self) -> None:
        channels = {one: quality_words.inspection_channel_word(one) for one in CHANNELS}
        context, tomorrow = self.controller.context, (self.controller.day + timedelta(days=1)).isoformat()
        people = {"": _("the person planning it"), **_staff_names(context)}
        held = score_sheets_of_hall(self._hall_setup)
        sheets = {code: name_in_language(one.name, one.name_en) for code, one in held.items()}
        asked = (
            records.prefilled_input_spec("day", _("Date"), tomorrow, kind=records.DAY),
            records.prefilled_input_spec("sheet", _("Sheet"), choices=sheets),
            records.prefilled_input_spec("channel", _("Method", context="inspection"), OPEN, choices=channels),
            records.prefilled_input_spec("staff", _("Which member of staff"), choices=people, needed=False),
            records.prefilled_input_spec(
                "other", _("Mystery visitor's number, or the supervisor's name"), needed=False
            ),
        )
        form = _form(lambda: _("Plan an inspection"), lambda: _("Plan it"), *asked)
        self.plan.do_act_or_open_form(_act(str, call=_record_planned_inspection, form=form), None)

    def state_to_restore(self) -> tuple[()] | None:
        return () if self.touch is None else None

    def reload_inspections(self) -> None:
        self.controller.refresh(anew=True)

    def _close_question_and_refresh(self, _act: str, _document: ServiceDocument) -> None:
        self.close_question()
        self.controller.refresh(anew=True)

    def _show_refusal(self, _act: str, trouble: QueueDeskError) -> None:
        if isinstance(self.dialog, ScoreSheetsDialog):
            self.dialog.show_trouble(trouble)
        elif self.touch is None or not self.touch.isVisible():
            self.show_warning(trouble)

    # -- where there is little room ------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        look = self._look
        panels.set_side_by_side_or_stacked(self.width() >= look.px(NARROW_UNDER - 220), *self._rows)
        self._fit_height_to_content()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Rows take other heights with other widths, and only then.
        if watched is self._inside and event.type() == QEvent.Type.LayoutRequest:
            self._fit_height_to_content()
        return super().eventFilter(watched, event)

    def _fit_height_to_content(self) -> None:
        """Be as high as all parts need: a scrolled area takes wrapped lines for one."""
        column = self._column_inside
        column.activate()
        self._inside.setMinimumHeight(column.totalHeightForWidth(self.area.viewport().width()))


def new_inspections_page(controller: ManagerController, own: ControllerCache) -> InspectionsPage:
    """Make it; a case can be opened of what is to be put right."""
    page = InspectionsPage(own(InspectionsController, controller.context))
    opening = CaseOpeningDialogs(controller.context, lambda: page.host_widget, page)
    opening.said.connect(page.said)
    page.case_wanted.connect(opening.ask_case_for_finding)
    return page
