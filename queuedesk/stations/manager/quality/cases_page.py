"""Quality, cases: the list with its filters at the left, one case at the right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.figures import periods
from queuedesk.core.figures.periods import MONTH, PAGE, WEEK, YEAR, is_view, span_of
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.matching import has_words
from queuedesk.core.network.roles import Role
from queuedesk.core.quality.cited import CITED_TICKET, CITED_VIEWS, is_of_ratings
from queuedesk.core.quality.why import TICKET as TICKET_OF_DAY
from queuedesk.core.quality.why import path
from queuedesk.core.queue.ticket import Ticket
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, day_staff, listing, n_, time_hm
from queuedesk.i18n.figures.drilldown_words import cited_name, figure_name, figure_value
from queuedesk.i18n.moments import month_words
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.quality.case_words import quality_word, state_word
from queuedesk.stations.manager.pages import REPORTS, TICKETS
from queuedesk.stations.manager.parts.page import Act, Page, PageSpec
from queuedesk.stations.manager.parts.record_page import RecordDialog
from queuedesk.stations.manager.parts.records import DAY, Form, asked_now
from queuedesk.stations.manager.quality.case_detail import CaseDetail
from queuedesk.stations.manager.quality.case_texts import (
    SLIP_WIDTH,
    CaseList,
    CaseOpening,
    SlipDialog,
    bookmarks,
    case_row,
    note_dialog,
    pin_dialog,
    step_dialog,
)
from queuedesk.stations.manager.quality.cases_controller import CasesController, SlipController
from queuedesk.stations.manager.quality.forgetting import WordsForgetting
from queuedesk.stations.manager.today.alert_words import CASES, Place
from queuedesk.stations.widgets.buttons import AccentButton, FilterPill, SecondaryButton, TextButton
from queuedesk.stations.widgets.panels import EmptyCard, EmptyState, Panel, Rule, spread
from queuedesk.stations.widgets.questions.dialogs import SearchField
from queuedesk.stations.window.context import ServiceDocument

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


def leave_it() -> str:
    return _("Leave it", context="case")


def cite_form(setup: Setup, *, number: str, label: str, day: date) -> Form:
    """Return the question for the ticket or figure that a case cites: a ticket of `label`, of `day`, until another is
    typed. Other figures are cited from their own page."""
    what = {"": _("A ticket"), **{path: figure_name(path, setup) for path in CITABLE}}
    spans = {periods.DAY: _("Of this day"), WEEK: _("Of its week"), MONTH: _("Of its month"), YEAR: _("Of its year")}
    return Form(
        title=lambda: _("What does case {number} cite?", number=number),
        effect=lambda: _("Any other figure, chart or page: press “Cite …” next to it."),
        rows=(
            (asked_now("what", _("Ticket or figure"), choices=what, needed=False),),
            (
                asked_now("ticket", _("Ticket"), label, needed=False, shown_if=lambda said: not said["what"]),
                asked_now("span", _("Of when"), MONTH, choices=spans, shown_if=lambda said: bool(said["what"])),
                asked_now("day", _("Date"), day.isoformat(), kind=DAY),
            ),
        ),
        yes=lambda: _("Cite it"),
        no=leave_it,
    )


class CasesPage(Page):
    """`place_wanted` leads to a case's ticket, `behind_wanted` to what it cites."""

    place_wanted = Signal(object)
    behind_wanted = Signal(str, object, object, str)

    def __init__(self, controller: CasesController, parent: QWidget | None = None) -> None:
        spec = PageSpec(
            title=lambda: quality_word(controller.context.feed.setup.hall),
            line=self._line,
            acts=[Act(text=lambda: _("New case"), do=self.ask_new, icon="plus", changes_hall=True)],
            foot=0,
        )
        context = self.context = controller.context
        super().__init__(context.look, spec, parent)
        look, self.controller = context.look, controller
        self._number, self._filter = "", OPEN
        self._asked: Any = None
        self._asked_low: Low | None = None
        self._left_low: dict[Low, int] = {}
        self.opening = CaseOpening(context, lambda: self.host, self)
        self._shows_detail = False
        self.pills = {key: FilterPill(look, "") for key in (OPEN, OVERDUE, MINE)}
        self.low_button = AccentButton(look, "", icon="star", height=56, px=16)
        self.closed_button = TextButton(look, "", trailing="arrow-right", height=44, px=15)
        self.slip = SlipController(context, self)
        self.forgetting = WordsForgetting(context, self, lambda: controller.look(self._number))
        self.slip_button = SecondaryButton(look, _("Overdue slip"), icon="print", height=44, px=15)
        self.search = SearchField(look, height=44, px=16)
        self.search.set_texts(_("Number, words, owner"))
        self.list = CaseList(look)
        self.list.setAccessibleName(_("Cases"))
        self._empty = EmptyState(look, "star")
        self._nothing = EmptyCard(look, self._empty, bare=True)
        self.detail = CaseDetail(look)
        self._build()
        self.list.chosen.connect(self.show_case)
        self.search.typed.connect(lambda _text: self._show_list())
        for key, pill in self.pills.items():
            pill.clicked.connect(partial(self._pick, key))
        detail, controller = self.detail, self.controller
        detail.acted.connect(self.take_next_step)
        detail.vain.connect(self._note_vain)
        detail.story.connect(self._open_story)
        detail.contact.connect(lambda: controller.want_contact(self._number))
        detail.menu.connect(self.open_menu)
        detail.cited.connect(self._open_cited)
        detail.back.connect(self.leave_detail)
        self.low_button.clicked.connect(self.ask_about_rating)
        self.closed_button.clicked.connect(partial(self._pick, CLOSED))
        self.slip_button.clicked.connect(self.open_slip)
        self.slip.shown.connect(self._show_slip)
        self.follow_papers(self.slip, self.slip_button)
        self._empty.acted.connect(self.ask_new)
        self.opening.said.connect(self.said)
        self.opening.opened.connect(self._show_new)
        self.opening.left.connect(self._leave_low)
        controller.changed.connect(self._take)
        controller.done.connect(self._done)
        controller.refused.connect(self._refused)
        controller.pin_needed.connect(self._ask_pin)
        controller.busy_changed.connect(detail.act_button.set_busy)
        look.changed.connect(self._fit)
        self.hall_acts = (*self.hall_acts, detail.act_button, detail.vain_button)
        QShortcut(QKeySequence("Alt+M"), self).activated.connect(self.open_menu)
        QShortcut(QKeySequence("/"), self).activated.connect(self.search.edit.setFocus)
        self._show_list()
        self._show_detail()

    def _build(self) -> None:
        look, split = self._look, QHBoxLayout()
        split.setContentsMargins(0, 0, 0, 0)
        split.setSpacing(0)
        self.left = Panel(look, "surface", edge="right")
        column = QVBoxLayout(self.left)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        head = QVBoxLayout()
        spread(look, head, (16, 10, 16, 10), 8)
        row = self._pills = QHBoxLayout()
        spread(look, row, spacing=8)
        for pill in self.pills.values():
            pill.setCheckable(True)
            row.addWidget(pill)
        row.addStretch(1)
        head.addLayout(row)
        head.addWidget(self.search)
        column.addLayout(head)
        column.addWidget(Rule(look))
        column.addWidget(self.list, 1)
        column.addWidget(self._nothing, 1)
        column.addWidget(Rule(look))
        foot = QHBoxLayout()
        spread(look, foot, (12, 8, 12, 8), 8)
        foot.addWidget(self.closed_button)
        foot.addStretch(1)
        foot.addWidget(self.slip_button)
        self.low_button.hide()
        asked = QHBoxLayout()
        spread(look, asked, (16, 8, 16, 0), 0)
        asked.addWidget(self.low_button)
        column.addLayout(asked)
        column.addLayout(foot)
        split.addWidget(self.left)
        split.addWidget(self.detail, 1)
        self._nothing.hide()
        self.detail.hide()
        self.put(split, 1, inset=False, gap=0)

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def _setup(self) -> Setup:
        return self.context.feed.setup

    def _line(self) -> str:
        local = self._setup.local(self.context.clock())
        return _("{day} · {time} · deadlines count working days", day=day_staff(local.date()), time=time_hm(local))

    def refresh(self, now: datetime) -> None:
        """Read anew; what is shown stays until then."""
        self.head.set_line(self._line())
        self.controller.look(self._number)

    def show_case(self, number: object) -> None:
        """Read and show a case."""
        self._number, self._shows_detail = str(number), True
        self.list.select(self._number)
        self.controller.look(self._number)
        self._fit()

    def lead_to(self, number: str) -> None:
        """Show a case, or without a number those that are overdue."""
        self.search.edit.clear()
        self._pick(OPEN if number else OVERDUE)
        if number:
            self.show_case(number)

    def leave_detail(self) -> None:
        """Go back to the list, where there is room for one of both."""
        self._shows_detail = False
        self._fit()

    def _take(self) -> None:
        found = self.controller.found
        if found is not None and found.shown is not None and found.asked == self._number:
            self._number = found.shown["number"]
        self._show_list()
        self._show_detail()

    def _show_list(self) -> None:
        read = self.controller.found
        if read is None:
            return
        me = self.context.ask().who.name
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
        month = month_words(self.context.feed.day)
        self.closed_button.setText(n_("{n} closed in {month}", "{n} closed in {month}", len(read.closed), month=month))
        self.slip_button.setVisible(self.slip.can_print and bool(groups[OVERDUE]))
        low = self._low()
        self.low_button.setVisible(bool(low))
        if low:
            more, (label, day) = len(low) - 1, low[0]
            text = _("{ticket} rated low: open a case?", ticket=label)
            second = [] if day == self.context.feed.day else [day_staff(day)]
            second += [n_("{n} more", "{n} more", more, context="list")] if more else []
            self.low_button.setText(text)
            self.low_button.set_second(" · ".join(second))
            self.low_button.setAccessibleName(listing([text, *second]))
        rows = [case_row(self._setup, one) for one in groups[self._filter]]
        typed = self.search.text()
        rows = [row for row in rows if has_words(typed, row.spoken)]
        self.list.set_rows(rows)
        self.list.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        self.list.select(self._number)
        self._say_empty(typed)
        self._fit()

    def _say_empty(self, typed: str) -> None:
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
            self.detail.show_case(self._setup, read.shown, read.ticket, self._refusal(read.shown))
        self._fit()

    def _refusal(self, case: ServiceDocument) -> RuleError | None:
        """Return why who is here may not act on a case, None if that is allowed."""
        who = self.context.ask().who
        if who.name in case.get("concerns", ()):
            return RuleError("case_concerns", number=case["number"], staff=who.name)
        if who.name != case["owner"] and who.role not in (Role.MANAGER, Role.ADMIN, Role.CONSOLE):
            return RuleError("not_your_case", number=case["number"], owner=case["owner"])
        return None

    def _pick(self, key: str) -> None:
        self._filter = key
        self._show_list()

    def _fit(self) -> None:
        look = self._look
        alone = self.width() < look.px(ALONE_UNDER)
        has_case = self.shown is not None
        self.left.setVisible(not (alone and self._shows_detail and has_case))
        self.detail.setVisible(has_case and (not alone or self._shows_detail))
        self.detail.back_button.setVisible(alone)
        if alone or not has_case:
            self.left.setMinimumWidth(0)
            self.left.setMaximumWidth(16777215)
        else:
            wanted = look.wide(NARROW_LIST if self.width() < look.wide(NARROW_UNDER) else LIST_WIDTH)
            # Large letters widen what the filters say.
            wide = max(wanted, self._pills.sizeHint().width() + look.gap(34))
            self.left.setFixedWidth(wide)
            # The sign alone stands for the slip where the words beside it would be cut.
            self.slip_button.set_lone(False)
            foot = self.closed_button.sizeHint().width() + self.slip_button.sizeHint().width() + look.gap(34)
            self.slip_button.set_lone(foot > wide)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # -- acts --------------------------------------------------------------------------------------------------------

    @property
    def shown(self) -> ServiceDocument | None:
        return self.controller.found.shown if self.controller.found is not None else None

    def ask_new(self) -> None:
        """Ask what a new case is about."""
        self.opening.ask()

    def ask_about_rating(self) -> None:
        """Ask whether a low rating becomes a case: the newest, then the next one when that was left."""
        if low := self._low():
            self._asked_low = low[0]
            self.opening.ask_about_rating(*low[0])

    def _low(self) -> list[Low]:
        """Return the low ratings that ask for a case, those that were left behind the others."""
        found = self.controller.found.low if self.controller.found is not None else []
        named = [(one["ticket"], date.fromisoformat(one["date"])) for one in found]
        return sorted(named, key=lambda one: self._left_low.get(one, 0))

    def _leave_low(self) -> None:
        if self._asked_low is not None:
            self._left_low[self._asked_low] = max(self._left_low.values(), default=0) + 1
            self._asked_low = None
            self._show_list()

    def take_next_step(self) -> None:
        """Ask what the next step needs, and take it."""
        case = self.shown
        if case is None or self._asked is not None or self.controller.busy:
            return
        self._ask(step_dialog(self.host, self._look, case), partial(self.controller.take, case))

    def _note_vain(self) -> None:
        if self.shown is not None:
            self.controller.step("call-back", self.shown["number"], reached=False)

    def open_menu(self) -> None:
        """Offer everything that can be done with the case shown."""
        case = self.shown
        if case is None or self.detail.isHidden():
            return
        entries: list[tuple[str, Callable[[], object]]] = []
        if self._refusal(case) is None:
            if case["next"]:
                entries.append((_("Assign it to somebody else"), self._ask_owner))
                entries.append((_("Note or change the contact"), self._ask_contact))
            entries.append((_("Write a note"), self._ask_note))
            entries.append((_("Cite a ticket or a figure …"), self._ask_cited))
            if self.forgetting.may and _has_words(case):
                entries.append((_("Delete these words …"), self._ask_to_forget))
        found = self.controller.found
        if found is not None and found.ticket is not None:
            entries.append((_("Copy the bookmarks for the video recorder"), partial(self.copy_bookmarks, found.ticket)))
        if entries:
            self.pop(self.detail.more, entries)

    def _ask_to_forget(self) -> None:
        if (case := self.shown) is not None:
            self.forgetting.ask(case["number"], case["title"])

    def open_slip(self) -> None:
        """Show the slip that reminds owners of what is overdue, before it is printed."""
        self.slip.show(self._look.px(SLIP_WIDTH) * self.devicePixelRatioF())

    def _show_slip(self, pages: list[Any]) -> None:
        dialog = SlipDialog(self.host, self._look, pages)
        dialog.printing.connect(partial(self._make_slip, send=True))
        dialog.saving.connect(partial(self._make_slip, send=False))
        dialog.refused.connect(self._forget_dialog)
        self._asked = dialog
        dialog.open_dialog()

    def _make_slip(self, *, send: bool) -> None:
        if self._asked is not None:
            self._asked.refuse()
        self.slip.make(send=send)

    def stop(self) -> None:
        """Throw away what was made for the printer."""
        self.slip.stop()

    def left_as(self) -> tuple[Any, ...]:
        return self._number, self._filter, self._shows_detail, self._left_low

    def take_up(self, left: tuple[Any, ...]) -> None:
        self._number, self._filter, self._shows_detail, self._left_low = left
        self._show_list()
        self._show_detail()

    def _ask_owner(self) -> None:
        case = self.shown
        if case is None:
            return
        people = [code for code in self.controller.owners(tuple(case.get("concerns", ()))) if code != case["owner"]]
        owners = {code: staff_name(self._setup, code) for code in people}
        form = Form(
            title=lambda: _("Assign case {number} to", number=case["number"]),
            rows=((asked_now("owner", _("Owner", context="case"), choices=owners, needed=False),),),
            yes=lambda: _("Assign it"),
            no=leave_it,
        )
        self._ask_form(form, lambda said: self.controller.step("owner", case["number"], **said))

    def _ask_contact(self) -> None:
        case = self.shown
        if case is None:
            return
        form = Form(
            title=lambda: _("Contact of case {number}", number=case["number"]),
            effect=lambda: _(
                "Only what the customer agrees to. It is deleted ninety days after the case; empty: there is none."
            ),
            rows=(
                (asked_now("contact", _("Phone or e-mail"), needed=False),),
                (asked_now("name", _("Customer's name"), needed=False),),
            ),
            yes=lambda: _("Keep it"),
            no=leave_it,
        )
        self._ask_form(form, lambda said: self.controller.step("set-contact", case["number"], **said))

    def _ask_note(self) -> None:
        case = self.shown
        if case is None:
            return
        dialog = note_dialog(self.host, self._look, case["number"])
        self._ask(dialog, lambda said: self.controller.step("note", case["number"], **said))

    def _ask_cited(self) -> None:
        case = self.shown
        if case is None:
            return
        day = date.fromisoformat(case["date"] or case["opened"][:10])
        form = cite_form(self._setup, number=case["number"], label=case["ticket"] or "", day=day)
        self._ask_form(form, partial(self._cite, case["number"]))

    def _cite(self, number: str, said: dict[str, Any]) -> None:
        if not said["what"]:
            label = half_width(said["ticket"]).upper()
            self.controller.step("cite-ticket", number, label=label, day=said["day"])
            return
        first, last = span_of(said["span"], said["day"])
        if not is_view(said["what"]):
            # A month that is not over is cited as it stands.
            last = min(last, self.context.feed.day)
        self.controller.step("cite-figure", number, path=said["what"], first=first, last=last)

    def _open_cited(self, cites: ServiceDocument) -> None:
        """Show a cited ticket, figure, page or chart as it is now, with what it was then; its way back leads here."""
        if cites["what"] in CITED_VIEWS:
            page = CASES if is_of_ratings(cites["name"]) else REPORTS
            self.place_wanted.emit(Place(page, case=self._number, cites=cites))
            return
        first, last = (date.fromisoformat(cites[name]) for name in ("from", "to"))
        if cites["what"] == CITED_TICKET:
            self.behind_wanted.emit(path(((TICKET_OF_DAY, cites["name"]),)), first, last, cites["name"])
            return
        value, title = figure_value(cites["name"], cites["value"]), cited_name(self._setup, cites)
        if value:
            title += "\n" + _("{value} when cited", value=value)
        self.behind_wanted.emit(cites["name"], first, last, title)

    def _ask_pin(self, number: str) -> None:
        dialog = pin_dialog(self.host, self._look)
        self._ask(dialog, lambda said: self.controller.show_contact(number, said["pin"]))

    def copy_bookmarks(self, ticket: Ticket) -> None:
        """Put where to find a ticket in the video recorder's pictures on the clipboard."""
        QGuiApplication.clipboard().setText(bookmarks(self._setup, ticket))
        self.said.emit(_("Copied: ticket, window, from and to"), "check")

    def _open_story(self) -> None:
        case = self.shown
        if case is not None and case["ticket"]:
            self.place_wanted.emit(Place(TICKETS, ticket=case["ticket"], day=date.fromisoformat(case["date"])))

    @property
    def dialog(self) -> Any:
        """The question that is open, if any."""
        return self._asked or self.opening.dialog

    # -- questions -----------------------------------------------------------------------------------------------------

    def _ask_form(self, form: Form, do: Callable[[dict[str, Any]], object]) -> None:
        self._ask(RecordDialog(self.host, self.context, form), do)

    def _ask(self, dialog: Any, do: Callable[[dict[str, Any]], object]) -> None:
        self._asked = dialog
        dialog.wanted.connect(do)
        dialog.refused.connect(self._forget_dialog)
        dialog.open_dialog()

    def _forget_dialog(self) -> None:
        self._asked = None

    def _done(self, verb: str, document: ServiceDocument) -> None:
        if self._asked is not None:
            self._asked.close_dialog()
            self._asked = None
        self.banner.hide()
        if verb == "contact-shown":
            parts = [document.get("name"), document.get("contact")]
            self.detail.show_contact("  ".join(part for part in parts if part))
            return
        if "state" in document:
            state = state_word(document["state"], reopened=document["reopened"] > 0)
            self.said.emit(_("Case {number}: {state}", number=document["number"], state=state), "check")
        self.controller.look(self._number)

    def _show_new(self, number: str) -> None:
        self._number, self._filter = number, OPEN
        self.controller.look(number)

    def _refused(self, _verb: str, trouble: QueueDeskError) -> None:
        if self._asked is not None:
            self._asked.show_trouble(trouble)
        else:
            self.warn(trouble)

    def keyPressEvent(self, event: Any) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.detail.act_button.isHidden():
            self.take_next_step()
            return
        super().keyPressEvent(event)


def _has_words(case: ServiceDocument) -> bool:
    return bool(case.get("words")) or any(one["text"] for one in case["history"])
