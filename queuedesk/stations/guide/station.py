"""The front desk: its page chooses stage and rail and where presses and keys lead; features add record pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.features import AddedFrontDeskPart, load, used, uses
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import service_lines, set_up
from queuedesk.i18n import _, n_, said, say
from queuedesk.stations.acts.printer_choice import PrinterChoice
from queuedesk.stations.guide.controller import GuideController
from queuedesk.stations.guide.front_stage import MISSED, FrontStage, LinePage, is_letter
from queuedesk.stations.guide.head_and_rail import GuideTalk, HallRail, Head, PeopleCard
from queuedesk.stations.guide.texts import (
    Choice,
    Draft,
    Earlier,
    missed_rows,
    people_to_fetch,
    ticket_facts,
    waiting_head,
    waiting_rows,
)
from queuedesk.stations.guide.ticket.drafting import Drafting
from queuedesk.stations.guide.ticket.papers_stage import PapersStage, PrintRail
from queuedesk.stations.guide.ticket.printing import Slip
from queuedesk.stations.guide.ticket_stage import Acts, NumberStage, TicketStage, UnprintedSlip
from queuedesk.stations.talk.talk_controller import HELP_KEY, MESSAGE_KEY
from queuedesk.stations.talk.talking import Talking
from queuedesk.stations.widgets.panels import Panel
from queuedesk.stations.widgets.questions.scanner import Scanner
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.frame import MenuEntry, StationPage

if TYPE_CHECKING:
    from queuedesk.stations.manager.parts.record_page import RecordStage


class Host(Protocol):
    """What it needs of the front desk's view."""

    context: StationContext
    acts: Any

    @property
    def is_away(self) -> bool: ...
    def put_stage(self, stage: RecordStage) -> RecordStage: ...
    def show_stage(self, stage: QWidget) -> None: ...
    def show_front(self) -> None: ...
    def back(self) -> None: ...
    def now(self) -> datetime: ...


class RecordPart:
    """What the front desk has of a feature that is a page of records: no card in the rail, and the page on a stage.
    `page` is the reference of its specification, loaded when the page is first opened."""

    card = None

    def __init__(self, view: Host, feature: str, page: str) -> None:
        self._view, self._feature, self._page = view, feature, page

    @cached_property
    def stage(self) -> RecordStage:
        # A start waits for no page.
        from queuedesk.stations.manager.parts.record_page import RecordPage, RecordStage

        view = self._view
        page = RecordPage(view.context, load(self._page))
        stage = view.put_stage(RecordStage(page))
        page.said.connect(view.acts.say)
        stage.back_button.clicked.connect(view.back)
        self.set_away(view.is_away)
        return stage

    def open(self) -> None:
        self.stage.page.refresh(self._view.now())
        self._view.show_stage(self.stage)

    def refresh(self) -> None:
        """Refresh the visible stage; close it if the hall no longer uses the feature and no question is open."""
        if "stage" not in vars(self) or not self.stage.isVisible():
            return
        if uses(self._view.context.feed.setup.hall, self._feature) or self.stage.page.dialog is not None:
            self.stage.page.refresh(self._view.now())
        else:
            self._view.show_front()

    def has_stage(self, stage: QWidget | None) -> bool:
        return "stage" in vars(self) and self.stage is stage

    def set_away(self, away: bool) -> None:
        for button in self.stage.page.hall_acts if "stage" in vars(self) else ():
            button.set_held(away)


def guide_entries(
    find: Callable[[], None],
    added: Sequence[tuple[str, Callable[[], None]]],
    undo: Callable[[], None],
    print_quiet: Callable[[], None] | None,
    talking: Talking,
    *,
    enabled: bool,
) -> list[MenuEntry]:
    """Return the menu entries; only looking is possible while the hall's file is away."""
    return [
        MenuEntry(_("Find a ticket"), find, enabled=enabled),
        *(MenuEntry(name, open_it, enabled=enabled) for name, open_it in added),
        MenuEntry(_("Undo last"), undo, "Ctrl+Z", enabled=enabled),
        *([MenuEntry(_("Print quiet times"), print_quiet, enabled=enabled)] if print_quiet is not None else []),
        MenuEntry(_("Message", context="talk"), talking.open_message, MESSAGE_KEY, enabled=enabled),
        MenuEntry(_("Call for help"), talking.open_help, HELP_KEY, enabled=enabled),
        *talking.customer_entries(),
        *talking.own_entries(),
    ]


# -- the page ------------------------------------------------------------------------------------------------------


class AddedPart(Protocol):
    """What a feature has here: a card that stands in the rail, if any, and a stage that open() shows. It is made
    when the hall first uses it, and shows nothing once it no longer does."""

    @property
    def card(self) -> PeopleCard | None: ...
    def open(self) -> None: ...
    def refresh(self) -> None: ...
    def has_stage(self, stage: QWidget | None) -> bool: ...
    def set_away(self, away: bool) -> None: ...


RAIL_WIDTH, RAIL_SHARE = 416, 0.36
REFRESH_S = 5
SEEK_PRINTER_EVERY = timedelta(minutes=1)
P = TypeVar("P", bound=QWidget)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class GuideView(StationPage):
    """Four stages on the left (front, papers, a ticket or the whole line, a number to note), a rail on the right."""

    def __init__(self, context: StationContext, controller: GuideController, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        look = context.look
        self.controller = controller
        controller.setParent(self)
        self._away_since: datetime | None = None
        self._shown_at: datetime | None = None
        self._last_document: dict[str, object] = {}
        self._told_to_fetch: set[int | str] = set()
        self.added: dict[str, AddedPart] = {}
        self.head = Head(look, self.messages)
        self.stage, self.rail = QStackedWidget(), QStackedWidget()
        self.front = self._put(self.stage, FrontStage(look))
        self.hall_rail = self._put(self.rail, HallRail(look))
        self._build()
        self.acts = Acts(self, controller)
        self.talk = GuideTalk(self, self.head, self.hall_rail.cases, self.acts.say)
        self.scanner = Scanner(self)
        self.scanner.scanned.connect(self._scanned)
        self.unprinted = UnprintedSlip(lambda: self.number, controller, self.acts.say, self)
        self.printer_choice = PrinterChoice(self, context)
        self._connect()
        self._take_away(context.feed.away_since)
        self.refresh()
        self.show_front()
        self._printer_sought_at = context.clock()
        controller.look_for_printer()

    def anew(self) -> GuideView:
        return GuideView(self.context, self.controller)

    def left_as(self) -> tuple[Any, ...]:
        draft = self.drafting.left_as() if self.draft is not None else None
        shown = self.stage.currentWidget()
        label = self.ticket.facts.label if isinstance(shown, TicketStage) and self.ticket.facts is not None else ""
        line = (self.line.filter, self.line.is_wrong) if self._made("line") else ("", False)
        is_number = isinstance(shown, NumberStage)
        told = self.unprinted.left if is_number else None
        added = next((name for name, part in self.added.items() if part.has_stage(shown)), "")
        return type(shown), added, draft, label, line, told, self.front.search.text(), self._last_document

    def take_up(self, left: tuple[Any, ...]) -> None:
        stage, added, draft, label, (filter_, is_wrong), told, sought, self._last_document = left
        if draft is not None:
            self.drafting.take_up(draft)
        if is_wrong or stage is LinePage:
            self._show_line(filter_, wrong=is_wrong)
        if stage is PapersStage:
            self._show_papers()
        elif stage is TicketStage:
            self.show_ticket(label)
        elif added in self.added:
            self.added[added].open()
        elif stage is NumberStage and told is not None:
            self.unprinted.show(*told)
            self._show(self.number)
        elif stage is FrontStage:
            if self.draft is not None and self.drafting.adding:
                self.drafting.add()
            if sought:
                self._search(sought)

    # -- stages behind the first one, made when they are first shown: a start waits for none of them ---------------

    @staticmethod
    def _put(stack: QStackedWidget, part: P) -> P:
        part.setMinimumSize(1, 1)  # one that is not shown must not hold the window open
        stack.addWidget(part)
        return part

    def _made(self, *names: str) -> list[Any]:
        return [vars(self)[name] for name in names if name in vars(self)]

    @cached_property
    def drafting(self) -> Drafting:
        papers = self._put(self.stage, PapersStage(self.context.look))
        rail = self._put(self.rail, PrintRail(self.context.look))
        drafting = Drafting(self, self, self.controller, papers, rail)
        papers.back.connect(self.back)
        drafting.shown.connect(self._show_papers)
        drafting.left.connect(self.show_front)
        drafting.adding_began.connect(self._add)
        drafting.said.connect(self.acts.say)
        return drafting

    @property
    def papers(self) -> PapersStage:
        return self.drafting.papers

    @property
    def print_rail(self) -> PrintRail:
        return self.drafting.rail

    @cached_property
    def ticket(self) -> TicketStage:
        stage = self._put(self.stage, TicketStage(self.context.look))
        stage.back.connect(self.back)
        stage.acted.connect(self._act)
        stage.set_words(_("Back"), self.acts.words())
        return stage

    @cached_property
    def line(self) -> LinePage:
        stage = self._put(self.stage, LinePage(self.context.look))
        stage.back.connect(self.back)
        stage.ticket_chosen.connect(self.show_ticket)
        stage.redirect_wanted.connect(self.acts.ask_redirect)
        stage.reinstate_wanted.connect(self.controller.reinstate)
        return stage

    @cached_property
    def number(self) -> NumberStage:
        stage = self._put(self.stage, NumberStage(self.context.look))
        stage.done.connect(self.back)
        stage.again.connect(self.unprinted.print_again)
        return stage

    def put_stage(self, stage: P) -> P:
        return self._put(self.stage, stage)

    def _used_parts(self) -> list[tuple[AddedFrontDeskPart, AddedPart]]:
        """Return what the features have here that the hall uses, each made when it first does."""
        found = []
        for one in used(self.context.feed.setup.hall):
            if one.front_desk is None:
                continue
            if one.name not in self.added:
                self._add_part(one.name, one.front_desk)
            found.append((one.front_desk, self.added[one.name]))
        return found

    def _add_part(self, name: str, at: AddedFrontDeskPart) -> None:
        part: AddedPart = RecordPart(self, name, at.page) if at.page else load(at.part)(self)
        self.added[name] = part
        if part.card is not None:
            self.hall_rail.add_card(part.card)

    def _build(self) -> None:
        look = self.context.look
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        row = QHBoxLayout()
        row.setSpacing(0)
        left, self._right = Panel(look, "paper"), Panel(look, "surface", edge="left")
        for ground, stack in ((left, self.stage), (self._right, self.rail)):
            inside = QVBoxLayout(ground)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.addWidget(stack)
        row.addWidget(left, 1)
        row.addWidget(self._right)
        column.addLayout(row, 1)
        look.changed.connect(self._fit)

    def _connect(self) -> None:
        feed, controller = self.context.feed, self.controller
        feed.changed.connect(self._changed)
        feed.replaced.connect(self.refresh)
        self.head.more_wanted.connect(self.menu_wanted)
        self.front.chosen.connect(self.choose)
        self.front.number_chosen.connect(self._found)
        self.front.undo_wanted.connect(self.acts.undo_by_key)
        self.head.help_wanted.connect(self.help_wanted)
        for left in (self.front.search_left, self.front.adding_left):
            left.connect(self.back)
        self.acts.offer_wanted.connect(self._ask_offer)
        controller.earlier_found.connect(self._take_earlier)
        self.hall_rail.to_fetch.acted.connect(controller.note_fetched)
        self.hall_rail.all_wanted.connect(self._show_line)
        self.hall_rail.missed_wanted.connect(self._show_missed)
        self.hall_rail.ticket_chosen.connect(self.show_ticket)
        self.hall_rail.reinstate_wanted.connect(controller.reinstate)
        self.hall_rail.find_button.clicked.connect(self.find_number)
        self.hall_rail.reprint_button.clicked.connect(self.acts.ask_reprint)
        self.hall_rail.redirect_button.clicked.connect(self._show_wrong)
        self.hall_rail.undo_button.clicked.connect(self.acts.ask_undo)
        controller.issued.connect(self._issued)
        controller.ticket_scanned.connect(self.show_ticket)
        controller.referred.connect(self.talk.talking.look_up)
        controller.not_printed.connect(self._not_printed)
        controller.printed.connect(self._printed)
        controller.quiet_printed.connect(self._quiet_printed)
        controller.refused.connect(self._refused)
        controller.printer_changed.connect(self.refresh)
        self.printer_choice.chosen.connect(controller.look_for_printer)
        self.printer_choice.said.connect(self.acts.say)

    # -- StationPage --------------------------------------------------------------------------------------------

    def tick(self, now: datetime) -> None:
        self.head.set_clock(set_up(self.state), now)
        if self._shown_at is None or abs((now - self._shown_at).total_seconds()) >= REFRESH_S:
            self.refresh()
        if self.controller.paper.has_none and now - self._printer_sought_at >= SEEK_PRINTER_EVERY:
            # Another station of this PC may have chosen one meanwhile.
            self._printer_sought_at = now
            self.controller.look_for_printer()

    def show_away(self, since: datetime | None) -> None:
        self._take_away(since)
        self.refresh()

    def _take_away(self, since: datetime | None) -> None:
        self._away_since = since
        parts: list[FrontStage | HallRail | AddedPart] = [self.front, self.hall_rail, *self.added.values()]
        for part in parts:
            part.set_away(since is not None)

    def take_outcome(self, event: Event) -> None:
        if event.kind in ("issue", "not-ready") and self.drafting.is_sent:
            self.show_front()
        self.controller.take_outcome(event)

    def forget_unanswered(self) -> None:
        self.drafting.forget_unanswered()

    def menu_entries(self) -> list[MenuEntry]:
        quiet = self.controller.print_quiet_hours if self.controller.paper.is_set_up else None
        added = [(said(at.name), part.open) for at, part in self._used_parts()]
        acts = (self.find_number, added, self.acts.ask_undo, quiet)
        own = guide_entries(*acts, self.talk.talking, enabled=self._away_since is None)
        return [*own, *self.printer_choice.menu_entries()]

    # -- what is shown ------------------------------------------------------------------------------------------

    @property
    def draft(self) -> Draft | None:
        return self.drafting.draft if self._made("drafting") else None

    @property
    def is_away(self) -> bool:
        return self._away_since is not None

    @property
    def state(self) -> HallState:
        return self.context.feed.state

    def now(self) -> datetime:
        """Return the time of the figures: the clock's, or that at which the hall's file went away."""
        return self._away_since or self.context.clock()

    def _changed(self, _events: object) -> None:
        self.refresh()

    def refresh(self) -> None:
        state, now = self.state, self.now()
        self._shown_at = self.context.clock()
        self.head.set_clock(set_up(state), self._shown_at)
        self._show_health()
        lines = service_lines(state, now)
        self.head.set_alert(self.context.feed, lines, now, self._away_since)
        self.front.refresh(state, lines, now)
        waiting, missed = waiting_rows(state, now), missed_rows(state, now)
        self.hall_rail.show_hall(
            head=waiting_head(set_up(state), len(waiting), self._away_since),
            missed_head=n_("{n} missed", "{n} missed", len(missed)),
            waiting=waiting,
            missed=missed,
        )
        for line in self._made("line"):
            line.refresh(state, now, away=self._away_since is not None)
        self._used_parts()
        for added in self.added.values():
            added.refresh()
        self._show_fetch()
        if self.draft is not None:
            self.drafting.refresh()
        if isinstance(shown := self.stage.currentWidget(), TicketStage) and shown.facts is not None:
            self.show_ticket(shown.facts.label)

    def _show_fetch(self) -> None:
        """Show who has to be fetched now; of who is new among them a sound and a line tell, whatever is shown here."""
        people = people_to_fetch(self.state, self.now())
        self.hall_rail.to_fetch.set_people(people)
        fresh = [one for one in people if one.key not in self._told_to_fetch]
        self._told_to_fetch = {one.key for one in people}
        if fresh and self.isVisible():
            self.controller.knock()
            said = fresh[0]
            self.acts.say(
                _("Please fetch {ticket}: {need}, {when}", ticket=said.head, need=said.first, when=said.second)
            )

    def _show_health(self) -> None:
        self.head.set_health(set_up(self.state), self.controller.paper, self.context.who)
        self.hall_rail.set_prints(self.controller.paper.is_set_up)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        self._take_keys()

    def stop(self) -> None:
        if not self.is_replaced:
            self.controller.paper.stop()
        self.scanner.stop()

    def _fit(self) -> None:
        self._right.setFixedWidth(min(self.context.look.px(RAIL_WIDTH), int(self.width() * RAIL_SHARE)))

    # -- going about --------------------------------------------------------------------------------------------

    def _show(self, stage: QWidget, rail: QWidget | None = None) -> None:
        self.stage.setCurrentWidget(stage)
        self.rail.setCurrentWidget(rail or self.hall_rail)
        self._take_keys()

    def _take_keys(self) -> None:
        """Let the keyboard speak to the search of a stage that has one, to the page elsewhere."""
        shown = self.stage.currentWidget()
        search = shown.focusProxy() if shown is not None else None
        listens = self if search is None else search
        listens.setFocus(Qt.FocusReason.MouseFocusReason)

    def show_front(self) -> None:
        for drafting in self._made("drafting"):
            drafting.clear()
        self._end_wrong()
        self.front.set_adding("")
        self.front.close_search()
        self._show(self.front)

    @property
    def _is_wrong(self) -> bool:
        return any(line.is_wrong for line in self._made("line"))

    def _end_wrong(self) -> None:
        for line in self._made("line"):
            line.is_wrong = False

    def choose(self, choice: Choice) -> None:
        """Show the papers of what the customer comes for, or put it on the ticket under way."""
        self._end_wrong()
        self.drafting.choose(choice)

    def _show_papers(self) -> None:
        self.front.set_adding("")
        self.front.close_search()
        self._show(self.papers, self.print_rail)

    def _add(self, title: str, taken: set[str]) -> None:
        self.front.set_adding(title, taken)
        self._show(self.front)

    def _take_earlier(self, earlier: Earlier) -> None:
        self.drafting.take_earlier(earlier)

    def _ask_offer(self, service: str, label: str) -> None:
        self.drafting.ask_offer_to(service, label)

    def _scanned(self, text: str) -> None:
        """A code read beside the papers is what the customer comes back for."""
        self.controller.take_code(text, link=isinstance(self.stage.currentWidget(), PapersStage))

    def show_ticket(self, label: str) -> None:
        ticket = self.controller.ticket(label)
        if ticket is None:
            self.show_front()
            return
        facts = ticket_facts(self.state, ticket, self.now(), self.controller.role)
        prints = self.controller.paper.is_set_up
        self.ticket.show_ticket(facts, away=self._away_since is not None, prints=prints)
        if not isinstance(self.stage.currentWidget(), TicketStage):
            self._end_wrong()
            self.front.close_search()
            self._show(self.ticket)

    def show_stage(self, stage: QWidget) -> None:
        self._end_wrong()
        self.front.close_search()
        self._show(stage)

    def find_number(self) -> None:
        self._search(pad=True)

    def _search(self, text: str = "", *, pad: bool = False) -> None:
        if self._is_wrong:
            self.front.set_wrong()
        self._show(self.front)
        self.front.open_search(text, pad=pad)

    def _found(self, label: str) -> None:
        if self._is_wrong:
            self._show_wrong()
            self.acts.ask_redirect(label)
        else:
            self.show_ticket(label)

    def _show_line(self, filter_: str = "", *, wrong: bool = False) -> None:
        self.line.open_line(filter_, wrong=wrong)
        self.refresh()
        self._show(self.line)

    def _show_missed(self) -> None:
        self._show_line(MISSED)

    def _show_wrong(self) -> None:
        self.front.set_adding("")
        self.front.close_search()
        self._show_line(wrong=True)

    def pages(self) -> Mapping[str, Callable[[], None]]:
        found = {"line": self._show_line, "missed": self._show_missed, "number": self.find_number}
        waiting = sorted(self.state.waiting(), key=lambda ticket: ticket.place)
        if waiting:
            found["ticket"] = partial(self.show_ticket, waiting[0].label)
        items = [(spec.code, item) for spec in set_up(self.state).services.values() for item in spec.items]
        if items:
            service, most = max(items, key=lambda one: len(one[1].papers))
            found["papers"] = partial(self.choose, Choice(service, most.code))
        return found | {at.key: part.open for at, part in self._used_parts()}

    def back(self) -> None:
        if self._is_wrong and self.stage.currentWidget() is self.front:
            self._show_wrong()
        elif self.draft is not None and not isinstance(self.stage.currentWidget(), PapersStage):
            self.drafting.show()
        else:
            self.show_front()

    # -- acts ---------------------------------------------------------------------------------------------------

    def _issued(self, document: dict[str, object]) -> None:
        self._last_document = document
        self.drafting.end()

    def _printed(self, slip: Slip) -> None:
        if isinstance(self.stage.currentWidget(), NumberStage) and self.unprinted.is_of(slip):
            self.back()
        self.acts.say_printed(slip)

    def _quiet_printed(self) -> None:
        self.acts.say(_("Slip printed"), icon="print")

    def _not_printed(self, slip: Slip, trouble: QueueDeskError) -> None:
        self.acts.toast.dismiss()
        self.unprinted.show(slip, trouble, self._last_document)
        self._show(self.number)

    def _refused(self, verb: str, trouble: QueueDeskError) -> None:
        if not self.drafting.take_refusal(verb, trouble):
            self.acts.say(say(trouble), icon="warning")

    def _act(self, verb: str) -> None:
        if self.ticket.facts is not None:
            self.acts.do(verb, self.ticket.facts)

    # -- keys ---------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, stage = event.key(), self.stage.currentWidget()
        if key in _ENTER and isinstance(stage, PapersStage):
            self.drafting.print_ticket()
        elif (key in _ENTER and isinstance(stage, NumberStage)) or key == Qt.Key.Key_Escape:
            self.back()
        elif key == Qt.Key.Key_Z and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.acts.undo_by_key()
        elif is_letter(event):
            self._search(event.text())
        else:
            super().keyPressEvent(event)


ROLES = ("guide", "manager", "admin")


def build(context: StationContext) -> StationPage:
    return GuideView(context, GuideController(context))
