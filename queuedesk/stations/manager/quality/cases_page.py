"""Quality, cases: the list with its filters at the left, one case at the right: the customer's words and the ticket,
the way of five steps, the next act, contact and history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core import errors, imports, matching
from queuedesk.core.figures import periods
from queuedesk.core.figures.periods import MONTH, PAGE, WEEK, YEAR, is_view_path, period_span_containing
from queuedesk.core.network.roles import Role
from queuedesk.core.quality.case import CITED_TICKET, CITED_VIEWS, INSPECTION, is_rating_reasons_page
from queuedesk.core.quality.figures import TICKET as TICKET_OF_DAY
from queuedesk.core.quality.figures import figure_path_of_rating_conditions
from queuedesk.core.queue.ticket import Ticket
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, date_for_staff, date_long, list_text, n_, time_hm
from queuedesk.i18n import quality as quality_words
from queuedesk.i18n.figures.ribbon_words import citation_text, cited_name, figure_name, figure_value_text
from queuedesk.i18n.moments import month_and_year
from queuedesk.i18n.names import staff_name
from queuedesk.stations.manager.pages import REPORTS, TICKETS
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec
from queuedesk.stations.manager.parts.page_controller import PaperSaverAndPrinter
from queuedesk.stations.manager.parts.records import DAY, RecordDialog, RecordFormSpec, prefilled_input_spec
from queuedesk.stations.manager.quality import case_texts, cases_controller
from queuedesk.stations.manager.today.alert_words import CASES, ButtonTarget
from queuedesk.stations.widgets import buttons, panels
from queuedesk.stations.widgets.questions.dialogs import SearchField
from queuedesk.stations.window.context import ServiceDocument
from queuedesk.stations.window.style import XXL, Look, M

SHOWN_MS = 60_000
BESIDE_FROM = 560


class CaseDetail(QWidget):
    """`acted` asks for the next step, `vain` for a call-back without an answer, `story` for the ticket, `contact` for
    the whole contact, `menu` for all acts, `cited` for what an entry cites."""

    acted = Signal()
    vain = Signal()
    story = Signal()
    contact = Signal()
    menu = Signal()
    cited = Signal(object)
    back = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.back_button = buttons.TextButton(look, _("All cases"), icon="arrow-left", height=40, px=16)
        self.number = panels.Label(look, px=XXL, bold=True, elide=False)
        self.klass, self.state = buttons.Pill(look, ""), buttons.Pill(look, "")
        self.owner = panels.Label(look, px=16, token="ink2", align=Qt.AlignmentFlag.AlignRight)
        self.more = buttons.IconButton(look, "more", _("All acts"))
        self.words_head = panels.Label(look, px=15, bold=True, token="ink2")
        self.words = panels.Label(look, px=M, wrap=True)
        self.source = panels.Label(look, px=15, token="ink2", wrap=True)
        self.ticket = panels.Label(look, px=28, bold=True)
        self.story_button = buttons.TextButton(look, _("History"), trailing="arrow-right", height=36, px=15)
        self.facts = QVBoxLayout()
        self.way = case_texts.CaseProgressStepsWidget(look)
        self.act_button = buttons.PrimaryButton(look, "", key="Enter", height=56, px=20)
        self.vain_button = buttons.SecondaryButton(look, "", height=56, px=17)
        self.close_button = buttons.SecondaryButton(look, "", height=44, px=16)
        self.who_may = panels.Label(look, px=M, wrap=True)
        self.reach = panels.TextRunsLabel(look)
        self.until = panels.Label(look, px=15, token="ink2", wrap=True)
        self.show_button = buttons.TextButton(look, _("Show for this case"), height=36, px=15)
        self._history = QVBoxLayout()
        self._fact_labels: list[panels.Label] = []
        self._rows: list[QWidget] = []
        self._masked, self._shown_of = ("", ""), ""
        self._hide_again = QTimer(self)
        self._hide_again.setSingleShot(True)
        self._hide_again.timeout.connect(self.mask_contact_again)
        self._build_layout()
        self.act_button.clicked.connect(self.acted)
        self.vain_button.clicked.connect(self.vain)
        self.story_button.clicked.connect(self.story)
        self.show_button.clicked.connect(self.contact)
        self.more.clicked.connect(self.menu)
        self.back_button.clicked.connect(self.back)

    def _build_layout(self) -> None:
        look = self._look
        inside = QWidget()
        column = QVBoxLayout(inside)
        panels.set_scaled_margins(look, column, (24, 12, 32, 16), 12)
        column.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignLeft)
        head = QHBoxLayout()
        panels.set_scaled_margins(look, head, spacing=8)
        for part in (self.number, self.klass, self.state):
            head.addWidget(part)
        head.addWidget(self.owner, 1)
        head.addWidget(self.more)
        column.addLayout(head)

        card = panels.Card(look)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, card)
        panels.set_scaled_margins(look, self._sides, (18, 12, 18, 12), 18)
        left, right = QVBoxLayout(), QVBoxLayout()
        for one in (left, right, self.facts):
            panels.set_scaled_margins(look, one, spacing=4)
        for part in (self.words_head, self.words, self.source):
            left.addWidget(part)
        left.addStretch(1)
        top = QHBoxLayout()
        top.addWidget(self.ticket, 1)
        top.addWidget(self.story_button)
        right.addLayout(top)
        right.addLayout(self.facts)
        right.addStretch(1)
        self._sides.addLayout(left, 3)
        self._sides.addLayout(right, 2)
        column.addWidget(card)
        column.addWidget(self.way)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        panels.set_scaled_margins(look, self._buttons, spacing=12)
        self._buttons.addWidget(self.act_button, 1)
        self._buttons.addWidget(self.vain_button)
        column.addLayout(self._buttons)
        column.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(self.who_may)
        reach = QHBoxLayout()
        panels.set_scaled_margins(look, reach, spacing=12)
        reach.addWidget(self.reach)
        reach.addWidget(self.until, 1, Qt.AlignmentFlag.AlignVCenter)
        reach.addWidget(self.show_button)
        column.addLayout(reach)
        panels.set_scaled_margins(look, self._history, spacing=0)
        column.addLayout(self._history)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(panels.VerticalScrollArea(inside))

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_case(
        self, setup: Setup, case: case_texts.Document, ticket: Ticket | None, refusal: errors.RuleError | None
    ) -> None:
        """Show a case; `refusal` is why who is here can't act on it."""
        self._stack_if_narrow()
        self.number.setText(case["number"])
        self.klass.set_text_and_colors(quality_words.case_class_word(case["class"]), tint="sunken", token="ink2")
        is_just_reopened = case["reopened"] > 0
        icon = "undo" if is_just_reopened and case["state"] == "contacted" else case_texts.STATE_ICONS[case["state"]]
        tint, token = ("redbg", "red") if case["overdue"] else ("soft", "press")
        self.state.set_text_and_colors(
            quality_words.case_state_word(case["state"], reopened=is_just_reopened), tint=tint, token=token, icon=icon
        )
        owner = staff_name(setup, case["owner"]) if case["owner"] else _("nobody", context="owner")
        self.owner.setText(_("owner {name}", name=owner))
        self._show_words_and_source(case)
        self._show_ticket(setup, case, ticket)
        name, times = _("Progress of case {number}", number=case["number"]), case["reopened"]
        if times:
            name = n_("{name}, opened again {n} time", "{name}, opened again {n} times", times, name=name)
        self.way.set_steps(
            case_texts.case_progress_steps(setup, case), name, again=times > 0 and case["next"] is not None
        )
        self._update_step_buttons(setup, case, refusal)
        self._show_contact(case)
        self._show_history(setup, case)

    def _show_words_and_source(self, case: case_texts.Document) -> None:
        words, title = (
            case.get("words"),
            quality_words.case_title_or_origin(case["title"], case.get("source"), case["ticket"]),
        )
        said = _("What was found") if case.get("source") == INSPECTION else _("In the customer's words")
        self.words_head.setText(said if words else _("What it is about"))
        self.words.setText(words or title)
        source = quality_words.case_source_words(case["source"]) if case.get("source") else ""
        about = " · ".join(part for part in (title if words else "", source) if part)
        reasons = quality_words.chosen_low_rating_reasons_text(case["reasons"]) if case.get("reasons") else ""
        self.source.setText("\n".join(part for part in (reasons, about) if part))

    def _show_ticket(self, setup: Setup, case: case_texts.Document, ticket: Ticket | None) -> None:
        self.ticket.setText(case["ticket"] or _("No ticket", context="case"))
        self.ticket.set_font_px(28 if case["ticket"] else 17)
        self.story_button.setVisible(ticket is not None)
        panels.remove_and_delete_widgets(self._fact_labels, self.facts)
        lines = case_texts.case_ticket_lines(setup, ticket) if ticket is not None else []
        self._fact_labels = [panels.Label(self._look, text, px=15, token=token, wrap=True) for text, token in lines]
        for label in self._fact_labels:
            self.facts.addWidget(label)

    def _update_step_buttons(self, setup: Setup, case: case_texts.Document, refusal: errors.RuleError | None) -> None:
        may = refusal is None
        self.act_button.setVisible(may)
        self.act_button.setText(case_texts.next_step_button_text(case))
        self.act_button.set_icon(case_texts.STEP_ICONS[case["next"]] if case["next"] else "undo")
        self.vain_button.setVisible(may and case["next"] == "call-back")
        self.vain_button.setText(case_texts.unanswered_call_button_text(case))
        missing = case_texts.close_blocked_reason(case)
        self.close_button.setVisible(may and bool(missing))
        self.close_button.disable_with_reason(missing)
        self.who_may.setVisible(not may)
        if refusal is not None:
            owner = staff_name(setup, case["owner"]) if case["owner"] else ""
            if refusal.code == "case_concerns":
                text = _case_about_you_text(setup, case, owner)
            else:
                text = _("{owner} handles this case.", owner=owner or _("A manager"))
            self.who_may.setText(text)

    def _show_contact(self, case: case_texts.Document) -> None:
        until = ""
        if case["contact"]:
            day = date_long(date.fromisoformat(case["contact_until"]))
            until, words = _("consent until {date}, then deleted", date=day), case["contact"]
        else:
            words = quality_words.missing_contact_reason(case["contact_until"], asked=case["contact_asked"])
        same = self._shown_of == case["number"] and self._masked == (words, until)
        self._masked = (words, until)
        # That it was looked at is an event, after which the case is shown anew.
        if not (same and self._hide_again.isActive()):
            self.mask_contact_again()
        self.show_button.setVisible(bool(case["contact"]) and not self.act_button.isHidden())

    def show_contact(self, text: str) -> None:
        self._shown_of = self.number.text()
        self._set_contact_text(text, _("for one minute"))
        self._hide_again.start(SHOWN_MS)

    def mask_contact_again(self) -> None:
        self._hide_again.stop()
        self._set_contact_text(*self._masked)

    def _set_contact_text(self, words: str, until: str) -> None:
        self.reach.set_runs((panels.TextRun(words, 17, bold=bool(until), icon="lock"),))
        self.until.setText(until)

    def _show_history(self, setup: Setup, case: case_texts.Document) -> None:
        panels.remove_and_delete_widgets(self._rows, self._history)
        self._rows = []
        for at, icon, words, cites in case_texts.history_rows(setup, case):
            row = QWidget()
            line = QHBoxLayout(row)
            panels.set_scaled_margins(self._look, line, (0, 6, 0, 6), 12)
            time = panels.TextRunsLabel(
                self._look,
                (panels.TextRun(at, 15, token="ink2"), panels.TextRun("", 15, icon=icon, token="ink2", gap=10)),
            )
            time.setFixedWidth(self._look.large_px(150))
            line.addWidget(time, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(panels.Label(self._look, words, px=15, wrap=True), 1)
            if cites is not None:
                name = _("Open {name}", context="cited", name=citation_text(setup, cites))
                button = buttons.IconButton(self._look, "arrow-right", name, side=36)
                button.clicked.connect(partial(self.cited.emit, cites))
                line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            rule = panels.DividerLine(self._look)
            self._history.addWidget(rule)
            self._history.addWidget(row)
            self._rows += [rule, row]

    def _stack_if_narrow(self) -> None:
        wide = self.width() >= self._look.large_px(BESIDE_FROM)
        panels.set_side_by_side_or_stacked(wide, self._sides, self._buttons)

    def resizeEvent(self, event: object) -> None:
        self._stack_if_narrow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.act_button.isHidden():
            self.acted.emit()
            return
        super().keyPressEvent(event)


def _case_about_you_text(setup: Setup, case: case_texts.Document, owner: str) -> str:
    """Return who goes on with a case that concerns who looks at it: its owner, else who may give it to somebody."""
    if owner:
        return _("This case is about you, so {owner} handles it.", owner=owner)
    roles = (Role.MANAGER, Role.ADMIN)
    free = [code for code, one in setup.staff.items() if one.role in roles and code not in case["concerns"]]
    if not free:
        return _("This case concerns you, and there is no other manager: an admin adds one in Set-up, Staff.")
    names = list_text([staff_name(setup, code) for code in free])
    return _("This case concerns you and has no owner; who may give it to somebody: {names}", names=names)


OPEN, OVERDUE, MINE, CLOSED = "open", "overdue", "mine", "closed"
LIST_WIDTH, NARROW_LIST, NARROW_UNDER, ALONE_UNDER = 452, 320, 1060, 900
Low = tuple[str, date]
"""A low rating, by its ticket."""

CITABLE = (
    PAGE,
    "wait.mean",
    "wait.p90",
    "wait.within_target",
    "promise.beyond",
    "ratings.rate",
    "ratings.n",
    "issued",
    "left",
)


def leave_it_label() -> str:
    return _("Leave it", context="case")


def citation_form(setup: Setup, *, number: str, label: str, day: date) -> RecordFormSpec:
    """Return the question for the ticket or figure that a case cites: a ticket of `label`, of `day`, until another is
    typed. Other figures are cited from their own page."""
    what = {"": _("A ticket"), **{path: figure_name(path, setup) for path in CITABLE}}
    spans = {periods.DAY: _("Of this day"), WEEK: _("Of its week"), MONTH: _("Of its month"), YEAR: _("Of its year")}
    return RecordFormSpec(
        title=lambda: _("What does case {number} cite?", number=number),
        effect=lambda: _("Any other figure, chart or page: press “Cite …” next to it."),
        rows=(
            (prefilled_input_spec("what", _("Ticket or figure"), choices=what, needed=False),),
            (
                prefilled_input_spec(
                    "ticket", _("Ticket"), label, needed=False, shown_if=lambda said: not said["what"]
                ),
                prefilled_input_spec(
                    "span", _("Of when"), MONTH, choices=spans, shown_if=lambda said: bool(said["what"])
                ),
                prefilled_input_spec("day", _("Date"), day.isoformat(), kind=DAY),
            ),
        ),
        yes=lambda: _("Cite it"),
        no=leave_it_label,
    )


class CasesPage(ManagerPage):
    """`place_wanted` leads to a case's ticket, `behind_wanted` to what it cites."""

    place_wanted = Signal(object)
    behind_wanted = Signal(str, object, object, str)

    def __init__(self, controller: cases_controller.CasesController, parent: QWidget | None = None) -> None:
        spec = PageSpec(
            title=lambda: quality_words.quality_pages_title(controller.context.feed.setup.hall),
            line=self._current_date_and_time_line,
            acts=[PageAct(text=lambda: _("New case"), do=self.ask_new_case, icon="plus", changes_hall=True)],
            foot=0,
        )
        context = self.context = controller.context
        super().__init__(context.look, spec, parent)
        look, self.controller = context.look, controller
        self._number, self._filter = "", OPEN
        self._asked: Any = None
        self._asked_low: Low | None = None
        self._left_low: dict[Low, int] = {}
        self.opening = case_texts.CaseOpeningDialogs(context, lambda: self.host_widget, self)
        self._shows_detail = False
        self.pills = {key: buttons.FilterPill(look, "") for key in (OPEN, OVERDUE, MINE)}
        self.low_button = buttons.AccentButton(look, "", icon="star", height=56, px=16)
        self.closed_button = buttons.TextButton(look, "", trailing="arrow-right", height=44, px=15)
        self.slip = PaperSaverAndPrinter(context, self)
        self.forgetting = case_texts.WordsDeletion(context, self, lambda: controller.read_lists_and_case(self._number))
        self.slip_button = buttons.SecondaryButton(look, _("Overdue slip"), icon="print", height=44, px=15)
        self.search = SearchField(look, height=44, px=16)
        self.search.set_texts(_("Number, words, owner"))
        self.list = case_texts.CaseList(look)
        self.list.setAccessibleName(_("Cases"))
        self._empty = panels.EmptyState(look, "star")
        self._nothing = panels.VerticalScrollArea(panels.EmptyStateCard(look, self._empty, bare=True))
        self.detail = CaseDetail(look)
        self._build_layout()
        self.list.chosen.connect(self.show_case)
        self.search.typed.connect(lambda _text: self._show_list())
        for key, pill in self.pills.items():
            pill.clicked.connect(partial(self._filter_list_by, key))
        detail, controller = self.detail, self.controller
        detail.acted.connect(self.ask_next_step)
        detail.vain.connect(self._record_unanswered_call)
        detail.story.connect(self._open_ticket_story)
        detail.contact.connect(lambda: controller.show_contact_after_pin(self._number))
        detail.menu.connect(self.open_case_menu)
        detail.cited.connect(self._open_citation)
        detail.back.connect(self.return_to_case_list)
        self.low_button.clicked.connect(self.ask_case_for_rating)
        self.closed_button.clicked.connect(partial(self._filter_list_by, CLOSED))
        self.slip_button.clicked.connect(self.open_overdue_slip)
        self.connect_paper_signals(self.slip, self.slip_button)
        self._empty.acted.connect(self.ask_new_case)
        self.opening.said.connect(self.said)
        self.opening.opened.connect(self._show_new_case)
        self.opening.left.connect(self._skip_low_rating)
        controller.changed.connect(self._show_read_cases)
        controller.done.connect(self._close_and_report_done)
        controller.refused.connect(self._show_refusal)
        controller.pin_needed.connect(self._ask_pin)
        controller.busy_changed.connect(detail.act_button.set_busy)
        look.changed.connect(self._fit_list_and_detail)
        opening = (self.low_button, self._empty.button)
        self.hall_acts = (*self.hall_acts, *opening, detail.act_button, detail.vain_button)
        QShortcut(QKeySequence("Alt+M"), self).activated.connect(self.open_case_menu)
        QShortcut(QKeySequence("/"), self).activated.connect(self.search.edit.setFocus)
        self._show_list()
        self._show_detail()

    def _build_layout(self) -> None:
        look, split = self._look, QHBoxLayout()
        split.setContentsMargins(0, 0, 0, 0)
        split.setSpacing(0)
        self.left = panels.Panel(look, "surface", edge="right")
        column = QVBoxLayout(self.left)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        head = QVBoxLayout()
        panels.set_scaled_margins(look, head, (16, 10, 16, 10), 8)
        row = self._pills = QHBoxLayout()
        panels.set_scaled_margins(look, row, spacing=8)
        for pill in self.pills.values():
            pill.setCheckable(True)
            row.addWidget(pill)
        row.addStretch(1)
        head.addLayout(row)
        head.addWidget(self.search)
        column.addLayout(head)
        column.addWidget(panels.DividerLine(look))
        column.addWidget(self.list, 1)
        column.addWidget(self._nothing, 1)
        column.addWidget(panels.DividerLine(look))
        foot = QHBoxLayout()
        panels.set_scaled_margins(look, foot, (12, 8, 12, 8), 8)
        foot.addWidget(self.closed_button)
        foot.addStretch(1)
        foot.addWidget(self.slip_button)
        self.low_button.hide()
        asked = QHBoxLayout()
        panels.set_scaled_margins(look, asked, (16, 8, 16, 0), 0)
        asked.addWidget(self.low_button)
        column.addLayout(asked)
        column.addLayout(foot)
        split.addWidget(self.left)
        split.addWidget(self.detail, 1)
        self._nothing.hide()
        self.detail.hide()
        self.add_part(split, 1, inset=False, gap=0)

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def _hall_setup(self) -> Setup:
        return self.context.feed.setup

    def _current_date_and_time_line(self) -> str:
        local = self._hall_setup.to_hall_time(self.context.clock())
        return _("{day} · {time} · deadlines count working days", day=date_for_staff(local.date()), time=time_hm(local))

    def refresh(self, now: datetime) -> None:
        """Read anew; what is shown stays until then."""
        self.head.set_subtitle(self._current_date_and_time_line())
        self.controller.read_lists_and_case(self._number)

    def show_case(self, number: object) -> None:
        self._number, self._shows_detail = str(number), True
        self.list.select(self._number)
        self.controller.read_lists_and_case(self._number)
        self._fit_list_and_detail()

    def show_case_or_overdue(self, number: str) -> None:
        """Show a case, or without one those that are overdue; where none is, a low rating has led here."""
        self.search.edit.clear()
        cases, today = self.context.feed.state.cases.values(), self.context.feed.business_date
        self._filter_list_by(OVERDUE if not number and any(one.is_overdue(today) for one in cases) else OPEN)
        if number:
            self.show_case(number)

    def return_to_case_list(self) -> None:
        """Go back to the list, where there is room for one of both."""
        self._shows_detail = False
        self._fit_list_and_detail()

    def _show_read_cases(self) -> None:
        found = self.controller.found
        if found is not None and found.shown is not None and found.asked == self._number:
            self._number = found.shown["number"]
        self._show_list()
        self._show_detail()

    def _show_list(self) -> None:
        read = self.controller.found
        if read is None:
            return
        me = self.context.new_ask().who.name
        groups = {
            OPEN: read.open,
            OVERDUE: [one for one in read.open if one["overdue"]],
            MINE: [one for one in read.open if one["owner"] == me],
            CLOSED: read.closed,
        }
        words = {
            OPEN: _("Open {n}", context="cases", n=len(groups[OPEN])),
            OVERDUE: _("Overdue {n}", n=len(groups[OVERDUE])),
            MINE: _("Mine {n}", context="cases", n=len(groups[MINE])),
        }
        for key, pill in self.pills.items():
            pill.setText(words[key])
            pill.setChecked(key == self._filter)
        month = month_and_year(self.context.feed.business_date)
        self.closed_button.setText(n_("{n} closed in {month}", "{n} closed in {month}", len(read.closed), month=month))
        self.slip_button.setVisible(self.slip.can_print and bool(groups[OVERDUE]))
        low = self._low_ratings_in_order()
        self.low_button.setVisible(bool(low))
        if low:
            more, (label, day) = len(low) - 1, low[0]
            text = _("{ticket} rated low: open a case?", ticket=label)
            second = [] if day == self.context.feed.business_date else [date_for_staff(day)]
            second += [n_("{n} more", "{n} more", more, context="list")] if more else []
            self.low_button.setText(text)
            self.low_button.set_second_line(" · ".join(second))
            self.low_button.setAccessibleName(list_text([text, *second]))
        rows = [case_texts.case_row(self._hall_setup, one) for one in groups[self._filter]]
        typed = self.search.text()
        rows = [row for row in rows if matching.is_search_match(typed, row.spoken)]
        self.list.set_rows(rows)
        self.list.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        self.list.select(self._number)
        self._show_empty_message(typed)
        self._fit_list_and_detail()

    def _show_empty_message(self, typed: str) -> None:
        if typed.strip():
            self._empty.set_texts(_("No case matches"))
        elif self._filter == OPEN:
            second = _(
                "A complaint, a low rating or a question can become a case, which is followed until the customer's verdict."
            )
            self._empty.set_texts(_("No case is open"), second, _("New case"))
        elif self._filter == CLOSED:
            self._empty.set_texts(_("No case was closed this month"))
        else:
            self._empty.set_texts(_("Nothing is overdue") if self._filter == OVERDUE else _("No case is yours"))

    def _show_detail(self) -> None:
        read = self.controller.found
        if read is not None and read.shown is not None:
            self.detail.show_case(self._hall_setup, read.shown, read.ticket, self._refusal_to_act(read.shown))
        self._fit_list_and_detail()

    def _refusal_to_act(self, case: ServiceDocument) -> errors.RuleError | None:
        """Return why who is here may not act on a case, None if that is allowed."""
        who = self.context.new_ask().who
        if who.name in case.get("concerns", ()):
            return errors.RuleError("case_concerns", number=case["number"], staff=who.name)
        if who.name != case["owner"] and who.role not in (Role.MANAGER, Role.ADMIN, Role.CONSOLE):
            return errors.RuleError("not_your_case", number=case["number"], owner=case["owner"])
        return None

    def _filter_list_by(self, key: str) -> None:
        self._filter = key
        self._show_list()

    def _fit_list_and_detail(self) -> None:
        look = self._look
        alone = self.width() < look.px(ALONE_UNDER)
        has_case = self.shown_case is not None
        self.left.setVisible(not (alone and self._shows_detail and has_case))
        self.detail.setVisible(has_case and (not alone or self._shows_detail))
        self.detail.back_button.setVisible(alone)
        if alone or not has_case:
            self.left.setMinimumWidth(0)
            self.left.setMaximumWidth(16777215)
        else:
            wanted = look.large_px(NARROW_LIST if self.width() < look.large_px(NARROW_UNDER) else LIST_WIDTH)
            # Large letters widen what the filters say.
            wide = max(wanted, self._pills.sizeHint().width() + look.gap(34))
            self.left.setFixedWidth(wide)
            # The sign alone stands for the slip where the words beside it would be cut.
            self.slip_button.set_icon_only(False)
            foot = self.closed_button.sizeHint().width() + self.slip_button.sizeHint().width() + look.gap(34)
            self.slip_button.set_icon_only(foot > wide)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_list_and_detail()

    # -- acts --------------------------------------------------------------------------------------------------------

    @property
    def shown_case(self) -> ServiceDocument | None:
        return self.controller.found.shown if self.controller.found is not None else None

    def ask_new_case(self) -> None:
        self.opening.ask_to_open_case()

    def ask_case_for_rating(self) -> None:
        """Ask whether a low rating becomes a case: the newest, then the next one when that was left."""
        if low := self._low_ratings_in_order():
            self._asked_low = low[0]
            self.opening.ask_case_for_rating(*low[0])

    def _low_ratings_in_order(self) -> list[Low]:
        found = self.controller.found.low if self.controller.found is not None else []
        named = [(one["ticket"], date.fromisoformat(one["date"])) for one in found]
        return sorted(named, key=lambda one: self._left_low.get(one, 0))

    def _skip_low_rating(self) -> None:
        if self._asked_low is not None:
            self._left_low[self._asked_low] = max(self._left_low.values(), default=0) + 1
            self._asked_low = None
            self._show_list()

    def ask_next_step(self) -> None:
        """Ask what the next step needs, and take it."""
        case = self.shown_case
        if case is None or self._asked is not None or self.controller.busy:
            return
        self._open_step_dialog(
            case_texts.next_step_dialog(self.host_widget, self._look, case),
            partial(self.controller.take_next_step, case),
        )

    def _record_unanswered_call(self) -> None:
        if self.shown_case is not None:
            self.controller.take_case_step("call-back", self.shown_case["number"], reached=False)

    def open_case_menu(self) -> None:
        case = self.shown_case
        if case is None or self.detail.isHidden():
            return
        entries: list[tuple[str, Callable[[], object]]] = []
        if self._refusal_to_act(case) is None:
            if case["next"]:
                entries.append((_("Assign it to somebody else"), self._ask_case_owner))
                entries.append((_("Note or change the contact"), self._ask_case_contact))
            entries.append((_("Write a note"), self._ask_case_note))
            entries.append((_("Cite a ticket or a figure …"), self._ask_case_citation))
            if self.forgetting.may_delete_words and _has_deletable_words(case):
                entries.append((_("Delete these words …"), self._ask_to_forget_words))
        found = self.controller.found
        if found is not None and found.ticket is not None:
            entries.append(
                (_("Copy the bookmarks for the video recorder"), partial(self.copy_video_bookmarks, found.ticket))
            )
        if entries:
            self.open_menu(self.detail.more, entries)

    def _ask_to_forget_words(self) -> None:
        if (case := self.shown_case) is not None:
            self.forgetting.ask_words_deletion(case["number"], case["title"])

    def open_overdue_slip(self) -> None:
        """Show the slip that reminds owners of what is overdue, before it is printed."""
        cases_controller.render_and_show_overdue_slip(
            self.slip, self._look.px(case_texts.SLIP_WIDTH) * self.devicePixelRatioF(), self._open_overdue_slip_dialog
        )

    def _open_overdue_slip_dialog(self, pages: list[Any]) -> None:
        dialog = case_texts.OverdueCasesSlipDialog(self.host_widget, self._look, pages)
        dialog.printing.connect(partial(self._save_or_print_slip, send=True))
        dialog.saving.connect(partial(self._save_or_print_slip, send=False))
        dialog.refused.connect(self._forget_dialog)
        self._asked = dialog
        dialog.open_dialog()

    def _save_or_print_slip(self, *, send: bool) -> None:
        if self._asked is not None:
            self._asked.refuse()
        cases_controller.save_or_print_overdue_slip(self.slip, send=send)

    def stop(self) -> None:
        self.slip.stop()

    def state_to_restore(self) -> tuple[Any, ...]:
        return self._number, self._filter, self._shows_detail, self._left_low

    def restore_state(self, left: tuple[Any, ...]) -> None:
        self._number, self._filter, self._shows_detail, self._left_low = left
        self._show_list()
        self._show_detail()

    def _ask_case_owner(self) -> None:
        case = self.shown_case
        if case is None:
            return
        people = [
            code for code in self.controller.possible_owners(tuple(case.get("concerns", ()))) if code != case["owner"]
        ]
        owners = {code: staff_name(self._hall_setup, code) for code in people}
        form = RecordFormSpec(
            title=lambda: _("Assign case {number} to", number=case["number"]),
            rows=((prefilled_input_spec("owner", _("Owner", context="case"), choices=owners, needed=False),),),
            yes=lambda: _("Assign it"),
            no=leave_it_label,
        )
        self._ask_with_form(form, lambda said: self.controller.take_case_step("owner", case["number"], **said))

    def _ask_case_contact(self) -> None:
        case = self.shown_case
        if case is None:
            return
        form = RecordFormSpec(
            title=lambda: _("Contact of case {number}", number=case["number"]),
            effect=lambda: _(
                "Only what the customer agrees to. It is deleted ninety days after the case; empty: there is none."
            ),
            rows=(
                (prefilled_input_spec("contact", _("Phone or e-mail"), needed=False),),
                (prefilled_input_spec("name", _("Customer's name"), needed=False),),
            ),
            yes=lambda: _("Keep it"),
            no=leave_it_label,
        )
        self._ask_with_form(form, lambda said: self.controller.take_case_step("set-contact", case["number"], **said))

    def _ask_case_note(self) -> None:
        case = self.shown_case
        if case is None:
            return
        dialog = case_texts.case_note_dialog(self.host_widget, self._look, case["number"])
        self._open_step_dialog(dialog, lambda said: self.controller.take_case_step("note", case["number"], **said))

    def _ask_case_citation(self) -> None:
        case = self.shown_case
        if case is None:
            return
        day = date.fromisoformat(case["date"] or case["opened"][:10])
        form = citation_form(self._hall_setup, number=case["number"], label=case["ticket"] or "", day=day)
        self._ask_with_form(form, partial(self._cite_ticket_or_figure, case["number"]))

    def _cite_ticket_or_figure(self, number: str, said: dict[str, Any]) -> None:
        if not said["what"]:
            label = imports.half_width_text(said["ticket"]).upper()
            self.controller.take_case_step("cite-ticket", number, label=label, day=said["day"])
            return
        first, last = period_span_containing(said["span"], said["day"])
        if not is_view_path(said["what"]):
            # A month that is not over is cited as it stands.
            last = min(last, self.context.feed.business_date)
        self.controller.take_case_step("cite-figure", number, path=said["what"], first=first, last=last)

    def _open_citation(self, cites: ServiceDocument) -> None:
        """Show a cited ticket, figure, page or chart as it is now, with what it was then; its way back leads here."""
        if cites["what"] in CITED_VIEWS:
            page = CASES if is_rating_reasons_page(cites["name"]) else REPORTS
            self.place_wanted.emit(ButtonTarget(page, case=self._number, cites=cites))
            return
        first, last = (date.fromisoformat(cites[name]) for name in ("from", "to"))
        if cites["what"] == CITED_TICKET:
            self.behind_wanted.emit(
                figure_path_of_rating_conditions(((TICKET_OF_DAY, cites["name"]),)), first, last, cites["name"]
            )
            return
        value, title = figure_value_text(cites["name"], cites["value"]), cited_name(self._hall_setup, cites)
        if value:
            title += "\n" + _("{value} when cited", value=value)
        self.behind_wanted.emit(cites["name"], first, last, title)

    def _ask_pin(self, number: str, secret: str) -> None:
        dialog = case_texts.contact_pin_dialog(self.host_widget, self._look, secret)
        self._open_step_dialog(dialog, lambda said: self.controller.show_contact(number, said["pin"]))

    def copy_video_bookmarks(self, ticket: Ticket) -> None:
        """Put where to find a ticket in the video recorder's pictures on the clipboard."""
        QGuiApplication.clipboard().setText(case_texts.video_bookmarks_text(self._hall_setup, ticket))
        self.said.emit(_("Copied: ticket, window, from and to"), "check")

    def _open_ticket_story(self) -> None:
        case = self.shown_case
        if case is not None and case["ticket"]:
            self.place_wanted.emit(ButtonTarget(TICKETS, ticket=case["ticket"], day=date.fromisoformat(case["date"])))

    @property
    def dialog(self) -> Any:
        """The question that is open, if any."""
        return self._asked or self.opening.dialog

    # -- questions -----------------------------------------------------------------------------------------------------

    def _ask_with_form(self, form: RecordFormSpec, do: Callable[[dict[str, Any]], object]) -> None:
        self._open_step_dialog(RecordDialog(self.host_widget, self.context, form), do)

    def _open_step_dialog(self, dialog: Any, do: Callable[[dict[str, Any]], object]) -> None:
        self._asked = dialog
        dialog.wanted.connect(do)
        dialog.refused.connect(self._forget_dialog)
        dialog.open_dialog()

    def _forget_dialog(self) -> None:
        self._asked = None

    def _close_and_report_done(self, verb: str, document: ServiceDocument) -> None:
        if self._asked is not None:
            self._asked.close_dialog()
            self._asked = None
        self.banner.hide()
        if verb == "contact-shown":
            parts = [document.get("name"), document.get("contact")]
            self.detail.show_contact("  ".join(part for part in parts if part))
            return
        if "state" in document:
            state = quality_words.case_state_word(document["state"], reopened=document["reopened"] > 0)
            self.said.emit(_("Case {number}: {state}", number=document["number"], state=state), "check")
        self.controller.read_lists_and_case(self._number)

    def _show_new_case(self, number: str) -> None:
        self._number, self._filter = number, OPEN
        self.controller.read_lists_and_case(number)

    def _show_refusal(self, _verb: str, trouble: errors.QueueDeskError) -> None:
        if self._asked is not None:
            self._asked.show_trouble(trouble)
        else:
            self.show_warning(trouble)

    def keyPressEvent(self, event: Any) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.detail.act_button.isHidden():
            self.ask_next_step()
            return
        super().keyPressEvent(event)


def _has_deletable_words(case: ServiceDocument) -> bool:
    return bool(case.get("words")) or any(one["text"] for one in case["history"])
